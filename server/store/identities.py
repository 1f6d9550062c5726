"""ID numbers at rest: cipher, keyed hash and last four, one row per resident who gave one."""

from typing import Any

from server.store.database import Tx


def keep(
    tx: Tx, community_id: str, resident_id: str, cipher: bytes, digest: str, last4: str
) -> None:
    tx.run(
        """
        insert into identity (community_id, resident_id, cipher, hash, last4)
        values (:community, :resident, :cipher, :hash, :last4)
        on conflict (community_id, resident_id) do update
        set cipher = excluded.cipher, hash = excluded.hash, last4 = excluded.last4
        """,
        community=community_id,
        resident=resident_id,
        cipher=cipher,
        hash=digest,
        last4=last4,
    )


def row_of(tx: Tx, community_id: str, resident_id: str) -> dict[str, Any] | None:
    """All that is kept, as it is kept: for putting back what an import replaced."""
    return tx.row(
        """
        select cipher, hash, last4 from identity
        where community_id = :community and resident_id = :resident
        """,
        community=community_id,
        resident=resident_id,
    )


def holder(tx: Tx, community_id: str, resident_id: str) -> str:
    """Under which of a resident's ids the number is kept: their own, or one merged into it."""
    found = tx.value(
        """
        select identity.resident_id
        from resident
        join identity on identity.community_id = resident.community_id
          and (identity.resident_id = resident.id
            or identity.resident_id in (select value from json_each(resident.merged_ids)))
        where resident.community_id = :community and resident.id = :resident
        order by identity.resident_id <> resident.id, identity.resident_id
        limit 1
        """,
        community=community_id,
        resident=resident_id,
    )
    return found or resident_id


def cipher_of(tx: Tx, community_id: str, resident_id: str) -> bytes:
    found = row_of(tx, community_id, resident_id)
    return bytes(found["cipher"]) if found else b""


def last4_of(tx: Tx, community_id: str, resident_id: str) -> str:
    found = row_of(tx, community_id, resident_id)
    return str(found["last4"]) if found else ""


def residents_by_hash(tx: Tx, community_id: str) -> dict[str, str]:
    """Whose number each hash is: of somebody who was merged, that of whom they are now."""
    return dict(
        tx.tuples(
            """
            select identity.hash, coalesce(kept.id, identity.resident_id)
            from identity
            left join redirect on redirect.community_id = identity.community_id
              and redirect.id = identity.resident_id
            left join resident as kept on kept.community_id = redirect.community_id
              and exists (select 1 from json_each(kept.merged_ids) where value = redirect.id)
            where identity.community_id = :community
            order by identity.resident_id
            """,
            community=community_id,
        )
    )


def forget(tx: Tx, community_id: str, resident_id: str) -> None:
    """With a resident goes the number."""
    tx.run(
        "delete from identity where community_id = :community and resident_id = :resident",
        community=community_id,
        resident=resident_id,
    )
