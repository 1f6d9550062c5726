"""Polygons and circles of CAP as people really write them, one token at a time."""

import math
from collections.abc import Iterator

Point = tuple[float, float]

AROUND = "()[]{}"
CORNERS = 4


class Broken(Exception):
    """What is wrong with a shape, in the user's words; the shape is left out."""


def polygon(text: str) -> tuple[tuple[Point, ...], list[str]]:
    """ "lat,lon lat,lon …" as a closed ring, and what had to be put right.

    Raises Broken for what is no ring of at least four points.
    """
    points = [_pair(token) for token in _tokens(text)]
    said = []
    if points and any(abs(first) > 90 for first, _ in points):
        points = [(second, first) for first, second in points]
        said.append("多边形的经纬度写反了，已按先纬度后经度读取。")
    if any(abs(latitude) > 90 or abs(longitude) > 180 for latitude, longitude in points):
        raise Broken("多边形的坐标超出范围，没有采用。")
    if points and points[0] != points[-1]:
        points.append(points[0])
        said.append("多边形没有闭合，已补上。")
    if len(points) < CORNERS:
        raise Broken("多边形不足三个点，没有采用。")
    return tuple(points), said


def circle(text: str) -> tuple[float, float, float]:
    """ "lat,lon radius" with the radius in kilometres. Raises Broken."""
    tokens = list(_tokens(text))
    if len(tokens) != 2:
        raise Broken("圆形范围读不懂，没有采用。")
    latitude, longitude = _pair(tokens[0])
    radius = _number(tokens[1])
    if abs(latitude) > 90 or abs(longitude) > 180 or radius < 0:
        raise Broken("圆形范围的坐标超出范围，没有采用。")
    return latitude, longitude, radius


def _tokens(text: str) -> Iterator[str]:
    for token in text.split():
        if kept := token.strip(AROUND):
            yield kept


def _pair(token: str) -> Point:
    first, comma, second = token.partition(",")
    if not comma:
        raise Broken("坐标读不懂，没有采用。")
    return _number(first), _number(second)


def _number(text: str) -> float:
    try:
        found = float(text)
    except ValueError:
        raise Broken("坐标读不懂，没有采用。") from None
    if not math.isfinite(found):
        raise Broken("坐标读不懂，没有采用。")
    return found
