"""Days and clocks of a community: pure arithmetic on "YYYY-MM-DD" and "YYYY-MM-DDTHH:MM".

Instants are stored in UTC; people read them on the clock of JINLIN_TIMEZONE. Everything that shows
or compares a day goes through `local` first and then works on text. Twin: web/phone/days.js.
"""

from datetime import date, datetime, timedelta
from functools import cache, lru_cache
from zoneinfo import ZoneInfo


def local(instant: str, timezone: str) -> str:
    """A stored instant on the wall clock of the timezone, to the minute; "" stays ""."""
    if not instant:
        return ""
    at = datetime.fromisoformat(instant).astimezone(_zone(timezone))
    return at.strftime("%Y-%m-%dT%H:%M")


def day(instant: str, timezone: str) -> str:
    """The calendar day of a stored instant; "" stays ""."""
    return local(instant, timezone)[:10]


@lru_cache(maxsize=4096)  # the same few days and intervals, for one door after another
def after(on: str, days: int) -> str:
    return (date.fromisoformat(on) + timedelta(days=days)).isoformat()


def between(earlier: str, later: str) -> int:
    """Whole days from one day to the other; negative when they are the wrong way round."""
    return (date.fromisoformat(later) - date.fromisoformat(earlier)).days


def weekday(on: str) -> int:
    """0 is Monday."""
    return date.fromisoformat(on).weekday()


def week_of(on: str) -> str:
    """The Monday of the week that `on` lies in."""
    return after(on, -weekday(on))


@cache
def _zone(timezone: str) -> ZoneInfo:
    return ZoneInfo(timezone)
