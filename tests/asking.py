"""Made-up histories of what two people behind one door are asked, by a seed.

Visits ask by the lists that every community begins with, and now and then by what nobody knows.
Operations are in the order of their arrival, which is not that of their times.
"""

from contextlib import suppress
from datetime import datetime, timedelta
from random import Random
from typing import Any

import msgspec
from msgspec import to_builtins

from sync.checklists import Question
from sync.default_checklists import default_checklist
from sync.followups import flagged_id
from sync.known import Actor, Known, Moment
from sync.operations import open_envelope, understand
from sync.reconcile import reconcile
from sync.records import Building, Community, Household, Record, Resident, kind_of
from sync.refusals import Missing, Refusal
from sync.scope import forms
from tests.sync.memory import MemoryTown

NOW = datetime.fromisoformat("2026-09-30T04:00:00+00:00")
HOME = "00000000-0000-7000-8000-000000000001"
CODES = ("CK-ELDER", "CK-ELDER", "CK-HEAT")
RESULTS = ("met", "met", "met_family", "phone_ok")


def uid(number: int) -> str:
    return f"0199{number:04x}-0000-7000-8000-{number:012x}"


PERSON = {"id": uid(40), "name": "周晓岚", "role": "worker", "building_ids": [uid(10)]}
COMMUNITY = Community(id=HOME, name="清龙社区", review_rules={"sample": 0})
BUILDING = Building(id=uid(10), compound="红棉苑", name="3栋", label="红棉苑 3栋")
DOOR = Household(id=uid(20), building_id=BUILDING.id, door_no="502", added_on="2026-01-01")
PEOPLE = [
    Resident(
        id=uid(30 + number),
        household_id=DOOR.id,
        building_id=BUILDING.id,
        name=name,
        birth_on=birth_on,
        categories=categories,
        added_on="2026-01-01",
    )
    for number, (name, birth_on, categories) in enumerate(
        [("黄秀珍", "1940-05-05", ["living_alone"]), ("黄志强", "1970-01-01", [])]
    )
]


def town() -> list[Record]:
    """The records that a phone holds before anything was asked."""
    lists: list[Record] = [default_checklist(code) for code in dict.fromkeys(CODES)]
    return [BUILDING, DOOR, *PEOPLE, *lists]


def history(seed: int, *, plain: bool = False) -> list[dict[str, Any]]:
    """Operations as they arrive. What is `plain` ends the same in whichever order they do.

    Nothing is closed then, because what a closing could not know of it does not close.
    """
    chance = Random(seed)
    count = chance.randint(3, 9)
    visits: list[dict[str, Any]] = []
    made = []
    for number in range(count):
        draw = chance.random()
        if draw < 0.12:
            person = chance.choice(PEOPLE).id
            said = {"resident_id": person, "consent": chance.choice(["yes", "no"])}
            made.append(operation(chance, number, "consent.record", said))
        elif visits and draw < 0.3:
            made.append(_second_thought(chance, number, chance.choice(visits)))
        elif visits and not plain and draw < 0.45:
            made.append(_close(chance, number, chance.choice(visits)))
        else:
            visits.append(operation(chance, number, "visit.record", _visit(chance)))
            made.append(visits[-1])
    return made


def shown(records: MemoryTown) -> dict[str, dict[str, Any]]:
    """What a phone shows of a town, by kind and id; issues that follow come from the server."""
    found = {}
    for record in records.held.values():
        if kind_of(record) == "issue":
            continue
        whole = forms(record, HOME).get(f"building:{BUILDING.id}")
        if whole is not None:
            found[f"{kind_of(record)} {record.id}"] = whole
    return found


def follow(here: MemoryTown, operation: dict[str, Any]) -> None:
    """Apply an operation by the rules; what they refuse changes nothing."""
    envelope = open_envelope(msgspec.json.encode(operation))
    assert envelope is not None
    read = understand(envelope)
    actor = Actor(
        PERSON["id"], PERSON["name"], "worker", "device", frozenset([BUILDING.id]), frozenset()
    )
    known = Known(here, actor, Moment(read.at, read.at, NOW), COMMUNITY)
    with suppress(Missing, Refusal):
        here.keep(reconcile(read, known).changed)


def before() -> list[list[Any]]:
    return [[kind_of(one), to_builtins(one)] for one in town()]


def operation(chance: Random, number: int, kind: str, data: dict[str, Any]) -> dict[str, Any]:
    """What somebody did at some time of the last forty days."""
    back = timedelta(minutes=chance.randint(1, 40 * 24 * 60))
    at = (NOW - back).isoformat(timespec="milliseconds")
    return {"id": uid(100 + number), "n": number + 1, "kind": kind, "at": at, "data": data}


def _visit(chance: Random) -> dict[str, Any]:
    asked = chance.sample(PEOPLE, chance.choice([1, 1, 2]))
    return {
        "household_id": DOOR.id,
        "type": chance.choice(["elder_care", "routine", "event_triggered"]),
        "method": "door",
        "result": chance.choice(RESULTS),
        "resident_ids": [one.id for one in asked],
        "checkups": [_checkup(chance, one.id) for one in asked],
    }


def _checkup(chance: Random, resident_id: str) -> dict[str, Any]:
    listed = default_checklist(chance.choice(CODES))
    answers = {
        one.id: _answer(chance, one)
        for one in listed.questions
        if chance.random() < 0.5 or one.id in ("E02", "E23")
    }
    if chance.random() < 0.1:
        answers["X9"] = {"value": "?", "asked": "旧问题", "said": ["旧选项"]}
    found = {
        "resident_id": resident_id,
        "checklist_id": listed.code,
        "version": chance.choice([1] * 9 + [7]),
        "answers": answers,
    }
    if chance.random() < 0.3:
        found["consent"] = chance.choice(["yes", "no"])
        found["consent_method"] = "oral"
    return found


def _answer(chance: Random, question: Question) -> dict[str, Any]:
    codes = [one.code for one in question.options]
    value: Any = chance.choice(["", None, "flown", 7])
    if chance.random() < 0.95:
        match question.type:
            case "one":
                value = chance.choice(codes)
            case "multi":
                value = chance.sample(codes, chance.randint(1, 2))
            case "yes_no" | "yes_no_na":
                value = chance.choice(["yes", "no"])
            case "int" | "decimal":
                value = chance.randint(0, 40)
            case _:
                value = "2026-09-01"
    said = {"value": value}
    return {**said, "unchanged": True} if chance.random() < 0.1 else said


def _second_thought(chance: Random, number: int, visit: dict[str, Any]) -> dict[str, Any]:
    if chance.random() < 0.5:
        return operation(chance, number, "visit.withdraw", {"id": visit["id"]})
    asked = [one["resident_id"] for one in visit["data"]["checkups"]]
    changes: dict[str, Any] = {"note": "改过"}
    if chance.random() < 0.4:
        changes["checkups"] = [_checkup(chance, one) for one in asked]
    if chance.random() < 0.3:
        changes["resident_ids"] = [chance.choice(PEOPLE).id]
    return operation(chance, number, "visit.correct", {"id": visit["id"], "changes": changes})


def _close(chance: Random, number: int, visit: dict[str, Any]) -> dict[str, Any]:
    checkup = chance.choice(visit["data"]["checkups"])
    item = f"{checkup['checklist_id']}.{chance.choice(['E02', 'E04', 'E16', 'E17', 'E03', 'H02'])}"
    named = flagged_id(visit["id"], checkup["resident_id"], item)
    return operation(chance, number, "followup.close", {"id": named, "result": "办好了"})
