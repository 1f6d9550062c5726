"""What visitors saw that something must follow from, across all doors."""

from typing import Any

import msgspec

from server.store.database import Tx

_SHOWN = """
  followup.id, followup.household_id, followup.visit_id, followup.what, followup.opened_at,
  followup.by_name, followup.status, followup.result, followup.note, followup.closed_by,
  followup.closed_at, followup.item, followup.level, followup.kind, followup.due_at,
  followup.restricted, followup.steps, json_array_length(followup.entries) as times,
  household.label, household.building_id, coalesce(resident.name, '') as name
from followup
join household on household.community_id = followup.community_id
  and household.id = followup.household_id
left join resident on resident.community_id = followup.community_id
  and resident.id = followup.resident_id
"""


def still_open(tx: Tx, community_id: str) -> list[dict[str, Any]]:
    """Those that nobody closed, with the steps that were taken; the longest open first."""
    rows = tx.rows(
        f"""
        select {_SHOWN}
        where followup.community_id = :community and followup.status = 'open'
        order by followup.opened_at, followup.id
        """,
        community=community_id,
    )
    return [_read(row) for row in rows]


def closed(tx: Tx, community_id: str, limit: int) -> list[dict[str, Any]]:
    """Closed ones, the latest first."""
    rows = tx.rows(
        f"""
        select {_SHOWN}
        where followup.community_id = :community and followup.status = 'closed'
        order by followup.closed_at desc, followup.opened_at desc, followup.id
        limit :limit
        """,
        community=community_id,
        limit=limit,
    )
    return [_read(row) for row in rows]


def _read(row: dict[str, Any]) -> dict[str, Any]:
    return {**row, "steps": msgspec.json.decode(row["steps"])}
