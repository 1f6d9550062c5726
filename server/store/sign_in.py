"""Failed sign-ins, counted so that guessing is slow and working people are not."""

from datetime import datetime

from server.store.database import Tx
from sync.operations import stamp


def latest_failure_of_name(tx: Tx, name_hash: str, skip: int) -> str:
    """When the failure before the latest `skip` ones of this username happened; "" without one."""
    found = tx.value(
        """
        select at from sign_in_failure
        where username = :name
        order by at desc
        limit 1 offset :skip
        """,
        name=name_hash,
        skip=skip,
    )
    return found or ""


def latest_failure_of_address(tx: Tx, address: str, skip: int) -> str:
    """The same for an address."""
    found = tx.value(
        """
        select at from sign_in_failure
        where address = :address
        order by at desc
        limit 1 offset :skip
        """,
        address=address,
        skip=skip,
    )
    return found or ""


def fail(tx: Tx, community_id: str, name_hash: str, address: str, at: datetime) -> None:
    """Count one failure. The name is kept as a hash: people type passwords into the wrong field."""
    tx.run(
        """
        insert into sign_in_failure (community_id, username, address, at)
        values (:community, :name, :address, :at)
        """,
        community=community_id,
        name=name_hash,
        address=address,
        at=stamp(at),
    )


def forget_failures(tx: Tx, before: datetime) -> int:
    """Drop what no longer counts."""
    return tx.run("delete from sign_in_failure where at < :before", before=stamp(before))
