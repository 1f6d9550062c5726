"""What the office asks for: please see X, and what came of a follow-up."""

from msgspec.structs import replace

from sync import days
from sync.known import Known
from sync.operations import (
    FollowupClose,
    TaskAdd,
    TaskClose,
)
from sync.records import Followup, Record, Task
from sync.refusals import Refusal

MAX_REASON = 200


def add_task(operation_id: str, data: TaskAdd, known: Known) -> list[Record]:
    household = known.household(data.household_id)
    for resident_id in data.resident_ids:
        known.resident(resident_id)
    return [
        Task(
            id=operation_id,
            household_id=household.id,
            building_id=household.building_id,
            resident_ids=data.resident_ids,
            reason=data.reason,
            due_on=data.due_on or known.today,
            by=known.actor.person_id,
            by_name=known.actor.name,
            for_person=data.for_person,
        )
    ]


def close_task(data: TaskClose, known: Known) -> list[Record]:
    task = known.task(data.id)
    if task.status != "open":
        raise Refusal("task.closed")
    return [replace(task, status=data.status)]


def close_followup(operation_id: str, data: FollowupClose, known: Known) -> list[Record]:
    """Say what came of it; where it is to be looked at again, that becomes a task.

    Not of what is for the office alone: a task would tell it to everybody at this door.
    """
    followup = known.followup(data.id)
    if followup.status != "open":
        raise Refusal("followup.closed")
    done = replace(
        followup,
        status="closed",
        result=data.result,
        note=data.note,
        closed_by=known.actor.name,
        closed_at=known.true_at,
    )
    if not done.recheck_days or done.restricted:
        return [done]
    return [done, _look_again(operation_id, done, known)]


def _look_again(operation_id: str, done: Followup, known: Known) -> Task:
    on = known.day(known.moment.true_at)
    return Task(
        id=operation_id,
        household_id=done.household_id,
        building_id=done.building_id,
        resident_ids=[done.resident_id],
        reason=f"复查：{done.what}"[:MAX_REASON],
        due_on=days.after(on, done.recheck_days),
        by=known.actor.person_id,
        by_name=known.actor.name,
    )
