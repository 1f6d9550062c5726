"""Buildings, doors, people and their telephone numbers: what the roster is made of."""

from collections.abc import Sequence
from typing import Any

from msgspec.structs import asdict, replace

from sync import checkups, pairings, redirects
from sync.care import GONE, OFFICE_ONLY
from sync.known import WHOLE_COMMUNITY, Known
from sync.merge import Merged, merge
from sync.operations import (
    BuildingAdd,
    BuildingChange,
    BuildingRemove,
    ContactAdd,
    ContactChange,
    ContactRemove,
    HouseholdAdd,
    HouseholdChange,
    HouseholdRemove,
    ResidentAdd,
    ResidentChange,
    ResidentRemove,
)
from sync.records import Building, Contact, Household, Record, Resident
from sync.refusals import Refusal
from sync.visits import given, settle


def add_building(operation_id: str, data: BuildingAdd, known: Known) -> list[Record]:
    if known.town.has_building(data.compound, data.name):
        raise Refusal("building.same_name")
    label = building_label(data.compound, data.name)
    return [Building(id=operation_id, label=label, **asdict(data))]


def change_building(data: BuildingChange, known: Known) -> list[Record]:
    """A building that is called otherwise takes its doors, and what is told of them, along."""
    before, changes = known.building(data.id), given(data.changes)
    after = replace(before, **changes)
    if not {"compound", "name"} & changes.keys():
        return [after]
    if known.town.has_building(after.compound, after.name) not in ("", after.id):
        raise Refusal("building.same_name")
    after = replace(after, label=building_label(after.compound, after.name))
    changed: list[Record] = [after]
    for household_id in known.town.doors_of(after.id):
        door = known.household(household_id)
        label = door_label(after, door.unit, door.door_no)
        changed.append(replace(door, label=label))
        pairs = [one for one in known.pairings(door.id) if one.status == "active"]
        changed += [replace(one, label=label) for one in pairs]
    return changed


def remove_building(data: BuildingRemove, known: Known) -> list[tuple[str, str]]:
    building = known.building(data.id)
    if known.town.has_households(building.id):
        raise Refusal("building.occupied")
    return [("building", building.id)]


def add_household(operation_id: str, data: HouseholdAdd, known: Known) -> list[Record]:
    building = known.building(data.building_id)
    if known.town.has_door(building.id, data.unit, data.door_no):
        raise Refusal("household.same_door")
    household = Household(
        id=operation_id,
        building_id=building.id,
        unit=data.unit,
        floor=data.floor,
        door_no=data.door_no,
        label=door_label(building, data.unit, data.door_no),
        tenure=data.tenure,
        own_categories=sorted(data.categories),
        added_on=known.today,
    )
    return settle(household, [], known)


def change_household(
    data: HouseholdChange, known: Known, base: int, n: int
) -> tuple[list[Record], Merged]:
    household = known.household(data.id)
    changes = given(data.changes)
    if "categories" in changes:
        changes["own_categories"] = sorted(changes.pop("categories"))
        _refuse_office_categories(household, changes["own_categories"], known)
    merged = _merge("household", household, changes, known, base, n)
    after = replace(household, **merged.applied)
    building = known.building(household.building_id)
    if known.town.has_door(building.id, after.unit, after.door_no) not in ("", household.id):
        raise Refusal("household.same_door")
    after = replace(after, label=door_label(building, after.unit, after.door_no))
    return settle(after, known.residents(household.id), known), merged


def remove_household(data: HouseholdRemove, known: Known) -> list[tuple[str, str]]:
    household = known.household(data.id)
    if household.merged_ids:
        raise Refusal("merge.kept")
    if known.residents(household.id):
        raise Refusal("household.occupied")
    work = (
        *(known.visits, known.tasks, known.followups, known.pairings, known.asked_after),
        known.issues,
    )
    if any(found(household.id) for found in work):
        raise Refusal("household.has_work")
    contacts = [("contact", one.id) for one in known.contacts(household.id)]
    return [*contacts, ("household", household.id)]


def add_resident(operation_id: str, data: ResidentAdd, known: Known) -> list[Record]:
    household = known.household(data.household_id)
    resident = Resident(
        id=operation_id,
        household_id=household.id,
        building_id=household.building_id,
        name=data.name,
        pinyin=data.pinyin,
        birth_on=data.birth_on,
        sex=data.sex,
        relation_to_head=data.relation_to_head,
        added_on=known.today,
    )
    _refuse_office_categories(resident, data.categories, known)
    resident = replace(resident, categories=sorted(set(data.categories)))
    if household.tenure == "vacant":
        household = replace(household, tenure="")
    return settle(household, [*known.residents(household.id), resident], known)


def change_resident(
    data: ResidentChange, known: Known, base: int, n: int
) -> tuple[list[Record], Merged]:
    resident = known.resident(data.id)
    changes = given(data.changes)
    if "categories" in changes:
        changes["categories"] = sorted(set(changes["categories"]))
        _refuse_office_categories(resident, changes["categories"], known)
    merged = _merge("resident", resident, changes, known, base, n)
    after = replace(resident, **merged.applied)
    if "status" in merged.applied:
        after = replace(after, status_at=known.done_at)
    if after.household_id != resident.household_id:
        return _move(resident, after, known), merged

    household = known.household(resident.household_id)
    others = [one for one in known.residents(household.id) if one.id != resident.id]
    renamed = pairings.follow(after, household, known.contacts(household.id), known)
    return [*settle(household, [*others, after], known), *_unended(renamed, after)], merged


def remove_resident(
    data: ResidentRemove, known: Known
) -> tuple[list[Record], list[tuple[str, str]]]:
    resident = known.resident(data.id)
    if resident.merged_ids:
        raise Refusal("merge.kept")
    visited = any(resident.id in one.resident_ids for one in known.visits(resident.household_id))
    if visited or checkups.was_asked(resident, known):
        raise Refusal("resident.has_visits")
    household = known.household(resident.household_id)
    others = [one for one in known.residents(household.id) if one.id != resident.id]
    numbers = [one for one in known.contacts(household.id) if one.resident_id == resident.id]
    gone = [("contact", one.id) for one in numbers]
    pairs = [one for one in known.pairings(household.id) if one.resident_id == resident.id]
    gone += [("pairing", one.id) for one in pairs]
    if known.answers(resident.id):
        gone.append(("answers", resident.id))
    return settle(household, others, known), [*gone, ("resident", resident.id)]


def add_contact(operation_id: str, data: ContactAdd, known: Known) -> list[Record]:
    household = known.household(data.household_id)
    if data.resident_id and not known.may_reach(known.resident(data.resident_id).building_id):
        raise Refusal("resident.elsewhere")
    said = asdict(data)
    del said["undoes"]
    contact = Contact(id=operation_id, building_id=household.building_id, **said)
    return [contact, *_reached(contact, known)]


def change_contact(
    data: ContactChange, known: Known, base: int, n: int
) -> tuple[list[Record], Merged]:
    contact = known.contact(data.id)
    merged = _merge("contact", contact, given(data.changes), known, base, n)
    after = replace(contact, **merged.applied)
    return [after, *_reached(after, known)], merged


def remove_contact(data: ContactRemove, known: Known) -> list[tuple[str, str]]:
    return [("contact", known.contact(data.id).id)]


def building_label(compound: str, name: str) -> str:
    return f"{compound} {name}".strip()


def door_label(building: Building, unit: str, door_no: str) -> str:
    """A door as people say it: 红棉苑 3栋 2单元 502."""
    parts = (building.label, f"{unit}单元" if unit else "", door_no)
    return " ".join(part for part in parts if part)


def _move(before: Resident, after: Resident, known: Known) -> list[Record]:
    old, new = known.household(before.household_id), known.household(after.household_id)
    after = replace(after, building_id=new.building_id)
    left = [one for one in known.residents(old.id) if one.id != before.id]
    changed = settle(old, left, known)
    changed += settle(new, [*known.residents(new.id), after], known)
    for contact in known.contacts(old.id):
        if contact.resident_id == before.id:
            moved = replace(contact, household_id=new.id, building_id=new.building_id)
            changed.append(moved)
    numbers = [one for one in known.contacts(old.id) if one.resident_id == before.id]
    changed += pairings.follow(after, new, numbers, known)
    return [*changed, *checkups.move(before, after, known)]


def _reached(contact: Contact, known: Known) -> list[Record]:
    """The pairs of the people who are reached by a number."""
    household = known.household(contact.household_id)
    numbers = [one for one in known.contacts(household.id) if one.id != contact.id]
    found: list[Record] = []
    for person in known.residents(household.id):
        found += pairings.follow(person, household, [*numbers, contact], known)
    return found


def _unended(followed: list[Record], after: Resident) -> list[Record]:
    """Pairs that go on: whoever is gone is looked after no more."""
    return [] if after.status in GONE else followed


def _merge(
    kind: str, record: Record, changes: dict[str, Any], known: Known, base: int, n: int
) -> Merged:
    if not changes:
        raise Refusal("nothing.changed")
    if known.led and (led := redirects.merged(kind, record, changes, known, base, n)):
        return led
    stamps = known.town.stamps(kind, record.id)
    return merge(asdict(record), stamps, changes, base, known.actor.device, n)


def _refuse_office_categories(
    record: Household | Resident, after: Sequence[str], known: Known
) -> None:
    """Whoever held the building once and no more is told only of what they wrote themselves."""
    if known.forced or known.actor.role in WHOLE_COMMUNITY:
        return
    before = record.categories if isinstance(record, Resident) else record.own_categories
    touched = [code for code in OFFICE_ONLY if (code in before) != (code in after)]
    sees = record.building_id in known.actor.building_ids
    told = [code for code in touched if sees or code in after]
    if touched:
        words = "、".join(OFFICE_ONLY[code] for code in told) or "这类身份"
        door = record.household_id if isinstance(record, Resident) else record.id
        raise Refusal("category.office_only", category=words, household_id=door if sees else "")
