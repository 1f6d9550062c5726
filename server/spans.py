"""Calendar days of the community as stretches of stored instants."""

from datetime import date, datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from sync.operations import stamp


class Span(NamedTuple):
    """Instants from `since` up to, but not at, `until`."""

    since: str
    until: str


def starts_at(on: str, timezone: str) -> str:
    """The instant at which a calendar day begins."""
    year, month, day = (int(part) for part in on.split("-"))
    return stamp(datetime(year, month, day, tzinfo=ZoneInfo(timezone)))


def of_days(first: str, last: str, timezone: str) -> Span:
    """From the beginning of the first day to the end of the last."""
    after = date.fromisoformat(last) + timedelta(days=1)
    return Span(starts_at(first, timezone), starts_at(after.isoformat(), timezone))


def month_before(first: str) -> str:
    """The first day of the month before the one that begins on `first`."""
    return (date.fromisoformat(first) - timedelta(days=1)).replace(day=1).isoformat()


def last_of_month(first: str) -> str:
    start = date.fromisoformat(first)
    following = (start + timedelta(days=31)).replace(day=1)
    return (following - timedelta(days=1)).isoformat()
