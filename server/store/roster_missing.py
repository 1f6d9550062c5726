"""People to be looked up (待核): a later roster no longer names them."""

from typing import Any

from server.store.database import Tx

SHOWN = 500


def flagged(tx: Tx, community_id: str) -> dict[str, tuple[str, str]]:
    """(file, state) by resident, of everybody a roster no longer named."""
    rows = tx.tuples(
        """
        select resident_id, file_hash, state from roster_missing
        where community_id = :community
        order by resident_id
        """,
        community=community_id,
    )
    return {resident_id: (file_hash, state) for resident_id, file_hash, state in rows}


def flag(tx: Tx, community_id: str, resident_id: str, batch_id: str, file_hash: str) -> None:
    """Somebody whom a roster no longer names."""
    tx.run(
        """
        insert into roster_missing (community_id, resident_id, batch_id, file_hash)
        values (:community, :resident, :batch, :hash)
        on conflict (community_id, resident_id) do update
        set batch_id = excluded.batch_id, file_hash = excluded.file_hash, state = 'waiting',
          decided_by = '', decided_at = ''
        """,
        community=community_id,
        resident=resident_id,
        batch=batch_id,
        hash=file_hash,
    )


def unflag(tx: Tx, community_id: str, resident_id: str) -> None:
    tx.run(
        "delete from roster_missing where community_id = :community and resident_id = :resident",
        community=community_id,
        resident=resident_id,
    )


def settle(tx: Tx, community_id: str, resident_id: str, by: str, at: str) -> bool:
    """The office looked it up. False when nobody asked, or somebody answered first."""
    changed = tx.run(
        """
        update roster_missing set state = 'settled', decided_by = :by, decided_at = :at
        where community_id = :community and resident_id = :resident and state = 'waiting'
        """,
        community=community_id,
        resident=resident_id,
        by=by,
        at=at,
    )
    return changed == 1


def waiting(tx: Tx, community_id: str, limit: int = SHOWN) -> list[dict[str, Any]]:
    """Everybody to be looked up, in the order of doors."""
    return tx.rows(
        """
        select resident.id, resident.name, resident.household_id, household.label,
          resident.last_contact_on, import_batch.file_name, import_batch.created_at
        from roster_missing
        join resident on resident.community_id = roster_missing.community_id
          and resident.id = roster_missing.resident_id
        join household on household.community_id = resident.community_id
          and household.id = resident.household_id
        join import_batch on import_batch.community_id = roster_missing.community_id
          and import_batch.id = roster_missing.batch_id
        where roster_missing.community_id = :community and roster_missing.state = 'waiting'
        order by household.label, resident.name, resident.id
        limit :limit
        """,
        community=community_id,
        limit=limit,
    )
