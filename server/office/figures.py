"""The figures of the overview, worked out from what the store read."""

from collections import Counter
from collections.abc import Container, Iterable, Mapping, Sequence
from typing import Any

from server.store.overview import Listed
from sync import days
from sync.care import RED_DAYS
from sync.months import Standing
from sync.plans import Festivals, due_of_person

SOON_DAYS = 7
MIN_COLUMNS, MAX_COLUMNS, ROWS = 5, 12, 3

# The curve's drawing area, in its own units.
LEFT, RIGHT, TOP, BOTTOM = 38, 326, 24, 176


def unseen(listed: Iterable[Listed], standings: Iterable[Standing]) -> list[Listed]:
    """Who counts in a month and was not reached in it."""
    ids = {one.resident_id for one in standings if not one.apart and not one.seen_on}
    return [one for one in listed if one.resident.id in ids]


def due_soon(
    listed: Iterable[Listed],
    counted: Container[str],
    intervals: Mapping[str, int],
    festivals: Festivals,
    today: str,
) -> dict[str, tuple[int, int]]:
    """By building: of `counted` who is due within a week and was not seen in the last one, and
    how many of them are late.

    Somebody who is seen every week is always due within a week; who was seen this week is no news.
    """
    until, since = days.after(today, SOON_DAYS), days.after(today, -SOON_DAYS)
    soon: Counter[str] = Counter()
    late: Counter[str] = Counter()
    for one in listed:
        person = one.resident
        if person.id not in counted:
            continue
        due_on = due_of_person(person, one.household, intervals, festivals, today).on
        seen_on = max(person.last_contact_on, one.household.door_contact_on)
        if due_on <= until and seen_on <= since:
            soon[person.building_id] += 1
            late[person.building_id] += int(due_on < today)
    return {building_id: (soon[building_id], late[building_id]) for building_id in soon}


def blocks(
    buildings: Iterable[Mapping[str, Any]], soon: Mapping[str, tuple[int, int]], many: int
) -> list[dict[str, Any]]:
    """Compounds in the order of the streets, each with its buildings as cells.

    A building stands out with `many` late ones.
    """
    compounds: dict[str, list[dict[str, Any]]] = {}
    for building in buildings:
        n, late = soon.get(building["id"], (0, 0))
        cell = {**building, "n": n, "late": late, "look": _look(n, late, many)}
        compounds.setdefault(building["compound"], []).append(cell)
    return [
        {
            "name": name,
            "grid_names": sorted({cell["grid_name"] for cell in cells if cell["grid_name"]}),
            "n": sum(cell["n"] for cell in cells),
            "columns": min(max(-(-len(cells) // ROWS), MIN_COLUMNS), MAX_COLUMNS),
            "cells": cells,
        }
        for name, cells in compounds.items()
    ]


def lateness(doors: Sequence[Mapping[str, Any]], today: str) -> dict[str, int]:
    """How many doors are late, how long the longest, how many of them weekly."""
    return {
        "doors": len(doors),
        "longest": max((days.between(one["due_on"], today) for one in doors), default=0),
        "weekly": sum(one["interval"] <= RED_DAYS for one in doors),
    }


def by_day(standings: Iterable[Standing], first: str, last: str) -> list[int]:
    """How many had been reached by the end of each day from `first` to `last`."""
    per_day = Counter(one.seen_on for one in standings if not one.apart)
    total = 0
    curve = []
    for n in range(days.between(first, last) + 1):
        total += per_day[days.after(first, n)]
        curve.append(total)
    return curve


def drawing(this_month: Sequence[int], last_month: Sequence[int], counted: int) -> dict[str, Any]:
    """The two curves as points of an SVG, with round lines to read them by."""
    top = max([counted, *this_month, *last_month, 1])
    step = _round_step(top)
    return {
        "now": _points(this_month, top),
        "before": _points(last_month, top),
        "at": (_x(len(this_month) - 1), _y(this_month[-1], top)) if this_month else (0, 0),
        "goal": _y(counted, top),
        "lines": [(value, _y(value, top)) for value in range(0, top + 1, step)],
        "days": [(day, _x(day - 1)) for day in (1, 8, 15, 22, 29)],
    }


def _look(n: int, late: int, many: int) -> str:
    if late >= many:
        return "2"
    return "1" if n else "0"


def _round_step(top: int) -> int:
    """A round distance between lines so that at most five fit."""
    for step in (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000):
        if top // step <= 4:
            return step
    return 10_000


def _points(curve: Sequence[int], top: int) -> str:
    return " ".join(f"{_x(day)},{_y(value, top)}" for day, value in enumerate(curve))


def _x(day: int) -> int:
    return round(LEFT + (RIGHT - LEFT) * day / 30)


def _y(value: int, top: int) -> int:
    return round(BOTTOM - (BOTTOM - TOP) * value / top)
