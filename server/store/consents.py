"""Who was told what is kept of them and what they said to it: the newest answer of everybody."""

from typing import Any

import msgspec

from server.store import personal
from server.store.database import Tx, listed
from sync.newest import CONSENT, RECORDED

AT_ONCE = 500


def newest(tx: Tx, community_id: str, building_id: str) -> list[dict[str, Any]]:
    """Everybody who lives here, by door: name, birth_on, categories, and what they said last."""
    rows = tx.rows(
        """
        select resident.id, resident.name, resident.birth_on, resident.categories,
          resident.household_id, household.label, building.grid_name,
          coalesce(answers.items, '{}') as items
        from resident
        join household on household.community_id = resident.community_id
          and household.id = resident.household_id
        join building on building.community_id = resident.community_id
          and building.id = resident.building_id
        left join answers on answers.community_id = resident.community_id
          and answers.id = resident.id
        where resident.community_id = :community
          and resident.status not in ('moved_out', 'deceased')
          and household.status = 'active'
          and (:building = '' or resident.building_id = :building)
        order by building."order", building.compound, building.name, household.unit,
          household.floor, household.door_no, resident.name, resident.id
        """,
        community=community_id,
        building=building_id,
    )
    found = [_said(row) for row in rows]
    names = _names(tx, community_id, {one["by"] for one in found})
    return [{**one, "by_name": names.get(one["by"], "")} for one in found]


def had_agreed(tx: Tx, community_id: str, resident_id: str) -> bool:
    """Whether somebody who says no now had said yes before."""
    said = personal.consents(tx, community_id, resident_id)
    return any(one["consent"] == "yes" for one in said)


def _said(row: dict[str, Any]) -> dict[str, Any]:
    items = msgspec.json.decode(row.pop("items"))
    one = items.get(CONSENT, {})
    outside = [
        name.removeprefix(RECORDED)
        for name, other in items.items()
        if name.startswith(RECORDED) and other["at"] == one.get("at")
    ]
    return {
        **row,
        "categories": msgspec.json.decode(row["categories"]),
        "consent": one.get("value", ""),
        "on": one.get("on", ""),
        "method": one.get("method", ""),
        "visit_id": one.get("visit_id", ""),
        # Whoever made the visit, or recorded it without one.
        "by": one.get("visit_id", "") or (outside[0] if outside else ""),
    }


def _names(tx: Tx, community_id: str, ids: set[str]) -> dict[str, str]:
    """Names of authors by the operation that told it; a visit has the id of its own."""
    wanted = sorted(ids - {""})
    found: dict[str, str] = {}
    for start in range(0, len(wanted), AT_ONCE):
        marks, given = listed(wanted[start : start + AT_ONCE])
        rows = tx.tuples(
            f"""
            select operation.id, person.name from operation
            join person on person.community_id = operation.community_id
              and person.id = operation.person_id
            where operation.community_id = :community and operation.id in ({marks})
            """,
            community=community_id,
            **given,
        )
        found |= dict(rows)
    return found
