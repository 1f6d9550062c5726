"""Issues in the tables and streams: what those are told who raised them, and those whose step
moved nothing; which pictures they speak of."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from msgspec import to_builtins

from server.store import issues as reads
from server.store import media
from sync import issue_calls
from sync.issue_fold import REOPEN_DAYS
from sync.issue_records import Issue
from sync.issue_reports import readers, report
from sync.issue_steps import RATED, WORDS, status_of
from sync.issue_telling import TOLD, notice_id
from sync.refusals import Refusal

if TYPE_CHECKING:
    from collections.abc import Iterable

    from server.intake.writing import Writing
    from sync.records import Record

# More leads no further: an issue only ever repeats an earlier one.
MOST_STEPS = 50


def follow(writing: Writing, saved: Iterable[tuple[Record | None, Record]]) -> None:
    """After records were saved, (before, after): tell of those among them that are issues."""
    changed = [(one, issue) for one, issue in saved if isinstance(issue, Issue)]
    if not changed:
        return
    for before, issue in changed:
        assert before is None or isinstance(before, Issue)
        if issue.media:
            media.refer_issue(writing.tx, writing.community_id, issue)
        _tell_doers(writing, before, issue)
        if before and before.climbed and not issue.climbed:
            _hush(writing, before)
        _tell_readers(writing, issue, set(readers(before)) if before else set())
    writing.tx.pour()
    told = {issue.id for _, issue in changed}
    for repeated in reads.repeating(writing.tx, writing.community_id, sorted(told)):
        other = writing.records.get("issue", repeated)
        if isinstance(other, Issue) and other.id not in told:
            retell(writing, other)


def retell(writing: Writing, issue: Issue) -> None:
    """Tell its readers of an issue anew, or that phones hold it no more."""
    _tell_readers(writing, issue, set(readers(issue)))


def _tell_readers(writing: Writing, issue: Issue, before: set[str]) -> None:
    now = set() if writing.feed.is_aged(issue) else set(readers(issue))
    for person_id in sorted(before - now):
        writing.feed.end(f"person:{person_id}", "report", issue.id)
    main = _main(writing, issue)
    for person_id in sorted(now):
        form = to_builtins(report(issue, person_id, main))
        writing.feed.tell_anew(person_id, "report", issue.id, form)


def _main(writing: Writing, issue: Issue) -> Issue | None:
    """What an issue repeats in the end; None when it repeats nothing."""
    found = issue
    for _ in range(MOST_STEPS):
        if found.side != "duplicate":
            break
        next_one = writing.records.get("issue", found.duplicate_of)
        if not isinstance(next_one, Issue):
            break
        found = next_one
    return None if found is issue else found


def _tell_doers(writing: Writing, before: Issue | None, issue: Issue) -> None:
    """Whose step moves nothing, where it stands among the others, hears of it, and why."""
    known = {one["id"]: one["why"] for one in before.entries} if before else {}
    for entry in issue.entries:
        was, why = known.get(entry["id"], ""), entry["why"]
        if was == why or "visit_id" in entry or entry["role"] == "rule":
            continue
        refusal: Any = Refusal(f"issue.step_{why}", **_facts(issue)) if why else None
        writing.notices.tell(
            entry["id"],
            entry["by"],
            _kind(entry["what"]),
            "unmoved",
            issue.household_id,
            refusal.code if refusal else "",
            refusal.sentence if refusal else "",
            state="told" if why else "done",
        )


def _kind(what: str) -> str:
    """The kind of the operation that made an entry."""
    if what in issue_calls.ENTERED:
        return "issue.call" if what == issue_calls.CALLED else "issue.call_step"
    return "issue.rate" if what == RATED else "issue.step"


def remind(writing: Writing, issue: Issue, person_id: str, message: str) -> None:
    """One line on a phone for each issue, whatever stage it is at; "" once nothing is late."""
    state = "told" if message else "done"
    ident = notice_id(issue.id)
    writing.notices.tell(
        ident, person_id, "issue.step", "reminder", "", message=message, state=state
    )


def _hush(writing: Writing, before: Issue) -> None:
    told = [one for entry in before.entries if entry["what"] == TOLD for one in entry["to"]]
    for person_id in sorted({one["id"] for one in told}):
        remind(writing, before, person_id, "")


def _facts(issue: Issue) -> dict[str, Any]:
    return {"status": WORDS[status_of(issue.state, issue.side)], "days": REOPEN_DAYS}
