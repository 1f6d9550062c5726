"""An issue as what it was raised with and its entries tell it: the same in any order of arrival.

Each entry is tried where it stands by its true time. One that the table does not allow there, or
that another promise forbids, stays, moves nothing, and says why.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from msgspec.structs import replace

from sync import issue_calls, issue_telling, worktime
from sync.issue_records import Issue
from sync.issue_steps import ENDED, JOINED, MANAGE, RATED, RESTS, SIDES, TABLE, status_of
from sync.operations import stamp
from sync.worktime import Calendar

Entry = dict[str, Any]
# Who raised it may say for so long that it is not done after all; the office may at any time.
REOPEN_DAYS = 15
LIFE = "life_safety"
STREET = "street"
# An entry that the rules made themselves, of a flag that was corrected or taken back.
RULE = "rule"

# What follows from the entries, as it is before the first.
_EMPTY = (
    *("side", "duplicate_of", "suspended_at", "first_at", "holder", "holder_name", "done_by"),
    *("done_by_name", "done_at", "checked_by", "checked_by_name", "ended_at", "satisfied"),
)


def with_entries(issue: Issue, added: Iterable[Entry], calendar: Calendar) -> Issue:
    """An issue with entries that are new, or differ now."""
    by_id = {one["id"]: one for one in [*issue.entries, *added]}
    return folded(replace(issue, entries=list(by_id.values())), calendar)


def without(issue: Issue, entry_ids: Iterable[str], calendar: Calendar) -> Issue:
    gone = set(entry_ids)
    left = [one for one in issue.entries if one["id"] not in gone]
    return folded(replace(issue, entries=left), calendar)


def folded(issue: Issue, calendar: Calendar) -> Issue:
    """The record with all that follows from its entries worked out anew."""
    now = _raised(issue)
    entries = []
    for one in sorted(issue.entries, key=lambda entry: (entry["at"], entry["id"])):
        why = _obstacle(one, now, issue)
        moved = not why and _take(one, now, issue, calendar)
        entries.append({**one, "moved": int(moved), "why": why})
    del now["revisits"]
    waiting = [one["due_at"] for one in issue_calls.awaited(now["calls"])]
    now["calls_open"] = len(issue_calls.still_open(now["calls"]))
    now["call_due"] = min(waiting, default="")
    done = replace(issue, **now, entries=entries)
    return replace(done, **issue_telling.standing(done, calendar))


def _take(entry: Entry, now: dict[str, Any], issue: Issue, calendar: Calendar) -> bool:
    """Do what an entry says that met with no obstacle; whether that moved the issue."""
    what = entry["what"]
    if what in issue_calls.ENTERED:
        return issue_calls.take(entry, now)
    if what not in TABLE or not TABLE[what].moves:
        _hear(entry, now, issue)
        return False
    _move(entry, now, issue, calendar)
    return True


def _raised(issue: Issue) -> dict[str, Any]:
    now: dict[str, Any] = dict.fromkeys(_EMPTY, "")
    now |= {"state": "reported", "level": issue.raised_level, "close_due": issue.asked_due}
    now |= {"extended": 0, "reopened": 0, "revisits": 0, "joined": []}
    now["calls"] = []
    if issue.solved_on_spot:
        at = issue.reported_at
        now |= {"done_by": issue.by, "done_by_name": issue.by_name, "done_at": at, "first_at": at}
        ends = issue.category != LIFE
        now |= {"state": "closed", "ended_at": at} if ends else {"state": "done_pending_check"}
    return now


def _obstacle(entry: Entry, now: dict[str, Any], issue: Issue) -> str:  # noqa: PLR0911
    what = entry["what"]
    status = status_of(now["state"], now["side"])
    if what in issue_calls.ENTERED:
        return issue_calls.obstacle(entry, now["calls"], status)
    if what == RATED:
        is_own = entry["by"] == now["done_by"]
        return "state" if status != "closed" else "same_person" if is_own else ""
    row = TABLE.get(what)
    if row is None or not row.moves:
        return ""
    if status not in row.moves:
        return "state"
    if what == "check":
        if entry["by"] == now["done_by"]:
            return "same_person"
        return "no_revisit" if issue.category == LIFE and not now["revisits"] else ""
    if what == "extend":
        if now["extended"] and entry["role"] != STREET:
            return "extended"
        return "" if entry["due_at"] > now["close_due"] else "not_later"
    if what == "reopen" and entry["role"] not in MANAGE | {RULE}:
        last = _instant(now["ended_at"]) + timedelta(days=REOPEN_DAYS)
        return "late" if entry["at"] > stamp(last) else ""
    return ""


def _move(entry: Entry, now: dict[str, Any], issue: Issue, calendar: Calendar) -> None:
    what, at = entry["what"], entry["at"]
    to = TABLE[what].moves[status_of(now["state"], now["side"])]
    is_rest = now["side"] in RESTS
    if is_rest and to not in ENDED:
        unit = _unit(issue.close_limit)
        halted = now["suspended_at"]
        now["close_due"] = worktime.resumed(now["close_due"], halted, at, unit, calendar)
    if to in SIDES or is_rest:
        now["suspended_at"] = at if to in RESTS else ""
        now["side"] = to if to in SIDES else ""
    if to and to not in SIDES:
        now |= {"state": to, "side": ""}
    if to in ENDED:
        now["ended_at"] = at
        issue_calls.lapse(now["calls"], at)
    if what not in ("resubmit", "reopen") and not now["first_at"]:
        now["first_at"] = at
    _set(entry, now, issue, calendar)


def _set(entry: Entry, now: dict[str, Any], issue: Issue, calendar: Calendar) -> None:
    """What a step that moved it sets besides the state."""
    at = entry["at"]
    person = {"by": entry["by"], "by_name": entry["by_name"]}
    match entry["what"]:
        case "assign":
            now |= {"holder": entry["holder"], "holder_name": entry["holder_name"]}
        case "start" | "negotiate" if not now["holder"]:
            now |= {"holder": person["by"], "holder_name": person["by_name"]}
        case "done":
            now |= {"done_by": person["by"], "done_by_name": person["by_name"], "done_at": at}
        case "check":
            now |= {"checked_by": person["by"], "checked_by_name": person["by_name"]}
        case "reject":
            now |= {"done_by": "", "done_by_name": "", "done_at": ""}
        case "extend":
            now |= {"close_due": entry["due_at"], "extended": now["extended"] + 1}
        case "duplicate":
            now["duplicate_of"] = entry["duplicate_of"]
        case "reopen":
            _begin_again(entry, now, issue, calendar)
    now["level"] = entry.get("level") or now["level"]


def _begin_again(entry: Entry, now: dict[str, Any], issue: Issue, calendar: Calendar) -> None:
    """It counts as if it had come in now; what was done before stays among the entries."""
    limit = worktime.limit_of(issue.close_limit)
    cleared = ("done_by", "done_by_name", "done_at", "checked_by", "checked_by_name", "ended_at")
    now |= dict.fromkeys((*cleared, "duplicate_of", "satisfied", "suspended_at"), "")
    now |= {"revisits": 0, "extended": 0, "reopened": now["reopened"] + 1}
    if limit is not None:
        now["close_due"] = worktime.due(entry["at"], limit, calendar)


def _hear(entry: Entry, now: dict[str, Any], issue: Issue) -> None:
    """What an entry tells that moves nothing by its nature."""
    if entry["what"] == "revisit":
        now["revisits"] += 1
    elif entry["what"] == JOINED and entry["by"] not in (issue.by, *now["joined"]):
        now["joined"] = [*now["joined"], entry["by"]]
    elif entry["what"] == RATED:
        now["satisfied"] = entry["satisfied"]


def _unit(limit: str) -> str:
    read = worktime.limit_of(limit)
    return read.unit if read else "h"


def _instant(stamped: str) -> datetime:
    return datetime.fromisoformat(stamped)
