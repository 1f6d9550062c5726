"""Open pages hear that a stream moved: their own streams, once, and as long as they may."""

import asyncio

import pytest

from server import live, people
from server.store import people as rows
from tests.server.spine import Spine


class Page:
    """An open page as the hub sees it: what it was sent, and whether it is still there."""

    def __init__(self, spine, username):
        self.spine, self.sent, self.is_over = spine, [], False
        self._leaving = asyncio.Event()
        device_id = spine.phone(username).device_id

        def enter(writing):
            person = rows.find(writing.tx, spine.home, spine.people[username])
            return people.open_session(writing.tx, person, device_id, writing.now)

        self.token = spine.intake.do(spine.home, enter)

    @property
    def person(self):
        with self.spine.store.read() as tx:
            return people.of_token(tx, self.token, self.spine.clock())

    async def open(self, hub):
        self.task = asyncio.create_task(
            hub.follow(self.person, self.token, self._receive, self._send)
        )
        await turns()

    async def leave(self):
        self._leaving.set()
        await self.task

    async def _receive(self):
        await self._leaving.wait()
        return {"type": "http.disconnect"}

    async def _send(self, message):
        self.sent.append(message["body"])
        if not message["more_body"]:
            self.is_over = True
            self._leaving.set()

    def heard(self):
        said = [one for one in self.sent if b"event: moved" in one]
        return [one.split(b"data: ")[1].strip().decode().split(" ") for one in said]


async def turns():
    """Let everything run that can."""
    for _ in range(10):
        await asyncio.sleep(0)


@pytest.fixture
def spine(tmp_path):
    made = Spine(tmp_path)
    yield made
    made.stop()


def with_hub(spine, work):
    async def whole():
        hub = live.Live(spine.store, spine.clock)
        await hub.start()
        await work(hub)
        await hub.stop()
        await turns()

    asyncio.run(whole())


def test_a_page_hears_of_its_own_streams_and_the_office_of_all(spine):
    async def work(hub):
        worker, office = Page(spine, "worker1"), Page(spine, "office1")
        await worker.open(hub)
        await office.open(hub)
        mine, other = f"building:{spine.building}", f"building:{spine.other}"

        hub.heard(spine.home, {mine: 1000})
        await turns()
        hub.heard(spine.home, {other: 1000})
        await turns()
        hub.heard(spine.home, {mine: 1000, other: 999})
        await turns()

        assert worker.heard() == [[mine]]
        assert office.heard() == [[mine], [other]]

    with_hub(spine, work)


def test_a_page_that_opens_learns_how_far_its_streams_have_come(spine):
    async def work(hub):
        mine, other = f"building:{spine.building}", f"building:{spine.other}"
        hub.heard(spine.home, {mine: 1000, other: 1000})
        await turns()
        worker, office = Page(spine, "worker1"), Page(spine, "office1")

        await worker.open(hub)
        await office.open(hub)

        (said,) = worker.sent[0].split(b"data: ")[1:]
        reached = dict(one.split("=") for one in said.split(b"\r\n")[0].decode().split())
        assert (reached[mine], other in reached) == ("1000", False)
        assert b"data: \r\n" in office.sent[0]

    with_hub(spine, work)


def test_what_moves_while_a_page_is_being_told_is_told_next(spine):
    async def work(hub):
        page = Page(spine, "worker1")
        await page.open(hub)
        mine, home = f"building:{spine.building}", f"community:{spine.home}"

        hub._tell(spine.home, {mine: 1000})
        hub._tell(spine.home, {home: 1000})
        await turns()

        assert {one for some in page.heard() for one in some} == {mine, home}

    with_hub(spine, work)


def test_a_page_whose_session_was_ended_is_let_go(spine):
    async def work(hub):
        page = Page(spine, "worker1")
        await page.open(hub)
        person_id = spine.people["worker1"]
        spine.intake.do(
            spine.home,
            lambda writing: rows.end_sessions(writing.tx, spine.home, person_id, spine.clock()),
        )

        hub.heard(spine.home, {f"person:{person_id}": 1000})
        await turns()

        assert page.is_over

    with_hub(spine, work)


def test_a_page_hears_of_a_building_that_it_was_given_meanwhile(spine):
    async def work(hub):
        page = Page(spine, "worker1")
        await page.open(hub)
        person_id, other = spine.people["worker1"], f"building:{spine.other}"
        spine.intake.do(
            spine.home,
            lambda writing: rows.assign(
                writing.tx, spine.home, person_id, spine.other, "2026-01-01"
            ),
        )

        hub.heard(spine.home, {f"person:{person_id}": 1000})
        await turns()
        hub.heard(spine.home, {other: 1000})
        await turns()

        assert page.heard() == [[f"person:{person_id}"], [other]]

    with_hub(spine, work)


def test_a_quiet_line_is_kept_open_and_its_session_looked_up_now_and_then(spine):
    async def work(hub):
        page = Page(spine, "worker1")
        await page.open(hub)
        for _ in range(live.KEEP_ALIVE_S):
            hub._breathe()
        await turns()
        assert page.sent[1:] == [live.STILL_HERE]

        spine.intake.do(
            spine.home,
            lambda writing: rows.end_sessions(
                writing.tx, spine.home, spine.people["worker1"], spine.clock()
            ),
        )
        for _ in range(live.KEEP_ALIVE_S * live.ASK_AGAIN):
            hub._breathe()
            await turns()
        assert page.is_over

    with_hub(spine, work)


def test_a_server_that_stops_lets_every_page_go(spine):
    async def work(hub):
        pages = [Page(spine, "worker1") for _ in range(5)]
        for page in pages:
            await page.open(hub)
        await pages[0].leave()

        hub.end()
        await turns()

        assert [page.is_over for page in pages] == [False, True, True, True, True]
        late = Page(spine, "worker1")
        await late.open(hub)
        await late.task
        assert late.is_over

    with_hub(spine, work)
