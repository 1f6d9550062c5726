"""Answers as they might come from anywhere: right, wrong, of other editions, of no type at all."""

import random
from typing import Any

from sync.answer_types import codes
from sync.checklists import Checklist, Question

TODAY = "2026-05-20"
DAYS = [TODAY, "2026-05-01", "2026-02-19", "2026-02-18", "2025-12-31", "2026-06-01", "2024-02-29"]
NO_DAYS = ["", "2026-02-30", "2025-02-29", "20260520", "2026-5-2", "0001-01-01", "soon", None, 7]
ODD: list[Any] = [
    *("", None, True, False, [], {}, [1, None], ["x", 2], {"a": 1}, "none", "no", "later", " "),
    *(0, -1, 2, 33, 0.1, 1.5, -0.0, 1e-9, 1e14, 999999999999999, 1e15, 1e300, 2**53),
    *("3", "-2.5", "３", "1e3", "好" * 201, "👍" * 101, "2026-05-20", ["none", "none"]),
]
NAMES = ["E99", "", "constructor", "__proto__", "toString", "E01 "]
CATEGORIES = ["living_alone", "childless_alone", "high_risk_elder", "dementia", "unheard_of"]


def case(seed: int, checklist: Checklist) -> tuple[Any, Any, Any]:
    """values, last and facts for one visit."""
    chance = random.Random(seed)
    return _values(chance, checklist), _last(chance, checklist), _facts(chance)


def _values(chance: random.Random, checklist: Checklist) -> dict[str, Any]:
    filled = chance.random()
    found = {one.id: _value(chance, one) for one in checklist.questions if chance.random() < filled}
    for _ in range(chance.randrange(3)):
        found[chance.choice(NAMES)] = chance.choice(ODD)
    return found


def _value(chance: random.Random, question: Question) -> Any:
    known = [*codes(question), "removed"]
    if chance.random() < 0.15:
        return chance.choice(ODD)
    if question.type == "multi":
        return chance.sample(known, chance.randrange(min(4, len(known)) + 1))
    if question.type in {"one", "yes_no", "yes_no_na"}:
        return chance.choice(known)
    if question.type == "date":
        return chance.choice(DAYS + NO_DAYS)
    return chance.choice([*range(5), 12, 20, 33, 40, 101, 0.5, 36.6])


def _last(chance: random.Random, checklist: Checklist) -> dict[str, Any]:
    kept = chance.random()
    found = {
        one.id: {"value": _value(chance, one), "on": chance.choice(DAYS)}
        for one in checklist.questions
        if chance.random() < kept
    }
    for name in chance.sample(NAMES + list(found), min(3, len(found))):
        odd = {"value": chance.choice(ODD), "on": chance.choice(NO_DAYS)}
        found[name] = chance.choice([odd, {}, None, [], "x", 3, {"on": TODAY}])
    return found


def _facts(chance: random.Random) -> dict[str, Any]:
    facts = {
        "today": chance.choice([TODAY, TODAY, "2026-01-15", "2026-11-01", *NO_DAYS[:3]]),
        "categories": chance.sample(CATEGORIES, chance.randrange(4)),
        "changed": int(chance.random() < 0.2),
        "consent": chance.choice(["", "yes", "yes", "no"]),
    }
    return {name: value for name, value in facts.items() if chance.random() < 0.95}
