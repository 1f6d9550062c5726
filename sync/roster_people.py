"""Who of a roster is who of the stored residents: by ID number, else by name, birth and door."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from typing import NamedTuple

from sync.records import Resident as Stored
from sync.roster_plan import Doors, Tools
from sync.roster_plan import Stored as Town
from sync.roster_results import (
    ID_CONFLICT,
    OTHER_ADDRESS,
    Origin,
    Place,
    Rejected,
    Resident,
)

Fits = Callable[[Resident, Stored], bool]


class Matched(NamedTuple):
    """`known` by place in the file; `rejected` are known by number behind another door."""

    known: Mapping[Place, Stored]
    rejected: Mapping[Place, Rejected]
    elsewhere: frozenset[str]  # ids of those whom rejected rows name


def match(
    residents: Iterable[Resident],
    origins: Mapping[Place, Origin],
    town: Town,
    doors: Doors,
    tools: Tools,
) -> Matched:
    """Every resident of the file that is stored already, each stored one at most once."""
    by_id = {one.id: one for one in town.residents}
    homes = {one.id: one for one in town.households}
    known: dict[Place, Stored] = {}
    rejected: dict[Place, Rejected] = {}
    elsewhere: set[str] = set()
    rest: list[Resident] = []
    for one in residents:
        number = tools.id_key(one.id_number) if one.id_number else ""
        same = by_id.get(town.by_id.get(number, ""))
        if same is None:
            rest.append(one)
        elif doors.key(homes[same.household_id]) == one.household:
            known[one.place] = same
        else:
            door = homes[same.household_id].label
            rejected[one.place] = _rejected(one, origins[one.place], same, door)
            elsewhere.add(same.id)
    _by_traits(rest, town, doors, known)
    return Matched(known, rejected, frozenset(elsewhere))


def _by_traits(rest: list[Resident], town: Town, doors: Doors, known: dict[Place, Stored]) -> None:
    """Same name behind the same door: surely with the same birth, else if there is only one."""
    at_door: dict[tuple[str, str], list[Stored]] = defaultdict(list)
    taken = {one.id for one in known.values()}
    for same in town.residents:
        if same.id not in taken:
            at_door[same.household_id, same.name].append(same)
    for fits in _TIERS:
        for one in rest:
            door = doors.find(one.household)
            if door is None or one.place in known:
                continue
            free = at_door[door.id, one.name]
            found = [it for it in free if fits(one, it)]
            if len(found) == 1 or (found and fits is _same_birth):
                known[one.place] = found[0]
                free.remove(found[0])


def _same_birth(one: Resident, same: Stored) -> bool:
    return one.birth_on == same.birth_on


def _birth_unknown(one: Resident, same: Stored) -> bool:
    return "" in (one.birth_on, same.birth_on)


def _any_birth(one: Resident, same: Stored) -> bool:
    return True


_TIERS: tuple[Fits, ...] = (_same_birth, _birth_unknown, _any_birth)


def _rejected(one: Resident, origin: Origin, same: Stored, door: str) -> Rejected:
    alike = same.name == one.name
    return Rejected(
        place=one.place,
        kind=OTHER_ADDRESS if alike else ID_CONFLICT,
        reason="roster.lives_elsewhere" if alike else "roster.id_of_other",
        facts={"door": door},
        cells=origin.cells,
        draft=origin.draft,
        id_text=origin.id_text,
    )
