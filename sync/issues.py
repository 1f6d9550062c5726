"""What people do about an issue: raise it, join it, take a step, put right what it says, rate it.

A step is never lost: whatever the state it arrives in, it becomes an entry. What follows from the
entries is told in `sync/issue_fold.py`.
"""

from typing import Any

from msgspec.structs import replace

from sync import issue_limits, media, worktime
from sync.errands import PAPERS
from sync.followups import flagged_id
from sync.issue_access import place_of
from sync.issue_fold import RULE, Entry, folded, with_entries
from sync.issue_records import Issue
from sync.issue_steps import JOINED, RATED, STAFF, TABLE
from sync.known import WHOLE_COMMUNITY, Known
from sync.merge import Merged, merge
from sync.newest import made_at
from sync.operations import (
    IssueChange,
    IssueJoin,
    IssuePapers,
    IssueRaise,
    IssueRate,
    IssueStep,
    stamp,
)
from sync.records import Visit
from sync.refusals import Refusal
from sync.scope import SERVICE

# By which way it came when nobody says, by the role of whoever raised it.
SOURCES = {"leader": "leader", "office": "phone", "secretary": "phone", SERVICE: "open311"}
# A door that was seen from inside, or somebody who was met there.
SEEN = frozenset({"met", "met_family"})
_LACKING = {
    "words": "说明",
    "holder_id": "谁来办",
    "due_on": "新期限",
    "duplicate_of": "并入哪一件",
}


def raise_one(operation_id: str, data: IssueRaise, known: Known) -> list[Issue]:
    """An issue with the id of its operation."""
    building_id, household_id = place_of(data.building_id, data.household_id, known)
    at = _now(known)
    issue = Issue(
        id=operation_id,
        building_id=building_id,
        household_id=household_id,
        category=data.category,
        place=data.place,
        text=data.text,
        source=data.source or SOURCES.get(known.actor.role, "visit"),
        source_number=data.source_number,
        ordered_on=data.due_on,
        by=known.actor.person_id,
        by_name=known.actor.name,
        reported_at=at,
        received_at=stamp(known.moment.received_at),
        solved_on_spot=int(data.solved_on_spot),
        raised_level=data.level if data.solved_on_spot else "",
        media=pictures(operation_id, data.media, known),
    )
    if data.errands or data.taken:
        entry = _papers(flagged_id(operation_id, "", PAPERS), known, data)
        issue = replace(issue, entries=[entry])
    return [seen_again(limited(issue, known), known)]


def hand_over(operation_id: str, data: IssuePapers, known: Known) -> list[Issue]:
    """Papers of an errand came or went; it moves nothing."""
    issue = known.issue(data.id)
    if not (data.errands or data.needed or data.taken or data.returned):
        raise Refusal("nothing.changed")
    return [with_entries(issue, [_papers(operation_id, known, data)], known.calendar())]


def join(operation_id: str, data: IssueJoin, known: Known) -> list[Issue]:
    issue = known.issue(data.id)
    entry = entry_of(operation_id, JOINED, known, words=data.text)
    shown = [*issue.media, *pictures(operation_id, data.media, known)]
    return [with_entries(replace(issue, media=_in_order(issue, shown)), [entry], known.calendar())]


def step(operation_id: str, data: IssueStep, known: Known) -> list[Issue]:
    issue = known.issue(data.id)
    for name in TABLE[data.step].needs:
        if not getattr(data, name):
            raise Refusal("issue.lacks", field=_LACKING[name])
    entry = entry_of(operation_id, data.step, known, words=data.words, inner=data.inner)
    if data.level:
        entry["level"] = data.level
    if data.due_on:
        entry["due_at"] = worktime.closing(data.due_on, known.calendar())
    if data.step == "assign":
        entry |= _holder(data.holder_id, issue, known)
    if data.step == "duplicate":
        entry["duplicate_of"] = _earlier(data.duplicate_of, issue, known).id
    if data.media:
        shown = [*issue.media, *pictures(operation_id, data.media, known)]
        issue = replace(issue, media=_in_order(issue, shown))
    return [seen_again(with_entries(issue, [entry], known.calendar()), known)]


def change(data: IssueChange, known: Known, base: int, n: int) -> tuple[list[Issue], Merged]:
    """What it says of itself, merged field by field; limits follow the kind."""
    issue = known.issue(data.id)
    changes = {
        name: value
        for name in data.changes.__struct_fields__
        if isinstance(value := getattr(data.changes, name), str | int)
    }
    if not changes:
        raise Refusal("nothing.changed")
    if changes.get("building_id"):
        known.building(str(changes["building_id"]))
    stamps = known.town.stamps("issue", issue.id)
    current = {name: getattr(issue, name) for name in changes}
    merged = merge(current, stamps, changes, base, known.actor.device, n)
    after = replace(issue, **merged.applied)
    after = _at_home(after, merged.applied, known)
    if after.category != issue.category:
        after = limited(after, known)
    return [seen_again(after, known)], merged


def rate(operation_id: str, data: IssueRate, known: Known) -> list[Issue]:
    issue = known.issue(data.id)
    entry = entry_of(operation_id, RATED, known, words=data.words)
    entry["satisfied"] = data.satisfied
    return [with_entries(issue, [entry], known.calendar())]


def limited(issue: Issue, known: Known) -> Issue:
    """An issue with the limits of its kind, as they are now; an order's own day comes before."""
    own, calendar = known.community.issue_limits, known.calendar()
    due = issue_limits.due(issue.category, issue.reported_at, own, calendar)
    ordered_on = issue.ordered_on
    close_at = worktime.closing(ordered_on, calendar) if ordered_on else due.close_at
    return replace(
        issue,
        first_limit=issue_limits.of(issue.category, own).first,
        close_limit=issue_limits.of(issue.category, own).close,
        first_due=min(due.first_at, close_at),
        asked_due=close_at,
    )


def seen_again(issue: Issue, known: Known, visits: list[Visit] | None = None) -> Issue:
    """An issue with the visits of its door since it was raised, which are revisits."""
    others = [one for one in issue.entries if not one.get("visit_id")]
    found = []
    if issue.household_id and issue.category == "life_safety":
        behind = known.visits(issue.household_id) if visits is None else visits
        found = [_revisit(one) for one in behind if _is_revisit(one, issue)]
    return folded(replace(issue, entries=[*others, *found]), known.calendar())


def pictures(operation_id: str, said: list[Any], known: Known) -> list[Any]:
    """What an operation shows, as a record keeps it; what names no picture counts for none."""
    arrived = known.town.arrived_media(known.actor.person_id, media.named(said)) if said else ()
    shown = media.pictures(media.shown(said, arrived))
    return [{**one, "of": operation_id, "by": known.actor.person_id} for one in shown]


def _is_revisit(visit: Visit, issue: Issue) -> bool:
    is_seen = visit.method == "door" and visit.result in SEEN and not visit.withdrawn
    return is_seen and visit.id != issue.visit_id and made_at(visit) > issue.reported_at


def _revisit(visit: Visit) -> Entry:
    return {
        "id": visit.id,
        "at": made_at(visit),
        "by": visit.by,
        "by_name": visit.by_name,
        "role": RULE,
        "what": "revisit",
        "words": "",
        "inner": "",
        "visit_id": visit.id,
    }


def entry_of(operation_id: str, what: str, known: Known, words: str = "", inner: str = "") -> Entry:
    """What the actor did just now."""
    actor = known.actor
    return {
        "id": operation_id,
        "at": _now(known),
        "by": actor.person_id,
        "by_name": actor.name,
        "role": actor.role,
        "what": what,
        "words": words,
        "inner": inner,
    }


def _papers(entry_id: str, known: Known, data: IssueRaise | IssuePapers) -> Entry:
    told = data if isinstance(data, IssuePapers) else None
    return {
        **entry_of(entry_id, PAPERS, known, words=told.words if told else ""),
        "errands": list(data.errands),
        "needed": list(told.needed) if told else [],
        "taken": list(data.taken),
        "returned": list(told.returned) if told else [],
        "whom": data.whom,
    }


def _now(known: Known) -> str:
    """When it was done: nothing was done after it arrived."""
    return stamp(min(known.moment.true_at, known.moment.received_at))


def _at_home(issue: Issue, applied: dict[str, Any], known: Known) -> Issue:
    """An issue whose door lies in its building: the door that was named, else the building."""
    if not issue.household_id:
        return issue
    home = known.household(issue.household_id).building_id
    if "building_id" in applied and "household_id" not in applied and home != issue.building_id:
        return replace(issue, household_id="")
    return replace(issue, building_id=home)


def _holder(person_id: str, issue: Issue, known: Known) -> Entry:
    """Somebody of the office, or who may see it on their phone."""
    found = known.town.colleague(person_id, known.today)
    if found is None or found.role not in STAFF:
        raise Refusal("issue.holder_unknown")
    is_here = found.role in WHOLE_COMMUNITY or issue.building_id in found.building_ids
    if issue.building_id and not is_here:
        raise Refusal("issue.holder_unknown")
    return {"holder": person_id, "holder_name": found.name}


def _earlier(other_id: str, issue: Issue, known: Known) -> Issue:
    """The one that an issue repeats: never a later one, so that no two repeat each other."""
    other = known.issue(other_id)
    if (other.reported_at, other.id) >= (issue.reported_at, issue.id):
        raise Refusal("issue.later_one")
    return other


def _in_order(issue: Issue, shown: list[Any]) -> list[Any]:
    """Pictures of whoever raised it first, then what others show, in no order of arrival."""
    return sorted(shown, key=lambda one: (one["of"] != issue.id, one["of"]))
