"""What is older than it may be kept, by door; and texts that are taken out of the log."""

from collections.abc import Callable, Iterable
from typing import Any

import msgspec

from server.store.database import Tx, listed

# (id, household) of records, oldest first.
Found = list[tuple[str, str]]

_OLD = {
    "answers": """
        select id, household_id from visit
        where community_id = :community and checkups <> '[]' and true_at < :before
        order by true_at, id""",
    "visits": """
        select id, household_id from visit
        where community_id = :community and true_at < :before
          and (note <> '' or followup <> '' or returned_reason <> '')
        order by true_at, id""",
    "followups": """
        select id, household_id from followup
        where community_id = :community and status = 'closed' and closed_at < :before
          and (result <> '' or note <> '' or steps <> '[]' or (item = '' and what <> ''))
        order by closed_at, id""",
    "tasks": """
        select id, household_id from task
        where community_id = :community and status <> 'open' and reason <> ''
          and due_on <> '' and due_on < :before
        order by due_on, id""",
    "issues": """
        select id, household_id from issue
        where community_id = :community and ended_at <> '' and ended_at < :before
          and text <> ''
        order by ended_at, id""",
    "issue_pictures": """
        select id, household_id from issue
        where community_id = :community and ended_at <> '' and ended_at < :before
          and media <> '[]'
        order by ended_at, id""",
    "weather": """
        select id, household_id from contact_task
        where community_id = :community and asked_at < :before
          and (note <> '' or contacts glob '*"note":"[^"]*')
        order by asked_at, id""",
    # What could not simply apply names no door, or had its door's say.
    "kept": """
        select "key", '' from quarantine
        where community_id = :community and state <> 'waiting' and decided_at < :before
          and length(body) > 0
        order by decided_at, "key" """,
    "disputes": """
        select id, household_id from dispute
        where community_id = :community and state <> 'open' and decided_at < :before
          and (current <> '""' or proposed <> '""' or value <> '')
        order by decided_at, id""",
    "imports": """
        select id, '' from import_batch
        where community_id = :community and created_at < :before and exists (
          select 1 from import_row
          where import_row.community_id = import_batch.community_id
            and import_row.batch_id = import_batch.id
            and (import_row.cells <> '{}' or import_row.draft <> '{}'))
        order by created_at, id""",
    "outboxes": """
        select id, '' from outbox_file
        where community_id = :community and created_at < :before and content is not null
        order by created_at, id""",
    "pictures": """
        select id, household_id from visit
        where community_id = :community and media <> '[]' and true_at < :before
        order by true_at, id""",
    # Since when somebody is gone: the last operation that spoke of them, or the last contact.
    "people": """
        select id, household_id from (
          select resident.id, resident.household_id, max(
            coalesce((
              select max(operation.received_at) from operation
              where operation.community_id = resident.community_id
                and operation.household_id = resident.household_id
                and operation.kind in ('resident.add', 'resident.change')
                and (operation.id = resident.id
                  or instr(cast(operation.body as text), resident.id) > 0)
            ), ''), resident.last_contact_on, resident.added_on) as gone_at
          from resident
          where resident.community_id = :community
            and resident.status in ('moved_out', 'deceased') and resident.name not like '%**'
        ) where gone_at < :before
        order by gone_at, id""",
}


def old(tx: Tx, community_id: str, what: str, before: str) -> Found:
    rows = tx.tuples(_OLD[what], community=community_id, before=before)
    return [(record_id, household_id) for record_id, household_id in rows]


def old_alert_rows(tx: Tx, community_id: str, before: str) -> int:
    """How many notes of what was handed to whom are older."""
    return sum(
        int(tx.value(f"select count(*) from {sql}", community=community_id, before=before))
        for sql in _ALERT_ROWS
    )


def drop_alert_rows(tx: Tx, community_id: str, before: str) -> int:
    return sum(
        tx.run(f"delete from {sql}", community=community_id, before=before) for sql in _ALERT_ROWS
    )


_ALERT_ROWS = (
    "digest where community_id = :community and made_at < :before and state <> 'waiting'",
    "dispatch where community_id = :community and at < :before",
)


def old_trail(tx: Tx, community_id: str, before: str) -> tuple[int, int]:
    """How many rows of the trail may go, and the number of the last of them."""
    kept = tx.value(
        "select min(n) from audit where community_id = :community and at >= :before",
        community=community_id,
        before=before,
    )
    sql = "select count(*), coalesce(max(n), 0) from audit where community_id = :community"
    sql += "" if kept is None else " and n < :kept"
    given = {} if kept is None else {"kept": kept}
    ((count, last),) = tx.tuples(sql, community=community_id, **given)
    return count, last


def drop_trail(tx: Tx, community_id: str, last: int) -> int:
    """Only what an anchor was signed for goes: the table itself refuses the rest."""
    return tx.run(
        "delete from audit where community_id = :community and n <= :last",
        community=community_id,
        last=last,
    )


def drop_wishes(tx: Tx, community_id: str, before: str) -> int:
    """What residents asked and were answered goes with the trail of it."""
    return tx.run(
        "delete from wish where community_id = :community and answered_at <> ''"
        " and answered_at < :before",
        community=community_id,
        before=before,
    )


def drop_edits(tx: Tx, community_id: str, record_ids: Iterable[str]) -> None:
    """The old and new values of what is forgotten."""
    marks, given = listed(record_ids)
    tx.run(
        f"delete from edit where community_id = :community and record_id in ({marks})",
        community=community_id,
        **given,
    )


def empty_log(
    tx: Tx,
    community_id: str,
    household_id: str,
    ids: set[str],
    blank: Callable[[dict[str, Any]], Any],
    at: str,
) -> int:
    """Take what is forgotten out of the operations of a door that made or name one of `ids`.

    Ids, kinds, numbers and the hash of what was received stay: a phone that sends one again gets
    the same receipt, and the ledger still adds up.
    """
    changed = 0
    for operation_id, body in tx.tuples(
        """
        select id, body from operation
        where community_id = :community and household_id = :household and state = 'applied'
        order by id
        """,
        community=community_id,
        household=household_id,
    ):
        try:
            envelope = msgspec.json.decode(body)
            data = envelope["data"]
        except (msgspec.DecodeError, KeyError, TypeError):
            continue
        if not isinstance(data, dict) or not ({operation_id, *_ids_in(data)} & ids):
            continue
        after = {**envelope, "data": blank(data)}
        if after != envelope:
            changed += _write(tx, community_id, operation_id, after, at)
    return changed


def _write(tx: Tx, community_id: str, operation_id: str, body: Any, at: str) -> int:
    return tx.run(
        """
        update operation set body = :body, emptied_at = :at
        where community_id = :community and id = :id
        """,
        community=community_id,
        id=operation_id,
        body=msgspec.json.encode(body),
        at=at,
    )


def _ids_in(data: dict[str, Any]) -> set[str]:
    named = {data.get("id"), data.get("resident_id"), data.get("visit_id")}
    return {str(one) for one in named if one}


def drop_media(tx: Tx, community_id: str, visit_id: str) -> None:
    """A visit no longer speaks of its pictures."""
    tx.run(
        "delete from media_visit where community_id = :community and visit_id = :visit",
        community=community_id,
        visit=visit_id,
    )


def drop_issue_media(tx: Tx, community_id: str, issue_id: str) -> None:
    """An issue no longer speaks of its pictures."""
    tx.run(
        "delete from media_issue where community_id = :community and issue_id = :issue",
        community=community_id,
        issue=issue_id,
    )
