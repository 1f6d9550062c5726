"""Tells open pages *that* a stream moved, never what is in it."""

import asyncio
import logging
from collections.abc import AsyncIterator
from typing import Any

from litestar import Request, get
from litestar.response import ServerSentEvent, ServerSentEventMessage

from server import people
from server.access import signed_in
from server.intake import Clock, Intake
from server.people import Person
from server.store import feed
from server.store.database import Store, Tx
from sync.scope import OFFICE

KEEP_ALIVE_S = 20.0
WATCH_S = 1.0
MAX_WAITING = 1000
# A connection whose person's rights did not change in between asks again after so many pauses.
ASK_AGAIN = 15

log = logging.getLogger("jinlin.live")


class Live:
    """The open connections of this process, each with the streams that moved since it last read."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self.store = store
        self.clock = clock
        self._open: dict[asyncio.Event, tuple[str, set[str]]] = {}
        self._told: dict[str, dict[str, int]] = {}
        self._loop: asyncio.AbstractEventLoop | None = None
        self._watcher: asyncio.Task[None] | None = None
        self._ending = False

    async def start(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._told = await asyncio.to_thread(self._heads)
        self._watcher = asyncio.create_task(self._watch())

    async def stop(self) -> None:
        if self._watcher is not None:
            self._watcher.cancel()
        self._end()

    def end(self) -> None:
        """Let every connection go, from any thread: a server that stops must not wait for them."""
        if self._loop is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._end)

    def _end(self) -> None:
        self._ending = True
        for woken in self._open:
            woken.set()

    def heard(self, community_id: str, numbers: dict[str, int]) -> None:
        """Called by the writer's thread after a commit."""
        if self._loop is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._tell, community_id, numbers)

    async def follow(self, person: Person, token: str) -> AsyncIterator[ServerSentEventMessage]:
        """The streams of this person that moved, as they move, for as long as the session lasts."""
        woken = asyncio.Event()
        moved: set[str] = set()
        self._open[woken] = (person.community_id, moved)
        pauses = 0
        try:
            yield ServerSentEventMessage(event="open", data="", retry=3000)
            while True:
                try:
                    await asyncio.wait_for(woken.wait(), KEEP_ALIVE_S)
                except TimeoutError:
                    pauses += 1
                    yield ServerSentEventMessage(comment="still here")
                if self._ending:
                    return
                woken.clear()
                if f"person:{person.id}" in moved or pauses >= ASK_AGAIN:
                    pauses = 0
                    still = self._person(token)
                    if still is None:
                        return
                    person = still
                theirs = moved if person.role in OFFICE else moved & set(person.streams)
                if theirs:
                    yield ServerSentEventMessage(event="moved", data=" ".join(sorted(theirs)))
                moved.clear()
        finally:
            del self._open[woken]

    def _person(self, token: str) -> Person | None:
        """Who holds the session now: a hand-over changes what there is to hear."""
        with self.store.read() as tx:
            return people.of_token(tx, token, self.clock())

    def _tell(self, community_id: str, numbers: dict[str, int]) -> None:
        """Wake who follows a stream whose number is news; each number is told once."""
        told = self._told.setdefault(community_id, {})
        news = {stream: seq for stream, seq in numbers.items() if seq > told.get(stream, 0)}
        if not news:
            return
        told.update(news)
        for woken, (community, moved) in self._open.items():
            if community == community_id and len(moved) < MAX_WAITING:
                moved.update(news)
                woken.set()

    async def _watch(self) -> None:
        """Notice what a command beside this server wrote."""
        while True:
            await asyncio.sleep(WATCH_S)
            if not self._open:
                continue
            try:
                heads = await asyncio.to_thread(self._heads)
            except Tx.trouble:
                log.exception("the streams cannot be read just now")
                continue
            for community_id, numbers in heads.items():
                self._tell(community_id, numbers)

    def _heads(self) -> dict[str, dict[str, int]]:
        with self.store.read() as tx:
            return feed.all_heads(tx)


@get("/live", guards=[signed_in])
async def live(request: Request[Person, str, Any]) -> ServerSentEvent:
    """Server-sent events `moved` with the names of streams, separated by spaces."""
    hub: Live = request.app.state.live
    return ServerSentEvent(hub.follow(request.user, request.auth))


def connect(intake: Intake) -> Live:
    hub = Live(intake.store, intake.clock)
    intake.listen(hub.heard)
    return hub
