"""Editions of checklists: published once, whole, and never changed afterwards."""

from msgspec.structs import asdict

from sync.checklists import Checklist
from sync.known import Known
from sync.operations import ChecklistPublish
from sync.refusals import Refusal

# What must be done later than that is no follow-up.
MAX_DAYS = 1000


def publish(operation_id: str, data: ChecklistPublish, known: Known) -> Checklist:
    """One more edition, used from its day on. Phones keep the earlier ones: what waits on them
    was asked under those."""
    if any(one.id == operation_id for one in known.town.checklists()):
        raise Refusal("id.reused")
    latest = max((one.edition for one in known.editions(data.code)), default=0)
    if data.edition <= latest:
        raise Refusal("checklist.old_edition", latest=latest)
    names = [one.id for one in data.questions]
    if len(set(names)) < len(names):
        raise Refusal("checklist.same_question")
    limits = [one for question in data.questions for one in question.flags]
    if any(max(one.hours, 24 * one.recheck_days) > 24 * MAX_DAYS for one in limits):
        raise Refusal("checklist.too_late", limit=MAX_DAYS)
    return Checklist(id=operation_id, **{**asdict(data), "from_on": data.from_on or known.today})
