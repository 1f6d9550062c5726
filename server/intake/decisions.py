"""What the office decides about work that could not simply apply: disputes and kept operations."""

from __future__ import annotations

import hashlib
import uuid
from typing import TYPE_CHECKING, Any

import msgspec

from server.intake.own import follow
from server.intake.receiving import Sender, sender_of, text_of
from server.store import held, outboxes
from server.store.records import building_of
from sync.followups import named_in
from sync.known import Known
from sync.merge import Stamp
from sync.operations import (
    DisputeDecide,
    Operation,
    QuarantineDecide,
    open_envelope,
    stamp,
    understand,
)
from sync.reconcile import Disputed, Follows, decide, reconcile
from sync.refusals import Missing, Refusal
from sync.scope import MAY_DO

if TYPE_CHECKING:
    from server.intake.writing import Writing


class Decisions:
    """The office's word inside one transaction."""

    def __init__(self, writing: Writing) -> None:
        self.writing = writing
        self.tx = writing.tx
        self.home = writing.community_id
        self.log = writing.log
        self.now = writing.now

    def open_dispute(self, operation: Operation, one: Disputed, sender: Sender) -> None:
        record = self.writing.records.get(one.kind, one.record_id)
        assert record is not None
        last = self.writing.records.stamps(one.kind, one.record_id).get(one.field)
        held.dispute(
            self.tx,
            self.home,
            id=dispute_id(operation.id, one.field),
            operation_id=operation.id,
            kind=one.kind,
            record_id=one.record_id,
            field=one.field,
            building_id=building_of(record),
            household_id=getattr(record, "household_id", record.id),
            base=operation.base or 0,
            current=one.current,
            proposed=one.proposed,
            current_device=last.device if last else "",
            current_n=last.n if last else 0,
            device_id=sender.device_id,
            person_id=sender.person_id,
            at=stamp(operation.at),
            received_at=stamp(sender.received_at),
        )

    def dispute(self, data: DisputeDecide, known: Known) -> Follows:
        self._refuse_role("dispute.decide", known)
        found = held.dispute_of(self.tx, self.home, data.id)
        if found is None:
            raise Missing(data.id)
        if found["state"] != "open":
            raise Refusal("dispute.decided")
        record = self.writing.records.get(found["kind"], found["record_id"])
        if record is None:
            raise Refusal("record.unknown")
        held.end_dispute(
            self.tx, self.home, data.id, data.value, known.actor.person_id, stamp(self.now)
        )
        left = held.open_disputes(
            self.tx, self.home, found["kind"], found["record_id"], found["field"]
        )
        after = decide(record, found["field"], data.value, left > 0, known.done_at)
        self.writing.notices.tell(
            found["operation_id"],
            found["person_id"],
            f"{found['kind']}.change",
            "conflict",
            getattr(record, "household_id", record.id),
            state="decided",
            field=found["field"],
        )
        return Follows([after])

    def kept(
        self, operation: Operation, data: QuarantineDecide, known: Known
    ) -> tuple[Follows, list[str]]:
        """What the word of the office on a kept operation changes, and what is settled by it."""
        self._refuse_role("quarantine.decide", known)
        item = held.kept(self.tx, self.home, data.key)
        if item is None:
            raise Refusal("record.unknown")
        if item["state"] != "waiting":
            raise Refusal("quarantine.decided")
        by, at = known.actor.person_id, stamp(self.now)
        if data.decision == "refuse":
            held.close(self.tx, self.home, data.key, "refused", by, at, data.reason)
            if item["key"] == item["operation_id"]:
                self.log.wait_no_more(item["key"])
                self.log.set_state(item["key"], "refused", by)
            self.writing.notices.tell_author(item, "refused", data.reason)
            return Follows(), []
        return Follows(), self._accept_kept(operation, data, item, known)

    def _accept_kept(
        self, operation: Operation, data: QuarantineDecide, item: dict[str, Any], known: Known
    ) -> list[str]:
        """Apply a kept operation on the office's word, as its author's work at its own time."""
        envelope = open_envelope(bytes(item["body"]))
        if envelope is None:
            raise Refusal("quarantine.unreadable")
        own = item["key"] == item["operation_id"]
        changed = None if data.data is msgspec.UNSET else bytes(data.data)
        try:
            kept = understand(envelope, changed)
            self.refuse_twice(kept, known)
            if isinstance(kept.data, DisputeDecide | QuarantineDecide):
                raise Refusal("role.not_allowed")
        except Refusal as refusal:
            raise Refusal("quarantine.cannot_accept", reason=refusal.sentence) from None
        kept = kept if own else msgspec.structs.replace(kept, id=operation.id)
        entry = self.log.get(item["operation_id"])
        sender = sender_of(self.home, entry)._replace(
            person_id=item["person_id"], device_id=item["device_id"]
        )
        if outboxes.brought(self.tx, self.home, [kept.id]):
            self.writing.from_file.add(kept.id)
        try:
            follows = reconcile(kept, self.writing.known(kept, sender, forced=True))
        except Missing:
            raise Refusal("record.unknown") from None
        by, at = known.actor.person_id, stamp(self.now)
        held.close(self.tx, self.home, data.key, "accepted", by, at, data.reason)
        self.writing.save(follows, Stamp(0, sender.device_id, kept.n))
        self.writing.tell_edits(kept.id)
        for one in follows.disputed:
            self.open_dispute(kept, one, sender)
        settled = self.close_replaced(kept, known)
        self.writing.notices.tell_author(item, "accepted", data.reason)
        follow(self.writing, follows, known.actor.person_id)
        if own:
            self.log.wait_no_more(kept.id)
            self.log.set_state(kept.id, "applied", by)
        return [item["key"], *settled, *named_in(follows.changed)]

    def refuse_twice(self, operation: Operation, known: Known) -> None:
        """Raises Refusal for a corrected resend of what was applied meanwhile."""
        for key in self._replaced(operation, known):
            item = held.kept(self.tx, self.home, key)
            entry = self.log.find(key)
            accepted = item is not None and item["state"] in ("accepted", "released")
            if accepted or (entry is not None and entry.state == "applied"):
                raise Refusal("replaces.applied")

    def close_replaced(self, operation: Operation, known: Known) -> list[str]:
        """A corrected resend closes what it replaces; the ids that are settled by it."""
        return [
            key
            for key in self._replaced(operation, known)
            if self._close_kept(key, operation.id, known) or self._close_held(key)
        ]

    def _close_kept(self, key: str, by_id: str, known: Known) -> bool:
        item = held.kept(self.tx, self.home, key)
        if item is None or item["state"] != "waiting":
            return False
        by, at = known.actor.person_id, stamp(self.now)
        held.close(self.tx, self.home, key, "replaced", by, at, by_id)
        if key == item["operation_id"]:
            self.log.wait_no_more(key)
            self.log.set_state(key, "replaced", by)
        self.writing.notices.tell_author(item, "done", "")
        return True

    def _close_held(self, key: str) -> bool:
        """What waits for another is not applied beside its correction when that one comes."""
        entry = self.log.find(key)
        if entry is None or entry.state != "held":
            return False
        self.log.wait_no_more(key)
        self.log.set_state(key, "replaced", entry.person_id)
        kind = self._kind_of(key)
        self.writing.notices.tell(key, entry.person_id, kind, "held", "", state="done")
        return True

    def _kind_of(self, key: str) -> str:
        entry = self.log.find(key)
        return entry.kind if entry else ""

    def _replaced(self, operation: Operation, known: Known) -> list[str]:
        """What this one corrects, and what that one was to correct, as far as it was the same
        person's: the keys of kept and of held operations."""
        whole = known.actor.role in MAY_DO["quarantine.decide"]
        found: list[str] = []
        key = operation.replaces
        while key and key not in found and key != operation.id:
            item = held.kept(self.tx, self.home, key)
            entry = self.log.find(key)
            author = item["person_id"] if item else entry.person_id if entry else ""
            if not author or not (whole or author == known.actor.person_id):
                break
            found.append(key)
            envelope = open_envelope(bytes(item["body"] if item else entry.body if entry else b""))
            key = text_of(envelope, "replaces") if envelope else ""
        return found

    def _refuse_role(self, kind: str, known: Known) -> None:
        if known.actor.role not in MAY_DO[kind]:
            raise Refusal("role.not_allowed")


def dispute_id(operation_id: str, field: str) -> str:
    """The same operation and field always make the same dispute."""
    return str(uuid.UUID(hashlib.sha256(f"{operation_id}/{field}".encode()).hexdigest()[:32]))
