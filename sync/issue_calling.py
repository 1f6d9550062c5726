"""What people do about the departments that are to come to an issue: call them, say what became of
it. As with any step, nothing is lost: it becomes an entry whatever the state it arrives in."""

from sync import issue_calls
from sync.issue_fold import with_entries
from sync.issue_records import Issue
from sync.issues import entry_of
from sync.known import Known
from sync.operations import IssueCall, IssueCallStep
from sync.refusals import Missing, Refusal


def follow(operation_id: str, data: IssueCall | IssueCallStep, known: Known) -> list[Issue]:
    """The issue with one entry more."""
    if isinstance(data, IssueCall):
        return _call(operation_id, data, known)
    return _step(operation_id, data, known)


def _call(operation_id: str, data: IssueCall, known: Known) -> list[Issue]:
    """The call has the id of its operation."""
    issue, calendar = known.issue(data.id), known.calendar()
    entry = entry_of(operation_id, issue_calls.CALLED, known, data.words, data.inner)
    department = known.town.department(data.department_id)
    entry |= issue_calls.called(department, data.within, entry["at"], calendar)
    return [with_entries(issue, [entry], calendar)]


def _step(operation_id: str, data: IssueCallStep, known: Known) -> list[Issue]:
    issue = known.issue(data.id)
    if issue_calls.lacks(data.step, data.words):
        raise Refusal("issue.lacks", field="说明")
    made = next((one for one in issue.entries if one["id"] == data.call_id), None)
    if made is None or made["what"] != issue_calls.CALLED:
        raise Missing(data.call_id)
    entry = entry_of(operation_id, data.step, known, data.words, data.inner)
    entry |= {"call_id": data.call_id, "department": made["department"]}
    return [with_entries(issue, [entry], known.calendar())]
