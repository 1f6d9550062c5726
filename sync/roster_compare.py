"""A roster beside what is stored: what to add, what to change, who is no longer in it.

A value changes only where the roster says something else than it said the last time. So the same
file twice changes nothing, and what workers corrected in between stays.
"""

from collections import Counter, defaultdict
from typing import Any

from msgspec.structs import asdict

from sync import records
from sync.care import GONE
from sync.names import read_name
from sync.roster_people import Matched, match
from sync.roster_plan import Doors, Plan, Step, Stored, Tools, news, remembered
from sync.roster_results import Building, Household, Place, Resident, Roster

_OF_BUILDING = ("grid_id", "grid_name", "units", "floors", "doors")
_OF_RESIDENT = ("name", "birth_on", "sex", "relation_to_head")


def compare(roster: Roster, stored: Stored, tools: Tools) -> Plan:
    """The plan of an import. Nothing in it deletes: who is missing is only named."""
    doors = Doors(stored)
    origins = {one.place: one for one in roster.origins}
    people = match(roster.residents, origins, stored, doors, tools)
    work = _Work(roster, stored, tools, doors, people)
    work.buildings()
    work.households()
    return Plan(
        steps=tuple(work.steps),
        rejected=tuple(people.rejected.values()),
        added=work.counted["added"],
        changed=work.counted["changed"],
        unchanged=work.counted["unchanged"],
        found=tuple(sorted({one.id for one in people.known.values()} | people.elsewhere)),
        missing=_missing(roster, stored, doors, people),
    )


class _Work:
    """Collects steps in an order in which each finds what it names: buildings, doors, people."""

    def __init__(
        self, roster: Roster, stored: Stored, tools: Tools, doors: Doors, people: Matched
    ) -> None:
        self.roster, self.stored, self.tools = roster, stored, tools
        self.doors, self.known = doors, people.known
        self.steps: list[Step] = []
        self.counted: Counter[str] = Counter()
        self._building_ids = {at: one.id for at, one in doors.buildings.items()}
        self._order = max((one.order for one in stored.buildings), default=0)
        self._people: dict[str, list[Resident]] = defaultdict(list)
        for one in roster.residents:
            if one.place not in people.rejected:
                self._people[one.household].append(one)
        self._contacts: dict[str, list[records.Contact]] = defaultdict(list)
        for contact in stored.contacts:
            self._contacts[contact.household_id].append(contact)
        self._lived_in = {one.household_id for one in stored.residents if one.status not in GONE}
        labelled = (one.place.sheet for one in roster.residents if one.categories)
        self._with_labels = frozenset(labelled)

    def buildings(self) -> None:
        doors = (*self.roster.households, *self.roster.vacant)
        places = {(one.compound, one.building): one.place for one in reversed(doors)}
        needed = {(one.compound, one.building) for one in doors if self._is_needed(one)}
        for one in self.roster.buildings:
            at = one.compound, one.code
            same = self.doors.buildings.get(at)
            if same is not None:
                self._change_building(one, same, places[at])
            elif at in needed:
                self._add_building(one, places[at])

    def households(self) -> None:
        for door in (*self.roster.households, *self.roster.vacant):
            same = self.doors.find(door.key)
            if same is None and not self._is_needed(door):
                continue
            door_id = self._change_door(door, same) if same else self._add_door(door)
            for one in self._people[door.key]:
                self._person(one, door_id)

    def _is_needed(self, door: Household) -> bool:
        return door.tenure == "vacant" or bool(self._people[door.key])

    def _add_building(self, one: Building, place: Place) -> None:
        building_id = self.tools.new_id()
        self._building_ids[one.compound, one.code] = building_id
        self._order += 1
        now = {field: getattr(one, field) for field in _OF_BUILDING}
        data = {"compound": one.compound, "name": one.name, "style": one.style, **now}
        self._step("building.add", building_id, place, {**data, "order": self._order}, said=now)

    def _change_building(self, one: Building, same: records.Building, place: Place) -> None:
        now = {field: getattr(one, field) for field in _OF_BUILDING}
        current = asdict(same)
        # A file of half a building does not make it smaller.
        now |= {field: max(now[field], current[field]) for field in ("units", "floors", "doors")}
        self._change("building", same, now, place)

    def _add_door(self, door: Household) -> str:
        door_id = self.tools.new_id()
        data = {
            "building_id": self._building_ids[door.compound, door.building],
            "unit": door.unit,
            "floor": door.floor,
            "door_no": door.door_no,
            "tenure": door.tenure,
        }
        said = {"tenure": door.tenure} if door.tenure else {}
        self._step("household.add", door_id, door.place, data, said=said)
        return door_id

    def _change_door(self, door: Household, same: records.Household) -> str:
        empties = door.tenure == "vacant" and same.id in self._lived_in
        now: dict[str, Any] = {"tenure": "" if empties else door.tenure}
        if same.status == "gone":
            now["status"] = "active"
        self._change("household", same, now, door.place)
        return same.id

    def _person(self, one: Resident, door_id: str) -> None:
        before = len(self.steps)
        same = self.known.get(one.place)
        resident_id = self._change_person(one, same) if same else self._add_person(one, door_id)
        said = self.stored.said.get(resident_id, {})
        self._numbers(one, resident_id, door_id, said.get("phones", []))
        noticed = any(step.counts for step in self.steps[before:])
        self.counted["added" if not same else "changed" if noticed else "unchanged"] += 1

    def _add_person(self, one: Resident, door_id: str) -> str:
        resident_id = self.tools.new_id()
        data = {
            "household_id": door_id,
            "pinyin": self.tools.spell(one.name),
            "categories": sorted(one.categories),
            **{field: getattr(one, field) for field in _OF_RESIDENT},
        }
        said = remembered({}, _said_of(one))
        number = one.id_number
        self._step("resident.add", resident_id, one.place, data, said=said, id_number=number)
        return resident_id

    def _change_person(self, one: Resident, same: records.Resident) -> str:
        said = self.stored.said.get(same.id, {})
        now = _said_of(one)
        if one.place.sheet not in self._with_labels:
            now.pop("categories")
        current = asdict(same)
        changes = news(said, {field: now[field] for field in _OF_RESIDENT}, current)
        if "name" in changes:
            changes["pinyin"] = self.tools.spell(one.name)
        labels = _labels(said.get("categories", []), now.get("categories"), same.categories)
        if labels != sorted(same.categories):
            changes["categories"] = labels
        number = one.id_number
        if number and self.stored.by_id.get(self.tools.id_key(number)) == same.id:
            number = ""
        after = remembered(said, now)
        if "categories" in now:
            after["categories"] = now["categories"]
        self._keep_change("resident", same, changes, after, one.place, number)
        return same.id

    def _numbers(self, one: Resident, resident_id: str, door_id: str, said: list[str]) -> None:
        """A new number is added, or takes the place of the one that it follows in the roster."""
        here = self._contacts[door_id]
        held = {contact.phone for contact in here if contact.resident_id in ("", resident_id)}
        fresh = [it for it in one.contacts if it.phone not in said and it.phone not in held]
        now = {contact.phone for contact in one.contacts}
        stale = [it for it in here if it.resident_id == resident_id and it.phone in {*said} - now]
        if len(fresh) == len(stale) == 1:
            changes = {"phone": fresh[0].phone}
            self._keep_change("contact", stale[0], changes, {}, one.place, "")
            return
        for contact in fresh:
            data = {"household_id": door_id, "resident_id": resident_id, **asdict(contact)}
            self._step("contact.add", self.tools.new_id(), one.place, data)

    def _change(self, kind: str, same: records.Record, now: dict[str, Any], place: Place) -> None:
        said = self.stored.said.get(same.id, {})
        changes = news(said, now, asdict(same))
        self._keep_change(kind, same, changes, remembered(said, now), place, "")

    def _keep_change(
        self,
        kind: str,
        same: records.Record,
        changes: dict[str, Any],
        said: dict[str, Any],
        place: Place,
        number: str,
    ) -> None:
        if not changes and not number and said == self.stored.said.get(same.id, {}):
            return
        current = asdict(same)
        self.steps.append(
            Step(
                kind=f"{kind}.change" if changes else "",
                record_id=same.id,
                data={"id": same.id, "changes": changes} if changes else {},
                base=same.version,
                before={field: current[field] for field in changes},
                said=said,
                id_number=number,
                place=place,
            )
        )

    def _step(
        self, kind: str, record_id: str, place: Place, data: dict[str, Any], **more: Any
    ) -> None:
        self.steps.append(Step(kind=kind, record_id=record_id, place=place, data=data, **more))


def _said_of(one: Resident) -> dict[str, Any]:
    said = {field: getattr(one, field) for field in _OF_RESIDENT}
    phones = [contact.phone for contact in one.contacts]
    return {**said, "categories": sorted(one.categories), "phones": phones}


def _labels(said: list[str], now: list[str] | None, current: list[str]) -> list[str]:
    """The roster's own labels come and go with it; those that others gave stay."""
    if now is None:
        return sorted(current)
    fresh = set(now) - set(said)
    return sorted((set(current) - (set(said) - set(now))) | fresh)


def _missing(roster: Roster, stored: Stored, doors: Doors, people: Matched) -> tuple[str, ...]:
    """Who lives in a building of the file and stands in no row of it."""
    read = {(one.compound, one.code) for one in roster.buildings}
    covered = {one.id for at, one in doors.buildings.items() if at in read}
    found = {one.id for one in people.known.values()} | people.elsewhere
    # Somebody whose row is to be corrected first is in the file.
    doubtful = {read_name(one.draft.name).name for one in roster.rejected}
    return tuple(
        one.id
        for one in stored.residents
        if one.building_id in covered
        and one.id not in found
        and one.status not in GONE
        and one.name not in doubtful
    )
