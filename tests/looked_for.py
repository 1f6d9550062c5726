"""Made-up histories of a door where somebody is seen every week and often is silent, by a seed.

Operations are in the order of their arrival, which is not that of their times.
"""

from random import Random
from typing import Any, get_args

from sync.followups import flagged_id
from sync.ladder import ITEM
from sync.operations import Step
from tests import asking

RESULTS = (ITEM, ITEM, ITEM, "not_home", "met", "phone_ok", "refused", "hospital", "rescheduled")
STEPS = get_args(Step)


def visit(result: str, **more: Any) -> dict[str, Any]:
    """Data of a visit; who is in hospital or was met is the one who is seen every week."""
    named = [] if result in (ITEM, "not_home", "rescheduled", "refused") else [asking.PEOPLE[0].id]
    home = {"household_id": asking.DOOR.id, "type": "elder_care", "method": "door"}
    return {**home, "result": result, "resident_ids": named, **more}


def history(seed: int) -> list[dict[str, Any]]:
    """Visits, second thoughts, steps and what the office says, as they arrive."""
    chance = Random(seed)
    visits = [asking.operation(chance, 0, "visit.record", visit("met"))]
    made = list(visits)
    for number in range(1, chance.randint(4, 12)):
        draw, known = chance.random(), chance.choice(visits)["id"]
        if draw < 0.1:
            made.append(asking.operation(chance, number, "visit.withdraw", {"id": known}))
        elif draw < 0.25:
            changes = {"result": chance.choice(RESULTS), "note": "改过"}
            data = {"id": known, "changes": changes}
            made.append(asking.operation(chance, number, "visit.correct", data))
        elif draw < 0.35:
            closing = {"id": flagged_id(known, "", ITEM), "result": "家属在陪"}
            made.append(asking.operation(chance, number, "followup.close", closing))
        elif draw < 0.6:
            step = {"visit_id": known, "step": chance.choice(STEPS), "who": "女儿"}
            made.append(asking.operation(chance, number, "ladder.step", step))
        else:
            data = visit(chance.choice(RESULTS))
            visits.append(asking.operation(chance, number, "visit.record", data))
            made.append(visits[-1])
    return made
