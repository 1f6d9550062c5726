"""Verifies log, ledger, feed and tables against each other, from one snapshot."""

import hashlib
from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import msgspec

from server.store import system
from server.store.database import Tx
from server.store.records import STORED, all_records
from sync import ledger
from sync.operations import stamp
from sync.scope import forms
from sync.visits import WINDOW_DAYS, WINDOW_VISITS

# The nightly job that lets visits age out of the window may be a day late.
WINDOW_SLACK = timedelta(days=2)


def faults(tx: Tx, now: datetime) -> Iterator[str]:
    """One sentence for each fault. Conflicts, quarantine and gaps in numbers are none."""
    for community_id in system.community_ids(tx):
        yield from _log_faults(tx, community_id)
        yield from _ledger_faults(tx, community_id)
        yield from _feed_faults(tx, community_id, now)


def _log_faults(tx: Tx, community_id: str) -> Iterator[str]:
    cursor = tx.connection.execute(
        """
        select operation.id, operation.hash, operation.body, operation.state,
          coalesce(waiting.needs, ''), coalesce(quarantine.state, '')
        from operation
        left join waiting on waiting.community_id = operation.community_id
          and waiting.operation_id = operation.id
        left join quarantine on quarantine.community_id = operation.community_id
          and quarantine."key" = operation.id
        where operation.community_id = :community
        """,
        {"community": community_id},
    )
    for operation_id, digest, body, state, needs, kept in cursor:
        if hashlib.sha256(body).hexdigest() != digest:
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
        select received.device_id, received.n, received.hash, coalesce(operation.hash, '')
        from received
        left join operation on operation.community_id = received.community_id
          and operation.id = received.operation_id
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
        if stream.startswith("person:"):
            continue
        form, certain = expected.pop((stream, kind, record_id), (None, True))
        shown = None if text is None else msgspec.json.decode(text)
        if shown != form and certain:
            yield f"feed: {stream} {kind} {record_id} differs from its table"
    for (stream, kind, record_id), (form, certain) in expected.items():
        if form is not None and certain:
            yield f"feed: {stream} {kind} {record_id} is missing"


def _expected(
    tx: Tx, community_id: str, now: datetime
) -> dict[tuple[str, str, str], tuple[Any, bool]]:
    """What each stream should show; the flag is off where the window is just moving."""
    since, surely = (
        stamp(now - timedelta(days=WINDOW_DAYS)),
        stamp(now - timedelta(days=WINDOW_DAYS) - WINDOW_SLACK),
    )
    shown: dict[tuple[str, str, str], tuple[Any, bool]] = {}
    for kind in STORED:
        records: list[Any] = list(all_records(tx, community_id, kind))
        if kind == "visit":
            records.sort(key=lambda one: (one.true_at, one.id), reverse=True)
        count: dict[str, int] = defaultdict(int)
        for record in records:
            certain, kept = True, True
            if kind == "visit":
                count[record.household_id] += 1
                kept = record.true_at >= since and count[record.household_id] <= WINDOW_VISITS
                certain = record.true_at >= since or record.true_at < surely
            for stream, form in forms(record, community_id).items():
                shown[stream, kind, record.id] = (form if kept else None, certain)
                if stream.startswith("doors:") and form is not None:
                    shown[stream, kind, record.id] = (
                        _with_shown_version(tx, community_id, stream, kind, form),
                        certain,
                    )
    return shown


def _with_shown_version(
    tx: Tx, community_id: str, stream: str, kind: str, form: dict[str, Any]
) -> dict[str, Any]:
    """A leader's form keeps the version under which it last changed."""
    text = tx.value(
        """
        select record from feed
        where community_id = :community and stream = :stream and kind = :kind and id = :id
        """,
        community=community_id,
        stream=stream,
        kind=kind,
        id=form["id"],
    )
    if not text:
        return form
    return {**form, "version": msgspec.json.decode(text)["version"]}
