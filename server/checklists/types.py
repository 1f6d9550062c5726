"""What XLSForm calls a type and what it is here."""

import re
from typing import NamedTuple

# The words of XLSForm, its older words too.
PLAIN = {
    **{"integer": "int", "int": "int", "decimal": "decimal", "text": "text", "string": "text"},
    **{"date": "date", "note": "note", "calculate": "calculate", "image": "photo"},
    **{"photo": "photo", "add image prompt": "photo", "add photo prompt": "photo"},
}
WRITTEN = {
    **{"int": "integer", "decimal": "decimal", "text": "text", "date": "date", "note": "note"},
    **{"calculate": "calculate", "photo": "image"},
}
UNSUPPORTED = {
    *("geopoint", "geotrace", "geoshape", "audio", "video", "file", "barcode", "time"),
    *("datetime", "range", "rank", "acknowledge", "hidden", "xml-external", "csv-external"),
    *("background-audio", "start-geopoint", "background-geopoint", "audit", "start", "end"),
    *("today", "deviceid", "username", "phonenumber", "email", "simserial", "subscriberid"),
    *("imei", "instance", "osm", "trigger", "uuid", "select_one_from_file"),
    *("select_multiple_from_file", "select_one_external", "cascading_select"),
}
_SELECT = re.compile(
    r"^(?P<command>select_one|select one from|select one|select1|add select one prompt using"
    r"|select_multiple|select all that apply from|select all that apply"
    r"|add select multiple prompt using)(?: (?P<list>\S+))?(?P<other> (?:or_other|or other"
    r"|or specify other))?$",
    re.IGNORECASE,
)
_CONTROL = re.compile(
    r"^(?P<edge>begin|end)[ _](?P<what>group|repeat|lgroup|loop|looped group)(?: .*)?$",
    re.IGNORECASE,
)


class Kind(NamedTuple):
    """`edge` is "begin" or "end" of a group; `type` is one of ours, "" when there is none."""

    type: str = ""
    choices: str = ""
    other: bool = False
    edge: str = ""
    repeats: bool = False
    known: bool = True


def plainly(said: str) -> str:
    """A type as the standard's reader takes it: without capitals, but in the name of a list.

    That "or_other" is left out was told before.
    """
    said = " ".join(said.split())
    if select := _SELECT.match(said):
        return f"{select['command'].lower()} {select['list'] or ''}".strip()
    command, _, rest = said.partition(" ")
    is_whole = said.lower() in PLAIN or _CONTROL.match(said)
    return said.lower() if is_whole else f"{command.lower()} {rest}".strip()


def kind_of(said: str) -> Kind:
    said = " ".join(said.split())
    if control := _CONTROL.match(said):
        return Kind(edge=control["edge"].lower(), repeats=control["what"].lower() != "group")
    if select := _SELECT.match(said):
        command = select["command"].lower()
        many = "multiple" in command or "apply" in command
        return Kind("multi" if many else "one", select["list"] or "", bool(select["other"]))
    plain = said.lower()
    if plain in PLAIN:
        return Kind(PLAIN[plain], "")
    return Kind(known=plain in UNSUPPORTED or plain.split(" ", 1)[0] in UNSUPPORTED)
