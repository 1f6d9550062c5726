"""The demo community 清龙社区: places, people who sign in, households and residents."""

import random
from datetime import date, timedelta

from server.demo import homes, labels, staff
from server.demo.figures import FULL_HOUSEHOLDS, scaled
from server.demo.ids import Minter, instant_ms
from server.demo.names import Names, Phones
from server.demo.places import doors_of
from server.demo.roll import Roll
from server.demo.shapes import Building, Household, Town

__all__ = ["FULL_HOUSEHOLDS", "SEED", "Town", "build"]

SEED = 20260501
COMMUNITY_NAME = "清龙社区"
OFFICE_PHONE = "02000001234"
GAS_PHONE = "02000005678"

# The roster was handed over this long before today, one building after the other.
IMPORTED_DAYS_AGO = 200


def build(households: int = FULL_HOUSEHOLDS, *, today: date, seed: int = SEED) -> Town:
    """The community with this many occupied households; the same arguments, the same community."""
    figures = scaled(households)
    rng = random.Random(f"{seed}:town")
    doors = doors_of(figures)
    drafts = homes.settle(rng, figures, doors)
    labels.label(rng, figures, drafts)

    names, phones = Names(rng), Phones()
    start_ms = instant_ms(today - timedelta(days=IMPORTED_DAYS_AGO), 9 * 60)
    roll = Roll(rng, names, phones, Minter(f"{seed}:ids"), start_ms, today)
    roll.choose_reachable(figures, drafts)
    buildings: dict[int, Building] = {}
    settled: list[Household] = []
    for draft in drafts:
        place = draft.door.place
        if place.order not in buildings:
            buildings[place.order] = roll.building(place)
        settled.append(roll.household(draft, buildings[place.order].id))

    minter = Minter(f"{seed}:people")
    return Town(
        community_id=minter.mint(start_ms - 1),
        name=COMMUNITY_NAME,
        office_phone=OFFICE_PHONE,
        gas_phone=GAS_PHONE,
        today=today,
        seed=seed,
        figures=figures,
        import_device_id=minter.mint(start_ms - 1),
        buildings=tuple(buildings.values()),
        people=staff.hire(names, phones, minter, list(buildings.values()), start_ms - 1),
        households=tuple(settled),
    )
