"""A small town in memory: the cast of the tests of the rules."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from msgspec.structs import replace

from sync.alert_records import ContactTask, Duty
from sync.cascade import Roster
from sync.issue_calls import Department
from sync.known import Actor, Known, Moment
from sync.merge import Stamp
from sync.records import (
    Building,
    Checklist,
    Community,
    Followup,
    Household,
    Record,
    Resident,
    Visit,
    kind_of,
)

NOON = datetime(2026, 9, 15, 4, 0, tzinfo=UTC)  # 12:00 in Shanghai, a Tuesday
HOME = "00000000-0000-7000-8000-000000000001"


class MemoryTown:
    """What the rules may ask, answered from a dict."""

    def __init__(self, *records: Record) -> None:
        self.held = {(kind_of(one), one.id): one for one in records}
        self.rosters: dict[str, Roster] = {}
        self.staff: dict[str, Actor] = {}
        self.departments: dict[str, Department] = {}

    def get(self, kind: str, record_id: str) -> Record | None:
        return self.held.get((kind, record_id))

    def of_household(self, kind: str, household_id: str) -> list[Record]:
        return [
            one
            for (held, _), one in self.held.items()
            if held == kind and getattr(one, "household_id", "") == household_id
        ]

    def stamps(self, kind: str, record_id: str) -> Mapping[str, Stamp]:
        return {}

    def arrived_media(self, person_id: str, names: Iterable[str]) -> set[str]:
        return set()

    def has_door(self, building_id: str, unit: str, door_no: str) -> str:
        return ""

    def has_building(self, compound: str, name: str) -> str:
        return ""

    def doors_of(self, building_id: str) -> list[str]:
        return sorted(
            record_id
            for (kind, record_id), one in self.held.items()
            if kind == "household" and getattr(one, "building_id", "") == building_id
        )

    def has_households(self, building_id: str) -> bool:
        return any(getattr(one, "building_id", "") == building_id for one in self.held.values())

    def checklists(self) -> list[Checklist]:
        return [one for one in self.held.values() if isinstance(one, Checklist)]

    def checked(self, resident_id: str) -> list[Visit]:
        visits = [one for one in self.held.values() if isinstance(one, Visit)]
        return [
            one for one in visits if resident_id in [asked["resident_id"] for asked in one.checkups]
        ]

    def naming(self, kind: str, resident_id: str) -> list[Record]:
        return [
            one
            for (held, _), one in self.held.items()
            if held == kind
            and resident_id
            in [
                *one.resident_ids,  # type: ignore[attr-defined]
                *(asked["resident_id"] for asked in getattr(one, "checkups", ())),
            ]
        ]

    def followups_like(self, record_id: str) -> list[Followup]:
        return [one for one in self.held.values() if isinstance(one, Followup)]

    def visited_since(self, person_id: str, since: str, until: str) -> list[Mapping[str, Any]]:
        return [
            {
                "household_id": one.household_id,
                "started_at": one.started_at,
                "ended_at": one.ended_at,
            }
            for (kind, _), one in self.held.items()
            if kind == "visit" and since <= one.true_at <= until  # type: ignore[attr-defined]
        ]

    def colleague(self, person_id: str, today: str) -> Actor | None:
        return self.staff.get(person_id)

    def department(self, department_id: str) -> Department | None:
        return self.departments.get(department_id)

    def own_days(self) -> Mapping[str, bool]:
        return {}

    def roster(self, incident_id: str) -> Roster | None:
        return self.rosters.get(incident_id)

    def holders(self, building_id: str) -> list[str]:
        return []

    def duties(self, incident_id: str) -> list[Duty]:
        found = [one for one in self.held.values() if isinstance(one, Duty)]
        return [one for one in found if one.incident_id == incident_id]

    def contact_tasks(self, incident_id: str) -> list[ContactTask]:
        found = [one for one in self.held.values() if isinstance(one, ContactTask)]
        return [one for one in found if one.incident_id == incident_id]

    def keep(self, records: Any) -> None:
        for one in records:
            self.held[kind_of(one), one.id] = one


def uid(number: int) -> str:
    return f"00000000-0000-7000-8000-{number:012d}"


BUILDING = Building(id=uid(10), compound="红棉苑", name="3栋", label="红棉苑 3栋")
DOOR = Household(
    id=uid(20), building_id=BUILDING.id, unit="2", floor=5, door_no="502", added_on="2026-01-01"
)
ELDER = Resident(
    id=uid(30),
    household_id=DOOR.id,
    building_id=BUILDING.id,
    name="黄秀珍",
    birth_on="1940-05-05",
    categories=["living_alone"],
    added_on="2026-01-01",
)
SON = replace(ELDER, id=uid(31), name="黄志强", birth_on="1970-01-01", categories=[])
WORKER = Actor(uid(40), "周晓岚", "worker", uid(50), frozenset({BUILDING.id}), frozenset())


def town(*more: Record) -> MemoryTown:
    return MemoryTown(BUILDING, DOOR, ELDER, *more)


def known(
    here: MemoryTown,
    actor: Actor = WORKER,
    at: datetime = NOON,
    late: timedelta = timedelta(0),
    **rules: int,
) -> Known:
    """An operation of `actor` at `at`, received `late` after that; no visit is only sampled."""
    home = Community(id=HOME, name="清龙社区", review_rules={"sample": 0, **rules})
    return Known(here, actor, Moment(at, at, at + late), home)
