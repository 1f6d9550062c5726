"""What happens to the phones of one seed, drawn before anything happens: lists of plain steps."""

import json
import random
from typing import Any

from tests.faults import FAULTS, Plan
from tests.simulation.phones.town import PHONES

Step = dict[str, Any]

STEPS = (10, 20)
RATES = (0.15, 0.3, 0.5, 0.7)
RESULTS = ("met", "met", "met_family", "not_home", "refused", "hospital")
# What a person does on the phone, and how often.
ACTS = {
    "visit": 10,
    "edit": 4,
    "newcomer": 1,
    "resident": 1,
    "correct": 3,
    "withdraw": 2,
    "early": 1,
    "odd": 1,
    "redo": 1,
    "sync": 7,
    "look": 2,
    "restart": 3,
    "pause": 4,
    "both": 2,
}


def of(seed: int) -> list[list[Step]]:
    """The steps of each phone."""
    chance = random.Random(f"history {seed}")
    return [_phone(chance) for _ in PHONES]


def faults(seed: int) -> Plan:
    """What the network does to /sync meanwhile: all kinds of faults, or one kind only."""
    chance = random.Random(f"faults {seed}")
    rate = chance.choice(RATES)
    if chance.random() < 0.25:
        return Plan(seed, {chance.choice(FAULTS).name: rate}, path="/sync")
    return Plan(seed, rate, path="/sync")


def told(seed: int, steps: list[list[Step]]) -> str:
    """A history as one writes it into an issue."""
    lines = [f"seed {seed}, rates {faults(seed).rates}"]
    for number, some in enumerate(steps):
        role, which = PHONES[number]
        lines += [f"phone {number} ({role} {which}):"]
        lines += [f"  {json.dumps(step, ensure_ascii=False)}" for step in some]
    return "\n".join(lines)


def _phone(chance: random.Random) -> list[Step]:
    steps: list[Step] = []
    for _ in range(chance.randint(*STEPS)):
        [act] = chance.choices(list(ACTS), list(ACTS.values()))
        steps += _both(chance) if act == "both" else [_step(chance, act)]
    return steps


def _both(chance: random.Random) -> list[Step]:
    """Two tabs that save and sync at once."""
    steps = []
    for _ in range(chance.randint(1, 3)):
        steps += [{**_step(chance, "visit"), "tab": tab, "wait": 0} for tab in (0, 1)]
        steps += [{"do": "sync", "why": "visible", "tab": tab, "wait": 0} for tab in (0, 1)]
    return steps


def _step(chance: random.Random, act: str) -> Step:
    tab = int(chance.random() < 0.2)
    wait = int(chance.random() < (0.3 if act == "sync" else 0.8))
    return {"do": act, "tab": tab, "wait": wait, **_more(chance, act)}


def _more(chance: random.Random, act: str) -> Step:
    at, phone = chance.randrange(1000), f"139{chance.randrange(10**8):08d}"
    more: dict[str, Step] = {
        "visit": {
            "door": at,
            "result": chance.choice(RESULTS),
            "note": chance.choice(["", '精神好 "快"\n第二行', "🙂" * 20]),
            "followup": chance.choice(["", "", "想装扶手"]),
        },
        "edit": {"contact": at, "phone": phone, "name": chance.choice(["", "女儿"])},
        "newcomer": {"door": at, "phone": phone},
        "resident": {"door": at, "name": f"改名{at}"},
        "correct": {"which": at, "note": f"更正 {at}"},
        "withdraw": {"which": at},
        "redo": {"which": at, "note": "再报"},
        "odd": {"contact": at, "phone": phone},
        "sync": {"why": chance.choice(["quiet", "visible", "online", "timer", "live"])},
        "restart": {"wait": 1},
        "pause": {"ms": chance.choice([1, 5, 20, 60]), "wait": 1},
    }
    return more.get(act, {})
