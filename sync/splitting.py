"""Some of the people of a door become a household of their own, with what is known of them."""

from typing import Any

from msgspec.structs import replace

from sync import checkups, pairings
from sync.doors import door_label
from sync.known import Known
from sync.operations import HouseholdSplit
from sync.records import Household, Record
from sync.refusals import Refusal
from sync.visits import settle


def split(operation_id: str, data: HouseholdSplit, known: Known) -> list[Record]:
    """The new household, and the old one without these people. Visits stay where they were made."""
    old = known.household(data.id)
    building = known.building(data.building_id)
    if known.town.has_door(building.id, data.unit, data.door_no):
        raise Refusal("household.same_door")
    people = known.residents(old.id)
    leaving = {one.id for one in people if one.id in data.resident_ids}
    if leaving != set(data.resident_ids) or len(leaving) == len(people):
        raise Refusal("split.nobody")
    new = Household(
        id=operation_id,
        building_id=building.id,
        unit=data.unit,
        floor=data.floor,
        door_no=data.door_no,
        label=door_label(building, data.unit, data.door_no),
        tenure=data.tenure,
        added_on=known.today,
        split_from=old.id,
    )
    here: dict[str, Any] = {"household_id": new.id, "building_id": new.building_id}
    moved = [replace(one, **here) for one in people if one.id in leaving]
    changed = settle(old, [one for one in people if one.id not in leaving], known)
    changed += settle(new, moved, known)
    numbers = [one for one in known.contacts(old.id) if one.resident_id in leaving]
    changed += [replace(one, **here) for one in numbers]
    changed += [
        replace(one, **here) for one in known.tasks(old.id) if _is_theirs(one.resident_ids, leaving)
    ]
    for before in people:
        if before.id in leaving:
            after = replace(before, **here)
            changed += pairings.follow(after, new, numbers, known)
            changed += checkups.move(before, after, known)
    return changed


def _is_theirs(named: list[str], leaving: set[str]) -> bool:
    return bool(named) and set(named) <= leaving
