"""Who is asked after one by one when a warning comes: which doors, how soon, by which way.

A door is on the list for its people (DOMAIN §2.7). Nobody falls off it for having refused a visit:
they are telephoned. What a task says of its contacts is told by them in the order of true time, so
it is the same in whatever order phones send. Twin of the last part: web/phone/weather_list.js.

Ground floors where water comes in, unsafe houses, and people who need power to breathe belong on
this list, too; no record says who they are, so the office is told that they are not on it.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from msgspec import Struct
from msgspec.structs import replace

from sync.alert_records import Alert, ContactTask, PairTask
from sync.alert_words import RANK
from sync.care import GONE, HIGH_RISK, PAUSED, RED_DAYS, categories_of
from sync.duties import id_of
from sync.operations import instant, stamp
from sync.records import Household, Pairing, Resident, Visit
from sync.respect import is_resting

LISTED = frozenset(
    {
        "living_alone",
        "childless_alone",
        "functional_loss",
        "dementia",
        "severe_disability",
        "subsistence_allowance",
        "destitute_support",
        HIGH_RISK,
    }
)
# How long the whole list may take, and how soon each contact is to be begun; others ask nobody.
LIMITS = {"yellow": timedelta(hours=4), "orange": timedelta(hours=2), "red": timedelta(hours=1)}
BEGIN = {
    "yellow": timedelta(minutes=15),
    "orange": timedelta(minutes=10),
    "red": timedelta(minutes=5),
}
# Yellow asks only for those who are seen every week; red keeps workers indoors if they can.
ONLY_RED = {"yellow"}
BY_PHONE = {"yellow", "red"}
NO_KNOCK = {"phone", "none"}

# What a contact may say. Who did not answer is still to be reached.
SETTLES = ("safe", "needs_help", "moved", "declined")
OUTCOMES = (*SETTLES, "no_answer")
MET = ("met", "met_family", "phone_ok")
OF_RESULT = {
    **dict.fromkeys(MET, "safe"),
    "refused": "declined",
    **dict.fromkeys(("away", "hospital", "institution", "moved_out", "deceased"), "moved"),
}

AFTER = "CK-AFTER"
# Kinds are open words: the first that is part of one names its list, longer ones in front.
HAZARDS = (
    ("火险", "CK-FIRE"),
    ("火灾", "CK-FIRE"),
    ("风雪", "CK-COLD"),
    ("台风", "CK-WIND"),
    ("干热风", "CK-HEAT"),
    ("龙卷", "CK-WIND"),
    ("雷", "CK-WIND"),
    ("强对流", "CK-WIND"),
    ("冰雹", "CK-WIND"),
    ("风", "CK-WIND"),
    ("暴雪", "CK-COLD"),
    ("雨雪", "CK-COLD"),
    ("雨", "CK-RAIN"),
    ("洪", "CK-RAIN"),
    ("涝", "CK-RAIN"),
    ("地质", "CK-RAIN"),
    ("滑坡", "CK-RAIN"),
    ("泥石流", "CK-RAIN"),
    ("高温", "CK-HEAT"),
    ("寒", "CK-COLD"),
    ("低温", "CK-COLD"),
    ("降温", "CK-COLD"),
    ("雪", "CK-COLD"),
    ("冻", "CK-COLD"),
    ("霜", "CK-COLD"),
    ("冰", "CK-COLD"),
)


class Warned(Struct, frozen=True, kw_only=True):
    """A warning as the list asks about it now. `from_at`: when households may be told."""

    incident_id: str
    kind: str
    colour: str
    at: datetime
    from_at: datetime
    ends_at: datetime


class Door(NamedTuple):
    household: Household
    residents: list[Resident]
    pairings: list[Pairing]


def checklist_of(kind: str) -> str:
    """What is gone through at a door in this weather; "" where there is no list for it."""
    return next((code for word, code in HAZARDS if word in kind), "")


def asks(colour: str) -> bool:
    """Whether anybody is asked after at all."""
    return colour in LIMITS


def listed(
    door: Door, colour: str, intervals: Mapping[str, int], today: str
) -> tuple[list[Resident], bool]:
    """Who of a door is on the list, and whether one of them is seen every week."""
    if door.household.status != "active" or not asks(colour):
        return [], False
    of_door = LISTED & set(door.household.own_categories)
    found, red = [], []
    for one in door.residents:
        held = of_door | (LISTED & set(categories_of(one, today)))
        if held and not _is_elsewhere(one, today):
            found.append(one)
            if any(intervals.get(code, RED_DAYS + 1) <= RED_DAYS for code in held):
                red.append(one)
    return (red if colour in ONLY_RED else found), bool(red)


def _is_elsewhere(person: Resident, today: str) -> bool:
    is_back = bool(person.status_until) and person.status_until < today
    return person.status in GONE or (person.status in PAUSED and not is_back)


def renewed(
    warned: Warned,
    doors: Iterable[Door],
    known: Mapping[str, ContactTask],
    intervals: Mapping[str, int],
    *,
    today: str,
    is_drawn: bool,
) -> list[ContactTask]:
    """The tasks of these doors that are new or differ now; `known` holds those there are, by door.

    Where the colour rises everybody is asked after again. Whoever comes to a list that `is_drawn`
    up for this colour is marked as new; who leaves it before anybody began is taken off.
    """
    changed = []
    for door in doors:
        before = known.get(door.household.id)
        after = _task(warned, door, before, is_drawn, intervals, today)
        if after is not None and after != before:
            changed.append(after)
    return changed


def _task(
    warned: Warned,
    door: Door,
    before: ContactTask | None,
    is_drawn: bool,
    intervals: Mapping[str, int],
    today: str,
) -> ContactTask | None:
    people, is_red = listed(door, warned.colour, intervals, today)
    if not people:
        return stood_down(before) if before is not None else None
    of_door: dict[str, Any] = {
        "colour": warned.colour,
        "building_id": door.household.building_id,
        "resident_ids": [one.id for one in people],
        "is_red": int(is_red),
        "method": "phone" if _by_phone(door.household, people, warned.colour, today) else "any",
        "checklist": checklist_of(warned.kind),
        "assigned_to": _pair(people, door.pairings),
    }
    if before is None:
        new = ContactTask(
            id=id_of(warned.incident_id, door.household.id),
            incident_id=warned.incident_id,
            household_id=door.household.id,
            is_new=int(is_drawn),
            **of_door,
        )
        return _timed(new, warned)
    after = replace(before, **of_door)
    if RANK[warned.colour] > RANK[before.colour]:
        return told(replace(_timed(after, warned), again_at=stamp(warned.at), state="open"))
    if before.state == "cancelled":
        return told(replace(_timed(after, warned), state="open"))
    return replace(after, half_at=_half(before.asked_at, warned))


def _by_phone(household: Household, people: list[Resident], colour: str, today: str) -> bool:
    refuses = all(one.visit_wish in NO_KNOCK for one in people)
    return colour in BY_PHONE or refuses or is_resting(household.rest_until, today)


def _pair(people: list[Resident], pairings: Iterable[Pairing]) -> str:
    """The leader who looks after all of them; "": whoever holds the building."""
    pairs = [one for one in pairings if one.status == "active" and one.leader_id]
    held = [{one.leader_id for one in pairs if one.resident_id == each.id} for each in people]
    return min(set.intersection(*held), default="")


def _timed(task: ContactTask, warned: Warned) -> ContactTask:
    asked_at = max(warned.at, warned.from_at)
    return replace(
        task,
        asked_at=stamp(asked_at),
        begin_at=stamp(asked_at + BEGIN[warned.colour]),
        due_at=stamp(asked_at + LIMITS[warned.colour]),
        half_at=_half(stamp(asked_at), warned),
    )


def _half(asked_at: str, warned: Warned) -> str:
    """Half of the time that was left: after that the rest of it is needed to help."""
    start = instant(asked_at)
    assert start is not None
    return stamp(start + max(warned.ends_at - start, timedelta()) / 2)


def stood_down(task: ContactTask, *, is_over: bool = False) -> ContactTask:
    """A task that nobody has begun falls away; one that was begun stays until it is known how
    they are. When the warning `is_over`, what is asked there is what it left behind.
    """
    if task.state != "open":
        return task
    if not task.contacts:
        return replace(task, state="cancelled")
    is_storm = is_over and task.checklist in ("CK-WIND", "CK-RAIN")
    return replace(task, checklist=AFTER) if is_storm else task


def over(tasks: Iterable[ContactTask]) -> list[ContactTask]:
    """The tasks of a warning that is over."""
    return [stood_down(one, is_over=True) for one in tasks]


def joined(gone: Iterable[ContactTask], kept: Iterable[ContactTask]) -> list[ContactTask]:
    """The tasks of two warnings that were found to be one: what was said of the first counts."""
    found = {one.household_id: one for one in kept}
    ended = []
    for one in gone:
        state = "cancelled" if one.state == "open" else one.state
        ended.append(replace(one, state=state, is_past=1))
        for contact in one.contacts if one.household_id in found else []:
            found[one.household_id] = with_contact(found[one.household_id], contact)
    return [*ended, *found.values()]


def overdue_at(task: ContactTask) -> str:
    """The limit of its colour, or half of the time that was left, whichever is first."""
    return min(one for one in (task.due_at, task.half_at) if one)


def with_contact(task: ContactTask, contact: dict[str, Any]) -> ContactTask:
    """A task after somebody tried; the same contact twice is one."""
    others = [one for one in task.contacts if one["id"] != contact["id"]]
    ordered = sorted([*others, contact], key=lambda one: (one["at"], one["id"]))
    return told(replace(task, contacts=ordered))


def without_contact(task: ContactTask, contact_id: str) -> ContactTask:
    """A task after a contact was taken back."""
    left = [one for one in task.contacts if one["id"] != contact_id]
    return told(replace(task, contacts=left)) if len(left) < len(task.contacts) else task


def corrected(task: ContactTask, visit: Visit) -> ContactTask:
    """A task after the visit that is one of its contacts was put right."""
    before = next((one for one in task.contacts if one["id"] == visit.id), None)
    if before is None:
        return task
    is_same = visit.result in MET and before["outcome"] in ("safe", "needs_help")
    outcome = before["outcome"] if is_same else OF_RESULT.get(visit.result, "no_answer")
    return with_contact(
        task, {**before, "outcome": outcome, "method": visit.method, "note": visit.note}
    )


def told(task: ContactTask) -> ContactTask:
    """A task as its contacts tell it: the first that says how they are has the clock.

    What was said before everybody was asked after again does not count any more.
    """
    counted = [one for one in task.contacts if one["at"] >= task.again_at]
    settling = [one for one in counted if one["outcome"] in SETTLES]
    says = settling[0] if settling else counted[-1] if counted else _NOBODY
    kept = task.state if task.state == "cancelled" else "open"
    shown = {name: says[name] for name in ("outcome", "by", "by_name", "at", "is_late", "note")}
    return replace(task, state="done" if settling else kept, **shown)


def pair_task(
    task: ContactTask, alert: Alert, household: Household, pairings: Iterable[Pairing]
) -> PairTask:
    """What the leader who looks after these people is told of a task."""
    pairs = [
        one
        for one in pairings
        if one.leader_id == task.assigned_to and one.resident_id in task.resident_ids
    ]
    names = {one.resident_id: one.resident_name for one in pairs}
    return PairTask(
        id=task.id,
        version=task.version,
        incident_id=task.incident_id,
        household_id=task.household_id,
        pairing_ids=[one.id for one in pairs],
        resident_ids=task.resident_ids,
        title=alert.title,
        colour=alert.colour,
        name="、".join(names[one] for one in task.resident_ids if one in names),
        label=household.label,
        phone=next((one.resident_phone for one in pairs if one.resident_phone), ""),
        method=task.method,
        begin_at=task.begin_at,
        due_at=task.due_at,
        half_at=task.half_at,
        state=task.state,
        outcome=task.outcome,
        by_name=task.by_name,
        at=task.at,
    )


_NOBODY = {"outcome": "", "by": "", "by_name": "", "at": "", "is_late": 0, "note": ""}
