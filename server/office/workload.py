"""What is due against what people can do: counted, and never compared between people."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import Any, NamedTuple

from sync import days
from sync.holidays import Day

SOON, LATER = 7, 31
SPANS = (SOON, LATER)


class Load(NamedTuple):
    """Contacts that a span of days asks for: all, those at the door, those by telephone only."""

    contacts: int
    at_door: int
    by_phone: int


def contacts(door: Mapping[str, Any], today: str, span: int) -> int:
    """How often a door is due until the last of so many days, today being the first."""
    left = span - 1 - max(days.between(today, door["due_on"]), 0)
    return 0 if left < 0 else 1 + left // max(door["interval"], 1)


def load(doors: Iterable[Mapping[str, Any]], today: str, span: int) -> Load:
    found: dict[str, int] = defaultdict(int)
    for door in doors:
        found[door["due_method"]] += contacts(door, today, span)
    return Load(sum(found.values()), found["door"], found["phone"])


def carers(holders: Sequence[Mapping[str, Any]]) -> dict[str, Mapping[str, Any]]:
    """Who goes to each building as a rule: its worker, else the chief of the grid."""
    found: dict[str, Mapping[str, Any]] = {}
    for one in holders:
        found.setdefault(one["building_id"], one)
    return found


def workdays(
    today: str,
    span: int,
    away: Sequence[tuple[str, str]] = (),
    special: Mapping[str, Day] = MappingProxyType({}),
) -> int:
    """Days of work among the next ones: no weekends or holidays, but days worked for them, and none
    of a leave."""
    coming = [days.after(today, n) for n in range(span)]
    off = {day for day in coming for first, last in away if first <= day <= last}
    return sum(_is_worked(day, special) for day in coming if day not in off)


def _is_worked(day: str, special: Mapping[str, Day]) -> bool:
    return special[day].worked if day in special else days.weekday(day) < 5


def lines(groups: Mapping[str, list[Mapping[str, Any]]], today: str) -> dict[str, list[Load]]:
    """For each group of doors what both spans ask for."""
    return {key: [load(doors, today, span) for span in SPANS] for key, doors in groups.items()}


def grouped(doors: Iterable[Mapping[str, Any]], key: str) -> dict[str, list[Mapping[str, Any]]]:
    found: dict[str, list[Mapping[str, Any]]] = {}
    for door in doors:
        found.setdefault(door[key], []).append(door)
    return found
