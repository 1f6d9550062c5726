"""The steps an import took, for the way back, and what a roster last said of each record."""

from typing import Any, NamedTuple

import msgspec

from server.store.database import Tx

SHOWN = 200


class Taken(NamedTuple):
    """One step that an import took, with what was there before."""

    number: int
    kind: str
    record_id: str
    device_id: str
    n: int
    before: dict[str, Any]
    said_before: str
    identity_before: bytes
    sheet: str
    row: int
    state: str = "done"
    reason: str = ""


def add(tx: Tx, community_id: str, batch_id: str, taken: Taken) -> None:
    tx.run(
        """
        insert into import_step (community_id, batch_id, number, kind, record_id, device_id, n,
          before, said_before, identity_before, sheet, "row", state, reason)
        values (:community, :batch, :number, :kind, :record_id, :device_id, :n,
          :before, :said_before, :identity_before, :sheet, :row, :state, :reason)
        """,
        community=community_id,
        batch=batch_id,
        **{**taken._asdict(), "before": msgspec.json.encode(taken.before).decode()},
    )


def of_batch(
    tx: Tx, community_id: str, batch_id: str, state: str, limit: int = SHOWN
) -> list[Taken]:
    """The last step first."""
    rows = tx.tuples(
        """
        select number, kind, record_id, device_id, n, before, said_before,
          coalesce(identity_before, x''), sheet, "row", state, reason
        from import_step
        where community_id = :community and batch_id = :batch and state = :state
        order by number desc
        limit :limit
        """,
        community=community_id,
        batch=batch_id,
        state=state,
        limit=limit,
    )
    return [Taken(*row)._replace(before=msgspec.json.decode(row[5])) for row in rows]


def count(tx: Tx, community_id: str, batch_id: str, state: str) -> int:
    found = tx.value(
        """
        select count(*) from import_step
        where community_id = :community and batch_id = :batch and state = :state
        """,
        community=community_id,
        batch=batch_id,
        state=state,
    )
    return int(found)


def numbers_of(tx: Tx, community_id: str, batch_id: str) -> set[tuple[str, int]]:
    """(device, number) of every operation of an import."""
    return set(
        tx.tuples(
            """
            select device_id, n from import_step
            where community_id = :community and batch_id = :batch and n > 0
            """,
            community=community_id,
            batch=batch_id,
        )
    )


def settle(
    tx: Tx, community_id: str, batch_id: str, number: int, state: str, reason: str = ""
) -> None:
    tx.run(
        """
        update import_step set state = :state, reason = :reason
        where community_id = :community and batch_id = :batch and number = :number
        """,
        community=community_id,
        batch=batch_id,
        number=number,
        state=state,
        reason=reason,
    )


def next_number(tx: Tx, community_id: str, batch_id: str) -> int:
    found = tx.value(
        "select max(number) from import_step where community_id = :community and batch_id = :batch",
        community=community_id,
        batch=batch_id,
    )
    return 0 if found is None else found + 1


def drop_old(tx: Tx, community_id: str, before: str) -> int:
    """Forget the way back of imports confirmed before an instant."""
    return tx.run(
        """
        delete from import_step
        where community_id = :community and batch_id in (
          select id from import_batch
          where community_id = :community and state = 'done' and confirmed_at < :before
        )
        """,
        community=community_id,
        before=before,
    )


def everything_said(tx: Tx, community_id: str) -> dict[str, dict[str, Any]]:
    rows = tx.tuples(
        """
        select record_id, said from roster_said
        where community_id = :community
        order by record_id
        """,
        community=community_id,
    )
    return {record_id: msgspec.json.decode(said) for record_id, said in rows}


def said_of(tx: Tx, community_id: str, record_id: str) -> str:
    found = tx.value(
        "select said from roster_said where community_id = :community and record_id = :record",
        community=community_id,
        record=record_id,
    )
    return found or ""


def say(tx: Tx, community_id: str, record_id: str, said: str) -> None:
    """Remember what a roster says; "" forgets it."""
    if not said:
        tx.run(
            "delete from roster_said where community_id = :community and record_id = :record",
            community=community_id,
            record=record_id,
        )
        return
    tx.run(
        """
        insert into roster_said (community_id, record_id, said)
        values (:community, :record, :said)
        on conflict (community_id, record_id) do update set said = excluded.said
        """,
        community=community_id,
        record=record_id,
        said=said,
    )


def forget(tx: Tx, community_id: str, record_id: str) -> None:
    """With a record goes what rosters said of it."""
    say(tx, community_id, record_id, "")
    tx.run(
        "delete from roster_missing where community_id = :community and resident_id = :record",
        community=community_id,
        record=record_id,
    )
