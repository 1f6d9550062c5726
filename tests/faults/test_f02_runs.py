"""F2 counted: a thousand phones, each with one bad push or a few, against a real server."""

import json
import random
import sqlite3
import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import UTC, datetime
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import Any

import pytest

from server import people
from server.intake import Intake, now_utc
from server.intake.writing import Writing
from server.store import people as rows
from server.store.database import Store
from tests.browser.rig import Server
from tests.faults import NAMES, FaultProxy, Plan
from tests.server.town import ident
from tests.simulation.phones import town
from tests.simulation.phones.judge import checked

RUNS = 1000
RATE = 0.8
SENDERS = 8
PATIENCE_S = 0.4
CALM_S = 30
GHOST = "00000000-0000-7000-8000-00000000dead"


class Phone:
    """A device that keeps an operation until a receipt names it."""

    def __init__(self, run: int, token: str, door: str, contact: str) -> None:
        self.run = run
        self.token = token
        self.chance = random.Random(run)
        visit = {"type": "routine", "method": "door", "result": "met", "resident_ids": []}
        asked = [
            ("visit.record", {**visit, "household_id": door}),
            ("contact.change", {"id": contact, "changes": {"phone": "13800000000"}}),
            ("visit.withdraw", {"id": GHOST}),
            ("visit.record", {**visit, "household_id": door, "note": f"{run}"}),
        ]
        self.made = [str(uuid.UUID(int=self.chance.getrandbits(128), version=4)) for _ in asked]
        at = datetime.now(UTC).isoformat(timespec="milliseconds")
        self.queue = {
            key: json.dumps({"id": key, "n": n, "kind": kind, "at": at, "data": data})
            for n, (key, (kind, data)) in enumerate(zip(self.made, asked, strict=True), 1)
        }

    def push(self, port: int, patience_s: float) -> None:
        """One push; what it is answered for leaves the queue."""
        body = f'{{"protocol":1,"cursors":{{}},"limit":0,"ops":[{",".join(self.queue.values())}]}}'
        head = {"Authorization": f"Bearer {self.token}", "Host": f"run{self.run}.localhost"}
        with closing(HTTPConnection("127.0.0.1", port, timeout=patience_s)) as link:
            try:
                link.request("POST", "/sync", body.encode(), head)
                answer = link.getresponse()
                said = json.loads(answer.read()) if answer.status == 200 else {}
            except (OSError, HTTPException, ValueError):
                return
        for receipt in said.get("receipts", []):
            self.queue.pop(receipt["id"], None)

    def try_a_little(self, port: int) -> None:
        for _ in range(self.chance.randint(1, 2)):
            if self.queue:
                self.push(port, PATIENCE_S)

    def send_the_rest(self, port: int) -> None:
        if self.queue:
            self.push(port, CALM_S)


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    (tmp_path / "made").mkdir()
    home = town.make(tmp_path / "made", [0])[0]
    path = tmp_path / "made" / "jinlin.db"
    tokens = _devices(path, home)
    running = Server(path, tmp_path / "data").start()
    running.tokens, running.home = tokens, home  # type: ignore[attr-defined]
    yield running
    running.stop()


def _devices(path: Path, home: town.Neighbourhood) -> list[str]:
    store = Store(path)
    intake = Intake(store, now_utc)

    def work(writing: Writing) -> list[str]:
        person = rows.find(writing.tx, home.community_id, home.phones[0].person_id)
        assert person is not None
        tokens = []
        for run in range(RUNS):
            device = ident("device", f"run {run}")
            rows.add_device(writing.tx, home.community_id, device, person.id, "", writing.now)
            tokens.append(people.open_session(writing.tx, person, device, writing.now))
        return tokens

    try:
        tokens: list[str] = intake.do(home.community_id, work)
        return tokens
    finally:
        intake.stop()
        store.close()


def test_f02_in_a_thousand_runs_every_item_is_accepted_kept_or_still_queued(server):
    [(door, contact)] = _rows(
        server,
        "select household.id, contact.id from household"
        " join contact on contact.household_id = household.id where household.door_no = '301'",
    )
    phones = [Phone(run, token, door, contact) for run, token in enumerate(server.tokens)]
    plan = Plan("runs", RATE, path="/sync")
    with (
        FaultProxy(server.origin, plan, longest_s=0.05) as proxy,
        ThreadPoolExecutor(SENDERS) as senders,
    ):
        list(senders.map(lambda phone: phone.try_a_little(proxy.port), phones))
        there = _outcomes(server)
        created = {key for phone in phones for key in phone.made}
        queued = {key for phone in phones for key in phone.queue}
        assert created == there.keys() | queued
        assert len(created) == 4 * RUNS and queued - there.keys() and queued & there.keys()
        assert {one.fault for one in proxy.log} == {"", *NAMES}

        proxy.heal()
        list(senders.map(lambda phone: phone.send_the_rest(proxy.port), phones))

    there = _outcomes(server)
    assert {key for phone in phones for key in phone.queue} == set()
    assert there.keys() == created
    for phone in phones:
        expected = ["accepted", "quarantined", "held", "accepted"]
        assert [there[key] for key in phone.made] == expected
    assert _rows(server, "select count(*) from visit") == [(2 * RUNS,)]
    kept = _rows(server, "select person_id, code, received_at, length(body) from quarantine")
    assert len(kept) == RUNS and all(all(row) for row in kept)
    server.stop()
    assert checked(server.folder / "jinlin.db") == []


def _outcomes(server: Server) -> dict[str, str]:
    return dict(_rows(server, "select id, outcome from operation where kind in"
                      " ('visit.record', 'visit.withdraw', 'contact.change')"))  # fmt: skip


def _rows(server: Server, sql: str) -> list[Any]:
    path = f"file:{server.folder}/jinlin.db?mode=ro"
    with closing(sqlite3.connect(path, uri=True)) as db:
        return db.execute(sql).fetchall()
