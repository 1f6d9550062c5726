"""Rows of rosters that wait for correction."""

from typing import Any, NamedTuple

import msgspec

from server.store.database import Tx

SHOWN = 500

_COLUMNS = """import_row.batch_id, import_row.number, import_row.sheet, import_row."row",
    import_row.class, import_row.reason, import_row.cells, import_row.draft,
    coalesce(import_row.id_cipher, x''), import_row.state, import_row.decision,
    import_batch.file_name, import_batch.file_hash"""
_FROM = """
  from import_row
  join import_batch on import_batch.community_id = import_row.community_id
    and import_batch.id = import_row.batch_id
"""


class Row(NamedTuple):
    """One rejected row. `state`: waiting, imported, skipped, dismissed or withdrawn."""

    batch_id: str
    number: int
    sheet: str
    row: int
    kind: str
    reason: str
    cells: dict[str, str]
    draft: dict[str, Any]
    id_cipher: bytes = b""
    state: str = "waiting"
    decision: str = ""
    file_name: str = ""
    file_hash: str = ""


def add(tx: Tx, community_id: str, row: Row) -> None:
    tx.run(
        """
        insert into import_row (community_id, batch_id, number, sheet, "row", class, reason,
          cells, draft, id_cipher, state)
        values (:community, :batch, :number, :sheet, :row, :kind, :reason,
          :cells, :draft, :id_cipher, 'waiting')
        """,
        community=community_id,
        batch=row.batch_id,
        number=row.number,
        sheet=row.sheet,
        row=row.row,
        kind=row.kind,
        reason=row.reason,
        cells=msgspec.json.encode(row.cells).decode(),
        draft=msgspec.json.encode(row.draft).decode(),
        id_cipher=row.id_cipher,
    )


def waiting(tx: Tx, community_id: str, batch_id: str = "", limit: int = SHOWN) -> list[Row]:
    """The queue, oldest import first; of one import if `batch_id` is given."""
    rows = tx.tuples(
        f"select {_COLUMNS} {_FROM}"
        " where import_row.community_id = :community and import_row.state = 'waiting'"
        " and (:batch = '' or import_row.batch_id = :batch)"
        " order by import_batch.created_at, import_row.batch_id, import_row.number limit :limit",
        community=community_id,
        batch=batch_id,
        limit=limit,
    )
    return [_row(row) for row in rows]


def count(tx: Tx, community_id: str) -> dict[str, int]:
    """How many rows wait, by class."""
    rows = tx.tuples(
        """
        select class, count(*) from import_row
        where community_id = :community and state = 'waiting'
        group by class
        order by class
        """,
        community=community_id,
    )
    return dict(rows)


def find(tx: Tx, community_id: str, batch_id: str, number: int) -> Row | None:
    rows = tx.tuples(
        f"select {_COLUMNS} {_FROM}"
        " where import_row.community_id = :community and import_row.batch_id = :batch"
        " and import_row.number = :number",
        community=community_id,
        batch=batch_id,
        number=number,
    )
    return _row(rows[0]) if rows else None


def known_places(tx: Tx, community_id: str, file_hash: str) -> set[tuple[str, int]]:
    """(sheet, row) of this very file that were queued before, whatever became of them."""
    return set(
        tx.tuples(
            f'select import_row.sheet, import_row."row" {_FROM}'
            " where import_row.community_id = :community and import_batch.file_hash = :hash"
            " and import_row.state <> 'withdrawn'",
            community=community_id,
            hash=file_hash,
        )
    )


def reject_again(tx: Tx, community_id: str, row: Row) -> bool:
    """Keep what was typed and why it does not do yet. False when the row no longer waits."""
    changed = tx.run(
        """
        update import_row
        set class = :kind, reason = :reason, draft = :draft, id_cipher = :id_cipher
        where community_id = :community and batch_id = :batch and number = :number
          and state = 'waiting'
        """,
        community=community_id,
        batch=row.batch_id,
        number=row.number,
        kind=row.kind,
        reason=row.reason,
        draft=msgspec.json.encode(row.draft).decode(),
        id_cipher=row.id_cipher,
    )
    return changed == 1


def decide(
    tx: Tx,
    community_id: str,
    batch_id: str,
    number: int,
    state: str,
    by: str,
    at: str,
    decision: str = "",
) -> bool:
    """The end of a row; its ID number goes. False when somebody decided it first."""
    changed = tx.run(
        """
        update import_row
        set state = :state, decided_by = :by, decided_at = :at, decision = :decision,
          id_cipher = null
        where community_id = :community and batch_id = :batch and number = :number
          and state = 'waiting'
        """,
        community=community_id,
        batch=batch_id,
        number=number,
        state=state,
        by=by,
        at=at,
        decision=decision,
    )
    return changed == 1


def withdraw(tx: Tx, community_id: str, batch_id: str, by: str, at: str) -> None:
    """An import that is taken back takes its waiting rows along."""
    tx.run(
        """
        update import_row
        set state = 'withdrawn', decided_by = :by, decided_at = :at, id_cipher = null
        where community_id = :community and batch_id = :batch and state = 'waiting'
        """,
        community=community_id,
        batch=batch_id,
        by=by,
        at=at,
    )
    tx.run(
        "delete from roster_missing where community_id = :community and batch_id = :batch",
        community=community_id,
        batch=batch_id,
    )


def _row(row: tuple[Any, ...]) -> Row:
    found = Row(*row)
    cells, draft = msgspec.json.decode(row[6]), msgspec.json.decode(row[7])
    return found._replace(cells=cells, draft=draft, id_cipher=bytes(row[8]))
