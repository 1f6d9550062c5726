"""One warning as a vendor's JSON gives it, and the message it becomes."""

import hashlib
import re
from datetime import UTC, datetime, timedelta, timezone

from msgspec import Struct, structs

from server.alerts import vendor_codes
from server.alerts.cap_parts import Warnings
from sync.alert_signs import GRADES
from sync.alert_times import instant_of
from sync.alert_words import COLOUR_WORDS, Signal, signals
from sync.alerts import Area, Info, Message, MsgType, Scope, Status

BEIJING = timezone(timedelta(hours=8))
MOST_CHARACTERS = 20_000
TITLE, NAME = 500, 200

BY_CODE = {"update": MsgType.UPDATE, "cancel": MsgType.CANCEL}
BY_ACTION = {
    **{"continue": MsgType.UPDATE, "change": MsgType.UPDATE, "update": MsgType.UPDATE},
    **{"lift": MsgType.CANCEL},
}

# 附录A of the value rules: area of six digits, sector, unit; then Beijing time.
_NUMBERED = re.compile(r"(?P<area>\d{6})\d{8}_\d{8,14}")
_STATION = re.compile("[\u4e00-\u9fff]{2,30}?(?:气象[台局站]|气象中心|预警[^发]{0,6}发布中心)")
_PLACE = re.compile("(?P<place>.+?)(?:气象|突发|预警)")
_COMPACT_TIME = re.compile(r"(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)?")
_EPOCH = re.compile(r"\d{10}(?:\d{3})?(?:\.\d{1,6})?|1\.\d{1,12}[eE]\+?9")


class Item(Struct, frozen=True, kw_only=True):
    """A vendor's words; an empty one was not said."""

    vendor: str
    scheme: str = ""  # of its code, see `vendor_codes`
    id: str = ""
    sender: str = ""
    sent: str = ""
    title: str = ""
    text: str = ""
    instruction: str = ""
    criteria: str = ""
    kind: str = ""
    colour: str = ""
    code: str = ""
    act: str = ""  # alert, update or cancel where the vendor says so
    effective: str = ""
    onset: str = ""
    expires: str = ""
    earlier: tuple[str, ...] = ()  # ids of messages it takes the place of
    place: str = ""
    place_code: str = ""
    web: str = ""


class Hollow(Exception):
    """Why nothing can be made of an item, in the user's words."""


def message_of(item: Item) -> Message:
    """Raises Hollow for an item that names no kind of warning anywhere."""
    warnings = Warnings()
    item = structs.replace(
        item, title=item.title[:TITLE], sender=item.sender[:NAME], id=item.id[:NAME]
    )
    signal = _signal(item, warnings)
    sender = item.sender or _station(item) or item.vendor
    if not (item.sender or _station(item)):
        warnings.add("没有写发布单位。")
    times = {name: _time(item, name, warnings) for name in ("sent", "effective", "onset")}
    if not item.id:
        warnings.add("没有编号，按内容编了一个。")
    info = Info(
        language="zh-CN",
        event=signal.kind,
        categories=("Met",),
        urgency="Unknown",
        severity=GRADES.get(signal.colour, "Unknown"),
        certainty="Unknown",
        effective=times["effective"],
        onset=times["onset"],
        expires=_time(item, "expires", warnings),
        sender_name=sender,
        headline=item.title or _title(item, signal),
        description=item.text,
        instruction=item.instruction,
        web=item.web if item.web.startswith(("http://", "https://")) else "",
        event_codes=((item.vendor, item.code),) if item.code else (),
        parameters=_parameters(item, signal),
        areas=_areas(item, sender),
    )
    return Message(
        sender=sender,
        identifier=item.id or _digest(item),
        sent=times["sent"],
        status=_status(item),
        msg_type=_msg_type(item, signal),
        scope=Scope.PUBLIC,
        references=tuple((sender, one) for one in item.earlier if one != item.id),
        infos=(info,),
        warnings=warnings.all(),
    )


def _signal(item: Item, warnings: Warnings) -> Signal:
    """From the title, else from the text; what the code says only fills the gaps."""
    coded = vendor_codes.meaning(item.scheme, item.code)
    kind = item.kind or coded[0]
    colour = vendor_codes.colour(item.colour) or coded[1]
    named = signals(item.title) or signals(item.text[:500])
    if not item.title:
        warnings.add("没有标题，按其余内容写了一个。")
    if not item.text:
        warnings.add("没有正文。")
    if not named:
        if not kind:
            raise Hollow(
                "没有标题，也看不出是什么预警。" if not item.title else "看不出是什么预警。"
            )
        if not colour:
            warnings.add("没有写预警颜色。")
        return Signal(kind=kind, colour=colour, action="lift" if "解除" in item.title else "issue")
    told = named[0]
    if colour and colour != told.colour:
        said, coded_as = COLOUR_WORDS[told.colour], COLOUR_WORDS[colour]
        warnings.add(f"标题写的是{said}色，代码或字段却是{coded_as}色，以标题为准。")
    return told


def _title(item: Item, signal: Signal) -> str:
    colour = f"{COLOUR_WORDS[signal.colour]}色" if signal.colour else ""
    return f"{item.place}{signal.kind}{colour}预警"


def _station(item: Item) -> str:
    found = _STATION.search(item.title) or _STATION.match(item.text)
    return found[0] if found else ""


def _time(item: Item, name: str, warnings: Warnings) -> str:
    """In the standard's form; services in China mean Beijing time when they say no zone."""
    said = str(getattr(item, name)).strip()
    if not said:
        if name == "sent":
            warnings.add("没有写发布时间。")
        return ""
    moment = _moment(said)
    if moment is None:
        warnings.add(f"{name} 的时间“{said[:40]}”读不懂。")
        return said[:40]
    return moment.isoformat(timespec="seconds")


def _moment(said: str) -> datetime | None:
    if _EPOCH.fullmatch(said):
        seconds = float(said)
        return datetime.fromtimestamp(seconds / (1000 if seconds > 1e11 else 1), UTC).astimezone(
            BEIJING
        )
    if found := _COMPACT_TIME.fullmatch(said):
        year, month, day, hour, minute, second = (part or "00" for part in found.groups())
        said = f"{year}-{month}-{day} {hour}:{minute}:{second}"
    return instant_of(said, BEIJING)


def _parameters(item: Item, signal: Signal) -> tuple[tuple[str, str], ...]:
    said = (("colour", signal.colour), ("criteria", item.criteria))
    return (*((name, text) for name, text in said if text), ("source", item.vendor))


def _areas(item: Item, sender: str) -> tuple[Area, ...]:
    """Where it says so, or else the place whose station speaks."""
    named = _PLACE.match(sender)
    codes = []
    if item.place_code:
        codes.append(("adcode", item.place_code))
    elif numbered := _NUMBERED.match(item.id):
        codes.append(("identifier", numbered["area"]))
    place = item.place or (named["place"] if named else "")
    return (Area(description=place, geocodes=tuple(codes)),) if place or codes else ()


def _status(item: Item) -> Status:
    head = f"{item.title} {item.text[:20]}"
    if re.search("演练|演习", head):
        return Status.EXERCISE
    return Status.TEST if "测试" in head else Status.ACTUAL


def _msg_type(item: Item, signal: Signal) -> MsgType:
    """A lifting counts whoever says it: the field, or the title."""
    said = BY_CODE.get(item.act.lower(), MsgType.ALERT)
    told = BY_ACTION.get(signal.action, MsgType.ALERT)
    if MsgType.CANCEL in {said, told}:
        return MsgType.CANCEL
    return said if said is not MsgType.ALERT else told


def _digest(item: Item) -> str:
    whole = "\n".join((item.title, item.sent, item.text, item.place, item.code))
    return hashlib.sha256(whole.encode("utf-8", "surrogatepass")).hexdigest()[:32]
