"""Families and tenants: who shares a home with whom, to the exact number of people."""

import random
from collections.abc import Iterable

from server.demo.drafts import Draft, HouseholdDraft, woman_mostly
from server.demo.figures import Figures


def house_families(
    rng: random.Random,
    figures: Figures,
    owners: list[HouseholdDraft],
    tenants: list[HouseholdDraft],
    elders: list[int],
) -> None:
    homes = owners + tenants
    adults = figures.residents - figures.elders - figures.children - len(homes)
    for household, old in zip(owners, _generations(rng, elders, len(owners)), strict=True):
        household.people = _with_parents(rng, old)
    for household in tenants:
        household.people = [Draft(20 + int(38 * rng.random() ** 1.6), rng.choice("mf"), "head")]

    rng.shuffle(homes)
    adults -= _marry(rng, homes, adults)
    _give_children(rng, homes, figures.children)
    while adults:
        adults -= _grow(rng, homes, adults)
    for household in homes:
        household.people.sort(key=_seat)


def _generations(rng: random.Random, elders: list[int], owners: int) -> list[list[int]]:
    """The old people of each owner's family: none, one or a couple of near ages."""
    pairs = max(len(elders) // 4, len(elders) - owners)
    singles = len(elders) - 2 * pairs
    sizes = [2] * pairs + [1] * singles
    rng.shuffle(sizes)
    groups: list[list[int]] = []
    at = 0
    for size in sizes:
        groups.append(elders[at : at + size])
        at += size
    groups += [[] for _ in range(owners - len(groups))]
    rng.shuffle(groups)
    return groups


def _with_parents(rng: random.Random, old: list[int]) -> list[Draft]:
    if not old:
        age = 26 + int(34 * rng.random())
        return [Draft(age, rng.choice("mf"), "head")]
    age = min(59, max(22, old[0] - rng.randint(24, 33)))
    people = [Draft(age, rng.choice("mf"), "head")]
    if len(old) == 2:
        people += [Draft(old[0], "f", "mother"), Draft(old[1], "m", "father")]
    else:
        sex = woman_mostly(rng)
        people.append(Draft(old[0], sex, "mother" if sex == "f" else "father"))
    return people


def _marry(rng: random.Random, homes: Iterable[HouseholdDraft], most: int) -> int:
    """Give most heads a spouse; returns how many came."""
    married = 0
    for household in homes:
        head = household.people[0]
        likely = 0.45 if household.tenure == "rent" else 0.82
        if married == most or head.age < 23 or rng.random() > likely:
            continue
        age = min(59, max(22, head.age + rng.randint(-4, 4)))
        household.people.append(Draft(age, "f" if head.sex == "m" else "m", "spouse"))
        married += 1
    return married


def _give_children(rng: random.Random, homes: list[HouseholdDraft], children: int) -> None:
    """Children of 14 and under, in couples' homes first; most have one, some two or three."""
    able = [one for one in homes if 23 <= one.people[0].age <= 50]
    able.sort(key=lambda one: not _is_couple(one))
    couples = sum(map(_is_couple, able))
    pool = able[: max(couples, (children + 1) // 2)] or homes[:1]
    while children:
        for household in rng.sample(pool, min(len(pool), max(1, children * 2 // 3))):
            if children:
                oldest = max(0, min(14, household.people[0].age - 22))
                household.people.append(_child(rng, rng.randint(min(oldest, 3), oldest)))
                children -= 1


def _grow(rng: random.Random, homes: list[HouseholdDraft], most: int) -> int:
    """One round of grown children for owners and flatmates for tenants; returns how many came."""
    came = 0
    for household in homes:
        if came == most:
            break
        head = household.people[0]
        if household.tenure == "rent":
            if rng.random() < 0.2:
                age = min(59, max(18, head.age + rng.randint(-6, 6)))
                household.people.append(Draft(age, rng.choice("mf"), "tenant"))
                came += 1
        elif head.age >= 40 and rng.random() < 0.7:
            household.people.append(_child(rng, rng.randint(15, min(32, head.age - 23))))
            came += 1
    if came == 0:
        head = homes[0].people[0]
        homes[0].people.append(Draft(min(59, max(18, head.age)), rng.choice("mf"), "tenant"))
        came = 1
    return came


def _child(rng: random.Random, age: int) -> Draft:
    sex = rng.choice("mf")
    return Draft(age, sex, "son" if sex == "m" else "daughter")


def _seat(person: Draft) -> tuple[int, int]:
    order = ["head", "spouse", "father", "mother"]
    return (order.index(person.relation) if person.relation in order else 9, -person.age)


def _is_couple(household: HouseholdDraft) -> bool:
    return any(person.relation == "spouse" for person in household.people)
