"""A community behind a real intake, and phones that are nothing but lists of operations."""

import json
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any

from server.intake import Form, Intake, Push
from server.intake.receiving import Receipt, Sender
from server.setup import add_community, add_person
from server.store import check, people
from server.store.database import Store
from server.store.records import Records
from sync.records import Community, Record
from tests import empty

START = datetime(2026, 9, 15, 4, 0, tzinfo=UTC)  # noon in Shanghai


class Clock:
    """A clock that only tests move; every look is a millisecond later."""

    def __init__(self, now: datetime = START) -> None:
        self.now = now

    def __call__(self) -> datetime:
        self.now += timedelta(milliseconds=1)
        return self.now


class Phone:
    """One device of one person: numbers what it records and keeps the texts."""

    def __init__(self, spine: "Spine", person_id: str, device_id: str) -> None:
        self.spine = spine
        self.person_id = person_id
        self.device_id = device_id
        self.numbers = count(1)
        self.clock_ahead = timedelta(0)

    def record(self, kind: str, data: Any, **more: Any) -> bytes:
        envelope = {
            "id": self.spine.new_id(),
            "n": next(self.numbers),
            "kind": kind,
            "at": (self.spine.clock() + self.clock_ahead).isoformat(timespec="milliseconds"),
            **more,
            "data": data,
        }
        return json.dumps(envelope, ensure_ascii=False).encode()

    def push(self, *operations: bytes) -> list[Receipt]:
        now = self.spine.clock()
        sender = Sender(self.spine.home, self.person_id, self.device_id, now, -self.clock_ahead)
        return self.spine.intake.push(Push(sender, list(operations), {}))

    def send(self, kind: str, data: Any, **more: Any) -> Receipt:
        return self.push(self.record(kind, data, **more))[0]

    def visit(self, household_id: str, **changes: Any) -> bytes:
        return self.record("visit.record", visit_data(household_id, **changes))


class Spine:
    """The smallest community: two buildings, two workers, one office."""

    def __init__(self, folder: Path) -> None:
        self.clock = Clock()
        self.store = Store(empty.put(folder))
        self.intake = Intake(self.store, self.clock)
        self._ids = count(1)
        self.home = self.new_id()
        self.people: dict[str, str] = {}
        self.intake.do(self.home, self._found)
        self.office = self.phone("office1")
        self.building = self._add("building.add", compound="红棉苑", name="3栋", grid_id="1")
        self.other = self._add("building.add", compound="碧湖湾", name="2座", grid_id="4")
        self.intake.do(self.home, self._assign)
        self.door = self._add("household.add", building_id=self.building, unit="2", door_no="502")
        self.far_door = self._add("household.add", building_id=self.other, door_no="0502")
        self.elder = self._add(
            "resident.add",
            household_id=self.door,
            name="黄秀珍",
            birth_on="1940-05-05",
            categories=["living_alone"],
        )
        self.contact = self._add(
            "contact.add", household_id=self.door, resident_id=self.elder, phone="14000004412"
        )

    def new_id(self) -> str:
        return f"01990000-0000-7000-8000-{next(self._ids):012x}"

    def phone(self, username: str) -> Phone:
        """A new device of a person."""
        device_id = self.new_id()
        person_id = self.people[username]
        self.intake.do(
            self.home,
            lambda writing: people.add_device(
                writing.tx, self.home, device_id, person_id, "手机", self.clock()
            ),
        )
        return Phone(self, person_id, device_id)

    def submit(self, kind: str, data: Any, base: int | None = None) -> Receipt:
        """A form of the office."""
        office = self.office
        return self.intake.submit(
            Form(self.home, office.person_id, office.device_id, kind, data, base)
        )

    def get(self, kind: str, record_id: str) -> Any:
        with self.store.read() as tx:
            found: Record | None = Records(tx, self.home).get(kind, record_id)
        return found

    def rows(self, sql: str, **values: Any) -> list[dict[str, Any]]:
        with self.store.read() as tx:
            return tx.rows(sql, **values)

    def faults(self) -> list[str]:
        with self.store.read() as tx:
            return list(check.faults(tx, self.clock.now))

    def stop(self) -> None:
        self.intake.stop()
        self.store.close()

    def _found(self, writing: Any) -> None:
        add_community(writing, Community(id=self.home, name="清龙社区", review_rules={"sample": 0}))
        for username, role in (
            ("office1", "office"),
            ("worker1", "worker"),
            ("worker2", "worker"),
            ("leader1", "leader"),
        ):
            self.people[username] = add_person(writing, username, username, role)

    def _assign(self, writing: Any) -> None:
        for username, building in (
            ("worker1", self.building),
            ("worker2", self.other),
            ("leader1", self.building),
        ):
            people.assign(writing.tx, self.home, self.people[username], building, "2026-01-01")

    def _add(self, kind: str, **data: Any) -> str:
        receipt = self.submit(kind, data)
        assert receipt.outcome == "accepted" and receipt.id
        return receipt.id


def visit_data(household_id: str, **changes: Any) -> dict[str, Any]:
    return {
        "household_id": household_id,
        "type": "routine",
        "method": "door",
        "result": "met",
        "resident_ids": [],
        **changes,
    }
