"""What is called up to the street: by department and age, and one matter with its calls.

The street sees what it is about by kind and building, and what was written for it: never what
somebody reported, nor whose door it is.
"""

from collections import Counter
from datetime import datetime
from typing import Any, NamedTuple

from server.office.call_words import told
from server.office.issue_words import lasting
from server.store import departments, issue_calls
from server.store.database import Tx
from server.store.departments import Department
from server.store.records import Records
from sync import issue_calls as rules
from sync.issue_calls import Call
from sync.issue_records import Issue
from sync.issue_steps import OPEN, status_of
from sync.operations import stamp
from sync.records import Building
from sync.refusals import Refusal
from sync.scope import OFFICE

CALLERS: dict[str, Any] = {"roles": rules.CALLERS}
# Up to how many days each column of the table holds; the last holds all others.
AGES = ((1, "一天内"), (3, "一到三天"), (7, "三到七天"), (100_000, "七天以上"))
NOBODY = "还没有呼叫部门"


class Sight(NamedTuple):
    """Who looks, and when."""

    person_id: str
    role: str
    now: datetime

    @property
    def is_office(self) -> bool:
        return self.role in OFFICE


def tab_of(role: str) -> str:
    return "issues" if role in OFFICE else "calls"


def late_for(tx: Tx, community_id: str, sight: Sight) -> int:
    """How many wait for this person: a late call of theirs or one that climbed to them, and, of
    the street, what nobody was called to yet."""
    found = issue_calls.waiting(tx, community_id)
    return sum(_waits(one, sight) for one in found)


def overview(tx: Tx, community_id: str, sight: Sight) -> dict[str, Any]:
    found = issue_calls.called_up(tx, community_id)
    shown = [_row(one, sight) for one in found if sight.is_office or not one["restricted"]]
    shown.sort(key=lambda row: (not row["waits"], row["since"], row["id"]))
    return {"table": _table(found, sight), "rows": shown, "hidden": len(found) - len(shown)}


class Matter(NamedTuple):
    """One that is called up, as far as this person may see it."""

    issue: Issue
    status: str
    building: str
    asked: list[dict[str, Any]]
    rounds: list[list[dict[str, Any]]]
    departments: list[Department]
    left: tuple[bool, str]
    may_call: bool


def matter(tx: Tx, community_id: str, sight: Sight, issue_id: str) -> Matter:
    """Raises Refusal for none, and to the street for what nobody asked it about."""
    known = Records(tx, community_id)
    issue = known.get("issue", issue_id)
    if not isinstance(issue, Issue) or not (sight.is_office or _is_for_street(issue)):
        raise Refusal("record.unknown")
    status = status_of(issue.state, issue.side)
    directory = departments.every(tx, community_id)
    phones = {one.id: one for one in directory}
    building = known.get("building", issue.building_id)
    rounds: dict[int, list[dict[str, Any]]] = {}
    for call in issue.calls:
        department = phones.get(call["department_id"])
        rounds.setdefault(call["round"], []).append(_call(call, issue, sight, department))
    return Matter(
        issue=issue,
        status=status,
        building=building.label if isinstance(building, Building) else "",
        asked=[one for one in issue.entries if one["what"] == "call"],
        rounds=[rounds[number] for number in sorted(rounds, reverse=True)],
        departments=[one for one in directory if one.is_on],
        left=lasting(issue.close_due, stamp(sight.now)),
        may_call=status in OPEN,
    )


def _is_for_street(issue: Issue) -> bool:
    asked = any(one["what"] in ("call", rules.CALLED) for one in issue.entries)
    return asked and not issue.restricted


def _waits(one: dict[str, Any], sight: Sight) -> bool:
    if one["restricted"] and not sight.is_office:
        return False
    late = any(_is_late(call, sight) for call in one["calls"])
    return late or (not sight.is_office and not one["calls_open"])


def _is_late(call: Call, sight: Sight) -> bool:
    return rules.is_shown_late(call, sight.person_id, sight.role, stamp(sight.now))


def _row(one: dict[str, Any], sight: Sight) -> dict[str, Any]:
    asked = [entry for entry in one["entries"] if entry["what"] == "call"]
    running = rules.still_open(one["calls"])
    return {
        "id": one["id"],
        "category": one["category"],
        "building": one["building"],
        "asked": asked[-1]["words"] if asked else "",
        "since": _since(one, running),
        "calls": [told(call, stamp(sight.now)) for call in running],
        "waits": _waits({**one, "calls_open": len(running)}, sight),
    }


def _since(one: dict[str, Any], running: list[Call]) -> str:
    """Since when somebody is waited for: the first running call, else the last word for one."""
    if running:
        return str(min(call["at"] for call in running))
    asked = [entry["at"] for entry in one["entries"] if entry["what"] in ("call", *rules.ENTERED)]
    return str(max(asked, default=one["reported_at"]))


def _table(found: list[dict[str, Any]], sight: Sight) -> list[dict[str, Any]]:
    """A line for each department, by how long it is waited for; first what has none yet."""
    counted: Counter[tuple[str, int]] = Counter()
    late: Counter[str] = Counter()
    for one in found:
        running = rules.still_open(one["calls"])
        if not running:
            counted[NOBODY, _age(_since(one, running), sight.now)] += 1
        for call in running:
            counted[call["department"], _age(call["at"], sight.now)] += 1
            is_late = not call["arrived_at"] and call["due_at"] < stamp(sight.now)
            late[call["department"]] += is_late
    names = sorted({name for name, _ in counted}, key=lambda name: (name != NOBODY, name))
    return [
        {"name": name, "ages": [counted[name, n] for n in range(len(AGES))], "late": late[name]}
        for name in names
    ]


def _age(since: str, now: datetime) -> int:
    days = (now - datetime.fromisoformat(since)).total_seconds() / 86_400
    return next(at for at, (most, _) in enumerate(AGES) if days <= most)


def _call(call: Call, issue: Issue, sight: Sight, department: Department | None) -> dict[str, Any]:
    entries = [
        {**one, "inner": one["inner"] if sight.is_office or one["role"] == "street" else ""}
        for one in issue.entries
        if call["id"] in (one["id"], one.get("call_id"))
    ]
    return {
        **call,
        **told(call, stamp(sight.now)),
        "phone": department.phone if department else "",
        "note": department.note if department else "",
        "entries": entries,
        "is_open": not call["ended_at"],
    }
