"""A small checklist, and visits that ask by it."""

from datetime import datetime
from itertools import permutations
from typing import Any

from sync import reconcile as rules
from sync.checklists import Card, Checklist, Flag, Option, Question, Section
from sync.known import Actor
from sync.operations import Operation, read_data
from sync.records import Answers, Followup, Record, Resident, Visit
from tests.sync.memory import DOOR, ELDER, NOON, WORKER, MemoryTown, known, uid

Made = list[tuple[str, str, dict[str, Any], datetime]]


def flag(when: str, level: str, text: str, hours: int, **more: Any) -> Flag:
    return Flag(when=when, level=level, kind="visit", text=text, hours=hours, **more)


UNWELL = Question(
    id="E04",
    section="S1",
    type="multi",
    ask="今天有无不适",
    options=[
        Option(code="none", label="无", alone=1),
        Option(code="weak", label="一侧无力口齿不清"),
        Option(code="fever", label="发热"),
    ],
    safety=1,
    every=1,
    flags=[
        flag("selected(., 'weak')", "now", "一侧无力：打 120", 1, card="stroke"),
        flag("selected(., 'fever')", "amber", "发热：再去看", 24, recheck_days=3),
    ],
)
WALKING = Question(
    id="E02",
    section="S1",
    type="one",
    ask="行动",
    options=[Option(code=code, label=code) for code in ("free", "stick", "bed")],
    flags=[flag("worse()", "amber", "行动变差：评估", 168)],
)
BEATEN = Question(
    id="E13",
    section="S1",
    type="one",
    ask="疑似被打骂",
    options=[Option(code="no", label="无"), Option(code="maybe", label="疑似")],
    restricted=1,
    flags=[flag(". = 'maybe'", "red", "疑似被打骂", 24, office_only=1)],
)
WISHED = Question(
    id="E26",
    section="S1",
    type="one",
    ask="以后怎么探访",
    options=[Option(code=code, label=code) for code in ("same", "less", "phone", "none")],
    sets="visit_wish",
)
LIST = Checklist(
    id=uid(900),
    code="CK-ELDER",
    edition=1,
    title="老人探访",
    purpose="elder",
    sections=[Section(id="S1", label="健康")],
    questions=[UNWELL, WALKING, BEATEN, WISHED],
    cards=[Card(id="stroke", title="中风", steps=["打 120"], calls=["120"])],
    from_on="2026-01-01",
)


def checkup(resident_id: str = ELDER.id, **said: Any) -> dict[str, Any]:
    """What one person answered; `consent`, `checklist_id`, `version` are not questions."""
    head = {"resident_id": resident_id, "checklist_id": "CK-ELDER", "version": 1}
    head |= {
        name: said.pop(name) for name in ("consent", "checklist_id", "version") if name in said
    }
    answers = {name: one if isinstance(one, dict) else {"value": one} for name, one in said.items()}
    return {**head, "answers": answers}


def asked(*checkups: dict[str, Any], **changes: Any) -> dict[str, Any]:
    return {
        "household_id": DOOR.id,
        "type": "elder_care",
        "method": "door",
        "result": "met",
        "resident_ids": [ELDER.id],
        "checkups": list(checkups),
        **changes,
    }


def apply(
    here: MemoryTown,
    number: int,
    kind: str,
    data: dict[str, Any],
    at: datetime = NOON,
    actor: Actor = WORKER,
) -> list[Record]:
    """One operation by the rules, and what it changed."""
    import msgspec

    read = read_data(kind, msgspec.json.encode(data))
    base = 1 if kind.endswith(".change") else None
    operation = Operation(
        id=uid(number),
        n=number,
        kind=kind,
        at=at,
        base=base,
        after=[],
        replaces="",
        data=read,
        raw=b"",
    )
    follows = rules.reconcile(operation, known(here, actor, at))
    here.keep(follows.changed)
    for name, record_id in follows.removed:
        del here.held[name, record_id]
    return list(follows.changed)


def followups(here: MemoryTown, status: str = "open") -> list[Followup]:
    found = [one for one in here.held.values() if isinstance(one, Followup)]
    return [one for one in found if one.status == status]


def items(here: MemoryTown, resident_id: str = ELDER.id) -> dict[str, Any]:
    found = here.get("answers", resident_id)
    return found.items if isinstance(found, Answers) else {}


def elder(here: MemoryTown) -> Resident:
    found = here.get("resident", ELDER.id)
    assert isinstance(found, Resident)
    return found


def visit(here: MemoryTown, number: int) -> Visit:
    found = here.get("visit", uid(number))
    assert isinstance(found, Visit)
    return found


def in_every_order(steps: Made) -> list[Made]:
    return [list(one) for one in permutations(steps)]
