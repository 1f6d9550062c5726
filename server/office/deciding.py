"""What a meeting decided of an issue, written back into the issue and into the minutes."""

from typing import Any, NamedTuple

from server import audit
from server.intake import Intake
from server.intake.writing import Writing
from server.office import forms, page
from server.office.forms import FormData
from server.office.meeting_view import KINDS
from server.office.page import Asking
from server.office.person import author
from server.store import issue_board, meetings
from server.store.database import Tx
from server.store.records import Records
from sync import days
from sync.issue_records import Issue
from sync.issue_steps import TABLE, status_of
from sync.operations import stamp
from sync.refusals import Refusal

# Until somebody has it in hand, it is given to whom the meeting named, even once more.
_UNGIVEN = ("reported", "accepted")
# What rests goes on when the meeting says who does it.
_AGAIN = {"suspended": "resume", "returned": "resubmit"}


class Decision(NamedTuple):
    """What is to be done about an issue; who does it and by when, "" where it was left open."""

    issue_id: str
    said: str
    holder_id: str = ""
    due_on: str = ""


def open_meeting(tx: Tx, community_id: str, meeting_id: str) -> dict[str, Any]:
    """Raises Refusal for one that is over, or is none."""
    found = meetings.find(tx, community_id, meeting_id)
    if found is None:
        raise Refusal("record.unknown")
    if found["closed_at"]:
        raise Refusal("meeting.closed")
    return found


def decide(
    request: Asking, intake: Intake, meeting_id: str, decision: Decision, form: FormData
) -> None:
    """First into the issue, whose rules may refuse it, then into the minutes."""
    me = request.user
    with intake.store.read() as tx:
        meeting = open_meeting(tx, me.community_id, meeting_id)
        issue = Records(tx, me.community_id).get("issue", decision.issue_id)
        if not isinstance(issue, Issue):
            raise Refusal("record.unknown")
        holder_name = _holder(tx, request, intake, issue, decision.holder_id)
        timezone = page.community_of(tx, me.community_id).timezone
    until = days.day(issue.close_due, timezone)
    words = _words(meeting, decision, holder_name)
    for number, step in enumerate(_steps(issue, decision, words, until)):
        forms.send(intake, me, "issue.step", {"id": issue.id, **step}, {} if number else form)

    def noting(writing: Writing) -> None:
        open_meeting(writing.tx, me.community_id, meeting_id)
        told = {"holder_name": holder_name, "due_on": decision.due_on, "by": me.id}
        told |= {"decision": decision.said, "at": stamp(writing.now)}
        meetings.decide(writing.tx, me.community_id, meeting_id, issue.id, **told)
        audit.note(writing, author(request), "meeting.decide", f"meeting:{meeting_id}")

    intake.do(me.community_id, noting)


def _holder(tx: Tx, request: Asking, intake: Intake, issue: Issue, person_id: str) -> str:
    if not person_id:
        return ""
    home = request.user.community_id
    today = page.today(intake, page.community_of(tx, home))
    names = {
        one["id"]: one["name"] for one in issue_board.staff(tx, home, issue.building_id, today)
    }
    if person_id not in names:
        raise Refusal("issue.holder_unknown")
    return str(names[person_id])


def _words(meeting: dict[str, Any], decision: Decision, holder_name: str) -> str:
    """As whoever raised it reads it."""
    parts = [f"{KINDS[meeting['kind']]}（{_day(meeting['held_on'])}）定：{decision.said}"]
    if holder_name:
        parts.append(f"由{holder_name}办")
    if decision.due_on:
        parts.append(f"{_day(decision.due_on)}前办好")
    return "，".join(parts) + "。"


def _steps(issue: Issue, decision: Decision, words: str, until: str) -> list[dict[str, str]]:
    """The steps of the table that say it: whom it is given to, else a word; then the later day.

    A community puts a day off once; after that the day stands in the minutes and in the words.
    """
    status = status_of(issue.state, issue.side)
    is_given = decision.holder_id == issue.holder and status not in _UNGIVEN
    is_resting = status in _AGAIN
    may_assign = bool(decision.holder_id) and (is_resting or status in TABLE["assign"].moves)
    steps = [{"step": _AGAIN[status]}] if may_assign and is_resting else []
    if may_assign and (is_resting or not is_given):
        steps.append({"step": "assign", "words": words, "holder_id": decision.holder_id})
    else:
        steps.append({"step": "note", "words": words})
    is_open = may_assign or status in TABLE["extend"].moves
    if decision.due_on > until and is_open and not issue.extended:
        steps.append({"step": "extend", "words": "议事定的日子。", "due_on": decision.due_on})
    return steps


def _day(day: str) -> str:
    return f"{int(day[5:7])}月{int(day[8:])}日"
