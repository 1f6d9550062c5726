"""What whoever raised an issue, or joined it, may read of it: what was said to them, and how far
it is. Nothing of what the staff said among itself, of the door, or of what others wrote."""

from datetime import datetime, timedelta
from typing import Any

from sync import issue_calls
from sync.errands import PAPERS
from sync.issue_fold import REOPEN_DAYS, RULE, Entry
from sync.issue_records import Issue, Report
from sync.issue_steps import ENDED, JOINED, RATED, STAFF, status_of
from sync.operations import stamp

# The states of an issue in the words of the public; what rests or ended has its own.
PUBLIC = {
    "reported": "doing",
    "accepted": "doing",
    "assigned": "doing",
    "in_progress": "doing",
    "negotiating": "negotiating",
    "calling": "calling",
    "done_pending_check": "done",
}
NEAR_DAYS = 10


def readers(issue: Issue) -> list[str]:
    """Who is told of it in their own stream."""
    return [] if issue.restricted else [issue.by, *issue.joined]


def report(issue: Issue, person_id: str, main: Issue | None = None) -> Report:
    """As this person reads it. `main` is the issue that this one repeats: it says how far it is."""
    is_mine = person_id == issue.by
    leading = main or issue
    said = [one["words"] for one in issue.entries if _is_own(one, person_id)]
    shown = [_shown(one) for one in issue.entries if _is_public(one, person_id)]
    if main is not None:
        since = max((one["at"] for one in issue.entries), default="")
        later = [one for one in main.entries if one["at"] > since and _is_public(one, person_id)]
        shown += [_shown(one) for one in later]
    status = status_of(leading.state, leading.side)
    return Report(
        id=issue.id,
        category=leading.category,
        place=leading.place,
        text=issue.text if is_mine else "；".join(said),
        state=PUBLIC.get(status, status),
        is_mine=int(is_mine),
        reported_at=issue.reported_at,
        close_due=leading.close_due,
        ended_at=leading.ended_at,
        may_reopen_until=_until(leading) if status in ENDED and main is None else "",
        media=[one for one in issue.media if one["by"] == person_id],
        entries=shown,
    )


def is_near(issue: Issue, building_id: str, category: str, at: str) -> bool:
    """Whether somebody who met with this may have met with that issue: of the same building and
    kind, of the last ten days, and not ended."""
    if not building_id or issue.ended_at or issue.restricted:
        return False
    if (issue.building_id, issue.category) != (building_id, category):
        return False
    since = datetime.fromisoformat(at) - timedelta(days=NEAR_DAYS)
    return issue.reported_at >= stamp(since)


def _is_own(entry: Entry, person_id: str) -> bool:
    return bool(entry["what"] == JOINED and entry["by"] == person_id and entry["words"])


def _is_public(entry: Entry, person_id: str) -> bool:
    if entry["what"] == PAPERS and not entry["words"]:
        return False
    if entry["what"] in issue_calls.ENTERED:
        return entry["what"] in issue_calls.TOLD and not entry["why"]
    if entry["by"] == person_id:
        return entry["what"] not in (RATED, "revisit")
    if entry["what"] in (JOINED, RATED) or entry["role"] not in STAFF | {RULE, "street"}:
        return False
    return bool(entry["moved"] or entry["words"] or entry["what"] == "received")


def _shown(entry: Entry) -> dict[str, Any]:
    """A step that moved nothing is a word among others, whatever it was meant to be."""
    is_call = entry["what"] in issue_calls.TOLD
    is_said = entry["moved"] or is_call or entry["what"] in ("received", JOINED)
    what = entry["what"] if is_said else "note"
    words = [entry["department"], entry["words"]] if is_call else [entry["words"]]
    return {
        "id": entry["id"],
        "at": entry["at"],
        "by_name": entry["by_name"],
        "what": what,
        "words": "，".join(one for one in words if one),
    }


def _until(issue: Issue) -> str:
    return stamp(datetime.fromisoformat(issue.ended_at) + timedelta(days=REOPEN_DAYS))
