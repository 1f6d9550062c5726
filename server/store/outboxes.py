"""Outboxes that came as files: the file until it is decided, and what became of each line."""

from typing import Any

import msgspec

from server.store.database import Tx, listed

MAX_LISTED = 100


def add(tx: Tx, community_id: str, **file: Any) -> None:
    """Keep a file that was read. Keys: the columns of `outbox_file`; `facts` as they are."""
    file["facts"] = msgspec.json.encode(file["facts"]).decode()
    tx.run(
        """
        insert into outbox_file (community_id, id, device_id, person_id, made_at, made_by,
          created_at, state, content, facts)
        values (:community, :id, :device_id, :person_id, :made_at, :made_by, :created_at,
          'preview', :content, :facts)
        """,
        community=community_id,
        **file,
    )


_COLUMNS = """
    outbox_file.id, outbox_file.device_id, outbox_file.person_id, outbox_file.made_at,
    outbox_file.made_by, outbox_file.created_at, outbox_file.applied_at, outbox_file.state,
    outbox_file.facts, coalesce(person.name, '') as person_name,
    coalesce(maker.name, '') as made_by_name, coalesce(device.name, '') as device_name,
    coalesce(device.revoked_at, '') as revoked_at
"""
_JOINS = """
    left join person on person.community_id = outbox_file.community_id
      and person.id = outbox_file.person_id
    left join person as maker on maker.community_id = outbox_file.community_id
      and maker.id = outbox_file.made_by
    left join device on device.community_id = outbox_file.community_id
      and device.id = outbox_file.device_id
"""


def find(tx: Tx, community_id: str, file_id: str) -> dict[str, Any] | None:
    row = tx.row(
        f"""
        select {_COLUMNS}
        from outbox_file {_JOINS}
        where outbox_file.community_id = :community and outbox_file.id = :id
        """,
        community=community_id,
        id=file_id,
    )
    return _read(row) if row else None


def latest(tx: Tx, community_id: str) -> list[dict[str, Any]]:
    """Files that were imported, the latest first."""
    rows = tx.rows(
        f"""
        select {_COLUMNS}
        from outbox_file {_JOINS}
        where outbox_file.community_id = :community
          and outbox_file.state in ('applying', 'imported')
        order by outbox_file.created_at desc, outbox_file.id desc
        limit :limit
        """,
        community=community_id,
        limit=MAX_LISTED,
    )
    return [_read(row) for row in rows]


def content(tx: Tx, community_id: str, file_id: str) -> bytes:
    """The file itself; nothing once it was imported or dropped."""
    found = tx.value(
        "select content from outbox_file where community_id = :community and id = :id",
        community=community_id,
        id=file_id,
    )
    return bytes(found or b"")


def go_on(tx: Tx, community_id: str, file_id: str, state: str, at: str) -> None:
    """The next state of a file. Its content goes when there is nothing left to do with it."""
    tx.run(
        """
        update outbox_file
        set state = :state, applied_at = :at,
          content = case when :state = 'applying' then content else null end
        where community_id = :community and id = :id
        """,
        community=community_id,
        id=file_id,
        state=state,
        at=at,
    )


def forget_undecided(tx: Tx, community_id: str, before: str) -> None:
    """Let go of files that were looked at and never decided."""
    tx.run(
        """
        update outbox_file set state = 'dropped', content = null
        where community_id = :community and state = 'preview' and created_at < :before
        """,
        community=community_id,
        before=before,
    )


def note(tx: Tx, community_id: str, file_id: str, number: int, **item: Any) -> None:
    """What became of one line the first time it was taken in."""
    tx.run(
        """
        insert into outbox_item (community_id, file_id, number, operation_id, n, kind, outcome,
          code, sentence)
        values (:community, :file, :number, :operation_id, :n, :kind, :outcome, :code, :sentence)
        on conflict (community_id, file_id, number) do nothing
        """,
        community=community_id,
        file=file_id,
        number=number,
        **item,
    )


def items(tx: Tx, community_id: str, file_id: str) -> list[dict[str, Any]]:
    """Every line with what became of it; `body` is what was received, if it stands in the log."""
    return tx.rows(
        """
        select outbox_item.number, outbox_item.operation_id, outbox_item.n, outbox_item.kind,
          outbox_item.outcome, outbox_item.code, outbox_item.sentence,
          coalesce(operation.at, '') as at, coalesce(operation.state, '') as state,
          coalesce(operation.household_id, '') as household_id, operation.body
        from outbox_item
        left join operation on operation.community_id = outbox_item.community_id
          and operation.id = outbox_item.operation_id
        where outbox_item.community_id = :community and outbox_item.file_id = :file
        order by outbox_item.number
        """,
        community=community_id,
        file=file_id,
    )


def counts(tx: Tx, community_id: str, file_id: str) -> dict[str, int]:
    """How many lines had each outcome."""
    rows = tx.tuples(
        """
        select outcome, count(*) from outbox_item
        where community_id = :community and file_id = :file
        group by outcome
        order by outcome
        """,
        community=community_id,
        file=file_id,
    )
    return dict(rows)


def brought(tx: Tx, community_id: str, operation_ids: list[str]) -> dict[str, str]:
    """Who brought these operations in with a file: the name by operation; others are left out."""
    if not operation_ids:
        return {}
    marks, given = listed(operation_ids)
    rows = tx.tuples(
        f"""
        select outbox_item.operation_id, coalesce(maker.name, '')
        from outbox_item
        join outbox_file on outbox_file.community_id = outbox_item.community_id
          and outbox_file.id = outbox_item.file_id
        left join person as maker on maker.community_id = outbox_file.community_id
          and maker.id = outbox_file.made_by
        where outbox_item.community_id = :community and outbox_item.operation_id in ({marks})
          and outbox_item.outcome <> 'duplicate'
        order by outbox_item.operation_id
        """,
        community=community_id,
        **given,
    )
    return dict(rows)


def _read(row: dict[str, Any]) -> dict[str, Any]:
    return {**row, "facts": msgspec.json.decode(row["facts"])}
