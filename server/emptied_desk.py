"""What is left of texts that could not simply apply, of files, and of past weather contacts."""

from collections.abc import Callable, Iterable
from typing import Any

from msgspec.structs import replace

from server.intake.writing import Writing
from server.store import forgettable_desk as rows
from sync.merge import Stamp
from sync.operations import stamp
from sync.reconcile import Follows
from sync.records import ContactTask

NOBODY = Stamp(0, "", 0)
Blank = Callable[[dict[str, Any]], Any]


def weather(writing: Writing, task_id: str) -> None:
    one = writing.records.get("contact_task", task_id)
    assert isinstance(one, ContactTask)
    contacts = [{**each, "note": ""} for each in one.contacts]
    writing.save(Follows([replace(one, note="", contacts=contacts)]), NOBODY)


def kept(writing: Writing, key: str, blank: Blank) -> None:
    # What is put aside is written before the log is read as it lies in its table.
    writing.tx.pour()
    rows.empty_kept(writing.tx, writing.community_id, key, blank, stamp(writing.now))
    writing.log.forget()


def dispute(writing: Writing, dispute_id: str) -> None:
    rows.empty_dispute(writing.tx, writing.community_id, dispute_id)


def imported(writing: Writing, batch_id: str) -> None:
    rows.empty_rows(writing.tx, writing.community_id, batch_id)


def outbox(writing: Writing, file_id: str) -> None:
    rows.empty_outbox(writing.tx, writing.community_id, file_id)


def about(writing: Writing, ids: Iterable[str], blank: Blank) -> None:
    """What was decided about somebody who is forgotten goes with them."""
    rows.empty_disputes_about(writing.tx, writing.community_id, ids)
    for key in rows.decided_about(writing.tx, writing.community_id, ids):
        kept(writing, key, blank)
