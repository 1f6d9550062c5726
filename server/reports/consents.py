"""告知同意: how it stands with everybody who is asked about their health, and who was not yet."""

from typing import Any

from server.reports.definition import Cell
from server.store import consents
from server.store.database import Tx
from sync import masks
from sync.care import categories_of
from sync.records import Resident

# What it has come to, what needs doing first.
STANDINGS = {
    "missing": "还没告知",
    "withdrawn": "已撤回",
    "no": "不愿意",
    "yes": "愿意",
}
METHODS = {"oral": "口头", "written": "书面"}
HEADS = "住处 24,姓名 12,网格 12,怎么说 10,哪天 12,方式 10,谁告知的 12"


def standings(tx: Tx, community_id: str, building_id: str, today: str) -> list[dict[str, Any]]:
    """People of a category, who are asked, and whoever said anything, each with a standing."""
    found = []
    for one in consents.newest(tx, community_id, building_id):
        person = Resident(
            id=one["id"],
            version=1,
            household_id="",
            building_id="",
            name=one["name"],
            birth_on=one["birth_on"],
            categories=one["categories"],
        )
        if one["consent"] or categories_of(person, today):
            found.append({**one, "standing": _standing(tx, community_id, one)})
    return found


def line(one: dict[str, Any], masked: bool) -> list[Cell]:
    return [
        one["label"],
        masks.name(one["name"]) if masked else one["name"],
        one["grid_name"],
        STANDINGS[one["standing"]],
        one["on"],
        METHODS.get(one["method"], "没写方式" if one["consent"] else ""),
        one["by_name"],
    ]


def _standing(tx: Tx, community_id: str, one: dict[str, Any]) -> str:
    if one["consent"] == "no":
        return "withdrawn" if consents.had_agreed(tx, community_id, one["id"]) else "no"
    return "yes" if one["consent"] == "yes" else "missing"
