"""Visits that wait for the office, and what it needs to decide about one."""

from typing import Any, NamedTuple

import msgspec

from server.store.database import Tx, listed
from sync.operations import data_as_sent

# More than a big community records in a year.
MAX_WAITING = 50_000
MAX_HISTORY = 50


class Waiting(NamedTuple):
    """One visit that waits: enough to filter and sort by, no more. `questions` is stored JSON."""

    id: str
    questions: str
    received_at: str
    by: str
    by_name: str
    grid_id: str
    assigned_to: str


def waiting(tx: Tx, community_id: str) -> list[Waiting]:
    """Every visit in review, in the order of arrival."""
    rows = tx.tuples(
        """
        select visit.id, visit.questions, visit.received_at, visit."by", visit.by_name,
          building.grid_id, coalesce(review_assignment.person_id, '')
        from visit
        join building on building.community_id = visit.community_id
          and building.id = visit.building_id
        left join review_assignment on review_assignment.community_id = visit.community_id
          and review_assignment.visit_id = visit.id
        where visit.community_id = :community and visit.review = 'waiting'
        order by visit.received_at, visit.id
        limit :limit
        """,
        community=community_id,
        limit=MAX_WAITING,
    )
    return [Waiting(*row) for row in rows]


def lines(tx: Tx, community_id: str, visit_ids: list[str]) -> list[dict[str, Any]]:
    """These visits as a list shows them, in the same order."""
    if not visit_ids:
        return []
    marks, given = listed(visit_ids)
    rows = tx.rows(
        f"""
        select visit.id, visit.version, visit.household_id, visit.result, visit.questions,
          visit.by_name, visit.at, visit.true_at, visit.received_at, visit.resident_ids,
          household.unit, household.door_no, building.compound, building.name as building,
          coalesce(person.name, '') as assigned_to
        from visit
        join household on household.community_id = visit.community_id
          and household.id = visit.household_id
        join building on building.community_id = household.community_id
          and building.id = household.building_id
        left join review_assignment on review_assignment.community_id = visit.community_id
          and review_assignment.visit_id = visit.id
        left join person on person.community_id = visit.community_id
          and person.id = review_assignment.person_id
        where visit.community_id = :community and visit.id in ({marks})
        """,
        community=community_id,
        **given,
    )
    for row in rows:
        row["questions"] = msgspec.json.decode(row["questions"])
        row["resident_ids"] = msgspec.json.decode(row["resident_ids"])
    by_id = {row["id"]: row for row in rows}
    return [by_id[one] for one in visit_ids if one in by_id]


def grids(tx: Tx, community_id: str) -> list[dict[str, Any]]:
    return tx.rows(
        """
        select grid_id as id, max(grid_name) as name
        from building
        where community_id = :community and grid_id <> ''
        group by grid_id
        order by grid_id
        """,
        community=community_id,
    )


def reviewers(tx: Tx, community_id: str) -> list[dict[str, Any]]:
    """Who may decide: the office, as far as it works here still."""
    return tx.rows(
        """
        select id, name, role from person
        where community_id = :community and active = 1 and role in ('office', 'secretary')
        order by role, name, id
        """,
        community=community_id,
    )


def assign(tx: Tx, community_id: str, visit_id: str, person_id: str, by: str, at: str) -> None:
    """Who is to look at a visit; "" for whoever comes first."""
    tx.run(
        """
        insert into review_assignment (community_id, visit_id, person_id, "by", at)
        values (:community, :visit, :person, :by, :at)
        on conflict (community_id, visit_id) do update set
          person_id = excluded.person_id, "by" = excluded."by", at = excluded.at
        """,
        community=community_id,
        visit=visit_id,
        person=person_id,
        by=by,
        at=at,
    )


def assigned_to(tx: Tx, community_id: str, visit_id: str) -> str:
    found = tx.value(
        """
        select person_id from review_assignment
        where community_id = :community and visit_id = :visit
        """,
        community=community_id,
        visit=visit_id,
    )
    return found or ""


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
            'review.approve', 'review.return', 'review.reopen')
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


def rule_changes(tx: Tx, community_id: str, limit: int) -> list[dict[str, Any]]:
    """Who changed the rules and what, latest first."""
    return tx.rows(
        """
        select audit.at, audit.detail, coalesce(person.name, '') as name
        from audit
        left join person on person.community_id = audit.community_id
          and person.id = audit.person_id
        where audit.community_id = :community and audit.action = 'review.rules'
        order by audit.at desc, audit.id desc
        limit :limit
        """,
        community=community_id,
        limit=limit,
    )
