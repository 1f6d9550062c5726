"""What a warning that somebody pasted from a chat group says, as far as it can be read.

Texts of weather stations follow one pattern: {台名}{年月日时分}{发布}{类型}{颜色}预警信号：
预计{几小时}内，{范围}…，请注意防范。防御指南：1.… A person looks over it before it counts.
"""

import re
from datetime import datetime, timedelta

from msgspec import Struct

from sync.alert_words import Signal, signals
from sync.numerals import half_width

MAX_TEXT = 10_000

_DATE = re.compile(r"(?:(?P<year>\d{4})[年/.-])?(?P<month>\d{1,2})[月/.-](?P<day>\d{1,2})日?")
CLOCK = re.compile(
    r"(?P<half>凌晨|早上|上午|中午|下午|傍晚|晚上|夜间)?\s*(?P<hour>\d{1,2})\s*[时点:]\s*"
    r"(?:(?P<minute>\d{1,2})分?|(?P<thirty>半))?"
)
_LATE = {"下午", "傍晚", "晚上", "夜间"}
STATION = re.compile(
    "(?:据|由|从|【)?(?P<name>[\u4e00-\u9fff]{2,20}?"
    "(?:气象台|气象局|气象站|气象中心|指挥部|管理局|应急局|供水公司|供电局))"
)
_EXPECTED = re.compile("(?:预计|预期)(?P<rest>.+)", re.DOTALL)
_HOURS = re.compile(r"(?:\d{1,2}\s*[-~至到]\s*)?(\d{1,2})\s*个?小时")
_UNTIL = re.compile(
    r"[至到](?:今[天日]|(?P<night>今晚)|(?P<next>明[天日])|(?P<day>\d{1,2})日)?"
    r"(?P<hour>\d{1,2})[时点:](?P<minute>\d{1,2})?"
)
_PLACE = "[\u4e00-\u9fff]{0,12}?(?:[省市区县镇乡村]|街道)"
_WHERE = re.compile(
    f"[,，\\s内](?P<area>{_PLACE}(?:[、和及]{_PLACE})*(?:大部分?地区|[部局]分?地区|全境)?)"
)
_GUIDE = re.compile(
    r"(?:防御指南|防御措施|防范措施|防范建议|温馨提示)\s*[:】\]]*\s*(?P<rest>.+)", re.DOTALL
)
_POINT = re.compile(r"(?:^|[;。\n])\s*(?:\d{1,2}[.、)](?!\d)|[(]\d{1,2}[)])\s*")
_DRILL = re.compile("演练|演习|测试")
_END = re.compile(
    r"[,。\s]*请(?:有关单位和|广大)?(?:人员|市民|居民)?(?:注意|做好)[^。]{0,12}防范[^。]{0,8}。?\s*$"
)


class Understood(Struct, frozen=True, kw_only=True):
    """What was read; an empty field was not found. Times are the community's: 2026-08-07T09:10."""

    signal: Signal | None = None
    others: tuple[Signal, ...] = ()  # further signals of the same text
    station: str = ""
    issued_at: str = ""
    ends_at: str = ""
    area: str = ""
    effect: str = ""  # what is expected
    guide: tuple[str, ...] = ()  # 防御指南, a point each
    is_drill: bool = False

    @property
    def missing(self) -> tuple[str, ...]:
        """Names of the fields that a person has to add before it can go out."""
        needed = ["signal", "station", "issued_at"]
        if self.signal is None or self.signal.action != "lift":
            needed += ["ends_at", "effect"]
        return tuple(name for name in needed if not getattr(self, name))


def understand(text: str, now: str) -> Understood:
    """Read a pasted text. `now` is the community's time of that moment: it gives missing dates."""
    plain = half_width(text[:MAX_TEXT])
    named = signals(plain)
    body, guide = _guide(plain)
    head, effect = _effect(body)
    issued_at = _issued(head, datetime.fromisoformat(now))
    station = STATION.search(head)
    where = _WHERE.search(f" {effect}")
    return Understood(
        signal=named[0] if named else None,
        others=tuple(named[1:]),
        station=station["name"] if station else "",
        issued_at=_text(issued_at),
        ends_at=_text(_ends(effect, issued_at)),
        area=where["area"] if where else "",
        effect=effect,
        guide=guide,
        is_drill=_DRILL.search(plain) is not None,
    )


def _text(moment: datetime | None) -> str:
    return moment.isoformat(timespec="minutes") if moment else ""


def _guide(text: str) -> tuple[str, tuple[str, ...]]:
    """The text before the 防御指南, and its points."""
    found = _GUIDE.search(text)
    if found is None:
        return text, ()
    points = (one.strip().strip(";。").strip() for one in _POINT.split(found["rest"]))
    return text[: found.start()], tuple(one for one in points if one)


def _effect(body: str) -> tuple[str, str]:
    """What comes before 预计, and what is expected."""
    found = _EXPECTED.search(body)
    if found is None:
        return body, ""
    return body[: found.start()], _END.sub("", found["rest"]).strip(" ,。:\n")


def _issued(head: str, now: datetime) -> datetime | None:
    day = _DATE.search(head)
    clock = CLOCK.search(head, day.end() if day else 0)
    if clock is None:
        return None
    date = now
    if day:
        date = (
            _moment(int(day["year"] or now.year), int(day["month"]), int(day["day"]), 0, 0) or now
        )
    hour, minute = int(clock["hour"]), 30 if clock["thirty"] else int(clock["minute"] or 0)
    if clock["half"] in _LATE and hour < 12:
        hour += 12
    found = _moment(date.year, date.month, date.day, hour, minute)
    if found is None:
        return None
    if not day and found > now + timedelta(hours=1):
        return found - timedelta(days=1)
    if day and not day["year"] and found > now + timedelta(days=30):
        return found.replace(year=found.year - 1)
    return found


def _ends(effect: str, issued_at: datetime | None) -> datetime | None:
    if issued_at is None:
        return None
    if hours := _HOURS.search(effect):
        return issued_at + timedelta(hours=int(hours[1]))
    until = _UNTIL.search(effect)
    if until is None:
        return None
    day, hour, minute = int(until["day"] or 0), int(until["hour"]), int(until["minute"] or 0)
    if until["night"] and hour < 12:
        hour += 12
    for later in range(1 if until["next"] else 0, 32):
        date = issued_at + timedelta(days=later)
        found = _moment(date.year, date.month, date.day, hour, minute)
        if found and found > issued_at and day in {0, date.day}:
            return found
    return None


def _moment(year: int, month: int, day: int, hour: int, minute: int) -> datetime | None:
    """None for what no calendar has. 24 o'clock is the next day's midnight."""
    later = timedelta(days=hour == 24)
    try:
        return datetime(year, month, day, hour % 24 if later else hour, minute) + later  # noqa: DTZ001
    except (ValueError, OverflowError):
        return None
