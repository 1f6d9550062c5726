"""What the community office does at its desk, and how many unusual things a community has."""

import math
import random
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from server.demo.figures import FULL_HOUSEHOLDS
from server.demo.ids import instant_ms, weekday_from
from server.demo.shapes import Person, Town
from server.demo.stream import Act, Acts

# A form of the office needs no phone to find a network.
ONLINE_MS = 300


class Desk:
    """Three people of the office, whose forms arrive at once."""

    def __init__(self, rng: random.Random, town: Town, acts: Acts) -> None:
        self._rng = rng
        self._acts = acts
        self._people: Sequence[Person] = [one for one in town.people if one.role == "office"]

    def morning(self, day: date) -> int:
        return instant_ms(weekday_from(day), 570 + 120 * self._rng.random())

    def afternoon(self, day: date) -> int:
        return instant_ms(weekday_from(day), 900 + 115 * self._rng.random())

    def add(self, at_ms: int, kind: str, data: dict[str, Any], base: int = 0) -> Act:
        person = self._rng.choice(self._people)
        author = person.id, person.device_id
        received_at = at_ms + ONLINE_MS
        return self._acts.add(author, at_ms, kind, data, base=base, received_at=received_at)


def some(town: Town, count: int) -> int:
    """How many of an unusual thing: all in the full community, at least one in the smallest."""
    share = math.sqrt(town.figures.households / FULL_HOUSEHOLDS)
    return max(1, min(count, round(count * share)))


def days_ago(today: date, days: int) -> date:
    return today - timedelta(days=days)
