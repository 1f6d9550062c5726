"""One door: what the office sees of it that the records alone do not tell."""

from typing import Any

import msgspec

from server.store.database import Tx


def disputes(tx: Tx, community_id: str, household_id: str) -> list[dict[str, Any]]:
    """Open disputes about the door, its people and its numbers."""
    return tx.rows(
        """
        select id, kind, record_id, field
        from dispute
        where community_id = :community and household_id = :household and state = 'open'
        order by received_at, id
        """,
        community=community_id,
        household=household_id,
    )


def of_resident(tx: Tx, community_id: str, resident_id: str, limit: int) -> list[dict[str, Any]]:
    """Visits that name a person, newest first, at whatever door they were made."""
    rows = tx.rows(
        """
        select visit.id, visit.household_id, visit.by_name, visit.true_at, visit.received_at,
          visit.type, visit.method, visit.result, visit.note, visit.resident_ids, visit.review,
          visit.corrected, visit.withdrawn, visit.followup, household.label
        from visit
        join household on household.community_id = visit.community_id
          and household.id = visit.household_id
        where visit.community_id = :community and visit.resident_ids like :named
        order by visit.true_at desc, visit.id desc
        limit :limit
        """,
        community=community_id,
        named=f'%"{resident_id}"%',
        limit=limit,
    )
    for row in rows:
        row["resident_ids"] = msgspec.json.decode(row["resident_ids"])
    return rows
