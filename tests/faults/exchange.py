"""One request between client and server, with everything a fault may do to it."""

import asyncio
from dataclasses import dataclass
from random import Random

from tests.faults.plan import Request
from tests.faults.wire import PIECE, Answer, Client, ask, head_of


class Queue:
    """Requests that are held until another one went through."""

    def __init__(self) -> None:
        self._held: list[asyncio.Event] = []

    @property
    def is_empty(self) -> bool:
        return not self._held

    async def next_through(self) -> None:
        waiting = asyncio.Event()
        self._held.append(waiting)
        try:
            await waiting.wait()
        finally:
            self._held.remove(waiting)

    def let_go(self) -> None:
        for waiting in self._held:
            waiting.set()


@dataclass
class Exchange:
    """One request with everything a fault may do to it. `note` goes into the log."""

    request: Request
    client: Client
    upstream: tuple[str, int]
    die: Random
    longest_s: float
    queue: Queue
    note: str = ""
    status: int = 0
    lets_go: bool = True

    async def ask(self) -> Answer:
        return await ask(self.upstream, self.request)

    async def pause(self) -> None:
        seconds = self.die.uniform(0.1, 1) * self.longest_s
        self.note += f"{seconds * 1000:.0f} ms "
        await asyncio.sleep(seconds)

    async def pass_on(self, answer: Answer) -> None:
        """Give the client the answer as it comes; an answer without an end ends with the client."""
        self.status = answer.status
        if answer.length is not None:
            body = await answer.whole()
            await self.client.send(answer.head(len(body)) + body)
            return
        await self.client.send(answer.head(None, [("Connection", "close")]))
        going = asyncio.create_task(self.client.gone())
        try:
            await self._stream(answer, going)
        finally:
            going.cancel()
            answer.writer.close()
            self.client.close()

    async def _stream(self, answer: Answer, going: "asyncio.Task[None]") -> None:
        while True:
            reading = asyncio.create_task(answer.reader.read(PIECE))
            await asyncio.wait({reading, going}, return_when=asyncio.FIRST_COMPLETED)
            if not reading.done():
                reading.cancel()
                return
            piece = reading.result()
            if not piece:
                return
            await self.client.send(piece)

    async def say(self, status: int, reason: str, kind: str, body: bytes, **more: str) -> None:
        self.status = status
        named = [(name.replace("_", "-"), value) for name, value in more.items()]
        size = ("Content-Length", str(len(body)))
        await self.client.send(
            head_of(status, reason, [("Content-Type", kind), size, *named]) + body
        )
