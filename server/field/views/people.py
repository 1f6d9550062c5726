"""The people behind a door, in the few words that fit on a row or a cell of the map."""

from collections.abc import Iterable
from typing import Any

from server.field.shelf import Fields
from server.field.views.scene import Scene
from sync.care import (
    DEFAULT_INTERVALS,
    ORDINARY,
    RED_DAYS,
    age_on,
    is_high_risk,
    tightest,
)

# Which fact about a person is named when only one fits: what decides how the visit goes.
BY_WEIGHT = (
    "dementia",
    "living_alone",
    "childless_alone",
    "functional_loss",
    "severe_disability",
    "empty_nest",
    "special_family",
    "destitute_support",
    "child_in_need",
    "pregnancy_newborn",
    "major_change",
    "new_resident",
    "subsistence_allowance",
    "low_income_edge",
    "hardship",
    "disability",
    "oldest_old",
    "tenant",
    "vacant",
    "veteran",
    "party_member",
    "volunteer",
)
NAMES_SHOWN = 2
BADGES_SHOWN = 2
SHOW_AGE_FROM = 60
GONE = ("moved_out", "deceased")


def present(residents: Iterable[Fields]) -> list[Fields]:
    """Who belongs to the door, head of the household first, then the oldest."""
    return sorted(
        (one for one in residents if one["status"] not in GONE),
        key=lambda one: (one["relation_to_head"] != "head", one["birth_on"] or "9999", one["id"]),
    )


def categories_of(scene: Scene, resident: Fields) -> list[str]:
    """A person's categories, the weightiest first, with the derived one in front."""
    held = set(resident["categories"])
    if is_high_risk(held, resident["birth_on"], scene.today):
        held.add("high_risk_elder")
    return sorted(held, key=_weight)


def care_interval(scene: Scene, resident: Fields) -> int:
    """Days between contacts that this person's categories ask for; 0 when they ask for none."""
    interval, category = tightest(categories_of(scene, resident), scene.intervals)
    return 0 if category == ORDINARY else interval


def heads(scene: Scene, household: Fields, residents: Iterable[Fields]) -> Fields:
    """Names for a row: those who are cared for, else the head with the family."""
    people = present(residents)
    cared = [one for one in people if care_interval(scene, one)]
    named = cared[:NAMES_SHOWN] or people[:1]
    return {
        "names": [one["name"] for one in named],
        "family": int(not cared and len(people) > 1),
        "vacant": int(household["tenure"] == "vacant"),
    }


def badges(scene: Scene, household: Fields, residents: Iterable[Fields]) -> list[Fields]:
    """At most two facts about a door, each with an age when it is about one older person."""
    shown: list[Fields] = []
    for person in present(residents):
        interval = care_interval(scene, person)
        if interval:
            shown.append(_badge(scene, person, interval))
    merged = _merge(shown)
    own = [*household["own_categories"], *_tenure(household)]
    merged += [
        {"code": code, "age": 0, "weekly": 0}
        for code in sorted(set(own), key=_weight)
        if code in DEFAULT_INTERVALS and code not in [one["code"] for one in merged]
    ]
    return merged[:BADGES_SHOWN]


def _badge(scene: Scene, person: Fields, interval: int) -> Fields:
    codes = [code for code in categories_of(scene, person) if code != "high_risk_elder"]
    age = age_on(person["birth_on"], scene.today)
    return {
        "code": codes[0],
        "age": age if age >= SHOW_AGE_FROM else 0,
        "weekly": int(interval <= RED_DAYS),
    }


def _merge(shown: list[Fields]) -> list[Fields]:
    """One badge per category; two people of one category share it and lose the age."""
    merged: dict[str, dict[str, Any]] = {}
    for badge in shown:
        known = merged.get(badge["code"])
        if known:
            known["age"] = 0
            known["weekly"] = max(known["weekly"], badge["weekly"])
        else:
            merged[badge["code"]] = badge
    return sorted(merged.values(), key=lambda one: (-one["weekly"], _weight(one["code"])))


def _tenure(household: Fields) -> list[str]:
    return {"vacant": ["vacant"], "rent": ["tenant"]}.get(household["tenure"], [])


def _weight(code: str) -> tuple[int, str]:
    return (BY_WEIGHT.index(code) if code in BY_WEIGHT else len(BY_WEIGHT), code)
