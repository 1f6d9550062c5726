"""Who of a roster is who of the stored residents: by ID number, else by name, birth and door."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from typing import NamedTuple

from sync.records import Household
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
        elif _lives_at(one, homes[same.household_id], doors):
            known[one.place] = same
        else:
            door = homes[same.household_id].label
            rejected[one.place] = _rejected(one, origins[one.place], same, door)
            elsewhere.add(same.id)
    _by_traits(rest, town, doors, known)
    for one in rest:
        twin = _merged(one, town, doors) if one.place not in known else None
        if twin is not None:
            door = homes[twin.household_id].label
            rejected[one.place] = _rejected(one, origins[one.place], twin, door)
            elsewhere.add(twin.id)
    return Matched(known, rejected, frozenset(elsewhere))


def _by_traits(rest: list[Resident], town: Town, doors: Doors, known: dict[Place, Stored]) -> None:
    """Same name behind the same door: surely with the same birth, else if there is only one."""
    at_door: dict[tuple[str, str], list[Stored]] = defaultdict(list)
    taken = {one.id for one in known.values()}
    for same in town.residents:
        if same.id not in taken:
            at_door[same.household_id, same.name].append(same)
    _under_other_names(town, at_door, taken, rest, doors)
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


def _under_other_names(
    town: Town,
    at_door: dict[tuple[str, str], list[Stored]],
    taken: set[str],
    rest: list[Resident],
    doors: Doors,
) -> None:
    """Who was merged is looked for under the dropped name, unless the file has the kept one."""
    homes = ((doors.find(one.household), one.name) for one in rest)
    named = {(door.id, name) for door, name in homes if door is not None}
    for before, now in town.merged:
        if isinstance(before, Household) or isinstance(now, Household) or now.id in taken:
            continue
        here = now.household_id
        if before.name != now.name and (here, now.name) not in named:
            at_door[here, before.name].append(now)


def _lives_at(one: Resident, home: Household, doors: Doors) -> bool:
    found = doors.find(one.household)
    return doors.key(home) == one.household or (found is not None and found.id == home.id)


def _merged(one: Resident, town: Town, doors: Doors) -> Stored | None:
    """Whom the file names twice, once as the one that was dropped when they were merged."""
    door = doors.find(one.household)
    if door is None:
        return None
    for before, now in town.merged:
        if isinstance(before, Household) or isinstance(now, Household) or before.name != one.name:
            continue
        if door.id in (before.household_id, now.household_id):
            return now
    return None


def _same_birth(one: Resident, same: Stored) -> bool:
    return one.birth_on == same.birth_on


def _birth_unknown(one: Resident, same: Stored) -> bool:
    return "" in (one.birth_on, same.birth_on)


def _any_birth(one: Resident, same: Stored) -> bool:
    return True


_TIERS: tuple[Fits, ...] = (_same_birth, _birth_unknown, _any_birth)


def _rejected(one: Resident, origin: Origin, same: Stored, door: str) -> Rejected:
    alike = same.name == one.name or not one.id_number
    return Rejected(
        place=one.place,
        kind=OTHER_ADDRESS if alike else ID_CONFLICT,
        reason="roster.lives_elsewhere" if alike else "roster.id_of_other",
        facts={"door": door},
        cells=origin.cells,
        draft=origin.draft,
        id_text=origin.id_text,
    )
