"""Editions of checklists: published once, whole, and never changed afterwards."""

from msgspec.structs import asdict

from sync.checklist_check import check
from sync.checklists import Checklist
from sync.known import Known
from sync.operations import ChecklistPublish
from sync.refusals import Refusal


def publish(operation_id: str, data: ChecklistPublish, known: Known) -> Checklist:
    """One more edition, used from its day on. Phones keep the earlier ones: what waits on them
    was asked under those."""
    if any(one.id == operation_id for one in known.town.checklists()):
        raise Refusal("id.reused")
    latest = max((one.edition for one in known.editions(data.code)), default=0)
    if data.edition <= latest:
        raise Refusal("checklist.old_edition", latest=latest)
    made = Checklist(id=operation_id, **{**asdict(data), "from_on": data.from_on or known.today})
    if check(made):
        raise Refusal("checklist.misfit")
    return made
