"""Issues: raised, joined and worked on by anybody in any order; and what must be true of them."""

import json
from collections import Counter
from datetime import timedelta
from random import Random
from typing import TYPE_CHECKING, Any

from msgspec import to_builtins

from server.store import feed
from server.store.records import all_records
from sync.issue_fold import folded
from sync.issue_records import Issue
from sync.issue_reports import readers, report
from sync.issue_steps import TABLE
from sync.operations import stamp
from sync.visits import WINDOW_DAYS
from sync.worktime import Calendar
from tests.simulation import office
from tests.simulation.cast import PEOPLE, ident
from tests.simulation.field import FIELDWORK
from tests.simulation.phone import Phone
from tests.simulation.wire import demand

if TYPE_CHECKING:
    from tests.simulation.town import Town

CATEGORIES = ("public_facility", "environment", "utility_fault", "life_safety", "dispute")
RAISERS = (*FIELDWORK, *FIELDWORK, "leader", "office")
# The ways of an ordinary issue are taken more often than others.
USUAL = ("accept", "assign", "start", "done", "check", "reopen", "suspend", "resume")
ENTERED = (
    *("issue.join", "issue.step", "issue.papers", "issue.rate"),
    *("issue.call", "issue.call_step"),
)


def raise_one(town: "Town", chance: Random) -> None:
    """Somebody saw something at a door, in a building, or anywhere."""
    phone = town.someone(chance, RAISERS)
    data: dict[str, Any] = {"category": chance.choice(CATEGORIES), "text": "灯不亮"}
    homes, buildings = phone.all("household"), phone.all("building")
    if homes and chance.random() < 0.5:
        data["household_id"] = chance.choice(homes)["id"]
    elif buildings and chance.random() < 0.9:
        data["building_id"] = chance.choice(buildings)["id"]
    data["solved_on_spot"] = chance.random() < 0.1
    phone.record(town.backend.clock.now, "issue.raise", data)


def work_on(town: "Town", chance: Random) -> None:
    """Somebody does something about one that their phone shows, or that they raised themselves."""
    phone = town.someone(chance, RAISERS)
    known = _known(phone)
    for _ in range(chance.choice([1, 1, 2, 3])):
        if not known:
            return
        kind, data = _deed(known, chance)
        now = town.backend.clock.now
        more = {"base": chance.choice([1, 1, 2, 5])} if kind == "issue.change" else {}
        phone.record(now, kind, data, **more)
        town.backend.clock.now = now + timedelta(minutes=chance.choice([0, 0, 7]))


def decide(town: "Town", chance: Random) -> None:
    """The office works on any of them, in its own pages."""
    known = [
        one["id"] for one in town.backend.rows("select id from issue order by reported_at, id")
    ]
    if known:
        kind, data = _call(town, known, chance) if chance.random() < 0.2 else _deed(known, chance)
        base = chance.choice([1, 2, 5]) if kind == "issue.change" else None
        office.submit(town, chance, kind, data, base)


def _call(town: "Town", known: list[str], chance: Random) -> tuple[str, dict[str, Any]]:
    """A department is called, or something became of a call."""
    about = chance.choice(known)
    found = town.backend.rows("select calls from issue where id = :id", id=about)
    calls = [one["id"] for row in found for one in json.loads(row["calls"])]
    if calls and chance.random() < 0.6:
        step = chance.choice(["arrived", "arrived", "result", "withdrawn", "urged"])
        made = chance.choice(calls)
        return "issue.call_step", {"id": about, "call_id": made, "step": step, "words": "说一句"}
    department = ident(9, chance.choice([1, 2]))
    return "issue.call", {"id": about, "department_id": department}


def check(town: "Town") -> None:
    """Each deed that applied is in one issue, once; each issue is what its entries say; and those
    read of it who raised or joined it, what they may."""
    backend = town.backend
    with backend.store.read() as tx:
        found = all_records(tx, backend.home, "issue")
        shown = {
            (person["id"], one["id"]): {**one, "version": 0}
            for person in tx.rows("select id from person")
            for one in feed.shown(tx, backend.home, f"person:{person['id']}", "report")
        }
    issues = {one.id: one for one in found if isinstance(one, Issue)}
    held = Counter(entry["id"] for one in issues.values() for entry in one.entries)
    applied = backend.rows("select id, kind from operation where state = 'applied'")
    wanted = [row["id"] for row in applied if row["kind"] in ENTERED]
    missing = [one for one in wanted if held[one] != 1]
    demand(not missing, "entries", f"{missing} are not held once")
    wrong = [one.id for one in issues.values() if folded(one, Calendar()) != one]
    demand(not wrong, "issue", f"{wrong} are not what their entries say")
    expected = {
        (person_id, one.id): {
            **to_builtins(report(one, person_id, _main(one, issues))),
            "version": 0,
        }
        for one in issues.values()
        for person_id in readers(one)
    }
    # What ended before the window leaves by night; until then it may still be read.
    since = stamp(backend.clock.now - timedelta(days=WINDOW_DAYS))
    past = {key for key in expected if "" < issues[key[1]].ended_at < since} - shown.keys()
    expected = {key: told for key, told in expected.items() if key not in past}
    demand(shown == expected, "report", f"read {shown.keys()}, raised {expected.keys()}")
    for phone in town.phones:
        _keeps_to_itself(phone, issues)


def _main(one: Issue, issues: dict[str, Issue]) -> Issue | None:
    found = one
    while found.side == "duplicate":
        found = issues[found.duplicate_of]
    return None if found is one else found


def _keeps_to_itself(phone: Phone, issues: dict[str, Issue]) -> None:
    for one in phone.all("issue"):
        told = issues[one["id"]]
        stream = f"building:{told.building_id}" if told.building_id else f"person:{told.holder}"
        is_theirs = stream in phone.streams
        demand(is_theirs and not told.restricted, "secret", f"phone {phone.key} holds {told.id}")


def _known(phone: Phone) -> list[str]:
    own = [one.id for one in phone.entries.values() if one.kind == "issue.raise"]
    shown = [one["id"] for kind in ("issue", "report") for one in phone.all(kind)]
    return list(dict.fromkeys([*own, *shown]))


def _deed(known: list[str], chance: Random) -> tuple[str, dict[str, Any]]:
    about = chance.choice(known)
    draw = chance.random()
    if draw < 0.06:
        return "issue.join", {"id": about, "text": "我这里也是"}
    if draw < 0.1:
        return "issue.rate", {"id": about, "satisfied": chance.choice(["yes", "no"])}
    if draw < 0.14:
        how = chance.choice(["taken", "returned"])
        papers = chance.choice([["身份证"], ["户口簿", "银行卡"]])
        return "issue.papers", {"id": about, "errands": ["allowance"], how: papers}
    if draw < 0.2:
        changes = chance.choice(
            [{"place": f"{chance.randrange(3)} 楼"}, {"category": chance.choice(CATEGORIES)}]
        )
        return "issue.change", {"id": about, "changes": changes}
    step = chance.choice(USUAL if chance.random() < 0.7 else list(TABLE))
    data: dict[str, Any] = {"id": about, "step": step, "words": "说一句"}
    if step == "assign":
        data["holder_id"] = PEOPLE[chance.choice(["worker1", "worker2", "chief1", "office1"])].id
    if step == "extend":
        data["due_on"] = chance.choice(["2026-09-30", "2026-11-30"])
    if step == "duplicate":
        data["duplicate_of"] = chance.choice(known)
    return "issue.step", data
