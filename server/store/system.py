"""The installation itself: its epoch, its communities."""

from typing import Any

from server.store.database import Tx


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


def community_ids(tx: Tx) -> list[str]:
    rows = tx.tuples("select id from community order by id")
    return [community_id for (community_id,) in rows]


def communities(tx: Tx) -> list[dict[str, Any]]:
    return tx.rows("select id, name from community order by id")


def only_community(tx: Tx) -> dict[str, Any] | None:
    """Name and phone for pages that nobody has signed in to; None when there are several."""
    rows = tx.rows("select id, name, office_phone from community order by id limit 2")
    return rows[0] if len(rows) == 1 else None
