"""The phones' side of the storm, in a process of its own and as cheap as it can be."""

import asyncio
import gc
import pickle
import sys
import time
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import msgspec

from tests.bench.storm.place import Phone

CONNECTIONS = 200
AGAIN_EVERY = 20


class Phase(msgspec.Struct):
    """What one phase took, as the phones saw it."""

    seconds: float = 0.0
    cpu: float = 0.0
    requests: list[float] = []
    outcomes: dict[str, int] = {}
    records: int = 0
    bytes: int = 0
    unpacked: int = 0
    finished: list[float] = []
    complete: int = 0
    wrong: list[str] = []


class Told(msgspec.Struct):
    """What the client process prints when it is done."""

    push: Phase
    pull: Phase


class Exchange(NamedTuple):
    """A request that is ready, and what becomes of its answer: another request, or None."""

    request: bytes
    then: Callable[[bytes], "Exchange | None"]


class Line(asyncio.Protocol):
    """One kept-alive connection that works off its share of phones, one request at a time."""

    def __init__(self, phase: Phase, share: Iterator[Exchange]) -> None:
        self.phase, self.share = phase, share
        loop = asyncio.get_running_loop()
        self.done: asyncio.Future[None] = loop.create_future()
        self.closed: asyncio.Future[None] = loop.create_future()
        self._parts: list[bytes] = []
        self._have = self._need = 0
        self._began = 0.0
        self._started = time.perf_counter()
        self._now: Exchange | None = None

    def connection_made(self, transport: Any) -> None:
        self.transport = transport

    def connection_lost(self, problem: Exception | None) -> None:
        self.closed.set_result(None)
        if not self.done.done():
            self.phase.wrong.append(f"a connection was lost: {problem}")
            self.done.set_result(None)

    def start(self) -> None:
        self._started = time.perf_counter()
        self.go()

    def go(self, exchange: Exchange | None = None) -> None:
        self._now = exchange or next(self.share, None)
        if self._now is None:
            self.phase.finished.append(time.perf_counter() - self._started)
            self.done.set_result(None)
            return
        self._began = time.perf_counter()
        self.transport.write(self._now.request)

    def data_received(self, data: bytes) -> None:
        self._parts.append(data)
        self._have += len(data)
        if not self._need:
            whole = b"".join(self._parts)
            end = whole.find(b"\r\n\r\n")
            if end < 0:
                return
            self._need = end + 4 + _length(whole[: end + 2])
            self._parts = [whole]
        if self._have >= self._need:
            self._answered(b"".join(self._parts))

    def _answered(self, answer: bytes) -> None:
        self.phase.requests.append(time.perf_counter() - self._began)
        self.phase.bytes += len(answer)
        self._parts, self._have, self._need = [], 0, 0
        if not answer.startswith(b"HTTP/1.1 200"):
            self.phase.wrong.append(answer[:200].decode(errors="replace"))
        assert self._now is not None
        self.go(self._now.then(answer))


def _length(head: bytes) -> int:
    at = head.lower().find(b"content-length: ") + 16
    return int(head[at : head.index(b"\r", at)])


def post(token: str, body: bytes, more: bytes = b"") -> bytes:
    return (
        b"POST /sync HTTP/1.1\r\nHost: storm\r\nAuthorization: Bearer %b\r\n%b"
        b"Content-Type: application/json\r\nContent-Length: %d\r\n\r\n%b"
        % (token.encode(), more, len(body), body)
    )


def pushes(phase: Phase, phones: list[Phone], sent_at: str) -> list[Exchange]:
    """One push of each phone with `limit` 0; every twentieth is sent again."""

    def count(answer: bytes) -> None:
        for outcome in ("accepted", "duplicate", "held", "conflict", "quarantined"):
            some = answer.count(b'"outcome":"%b"' % outcome.encode())
            phase.outcomes[outcome] = phase.outcomes.get(outcome, 0) + some

    made = []
    for number, phone in enumerate(phones):
        head = b'{"protocol":1,"sent_at":"%b","cursors":{},"limit":0,"ops":[' % sent_at.encode()
        request = post(phone.token, head + b",".join(phone.operations) + b"]}")
        second = Exchange(request, count)

        def first(answer: bytes, second: Exchange | None = second) -> Exchange | None:
            count(answer)
            return second

        again = second if number % AGAIN_EVERY == 0 else None
        made.append(Exchange(request, lambda answer, again=again: first(answer, again)))
    return made


# Of an answer that is packed, the head is here; its changes are counted by who wants to.
HEAD = 1 << 16


def pulls(
    phase: Phase, phones: list[Phone], *, packed: bool = False, only_head: bool = False
) -> list[Exchange]:
    """Each phone asks for what its buildings changed, until there is no more."""
    more = b"Accept-Encoding: gzip\r\n" if packed else b""

    def ask(phone: Phone, cursors: bytes) -> Exchange:
        body = b'{"protocol":1,"cursors":%b,"ops":[]}' % cursors

        def take(answer: bytes) -> Exchange | None:
            text = answer
            if packed:
                text = answer[answer.index(b"\r\n\r\n") + 4 :]
                text = zlib.decompressobj(31).decompress(text, HEAD if only_head else 0)
            phase.records += text.count(b'{"stream":')
            phase.unpacked += len(text)
            at = text.index(b'"cursors":') + 10
            reached = text[at : text.index(b"}", at) + 1]
            if b'"more":false' in text:
                phase.complete += msgspec.json.decode(reached) == phone.heads
                return None
            return ask(phone, reached)

        return Exchange(post(phone.token, body, more), take)

    return [ask(phone, msgspec.json.encode(phone.cursors)) for phone in phones]


async def run(
    port: int, phase: Phase, exchanges: list[Exchange], connections: int = CONNECTIONS
) -> Phase:
    """Open all connections, then start them together."""
    loop = asyncio.get_running_loop()
    lines: list[Line] = []
    for number in range(min(connections, len(exchanges))):
        share = iter(exchanges[number::connections])
        _, line = await loop.create_connection(
            lambda share=share: Line(phase, share), "127.0.0.1", port
        )
        lines.append(line)
    gc.collect()
    gc.disable()
    began, cpu = time.perf_counter(), time.process_time()
    for line in lines:
        line.start()
    await asyncio.gather(*(line.done for line in lines))
    phase.seconds = time.perf_counter() - began
    phase.cpu = time.process_time() - cpu
    gc.enable()
    for line in lines:
        line.transport.close()
    await asyncio.gather(*(line.closed for line in lines))
    return phase


def main() -> None:
    port, file, connections, sent_at = sys.argv[1:]
    phones: list[Phone] = pickle.loads(Path(file).read_bytes())
    push, pull = Phase(), Phase()
    sys.stdin.readline()
    asyncio.run(run(int(port), push, pushes(push, phones, sent_at), int(connections)))
    print(flush=True)
    sys.stdin.readline()
    asyncio.run(run(int(port), pull, pulls(pull, phones), int(connections)))
    print(msgspec.json.encode(Told(push, pull)).decode(), flush=True)


if __name__ == "__main__":
    main()
