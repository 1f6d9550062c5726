"""Fields that two devices changed from the same version, until the office has decided."""

from typing import Any

import msgspec

from server.store.database import Tx

MAX_LISTED = 200

_COLUMNS = """
    dispute.id, dispute.operation_id, dispute.kind, dispute.record_id, dispute.field, dispute.base,
    dispute.current, dispute.proposed, dispute.current_device, dispute.current_n,
    dispute.device_id, dispute.person_id, dispute.at, dispute.received_at, dispute.state,
    dispute.value, dispute.decided_at, dispute.household_id, household.label, household.unit,
    household.door_no, household.building_id, building.compound, building.name as building,
    coalesce(resident.name, holder.name, contact.name, '') as person_about
"""
_FROM = """
    from dispute
    join household on household.community_id = dispute.community_id
      and household.id = dispute.household_id
    join building on building.community_id = household.community_id
      and building.id = household.building_id
    left join resident on resident.community_id = dispute.community_id
      and resident.id = dispute.record_id
    left join contact on contact.community_id = dispute.community_id
      and contact.id = dispute.record_id
    left join resident as holder on holder.community_id = contact.community_id
      and holder.id = contact.resident_id
"""


def waiting(tx: Tx, community_id: str, limit: int = MAX_LISTED) -> list[dict[str, Any]]:
    """Open disputes in the order of arrival."""
    rows = tx.rows(
        f"""
        select {_COLUMNS}
        {_FROM}
        where dispute.community_id = :community and dispute.state = 'open'
        order by dispute.received_at, dispute.id
        limit :limit
        """,
        community=community_id,
        limit=limit,
    )
    return [_read(row) for row in rows]


def one(tx: Tx, community_id: str, dispute_id: str) -> dict[str, Any] | None:
    row = tx.row(
        f"""
        select {_COLUMNS}
        {_FROM}
        where dispute.community_id = :community and dispute.id = :id
        """,
        community=community_id,
        id=dispute_id,
    )
    return _read(row) if row else None


def visit_of_that_day(
    tx: Tx, community_id: str, household_id: str, person_id: str, since: str, until: str
) -> dict[str, Any] | None:
    """What the author of a change recorded at that door around the same time."""
    return tx.row(
        """
        select id, true_at, result, method from visit
        where community_id = :community and household_id = :household and "by" = :person
          and true_at >= :since and true_at < :until and withdrawn = 0
        order by true_at desc, id
        limit 1
        """,
        community=community_id,
        household=household_id,
        person=person_id,
        since=since,
        until=until,
    )


def _read(row: dict[str, Any]) -> dict[str, Any]:
    for name in ("current", "proposed"):
        row[name] = msgspec.json.decode(row[name])
    return row
