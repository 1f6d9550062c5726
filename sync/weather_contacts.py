"""Somebody on the weather list was asked after: a visit of its own, and the task is told of it.

Twin: web/phone/weather_contacts.js.
"""

from datetime import timedelta
from typing import Any

from msgspec.structs import replace

from sync import days, weather_list
from sync.cascade import LATE
from sync.duties import id_of
from sync.known import Known
from sync.operations import AlertContact, Result, VisitRecord, stamp
from sync.records import Followup, Household, Pairing, Record, Visit
from sync.refusals import Refusal
from sync.visits import record

LEADER = "leader"
NEEDS_HELP = "needs_help"
# What the office reads, and by when somebody is to have helped.
HELP = "天气叫应：需要帮助"
HELP_WITHIN = timedelta(hours=1)
MAX_FOLLOWUP = 200
# Who was brought to a safe place is looked for there, and at home again from the next day on.
MOVED_DAYS = 1
RESULTS: dict[str, Result] = {
    "no_answer": "no_answer",
    "moved": "away",
    "declined": "refused",
}


def contact(operation_id: str, data: AlertContact, known: Known) -> list[Record]:
    """A visit with the id of the operation, what became of the task, and a cry for help at once.

    It is kept whatever became of the warning meanwhile, and opens nothing that was over.
    """
    household = known.household(data.household_id)
    alert = known.alert(data.incident_id)
    task = known.contact_task(id_of(alert.id, household.id))
    pairing = _pairing(data, household, known) if known.actor.role == LEADER else None

    changed = record(operation_id, _visit(data, pairing, known), known)
    if data.outcome == NEEDS_HELP:
        changed = [_urgent(one, known) if isinstance(one, Followup) else one for one in changed]
    if task is not None:
        (visit,) = (one for one in changed if isinstance(one, Visit))
        changed.append(weather_list.with_contact(task, _said(visit, data, known)))
    return changed


def _pairing(data: AlertContact, household: Household, known: Known) -> Pairing:
    """The pair for which a leader was in touch; it may have ended since. They speak of nobody
    else."""
    on = known.day(known.moment.true_at)
    theirs = {
        one.resident_id: one
        for one in known.pairings(household.id)
        if one.leader_id == known.actor.person_id and (one.status == "active" or on <= one.until_on)
    }
    if not data.resident_ids or not set(data.resident_ids) <= set(theirs):
        raise Refusal("pairing.not_yours")
    return theirs[data.resident_ids[0]]


def _visit(data: AlertContact, pairing: Pairing | None, known: Known) -> VisitRecord:
    at_door = data.method == "door"
    is_moved = data.outcome == "moved"
    on = known.day(min(known.moment.true_at, known.moment.received_at))
    return VisitRecord(
        household_id=data.household_id,
        type="weather",
        method=data.method,
        result=RESULTS.get(data.outcome, "met" if at_door else "phone_ok"),
        resident_ids=data.resident_ids,
        note=data.note,
        started_at=data.started_at,
        ended_at=data.ended_at,
        away_until=days.after(on, MOVED_DAYS) if is_moved else "",
        checkups=[] if pairing else data.checkups,
        followup=_cry(data.note) if data.outcome == NEEDS_HELP else "",
        pairing_id=pairing.id if pairing else "",
    )


def _cry(note: str) -> str:
    return f"{HELP}：{note}"[:MAX_FOLLOWUP] if note else HELP


def _urgent(followup: Followup, known: Known) -> Followup:
    """What the visit asks for itself; what its answers ask for has a level of its own."""
    if followup.item:
        return followup
    at = min(known.moment.true_at, known.moment.received_at)
    return replace(followup, level="red", kind=NEEDS_HELP, due_at=stamp(at + HELP_WITHIN))


def _said(visit: Visit, data: AlertContact, known: Known) -> dict[str, Any]:
    at = min(known.moment.true_at, known.moment.received_at)
    return {
        "id": visit.id,
        "at": stamp(at),
        "by": visit.by,
        "by_name": visit.by_name,
        "outcome": data.outcome,
        "method": visit.method,
        "note": visit.note,
        "is_late": int(known.moment.received_at - at > LATE),
    }
