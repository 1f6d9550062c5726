"""One issue with everything that the office looks at before it takes a step."""

from datetime import datetime, timedelta
from typing import Any, NamedTuple

from server.office.call_words import told
from server.office.issue_words import STEPS, Step, offered, remaining
from server.store import issue_board
from server.store.database import Tx
from server.store.records import Records
from sync import days, errands
from sync.errands import Paper
from sync.issue_answers import answer
from sync.issue_fold import LIFE, REOPEN_DAYS
from sync.issue_records import Issue
from sync.issue_reports import NEAR_DAYS, report
from sync.issue_steps import WORDS, status_of
from sync.operations import stamp
from sync.records import Building, Community, Household
from sync.refusals import Refusal

# Who reported it outside is answered in a text.
ANSWERED = ("hotline", "wechat", "phone", "window", "open311")


class IssueView(NamedTuple):
    """An issue, where it is, who can see to it, which others may be the same, what comes next."""

    issue: Issue
    status: str
    building: Building | None
    household: Household | None
    first: list[Step]
    others: list[Step]
    left: dict[str, str]
    near: list[dict[str, Any]]
    main: Issue | None
    staff: list[dict[str, Any]]
    answer: str
    errands: list[str]
    papers: list[Paper]
    calls: list[dict[str, Any]]


def of(tx: Tx, community: Community, now: datetime, issue_id: str) -> IssueView:
    """Raises Refusal when there is no such issue."""
    known = Records(tx, community.id)
    issue = known.get("issue", issue_id)
    if not isinstance(issue, Issue):
        raise Refusal("record.unknown")
    status = status_of(issue.state, issue.side)
    building = known.get("building", issue.building_id)
    household = known.get("household", issue.household_id)
    main = known.get("issue", issue.duplicate_of) if issue.duplicate_of else None
    first, others = offered(status, issue.category == LIFE)
    today = days.day(stamp(now), community.timezone)
    is_open = bool(issue.building_id) and not issue.ended_at
    names = ("ended_at", "suspended_at", "first_at", "first_due", "close_due")
    clock = {name: getattr(issue, name) for name in names}
    return IssueView(
        issue=issue,
        status=status,
        building=building if isinstance(building, Building) else None,
        household=household if isinstance(household, Household) else None,
        first=first,
        others=others,
        left=remaining(clock, stamp(now)),
        near=_near(tx, community.id, issue) if is_open else [],
        main=main if isinstance(main, Issue) else None,
        staff=issue_board.staff(tx, community.id, issue.building_id, today),
        answer=_answer(issue, community) if issue.source in ANSWERED else "",
        errands=errands.of(issue.entries),
        papers=errands.papers(issue.entries),
        calls=[{**one, **told(one, stamp(now))} for one in issue.calls],
    )


def _near(tx: Tx, community_id: str, issue: Issue) -> list[dict[str, Any]]:
    at, some = datetime.fromisoformat(issue.reported_at), timedelta(days=NEAR_DAYS)
    return issue_board.near(tx, community_id, issue, stamp(at - some), stamp(at + some))


def why_not(tx: Tx, community_id: str, issue_id: str, entry_id: str | None) -> str:
    """Why a step that was just recorded moved nothing, in words; "" when it did what it says."""
    issue = Records(tx, community_id).get("issue", issue_id)
    assert isinstance(issue, Issue), "a step was just recorded"
    entry = next((one for one in issue.entries if one["id"] == entry_id), None)
    if entry is None or not entry["why"]:
        return ""
    status = WORDS[status_of(issue.state, issue.side)]
    return Refusal(f"issue.step_{entry['why']}", status=status, days=REOPEN_DAYS).sentence


def said_of(tx: Tx, community_id: str, issue_id: str, entry_id: str | None) -> str:
    """What a step did, in words: a step that moved nothing says why."""
    issue = Records(tx, community_id).get("issue", issue_id)
    assert isinstance(issue, Issue), "a step was just recorded"
    entry = next((one for one in issue.entries if one["id"] == entry_id), None)
    if entry is None:
        return "已记下。"
    if why := why_not(tx, community_id, issue_id, entry_id):
        return why
    return STEPS[entry["what"]].does if entry["what"] in STEPS else "已记下。"


def _answer(issue: Issue, community: Community) -> str:
    told = report(issue, "")
    words = [one["words"] for one in told.entries if one["words"]]
    until = days.day(issue.close_due, community.timezone) if not issue.ended_at else ""
    last = words[-1] if words else ""
    return answer(told.state, issue.text, issue.source_number, until, last, community.name)
