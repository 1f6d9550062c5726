"""The installation itself: its epoch, its communities."""

from datetime import datetime
from typing import Any

from server.store.database import Tx
from sync.operations import stamp


def epoch(tx: Tx) -> str:
    """Changes when the server was restored, so that phones know to pull afresh."""
    found = tx.value("select value from setting where name = 'epoch'")
    assert found, "the database was not initialised"
    return str(found)


def set_epoch(tx: Tx, value: str) -> None:
    tx.run(
        """
        insert into setting (name, value) values ('epoch', :value)
        on conflict (name) do update set value = excluded.value
        """,
        value=value,
    )


def note_restore(tx: Tx, made_at: str, at: datetime) -> None:
    """Remember that a backup was restored, and from when it is; "" when nobody knows."""
    tx.run(
        """
        insert into setting (name, value) values ('restored', :value)
        on conflict (name) do update set value = excluded.value
        """,
        value=f"{stamp(at)} {made_at}",
    )


def restored(tx: Tx) -> tuple[str, str]:
    """When the database was last restored, and from when the backup was; empty when never."""
    found = tx.value("select value from setting where name = 'restored'")
    at, _, made_at = str(found or "").partition(" ")
    return at, made_at


def shapes(tx: Tx) -> str:
    """A word for the fields that records had when the streams were last written; "" at first."""
    found = tx.value("select value from setting where name = 'shapes'")
    return str(found or "")


def set_shapes(tx: Tx, value: str) -> None:
    tx.run(
        """
        insert into setting (name, value) values ('shapes', :value)
        on conflict (name) do update set value = excluded.value
        """,
        value=value,
    )


def community_ids(tx: Tx) -> list[str]:
    rows = tx.tuples("select id from community order by id")
    return [community_id for (community_id,) in rows]


def communities(tx: Tx) -> list[dict[str, Any]]:
    return tx.rows("select id, name from community order by id")


def name_of(tx: Tx, community_id: str) -> str:
    return str(tx.value("select name from community where id = :id", id=community_id) or "")


def only_community(tx: Tx) -> dict[str, Any] | None:
    """Name and phone for pages that nobody has signed in to; None when there are several."""
    rows = tx.rows("select id, name, office_phone from community order by id limit 2")
    return rows[0] if len(rows) == 1 else None
