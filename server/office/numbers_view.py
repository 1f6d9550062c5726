"""The numbers of a month as the page shows them: groups, the names behind them, the curve."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from server.office import kpis
from server.office.labels import named
from sync.care import SPECIAL_ELDER
from sync.months import Standing, Sum, total

GROUPS = {"grid": "按网格", "building": "按楼栋", "category": "按类别"}
SHOWS = {"unseen": "没见到的人", "seen": "见到的人", "apart": "另计的人", "all": "应访的人"}

# The curve's drawing area, in its own units.
LEFT, RIGHT, TOP, BOTTOM = 46, 980, 16, 150
# Round stretches of minutes from one line to the next.
MARKS = (2, 5, 10, 15, 30, 60, 120, 240, 480, 1440, 2880)


def summed(found: Iterable[Standing]) -> dict[str, Any]:
    """A sum with its shares in words of the page: per mille, -1 where there is nothing to share."""
    return _shares(total(found))


def groups(
    by: str, found: Iterable[Standing], buildings: Sequence[Mapping[str, Any]]
) -> list[dict[str, Any]]:
    """Each grid, building or category with its sum, in the order of the streets or of the words."""
    grids = {one["id"]: one["grid_name"] for one in buildings}
    parts: dict[str, list[Standing]] = defaultdict(list)
    for one in found:
        if by == "category":
            for category in SPECIAL_ELDER.intersection(one.categories):
                parts[category].append(one)
        else:
            parts[one.building_id if by == "building" else grids.get(one.building_id, "")].append(
                one
            )
    labels = {one["id"]: one["label"] for one in buildings}
    order = {
        "grid": list(dict.fromkeys(one["grid_name"] for one in buildings)),
        "building": [one["id"] for one in buildings],
        "category": sorted(SPECIAL_ELDER),
    }[by]
    return [
        {"key": key, "label": labels.get(key, key), **_shares(total(parts[key]))}
        for key in order
        if key in parts
    ]


def listed(
    found: Iterable[Standing],
    show: str,
    names: Mapping[str, Mapping[str, Any]],
    buildings: Sequence[Mapping[str, Any]],
) -> list[dict[str, Any]]:
    """The people behind a number, by building and door. Who left the roster has no name here."""
    order = {one["id"]: place for place, one in enumerate(buildings)}
    people = [
        {**names[one.resident_id], **one._asdict()}
        for one in found
        if _is_shown(one, show) and one.resident_id in names
    ]
    people.sort(key=lambda one: (order.get(one["building_id"], len(order)), one["label"]))
    return people


def _is_shown(one: Standing, show: str) -> bool:
    if show == "apart" or one.apart:
        return show == "apart" and bool(one.apart)
    return show == "all" or bool(one.seen_on) == (show == "seen")


def place_of(asked: Mapping[str, str], buildings: Iterable[Mapping[str, Any]]) -> str:
    """Which people are asked for, in words; "" for everybody."""
    labels = {one["id"]: one["label"] for one in buildings}
    words = [labels.get(asked.get("building", ""), ""), asked.get("grid", "")]
    words.append(named(asked.get("category", ""), "category"))
    return " · ".join(word for word in words if word)


def trend(
    kept: Iterable[Mapping[str, Any]], running: Sequence[Standing] | None, this_month: str
) -> list[dict[str, Any]]:
    """Month after month; the one that runs comes last."""
    found = [
        {**one, "rate": one["reached"] * 1000 // one["counted"] if one["counted"] else -1}
        for one in kept
        if one["month"] != this_month
    ]
    now = {"month": this_month, "counted_on": "", "counted": 0, "reached": 0, "rate": -1}
    if running is not None:
        here = total(running)
        now |= {"counted": here.counted, "reached": here.reached}
        now["rate"] = here.per_mille if here.counted else -1
    return [*found, now]


def drawing(months: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """The rates as points of an SVG, from the lowest round tenth below them up to all."""
    drawn = [one for one in months if one["rate"] >= 0]
    lowest = min((one["rate"] for one in drawn), default=0)
    floor = max(lowest // 100 * 100 - 100, 0)
    points = _points(drawn, "rate", floor, 1000)
    marks = range(floor, 1001, 100)
    return {
        "points": points,
        "line": _line(points),
        "lines": [(rate // 10, _height(rate, floor, 1000)) for rate in marks],
    }


def drawing_of_delays(months: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """How long the middle record took and the slowest but one in twenty, from nothing upwards."""
    drawn = [one for one in months if one["visits"]]
    longest = max((one["p95"] for one in drawn), default=0)
    mark = next((one for one in MARKS if one * 5 >= longest), longest // 5 + 1)
    points = _points(drawn, "p95", 0, mark * 5)
    return {
        "points": points,
        "line": _line(points),
        "middle": _line(_points(drawn, "median", 0, mark * 5)),
        "lines": [(n * mark, _height(n, 0, 5)) for n in range(6)],
    }


def _points(
    drawn: Sequence[Mapping[str, Any]], name: str, floor: int, top: int
) -> list[dict[str, Any]]:
    step = (RIGHT - LEFT) / max(len(drawn) - 1, 1)
    return [
        {"x": round(LEFT + step * place), "y": _height(one[name], floor, top), **one}
        for place, one in enumerate(drawn)
    ]


def _height(value: int, floor: int, top: int) -> int:
    return round(BOTTOM - (BOTTOM - TOP) * (value - floor) / (top - floor))


def _line(points: Iterable[Mapping[str, Any]]) -> str:
    return " ".join(f"{one['x']},{one['y']}" for one in points)


def _shares(one: Sum) -> dict[str, Any]:
    return {
        **one._asdict(),
        "left": one.left,
        "away": sum(one.apart.values()),
        "rate": one.per_mille if one.counted else -1,
        "punctual": kpis.share(one.on_time, one.due),
        "door_share": kpis.share(one.weekly_at_door, one.weekly),
    }
