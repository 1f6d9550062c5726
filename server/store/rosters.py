"""Imports of rosters: batches, the steps each one took, and what a roster last said of a record."""

from typing import Any, NamedTuple

import msgspec

from server.store.database import Tx

SHOWN = 50

_BATCH = """
  select import_batch.id, import_batch.file_name, import_batch.file_hash, import_batch.made_by,
    coalesce(person.name, '') as made_by_name, import_batch.created_at, import_batch.state,
    import_batch.summary, import_batch.done, import_batch.total, import_batch.confirmed_at
  from import_batch
  left join person on person.community_id = import_batch.community_id
    and person.id = import_batch.made_by
"""


class Batch(NamedTuple):
    """One file that was read. `state`: preview, running, done, undoing, undone or dropped."""

    id: str
    file_name: str
    file_hash: str
    made_by: str
    made_by_name: str
    created_at: str
    state: str
    summary: dict[str, Any]
    done: int
    total: int
    confirmed_at: str


def add(tx: Tx, community_id: str, batch: Batch, plan: bytes) -> None:
    tx.run(
        """
        insert into import_batch (community_id, id, file_name, file_hash, made_by, created_at,
          state, summary, plan, total)
        values (:community, :id, :file_name, :file_hash, :made_by, :created_at,
          :state, :summary, :plan, :total)
        """,
        community=community_id,
        id=batch.id,
        file_name=batch.file_name,
        file_hash=batch.file_hash,
        made_by=batch.made_by,
        created_at=batch.created_at,
        state=batch.state,
        summary=msgspec.json.encode(batch.summary).decode(),
        plan=plan,
        total=batch.total,
    )


def find(tx: Tx, community_id: str, batch_id: str) -> Batch | None:
    rows = tx.tuples(
        f"{_BATCH} where import_batch.community_id = :community and import_batch.id = :id",
        community=community_id,
        id=batch_id,
    )
    return _batch(rows[0]) if rows else None


def latest(tx: Tx, community_id: str) -> list[Batch]:
    """What was imported or is being looked at, newest first."""
    rows = tx.tuples(
        f"{_BATCH} where import_batch.community_id = :community"
        " and import_batch.state <> 'dropped'"
        " order by import_batch.created_at desc, import_batch.id desc limit :limit",
        community=community_id,
        limit=SHOWN,
    )
    return [_batch(row) for row in rows]


def plan_of(tx: Tx, community_id: str, batch_id: str) -> bytes:
    found = tx.value(
        "select plan from import_batch where community_id = :community and id = :id",
        community=community_id,
        id=batch_id,
    )
    return bytes(found or b"")


def replace_plan(
    tx: Tx, community_id: str, batch_id: str, plan: bytes, summary: dict[str, Any], total: int
) -> None:
    tx.run(
        """
        update import_batch set plan = :plan, summary = :summary, total = :total
        where community_id = :community and id = :id and state = 'preview'
        """,
        community=community_id,
        id=batch_id,
        plan=plan,
        summary=msgspec.json.encode(summary).decode(),
        total=total,
    )


def summarise(tx: Tx, community_id: str, batch_id: str, summary: dict[str, Any]) -> None:
    tx.run(
        "update import_batch set summary = :summary where community_id = :community and id = :id",
        community=community_id,
        id=batch_id,
        summary=msgspec.json.encode(summary).decode(),
    )


def compounds(tx: Tx, community_id: str) -> list[str]:
    """The compounds that the community's buildings stand in."""
    rows = tx.tuples(
        """
        select distinct compound from building
        where community_id = :community and compound <> ''
        order by compound
        """,
        community=community_id,
    )
    return [compound for (compound,) in rows]


def confirm(tx: Tx, community_id: str, batch_id: str, by: str, at: str) -> bool:
    """Begin to write a preview, which is its writer's from now on. False when it is none."""
    changed = tx.run(
        """
        update import_batch set state = 'running', confirmed_at = :at, made_by = :by, done = 0
        where community_id = :community and id = :id and state = 'preview'
        """,
        community=community_id,
        id=batch_id,
        by=by,
        at=at,
    )
    return changed == 1


def move(tx: Tx, community_id: str, batch_id: str, state: str, to: str) -> bool:
    """From one state to another. False when somebody else moved it first."""
    changed = tx.run(
        """
        update import_batch set state = :to
        where community_id = :community and id = :id and state = :state
        """,
        community=community_id,
        id=batch_id,
        state=state,
        to=to,
    )
    return changed == 1


def advance(tx: Tx, community_id: str, batch_id: str, believed: int, done: int) -> bool:
    """Count steps as done. False when another worker did them first."""
    changed = tx.run(
        """
        update import_batch set done = :done
        where community_id = :community and id = :id and done = :believed
        """,
        community=community_id,
        id=batch_id,
        believed=believed,
        done=done,
    )
    return changed == 1


def restart(tx: Tx, community_id: str, batch_id: str, total: int) -> None:
    """Count anew, for the way back."""
    tx.run(
        """
        update import_batch set done = 0, total = :total
        where community_id = :community and id = :id
        """,
        community=community_id,
        id=batch_id,
        total=total,
    )


def drop_plan(tx: Tx, community_id: str, batch_id: str) -> None:
    """What is written needs no plan any more; it held whole rows of the file, encrypted."""
    tx.run(
        "update import_batch set plan = null where community_id = :community and id = :id",
        community=community_id,
        id=batch_id,
    )


def unfinished(tx: Tx) -> list[tuple[str, str]]:
    """(community, batch) of what was begun and not ended."""
    return tx.tuples(
        """
        select community_id, id from import_batch
        where state = 'running' or state = 'undoing'
        order by created_at, id
        """
    )


def busy(tx: Tx, community_id: str) -> str:
    """The batch that is being written or taken back now, "" when none is."""
    found = tx.value(
        """
        select id from import_batch
        where community_id = :community and (state = 'running' or state = 'undoing')
        order by created_at, id
        limit 1
        """,
        community=community_id,
    )
    return found or ""


def stale_previews(tx: Tx, community_id: str, before: str) -> list[str]:
    rows = tx.tuples(
        """
        select id from import_batch
        where community_id = :community and state = 'preview' and created_at < :before
        order by id
        """,
        community=community_id,
        before=before,
    )
    return [batch_id for (batch_id,) in rows]


def is_assigned(tx: Tx, community_id: str, building_id: str) -> bool:
    """Whether anybody was ever made responsible for a building."""
    found = tx.value(
        """
        select 1 from person_building
        where community_id = :community and building_id = :building
        limit 1
        """,
        community=community_id,
        building=building_id,
    )
    return found is not None


def _batch(row: tuple[Any, ...]) -> Batch:
    found = Batch(*row)
    return found._replace(summary=msgspec.json.decode(row[7]))
