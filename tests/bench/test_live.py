"""How fast the last of many open pages hears that something moved, and what each costs."""

import asyncio
import json
import resource
import shutil
import signal
import time
from datetime import UTC, datetime
from statistics import median

import pytest
import uuid_utils

from server import people
from server.intake import Intake, now_utc
from server.store import people as rows
from server.store import system
from server.store.database import Store
from tests.bench.storm.client import Exchange, Phase, post, run
from tests.bench.storm.place import make_town
from tests.bench.storm.serving import serving

TIMES = 5
OPENING = 200


@pytest.fixture(scope="module")
def town(tmp_path_factory):
    folder = tmp_path_factory.mktemp("town")
    make_town(folder, 200)
    return folder


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


def signed_in(folder, count):
    """So many tokens of a worker, each of a phone of its own, and a door."""
    store = Store(folder / "jinlin.db")
    intake = Intake(store, now_utc)
    with store.read() as tx:
        home = system.community_ids(tx)[0]
        person = rows.by_username(tx, "worker1")
        door = tx.value(
            "select household.id from household join person_building as held"
            " on held.building_id = household.building_id where held.person_id = :p limit 1",
            p=person.id,
        )

    def mint(writing):
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


def visit(n, door):
    at = datetime.now(UTC).isoformat(timespec="milliseconds")
    data = {"household_id": door, "type": "routine", "method": "door", "result": "met"}
    head = {"id": str(uuid_utils.uuid7()), "n": n, "kind": "visit.record", "at": at}
    return json.dumps(
        {"ops": [{**head, "data": {**data, "resident_ids": []}}], "limit": 0}
    ).encode()


async def publish(port, token, n, door, ears):
    """Seconds from sending a visit until its receipt, and until the last page has heard."""
    Ear.deaf, Ear.all_heard = len(ears), asyncio.get_running_loop().create_future()
    phase, began = Phase(), time.perf_counter()
    await run(port, phase, [Exchange(post(token, visit(n, door)), lambda _: None)], 1)
    assert phase.wrong == []
    return phase.requests[0], await asyncio.wait_for(Ear.all_heard, 60) - began


@pytest.mark.parametrize("count", [1000, 5000])
def test_the_last_of_many_open_pages(town, tmp_path, count):
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(most, 20_000), most))
    shutil.copy(town / "jinlin.db", tmp_path / "jinlin.db")
    tokens, door = signed_in(tmp_path, count + 1)

    async def work(server):
        first = await listen(server.port, tokens[0])
        before, began = server.memory("VmRSS"), time.perf_counter()
        ears = [first]
        for start in range(1, count, OPENING):
            some = tokens[start : min(start + OPENING, count)]
            ears += await asyncio.gather(*(listen(server.port, one) for one in some))
        opened = time.perf_counter() - began
        each = 1024 * (server.memory("VmRSS") - before) / count
        found, at = [], server.cpu()
        for n in range(1, TIMES + 1):
            found.append(await publish(server.port, tokens[count], n, door, ears))
            await asyncio.sleep(0.5)
        spent = (server.cpu() - at) / TIMES
        told = asyncio.get_running_loop().run_in_executor(None, server.stop)
        await asyncio.gather(*(ear.ended for ear in ears))
        stopped = await told
        assert server.process.returncode in (0, -signal.SIGTERM)
        print(
            f"\n{count} open: receipt after {1000 * median(a for a, _ in found):.0f} ms, last page"
            f" after {1000 * median(b for _, b in found):.0f} ms (best"
            f" {1000 * min(b for _, b in found):.0f}), {1000 * spent:.0f} ms CPU"
            f" · {each:.0f} KB each · opened in {opened:.1f} s"
            f" · stopped with all open in {stopped:.1f} s"
        )

    with serving(tmp_path) as server:
        asyncio.run(work(server))
