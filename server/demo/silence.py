"""Doors of people seen every week where nobody answered: the steps until somebody was found."""

from collections.abc import Iterable
from datetime import timedelta

from server.demo.asking import ASKED_DAYS
from server.demo.calls import Call
from server.demo.ids import MINUTE_MS
from server.demo.shapes import Town
from server.demo.stream import Acts
from sync.care import is_high_risk

# What is done, and how many minutes after the knock; they are found after the last.
_STEPS = (("self", 2), ("contact", 12), ("neighbour", 17), ("leader", 22), ("office", 31))


def look_for(town: Town, calls: Iterable[Call], acts: Acts) -> None:
    """Each step is an act of the visitor's, told to the case that the knock opened."""
    since = town.today - timedelta(days=ASKED_DAYS)
    for call in calls:
        knock = call.after
        if knock is None or call.day < since or not _is_weekly(call, town.today.isoformat()):
            continue
        author = knock.visitor.id, knock.visitor.device_id
        for step, minutes in _STEPS:
            at_ms = knock.at_ms + minutes * MINUTE_MS
            acts.add(author, at_ms, "ladder.step", {"visit_id": knock.id, "step": step})


def _is_weekly(call: Call, today: str) -> bool:
    return any(
        is_high_risk(one.categories, one.birth_on, today) for one in call.household.residents
    )
