"""Whose business an issue is: of those who hold its building, see to it, raised or joined it."""

from sync import issue_calls
from sync.issue_steps import CONCERNED, TABLE, may
from sync.known import WHOLE_COMMUNITY, Known
from sync.operations import (
    IssueCall,
    IssueCallStep,
    IssueChange,
    IssueJoin,
    IssuePapers,
    IssueRaise,
    IssueRate,
    IssueStep,
)
from sync.refusals import Refusal
from sync.scope import SERVICE

STREET = "street"
Call = IssueCall | IssueCallStep
About = IssueRaise | IssueJoin | IssueStep | IssueChange | IssuePapers | IssueRate | Call


def refuse_other(data: About, known: Known) -> None:
    """Raises Refusal for an issue that is not this person's business."""
    if isinstance(data, IssueRaise):
        building_id, household_id = place_of(data.building_id, data.household_id, known)
        # A neighbouring system speaks of any building, and of no door.
        is_told = known.actor.role == SERVICE and not household_id
        if building_id and not is_told and not known.may_reach(building_id):
            raise Refusal("scope.outside")
        return
    issue = known.issue(data.id)
    if isinstance(data, IssueChange):
        _refuse_target(data, known)
    role, person_id = known.actor.role, known.actor.person_id
    concerned = person_id == issue.by or person_id in issue.joined
    if isinstance(data, IssueStep):
        if not may(data.step, role, concerned=concerned):
            raise Refusal("role.not_allowed")
        if concerned and CONCERNED in TABLE[data.step].who:
            return
        if role == STREET:
            return
    if isinstance(data, IssueCall | IssueCallStep):
        what = issue_calls.CALLED if isinstance(data, IssueCall) else data.step
        if role not in issue_calls.WHO[what]:
            raise Refusal("role.not_allowed")
        if role == STREET and not issue.restricted:
            return
    is_here = bool(issue.building_id) and known.may_reach(issue.building_id)
    if not (is_here or (role != "leader" and person_id == issue.holder)) and not _whole(known):
        raise Refusal("issue.not_yours")
    if issue.restricted and not _whole(known):
        raise Refusal("issue.not_yours")


def _refuse_target(data: IssueChange, known: Known) -> None:
    building_id, household_id = data.changes.building_id, data.changes.household_id
    named = household_id if isinstance(household_id, str) else ""
    target, _ = place_of(building_id if isinstance(building_id, str) else "", named, known)
    if target and not known.may_reach(target):
        raise Refusal("scope.outside")


def place_of(building_id: str, household_id: str, known: Known) -> tuple[str, str]:
    if household_id:
        household = known.household(household_id)
        return household.building_id, household.id
    return (known.building(building_id).id if building_id else ""), ""


def _whole(known: Known) -> bool:
    return known.forced or known.actor.role in WHOLE_COMMUNITY
