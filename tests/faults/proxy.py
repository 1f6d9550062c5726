"""The proxy: a thread with an event loop of its own, one fault at most for each request."""

import asyncio
import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from random import Random
from typing import Protocol
from urllib.parse import urlsplit

from tests.faults.acts import ACTS, transparent
from tests.faults.exchange import Exchange, Queue
from tests.faults.plan import Decision, Request
from tests.faults.wire import Client, head_of, read_request

LONGEST_S = 0.3
START_S = 10
BAD_GATEWAY = head_of(502, "Bad Gateway", [("Content-Length", "0"), ("Connection", "close")])


class Chooses(Protocol):
    """Decides what a request meets; a Plan does."""

    def choose(self, request: Request) -> Decision | None: ...


@dataclass(frozen=True)
class Entry:
    """What was done to one request. `fault` is "" when it passed; status 0: no answer."""

    at: int
    lane: str
    method: str
    path: str
    fault: str
    note: str = ""
    status: int = 0

    def __str__(self) -> str:
        done = f"{self.fault} {self.note}".strip() or "passed"
        return f"{self.at:5d} {self.lane} {self.method} {self.path}: {done} → {self.status or '-'}"


class FaultProxy:
    """Stands before `upstream` and fails as `plan` says; without a plan it is transparent.

    `local` gives (type, bytes) of files that the proxy answers itself, or None. `longest_s` bounds
    every delay. `log` holds what was done to which request, in the order of their beginnings.
    """

    def __init__(
        self,
        upstream: str,
        plan: Chooses | None = None,
        *,
        port: int = 0,
        longest_s: float = LONGEST_S,
        local: Callable[[Request], tuple[str, bytes] | None] = lambda _: None,
        tell: Callable[[Entry], None] | None = None,
    ) -> None:
        where = urlsplit(upstream)
        self.upstream = (where.hostname or "127.0.0.1", where.port or 80)
        self.plan = plan
        self.port = port
        self.longest_s = longest_s
        self.local = local
        self.tell = tell
        self.log: list[Entry] = []
        self._queue = Queue()
        self._open: set[asyncio.StreamWriter] = set()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._ready = threading.Event()
        self._ended = asyncio.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)

    @property
    def origin(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def host(self, name: str) -> str:
        """An origin of its own under this proxy; browsers take every name.localhost to be here."""
        return f"http://{name}.localhost:{self.port}"

    def heal(self) -> None:
        """Fail no more. What hangs or waits already goes its way."""
        self.plan = None

    def __enter__(self) -> "FaultProxy":
        self._thread.start()
        assert self._ready.wait(START_S), "the proxy did not start"
        return self

    def __exit__(self, *_: object) -> None:
        assert self._loop is not None
        self._loop.call_soon_threadsafe(self._ended.set)
        self._thread.join(START_S)

    def _run(self) -> None:
        asyncio.run(self._main())

    async def _main(self) -> None:
        self._loop = asyncio.get_running_loop()
        server = await asyncio.start_server(self._connected, "127.0.0.1", self.port, limit=2**20)
        self.port = server.sockets[0].getsockname()[1]
        self._ready.set()
        await self._ended.wait()
        server.close()
        for writer in list(self._open):
            writer.transport.abort()
        others = asyncio.all_tasks() - {asyncio.current_task()}
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        client = Client(reader, writer)
        self._open.add(writer)
        try:
            while client.is_open and (request := await read_request(reader)):
                await self._one(request, client)
        except (OSError, asyncio.IncompleteReadError, asyncio.CancelledError):
            pass  # either side may go away at any time
        finally:
            self._open.discard(writer)
            writer.close()

    async def _one(self, request: Request, client: Client) -> None:
        if found := self.local(request):
            await self._give(found, client)
            return
        decision = self.plan.choose(request) if self.plan else None
        die = decision.die if decision else Random(0)
        exchange = Exchange(request, client, self.upstream, die, self.longest_s, self._queue)
        entry = self._begin(request, decision.fault if decision else "")
        try:
            await (ACTS[entry.fault] if entry.fault else transparent)(exchange)
        except ConnectionRefusedError:
            exchange.note += "server down"
            await client.send(BAD_GATEWAY)
            client.close()
        finally:
            self._end(entry, exchange)

    def _begin(self, request: Request, fault: str) -> Entry:
        at = len(self.log)
        entry = Entry(at, request.lane, request.method, request.path, fault)
        self.log.append(entry)
        return entry

    def _end(self, entry: Entry, x: Exchange) -> None:
        done = replace(entry, note=x.note.strip(), status=x.status)
        self.log[entry.at] = done
        if self.tell:
            self.tell(done)
        if x.lets_go:
            self._queue.let_go()

    async def _give(self, found: tuple[str, bytes], client: Client) -> None:
        kind, body = found
        kept = [("Content-Type", kind), ("Content-Length", str(len(body)))]
        kept.append(("Cache-Control", "max-age=86400"))
        await client.send(head_of(200, "OK", kept) + body)
