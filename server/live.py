"""Tells open pages *that* a stream moved, never what is in it."""

import asyncio
import logging
import sys
from typing import Any

from litestar import Request, get
from litestar.response.base import ASGIResponse
from litestar.types import Receive, Scope, Send

from server import people
from server.access import signed_in
from server.intake import Clock, Intake
from server.people import Person
from server.store import feed
from server.store.database import Store, Tx
from sync.scope import OFFICE

KEEP_ALIVE_S = 20
WATCH_S = 1.0
MAX_WAITING = 1000
# A connection whose person's rights did not change in between asks again after so many pauses.
ASK_AGAIN = 15

OPEN = "event: open\r\ndata: %s\r\nretry: 3000\r\n\r\n"
STILL_HERE = b": still here\r\n\r\n"

log = logging.getLogger("jinlin.live")


class Line:
    """One open connection: whose it is, and what moved that it was not told yet.

    There may be thousands, so it holds little and has a task only while it says something.
    """

    __slots__ = ("moved", "pauses", "person_id", "quiet_s", "send", "streams", "task", "token")

    def __init__(self, token: str, send: Send) -> None:
        self.token, self.send = token, send
        self.person_id = ""
        self.streams: frozenset[str] | None = frozenset()
        self.moved: set[str] = set()
        self.quiet_s = self.pauses = 0
        self.task: asyncio.Task[None] | None = None

    def belongs_to(self, person: Person) -> None:
        self.person_id = person.id
        is_office = person.role in OFFICE
        self.streams = None if is_office else frozenset(map(sys.intern, person.streams))

    def hears(self, news: set[str]) -> set[str]:
        """What of the news is this person's to hear; the office hears everything."""
        return news if self.streams is None else news & self.streams

    async def say(self, text: bytes, *, more: bool = True) -> None:
        self.quiet_s = 0
        await self.send({"type": "http.response.body", "body": text, "more_body": more})


class Live:
    """The open connections of this process, each with the streams that moved since it was told."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self.store = store
        self.clock = clock
        self._open: dict[Line, str] = {}
        self._told: dict[str, dict[str, int]] = {}
        self._loop: asyncio.AbstractEventLoop | None = None
        self._watcher: asyncio.Task[None] | None = None
        self._ending = False

    def __len__(self) -> int:
        return len(self._open)

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
        for line in self._open:
            self._wake(line)

    def heard(self, community_id: str, numbers: dict[str, int]) -> None:
        """Called by the writer's thread after a commit."""
        if self._loop is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._tell, community_id, numbers)

    async def follow(self, person: Person, token: str, receive: Receive, send: Send) -> None:
        """Tell the streams of this person that moved, as they move, while the session lasts."""
        line = Line(token, send)
        line.belongs_to(person)
        self._open[line] = person.community_id
        try:
            await line.say((OPEN % self._reached(line, person.community_id)).encode())
            if self._ending:
                self._wake(line)
            while (await receive())["type"] != "http.disconnect":
                pass
        finally:
            del self._open[line]
            if line.task is not None:
                line.task.cancel()

    def _reached(self, line: Line, community_id: str) -> str:
        """How far the streams of a phone have come: it may have missed what moved before."""
        told = self._told.get(community_id, {})
        return " ".join(f"{one}={told[one]}" for one in sorted(line.streams or ()) if one in told)

    def _wake(self, line: Line) -> None:
        """Let a line say what it has to; one that is saying something goes on by itself."""
        if line.task is None:
            line.task = asyncio.create_task(self._speak(line))

    async def _speak(self, line: Line) -> None:
        while True:
            if self._ending or not self._may_listen(line):
                await line.say(b"", more=False)
                return
            theirs = line.hears(line.moved)
            line.moved = set()
            if theirs:
                await line.say(f"event: moved\r\ndata: {' '.join(sorted(theirs))}\r\n\r\n".encode())
            elif line.quiet_s >= KEEP_ALIVE_S:
                await line.say(STILL_HERE)
            if not line.moved and not self._ending:
                line.task = None
                return

    def _may_listen(self, line: Line) -> bool:
        """Look up who holds the session, where that may have changed: a hand-over, a sign-out."""
        if f"person:{line.person_id}" not in line.moved and line.pauses < ASK_AGAIN:
            return True
        line.pauses = 0
        with self.store.read() as tx:
            person = people.of_token(tx, line.token, self.clock())
        if person is not None:
            line.belongs_to(person)
        return person is not None

    def _tell(self, community_id: str, numbers: dict[str, int]) -> None:
        """Wake who follows a stream whose number is news; each number is told once."""
        told = self._told.setdefault(community_id, {})
        news = {stream: seq for stream, seq in numbers.items() if seq > told.get(stream, 0)}
        if not news:
            return
        told.update(news)
        names = set(news)
        for line, community in self._open.items():
            if community == community_id and len(line.moved) < MAX_WAITING:
                theirs = line.hears(names)
                if theirs:
                    line.moved |= theirs
                    self._wake(line)

    def _breathe(self) -> None:
        """Keep lines open on which nothing was said for long."""
        for line in self._open:
            line.quiet_s += 1
            if line.quiet_s >= KEEP_ALIVE_S:
                line.pauses += 1
                self._wake(line)

    async def _watch(self) -> None:
        """Notice what a command beside this server wrote."""
        while True:
            await asyncio.sleep(WATCH_S)
            if not self._open:
                continue
            self._breathe()
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


class Stream(ASGIResponse):
    """An answer that goes on until the hub or the page ends it."""

    _should_set_content_length = False

    def __init__(self, hub: Live, person: Person, token: str) -> None:
        super().__init__(
            media_type="text/event-stream",
            headers={
                "Cache-Control": "no-cache",
                "Connection": "keep-alive",
                "X-Accel-Buffering": "no",
            },
        )
        self.hub, self.person, self.token = hub, person, token

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self.start_response(send)
        await self.hub.follow(self.person, self.token, receive, send)


@get("/live", guards=[signed_in])
async def live(request: Request[Person, str, Any]) -> Stream:
    """Server-sent events: `open` says how far each stream has come, `moved` which ones moved."""
    hub: Live = request.app.state.live
    return Stream(hub, request.user, request.auth)


def connect(intake: Intake) -> Live:
    hub = Live(intake.store, intake.clock)
    intake.listen(hub.heard)
    return hub
