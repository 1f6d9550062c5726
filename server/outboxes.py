"""Brings in outboxes that phones saved to files: read, shown, applied as their authors' work."""

from datetime import timedelta
from functools import partial
from typing import Any, NamedTuple

import uuid_utils

from server import audit
from server.audit import Author
from server.intake import Intake, lost
from server.intake.receiving import Sender, is_renumbered, text_of
from server.intake.writing import Writing
from server.store import devices, ledgers, people
from server.store import outboxes as rows
from server.store.database import Tx
from server.store.oplog import Oplog
from sync import ledger, outboxes
from sync.operations import MAX_NUMBER, Envelope, open_envelope, stamp
from sync.outboxes import Outbox
from sync.refusals import Refusal

# So many lines share a transaction; phones that sync meanwhile wait no longer than this.
PIECE = 200
UNDECIDED_FOR = timedelta(days=1)
OPEN_STATES = ("preview", "applying")


class Line(NamedTuple):
    """One operation of a file. `fate`: new, here, other (its id is taken) or unreadable."""

    number: int
    id: str
    n: int
    kind: str
    fate: str
    raw: bytes


class Look(NamedTuple):
    """What importing a file would do. `matches`: "yes", "no", or "" when nothing can be said."""

    lines: list[Line]
    matches: str

    def count(self, fate: str) -> int:
        return sum(line.fate == fate for line in self.lines)

    @property
    def facts(self) -> dict[str, Any]:
        fates = ("new", "here", "other", "unreadable")
        return {"all": len(self.lines), **{one: self.count(one) for one in fates}}


def preview(intake: Intake, community_id: str, by: Author, content: bytes) -> str:
    """Keep a file to be looked at; its id. Raises Refusal for one that cannot be taken in."""
    file = outboxes.read(content)
    with intake.store.read() as tx:
        refuse_strange(tx, community_id, file)
        facts = {**look(tx, community_id, file).facts, "ledger": file.ledger.code}
    file_id = str(uuid_utils.uuid7())

    def keeping(writing: Writing) -> None:
        tx, now = writing.tx, writing.now
        rows.forget_undecided(tx, community_id, stamp(now - UNDECIDED_FOR))
        rows.add(
            tx,
            community_id,
            id=file_id,
            device_id=file.device,
            person_id=file.person.id,
            made_at=file.made_at[:40],
            made_by=by.id,
            created_at=stamp(now),
            content=content,
            facts=facts,
        )
        audit.note(writing, by, "outbox.read", file_id, detail=file.device)

    intake.do(community_id, keeping)
    return file_id


def refuse_strange(tx: Tx, community_id: str, file: Outbox) -> None:
    """Raises Refusal when the file is not of a phone and a person of this community."""
    name = file.person.name[:40] or file.person.id[:8]
    person = people.find(tx, community_id, file.person.id)
    if person is None:
        raise Refusal("outbox.other_community", name=name)
    device = people.device_of(tx, community_id, file.device)
    if device is None:
        raise Refusal("outbox.unknown_device", name=person.name)
    if device["person_id"] != person.id:
        raise Refusal("outbox.device_of_other", name=person.name)


def look(tx: Tx, community_id: str, file: Outbox) -> Look:
    """Every line with whether it is here already, and whether both sides have one ledger."""
    lines = [_line(tx, community_id, number, raw) for number, raw in enumerate(file.raws, 1)]
    return Look(lines, _matches(tx, community_id, file))


def apply(intake: Intake, community_id: str, by: Author, file_id: str) -> None:
    """Take a file in as its person's work. Broken off and begun again, nothing counts twice."""
    content: bytes = intake.do(community_id, lambda writing: _begin(writing, by, file_id))
    file = outboxes.read(content)
    raws = file.raws
    for first in range(0, len(raws), PIECE):
        piece = raws[first : first + PIECE]
        intake.do(community_id, partial(_take_in, file, file_id, first, piece))
    intake.do(community_id, lambda writing: _end(writing, by, file_id, file))


def drop(intake: Intake, community_id: str, by: Author, file_id: str) -> None:
    """Leave a file that was looked at; nothing was written."""

    def dropping(writing: Writing) -> None:
        _find(writing.tx, community_id, file_id, ("preview",))
        rows.go_on(writing.tx, community_id, file_id, "dropped", stamp(writing.now))
        audit.note(writing, by, "outbox.dropped", file_id)

    intake.do(community_id, dropping)


def _line(tx: Tx, community_id: str, number: int, raw: bytes) -> Line:
    envelope = open_envelope(raw)
    if envelope is None:
        return Line(number, "", 0, "", "unreadable", raw)
    known = Oplog(tx, community_id).find(envelope.id)
    fate = "new" if known is None else "here"
    if known is not None and known.hash != ledger.digest(raw).hex():
        fate = "here" if is_renumbered(known.body, raw) else "other"
    return Line(number, envelope.id, envelope.n, _kind(envelope), fate, raw)


def _kind(envelope: Envelope) -> str:
    return text_of(envelope, "kind")[:100]


def _matches(tx: Tx, community_id: str, file: Outbox) -> str:
    """Whether the code in the file is one that this device's ledger has or had."""
    said = file.ledger
    hashes = ledgers.hashes(tx, community_id, file.device)
    if not said.code or said.upto > len(hashes):
        return ""
    head, codes = ledger.START, [ledger.code(ledger.START)]
    for one in hashes:
        head = ledger.extend(head, [bytes.fromhex(one)])
        codes.append(ledger.code(head))
    meant = codes if said.upto < 0 else [codes[said.upto]]
    return "yes" if said.code in meant else "no"


def _begin(writing: Writing, by: Author, file_id: str) -> bytes:
    found = _find(writing.tx, writing.community_id, file_id, OPEN_STATES)
    if found["state"] == "preview":
        at = stamp(writing.now)
        rows.go_on(writing.tx, writing.community_id, file_id, "applying", at)
        audit.note(writing, by, "outbox.confirmed", file_id, detail=found["device_id"])
    return rows.content(writing.tx, writing.community_id, file_id)


def _take_in(file: Outbox, file_id: str, first: int, piece: list[bytes], writing: Writing) -> None:
    """Nobody knows how far the phone's clock was off: times stand as they were written."""
    sender = Sender(writing.community_id, file.person.id, file.device, writing.now, timedelta(0))
    receipts = []
    for raw in piece:
        envelope = open_envelope(raw)
        if envelope is not None:
            writing.from_file.add(envelope.id)
        receipts.append((envelope, writing.receive(raw, sender)))
    for number, (envelope, receipt) in enumerate(receipts, first + 1):
        if receipt.outcome == "held" and receipt.id and receipt.n is not None:
            receipt = writing.receipt(receipt.id, receipt.n)
        rows.note(
            writing.tx,
            writing.community_id,
            file_id,
            number,
            operation_id=receipt.id or "",
            n=receipt.n if receipt.n and 0 < receipt.n <= MAX_NUMBER else 0,
            kind=_kind(envelope) if envelope else "",
            outcome=receipt.outcome,
            code=receipt.code,
            sentence=receipt.message,
        )


def _end(writing: Writing, by: Author, file_id: str, file: Outbox) -> None:
    found = _find(writing.tx, writing.community_id, file_id, OPEN_STATES)
    received = ledgers.ledger_of(writing.tx, writing.community_id, file.device).received
    recorded = file.ledger.recorded if 0 < file.ledger.recorded <= MAX_NUMBER else 0
    devices.settle_by_file(
        writing.tx,
        writing.community_id,
        file.device,
        recorded,
        is_whole=0 < recorded <= received,
    )
    lost.look_again(writing, file.device, file.person.id)
    rows.go_on(writing.tx, writing.community_id, file_id, "imported", stamp(writing.now))
    counts = rows.counts(writing.tx, writing.community_id, file_id)
    said = " ".join(f"{outcome}:{n}" for outcome, n in counts.items())
    audit.note(writing, by, "outbox.imported", file_id, detail=f"{found['device_id']} {said}")


def _find(tx: Tx, community_id: str, file_id: str, states: tuple[str, ...]) -> dict[str, Any]:
    found = rows.find(tx, community_id, file_id)
    if found is None:
        raise Refusal("record.unknown")
    if found["state"] not in states:
        raise Refusal("outbox.decided")
    return found
