"""What a message means to us: kind, colour, whether it ends a warning, from wherever it says so.

A title is believed before a code: aggregators mislabel codes. Colour before severity: the Chinese
services fill severity in by other tables.
"""

import re
from datetime import datetime, timedelta, tzinfo

from msgspec import Struct

from sync.alert_times import instant_of
from sync.alert_words import COLOURS, Signal, signals
from sync.alerts import Area, Info, Message, MsgType, Scope, Status
from sync.operations import within

# CMA's type codes 11Btt with a colour: 11B2003 or 11B20_yellow.
TYPES = {
    **{"01": "台风", "03": "暴雨", "04": "暴雪", "05": "寒潮", "06": "大风", "07": "沙尘暴"},
    **{"09": "高温", "14": "雷电", "15": "冰雹", "16": "霜冻", "17": "大雾", "19": "霾"},
    **{"20": "雷雨大风", "21": "道路结冰", "22": "干旱"},
}
_CODE = re.compile(r"11B(?P<type>\d\d)_?(?P<colour>0[1-4]|blue|yellow|orange|red)?", re.IGNORECASE)
_CODED = {"01": "blue", "02": "yellow", "03": "orange", "04": "red"}
_NAMED = re.compile(r"\b(white|blue|yellow|orange|red)\b", re.IGNORECASE)
_PAINTED = re.compile("([白蓝藍黄黃橙红紅])色")
_SAME = {"藍": "蓝", "黃": "黄", "紅": "红"}
SEVERITIES = {"Minor": "blue", "Moderate": "yellow", "Severe": "orange", "Extreme": "red"}
GRADES = {colour: grade for grade, colour in SEVERITIES.items()} | {"white": "Minor"}
# No sender's clock is further ahead.
AHEAD = timedelta(days=1)
# Best first; a language tag fits by its beginning.
LADDER = ("zh-cn", "zh-hans", "zh", "en", "")
# A title says it early; a document may hold one of two million characters.
MOST_TITLE, MOST_TEXT = 500, 10_000

Key = tuple[str, str]


class Sign(Struct, frozen=True, kw_only=True):
    """A message as the rules of incidents see it."""

    key: Key  # sender, identifier
    sent: datetime
    references: tuple[Key, ...] = ()
    kind: str = ""
    colour: str = ""  # of `sync.alert_words.RANK`
    action: str = "issue"
    closes: bool = False
    is_drill: bool = False  # Test, Exercise, Draft, System: never leaves the staff
    is_public: bool = True
    is_local: bool = False  # pasted or written here: it is about us, and another may confirm it
    areas: tuple[Area, ...] = ()
    onset: datetime | None = None
    expires: datetime | None = None


def sign_of(message: Message, zone: tzinfo, received_at: datetime) -> Sign:
    """Times that cannot be read are left out; a message without any was sent when it came, and so
    was one from the future: it would else be the last word for ever."""
    info = spoken(message.infos)
    signal = signal_of(info) if info else Signal(kind="", colour="", action="issue")
    key = (message.sender, message.identifier)
    sent = _moment(message.sent, zone) or received_at
    return Sign(
        key=key,
        sent=sent if sent <= received_at + AHEAD else received_at,
        references=tuple(dict.fromkeys(one for one in message.references if one != key)),
        kind=signal.kind,
        colour=signal.colour,
        action=signal.action,
        closes=_closes(message, signal),
        is_drill=message.status is not Status.ACTUAL,
        is_public=message.scope is Scope.PUBLIC,
        areas=tuple(area for one in message.infos for area in one.areas),
        onset=_earliest(message, "onset", zone),
        expires=_latest(message, "expires", zone),
    )


def spoken(infos: tuple[Info, ...]) -> Info | None:
    """The part in the language people here read best."""
    for tag in LADDER:
        for info in infos:
            if info.language.lower().replace("_", "-").startswith(tag):
                return info
    return None


def signal_of(info: Info) -> Signal:
    """Kind, colour and action of a part of a message; empty where it says none."""
    for text in (info.headline, info.event):
        if named := signals(text[:MOST_TITLE]):
            return named[0]
    for one in signals(info.description[:MOST_TEXT]):
        # A power cut's text may speak of the storm that caused it.
        if not info.event or info.event in one.kind or one.kind in info.event:
            return one
    kind, colour = _coded(info)
    action = "lift" if "解除" in info.headline else "issue"
    return Signal(
        kind=info.event or kind,
        colour=_painted(info) or colour or SEVERITIES.get(info.severity, ""),
        action=action,
    )


def _coded(info: Info) -> tuple[str, str]:
    for _, value in info.event_codes:
        if found := _CODE.fullmatch(value):
            colour = (found["colour"] or "").lower()
            return TYPES.get(found["type"], ""), _CODED.get(colour, colour)
    return "", ""


def _painted(info: Info) -> str:
    """A colour that a parameter names: awareness_level of MeteoAlarm, alert_color of Taiwan."""
    for name, value in info.parameters:
        if not re.search("colou?r|level", name, re.IGNORECASE):
            continue
        if found := _PAINTED.search(value):
            return COLOURS[_SAME.get(found[1], found[1])]
        if named := _NAMED.search(value):
            return named[1].lower()
    return ""


def _closes(message: Message, signal: Signal) -> bool:
    """Cancel, all parts all-clear, or a Chinese lifting. That urgency is Past ends nothing."""
    is_clear = bool(message.infos) and all(
        "AllClear" in info.response_types for info in message.infos
    )
    return message.msg_type is MsgType.CANCEL or is_clear or signal.action == "lift"


def _earliest(message: Message, name: str, zone: tzinfo) -> datetime | None:
    return min(_times(message, name, zone), default=None)


def _latest(message: Message, name: str, zone: tzinfo) -> datetime | None:
    """None, too, where one part has no end."""
    found = _times(message, name, zone)
    return max(found) if found and len(found) == len(message.infos) else None


def _times(message: Message, name: str, zone: tzinfo) -> list[datetime]:
    said = (_moment(getattr(info, name), zone) for info in message.infos)
    return [moment for moment in said if moment]


def _moment(text: str, zone: tzinfo) -> datetime | None:
    """What a sender means, as far as it can be counted with."""
    found = instant_of(text, zone)
    return within(found) if found else None
