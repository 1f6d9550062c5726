"""Issues that nobody raised by hand: a red answer of a checklist, somebody who needs help.

Each belongs to one follow-up, of which it says what it was raised with, and has an id made of its
id: so there is one however often visits are sent, corrected or come late. What is corrected away
cancels it, what is put back takes that back, and closing the follow-up says that it is done.
"""

from collections.abc import Iterable

from msgspec.structs import replace

from sync import errands
from sync.followups import PUT_RIGHT, WITHDRAWN, flagged_id
from sync.issue_fold import LIFE, RULE, Entry, with_entries, without
from sync.issue_records import Issue
from sync.issues import entry_of, limited, seen_again
from sync.known import Known
from sync.operations import (
    AlertContact,
    ConsentRecord,
    FollowupClose,
    IssueCategory,
    Operation,
    VisitCorrect,
    VisitRecord,
    VisitWithdraw,
    stamp,
)
from sync.records import Answers, Followup, Record, Visit, only
from sync.weather_contacts import NEEDS_HELP

URGENT = ("red", "now")
SILENT = "no_answer"
_CAUSES = (VisitRecord, VisitCorrect, VisitWithdraw, AlertContact, ConsentRecord, FollowupClose)
# What a flag is about, as a kind of issue; what cannot wait is about somebody's life.
_CATEGORIES: dict[str, IssueCategory] = {
    "gas_leak": "life_safety",
    "heating": "life_safety",
    "heat": "life_safety",
    "transfer": "life_safety",
    "protection": "life_safety",
    NEEDS_HELP: "life_safety",
    "power": "fire_hazard",
    "fire": "fire_hazard",
    "clutter": "fire_hazard",
    "house": "building_danger",
    "water": "utility_fault",
    "medicine": "relief",
    "meals": "elder_need",
    "recheck": "elder_need",
    errands.FLAG: "policy_service",
    "assessment": "elder_need",
}


def follow(operation: Operation, changed: Iterable[Record], known: Known) -> list[Issue]:
    """The issues that an operation raises or changes by the follow-ups and visits it changed."""
    if type(operation.data) not in _CAUSES:
        return []
    records = list(changed)
    found: dict[str, Issue] = {}
    followups = {one.id: one for one in [*_errands(records, known), *only(Followup, records)]}
    for followup in followups.values():
        issue = _of(followup, operation, known)
        if issue is not None and followup.kind == errands.FLAG:
            issue = _as_errand(issue, followup, records, known)
        if issue is not None:
            found[issue.id] = issue
    visits = {one.id: one for one in only(Visit, records)}
    for door in {one.household_id for one in visits.values()}:
        here = {one.id: one for one in known.issues(door)} | found
        for issue in here.values():
            if issue.category == LIFE and issue.household_id == door:
                behind = {one.id: one for one in known.visits(door)} | visits
                found[issue.id] = seen_again(issue, known, list(behind.values()))
    return [one for one in found.values() if one != known.town.get("issue", one.id)]


def _errands(changed: Iterable[Record], known: Known) -> list[Followup]:
    """What is to be got done for people who answered otherwise, while it is open."""
    return [
        one
        for person in only(Answers, changed)
        for one in known.followups(person.household_id)
        if one.resident_id == person.id and one.kind == errands.FLAG and one.status == "open"
    ]


def id_of(followup_id: str) -> str:
    """The id of the issue that a follow-up raises."""
    return flagged_id(followup_id, "", "issue")


def _of(followup: Followup, operation: Operation, known: Known) -> Issue | None:
    """What a follow-up makes of its issue; None when it has none and asks for none."""
    before = known.town.get("issue", id_of(followup.id))
    wanted = followup.level in URGENT or followup.kind == errands.FLAG
    stands = wanted and followup.result != WITHDRAWN
    if followup.item == SILENT or (before is None and not (stands and followup.status == "open")):
        return None
    issue = before if isinstance(before, Issue) else _new(followup, known)
    issue = _told(issue, followup, known)
    gone_id = flagged_id(issue.id, "", WITHDRAWN)
    if not stands:
        return with_entries(issue, [_gone(gone_id, followup, known)], known.calendar())
    issue = without(issue, [gone_id], known.calendar())
    if isinstance(operation.data, FollowupClose):
        done = _done(operation.id, followup, known)
        return with_entries(issue, [done], known.calendar())
    return issue


def _new(followup: Followup, known: Known) -> Issue:
    is_now = followup.level == "now"
    return Issue(
        id=id_of(followup.id),
        household_id=followup.household_id,
        building_id=followup.building_id,
        category=LIFE if is_now else _CATEGORIES.get(followup.kind, "other"),
        text="",
        source="checklist" if followup.item else "weather",
        item=followup.item,
        by="",
        reported_at="",
        received_at=stamp(known.moment.received_at),
    )


def _told(issue: Issue, followup: Followup, known: Known) -> Issue:
    """An issue as the visits tell it that asked for it: one may have come late, or be corrected."""
    told = replace(
        issue,
        text=followup.what,
        visit_id=followup.visit_id,
        restricted=followup.restricted,
        by=followup.by,
        by_name=followup.by_name,
        reported_at=followup.opened_at,
    )
    return limited(told, known) if told.reported_at != issue.reported_at else told


def _as_errand(issue: Issue, followup: Followup, changed: Iterable[Record], known: Known) -> Issue:
    """With what they ticked that is to be got done for them."""
    mine = [one for one in only(Answers, changed) if one.id == followup.resident_id]
    answers = mine[-1] if mine else known.answers(followup.resident_id)
    value = answers.items.get(followup.item, {}).get("value") if answers else None
    ticked = errands.known(value if isinstance(value, list) else []) or ["other"]
    item = f"{followup.item} {errands.PAPERS}"
    before = [
        one["id"] for one in issue.entries if (one["what"], one["role"]) == (errands.PAPERS, RULE)
    ]
    entry = {
        **entry_of(
            flagged_id(followup.visit_id, followup.resident_id, item), errands.PAPERS, known
        ),
        **{"at": followup.opened_at, "by": followup.by, "by_name": followup.by_name},
        **{"role": RULE, "errands": ticked, "whom": ""},
        **{"needed": [], "taken": [], "returned": []},
    }
    told = replace(issue, text=errands.said(ticked), category=errands.category_of(ticked))
    told = limited(told, known) if told.category != issue.category else told
    others = without(told, before, known.calendar())
    return with_entries(others, [entry], known.calendar())


def _gone(entry_id: str, followup: Followup, known: Known) -> Entry:
    return entry_of(entry_id, "cancel", known) | {
        "role": RULE,
        "words": followup.note or PUT_RIGHT,
    }


def _done(operation_id: str, followup: Followup, known: Known) -> Entry:
    return entry_of(operation_id, "done", known) | {
        "words": followup.result,
        "inner": followup.note,
    }
