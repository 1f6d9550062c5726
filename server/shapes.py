"""When a release gives records new fields, what streams show of them is written anew, once."""

import hashlib
import logging

import msgspec

from server.intake import Intake, own
from server.intake.writing import Writing
from server.store import feed, system
from server.store import people as people_rows
from server.store.database import Tx
from server.store.records import STORED, all_records
from sync.records import KINDS
from sync.scope import forms

log = logging.getLogger("jinlin.shapes")


def renew(intake: Intake) -> int:
    """Bring the streams to the shapes of this release; how many communities had to be.

    A server starts with a full disk, too: what cannot be written now is at the next start.
    """
    try:
        return _renew(intake, _shapes())
    except Tx.trouble as problem:
        log.error("streams keep the shapes of an earlier release: %s", problem)
        return 0


def note(intake: Intake) -> None:
    """All there is was made by this release: nothing has to be renewed."""
    with intake.store.write() as tx:
        system.set_shapes(tx, _shapes())


def _renew(intake: Intake, now: str) -> int:
    with intake.store.read() as tx:
        if system.shapes(tx) == now:
            return 0
        community_ids = system.community_ids(tx)
    for community_id in community_ids:
        intake.seed(community_id, _show_again)
    note(intake)
    return len(community_ids)


def _show_again(writing: Writing) -> None:
    tx, home = writing.tx, writing.community_id
    for kind in STORED:
        shown = feed.forms_of(tx, home, kind)
        for record in all_records(tx, home, kind):
            told = [
                (form, shown.get((stream, record.id)))
                for stream, form in forms(record, home).items()
                if not stream.startswith("doors:")
            ]
            if any(text is not None and msgspec.json.decode(text) != form for form, text in told):
                writing.feed.show(record)
    for person_id in people_rows.ids(tx, home):
        own.publish(writing, person_id)


def _shapes() -> str:
    """A word for the fields of all records."""
    fields = {kind: struct.__struct_fields__ for kind, struct in sorted(KINDS.items())}
    return hashlib.sha256(repr(fields).encode()).hexdigest()[:16]
