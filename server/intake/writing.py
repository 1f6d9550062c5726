"""Applies operations inside one write transaction: the rules meet the tables here."""

import hashlib
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

import msgspec

from server.intake import issues, merging, own, trail, weather_tasks
from server.intake.decisions import Decisions
from server.intake.notices import Notices
from server.intake.receiving import (
    Receipt,
    Sender,
    household_in,
    is_renumbered,
    sender_of,
    shifted,
    text_of,
)
from server.intake.waiting import Waiting
from server.store import alert_reach, edits, held, identities, media, people, roster_steps, trouble
from server.store.database import Tx
from server.store.feed import Feed
from server.store.ledgers import Ledgers
from server.store.oplog import Logged, Oplog
from server.store.records import Records
from sync.followups import named_in
from sync.known import Actor, Known, Moment
from sync.merge import Stamp
from sync.operations import (
    MAX_NUMBER,
    DisputeDecide,
    Envelope,
    Operation,
    QuarantineDecide,
    instant,
    open_envelope,
    stamp,
    understand,
)
from sync.reconcile import Follows, reconcile
from sync.records import Community, Record, Redirect, Visit, kind_of, only
from sync.refusals import Missing, Refusal
from sync.seals import sealed_in
from sync.visits import WINDOW_DAYS

log = logging.getLogger("jinlin.intake")


class Writing:
    """One transaction over one community. Every operation in it has its own savepoint.

    With `seeding`, the feed is written once at the end instead of after every operation. With
    `careful`, nothing is put aside: a row that the tables refuse stops only its own operation.
    """

    def __init__(
        self,
        tx: Tx,
        community_id: str,
        now: datetime,
        *,
        seeding: bool = False,
        careful: bool = False,
    ) -> None:
        self.community_id = community_id
        self.seeding = seeding
        self.careful = careful
        self.log = Oplog(tx, community_id)
        self.ledgers = Ledgers(tx, community_id)
        self.records = Records(tx, community_id)
        self.feed = Feed(tx, community_id, _window_from(now))
        self._begin(tx, now)

    def _begin(self, tx: Tx, now: datetime) -> None:
        self.tx = tx
        self.now = now
        self.notices = Notices(self.feed, now)
        self.decisions = Decisions(self)
        self.waiting = Waiting(self)
        self.moved: dict[str, int] = {}
        # What the operation at hand changed so far: (before, after or none), to be told as edits.
        self.edited: list[tuple[Record, Record | None]] = []
        # Operations that came in a file: nobody knows how far the phone's clock was off.
        self.from_file: set[str] = set()
        self._actors: dict[tuple[str, str], Actor] = {}

    def go_on(self, tx: Tx, now: datetime) -> None:
        """Go on in the next transaction with what is known, when nobody wrote in between."""
        for cache in (self.log, self.ledgers, self.records):
            cache.go_on(tx)
        self.feed.go_on(tx, _window_from(now))
        self._begin(tx, now)

    def flush(self) -> dict[str, int]:
        """Number what the feed has pending and note which streams moved."""
        if self.seeding:
            return {}
        numbers = self.feed.flush()
        self.moved.update(numbers)
        return numbers

    def finish(self) -> None:
        """Number what the feed has left pending."""
        self.moved.update(self.feed.flush(by_door=self.seeding))

    def forget(self) -> None:
        """Drop what is known of the tables: a savepoint was rolled back."""
        for cache in (self.log, self.ledgers, self.records, self.feed):
            cache.forget()

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """A savepoint that also forgets what was cached when it is rolled back."""
        if self.seeding:
            yield
            return
        before = self.tx.writes
        try:
            with self.tx.savepoint():
                yield
                if self.careful:
                    self.tx.pour()
        except BaseException:
            self.feed.drop()
            if self.tx.writes != before:
                self.forget()
            raise

    def receive_all(self, raws: list[bytes], sender: Sender) -> list[Receipt]:
        """Take in the elements of a push, after reading in one go what they are about."""
        return self.receive_each([(raw, sender) for raw in raws])

    def receive_each(self, sent: list[tuple[bytes, Sender]]) -> list[Receipt]:
        """The same for elements that several people sent, in the order in which they came."""
        envelopes = [open_envelope(raw) for raw, _ in sent]
        readable = [one for one in envelopes if one is not None]
        self.log.expect({one.id for one in readable})
        doors = {household_in(one) for one in readable} - {""}
        self.records.expect(doors)
        self.feed.expect(doors)
        return [
            self._receive(raw, envelope, sender)
            for (raw, sender), envelope in zip(sent, envelopes, strict=True)
        ]

    def receive(self, raw: bytes, sender: Sender) -> Receipt:
        """Take in one element of a push. Nothing received is ever dropped."""
        return self._receive(raw, open_envelope(raw), sender)

    def _receive(self, raw: bytes, envelope: Envelope | None, sender: Sender) -> Receipt:
        digest = hashlib.sha256(raw).hexdigest()
        if envelope is None:
            return self._keep_unread(raw, digest, sender)
        before = self.log.find(envelope.id)
        if before is not None and before.hash == digest:
            if before.device_id != sender.device_id:
                self._number(envelope, digest, sender, envelope.id)
            return self.repeated(envelope.id, envelope.n)
        if before is not None:
            return self._keep_other(before, raw, digest, sender, envelope)

        problem = self._enter(envelope, digest, sender)
        if problem:
            self.waiting.quarantine(envelope.id, Refusal(problem))
        else:
            self.waiting.release(self._try(envelope, sender))
        return self.receipt(envelope.id, envelope.n)

    def receipt(self, operation_id: str, n: int) -> Receipt:
        """The receipt as it stands now: a held operation may have been released since."""
        known = self.log.get(operation_id)
        return Receipt(
            operation_id,
            n,
            known.outcome,
            known.seqs,
            "",
            known.code,
            known.sentence,
        )

    def repeated(self, operation_id: str, n: int) -> Receipt:
        """The receipt of an operation that is here already: what it has become is `first`."""
        known = self.receipt(operation_id, n)
        return msgspec.structs.replace(known, outcome="duplicate", first=known.outcome)

    def apply_now(self, raw: bytes, sender: Sender) -> Receipt:
        """Apply an office form. Raises Refusal, and Missing as one, with nothing kept."""
        envelope = open_envelope(raw)
        assert envelope is not None, "our own forms are readable"
        try:
            with self._alone():
                self._enter(envelope, hashlib.sha256(raw).hexdigest(), sender)
                settled = self._apply(understand(envelope), sender)
        except Missing:
            raise Refusal("record.unknown") from None
        self.waiting.release(settled)
        return self.receipt(envelope.id, envelope.n)

    def _enter(self, envelope: Envelope, digest: str, sender: Sender) -> str:
        """Write the operation down and into its ledger; the code of what is wrong with it."""
        device = sender.device_id
        problem = self.ledgers.problem(device, envelope.n)
        at = instant(text_of(envelope, "at")) or sender.received_at
        self.log.write(
            Logged(
                id=envelope.id,
                device_id=device,
                n=envelope.n if 1 <= envelope.n <= MAX_NUMBER else 0,
                person_id=sender.person_id,
                kind=text_of(envelope, "kind")[:100],
                at=stamp(at),
                true_at=stamp(shifted(at, sender.offset)),
                received_at=stamp(sender.received_at),
                body=envelope.raw,
                hash=digest,
            )
        )
        self.records.expect_new(envelope.id)
        if not problem:
            self.ledgers.enter(device, envelope.n, digest, envelope.id)
        return problem

    def attempt(self, operation_id: str) -> list[str]:
        """Apply a written operation, hold it, or keep it; the ids that are settled by it."""
        logged = self.log.get(operation_id)
        envelope = open_envelope(logged.body)
        assert envelope is not None
        return self._try(envelope, sender_of(self.community_id, logged))

    def _try(self, envelope: Envelope, sender: Sender) -> list[str]:
        operation_id = envelope.id
        try:
            operation = understand(envelope)
            for needs in operation.after:
                self.waiting.refuse_or_wait(operation_id, needs)
            with self._alone():
                return self._apply(operation, sender)
        except Missing as missing:
            self.waiting.hold(operation_id, missing.needs)
        except Refusal as refusal:
            self.waiting.quarantine(operation_id, refusal)
        except Exception as problem:  # one operation never stops its neighbours
            if trouble.cause(problem):
                raise
            log.exception("operation %s failed", operation_id)
            self.waiting.quarantine(operation_id, Refusal("operation.failed"))
        return []

    def _apply(self, operation: Operation, sender: Sender) -> list[str]:
        self.edited.clear()
        known = self.known(operation, sender)
        settled = [operation.id]
        if operation.replaces:
            self.decisions.refuse_twice(operation, known)
        match operation.data:
            case DisputeDecide():
                follows = self.decisions.dispute(operation.data, known)
            case QuarantineDecide():
                follows, kept = self.decisions.kept(operation, operation.data, known)
                settled += kept
            case _:
                follows = self._follow(operation, known)
        returned = self._returned(follows)
        household_id = self.save(follows, Stamp(0, sender.device_id, operation.n))
        self.tell_edits(operation.id)
        alert_reach.add(self.tx, self.community_id, follows.events)
        for one in follows.disputed:
            self.decisions.open_dispute(operation, one, sender)
        settled += named_in(follows.changed)
        if operation.replaces:
            settled += self.decisions.close_replaced(operation, known)
        self.notices.tell_returned(operation, follows, returned)
        own.follow(self, follows, sender.person_id)
        outcome = "conflict" if follows.disputed else "accepted"
        if follows.disputed:
            self.notices.tell(operation.id, sender.person_id, operation.kind, outcome, household_id)
        seqs = self.flush()
        if len(seqs) > 1:
            self.feed.join(seqs)
        self.log.settle(
            operation.id,
            outcome=outcome,
            state="applied",
            seqs=seqs,
            household_id=household_id,
        )
        trail.follow(self, operation, known.actor)
        return settled

    def _follow(self, operation: Operation, known: Known) -> Follows:
        try:
            return reconcile(operation, known)
        except Missing as missing:
            self.waiting.refuse_gone(missing.needs)
            raise

    def _returned(self, follows: Follows) -> set[str]:
        """Visits that were with their author to be corrected until now."""
        known = [self.records.get("visit", one.id) for one in only(Visit, follows.changed)]
        return {one.id for one in known if isinstance(one, Visit) and one.review == "returned"}

    def save(self, follows: Follows, by: Stamp) -> str:
        """Write changed records and their forms; the household they are about, if any."""
        household_id = merging.door_of(follows)
        merged = {one.id for one in only(Redirect, follows.changed)}
        for kind, record_id in follows.removed:
            if record_id in merged:
                self._remove(kind, record_id)  # its door is free from now on
        saved: list[tuple[Record | None, Record]] = []
        for record in follows.changed:
            kind = kind_of(record)
            before = self.records.get(kind, record.id)
            if before is None:
                self.records.add(record, follows.stamps.get(record.id))
                if isinstance(record, Visit) and record.media:
                    media.refer(self.tx, self.community_id, record)
                self.feed.show(record)
            else:
                record = self._change(before, record, by)
            saved.append((before, record))
            if not household_id:
                is_door = kind == "household"
                household_id = record.id if is_door else getattr(record, "household_id", "")
        for kind, record_id in follows.removed:
            gone = self._remove(kind, record_id)
            if gone is not None:
                household_id = household_id or getattr(gone, "household_id", "")
                self.edited.append((gone, None))
                identities.forget(self.tx, self.community_id, record_id)
                roster_steps.forget(self.tx, self.community_id, record_id)
        merging.follow(self, follows)
        weather_tasks.follow(self, follows.changed)
        issues.follow(self, saved)
        return household_id

    def _remove(self, kind: str, record_id: str) -> Record | None:
        gone = self.records.get(kind, record_id)
        if gone is not None:
            self.records.remove(kind, record_id)
            self.feed.hide(gone)
        return gone

    def tell_edits(self, operation_id: str) -> None:
        """Write down old and new values of the roster's fields that were changed just now."""
        edits.add(self.tx, self.community_id, operation_id, self.edited)
        self.edited.clear()

    def _change(self, before: Record, after: Record, by: Stamp) -> Record:
        if after is before or after == before:
            return before
        after = msgspec.structs.replace(after, version=before.version + 1)
        self.records.change(before, after, by._replace(version=after.version))
        self.edited.append((before, after))
        self.feed.show(after, before)
        return after

    def _keep_other(
        self, before: Logged, raw: bytes, digest: str, sender: Sender, envelope: Envelope
    ) -> Receipt:
        """Other bytes under a used id: somebody's mistake, or the same work numbered anew."""
        kept = self._keep_nameless(raw, digest, sender, envelope, "id.reused")
        own = before.person_id == sender.person_id and before.device_id != sender.device_id
        if not (own and is_renumbered(before.body, raw)):
            return kept
        held.close(self.tx, self.community_id, digest, "repeated", "", stamp(self.now), "")
        return self.repeated(envelope.id, envelope.n)

    def _keep_unread(self, raw: bytes, digest: str, sender: Sender) -> Receipt:
        """Bytes without a name; of a seal that does not open the number on it is answered."""
        sealed = sealed_in(raw)
        code = "seal.unreadable" if sealed else "operation.unreadable"
        kept = self._keep_nameless(raw, digest, sender, None, code)
        return msgspec.structs.replace(kept, n=sealed.n) if sealed else kept

    def _keep_nameless(
        self, raw: bytes, digest: str, sender: Sender, envelope: Envelope | None, code: str
    ) -> Receipt:
        """Bytes that cannot stand under their own id are kept under their hash."""
        ident, n = (envelope.id, envelope.n) if envelope else (None, None)
        refusal = Refusal(code)
        if envelope:
            self._number(envelope, digest, sender, digest)
        if held.kept(self.tx, self.community_id, digest):
            return Receipt(ident, n, "duplicate", {}, "quarantined", code, refusal.sentence)
        held.keep(
            self.tx,
            self.community_id,
            key=digest,
            operation_id=ident or "",
            device_id=sender.device_id,
            person_id=sender.person_id,
            n=0,
            kind=text_of(envelope, "kind")[:100] if envelope else "",
            body=raw,
            code=code,
            sentence=refusal.sentence,
            received_at=stamp(sender.received_at),
        )
        return Receipt(ident, n, "quarantined", {}, "", code, refusal.sentence)

    def _number(self, envelope: Envelope, digest: str, sender: Sender, key: str) -> None:
        """What is stored already fills its number on every device that sends it."""
        if not self.ledgers.problem(sender.device_id, envelope.n):
            self.ledgers.enter(sender.device_id, envelope.n, digest, key)

    def known(self, operation: Operation, sender: Sender, *, forced: bool = False) -> Known:
        moment = Moment(operation.at, shifted(operation.at, sender.offset), sender.received_at)
        community = self.records.get("community", self.community_id)
        assert isinstance(community, Community)
        key = sender.person_id, sender.device_id
        if key not in self._actors:
            self._actors[key] = people.actor(self.tx, self.community_id, *key, self.now)
        from_file = operation.id in self.from_file
        return Known(
            self.records, self._actors[key], moment, community, forced=forced, from_file=from_file
        )


def _window_from(now: datetime) -> str:
    return stamp(now - timedelta(days=WINDOW_DAYS))
