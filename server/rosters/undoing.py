"""Takes an import back within a day: whatever nobody has touched since, last step first."""

from datetime import timedelta
from typing import Any

import msgspec

from server import audit
from server.intake import Intake
from server.intake.writing import Writing
from server.rosters import plans
from server.rosters.people import Importer, device_of
from server.rosters.steps import Author
from server.store import corrections, identities, roster_steps
from server.store import rosters as rows
from server.store.roster_steps import Taken
from server.store.rosters import Batch
from sync.operations import instant, stamp
from sync.records import Household, Record
from sync.refusals import Refusal

UNDO_HOURS = 24
CHANGED_SINCE = "之后又改过，留着。"
IN_USE = "之后有了别的记录，留着。"

# What a door has from its people and from time; nobody said it.
WORKED_OUT = {
    ("household", field) for field in ("categories", "due_on", "due_category", "interval")
}

Ours = set[tuple[str, int]]


def undo(intake: Intake, person: Importer, batch_id: str) -> None:
    """Begin to take an import back. Refuses after a day."""

    def work(writing: Writing) -> None:
        tx, community_id = writing.tx, writing.community_id
        batch = rows.find(tx, community_id, batch_id)
        confirmed = instant(batch.confirmed_at) if batch else None
        if batch is None or confirmed is None:
            raise Refusal("roster.not_waiting")
        if writing.now - confirmed > timedelta(hours=UNDO_HOURS):
            raise Refusal("roster.undo_too_late", limit=UNDO_HOURS)
        if rows.busy(tx, community_id):
            raise Refusal("roster.busy")
        if not rows.move(tx, community_id, batch_id, "done", "undoing"):
            raise Refusal("roster.not_waiting")
        left = roster_steps.count(tx, community_id, batch_id, "done")
        rows.restart(tx, community_id, batch_id, left)
        rows.summarise(tx, community_id, batch_id, {**batch.summary, "undone_by": person.id})
        corrections.withdraw(tx, community_id, batch_id, person.id, stamp(writing.now))
        audit.note(writing, person.author, "import.undone", batch_id)

    intake.do(person.community_id, work)


def take_back(writing: Writing, batch: Batch, at_once: int) -> None:
    """The next piece of the way back; ends the batch after the last one."""
    tx, community_id = writing.tx, writing.community_id
    left = roster_steps.of_batch(tx, community_id, batch.id, "done", at_once + 1)
    ours = roster_steps.numbers_of(tx, community_id, batch.id)
    person_id = batch.summary["undone_by"]
    back = _Back(Author(writing, person_id, device_of(person_id)), batch.id, ours)
    for taken in left[:at_once]:
        reason = back.take(taken)
        state = "kept" if reason else "undone"
        roster_steps.settle(tx, community_id, batch.id, taken.number, state, reason)
    rows.advance(tx, community_id, batch.id, batch.done, batch.done + len(left[:at_once]))
    if len(left) > at_once:
        return
    rows.move(tx, community_id, batch.id, "undoing", "undone")
    kept = roster_steps.count(tx, community_id, batch.id, "kept")
    rows.summarise(tx, community_id, batch.id, {**batch.summary, "kept": kept})


class _Back:
    """Reverts single steps; says why where it does not."""

    def __init__(self, author: Author, batch_id: str, ours: Ours) -> None:
        self.author, self.batch_id, self.ours = author, batch_id, ours
        self.writing = author.writing

    def take(self, taken: Taken) -> str:
        """ "" when the step is undone, else why it stays."""
        noun, _, verb = taken.kind.partition(".")
        try:
            if verb == "add":
                reason = self._remove(noun, taken)
            elif verb == "change":
                reason = self._change_back(noun, taken)
            else:
                reason = ""
        except Refusal as refusal:
            reason = refusal.sentence
        if not reason:
            self._forget(taken, gone=verb == "add")
        return reason

    def _remove(self, noun: str, taken: Taken) -> str:
        record = self.writing.records.get(noun, taken.record_id)
        if record is None:
            return ""
        if self._is_touched(noun, record):
            return CHANGED_SINCE
        if self._is_in_use(noun, record):
            return IN_USE
        self._submit(f"{noun}.remove", taken, {"id": record.id}, None)
        if "household_id" in taken.before:
            self._vacate(taken)
        return ""

    def _change_back(self, noun: str, taken: Taken) -> str:
        record = self.writing.records.get(noun, taken.record_id)
        if record is None:
            return IN_USE
        stamps = self.writing.records.stamps(noun, record.id)
        fields = {field: value for field, value in taken.before.items() if field in stamps}
        last = {(stamps[field].device, stamps[field].n) for field in fields}
        if last - {(taken.device_id, taken.n)}:
            return CHANGED_SINCE
        if fields:
            data = {"id": record.id, "changes": fields}
            self._submit(f"{noun}.change", taken, data, record.version)
        return ""

    def _is_touched(self, noun: str, record: Record) -> bool:
        """Whether any field was set by anybody but this import and the nightly jobs."""
        stamps = self.writing.records.stamps(noun, record.id)
        said = [one for field, one in stamps.items() if (noun, field) not in WORKED_OUT]
        return any(one.device and (one.device, one.n) not in self.ours for one in said)

    def _is_in_use(self, noun: str, record: Record) -> bool:
        records, community_id = self.writing.records, self.writing.community_id
        if noun == "building":
            return rows.is_assigned(self.writing.tx, community_id, record.id)
        if noun == "household":
            return any(records.of_household(kind, record.id) for kind in ("contact", "task"))
        if noun == "resident":
            home: Any = record
            contacts: list[Any] = records.of_household("contact", home.household_id)
            tasks: list[Any] = records.of_household("task", home.household_id)
            called = any(one.resident_id == record.id for one in contacts)
            return called or any(record.id in one.resident_ids for one in tasks)
        return False

    def _vacate(self, taken: Taken) -> None:
        """The dwelling is vacant again, as it was before this import brought somebody."""
        home = self.writing.records.get("household", taken.before["household_id"])
        others = self.writing.records.of_household("resident", taken.before["household_id"])
        if isinstance(home, Household) and home.tenure == "" and not others:
            data = {"id": home.id, "changes": {"tenure": taken.before["tenure"]}}
            operation = plans.step_id(self.batch_id, f"vacate {taken.number}")
            self.author.submit("household.change", data, home.version, operation)

    def _submit(self, kind: str, taken: Taken, data: dict[str, Any], base: int | None) -> None:
        operation = plans.step_id(self.batch_id, f"undo {taken.number}")
        self.author.submit(kind, data, base, operation)

    def _forget(self, taken: Taken, *, gone: bool) -> None:
        """What was remembered beside the record is as it was before."""
        tx, community_id = self.writing.tx, self.writing.community_id
        if gone:
            return
        roster_steps.say(tx, community_id, taken.record_id, taken.said_before)
        if not taken.identity_before:
            return
        kept = msgspec.msgpack.decode(taken.identity_before)
        if kept is None:
            identities.forget(tx, community_id, taken.record_id)
        else:
            cipher, digest, last4 = kept["cipher"], kept["hash"], kept["last4"]
            identities.keep(tx, community_id, taken.record_id, cipher, digest, last4)
