"""A storm of phones and forms, and a server that is killed in it again and again."""

import json
import random
import threading
import time
import uuid
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from server import people
from server.intake import Intake, now_utc
from server.store import people as rows
from server.store.database import Store
from tests.crash.rig import House, Nursery
from tests.crash.senders import MARK, Line, Office, Phone
from tests.server.town import COMMUNITY, SECRET

ENVIRONMENT = {"JINLIN_SECRET": SECRET.decode()}
PHONES = {"worker1": 3, "worker2": 2, "chief": 1}
# How long a server lives between two kills. Every second one dies as it answers, and one in ten
# while it starts.
LIVES_S = (0.02, 1.2)
SETTLE_S = 60
FUSE_S = 3


class Storm:
    """One community, its phones and its office, and a server that dies again and again."""

    def __init__(self, nursery: Nursery, made: Path, folder: Path, seed: int) -> None:
        self.random = random.Random(f"storm {seed}")
        self.house = House(nursery, folder, made)
        self.line = Line(self.house.port)
        self.starts_s: list[float] = []
        self.phones = [
            Phone(*enrol(self.house, username), f"{seed} {username} {number}")
            for username, count in PHONES.items()
            for number in range(count)
        ]
        token, _, door = enrol(self.house, "office1")
        self.office = Office(token, door, f"{seed} office")

    def run(self, kills: int) -> None:
        """Kill the server so many times; after every start, what was acknowledged is there."""
        with self._sending():
            for _ in range(kills):
                if self.random.random() < 0.1:
                    self._die_early()
                self._live(self.random.uniform(*LIVES_S))
                if self.random.random() < 0.5:
                    self._die_at_an_answer()
                self.line.up.clear()
                self.house.kill()
                self.assert_kept()

    def _die_early(self) -> None:
        self.house.pid = self.house.launch("serve", "--port", str(self.house.port))
        time.sleep(self.random.uniform(0, 0.4))
        self.house.kill()

    def _die_at_an_answer(self) -> None:
        """What was acknowledged a moment ago must be on disk already."""
        self.line.fuse = self.house.pid
        until = time.monotonic() + FUSE_S
        while self.line.fuse and time.monotonic() < until:
            time.sleep(0.001)
        self.line.fuse = 0

    def _live(self, seconds: float) -> None:
        began = time.monotonic()
        self.house.start(environment=ENVIRONMENT)
        self.starts_s.append(time.monotonic() - began)
        self.line.up.set()
        time.sleep(seconds)

    @contextmanager
    def _sending(self) -> Iterator[None]:
        senders = [*self.phones, self.office]
        with ThreadPoolExecutor(len(senders)) as pool:
            sending = [pool.submit(one.run, self.line) for one in senders]
            try:
                yield
            finally:
                self.line.over.set()
        for one in sending:
            one.result()

    def assert_kept(self) -> None:
        """What anybody was told is kept is there; `jinlin check` finds nothing wrong."""
        told = {one for phone in self.phones for one in list(phone.told)} | set(self.office.told)
        here = {row["id"] for row in self.house.rows("select id from operation")}
        assert told <= here, f"acknowledged and lost: {sorted(told - here)}"
        assert self.house.faults() == []

    def heal(self) -> None:
        """The server lives; everybody sends what has no receipt, and everything of it arrives."""
        self.line = Line(self.house.port)
        self.house.start(environment=ENVIRONMENT)
        self.line.up.set()
        until = threading.Timer(SETTLE_S, self.line.over.set)
        until.start()
        for phone in self.phones:
            phone.run(self.line, stops=True)
        for link in self.line.connections():
            self.office.send(link)
            break
        until.cancel()
        assert not any(phone.outbox for phone in self.phones)

    def assert_once(self) -> None:
        """Every operation of every phone is on the server exactly once, and its effect is, too."""
        self.assert_kept()
        recorded = [one for phone in self.phones for one in phone.texts]
        assert recorded
        logged = {row["id"]: row["state"] for row in self.house.rows(LOGGED)}
        assert {logged.get(one) for one in recorded} == {"applied"}
        for phone in self.phones:
            device = self.house.rows(DEVICE, id=phone.device)[0]
            assert device["received"] == device["upto"] == len(phone.texts)
            assert device["head"] == phone.code()
        self._assert_effects()

    def _assert_effects(self) -> None:
        """A version rises with every change that was applied: twice would show."""
        made = {"visit.record", "contact.add"}
        expected: Counter[str] = Counter()
        for phone in self.phones:
            for one, text in phone.texts.items():
                expected[one if phone.kinds[one] in made else json.loads(text)["data"]["id"]] += 1
        found = {row["id"]: row["version"] for row in self.house.rows(VERSIONS)}
        assert {one: found.get(one) for one in expected} == dict(expected)
        tasks = Counter(row["reason"] for row in self.house.rows(TASKS, like=f"{MARK}%"))
        assert tasks == Counter(f"{MARK} {form}" for form in self.office.sent)

    def summary(self) -> str:
        starts = sorted(self.starts_s)
        return (
            f"{sum(len(one.texts) for one in self.phones)} operations,"
            f" {len(self.office.sent)} forms, {sum(one.again for one in self.phones)} lines cut,"
            f" start {starts[len(starts) // 2]:.2f} s (longest {starts[-1]:.2f})"
        )


def enrol(house: House, username: str) -> tuple[str, str, str]:
    """(token, device, a door of theirs) of a new phone."""
    device = str(uuid.uuid4())

    def work(writing: Any) -> tuple[str, str, str]:
        person = rows.by_username(writing.tx, username)
        assert person
        rows.add_device(writing.tx, COMMUNITY, device, person.id, "手机", writing.now)
        token = people.open_session(writing.tx, person, device, writing.now)
        return token, device, str(writing.tx.value(A_DOOR, person=person.id))

    with house.store() as store, closing_intake(store) as intake:
        found: tuple[str, str, str] = intake.do(COMMUNITY, work)
    return found


@contextmanager
def closing_intake(store: Store) -> Iterator[Intake]:
    intake = Intake(store, now_utc)
    yield intake
    intake.stop()


A_DOOR = """
select household.id from household left join person_building
  on person_building.building_id = household.building_id
order by person_id = :person desc, household.id limit 1
"""
LOGGED = "select id, state from operation"
DEVICE = "select received, upto, head from device where id = :id"
VERSIONS = "select id, version from visit union all select id, version from contact"
TASKS = "select reason from task where reason like :like"
