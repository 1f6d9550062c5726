"""Follow-ups that visitors asked for and visits that the office asked for."""

import random
from datetime import timedelta
from typing import Any

from server.demo.calls import Call
from server.demo.desk import Desk, days_ago, some
from server.demo.ids import instant_ms
from server.demo.phrases import FOLLOWUPS, TASKS, TASKS_TODAY
from server.demo.shapes import Town
from server.demo.stream import Acts

_CLOSED_FOLLOWUPS, _OPEN_FOLLOWUPS, _DONE_TASKS = 25, 3, 15
_OPEN_FOR_DAYS = 6


def wish(rng: random.Random, town: Town, calls: list[Call], desk: Desk, acts: Acts) -> None:
    """Marks calls with what they asked for or answered, and adds the acts around them."""
    met = [one for one in calls if one.method == "door" and one.is_effective and not one.minute]
    recent = [one for one in met if one.day >= days_ago(town.today, _OPEN_FOR_DAYS)]
    older = [one for one in met if one.day < days_ago(town.today, _OPEN_FOR_DAYS + 2)]
    open_ones = rng.sample(recent, min(len(recent), some(town, _OPEN_FOLLOWUPS)))
    for index, call in enumerate(open_ones):
        call.followup = FOLLOWUPS[index % len(FOLLOWUPS)][0]
    closed = rng.sample(older, min(len(older), some(town, _CLOSED_FOLLOWUPS)))
    for index, call in enumerate(closed):
        call.followup, result = FOLLOWUPS[index % len(FOLLOWUPS)]
        _close(rng, call, result, desk, acts)

    asked = [one for one in older if not one.followup]
    for index, call in enumerate(rng.sample(asked, min(len(asked), some(town, _DONE_TASKS)))):
        data: dict[str, Any] = {
            "household_id": call.household.id,
            "reason": TASKS[index % len(TASKS)],
            "due_on": call.day.isoformat(),
            "resident_ids": call.resident_ids[:1],
        }
        if index % 2:
            data["for_person"] = call.visitor.id
        before = call.day - timedelta(days=1)
        task = desk.add(instant_ms(before, 905 + rng.randint(0, 100)), "task.add", data)
        call.task_ids = [task.id]


def ask_for_today(rng: random.Random, town: Town, calls: list[Call], desk: Desk) -> None:
    """Two doors the office would like to have seen today, written down yesterday at closing."""
    elders = [one for one in calls if one.type == "elder_care" and one.is_effective]
    homes = {one.household.id: one for one in elders}
    evening = days_ago(town.today, 1)
    for index, household_id in enumerate(rng.sample(sorted(homes), min(2, len(homes)))):
        data = {
            "household_id": household_id,
            "reason": TASKS_TODAY[index],
            "due_on": town.today.isoformat(),
            "resident_ids": homes[household_id].resident_ids[:1],
        }
        desk.add(instant_ms(evening, 1020 + 9 * index), "task.add", data)


def _close(rng: random.Random, call: Call, result: str, desk: Desk, acts: Acts) -> None:
    data = {"id": call.id, "result": result}
    day = call.day + timedelta(days=rng.randint(1, 4))
    if rng.random() < 0.4:
        desk.add(desk.afternoon(day), "followup.close", data)
        return
    author = call.visitor.id, call.visitor.device_id
    acts.add(author, instant_ms(day, 990 + rng.randint(0, 60)), "followup.close", data)
