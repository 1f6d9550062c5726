"""Open lines to /live for the benches: who listens, and a visit that everybody hears of."""

import asyncio
import json
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import uuid_utils

from server import people
from server.intake import Intake, now_utc
from server.store import people as rows
from server.store import system
from server.store.database import Store
from tests.bench.storm.client import Exchange, Phase, post, run

OPENING = 200


class Ear(asyncio.Protocol):
    """One open line to /live: opened, hearing that something moved, ended."""

    deaf = 0
    all_heard: "asyncio.Future[float]"

    def __init__(self) -> None:
        loop = asyncio.get_running_loop()
        self.opened, self.ended = loop.create_future(), loop.create_future()

    def data_received(self, data: bytes) -> None:
        if b"event: moved" in data:
            Ear.deaf -= 1
            if Ear.deaf == 0:
                Ear.all_heard.set_result(time.perf_counter())
        if b"event: open" in data and not self.opened.done():
            self.opened.set_result(None)

    def connection_lost(self, problem: Exception | None) -> None:
        self.ended.set_result(problem)


async def listen(port: int, token: str) -> Ear:
    loop = asyncio.get_running_loop()
    transport, ear = await loop.create_connection(Ear, "127.0.0.1", port)
    transport.write(
        b"GET /live HTTP/1.1\r\nHost: bench\r\nAuthorization: Bearer %b\r\n\r\n" % token.encode()
    )
    await asyncio.wait_for(ear.opened, 60)
    return ear


async def listen_all(port: int, tokens: list[str]) -> list[Ear]:
    ears: list[Ear] = []
    for start in range(0, len(tokens), OPENING):
        some = tokens[start : start + OPENING]
        ears += await asyncio.gather(*(listen(port, one) for one in some))
    return ears


def expect(ears: list[Ear]) -> None:
    """From now on it is counted who heard."""
    Ear.deaf, Ear.all_heard = len(ears), asyncio.get_running_loop().create_future()


def signed_in(folder: Path, count: int) -> tuple[list[str], str]:
    """So many tokens of a worker, each of a phone of its own, and a door."""
    store = Store(folder / "jinlin.db")
    intake = Intake(store, now_utc)
    with store.read() as tx:
        home = system.community_ids(tx)[0]
        person = rows.by_username(tx, "worker1")
        assert person is not None
        door = tx.value(
            "select household.id from household join person_building as held"
            " on held.building_id = household.building_id where held.person_id = :p limit 1",
            p=person.id,
        )

    def mint(writing: Any) -> list[str]:
        found = []
        for _ in range(count):
            device_id = str(uuid_utils.uuid7())
            rows.add_device(writing.tx, home, device_id, person.id, "手机", writing.now)
            found.append(people.open_session(writing.tx, person, device_id, writing.now))
        return found

    tokens = intake.do(home, mint)
    intake.stop()
    store.close()
    return tokens, door


def visit(n: int, door: str) -> bytes:
    at = datetime.now(UTC).isoformat(timespec="milliseconds")
    data = {"household_id": door, "type": "routine", "method": "door", "result": "met"}
    head = {"id": str(uuid_utils.uuid7()), "n": n, "kind": "visit.record", "at": at}
    return json.dumps(
        {"ops": [{**head, "data": {**data, "resident_ids": []}}], "limit": 0}
    ).encode()


async def publish(port: int, token: str, n: int, door: str, ears: list[Ear]) -> tuple[float, float]:
    """Seconds from sending a visit until its receipt, and until the last page has heard."""
    expect(ears)
    phase, began = Phase(), time.perf_counter()
    await run(port, phase, [Exchange(post(token, visit(n, door)), lambda _: None)], 1)
    assert phase.wrong == []
    return phase.requests[0], await asyncio.wait_for(Ear.all_heard, 60) - began
