"""Who hears, and when, that an issue is nearly late, or late: whoever has it in hand before, then
the grid chief, the office and the secretary, one after the other.

Each stage is said once about one limit: it becomes an entry of the issue that moves nothing. A
limit that moves, because it was extended or rested, has stages of its own.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, NamedTuple

from sync import worktime
from sync.followups import flagged_id
from sync.issue_records import Issue
from sync.issue_steps import RESTS
from sync.operations import stamp
from sync.worktime import Calendar

TOLD = "told"
HOLDER, CHIEF, OFFICE, SECRETARY = STAGES = ("holder", "chief", "office", "secretary")
FIRST, CLOSE = "first", "close"
# Steps after which a limit is another.
_BEGINS = ("resume", "resubmit", "extend", "reopen")


class Clock(NamedTuple):
    """A limit that runs: till somebody sees to it (`first`), or till it is closed (`close`)."""

    of: str
    since: str
    due_at: str
    unit: str


class Stage(NamedTuple):
    """Somebody is to be told at this instant about one limit."""

    at: str
    of: str
    due_at: str
    name: str


def standing(issue: Issue, calendar: Calendar) -> dict[str, str]:
    """`tell_at` and `climbed` of an issue whose entries are told."""
    ahead = coming(issue, calendar)
    return {"tell_at": ahead[0].at if ahead else "", "climbed": _climbed(issue)}


def coming(issue: Issue, calendar: Calendar) -> list[Stage]:
    """What nobody was told yet of the limits that run, the earliest first."""
    known = {one["id"] for one in issue.entries if one["what"] == TOLD}
    found = [each for one in clocks(issue) for each in stages(one, issue.received_at, calendar)]
    return sorted(one for one in found if entry_id(issue.id, one) not in known)


def clocks(issue: Issue) -> list[Clock]:
    if issue.ended_at or issue.side in RESTS:
        return []
    found = []
    if not issue.first_at and issue.first_due:
        unit = _unit(issue.first_limit)
        found.append(Clock(FIRST, issue.reported_at, issue.first_due, unit))
    if issue.close_due:
        is_dated = issue.extended or issue.ordered_on
        unit = "d" if is_dated else _unit(issue.close_limit)
        moved = [one["at"] for one in issue.entries if one["moved"] and one["what"] in _BEGINS]
        since = max(moved, default=issue.reported_at)
        found.append(Clock(CLOSE, min(since, issue.close_due), issue.close_due, unit))
    return found


def stages(clock: Clock, received_at: str, calendar: Calendar) -> list[Stage]:
    """All of one limit, the earliest first. What came in late climbs no faster for that, and of
    what was over by then nobody is told that it is nearly so."""
    length = datetime.fromisoformat(clock.due_at) - datetime.fromisoformat(clock.since)

    def climbed(at: str) -> str:
        since = stamp(datetime.fromisoformat(at) - length)
        return worktime.reminders(since, at, clock.unit, calendar).climb_at

    before = worktime.reminders(clock.since, clock.due_at, clock.unit, calendar).before_at
    chief_at = max(clock.due_at, received_at)
    office_at = climbed(chief_at)
    times = {CHIEF: chief_at, OFFICE: office_at, SECRETARY: climbed(office_at)}
    if before > received_at:
        times = {HOLDER: before, **times}
    return [Stage(at, clock.of, clock.due_at, name) for name, at in times.items()]


def _climbed(issue: Issue) -> str:
    """The highest who was told of a limit that runs; "" for nobody."""
    dues = {(one.of, one.due_at) for one in clocks(issue)}
    told = [one["stage"] for one in issue.entries if one["what"] == TOLD and _about(one) in dues]
    return max(told, key=STAGES.index, default="")


def entry_id(issue_id: str, stage: Stage) -> str:
    return flagged_id(issue_id, "", f"{stage.of} {stage.due_at} {stage.name}")


def notice_id(issue_id: str) -> str:
    """One line on each phone for an issue, whatever stage it is at."""
    return flagged_id(issue_id, "", TOLD)


def _about(entry: Mapping[str, Any]) -> tuple[str, str]:
    return entry["of"], entry["limit_at"]


def _unit(limit: str) -> str:
    read = worktime.limit_of(limit)
    return read.unit if read else "h"
