"""What a warning says on phones and in messages: its title and its texts, from what it is."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from msgspec.structs import replace

from sync.alert_records import Alert
from sync.alert_texts import DRILL, Facts, guide_of, name_of, say
from sync.operations import instant
from sync.records import Community


def worded(
    alert: Alert, community: Community, own: Mapping[str, Any] | None = None, closed_at: str = ""
) -> Alert:
    """A warning with its title and texts; `own` are the office's words for its kind and colour.

    With `closed_at` they say that it is over since then.
    """
    own = own or {}
    points = tuple(own.get("guide") or alert.guide or guide_of(alert.kind, alert.colour))
    facts = Facts(
        kind=alert.kind,
        colour=alert.colour,
        at=spoken(closed_at or alert.onset_at or alert.sent_at, community.timezone),
        area=alert.area,
        effect=alert.effect,
        guide=points,
        phone=community.office_phone,
        community=community.name,
        is_drill=bool(alert.is_drill),
        closes=bool(closed_at),
    )
    said = say(facts) if closed_at else say(facts, own.get("message", ""), own.get("short", ""))
    return replace(
        alert,
        title=title_of(alert.kind, alert.colour, bool(closed_at), bool(alert.is_drill)),
        message=said.message,
        short=said.short,
        guide=list(points),
    )


def title_of(kind: str, colour: str, closes: bool, is_drill: bool) -> str:
    return f"{DRILL if is_drill else ''}{'解除' if closes else ''}{name_of(kind, colour)}"


def spoken(at: str, timezone: str) -> str:
    """An instant as a clock of the community tells it: 8月7日9时10分."""
    read = instant(at)
    if read is None:
        return ""
    clock: datetime = read.astimezone(ZoneInfo(timezone))
    return f"{clock.month}月{clock.day}日{clock.hour}时{clock.minute}分"
