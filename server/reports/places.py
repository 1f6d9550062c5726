"""Where a report tells of: "" for everywhere, "grid:第一网格" or "building:ID"."""

from typing import NamedTuple

from server.store import overview
from server.store.database import Tx
from sync.refusals import Refusal

WHERE = {"grid": "grid", "building": "building_id"}


class Place(NamedTuple):
    """The part of an order that names it, and how people call it; "" for everywhere."""

    where: dict[str, str]
    word: str


def place_of(tx: Tx, community_id: str, chosen: str) -> Place:
    """Raises Refusal for a place that there is not."""
    if not chosen:
        return Place({}, "")
    kind, _, name = chosen.partition(":")
    for one in overview.buildings(tx, community_id):
        key, word = ("grid_name", "grid_name") if kind == "grid" else ("id", "label")
        if kind in WHERE and one[key] == name and name:
            return Place({WHERE[kind]: name}, str(one[word]))
    raise Refusal("field.unknown", field="范围", value=chosen[:20])
