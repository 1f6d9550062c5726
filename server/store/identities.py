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


def cipher_of(tx: Tx, community_id: str, resident_id: str) -> bytes:
    found = row_of(tx, community_id, resident_id)
    return bytes(found["cipher"]) if found else b""


def last4_of(tx: Tx, community_id: str, resident_id: str) -> str:
    found = row_of(tx, community_id, resident_id)
    return str(found["last4"]) if found else ""


def residents_by_hash(tx: Tx, community_id: str) -> dict[str, str]:
    """Whose number each hash is."""
    return dict(
        tx.tuples(
            """
            select hash, resident_id from identity
            where community_id = :community
            order by resident_id
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
