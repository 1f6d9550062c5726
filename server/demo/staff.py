"""The people who sign in, and which buildings each of them looks after."""

import math
from collections.abc import Iterable

from server.demo.ids import Minter
from server.demo.names import Names, Phones
from server.demo.shapes import Building, Person

CHIEFS = ("worker1", "worker2", "worker3", "worker4")

# Which part of which compounds each of the five grid workers holds, from the first building on.
# The chief goes to what is left in the grid.
_ROUNDS: dict[str, dict[str, float]] = {
    "worker5": {"红棉苑": 1.0},
    "worker6": {"凤凰里": 2 / 3},
    "worker7": {"荔香园": 1.0},
    "worker8": {"榕荫新村": 1.0},
    "worker9": {"金桂花园": 1.0},
}
# Where somebody can stand in for the leader.
DEPUTY = "deputy"
_DEPUTY_FROM, _DEPUTY_EVERY = 7, 19
_SOCIAL_GRIDS = {"social1": ("1", "2"), "social2": ("3", "4")}
_OFFICE = {
    "office1": "office",
    "office2": "office",
    "office3": "office",
    "secretary": "secretary",
    "street": "street",
    "admin": "admin",
}


def hire(
    names: Names, phones: Phones, minter: Minter, buildings: list[Building], at_ms: int
) -> tuple[Person, ...]:
    """15 staff, the subdistrict, the administrator, a leader per building, and a few deputies."""
    people: list[Person] = []
    for username, role, held in _posts(buildings):
        sex = "mf"[len(people) % 3 > 0]
        people.append(
            Person(
                id=minter.mint(at_ms),
                device_id=minter.mint(at_ms),
                username=username,
                name=names.fresh(sex, 60 if role == "leader" else 35),
                role=role,
                phone=phones.next(),
                grid_ids=tuple(dict.fromkeys(one.grid_id for one in held)),
                building_ids=tuple(one.id for one in held),
                is_deputy=username.startswith(DEPUTY),
            )
        )
    return tuple(people)


def visitor_of(people: Iterable[Person]) -> dict[str, Person]:
    """Who goes to a building as a rule: its grid worker, else the chief of the grid."""
    visitors: dict[str, Person] = {}
    for role in ("chief", "worker"):
        for person in people:
            if person.role == role:
                visitors.update(dict.fromkeys(person.building_ids, person))
    return visitors


def _posts(buildings: list[Building]) -> Iterable[tuple[str, str, list[Building]]]:
    for grid_id, username in enumerate(CHIEFS, start=1):
        yield username, "chief", [one for one in buildings if one.grid_id == str(grid_id)]
    for username, shares in _ROUNDS.items():
        yield username, "worker", _round(buildings, shares)
    for username, grids in _SOCIAL_GRIDS.items():
        yield username, "social", [one for one in buildings if one.grid_id in grids]
    for username, role in _OFFICE.items():
        yield username, role, []
    for index, building in enumerate(buildings, start=1):
        yield f"leader{index}", "leader", [building]
    for number, building in enumerate(buildings[_DEPUTY_FROM::_DEPUTY_EVERY], start=1):
        yield f"{DEPUTY}{number}", "leader", [building]


def _round(buildings: list[Building], shares: dict[str, float]) -> list[Building]:
    held: list[Building] = []
    for compound, share in shares.items():
        here = [one for one in buildings if one.compound == compound]
        held += here[: math.ceil(len(here) * share)]
    return held
