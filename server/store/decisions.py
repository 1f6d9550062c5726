"""What the office decided about visits, by whom and why."""

from typing import Any, NamedTuple

from server.store.database import Tx
from sync.operations import data_as_sent


class Wanted(NamedTuple):
    """Which decisions; "" means any. `since` and `until` are instants, `until` not included."""

    since: str
    until: str
    person_id: str = ""
    kind: str = ""


_WHERE = """
    from operation
    join person on person.community_id = operation.community_id
      and person.id = operation.person_id and person.role in ('office', 'secretary')
    where operation.community_id = :community and operation.state = 'applied'
      and operation.kind in
        ('review.approve', 'review.return', 'review.reopen', 'visit.correct')
      and (:kind = '' or operation.kind = :kind)
      and operation.received_at >= :since and operation.received_at < :until
      and (:person_id = '' or operation.person_id = :person_id)
"""


def count(tx: Tx, community_id: str, wanted: Wanted) -> int:
    found: int = tx.value(f"select count(*) {_WHERE}", community=community_id, **wanted._asdict())
    return found


def some(
    tx: Tx, community_id: str, wanted: Wanted, limit: int, skip: int = 0
) -> list[dict[str, Any]]:
    """Latest first, each with its visit, its reason and the door."""
    rows = tx.rows(
        f"""
        with decided as (
          select operation.id, operation.kind, operation.received_at, operation.body,
            operation.household_id, person.name
          {_WHERE}
          order by operation.received_at desc, operation.id desc
          limit :limit offset :skip
        )
        select decided.id, decided.kind, decided.received_at, decided.body, decided.name,
          coalesce(household.label, '') as label,
          coalesce(household.building_id, '') as building_id
        from decided
        left join household on household.community_id = :community
          and household.id = decided.household_id
        order by decided.received_at desc, decided.id desc
        """,
        community=community_id,
        limit=limit,
        skip=skip,
        **wanted._asdict(),
    )
    for row in rows:
        data = data_as_sent(row.pop("body"))
        row |= {
            "visit_id": data.get("id", ""),
            "reason": data.get("reason", ""),
            "field": data.get("field", ""),
            "changed": sorted(data.get("changes", {})),
        }
    return rows


def last(tx: Tx, community_id: str, household_id: str, visit_id: str) -> dict[str, Any] | None:
    """What was decided about one visit last: by whom, when and what."""
    rows = tx.rows(
        """
        select operation.id, operation.kind, operation.received_at, operation.body, person.name
        from operation
        join person on person.community_id = operation.community_id
          and person.id = operation.person_id and person.role in ('office', 'secretary')
        where operation.community_id = :community and operation.household_id = :household
          and operation.state = 'applied'
          and operation.kind in
            ('review.approve', 'review.return', 'review.reopen', 'visit.correct')
        order by operation.received_at desc, operation.id desc
        """,
        community=community_id,
        household=household_id,
    )
    return next((row for row in rows if data_as_sent(row["body"]).get("id") == visit_id), None)
