"""Departments that were called to an issue: each call with its limit, whether somebody came, and
what came of it. Several at once are a round; what is called after all have ended is the next.

A call is late when nobody came by `due_at`, which is the business of whoever called; from
`climb_at` on it is that of those above.
"""

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from sync import issue_limits, worktime
from sync.issue_steps import OPEN
from sync.operations import IssueCallStepName
from sync.refusals import Refusal
from sync.worktime import Calendar

CALLED = "called"
STEPS: tuple[IssueCallStepName, ...] = ("arrived", "result", "withdrawn", "urged")
ENTERED = (CALLED, *STEPS)
# What whoever raised the issue is told: not how often somebody was reminded.
TOLD = (CALLED, "arrived", "result", "withdrawn")
_ENDS = ("result", "withdrawn")
# What has to be said.
_SAID = ("result", "withdrawn")

STAFF = frozenset({"worker", "chief", "social", "office", "secretary"})
CALLERS = frozenset({"office", "secretary", "street"})
# To whom a late call climbs.
ABOVE = frozenset({"secretary", "street"})
WHO: Mapping[str, frozenset[str]] = {
    CALLED: CALLERS,
    "arrived": STAFF | {"street"},
    "result": STAFF | {"street"},
    "withdrawn": CALLERS,
    "urged": CALLERS | {"chief"},
}

Call = dict[str, Any]


class Department(NamedTuple):
    """One that can be called. `limit` is by when somebody comes, as a text such as "2h"."""

    id: str
    name: str
    limit: str


def called(department: Department | None, within: str, at: str, calendar: Calendar) -> Call:
    """What an entry says of a call beside who made it. Raises Refusal for nobody to call."""
    if department is None:
        raise Refusal("department.unknown")
    limit = within or department.limit
    if not issue_limits.is_limit(limit):
        raise Refusal("department.limit_misfit", value=limit)
    read = issue_limits.read(limit)
    due_at = worktime.due(at, read, calendar)
    return {
        "department_id": department.id,
        "department": department.name,
        "due_at": due_at,
        "climb_at": worktime.reminders(at, due_at, read.unit, calendar).climb_at,
    }


def lacks(step: str, words: str) -> bool:
    return step in _SAID and not words


def obstacle(entry: Mapping[str, Any], calls: Iterable[Call], status: str) -> str:
    """Why an entry about a call counts for nothing where it stands; "" when it counts."""
    what = entry["what"]
    if what == CALLED:
        return "" if status in OPEN else "state"
    call = _find(entry, calls)
    if call is None:
        return "no_call"
    if call["ended_at"]:
        return "call_ended"
    return "call_arrived" if what == "arrived" and call["arrived_at"] else ""


def take(entry: Mapping[str, Any], now: dict[str, Any]) -> bool:
    """Do what an entry about a call says; whether that moved the issue."""
    what, at, calls = entry["what"], entry["at"], now["calls"]
    if what == CALLED:
        calls.append(_new(entry, calls))
        is_news = bool(now["state"] != "calling")
        now |= {"state": "calling", "first_at": now["first_at"] or at}
        return is_news
    call = _find(entry, calls)
    assert call is not None, "what has no call met with an obstacle"
    if what == "arrived":
        call["arrived_at"] = at
    elif what == "urged":
        call["urged"] += 1
    else:
        call |= {"ended_at": at, "end": what}
        if now["state"] == "calling" and not now["side"] and not still_open(calls):
            now["state"] = "in_progress"
            return True
    return False


def lapse(calls: Iterable[Call], at: str) -> None:
    """Nothing is to be done any more: nobody is waited for."""
    for call in calls:
        if not call["ended_at"]:
            call |= {"ended_at": at, "end": "lapsed"}


def still_open(calls: Iterable[Call]) -> list[Call]:
    return [one for one in calls if not one["ended_at"]]


def awaited(calls: Iterable[Call]) -> list[Call]:
    """Those to whom nobody came yet."""
    return [one for one in still_open(calls) if not one["arrived_at"]]


def is_shown_late(call: Call, person_id: str, role: str, now: str) -> bool:
    """Whether a call is late and this person's to see to: their own, or one that climbed."""
    if call["ended_at"] or call["arrived_at"] or call["due_at"] >= now:
        return False
    return bool(call["by"] == person_id or (call["climb_at"] < now and role in ABOVE))


def _new(entry: Mapping[str, Any], calls: list[Call]) -> Call:
    running = still_open(calls)
    last = max((one["round"] for one in calls), default=0)
    names = ("id", "department_id", "department", "by", "by_name", "due_at", "climb_at")
    return {
        **{name: entry[name] for name in names},
        "at": entry["at"],
        "round": last if running else last + 1,
        "arrived_at": "",
        "ended_at": "",
        "end": "",
        "urged": 0,
    }


def _find(entry: Mapping[str, Any], calls: Iterable[Call]) -> Call | None:
    return next((one for one in calls if one["id"] == entry["call_id"]), None)
