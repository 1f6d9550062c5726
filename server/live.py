"""Tells open pages *that* a stream moved, never what is in it."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

from litestar import Request, get
from litestar.response import ServerSentEvent, ServerSentEventMessage

from server.access import signed_in
from server.intake import Intake
from server.people import Person
from server.store import feed
from server.store.database import Store
from sync.scope import OFFICE

KEEP_ALIVE_S = 20.0
WATCH_S = 1.0
MAX_WAITING = 1000


class Live:
    """The open connections of this process, each with the streams that moved since it last read."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self._open: dict[asyncio.Event, tuple[str, set[str]]] = {}
        self._loop: asyncio.AbstractEventLoop | None = None
        self._watcher: asyncio.Task[None] | None = None

    async def start(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._watcher = asyncio.create_task(self._watch())

    async def stop(self) -> None:
        if self._watcher is not None:
            self._watcher.cancel()
        for woken in self._open:
            woken.set()

    def heard(self, community_id: str, streams: set[str]) -> None:
        """Called by the writer's thread after a commit."""
        if self._loop is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._spread, community_id, streams)

    async def follow(self, person: Person) -> AsyncIterator[ServerSentEventMessage]:
        """The streams of this person that moved, as they move."""
        woken = asyncio.Event()
        moved: set[str] = set()
        self._open[woken] = (person.community_id, moved)
        try:
            yield ServerSentEventMessage(event="open", data="", retry=3000)
            while True:
                try:
                    await asyncio.wait_for(woken.wait(), KEEP_ALIVE_S)
                except TimeoutError:
                    yield ServerSentEventMessage(comment="still here")
                    continue
                woken.clear()
                theirs = moved if person.role in OFFICE else moved & set(person.streams)
                if theirs:
                    yield ServerSentEventMessage(event="moved", data=" ".join(sorted(theirs)))
                moved.clear()
        finally:
            del self._open[woken]

    def _spread(self, community_id: str, streams: set[str]) -> None:
        for woken, (community, moved) in self._open.items():
            if community == community_id and len(moved) < MAX_WAITING:
                moved.update(streams)
                woken.set()

    async def _watch(self) -> None:
        """Notice what a command beside this server wrote."""
        seen = await asyncio.to_thread(self._heads)
        while True:
            await asyncio.sleep(WATCH_S)
            if not self._open:
                continue
            now = await asyncio.to_thread(self._heads)
            for community_id, heads in now.items():
                before = seen.get(community_id, {})
                moved = {stream for stream, seq in heads.items() if before.get(stream) != seq}
                if moved:
                    self._spread(community_id, moved)
            seen = now

    def _heads(self) -> dict[str, dict[str, int]]:
        with self.store.read() as tx:
            return feed.all_heads(tx)


@get("/live", guards=[signed_in])
async def live(request: Request[Person, str, Any]) -> ServerSentEvent:
    """Server-sent events `moved` with the names of streams, separated by spaces."""
    hub: Live = request.app.state.live
    return ServerSentEvent(hub.follow(request.user))


def connect(intake: Intake) -> Live:
    hub = Live(intake.store)
    intake.listen(hub.heard)
    return hub
