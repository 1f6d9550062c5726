"""Who lives behind which door: old people alone, old couples, tenants and families.

Drafts here; ids and names come last. The counts of `Figures` hold exactly.
"""

import random
from collections.abc import Callable

from server.demo.drafts import Draft, HouseholdDraft, woman_mostly
from server.demo.families import house_families
from server.demo.figures import Figures
from server.demo.places import Door

# The door of the elder whom the demo story visits; taken by someone of 80 and over living alone.
STORY_DOOR = ("红棉苑", "1栋", "1", "502")


def settle(rng: random.Random, figures: Figures, doors: list[Door]) -> list[HouseholdDraft]:
    """Every door with the people behind it, in the order of `doors`."""
    deal = _Deal(rng, doors)
    vacant = deal.take(figures.vacant, lambda door: 0.0 if _is_story(door) else 1.0, "vacant")
    very_old = deal.take(figures.living_alone_80, _old, "own")
    alone = deal.take(figures.living_alone - figures.living_alone_80, _old, "own")
    couples = deal.take(figures.empty_nest_couples, _old, "own")
    tenants = deal.take(figures.tenant_households, lambda door: door.place.compound.let, "rent")
    owners = deal.rest("own")

    ages = _Ages(rng, figures)
    for household in very_old:
        household.people = [Draft(ages.over_80(), woman_mostly(rng), "head", {"living_alone"})]
    for household in alone:
        household.people = [Draft(ages.under_80(), woman_mostly(rng), "head", {"living_alone"})]
    for index, household in enumerate(couples):
        old = index < figures.empty_nest_couples_80
        household.people = _couple(sorted(ages.pair(old)))
    house_families(rng, figures, owners, tenants, ages.left())

    settled = vacant + very_old + alone + couples + tenants + owners
    for household in settled:
        for person in household.people:
            if person.age >= 80:
                person.labels.add("oldest_old")
    place_of = {id(door): index for index, door in enumerate(doors)}
    return sorted(settled, key=lambda household: place_of[id(household.door)])


class _Deal:
    """Hands out doors by weight, each once."""

    def __init__(self, rng: random.Random, doors: list[Door]) -> None:
        self._rng = rng
        self._left = list(doors)

    def take(
        self, count: int, weight: Callable[[Door], float], tenure: str
    ) -> list[HouseholdDraft]:
        keyed = []
        for index, door in enumerate(self._left):
            keyed.append((self._rng.random() ** (1 / max(weight(door), 1e-9)), index))
        chosen = {index for _, index in sorted(keyed, reverse=True)[:count]}
        taken = [door for index, door in enumerate(self._left) if index in chosen]
        self._left = [door for index, door in enumerate(self._left) if index not in chosen]
        self._rng.shuffle(taken)
        return [HouseholdDraft(door, tenure) for door in taken]

    def rest(self, tenure: str) -> list[HouseholdDraft]:
        return self.take(len(self._left), lambda door: 1.0, tenure)


class _Ages:
    """The ages of everybody of 60 and over, handed out until none is left."""

    def __init__(self, rng: random.Random, figures: Figures) -> None:
        over_90 = min(figures.aged_90, figures.aged_80)
        self._over_80 = [rng.randint(90, 97) for _ in range(over_90)]
        self._over_80 += [
            min(89, 80 + int(rng.expovariate(0.25))) for _ in range(figures.aged_80 - over_90)
        ]
        # More of them nearer to 65 than to 80.
        self._under_80 = [
            65 + int(15 * rng.random() ** 1.5) for _ in range(figures.aged_65 - figures.aged_80)
        ]
        self._under_80 += [rng.randint(60, 64) for _ in range(figures.elders - figures.aged_65)]
        rng.shuffle(self._over_80)
        # Taken from the end, first by people living alone, who are older than couples are.
        self._under_80.sort(key=lambda age: age + rng.gauss(0, 8))

    def over_80(self) -> int:
        return self._over_80.pop()

    def under_80(self) -> int:
        return self._under_80.pop()

    def pair(self, old: bool) -> list[int]:
        pool = self._over_80 if old else self._under_80
        first = pool.pop()
        near = min(range(len(pool)), key=lambda index: abs(pool[index] - first))
        return [first, pool.pop(near)]

    def left(self) -> list[int]:
        return sorted(self._over_80 + self._under_80)


def _couple(ages: list[int]) -> list[Draft]:
    return [
        Draft(ages[1], "m", "head", {"empty_nest"}),
        Draft(ages[0], "f", "spouse", {"empty_nest"}),
    ]


def _is_story(door: Door) -> bool:
    return (door.place.compound.name, door.place.name, door.unit, door.door_no) == STORY_DOOR


def _old(door: Door) -> float:
    return 1e6 if _is_story(door) else door.place.compound.old
