"""One operation and the records it touches: what follows from it, or why not."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from msgspec import json, to_builtins
from msgspec.structs import asdict, replace

from sync import (
    checkups,
    doors,
    duties,
    issue_access,
    issue_calling,
    issue_limits,
    issue_raising,
    issues,
    ladder,
    life_events,
    merging,
    merging_doors,
    operations,
    pairings,
    publishing,
    redirects,
    review_rules,
    reviews,
    splitting,
    standing_down,
    tasks,
    unmerging,
    unmerging_doors,
    visits,
    weather_contacts,
    worktime,
)
from sync.cascade import Event
from sync.issue_records import Issue
from sync.known import Known
from sync.operations import Operation, read_data
from sync.records import Record, Resident, kind_of
from sync.refusals import Refusal
from sync.scope import MAY_DO, OFFICE


class Follows(NamedTuple):
    """What changes: records as they are now, ids that go, and values that stay in dispute."""

    changed: Sequence[Record] = ()
    removed: Sequence[tuple[str, str]] = ()
    disputed: Sequence["Disputed"] = ()
    # What happened to a warning on its way, to be remembered as it was.
    events: Sequence[Event] = ()
    # Who set the fields of a record that is back, by its id.
    stamps: Mapping[str, Mapping[str, Any]] = {}


class Disputed(NamedTuple):
    """One field that two devices changed from the same version."""

    kind: str
    record_id: str
    field: str
    current: Any
    proposed: Any


def reconcile(operation: Operation, known: Known) -> Follows:
    """Apply the rules to one operation.

    Raises Refusal when it is not allowed and Missing when it names what has not arrived.
    """
    if not known.forced:
        _refuse_role(operation, known)
    said = operation.data
    led = replace(operation, data=redirects.follow(said, known))
    if not known.forced:
        _refuse_place(led, known)
    follows = _follow(led, known)
    raised = issue_raising.follow(led, follows.changed, known)
    if raised:
        follows = follows._replace(changed=[*follows.changed, *raised])
    remembered = redirects.remember(operation, said, follows.changed, known)
    return follows._replace(changed=[*follows.changed, *remembered]) if remembered else follows


def decide(record: Record, field: str, value: Any, still_disputed: bool, at: str) -> Record:
    """A record after the office chose a value for a disputed field; the value must fit the field.

    `still_disputed` keeps the mark while another dispute about the same field is open.
    """
    data = read_data(f"{kind_of(record)}.change", _as_change(record, field, value))
    given = visits.given(data.changes)  # type: ignore[attr-defined]
    chosen = sorted(given["categories"]) if "categories" in given else given[field]
    marks = set(record.disputed) - (set() if still_disputed else {field})  # type: ignore[attr-defined]
    since = {"status_at": at} if field == "status" and type(record) is Resident else {}
    return replace(record, **{field: chosen, "disputed": sorted(marks)}, **since)


def _as_change(record: Record, field: str, value: Any) -> bytes:
    name = "categories" if field == "own_categories" else field
    return json.encode({"id": record.id, "changes": {name: value}})


def _follow(operation: Operation, known: Known) -> Follows:  # noqa: PLR0911, PLR0912
    data = operation.data
    base = operation.base or 0
    if type(data) is operations.VisitRecord:  # most of what comes: a match asks class by class
        return Follows(visits.record(operation.id, data, known))
    match data:
        case operations.BuildingAdd():
            return Follows(doors.add_building(operation.id, data, known))
        case operations.BuildingChange():
            return Follows(doors.change_building(data, known))
        case operations.BuildingRemove():
            return Follows(removed=doors.remove_building(data, known))
        case operations.HouseholdAdd():
            return Follows(doors.add_household(operation.id, data, known))
        case operations.HouseholdChange():
            return _merged(*doors.change_household(data, known, base, operation.n), data.id)
        case operations.HouseholdRemove():
            return Follows(removed=doors.remove_household(data, known))
        case operations.ResidentAdd():
            return Follows(doors.add_resident(operation.id, data, known))
        case operations.ResidentChange():
            return _merged(*doors.change_resident(data, known, base, operation.n), data.id)
        case operations.ResidentRemove():
            return Follows(*doors.remove_resident(data, known))
        case operations.ResidentMerge():
            return Follows(*merging.merge(data, known, operation.base))
        case operations.ResidentUnmerge():
            return Follows(*unmerging.unmerge(data, known))
        case operations.HouseholdMerge():
            return Follows(*merging_doors.merge(data, known, operation.base))
        case operations.HouseholdUnmerge():
            return Follows(*unmerging_doors.unmerge(data, known))
        case operations.HouseholdSplit():
            return Follows(splitting.split(operation.id, data, known))
        case operations.ContactAdd():
            return Follows(doors.add_contact(operation.id, data, known))
        case operations.ContactChange():
            return _merged(*doors.change_contact(data, known, base, operation.n), data.id)
        case operations.ContactRemove():
            return Follows(removed=doors.remove_contact(data, known))
        case operations.VisitCorrect():
            return Follows(visits.correct(data, known))
        case operations.VisitWithdraw():
            return Follows(visits.withdraw(data, known))
        case operations.PairingAdd():
            return Follows(pairings.add(operation.id, data, known))
        case operations.PairingEnd():
            return Follows(pairings.end(data, known))
        case operations.PairingContact():
            return Follows(pairings.contact(operation.id, data, known))
        case operations.LifeEventRecord():
            return Follows(life_events.record(data, known))
        case operations.TaskAdd():
            return Follows(tasks.add_task(operation.id, data, known))
        case operations.TaskClose():
            return Follows(tasks.close_task(data, known))
        case operations.FollowupClose():
            return Follows(tasks.close_followup(operation.id, data, known))
        case operations.LadderStep():
            return Follows(ladder.take_step(operation.id, data, known))
        case operations.ReviewApprove() | operations.ReviewReturn() | operations.ReviewReopen():
            return Follows(reviews.decide(data, known, operation.base))
        case operations.CommunityChange():
            return Follows([_community(data, known, base)])
        case operations.ChecklistPublish():
            return Follows([publishing.publish(operation.id, data, known)])
        case operations.ConsentRecord():
            return Follows(checkups.record_consent(operation.id, data, known))
        case operations.FeedbackSend():
            return Follows()
        case operations.AlertAcknowledge():
            return _said(duties.acknowledge(operation.id, data, known))
        case operations.AlertForward():
            return _said(duties.forward(operation.id, data, known))
        case operations.AlertConfirm():
            return _said(duties.confirm(operation.id, data, known))
        case operations.AlertUnreachable():
            return _said(duties.unreachable(operation.id, data, known))
        case operations.AlertContact():
            return Follows(weather_contacts.contact(operation.id, data, known))
        case operations.AlertStandDown():
            return Follows(standing_down.stand_down(data, known))
        case operations.IssueChange():
            changed, merged = issues.change(data, known, base, operation.n)
            return _merged(list(changed), merged, data.id)
    return Follows(_issue(operation, known))


def _issue(operation: Operation, known: Known) -> list[Issue]:
    """What somebody did about an issue is an entry of it."""
    match operation.data:
        case operations.IssueRaise() as data:
            return issues.raise_one(operation.id, data, known)
        case operations.IssueJoin() as data:
            return issues.join(operation.id, data, known)
        case operations.IssueStep() as data:
            return issues.step(operation.id, data, known)
        case operations.IssuePapers() as data:
            return issues.hand_over(operation.id, data, known)
        case operations.IssueRate() as data:
            return issues.rate(operation.id, data, known)
        case operations.IssueCall() | operations.IssueCallStep() as data:
            return issue_calling.follow(operation.id, data, known)
    raise AssertionError(f"no rule for {operation.kind}")


def _community(data: operations.CommunityChange, known: Known, base: int) -> Record:
    given = visits.given(data.changes)
    if "review_rules" in given:
        if base and base != known.community.version:
            raise Refusal("review.rules_changed")
        given["review_rules"] = review_rules.checked(given["review_rules"])
    if "issue_limits" in given:
        given["issue_limits"] = issue_limits.checked(given["issue_limits"])
    if not worktime.are_hours(given.get("working_hours", worktime.WORKING_HOURS)):
        raise Refusal("issue.hours_misfit")
    return replace(known.community, **given)


def _said(said: duties.Said) -> Follows:
    return Follows(said.changed, events=said.events)


def _merged(changed: list[Record], merged: Any, record_id: str) -> Follows:
    """Mark what stays in dispute on the record itself, so that every phone shows it."""
    if not merged.disputed:
        return Follows(changed)
    record = next(one for one in changed if one.id == record_id)
    current = asdict(record)
    marked = replace(record, disputed=sorted({*current["disputed"], *merged.disputed}))
    disputes = [
        Disputed(kind_of(record), record_id, field, current[field], to_builtins(value))
        for field, value in merged.disputed.items()
    ]
    return Follows([marked if one is record else one for one in changed], (), disputes)


def _refuse_role(operation: Operation, known: Known) -> None:
    if known.actor.role not in MAY_DO[operation.kind]:
        raise Refusal("role.not_allowed")


def _refuse_place(operation: Operation, known: Known) -> None:
    """A known door outside the person's buildings, now and ever before, is refused."""
    if known.actor.role in OFFICE:
        return
    if isinstance(operation.data, _ISSUES):
        issue_access.refuse_other(operation.data, known)
        return
    for building_id in _buildings_of(operation.data, known):
        if not known.may_reach(building_id):
            raise Refusal("scope.outside")


_ISSUES = (
    operations.IssueRaise,
    operations.IssueJoin,
    operations.IssueStep,
    operations.IssueChange,
    operations.IssuePapers,
    operations.IssueRate,
    operations.IssueCall,
    operations.IssueCallStep,
)


def _buildings_of(data: operations.Data, known: Known) -> list[str]:  # noqa: PLR0911
    if type(data) is operations.VisitRecord:
        return [known.household(data.household_id).building_id]
    match data:
        case (
            operations.BuildingAdd()
            | operations.CommunityChange()
            | operations.ChecklistPublish()
            | operations.FeedbackSend()
            | operations.AlertAcknowledge()
            | operations.AlertStandDown()
        ):
            return []
        case operations.AlertForward() | operations.AlertConfirm() | operations.AlertUnreachable():
            return [known.building(data.building_id).id]
        case operations.HouseholdAdd():
            return [known.building(data.building_id).id]
        case operations.HouseholdChange() | operations.HouseholdRemove():
            return [known.household(data.id).building_id]
        case operations.ResidentChange():
            target = data.changes.household_id
            moved = [known.household(target).building_id] if isinstance(target, str) else []
            return [known.resident(data.id).building_id, *moved]
        case operations.ContactChange() | operations.ContactRemove():
            return [known.contact(data.id).building_id]
        case operations.VisitCorrect() | operations.VisitWithdraw():
            return [known.visit(data.id).building_id]
        case operations.LadderStep():
            return [known.visit(data.visit_id).building_id]
        case operations.AlertContact() if known.actor.role == weather_contacts.LEADER:
            return []  # whom they look after lives wherever they live
        case operations.FollowupClose():
            return [known.followup(data.id).building_id]
        case operations.ConsentRecord():
            return [known.resident(data.resident_id).building_id]
    household_id = getattr(data, "household_id", "")
    return [known.household(household_id).building_id] if household_id else []
