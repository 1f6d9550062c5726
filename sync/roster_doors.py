"""The buildings and doors that the rows of a roster speak of."""

import re
from collections.abc import Iterable, Iterator

from msgspec.structs import replace

from sync.address_labels import building_name, room_as_written
from sync.addresses import Address, floor_of
from sync.grids import grid_id, grid_name
from sync.labels import tenure
from sync.names import read_name
from sync.roster_results import Building, Draft, Household, Place

TALLEST_WALKUP = 9
TALLEST_LIFT = 17
MOST_DOORS_A_FLOOR = 12


class Doors:
    """Collects doors in the order of the file; the first row that says something wins."""

    def __init__(self) -> None:
        self._buildings: dict[str, Building] = {}
        self._doors: dict[str, Household] = {}
        self._lived_in: set[str] = set()

    def live(self, address: Address, draft: Draft, place: Place, kin: str) -> Iterator[str]:
        """Somebody lives there; yields the warnings that this contradicts what was read before."""
        if self._kind(address.key) == "vacant":
            yield "vacant_with_people"
        self._lived_in.add(address.key)
        said = tenure(draft.tenure, draft.status) or ("rent" if kin == "tenant" else "")
        self._take(address, draft, place, "" if said == "vacant" else said)
        if not self._has_grid(address, draft):
            yield "grid_differs"

    def empty(self, address: Address, draft: Draft, place: Place) -> Iterator[str]:
        """The file says that nobody lives there, which people on other rows outweigh."""
        lived = self._kind(address.key) == "lived"
        if lived:
            yield "vacant_with_people"
        self._take(address, draft, place, "" if lived else "vacant")

    def buildings(self) -> tuple[Building, ...]:
        doors: dict[str, list[Household]] = {}
        for door in self._doors.values():
            doors.setdefault(_building_key(door.compound, door.building), []).append(door)
        return tuple(_measured(one, doors[key]) for key, one in self._buildings.items())

    def households(self) -> tuple[Household, ...]:
        return tuple(one for one in self._doors.values() if self._kind(one.key) == "lived")

    def vacant(self) -> tuple[Household, ...]:
        return tuple(one for one in self._doors.values() if self._kind(one.key) == "vacant")

    def _kind(self, key: str) -> str:
        if key not in self._doors:
            return ""
        return "lived" if key in self._lived_in else "vacant"

    def _take(self, address: Address, draft: Draft, place: Place, said: str) -> None:
        self._take_building(address, draft)
        door = self._doors.get(address.key)
        head = read_name(draft.head).name
        if door is None:
            self._doors[address.key] = Household(
                key=address.key,
                compound=address.compound,
                building=address.building,
                unit=address.unit,
                room=address.room,
                door_no=room_as_written(address.room, draft.door or draft.address),
                floor=floor_of(address.room),
                tenure=said,
                head=head,
                place=place,
            )
            return
        kept = "" if door.tenure == "vacant" and said != "vacant" else door.tenure
        self._doors[address.key] = replace(door, tenure=kept or said, head=door.head or head)

    def _take_building(self, address: Address, draft: Draft) -> None:
        key = _building_key(address.compound, address.building)
        grid = grid_id(draft.grid)
        before = self._buildings.get(key)
        if before is None:
            written = "|".join((draft.building, draft.door, draft.address))
            before = Building(
                compound=address.compound,
                code=address.building,
                name=building_name(address.building, written),
            )
        if grid and not before.grid_id:
            before = replace(before, grid_id=grid, grid_name=grid_name(grid))
        self._buildings[key] = before

    def _has_grid(self, address: Address, draft: Draft) -> bool:
        building = self._buildings[_building_key(address.compound, address.building)]
        return grid_id(draft.grid) in ("", building.grid_id)


def _building_key(compound: str, code: str) -> str:
    return f"{compound}|{code}"


def _measured(building: Building, doors: Iterable[Household]) -> Building:
    """How many units, floors and doors a floor the known doors make it."""
    doors = list(doors)
    units = {door.unit for door in doors}
    numbered = [int(unit) for unit in units if unit.isdigit()]
    floors = max(door.floor for door in doors)
    return replace(
        building,
        units=max(len(units), *numbered, 1),
        floors=floors,
        doors=_doors_a_floor(doors),
        style=_style(building.code, floors),
    )


def _doors_a_floor(doors: list[Household]) -> int:
    """The highest last number of a room (504 is a fourth door), unless they are numbered wildly."""
    last = [int(run[-1][-2:]) for door in doors if (run := re.findall("[0-9]+", door.room))]
    if max(last) <= MOST_DOORS_A_FLOOR:
        return max(*last, 1)
    on_a_floor: dict[tuple[str, int], int] = {}
    for door in doors:
        at = (door.unit, door.floor)
        on_a_floor[at] = on_a_floor.get(at, 0) + 1
    return max(on_a_floor.values())


def _style(code: str, floors: int) -> str:
    if "巷" in code:
        return "lane"
    if floors > TALLEST_LIFT:
        return "tower"
    return "lift" if floors > TALLEST_WALKUP else "walkup"
