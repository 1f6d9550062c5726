"""Looks a text of the office over before it is used: what is wrong, how long it comes out."""

import re
from collections.abc import Iterable

from msgspec import Struct

from sync.alert_texts import (
    DRILL,
    FIELD,
    FIELDS,
    POINTS,
    Facts,
    defaults,
    filled,
    fitted,
    one_line,
)

MAX_POINTS, MAX_POINT = 8, 60
# A flat or a room with its number; of a building, an entrance or a floor one may speak.
_DOOR = re.compile(r"\d{3,5}\s*[室房]|(?:[栋座幢]|单元)\s*-?\s*\d{3,5}(?![\d年户人米])")


def problems(template: str, limit: int) -> list[str]:
    """What is wrong with a text of the office, in its words; empty where it can be used."""
    found = []
    fields = FIELD.findall(template)
    for name in dict.fromkeys(fields):
        if name not in FIELDS:
            found.append(f"没有“{{{name}}}”这一项，可以用的有：{'、'.join(FIELDS)}。")
    if {"{", "}"} & set(FIELD.sub("", template)):
        found.append("有一个花括号没有成对，例如应写 {名称}。")
    bare = len(FIELD.sub("", template))
    if bare > limit:
        found.append(f"不算填入的内容已有 {bare} 个字，最多 {limit} 个。")
    if not {"名称", "类型"} & set(fields):
        found.append("要写明是什么预警：加上 {名称}。")
    return found + doors(template)


def doors(text: str) -> list[str]:
    """Doors that a text names, each with what is wrong about it."""
    return [
        f"写了具体门牌“{one}”。这些文字会发到群里，不能有门牌。"
        for one in dict.fromkeys(door[0] for door in _DOOR.finditer(text))
    ]


def guide_problems(points: Iterable[str]) -> list[str]:
    """What is wrong with the points of a guide, in the words of the office."""
    found, points = [], list(points)
    if len(points) > MAX_POINTS:
        found.append(f"防御指南有 {len(points)} 条，最多 {MAX_POINTS} 条。")
    for number, point in enumerate(points, 1):
        if len(point) > MAX_POINT:
            found.append(f"第 {number} 条有 {len(point)} 个字，最多 {MAX_POINT} 个。")
        if {"{", "}"} & set(point):
            found.append(f"第 {number} 条里有花括号，这里不能填项。")
        found += [f"第 {number} 条{said}" for said in doors(point)]
    return found


class Measure(Struct, frozen=True, kw_only=True):
    """How long a text comes out, and what is left out of it when it is too long."""

    text: str  # as it goes out
    characters: int  # with nothing left out
    bytes: int
    limit: int
    points_left_out: int


def measured(template: str, facts: Facts, limit: int) -> Measure:
    """What a template makes of these facts, and how far the whole of it would be too long."""
    points = list(facts.guide[:POINTS])
    whole = filled(template, facts, points, facts.area, one_line(facts.effect))
    whole = (DRILL if facts.is_drill else "") + whole
    text = fitted(template, facts, limit)
    said = points[:1] if "{首条}" in template and "{指南}" not in template else points
    return Measure(
        text=text,
        characters=len(whole),
        bytes=len(whole.encode()),
        limit=limit,
        points_left_out=sum(one in whole and one not in text for one in said),
    )


def example_of(kind: str, colour: str, guide: tuple[str, ...], phone: str, community: str) -> Facts:
    """What a preview is filled in with."""
    known = defaults().examples
    named = max((one for one in known if one and one in kind), key=len, default="")
    return Facts(
        kind=kind or "雷雨大风",
        colour=colour,
        at="8月7日9时10分",
        area="本街道",
        effect=known.get(named, ""),
        guide=guide,
        phone=phone,
        community=community,
    )
