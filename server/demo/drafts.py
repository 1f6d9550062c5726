"""People and doors while they are still being invented."""

import random
from dataclasses import dataclass, field

from server.demo.places import Door

ELDER = 60


@dataclass(slots=True)
class Draft:
    """Somebody, still without a name."""

    age: int
    sex: str
    relation: str
    labels: set[str] = field(default_factory=set)
    has_emergency_contact: bool = False

    @property
    def is_elder(self) -> bool:
        return self.age >= ELDER


@dataclass(slots=True)
class HouseholdDraft:
    door: Door
    tenure: str
    people: list[Draft] = field(default_factory=list)
    labels: set[str] = field(default_factory=set)
    has_phone: bool = False


def woman_mostly(rng: random.Random) -> str:
    """Of the old people without a partner most are women."""
    return "f" if rng.random() < 0.62 else "m"
