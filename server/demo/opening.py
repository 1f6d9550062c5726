"""The roster as the office imported it: one operation per building, door, person and number."""

from typing import Any

from server.demo.ids import minted_at
from server.demo.shapes import Building, Contact, Household, Resident, Town
from server.demo.stream import Acts

_LEADERS_AFTER_MS = 60_000
_ARRIVES_AFTER_MS = 20


def open_town(town: Town, acts: Acts) -> None:
    """Buildings with what is behind their doors, then the name of each building's leader."""
    author = town.person["office1"].id, town.import_device_id
    behind: dict[str, list[Household]] = {}
    for household in town.households:
        behind.setdefault(household.building_id, []).append(household)

    def add(act_id: str, kind: str, data: dict[str, Any]) -> int:
        at_ms = minted_at(act_id)
        received_at = at_ms + _ARRIVES_AFTER_MS
        acts.add(author, at_ms, kind, data, act_id=act_id, received_at=received_at)
        return at_ms

    last_ms = 0
    for building in town.buildings:
        add(building.id, "building.add", _building(building))
        for household in behind[building.id]:
            last_ms = add(household.id, "household.add", _household(household))
            for one in household.residents:
                last_ms = add(one.id, "resident.add", _resident(one, household.id))
            for contact in household.contacts:
                last_ms = add(contact.id, "contact.add", _contact(contact, household.id))
    for index, leader in enumerate(town.leaders.values()):
        at_ms = last_ms + _LEADERS_AFTER_MS + 1000 * index
        changes = {"leader_name": leader.name, "leader_phone": leader.phone}
        data = {"id": leader.building_ids[0], "changes": changes}
        received_at = at_ms + _ARRIVES_AFTER_MS
        acts.add(author, at_ms, "building.change", data, base=1, received_at=received_at)


def _building(building: Building) -> dict[str, Any]:
    return {
        "compound": building.compound,
        "name": building.name,
        "grid_id": building.grid_id,
        "grid_name": building.grid_name,
        "units": building.units,
        "floors": building.floors,
        "doors": building.doors,
        "order": building.order,
        "style": building.style,
    }


def _household(household: Household) -> dict[str, Any]:
    data: dict[str, Any] = {
        "building_id": household.building_id,
        "unit": household.unit,
        "floor": household.floor,
        "door_no": household.door_no,
        "tenure": household.tenure,
    }
    return data | ({"categories": household.categories} if household.categories else {})


def _resident(one: Resident, household_id: str) -> dict[str, Any]:
    data: dict[str, Any] = {
        "household_id": household_id,
        "name": one.name,
        "pinyin": one.pinyin,
        "birth_on": one.birth_on,
        "sex": one.sex,
        "relation_to_head": one.relation_to_head,
    }
    return data | ({"categories": one.categories} if one.categories else {})


def _contact(contact: Contact, household_id: str) -> dict[str, Any]:
    data: dict[str, Any] = {
        "household_id": household_id,
        "resident_id": contact.resident_id,
        "name": contact.name,
        "relation": contact.relation,
        "phone": contact.phone,
    }
    return data | ({"verified_on": contact.verified_on} if contact.verified_on else {})
