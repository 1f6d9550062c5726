"""Somebody on the weather list is asked whether they are safe: a visit, and the end of a task."""

from collections.abc import Iterable

from msgspec.structs import replace

from sync import visits
from sync.alert_records import ContactTask
from sync.cascade import LATE
from sync.duties import id_of
from sync.known import Known
from sync.operations import AlertContact, Result, VisitRecord, stamp
from sync.records import Record

# What a visit says of each outcome; who was spoken to was met, or answered the telephone.
RESULTS: dict[str, Result] = {"no_answer": "no_answer", "moved": "away", "declined": "refused"}


def contact(operation_id: str, data: AlertContact, known: Known) -> list[Record]:
    """A weather visit with the operation's id. The first outcome by its own time is the task's."""
    alert = known.alert(data.incident_id)
    spoken: Result = "met" if data.method == "door" else "phone_ok"
    visit = VisitRecord(
        household_id=data.household_id,
        type="weather",
        method=data.method,
        result=RESULTS.get(data.outcome, spoken),
        resident_ids=data.resident_ids,
        note=data.note,
        started_at=data.started_at,
        ended_at=data.ended_at,
        checkups=data.checkups,
    )
    changed = visits.record(operation_id, visit, known)
    task = known.contact_task(id_of(alert.id, data.household_id))
    return [*changed, _done(task, data, known)] if task else changed


def cancelled(tasks: Iterable[ContactTask]) -> list[ContactTask]:
    """Nobody has to be asked any more; what was done stays."""
    return [replace(one, state="cancelled") for one in tasks if one.state == "open"]


def _done(task: ContactTask, data: AlertContact, known: Known) -> ContactTask:
    moment = known.moment
    true_at = min(moment.true_at, moment.received_at)
    at = stamp(true_at)
    if task.state == "done" and task.at <= at:
        return task
    return replace(
        task,
        state="done",
        outcome=data.outcome,
        by=known.actor.person_id,
        by_name=known.actor.name,
        at=at,
        is_late=int(moment.received_at - true_at > LATE),
        note=data.note,
    )
