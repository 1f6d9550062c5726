"""Visits that wait for the office, and what it needs to decide about one."""

from typing import Any

import msgspec

from server.store.database import Tx, listed
from sync.operations import data_as_sent

MAX_LISTED = 300
MAX_HISTORY = 50


def waiting(tx: Tx, community_id: str) -> list[dict[str, Any]]:
    """Visits in review: nobody answered first, then in the order of arrival."""
    rows = tx.rows(
        """
        select visit.id, visit.version, visit.household_id, visit.result, visit.questions,
          visit.by_name, visit.at, visit.true_at, visit.received_at, visit.resident_ids,
          household.unit, household.door_no, building.compound, building.name as building
        from visit
        join household on household.community_id = visit.community_id
          and household.id = visit.household_id
        join building on building.community_id = household.community_id
          and building.id = household.building_id
        where visit.community_id = :community and visit.review = 'waiting'
        order by visit.result <> 'no_answer', visit.received_at, visit.id
        limit :limit
        """,
        community=community_id,
        limit=MAX_LISTED,
    )
    for row in rows:
        row["questions"] = msgspec.json.decode(row["questions"])
        row["resident_ids"] = msgspec.json.decode(row["resident_ids"])
    return rows


def names_behind(tx: Tx, community_id: str, visits: list[dict[str, Any]]) -> dict[str, str]:
    """By visit: the first person it names, else the first who lives at the door."""
    doors = sorted({one["household_id"] for one in visits})
    people = of_households(tx, community_id, doors)
    by_id = {one["id"]: one["name"] for one in people}
    first: dict[str, str] = {}
    for one in people:
        first.setdefault(one["household_id"], one["name"])
    return {
        visit["id"]: next(
            (by_id[one] for one in visit["resident_ids"] if one in by_id),
            first.get(visit["household_id"], ""),
        )
        for visit in visits
    }


def of_households(tx: Tx, community_id: str, household_ids: list[str]) -> list[dict[str, Any]]:
    """Everybody of these doors: people with categories first, then the head."""
    if not household_ids:
        return []
    marks, given = listed(household_ids)
    return tx.rows(
        f"""
        select id, household_id, name
        from resident
        where community_id = :community and household_id in ({marks})
        order by household_id, categories = '[]', relation_to_head <> 'head', birth_on, id
        """,
        community=community_id,
        **given,
    )


def history(tx: Tx, community_id: str, household_id: str, visit_id: str) -> list[dict[str, Any]]:
    """What was recorded, corrected and decided about one visit, oldest first."""
    rows = tx.rows(
        """
        select operation.id, operation.kind, operation.at, operation.received_at, operation.body,
          coalesce(person.name, '') as person_name
        from operation
        left join person on person.community_id = operation.community_id
          and person.id = operation.person_id
        where operation.community_id = :community and operation.household_id = :household
          and operation.state = 'applied'
          and operation.kind in ('visit.record', 'visit.correct', 'visit.withdraw',
            'review.approve', 'review.return')
          and operation.received_at >= :since
        order by operation.received_at, operation.id
        """,
        community=community_id,
        household=household_id,
        since=_received_at(tx, community_id, visit_id),
    )
    found = []
    for row in rows:
        data = data_as_sent(row.pop("body"))
        if row["id"] == visit_id or data.get("id") == visit_id:
            found.append({**row, "data": data})
    return found[:MAX_HISTORY]


def _received_at(tx: Tx, community_id: str, visit_id: str) -> str:
    found = tx.value(
        "select received_at from operation where community_id = :community and id = :id",
        community=community_id,
        id=visit_id,
    )
    return found or ""


def visit_before(
    tx: Tx, community_id: str, household_id: str, visit_id: str, true_at: str
) -> dict[str, Any] | None:
    """The last visit at this door before the given one that still counts."""
    return tx.row(
        """
        select id, by_name, true_at, type, method, result, note
        from visit
        where community_id = :community and household_id = :household and withdrawn = 0
          and id <> :visit and true_at < :at
        order by true_at desc, id desc
        limit 1
        """,
        community=community_id,
        household=household_id,
        visit=visit_id,
        at=true_at,
    )
