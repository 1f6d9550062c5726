"""When something is due: hours and days of the clock, hours and days on which the office works.

The day on which something comes in is never counted as one of its days. A day of a limit ends when
the office closes, and days of the calendar run on over weekends and holidays: a hazard does not
wait for the office. What is suspended keeps the time that was left to it, to the second.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from typing import NamedTuple
from zoneinfo import ZoneInfo

from sync import days, holidays
from sync.operations import stamp

WORKING_HOURS = (("09:00", "12:00"), ("14:00", "18:00"))
MAX_SPANS = 4
# How long "now" may take before somebody asks.
NOW = timedelta(minutes=10)
# A calendar without a day of work for so long is a mistake; what is due is due then.
_MAX_DAYS = 1100
_FRIDAY = 4
_LIMIT = re.compile("([1-9][0-9]{0,2})(wh|wd|h|d)")
_NOTHING = timedelta(0)


class Limit(NamedTuple):
    """`unit`: "now", "h" and "d" of the clock, "wh" and "wd" of the office."""

    amount: int
    unit: str


class Calendar(NamedTuple):
    """When an office works. `own`: whether a day is worked, as it decided itself."""

    timezone: str = "Asia/Shanghai"
    hours: Sequence[Sequence[str]] = WORKING_HOURS
    own: Mapping[str, bool] = {}


class Reminders(NamedTuple):
    """When the holder is reminded, "" for never, and when somebody above is told."""

    before_at: str
    climb_at: str


def limit_of(text: str) -> Limit | None:
    """What "4wh" says; None: nothing that can be read."""
    if text == "now":
        return Limit(0, "now")
    found = _LIMIT.fullmatch(text)
    return Limit(int(found[1]), found[2]) if found else None


def are_hours(hours: Sequence[Sequence[str]]) -> bool:
    """Whether these are spans of one day, one after the other."""
    clocks = [clock for span in hours for clock in span]
    return (
        0 < len(hours) <= MAX_SPANS
        and all(len(span) == 2 for span in hours)
        and all(earlier < later for earlier, later in pairwise(clocks))
    )


def due(since: str, limit: Limit, calendar: Calendar) -> str:
    """The instant until which something that came in at `since` has to be done."""
    at = datetime.fromisoformat(since)
    match limit.unit:
        case "now":
            return stamp(at + NOW)
        case "h":
            return stamp(at + timedelta(hours=limit.amount))
        case "wh":
            return stamp(_worked_on(at, timedelta(hours=limit.amount), calendar))
        case "wd":
            return closing(_nth_worked(_day(at, calendar), limit.amount, calendar), calendar)
    return closing(days.after(_day(at, calendar), limit.amount), calendar)


def closing(on: str, calendar: Calendar) -> str:
    """The instant at which the office closes on a day, worked or not: a new date lasts till it."""
    return stamp(_at(on, calendar.hours[-1][1], calendar))


def resumed(due_at: str, suspended_at: str, going_on_at: str, unit: str, calendar: Calendar) -> str:
    """When it is due that went on after a rest. What was overdue before stays overdue."""
    due, halted = datetime.fromisoformat(due_at), datetime.fromisoformat(suspended_at)
    again = max(halted, datetime.fromisoformat(going_on_at))
    if due <= halted:
        return due_at
    if unit not in ("wh", "wd"):
        return stamp(again + (due - halted))
    return stamp(_worked_on(again, _worked_between(halted, due, calendar), calendar))


def reminders(since: str, due_at: str, unit: str, calendar: Calendar) -> Reminders:
    """Hours: at half of them, and when half as much again is over. Days: as the last day of work
    before begins, and as the next day of work ends."""
    start, due = datetime.fromisoformat(since), datetime.fromisoformat(due_at)
    if unit in ("now", "h"):
        half = max(due - start, _NOTHING) / 2
        return Reminders("" if unit == "now" else stamp(start + half), stamp(due + half))
    climb_at = closing(holidays.next_worked(_day(due, calendar), calendar.own), calendar)
    if unit == "wh":
        half = _worked_between(start, due, calendar) / 2
        return Reminders(stamp(_worked_on(start, half, calendar)), climb_at)
    opening = _at(_worked_before(_day(due, calendar), calendar), calendar.hours[0][0], calendar)
    if opening <= start:
        opening = _at(_day(due, calendar), calendar.hours[0][0], calendar)
    return Reminders(stamp(opening) if start < opening < due else "", climb_at)


def is_worked(on: str, calendar: Calendar) -> bool:
    special = holidays.between(on, on, calendar.own).get(on)
    return special.worked if special else days.weekday(on) <= _FRIDAY


def _nth_worked(on: str, amount: int, calendar: Calendar) -> str:
    for _ in range(amount):
        on = holidays.next_worked(on, calendar.own)
    return on


def _worked_before(on: str, calendar: Calendar) -> str:
    for back in range(1, _MAX_DAYS):
        if is_worked(days.after(on, -back), calendar):
            return days.after(on, -back)
    return on


def _worked_on(at: datetime, lasting: timedelta, calendar: Calendar) -> datetime:
    """The moment at which so much was worked since `at`."""
    for begin, end in _spans(at, calendar):
        here = end - max(begin, at)
        if lasting <= here:
            return max(begin, at) + lasting
        lasting -= max(here, _NOTHING)
    return at + timedelta(days=_MAX_DAYS)


def _worked_between(first: datetime, last: datetime, calendar: Calendar) -> timedelta:
    total = _NOTHING
    for begin, end in _spans(first, calendar):
        if begin >= last:
            break
        total += max(min(end, last) - max(begin, first), _NOTHING)
    return total


def _spans(since: datetime, calendar: Calendar) -> Iterator[tuple[datetime, datetime]]:
    """When the office works, from the day of `since` on."""
    on = _day(since, calendar)
    for _ in range(_MAX_DAYS):
        if is_worked(on, calendar):
            for begin, end in calendar.hours:
                yield _at(on, begin, calendar), _at(on, end, calendar)
        on = days.after(on, 1)


def _day(at: datetime, calendar: Calendar) -> str:
    return at.astimezone(ZoneInfo(calendar.timezone)).date().isoformat()


def _at(on: str, clock: str, calendar: Calendar) -> datetime:
    wall = datetime.combine(
        date.fromisoformat(on), time.fromisoformat(clock), ZoneInfo(calendar.timezone)
    )
    return wall.astimezone(UTC)
