"""Reads what the pages of places ask: a building, a grid that is there or new, what it is like."""

from typing import Any

from server.office import forms
from server.office.forms import FormData
from server.store import areas as reads
from server.store.database import Tx
from server.store.records import Records
from sync.grids import grid_id as id_of
from sync.grids import grid_name
from sync.records import Building
from sync.refusals import Refusal

STYLES = ("walkup", "lift", "tower", "lane")
MOST_WORD = 40


def building(tx: Tx, community_id: str, building_id: str) -> Building:
    found = Records(tx, community_id).get("building", forms.ident(building_id))
    if not isinstance(found, Building):
        raise Refusal("record.unknown")
    return found


def facts(data: FormData) -> dict[str, Any]:
    return {
        "compound": forms.text(data, "compound", "小区", MOST_WORD),
        "name": forms.text(data, "name", "楼栋", MOST_WORD, needed=True),
        "units": forms.number(data, "units", "单元数", 0, 99),
        "floors": forms.number(data, "floors", "层数", 0, 200),
        "doors": forms.number(data, "doors", "每层户数", 0, 99),
        "order": forms.number(data, "order", "顺序", 0, 9999),
        "style": forms.code(data, "style", "样式", ("", *STYLES)),
    }


def grid(tx: Tx, community_id: str, data: FormData) -> tuple[str, str]:
    """A grid that is there, by its id, or a new one by its name."""
    new = forms.text(data, "new_grid", "新网格", MOST_WORD)
    known = {one["grid_id"]: one["grid_name"] for one in reads.grids(tx, community_id, "")}
    if not new:
        chosen = forms.code(data, "grid", "网格", ("", *known))
        return chosen, known.get(chosen, "")
    made = id_of(new)
    return made, known.get(made) or grid_name(made)


def taken(tx: Tx, community_id: str, grid: str, name: str) -> bool:
    others = [one for one in reads.grids(tx, community_id, "") if one["grid_id"] != grid]
    return any(name == one["grid_name"] for one in others)


def compounds(buildings: list[dict[str, Any]]) -> list[dict[str, Any]]:
    found: dict[str, dict[str, Any]] = {}
    for one in buildings:
        row = found.setdefault(one["compound"], {"name": one["compound"], "n": 0, "doors": 0})
        row["n"] += 1
        row["doors"] += one["doors"]
    return list(found.values())
