"""The town that every seed begins with: who lives there, who works there, and their phones.

It is made once for a process, through the same door as everything else, and copied for each seed.
"""

import atexit
import contextlib
import os
import shutil
import sqlite3
import tempfile
from datetime import UTC, datetime, timedelta
from functools import cache
from itertools import count
from pathlib import Path
from typing import Any, NamedTuple

import msgspec

from server import people
from server.intake import Form, Intake
from server.intake.receiving import Sender
from server.setup import add_community, add_person
from server.store import departments
from server.store import people as rows
from server.store.database import Store
from server.store.departments import Department
from sync.operations import stamp
from sync.records import Community

START = datetime(2026, 9, 15, 4, 0, tzinfo=UTC)  # noon in Shanghai
# Doors with one visit less than a phone shows: the next ones push the oldest out.
CROWDED_DOORS = 2
CROWD = 11


class Someone(NamedTuple):
    """A person of the town."""

    username: str
    role: str
    id: str
    device: str = ""


def ident(group: int, number: int) -> str:
    return f"01990000-{group:04x}-7000-8000-{number:012x}"


PEOPLE = {
    name: Someone(name, role, ident(1, number), ident(2, number))
    for number, (name, role) in enumerate(
        [
            ("office1", "office"),
            ("worker1", "worker"),
            ("worker2", "worker"),
            ("chief1", "chief"),
            ("social1", "social"),
            ("leader1", "leader"),
        ],
        start=1,
    )
}
OFFICE = PEOPLE["office1"]
# (person, which of their phones)
PHONES = [
    ("worker1", 1),
    ("worker1", 2),
    ("worker2", 1),
    ("worker2", 2),
    ("chief1", 1),
    ("social1", 1),
    ("leader1", 1),
    ("office1", 1),
]
BUILDINGS = {"3栋": ("worker1", "leader1"), "4栋": ("worker1",), "5栋": ("worker2", "social1")}


class Ticket(NamedTuple):
    """A phone that was signed in before the story begins."""

    username: str
    device: str
    token: str


class Template(NamedTuple):
    """The file to copy, and what the phones of the town know at the start."""

    path: Path
    home: str
    tickets: tuple[Ticket, ...]


def fast_folder() -> str | None:
    """A folder in memory where there is one: nothing here waits for a disk."""
    return "/dev/shm" if os.access("/dev/shm", os.W_OK | os.X_OK) else None


@cache
def template() -> Template:
    folder = Path(tempfile.mkdtemp(prefix="jinlin-cast-", dir=fast_folder()))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    path = folder / "made.db"
    store = Store(path)
    now = START - timedelta(days=20)
    intake = Intake(store, lambda: now)
    maker = _Maker(intake)
    maker.found()
    tickets = maker.enrol()
    intake.stop()
    store.close()
    copy = folder / "town.db"
    with contextlib.closing(sqlite3.connect(path)) as made:
        made.execute(f"vacuum into '{copy}'")
    with contextlib.closing(sqlite3.connect(copy)) as made:
        made.execute("pragma journal_mode = wal")
    return Template(copy, maker.home, tuple(tickets))


class _Maker:
    def __init__(self, intake: Intake) -> None:
        self.intake = intake
        self.home = ident(0, 1)
        self.ids = count(1)
        self.numbers = count(1)

    def found(self) -> None:
        self.intake.do(self.home, self._people)
        for order, name in enumerate(BUILDINGS):
            data = {"compound": "红棉苑", "name": name, "grid_id": "1", "order": order}
            building = self._add("building.add", data)
            self.intake.do(self.home, lambda writing, b=building, n=name: self._give(writing, n, b))
            for floor in (1, 2):
                self._door(building, order, floor)

    def enrol(self) -> list[Ticket]:
        tickets: list[Ticket] = []

        def work(writing: Any) -> None:
            for number, (username, which) in enumerate(PHONES):
                device = ident(3, number)
                row = rows.by_username(writing.tx, username)
                assert row is not None
                name = f"手机{which}"
                rows.add_device(writing.tx, self.home, device, row.id, name, START)
                token = people.open_session(writing.tx, row, device, START)
                tickets.append(Ticket(username, device, token))

        self.intake.do(self.home, work)
        return tickets

    def _people(self, writing: Any) -> None:
        add_community(writing, Community(id=self.home, name="清龙社区", review_rules={"sample": 0}))
        for one in PEOPLE.values():
            add_person(writing, one.username, one.username, one.role, person_id=one.id)
        rows.add_device(writing.tx, self.home, OFFICE.device, OFFICE.id, "网页", START)
        for number, name in enumerate(("城管中队", "园林所"), start=1):
            one = Department(
                id=ident(9, number), name=name, phone="119119", arrives="2h", note="", is_on=True
            )
            departments.keep(writing.tx, self.home, one)

    def _give(self, writing: Any, name: str, building: str) -> None:
        for username in (*BUILDINGS[name], "chief1"):
            rows.assign(writing.tx, self.home, PEOPLE[username].id, building, "2026-01-01")
            people.publish(writing, PEOPLE[username].id)

    def _door(self, building: str, order: int, floor: int) -> None:
        data = {"building_id": building, "unit": "", "floor": floor, "door_no": f"{floor}01"}
        door = self._add("household.add", data)
        if floor == 2 and order == 2:
            return  # one door that nobody lives behind
        person = {
            "household_id": door,
            "name": f"黄{'甲乙丙'[order]}{'一二'[floor - 1]}",
            "birth_on": "1940-05-05",
            "categories": ["living_alone"],
        }
        elder = self._add("resident.add", person)
        number = {"household_id": door, "resident_id": elder, "phone": f"1400000{order}{floor}00"}
        self._add("contact.add", number)
        if floor == 1 and order < CROWDED_DOORS:
            self.intake.do(self.home, lambda writing: self._crowd(writing, door))

    def _crowd(self, writing: Any, door: str) -> None:
        """Visits of the last days, recorded by the office on paper."""
        for back in range(CROWD):
            at = writing.now - timedelta(hours=back)
            data = {
                "household_id": door,
                "type": "routine",
                "method": "door",
                "result": "met",
                "resident_ids": [],
            }
            n = next(self.numbers)
            text = {"id": ident(4, n), "n": n, "kind": "visit.record", "at": stamp(at)}
            raw = msgspec.json.encode({**text, "data": data})
            sender = Sender(self.home, OFFICE.id, OFFICE.device, writing.now, timedelta(0))
            assert writing.receive(raw, sender).outcome == "accepted"

    def _add(self, kind: str, data: Any) -> str:
        form = Form(self.home, OFFICE.id, OFFICE.device, kind, data, id=ident(5, next(self.ids)))
        receipt = self.intake.submit(form)
        assert receipt.outcome == "accepted" and receipt.id, receipt
        next(self.numbers)
        return receipt.id
