"""What the demo community is made of, as plain frozen values."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from server.demo.figures import Figures


@dataclass(frozen=True, slots=True)
class Person:
    """Someone who signs in. Leaders have one building, staff of the office none.

    A deputy stands in for the leader of a building.
    """

    id: str
    device_id: str
    username: str
    name: str
    role: str
    phone: str
    grid_ids: tuple[str, ...] = ()
    building_ids: tuple[str, ...] = ()
    is_deputy: bool = False


@dataclass(frozen=True, slots=True)
class Building:
    id: str
    compound: str
    name: str
    grid_id: str
    grid_name: str
    units: int
    floors: int
    doors: int
    order: int
    style: str

    @property
    def label(self) -> str:
        return f"{self.compound} {self.name}"


@dataclass(frozen=True, slots=True)
class Resident:
    id: str
    name: str
    pinyin: str
    birth_on: str
    sex: str
    relation_to_head: str
    categories: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Contact:
    id: str
    resident_id: str
    name: str
    relation: str
    phone: str
    verified_on: str


@dataclass(frozen=True, slots=True)
class Household:
    """A door; `tenure` "vacant" when nobody lives behind it."""

    id: str
    building_id: str
    unit: str
    floor: int
    door_no: str
    tenure: str
    categories: tuple[str, ...]
    residents: tuple[Resident, ...]
    contacts: tuple[Contact, ...]


@dataclass(frozen=True)
class Town:
    """Everything as of `today`. Households are in walking order."""

    community_id: str
    name: str
    office_phone: str
    gas_phone: str
    today: date
    seed: int
    figures: Figures
    import_device_id: str
    buildings: tuple[Building, ...]
    people: tuple[Person, ...]
    households: tuple[Household, ...]

    @property
    def residents(self) -> Iterator[Resident]:
        return (one for household in self.households for one in household.residents)

    @property
    def contacts(self) -> Iterator[Contact]:
        return (one for household in self.households for one in household.contacts)

    @cached_property
    def leaders(self) -> dict[str, Person]:
        """Who leads each building."""
        return {
            one.building_ids[0]: one
            for one in self.people
            if one.role == "leader" and not one.is_deputy
        }

    @cached_property
    def deputies(self) -> dict[str, Person]:
        """Who stands in, where there is somebody, by building."""
        return {one.building_ids[0]: one for one in self.people if one.is_deputy}

    @cached_property
    def person(self) -> dict[str, Person]:
        """People by username."""
        return {one.username: one for one in self.people}
