"""How fast a warning is with the people who hand it on, and the board while they answer."""

import asyncio
import resource
import shutil
import time
from collections import Counter
from datetime import timedelta
from pathlib import Path
from statistics import median
from typing import Any

import httpx
import msgspec
import pytest
import uuid_utils

from server import people
from server.demo.bulletins import Bulletin
from server.intake import Intake, now_utc
from server.intake.writing import Writing
from server.store import alert_reach, paging, system
from server.store import people as rows
from server.store.database import Store
from server.store.records import all_records
from sync.cascade import Event
from tests.bench.listening import Ear, expect, listen_all, publish, signed_in
from tests.bench.storm.client import post
from tests.bench.storm.place import make_town
from tests.bench.storm.serving import Server, serving

KINDS = ("雷雨大风", "暴雨", "台风", "高温", "寒冷")
OPEN, EVENTS, LOOKS = 2000, 50_000, 15


@pytest.fixture(scope="module")
def town(tmp_path_factory):
    folder = tmp_path_factory.mktemp("town")
    make_town(folder)
    return folder


class Phone:
    """A leader's phone: hears that something moved, and fetches what it is asked."""

    def __init__(self, token: str, cursors: dict[str, int]) -> None:
        self.token, self.cursors = token, cursors
        self.has = 0.0

    async def wait(self, port: int) -> None:
        """Until it holds a duty that it did not have."""
        loop = asyncio.get_running_loop()
        moved = asyncio.Event()

        class Line(asyncio.Protocol):
            def __init__(self) -> None:
                self.opened = loop.create_future()

            def data_received(self, data: bytes) -> None:
                if b"event: open" in data and not self.opened.done():
                    self.opened.set_result(None)
                if b"event: moved" in data:
                    moved.set()

        transport, line = await loop.create_connection(Line, "127.0.0.1", port)
        head = b"GET /live HTTP/1.1\r\nHost: bench\r\nAuthorization: Bearer %b\r\n\r\n"
        transport.write(head % self.token.encode())
        await asyncio.wait_for(line.opened, 60)
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        self.ready.set_result(None)
        try:
            while not self.has:
                await asyncio.wait_for(moved.wait(), 60)
                moved.clear()
                if b'"kind":"duty"' in await self._sync(reader, writer):
                    self.has = time.perf_counter()
        finally:
            transport.close()
            writer.close()
            await writer.wait_closed()

    def be_ready(self) -> "asyncio.Future[None]":
        self.has = 0.0
        self.ready: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        return self.ready

    async def _sync(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bytes:
        body = msgspec.json.encode({"protocol": 1, "cursors": self.cursors, "ops": []})
        writer.write(post(self.token, body))
        head = await reader.readuntil(b"\r\n\r\n")
        assert head.startswith(b"HTTP/1.1 200"), head
        at = head.lower().index(b"content-length: ") + 16
        answer = await reader.readexactly(int(head[at : head.index(b"\r", at)]))
        self.cursors = msgspec.json.decode(answer)["cursors"]
        return answer


def held(folder: Path) -> tuple[list[Phone], str]:
    """A phone of every leader of a building, which has all there is, and a token of the office."""
    store = Store(folder / "jinlin.db")
    intake = Intake(store, now_utc)
    with store.read() as tx:
        home = system.community_ids(tx)[0]
        names = tx.tuples("select username from person where username glob 'leader*' order by 1")

    def mint(writing: Writing) -> dict[str, str]:
        found = {}
        for username in [*(name for (name,) in names), "office1"]:
            person = rows.by_username(writing.tx, username)
            assert person is not None
            device_id = str(uuid_utils.uuid7())
            rows.add_device(writing.tx, home, device_id, person.id, "手机", writing.now)
            found[username] = people.open_session(writing.tx, person, device_id, writing.now)
        return found

    tokens: dict[str, str] = intake.do(home, mint)
    phones = []
    with store.read() as tx:
        for username, token in tokens.items():
            person = people.of_token(tx, token, now_utc())
            assert person is not None
            if username != "office1":
                phones.append(Phone(token, paging.heads(tx, home, person.streams)))
    intake.stop()
    store.close()
    return phones, tokens["office1"]


def hand_in(port: int, token: str, turn: int, kind: str) -> tuple[float, dict[str, Any]]:
    """Seconds until the answer, and the answer; blocks, so it goes into a thread."""
    sent_ms = round(1000 * time.time()) - 60_000 * turn
    raw = Bulletin(kind, "yellow", sent_ms, sent_ms, 6).raw
    head = {"Authorization": f"Bearer {token}", "Content-Type": "application/cap+xml"}
    began = time.perf_counter()
    answer = httpx.post(
        f"http://127.0.0.1:{port}/api/alerts", content=raw, headers=head, timeout=60
    )
    took = time.perf_counter() - began
    assert answer.status_code == 200, answer.text
    told: dict[str, Any] = answer.json()
    assert told["outcome"] == "accepted" and len(told["incidents"]) == 1, told
    return took, told


def ms(found: list[float]) -> str:
    return f"{1000 * min(found):.0f}–{1000 * median(found):.0f} ms"


async def _told(server: Server, phones: list[Phone], office: str, turn: int, kind: str) -> Any:
    """Seconds until the answer and until the last phone holds what it is asked."""
    ready = [one.be_ready() for one in phones]
    waiting = [asyncio.create_task(one.wait(server.port)) for one in phones]
    await asyncio.gather(*ready)
    began = time.perf_counter()
    took, _ = await asyncio.to_thread(hand_in, server.port, office, turn, kind)
    await asyncio.gather(*waiting)
    return took, max(one.has for one in phones) - began


async def _nothing_new(server: Server, phones: list[Phone]) -> float:
    """The limit: all phones ask at once, and there is nothing to fetch."""
    lines = [await asyncio.open_connection("127.0.0.1", server.port) for _ in phones]
    began = time.perf_counter()
    pairs = zip(phones, lines, strict=True)
    await asyncio.gather(*(phone._sync(*line) for phone, line in pairs))
    took = time.perf_counter() - began
    for _, writer in lines:
        writer.close()
        await writer.wait_closed()
    return took


def test_the_last_of_113_leaders(town, tmp_path):
    shutil.copy(town / "jinlin.db", tmp_path / "jinlin.db")
    phones, office = held(tmp_path)
    assert len(phones) == 113

    async def work(server):
        limit, found, spent = [], [], []
        for turn, kind in enumerate(KINDS):
            limit.append(await _nothing_new(server, phones))
            at = server.cpu()
            found.append(await _told(server, phones, office, turn, kind))
            spent.append(server.cpu() - at)
            await asyncio.sleep(0.5)
        last = [one for _, one in found]
        print(
            f"\n113 leaders: answered after {ms([one for one, _ in found])}, the last phone has it"
            f" after {ms(last)} (goal 1,000), {1000 * median(spent):.0f} ms CPU"
            f" · 113 syncs with nothing new {ms(limit)}, ratio {min(last) / min(limit):.1f}"
        )

    with serving(tmp_path) as server:
        asyncio.run(work(server))


def test_the_last_of_2000_open_pages(town, tmp_path):
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(most, 20_000), most))
    shutil.copy(town / "jinlin.db", tmp_path / "jinlin.db")
    tokens, door = signed_in(tmp_path, OPEN + 1)
    _, office = held(tmp_path)

    async def work(server):
        ears = await listen_all(server.port, tokens[:OPEN])
        limit, found, spent = [], [], []
        for turn, kind in enumerate(KINDS):
            limit.append((await publish(server.port, tokens[OPEN], turn + 1, door, ears))[1])
            await asyncio.sleep(0.5)
            expect(ears)
            at, began = server.cpu(), time.perf_counter()
            await asyncio.to_thread(hand_in, server.port, office, turn, kind)
            found.append(await asyncio.wait_for(Ear.all_heard, 60) - began)
            await asyncio.sleep(0.5)
            spent.append(server.cpu() - at)
        print(
            f"\n{OPEN} open: the last has heard of a warning after {ms(found)} (goal 5,000),"
            f" {1000 * median(spent):.0f} ms CPU · of a visit {ms(limit)},"
            f" ratio {min(found) / min(limit):.1f}"
        )
        stopping = asyncio.get_running_loop().run_in_executor(None, server.stop)
        await asyncio.gather(*(ear.ended for ear in ears))
        await stopping

    with serving(tmp_path) as server:
        asyncio.run(work(server))


def _answers(folder: Path, incident_id: str, count: int) -> None:
    """So many events of one warning, spread over its buildings and the hops they take."""
    store = Store(folder / "jinlin.db")
    intake = Intake(store, now_utc)
    hops = ("delivered", "acknowledged", "forwarded", "confirmed", "unreachable")

    def work(writing: Writing) -> None:
        home, now = writing.community_id, writing.now
        ids = [one.id for one in all_records(writing.tx, home, "building")]
        alert_reach.add(
            writing.tx,
            home,
            (
                Event(
                    id=str(uuid_utils.uuid7()),
                    hop=hops[turn % 5],
                    building_id=ids[turn // 5 % len(ids)],
                    at=now + timedelta(milliseconds=turn),
                    received_at=now + timedelta(milliseconds=turn),
                    channel="wechat",
                    incident_id=incident_id,
                )
                for turn in range(count)
            ),
        )

    with store.read() as tx:
        home = system.community_ids(tx)[0]
    intake.do(home, work)
    with store.read() as tx:
        rows_of = tx.value("select count(*) from alert_event where incident_id = :i", i=incident_id)
    assert rows_of >= count
    intake.stop()
    store.close()


def test_the_board(town, tmp_path):
    shutil.copy(town / "jinlin.db", tmp_path / "jinlin.db")
    _, office = held(tmp_path)
    with serving(tmp_path) as server:
        _, told = hand_in(server.port, office, 0, KINDS[0])
    path = f"/office/alerts/{told['incidents'][0]}"
    found: dict[str, tuple[list[float], float]] = {}
    for name, count in (("few", 0), ("many", EVENTS)):
        if count:
            _answers(tmp_path, told["incidents"][0], count)
        with (
            serving(tmp_path) as server,
            httpx.Client(
                base_url=f"http://127.0.0.1:{server.port}",
                cookies={people.COOKIE: office},
                timeout=60,
            ) as browser,
        ):
            seen = Counter(browser.get(path).status_code for _ in range(2))
            assert seen == {200: 2}
            took, at = [], server.cpu()
            for _ in range(LOOKS):
                began = time.perf_counter()
                assert browser.get(path).status_code == 200
                took.append(time.perf_counter() - began)
            found[name] = took, (server.cpu() - at) / LOOKS
    few, many = found["few"], found["many"]
    print(
        f"\nboard with {EVENTS:,} events: {ms(many[0])} (goal 200), {1000 * many[1]:.0f} ms CPU"
        f" · as the warning begins {ms(few[0])}, {1000 * few[1]:.0f} ms CPU,"
        f" ratio {many[1] / few[1]:.2f}"
    )
