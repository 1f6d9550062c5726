"""Verifies log, ledger, feed and tables against each other, from one snapshot."""

import hashlib
from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import msgspec

from server.store import chain, checking, checking_alerts, checking_issues, system
from server.store.database import Tx
from server.store.records import STORED, all_records
from sync import ledger
from sync.operations import data_as_sent, stamp
from sync.scope import forms
from sync.visits import WINDOW_DAYS, WINDOW_VISITS

# What makes a record of its own id, and the kind of that record.
MAKES = {
    "building.add": "building",
    "household.add": "household",
    "resident.add": "resident",
    "contact.add": "contact",
    "visit.record": "visit",
    "task.add": "task",
    "pairing.add": "pairing",
    "pairing.contact": "visit",
    "alert.contact": "visit",
    "household.split": "household",
}

Key = tuple[str, str, str]


def faults(tx: Tx, now: datetime, secret: bytes = b"") -> Iterator[str]:
    """One sentence for each fault. Conflicts, quarantine and gaps in numbers are none.

    Without the secret of the installation no signature in the trail is verified.
    """
    for community_id in system.community_ids(tx):
        yield from _log_faults(tx, community_id)
        yield from _ledger_faults(tx, community_id)
        yield from _table_faults(tx, community_id)
        yield from _feed_faults(tx, community_id, now)
        yield from checking.faults(tx, community_id)
        yield from checking_alerts.faults(tx, community_id)
        yield from checking_issues.faults(tx, community_id)
        yield from chain.faults(tx, community_id, secret)


def _log_faults(tx: Tx, community_id: str) -> Iterator[str]:
    cursor = tx.connection.execute(
        """
        select operation.id, operation.hash, operation.body, operation.state,
          coalesce(waiting.needs, ''), coalesce(quarantine.state, ''), operation.emptied_at
        from operation
        left join waiting on waiting.community_id = operation.community_id
          and waiting.operation_id = operation.id
        left join quarantine on quarantine.community_id = operation.community_id
          and quarantine."key" = operation.id
        where operation.community_id = :community
        """,
        {"community": community_id},
    )
    for operation_id, digest, body, state, needs, kept, emptied_at in cursor:
        # What was forgotten since is no longer what was received; its hash is.
        if not emptied_at and hashlib.sha256(body).hexdigest() != digest:
            yield f"log: operation {operation_id} does not match its hash"
        if state == "held" and not needs:
            yield f"log: operation {operation_id} is held but waits for nothing"
        if state == "quarantined" and kept != "waiting":
            yield f"log: operation {operation_id} is quarantined but not kept"
        if state == "received":
            yield f"log: operation {operation_id} was received and never settled"


def _ledger_faults(tx: Tx, community_id: str) -> Iterator[str]:
    numbers: dict[str, dict[int, str]] = defaultdict(dict)
    for device_id, n, digest, found in tx.tuples(
        """
        select received.device_id, received.n, received.hash,
          coalesce(operation.hash, quarantine."key", '')
        from received
        left join operation on operation.community_id = received.community_id
          and operation.id = received.operation_id
        left join quarantine on quarantine.community_id = received.community_id
          and quarantine."key" = received.operation_id
        where received.community_id = :community
        order by received.device_id, received.n
        """,
        community=community_id,
    ):
        numbers[device_id][n] = digest
        if digest != found:
            yield f"ledger: number {n} of device {device_id} is not in the log"
    for device_id, received, upto, head in tx.tuples(
        "select id, received, upto, head from device where community_id = :community",
        community=community_id,
    ):
        held = numbers[device_id]
        prefix = 0
        while prefix + 1 in held:
            prefix += 1
        expected = ledger.extend(
            ledger.START, (bytes.fromhex(held[n]) for n in range(1, prefix + 1))
        )
        if (received, upto) != (len(held), prefix):
            yield f"ledger: device {device_id} says {received}/{upto}, has {len(held)}/{prefix}"
        if (head or ledger.START.hex()) != expected.hex():
            yield f"ledger: the code of device {device_id} is wrong"


def _table_faults(tx: Tx, community_id: str) -> Iterator[str]:
    """Every record comes from an applied operation, and what was not removed is still there."""
    applied: dict[str, str] = {}
    removed: set[str] = set()
    contacts_of: dict[str, set[str]] = {}
    cursor = tx.connection.execute(
        "select id, kind, body, emptied_at from operation"
        " where community_id = :community and state = 'applied'",
        {"community": community_id},
    )
    for operation_id, kind, body, emptied_at in cursor:
        applied[operation_id] = kind
        if emptied_at and kind == "contact.add":  # a number goes with whom it belonged to
            removed.add(operation_id)
        if kind.endswith(".remove") or kind in ("contact.add", "pairing.add"):
            said = data_as_sent(body)
            contacts_of[operation_id] = {
                str(said.get(owner, "")) for owner in ("resident_id", "household_id")
            }
            removed |= {said["id"]} if "id" in said else set()
    here = {kind: _ids(tx, community_id, kind) for kind in MAKES.values()}
    merged = _ids(tx, community_id, "redirect")
    for kind, ids in here.items():
        for record_id in sorted(ids - applied.keys()):
            yield f"tables: {kind} {record_id} comes from no applied operation"
    for record_id, made_by in applied.items():
        wanted = MAKES.get(made_by)
        went_along = removed & {record_id, *contacts_of.get(record_id, ())}
        if wanted and record_id not in here[wanted] | merged and not went_along:
            yield f"tables: {wanted} {record_id} of an applied operation is missing"
    yield from _merge_faults(tx, community_id, merged)


def _merge_faults(tx: Tx, community_id: str, merged: set[str]) -> Iterator[str]:
    """Whoever was merged is there under one id, and that one knows of it."""
    known: dict[str, str] = {}
    for kind in ("household", "resident"):
        for record_id, text in tx.tuples(
            f"select id, merged_ids from {kind} where community_id = :c", c=community_id
        ):
            if record_id in merged:
                yield f"merges: {kind} {record_id} was merged and is still there"
            known.update(dict.fromkeys(msgspec.json.decode(text), record_id))
    for record_id in sorted(merged ^ known.keys()):
        yield f"merges: nobody is to be found under {record_id}"


def _ids(tx: Tx, community_id: str, kind: str) -> set[str]:
    rows = tx.tuples(f"select id from {kind} where community_id = :c", c=community_id)
    return {record_id for (record_id,) in rows}


def _feed_faults(tx: Tx, community_id: str, now: datetime) -> Iterator[str]:
    expected = _expected(tx, community_id, now)
    tops: dict[str, int] = dict(
        tx.tuples(
            "select stream, seq from stream where community_id = :community",
            community=community_id,
        )
    )
    for stream, kind, record_id, seq, text in tx.tuples(
        """
        select stream, kind, id, seq, record from feed
        where community_id = :community
        order by stream, kind, id
        """,
        community=community_id,
    ):
        if seq > tops.get(stream, 0):
            yield f"feed: {stream} {kind} {record_id} is numbered beyond its stream"
        if stream.startswith("person:") and kind not in STORED:
            continue
        shown = None if text is None else msgspec.json.decode(text)
        allowed = expected.pop((stream, kind, record_id), [None])
        if _unnumbered(stream, shown) not in [_unnumbered(stream, one) for one in allowed]:
            yield f"feed: {stream} {kind} {record_id} differs from its table"
    for (stream, kind, record_id), allowed in expected.items():
        if None not in allowed:
            yield f"feed: {stream} {kind} {record_id} is missing"


def _expected(tx: Tx, community_id: str, now: datetime) -> dict[Key, list[dict[str, Any] | None]]:
    """What each stream may show. What left the window stays until a nightly job ends it."""
    since = stamp(now - timedelta(days=WINDOW_DAYS))
    expected: dict[Key, list[dict[str, Any] | None]] = {}
    for kind in STORED:
        records: list[Any] = list(all_records(tx, community_id, kind))
        if kind == "visit":
            records.sort(key=lambda one: (one.true_at, one.id), reverse=True)
        count: dict[str, int] = defaultdict(int)
        for record in records:
            shown, gone = True, False
            if kind == "visit":
                count[record.household_id] += 1
                gone = record.true_at < since or count[record.household_id] > WINDOW_VISITS
                shown = record.true_at < since or not gone
            if kind == "issue":
                gone = "" < record.ended_at < since
            for stream, form in forms(record, community_id).items():
                allowed = [form] if shown else []
                expected[stream, kind, record.id] = [*allowed, None] if gone else [*allowed]
    return expected


def _unnumbered(stream: str, form: dict[str, Any] | None) -> dict[str, Any] | None:
    """A form as it is compared: a leader's has a version of its own."""
    return {**form, "version": 0} if form and stream.startswith("doors:") else form
