"""The buildings of a community as a drawing: compounds in the order of the streets, never to scale.

Every state has its own shape, and words behind it: nobody needs to tell green from red.
"""

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

# In the drawing's own units.
WIDE, PER_ROW = 256, 8
CELL_W, CELL_H, STEP_X, STEP_Y = 28, 24, 32, 28
NAME_H, GAP_H = 18, 8

WORDS = {
    "confirmed": "已确认",
    "claimed": "已说转发",
    "stale": "转的是旧文字",
    "heard": "收到，还没转",
    "waiting": "已发出，等回音",
    "silent": "没回音",
    "unreachable": "联系不上",
    "none": "还没发出",
}
# What fills a cell instead of its name.
SIGNS = {"confirmed": "done", "claimed": "claimed", "stale": "amber"}


class Place(NamedTuple):
    """Where a building stands in the community, in words."""

    compound: str
    name: str
    grid_name: str


def drawing(looks: Mapping[str, str], places: Mapping[str, Place], short: Any) -> dict[str, Any]:
    """`looks` by building, in the order they are drawn; `short` makes a name fit a cell."""
    compounds: dict[str, list[str]] = {}
    for building_id in looks:
        compounds.setdefault(places[building_id].compound, []).append(building_id)
    top, blocks = 0, []
    for compound, ids in compounds.items():
        cells = [
            _cell(n, top + NAME_H, one, looks[one], places[one], short) for n, one in enumerate(ids)
        ]
        done = sum(looks[one] == "confirmed" for one in ids)
        grids = "、".join(sorted({places[one].grid_name for one in ids} - {""}))
        blocks.append(
            {"name": compound, "grids": grids, "y": top + 12, "done": done, "cells": cells}
        )
        top += NAME_H + -(-len(ids) // PER_ROW) * STEP_Y + GAP_H
    return {"width": WIDE, "height": max(top - GAP_H, 1), "blocks": blocks}


def _cell(n: int, top: int, ident: str, look: str, place: Place, short: Any) -> dict[str, Any]:
    name = short(place.name)
    return {
        "id": ident,
        "x": n % PER_ROW * STEP_X,
        "y": top + n // PER_ROW * STEP_Y,
        "look": look,
        "sign": SIGNS.get(look, ""),
        "short": name,
        "is_long": len(name) > 3,
        "title": f"{place.compound} {place.name}：{WORDS[look]}",
    }


def legend(looks: Iterable[str]) -> list[dict[str, Any]]:
    """How many stand how; states that nobody is in are left out."""
    given = list(looks)
    return [
        {"look": look, "word": word, "n": n, "sign": SIGNS.get(look, "")}
        for look, word in WORDS.items()
        if (n := given.count(look))
    ]
