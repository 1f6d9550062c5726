"""What an import would do: its steps, its counts, and the people who are no longer in the file."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

import msgspec

from sync.addresses import known
from sync.records import Building, Contact, Household, Resident
from sync.roster_results import Private, Rejected


class Stored(NamedTuple):
    """What is there. `by_id` knows residents by the key of their ID number, `said` what a roster
    said last, by the id of the record. `merged` are doors and people that were merged, as they
    were, each with what it is now."""

    buildings: Sequence[Building] = ()
    households: Sequence[Household] = ()
    residents: Sequence[Resident] = ()
    contacts: Sequence[Contact] = ()
    by_id: Mapping[str, str] = {}
    said: Mapping[str, Mapping[str, Any]] = {}
    merged: Sequence[tuple[Household | Resident, Household | Resident]] = ()


class Tools(NamedTuple):
    """What the rules do not make themselves: ids, the key of an ID number, the sound of a name."""

    new_id: Callable[[], str]
    id_key: Callable[[str], str]
    spell: Callable[[str], str]


class Step(Private, frozen=True, kw_only=True, omit_defaults=True):
    """One operation; without a `kind` only what is remembered beside the record changes.

    `before` holds the values that a change replaces. `said` is what the roster says of the record.
    """

    record_id: str
    kind: str = ""
    data: dict[str, Any] = msgspec.field(default_factory=dict)
    base: int = 0
    before: dict[str, Any] = msgspec.field(default_factory=dict)
    said: dict[str, Any] = msgspec.field(default_factory=dict)
    id_number: str = ""

    @property
    def counts(self) -> bool:
        """Whether anybody would notice it."""
        return bool(self.kind or self.id_number)


class Plan(msgspec.Struct, frozen=True, kw_only=True):
    """`rejected` are the rows that only what is stored speaks against. `added`, `changed` and
    `unchanged` count people; `found` are the ids of those stored before whom the file names,
    `missing` of those whom it no longer names."""

    steps: tuple[Step, ...] = ()
    rejected: tuple[Rejected, ...] = ()
    added: int = 0
    changed: int = 0
    unchanged: int = 0
    found: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()

    @property
    def writes(self) -> int:
        """Steps that change something; a file that was imported before has none."""
        return sum(step.counts for step in self.steps)

    def count(self, kind: str) -> int:
        return sum(step.kind == kind for step in self.steps)


class Doors:
    """The stored doors by the key that any spelling of their address has."""

    def __init__(self, stored: Stored) -> None:
        self.buildings: dict[tuple[str, str], Building] = {}
        self._building_by_id = {one.id: one for one in stored.buildings}
        for building in stored.buildings:
            at = known(building.compound, building.name, "", "")
            self.buildings.setdefault((at.compound, at.building), building)
        self._households: dict[str, Household] = {}
        for door in stored.households:
            self._households.setdefault(self.key(door), door)
        for before, now in stored.merged:
            if isinstance(before, Household) and isinstance(now, Household):
                self._households.setdefault(self.key(before), now)

    def key(self, door: Household) -> str:
        building = self._building_by_id[door.building_id]
        return known(building.compound, building.name, door.unit, door.door_no).key

    def find(self, key: str) -> Household | None:
        return self._households.get(key)


def news(
    said: Mapping[str, Any], now: Mapping[str, Any], current: Mapping[str, Any]
) -> dict[str, Any]:
    """The fields that a roster says anew: not as it said before, and not as it is already."""
    return {
        field: value
        for field, value in now.items()
        if value not in ("", 0) and value != said.get(field) and value != current[field]
    }


def remembered(said: Mapping[str, Any], now: Mapping[str, Any]) -> dict[str, Any]:
    """What to remember: an empty cell takes nothing back."""
    return {**said, **{field: value for field, value in now.items() if value not in ("", 0, [])}}
