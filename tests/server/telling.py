"""A told demo community, and the day every door of it is due by the rule table."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import UTC, date, datetime
from functools import lru_cache
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

import msgspec

from server.demo.history import Entry, history
from server.demo.shapes import Household as Door
from server.demo.shapes import Town
from server.demo.town import build
from sync import care, plans
from sync.records import Household, Resident
from sync.visits import EFFECTIVE, STATUS_RESULTS

TODAY = date(2026, 5, 7)
ZONE = ZoneInfo("Asia/Shanghai")


class Work(NamedTuple):
    """One operation with its data read."""

    entry: Entry
    data: dict[str, Any]

    @property
    def at(self) -> datetime:
        return datetime.fromtimestamp(self.entry.at_ms / 1000, UTC).astimezone(ZONE)

    @property
    def clock(self) -> str:
        return self.at.strftime("%H:%M")


class Told(NamedTuple):
    town: Town
    works: list[Work]

    def of(self, kind: str) -> list[Work]:
        return [work for work in self.works if work.entry.kind == kind]

    @property
    def visits(self) -> list[Work]:
        """Visits that count: understood, at a door of their author, and not withdrawn."""
        held = {one.id: set(one.building_ids) for one in self.town.people}
        building = {one.id: one.building_id for one in self.town.households}
        withdrawn = {work.data["id"] for work in self.of("visit.withdraw")}
        return [
            work
            for work in self.of("visit.record")
            if work.entry.id not in withdrawn
            and len(work.data.get("note", "")) <= 1000
            and building[work.data["household_id"]] in held[work.entry.person_id]
        ]


def tell(households: int = 3300, today: date = TODAY) -> Told:
    """Told once in each process: nobody changes what they were told."""
    return _told(households, today)


@lru_cache(maxsize=4)
def _told(households: int, today: date) -> Told:
    town = build(households, today=today)
    works = [Work(one, msgspec.json.decode(one.raw)["data"]) for one in history(town)]
    return Told(town, works)


def doors_due(told: Told) -> Iterator[tuple[Door, plans.Plan]]:
    """Every door with the day it is due by the rule table, from the visits alone."""
    today = told.town.today.isoformat()
    behind: dict[str, list[Work]] = defaultdict(list)
    for visit in sorted(told.visits, key=lambda work: work.entry.at_ms):
        behind[visit.data["household_id"]].append(visit)
    imported = datetime.fromtimestamp(told.works[0].entry.at_ms / 1000, ZONE).date().isoformat()
    for door in told.town.households:
        home = Household(
            id=door.id,
            building_id=door.building_id,
            door_no=door.door_no,
            tenure=door.tenure,
            own_categories=list(door.categories),
            added_on=imported,
        )
        people = {
            one.id: Resident(
                id=one.id,
                household_id=door.id,
                building_id=door.building_id,
                name=one.name,
                birth_on=one.birth_on,
                categories=list(one.categories),
                added_on=imported,
            )
            for one in door.residents
        }
        for visit in behind[door.id]:
            home, people = after(visit, home, people)
        yield door, plans.plan(home, people.values(), care.DEFAULT_INTERVALS, [], today)


def after(
    visit: Work, home: Household, people: dict[str, Resident]
) -> tuple[Household, dict[str, Resident]]:
    on, result = visit.at.date().isoformat(), visit.data["result"]
    if result == "vacant":
        home = msgspec.structs.replace(home, door_contact_on=on)
    for resident_id in visit.data["resident_ids"]:
        person = people[resident_id]
        if result in EFFECTIVE:
            person = msgspec.structs.replace(person, last_contact_on=on)
        if result in STATUS_RESULTS:
            until = visit.data.get("away_until", "")
            person = msgspec.structs.replace(person, status=result, status_until=until)
        elif result == "met" and person.status in care.PAUSED:
            person = msgspec.structs.replace(person, status="living", status_until="")
        people[resident_id] = person
    return home, people
