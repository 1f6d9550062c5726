"""Which people and households carry which category, to the counts of `Figures`.

The 690 old people in special difficulty are the 640 living alone or as a couple alone, and 50
others: 36 with loss of function (24 of them with dementia), 10 severely disabled and 4 of special
families.
"""

import random
from collections.abc import Callable, Sequence

from server.demo.drafts import Draft, HouseholdDraft
from server.demo.figures import FULL, Figures


def label(rng: random.Random, figures: Figures, homes: list[HouseholdDraft]) -> None:
    pick = _Pick(rng, homes)
    dementia = figures.dementia - figures.dementia_in_couples
    apart = min(figures.special_with_family, sum(map(_with_family, pick.people)))
    severe = min(_part(figures.severe_disability, 10, FULL.severe_disability), apart - dementia)
    special = min(_part(figures.special_family, 4, FULL.special_family), apart - dementia - severe)
    loss = min(figures.functional_loss, apart - severe - special)
    severe = min(figures.severe_disability, apart - loss - special)
    outside = pick.some(apart, lambda one: _with_family(one) and one.age >= 65, _with_family)
    frail = outside[:loss]
    for person in frail:
        person.labels.add("functional_loss")
    for person in sorted(frail, key=lambda one: -one.age)[:dementia]:
        person.labels.add("dementia")
    for person in outside[loss : loss + severe]:
        person.labels.add("severe_disability")
    for person in outside[loss + severe :][:special]:
        person.labels.add("special_family")

    _label_alone(pick, figures, loss, severe, special)
    _label_others(pick, figures)
    _label_poor(rng, figures, homes)


def _label_alone(pick: "_Pick", figures: Figures, loss: int, severe: int, special: int) -> None:
    """What is left for people who live alone or as an old couple."""
    pick.give("dementia", figures.dementia_in_couples, lambda one: _couple(one) and one.age >= 80)
    left = figures.functional_loss - loss
    alone = _part(left, 5, 26)
    pick.give("functional_loss", left - alone, _couple)
    pick.give("functional_loss", alone, lambda one: _alone(one) and one.age < 80)
    elders = _part(figures.severe_disability, 24, FULL.severe_disability) - severe
    pick.give("severe_disability", elders, lambda one: _alone(one) or _couple(one))
    adults = figures.severe_disability - severe - elders
    pick.give("severe_disability", adults, lambda one: 18 <= one.age < 60)
    pick.give("special_family", figures.special_family - special, _couple)
    childless = pick.give("childless_alone", figures.childless_alone, _alone)
    for person in childless[: figures.destitute_support]:
        person.labels.add("destitute_support")


def _label_others(pick: "_Pick", figures: Figures) -> None:
    def free(person: Draft) -> bool:
        return "severe_disability" not in person.labels

    elders = _part(figures.disability, 40, FULL.disability)
    children = _part(figures.disability, 6, FULL.disability)
    pick.give("disability", elders, lambda one: one.is_elder and free(one))
    pick.give("disability", children, lambda one: one.age < 15)
    adults = figures.disability - elders - children
    pick.give("disability", adults, lambda one: 15 <= one.age < 60 and free(one))
    pick.give("child_in_need", figures.child_in_need, lambda one: one.age < 15)
    pick.give("veteran", figures.veterans, lambda one: one.sex == "m" and one.age >= 24)
    pick.give("party_member", figures.party_members, lambda one: one.age >= 22)
    pick.give("volunteer", figures.volunteers, lambda one: 16 <= one.age < 76)


def _label_poor(rng: random.Random, figures: Figures, homes: list[HouseholdDraft]) -> None:
    """Allowances belong to whole households, hardship to the door."""
    owners = [one for one in homes if one.tenure == "own"]
    rng.shuffle(owners)
    for code, households, persons in (
        ("subsistence_allowance", figures.subsistence_households, figures.subsistence_persons),
        ("low_income_edge", figures.edge_households, figures.edge_persons),
    ):
        for size in _sizes(households, persons):
            home = next(one for one in owners if len(one.people) == size)
            owners.remove(home)
            for person in home.people:
                person.labels.add(code)
    for home in owners[: figures.hardship_households]:
        home.labels.add("hardship")


def _sizes(households: int, persons: int) -> list[int]:
    """Household sizes with this sum: near the mean, every fifth pair spread by one."""
    if households == 0:
        return []
    small, larger = divmod(persons, households)
    sizes = [small + 1] * larger + [small] * (households - larger)
    for index in range(0, len(sizes) - 1, 5):
        if sizes[index] == sizes[index + 1] == 2:
            sizes[index : index + 2] = [1, 3]
    return sizes


class _Pick:
    """Draws people who fit and do not carry the label yet."""

    def __init__(self, rng: random.Random, homes: Sequence[HouseholdDraft]) -> None:
        self.people = [person for home in homes for person in home.people]
        rng.shuffle(self.people)
        self._rng = rng

    def give(self, code: str, count: int, fits: Callable[[Draft], bool]) -> list[Draft]:
        chosen = [one for one in self.people if fits(one) and code not in one.labels]
        chosen = self._rng.sample(chosen, min(len(chosen), max(0, count)))
        for person in chosen:
            person.labels.add(code)
        return chosen

    def some(
        self, count: int, rather: Callable[[Draft], bool], fits: Callable[[Draft], bool]
    ) -> list[Draft]:
        chosen = [one for one in self.people if fits(one)]
        return sorted(chosen, key=lambda one: not rather(one))[: max(0, count)]


def _part(count: int, share: int, of: int) -> int:
    return round(count * share / of)


def _alone(person: Draft) -> bool:
    return "living_alone" in person.labels


def _couple(person: Draft) -> bool:
    return "empty_nest" in person.labels


def _with_family(person: Draft) -> bool:
    return person.is_elder and not _alone(person) and not _couple(person)
