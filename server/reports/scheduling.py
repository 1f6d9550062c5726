"""When a report that is made by itself is due, and which days it then tells of."""

from collections.abc import Iterator

from server import spans
from server.reports.definition import MONTH, WEEK
from server.store.schedules import Schedule
from sync import days

WEEKDAYS = "一二三四五六日"
LAST_OF_ALL_MONTHS = 28
# A server that was off is forgiven so many days.
CAUGHT_UP = 62


def due_days(schedule: Schedule, today: str) -> list[str]:
    """The days up to today on which it was to be made, oldest first."""
    since = max(schedule.since, days.after(today, -CAUGHT_UP))
    return [on for on in _between(since, today) if _is_day(schedule, on)]


def next_day(schedule: Schedule, today: str) -> str:
    """When it is due next, not today."""
    return next(on for on in _between(today, days.after(today, 31)) if _is_day(schedule, on))


def span_before(kind: str, on: str) -> tuple[str, str]:
    """The whole week or calendar month before the one that a day lies in."""
    if kind == WEEK:
        last = days.after(days.week_of(on), -1)
        return days.after(last, -6), last
    first = spans.month_before(f"{on[:7]}-01")
    return first, spans.last_of_month(first)


def said(kind: str, day: int) -> str:
    """When, in words."""
    return f"每月 {day} 号" if kind == MONTH else f"每周{WEEKDAYS[day - 1]}"


def days_of(kind: str) -> range:
    return range(1, LAST_OF_ALL_MONTHS + 1) if kind == MONTH else range(1, len(WEEKDAYS) + 1)


def _between(since: str, until: str) -> Iterator[str]:
    for number in range(1, days.between(since, until) + 1):
        yield days.after(since, number)


def _is_day(schedule: Schedule, on: str) -> bool:
    if schedule.kind == MONTH:
        return int(on[8:]) == schedule.day
    return days.weekday(on) + 1 == schedule.day
