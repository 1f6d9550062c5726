"""Whether a warning covers a place: division codes by prefix, polygons and circles by points.

Division codes are those of GB/T 2260 and its finer levels: province 2 digits, city 4, county 6,
town 9, village 12, filled up with zeros. They are compared by what is left without the zeros.
"""

import math
import re
from collections.abc import Iterable
from enum import StrEnum
from itertools import pairwise
from typing import TypeVar

from msgspec import Struct

from sync.alerts import Area

LEVELS = (2, 4, 6, 9, 12)
LENGTHS = {6, 9, 12}
EARTH_KM = 6371.0088
# Steps that a comparison of two drawings may take, and how many points it looks at in any case.
MOST_STEPS, FEWEST = 300_000, 8
_DEGREES = re.compile(r"-?[0-9]{1,3}(\.[0-9]{1,8})?")

_T = TypeVar("_T")


class Covers(StrEnum):
    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"  # nothing in the area can be compared with the place


class Place(Struct, frozen=True, kw_only=True):
    """Where a community is: its division code, and its point in degrees of WGS 84."""

    code: str = ""
    point: tuple[float, float] | None = None  # latitude, longitude


def place_of(code: str, latitude: str, longitude: str) -> Place:
    """A place as a community says it, in texts; "" is unknown."""
    is_known = is_degrees(latitude, 90) and is_degrees(longitude, 180)
    return Place(code=code, point=(float(latitude), float(longitude)) if is_known else None)


def is_degrees(text: str, most: int) -> bool:
    return _DEGREES.fullmatch(text) is not None and abs(float(text)) <= most


def covers(areas: Iterable[Area], place: Place) -> Covers:
    """YES when one area covers the place, NO when all that can be compared do not."""
    said = {answer for area in areas for answer in _answers(area, place)}
    if Covers.YES in said:
        return Covers.YES
    return Covers.NO if Covers.NO in said else Covers.UNKNOWN


def _answers(area: Area, place: Place) -> Iterable[Covers]:
    for prefix in prefixes(area):
        if place.code:
            yield _word(place.code.startswith(prefix))
    if place.point is None:
        return
    for ring in area.polygons:
        yield _word(is_inside(place.point, ring))
    for latitude, longitude, radius in area.circles:
        yield _word(distance_km(place.point, (latitude, longitude)) <= radius)


def _word(is_covered: bool) -> Covers:
    return Covers.YES if is_covered else Covers.NO


def prefixes(area: Area) -> list[str]:
    """What is significant of the area's division codes, whatever their scheme calls itself."""
    found = [significant(code) for _, code in area.geocodes]
    return [prefix for prefix in found if prefix]


def significant(code: str) -> str:
    """The digits of a division code without the zeros that fill it up; "" where it is none."""
    if len(code) not in LENGTHS or not (code.isascii() and code.isdigit()):
        return ""
    for length in LEVELS:
        if not code[length:].strip("0"):
            prefix = code[:length]
            return prefix if prefix.strip("0") else ""
    return ""


def is_inside(point: tuple[float, float], ring: Iterable[tuple[float, float]]) -> bool:
    """Whether a point lies in a closed ring, by the rays it crosses; its edge counts as inside."""
    y, x = point
    corners = list(ring)
    is_in = False
    for (y1, x1), (y2, x2) in pairwise(corners):
        if _is_between((y, x), (y1, x1), (y2, x2)):
            return True
        if (y1 > y) != (y2 > y) and x < (x2 - x1) * (y - y1) / (y2 - y1) + x1:
            is_in = not is_in
    return is_in


def _is_between(
    point: tuple[float, float], first: tuple[float, float], second: tuple[float, float]
) -> bool:
    (y, x), (y1, x1), (y2, x2) = point, first, second
    apart = (x2 - x1) * (y - y1) - (y2 - y1) * (x - x1)
    is_beside = min(y1, y2) <= y <= max(y1, y2) and min(x1, x2) <= x <= max(x1, x2)
    return is_beside and math.isclose(apart, 0, abs_tol=1e-12)


def distance_km(first: tuple[float, float], second: tuple[float, float]) -> float:
    """Along the great circle."""
    (lat1, lon1), (lat2, lon2) = (
        (math.radians(latitude), math.radians(longitude)) for latitude, longitude in (first, second)
    )
    apart = (
        math.sin((lat2 - lat1) / 2) ** 2
        + math.cos(lat1) * math.cos(lat2) * math.sin((lon2 - lon1) / 2) ** 2
    )
    return 2 * EARTH_KM * math.asin(math.sqrt(apart))


def grows(before: Iterable[Area], after: Iterable[Area]) -> bool:
    """Whether `after` reaches anywhere that `before` did not, as far as that can be seen."""
    old, new = list(before), list(after)
    known = {prefix for area in old for prefix in prefixes(area)}
    codes = {code for area in new for code in prefixes(area)}
    if any(known.isdisjoint(code[:length] for length in LEVELS) for code in codes):
        return True
    named = {area.description for area in old}
    bare = [one for one in new if not (prefixes(one) or one.polygons or one.circles)]
    return any(one.description not in named for one in bare) or _is_drawn_wider(old, new)


def _is_drawn_wider(old: list[Area], new: list[Area]) -> bool:
    """By corners and circles; of very many, which would take minutes, some are looked at."""
    rings = [ring for area in old for ring in area.polygons]
    same = set(rings)
    corners = [
        point for area in new for ring in area.polygons if ring not in same for point in ring
    ]
    edges = sum(len(ring) for ring in rings)
    if any(not _is_in_any(point, rings) for point in _some(corners, edges)):
        return True
    circles = [circle for area in new for circle in area.circles]
    drawn = sum(len(area.circles) for area in old)
    return any(not _is_in_circle(circle, old) for circle in _some(circles, drawn))


def _some(found: list[_T], cost: int) -> list[_T]:
    """All of them, or so many evenly apart that a look of `cost` steps at each stays short."""
    room = max(MOST_STEPS // max(cost, 1), FEWEST)
    return found[:: max(-(-len(found) // room), 1)]


def _is_in_any(point: tuple[float, float], rings: list[tuple[tuple[float, float], ...]]) -> bool:
    return any(is_inside(point, ring) for ring in rings)


def _is_in_circle(circle: tuple[float, float, float], areas: list[Area]) -> bool:
    latitude, longitude, radius = circle
    return any(
        distance_km((latitude, longitude), (one[0], one[1])) + radius <= one[2] + 1e-9
        for area in areas
        for one in area.circles
    )
