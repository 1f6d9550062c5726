"""Looking for somebody who did not answer: the step, and what must be true of it."""

from collections import Counter
from random import Random
from typing import TYPE_CHECKING, Any

import msgspec

from tests.simulation.field import FIELDWORK, visit_data
from tests.simulation.wire import demand

if TYPE_CHECKING:
    from tests.simulation.town import Town

STEPS = ("self", "contact", "knock", "110")


def look_for(town: "Town", chance: Random) -> None:
    """Nobody answers, or one more step is taken for somebody who did not."""
    phone = town.someone(chance, FIELDWORK)
    now = town.backend.clock.now
    silent = [entry.id for entry in phone.entries.values() if _is_silent(entry)]
    silent += [one["id"] for one in phone.all("visit") if one["result"] == "no_answer"]
    weekly = [one["id"] for one in phone.all("household") if 0 < one.get("interval", 0) <= 7]
    if silent and chance.random() < 0.6:
        taken = {"visit_id": chance.choice(silent), "step": chance.choice(STEPS)}
        phone.record(now, "ladder.step", taken)
    elif weekly:
        said = {**visit_data(chance.choice(weekly), chance), "result": "no_answer"}
        phone.record(now, "visit.record", said)


def check(town: "Town") -> None:
    """Each step that applied is in one case, once."""
    applied = town.backend.rows(
        "select id from operation where kind = 'ladder.step' and state = 'applied'"
    )
    held: Counter[str] = Counter()
    for row in town.backend.rows("select steps from followup"):
        held.update(one["id"] for one in msgspec.json.decode(row["steps"]))
    wanted = Counter(row["id"] for row in applied)
    demand(held == wanted, "steps", f"{held} are held, {wanted} were taken")


def _is_silent(entry: Any) -> bool:
    return entry.kind == "visit.record" and entry.data.get("result") == "no_answer"
