"""A first sync that is killed again and again goes on where it was (F10)."""

import json
import random
import threading
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Browser, BrowserContext

from server import people
from server.demo import seed, town
from server.intake import Intake, now_utc
from server.people import hash_password
from server.setup import add_person
from server.store import people as rows
from server.store.database import Store
from sync.digest import stream_digest
from tests.browser.rig import Network, Server
from tests.browser.test_engine import ENGINE, Phone
from tests.server.town import PASSWORD

HOUSEHOLDS = 400
KILLS = 10
WAIT_S = 20


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A community of several pages, all of it in one worker's hands."""
    made = tmp_path_factory.mktemp("place") / "jinlin.db"
    store = Store(made)
    intake = Intake(store, now_utc)
    today = datetime.now(ZoneInfo("Asia/Shanghai")).date()
    built = town.build(HOUSEHOLDS, today=today)
    seed.seed(intake, built, "", lambda done, total: None)

    def move_in(writing: Any) -> None:
        person_id = add_person(
            writing, "everything", "全社区", "worker", password_hash=hash_password(PASSWORD)
        )
        for building in built.buildings:
            rows.assign(writing.tx, built.community_id, person_id, building.id, "2026-01-01")
        people.publish(writing, person_id)

    intake.do(built.community_id, move_in)
    intake.stop()
    store.close()
    return made


class Counted(Network):
    """A way to the server that knows what was asked for and says when the next question comes."""

    def __init__(self, server: Server) -> None:
        super().__init__(server)
        self.asked: list[str] = []
        self.came = threading.Event()
        self.next = ""
        self.fails["/sync"] = self._count

    def _count(self, body: bytes) -> str:
        self.asked.append(json.dumps(json.loads(body)["cursors"], sort_keys=True))
        self.came.set()
        how, self.next = self.next, ""
        return how


def test_f10_a_first_sync_killed_ten_times_redoes_no_more_than_one_batch_each_time(
    browser: Browser, context: BrowserContext, place: Path, tmp_path: Path
) -> None:
    chance = random.Random("F10")
    server = Server(place, tmp_path / "data").start()
    way = Counted(server)
    try:
        phone = Phone(context.new_page(), way.origin, "everything")
        for _ in range(KILLS):
            kill_on_the_way(phone, way, chance)
        state = phone.sync()
        killed = list(way.asked)
        held = digests(phone)

        other = browser.new_context()
        whole = Phone(other.new_page(), way.origin, "everything")
        way.asked.clear()
        whole.sync()
        pages = len(way.asked)
        other.close()
    finally:
        way.stop()
        server.stop()

    assert pages >= 4, "the community is too small to show anything"
    assert state["complete"] == 1 and state["error"] == ""
    assert len(killed) <= pages + KILLS
    assert held == streams_of(place, held)


def kill_on_the_way(phone: Phone, way: Counted, chance: random.Random) -> None:
    """End the page while it asks: some answers are lost, some arrive and may just be stored."""
    way.next = chance.choice(("", "cut", "down"))
    way.came.clear()
    phone.page.evaluate("() => { sync(); }")
    assert way.came.wait(WAIT_S)
    person, context = phone.person, phone.page.context
    phone.page.close()
    phone.page = context.new_page()
    phone.page.goto(f"{way.origin}/up")
    phone.page.evaluate("(person) => { window.person = person; }", person)
    phone.page.evaluate(ENGINE)


def digests(phone: Phone) -> dict[str, str]:
    found: dict[str, str] = phone.page.evaluate("() => replica.digests(person.id)")
    return found


def streams_of(path: Path, streams: dict[str, str]) -> dict[str, str]:
    """What the server holds of these streams, as digests."""
    store = Store(path)
    with store.read() as tx:
        found = {
            stream: stream_digest(
                tx.tuples(
                    "select kind, id, record from feed where stream = :stream"
                    " and record is not null",
                    stream=stream,
                )
            )
            for stream in streams
        }
    store.close()
    return found
