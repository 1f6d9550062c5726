"""Days off for everybody, and days of a weekend that are worked instead.

By the rules for public holidays as they hold since 2025, and for a year whose notice of the State
Council is known (国务院办公厅关于部分节假日安排的通知) by that. Spring, Dragon Boat and Mid-Autumn
are known as far as the table of festivals reaches, Qingming for this century. A community's own
days, as its office set them, come before all.
"""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import NamedTuple

from sync import days, festivals

OWN = "own"
_FRIDAY = 4
NAMES = ("new_year", "spring", "qingming", "labour", "dragon_boat", "mid_autumn", "national")


class Day(NamedTuple):
    """A day that is not what its place in the week says. `name` is of a holiday, or OWN."""

    worked: bool
    name: str


# Days off as (name, first, last), and the days that are worked for them.
_NOTICES: Mapping[int, tuple[Sequence[tuple[str, str, str]], Sequence[str]]] = {
    2026: (
        (
            ("new_year", "01-01", "01-03"),
            ("spring", "02-15", "02-23"),
            ("qingming", "04-04", "04-06"),
            ("labour", "05-01", "05-05"),
            ("dragon_boat", "06-19", "06-21"),
            ("mid_autumn", "09-25", "09-27"),
            ("national", "10-01", "10-07"),
        ),
        ("01-04", "02-14", "02-28", "05-09", "09-20", "10-10"),
    ),
}


def between(first: str, last: str, own: Mapping[str, bool]) -> dict[str, Day]:
    """The special ones of these days in their order. `own`: whether a day is worked."""
    found: dict[str, Day] = {}
    for year in range(int(first[:4]), int(last[:4]) + 1):
        found |= _of_year(year)
    found |= {on: Day(worked, OWN) for on, worked in own.items()}
    return {on: found[on] for on in sorted(found) if first <= on <= last}


def next_worked(on: str, own: Mapping[str, bool]) -> str:
    """The first day after this one on which an office works."""
    while True:
        on = days.after(on, 1)
        special = between(on, on, own).get(on)
        if special.worked if special else days.weekday(on) <= _FRIDAY:
            return on


def is_announced(year: int) -> bool:
    """Whether the notice of a year is known; else its days are those of the rules alone."""
    return year in _NOTICES


@cache
def _of_year(year: int) -> Mapping[str, Day]:
    if year not in _NOTICES:
        return _by_rule(year)
    off, worked = _NOTICES[year]
    found = {f"{year}-{on}": Day(worked=True, name="") for on in worked}
    for name, first, last in off:
        length = days.between(f"{year}-{first}", f"{year}-{last}") + 1
        found |= dict.fromkeys(_run(f"{year}-{first}", length), Day(worked=False, name=name))
    return found


def _by_rule(year: int) -> Mapping[str, Day]:
    """One that falls on a weekend or on another is made up for on the next day of work."""
    found: dict[str, Day] = {}
    lacking: list[tuple[str, str]] = []
    for name, first, length in _statutory(year):
        for on in _run(first, length):
            if on in found or days.weekday(on) > _FRIDAY:
                lacking.append((on, name))
            found.setdefault(on, Day(worked=False, name=name))
    for on, name in lacking:
        while on in found or days.weekday(on) > _FRIDAY:
            on = days.after(on, 1)
        found[on] = Day(worked=False, name=name)
    return found


def _statutory(year: int) -> list[tuple[str, str, int]]:
    """Name, first day and length, in the order of the year."""
    by_moon = {name: on for name, on in festivals.of_year(year) if name in NAMES}
    found = [
        ("new_year", f"{year}-01-01", 1),
        ("qingming", f"{year}-04-{_qingming(year):02}", 1),
        ("labour", f"{year}-05-01", 2),
        ("national", f"{year}-10-01", 3),
    ]
    for name, on in by_moon.items():
        eve_and_three = (name, days.after(on, -1), 4)
        found.append(eve_and_three if name == "spring" else (name, on, 1))
    return sorted(found, key=lambda one: one[1])


def _qingming(year: int) -> int:
    """The day of April when the sun is 15 degrees beyond the equinox: right from 2000 to 2099."""
    passed = year % 100
    return int(passed * 0.2422 + 4.81) - passed // 4


def _run(first: str, length: int) -> list[str]:
    return [days.after(first, n) for n in range(length)]
