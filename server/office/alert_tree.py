"""Who handed a warning on and who did not: grids, compounds, buildings, and people by name."""

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import Any

from server.office.alert_facts import Facts
from server.office.alert_words import clocked
from server.office.words import minutes
from sync import reach
from sync.cascade import Building, Reached

MINUTE = timedelta(minutes=1)


def tree(
    facts: Facts, found: list[Reached], looks: dict[str, str], now: datetime
) -> list[dict[str, Any]]:
    """Grids, their compounds, and of these the buildings where something lacks."""
    rows = []
    for grid, inside in _grouped(found, lambda one: facts.place(one.id).grid_name):
        chiefs = {one.building.chief_id for one in inside} - {""}
        named = "、".join(sorted(facts.name(one) for one in chiefs))
        rows.append(_branch(1, grid or "没有网格", named, inside, facts))
        for compound, some in _grouped(inside, lambda one: facts.place(one.id).compound):
            rows.append(_branch(2, compound, "", some, facts))
            gaps = [one for one in some if _lacks(one)]
            gaps.sort(key=lambda one: one.at("acknowledged") is not None)
            rows += [_leaf(one, looks[one.building.id], facts, now) for one in gaps]
    return rows


def _grouped(
    found: Iterable[Reached], key: Callable[[Building], str]
) -> list[tuple[str, list[Reached]]]:
    rows: dict[str, list[Reached]] = {}
    for one in found:
        rows.setdefault(key(one.building), []).append(one)
    return list(rows.items())


def _lacks(one: Reached) -> bool:
    return one.is_stale or one.is_unreachable or not one.has("forwarded")


def _branch(depth: int, name: str, who: str, found: list[Reached], facts: Facts) -> dict[str, Any]:
    count = reach.buildings(found)
    took = reach.spread(found, "forwarded", facts.sent_at).t100
    sign = "amber" if count.claimed < count.all or any(_lacks(one) for one in found) else "claimed"
    return {
        "depth": depth,
        "name": name,
        "who": who,
        "count": count,
        "took": clocked(took) if took is not None else "未完",
        "sign": "done" if sign == "claimed" and count.confirmed == count.all else sign,
    }


def _leaf(one: Reached, look: str, facts: Facts, now: datetime) -> dict[str, Any]:
    place, heard = facts.place(one.building.id), one.at("acknowledged")
    asked = one.at("sent")
    until = heard or facts.ended_at or now
    return {
        "depth": 3,
        "id": one.building.id,
        "name": place.name,
        "who": facts.name(one.building.leader_id) if one.building.leader_id else "没有楼长",
        "look": look,
        "is_open": look in ("silent", "unreachable"),
        "sent": "已发" if asked else "—",
        "claimed": _claimed(one),
        "confirmed": "已确认" if one.has("confirmed") and not one.is_stale else "—",
        "took": clocked(until - asked) if asked else "—",
        "sign": {"stale": "amber", "heard": "amber", "unreachable": "rest"}.get(
            look, "bang" if look == "silent" else "wait"
        ),
    }


def _claimed(one: Reached) -> str:
    if one.is_unreachable:
        return "联系不上"
    if one.is_stale:
        return "旧文字"
    return "收到未转" if one.has("acknowledged") and not one.is_behind else "—"


def _other(facts: Facts, building: Building) -> str:
    """Who can be asked in the leader's place."""
    if building.deputy_id:
        return f"副 {facts.name(building.deputy_id)}"
    if not building.leader_id and building.chief_id:
        return f"网格长 {facts.name(building.chief_id)}"
    return "没有副楼长" if building.leader_id else ""


def _so_far(one: Reached) -> str:
    if one.is_behind:
        return "只回过旧文字"
    if not one.building.leader_id:
        return "没有人可发"
    return "送到没点" if one.has("delivered") else "没送到手机"


def silent(facts: Facts, found: list[Reached], now: datetime) -> list[dict[str, Any]]:
    """People of whom nothing was heard, longest first; somebody with two buildings comes once."""
    rows: dict[str, dict[str, Any]] = {}
    asked_at = facts.asked_at(now)
    for one in reach.silent(found):
        building = one.building
        key = building.leader_id or building.id
        asked = asked_at.get(building.id, facts.roster.from_at)
        waited = max((facts.ended_at or now) - asked, timedelta())
        row = rows.setdefault(
            key,
            {
                "id": building.id,
                "name": facts.name(building.leader_id) if building.leader_id else "没有楼长",
                "phone": facts.phone(building.leader_id or building.chief_id),
                "other": _other(facts, building),
                "waited": minutes(int(waited / MINUTE)) if waited >= MINUTE else "刚发出",
                "state": _so_far(one),
                "is_unreachable": False,
                "places": [],
            },
        )
        row["places"].append(facts.label(building.id))
        row["is_unreachable"] = row["is_unreachable"] or one.is_unreachable
    return list(rows.values())
