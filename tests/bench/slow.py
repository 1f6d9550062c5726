"""A slower processor and a slower line than this machine has."""

import asyncio
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager, suppress
from typing import Any, NamedTuple

PERIOD_S = 0.012
PIECE = 4096


class Line(NamedTuple):
    """A kind of mobile network: bits per second each way, and there and back in seconds."""

    name: str
    down: float
    up: float
    rtt_s: float


FOUR_G = Line("4G", 9_000_000, 1_500_000, 0.17)
SLOW_3G = Line("slow 3G", 400_000, 400_000, 0.4)


@contextmanager
def slowed(group: int, times: float) -> Iterator[None]:
    """Let all processes of a browser run only each nth part of the time.

    The browser's own emulation slows the thread of the page and no other: not the service worker,
    which draws our pages, and not the database. Stopping everything slows all of it alike.
    """
    code = "from tests.bench.slow import stop_and_go; import sys; stop_and_go(*sys.argv[1:])"
    ticking = subprocess.Popen([sys.executable, "-c", code, str(group), str(times)])
    try:
        yield
    finally:
        ticking.terminate()
        ticking.wait(10)
        with suppress(ProcessLookupError):
            os.killpg(group, signal.SIGCONT)


def stop_and_go(group: str, times: str) -> None:
    """Runs in a process of its own, until it is ended or the browser is gone."""
    pgid, run_s = int(group), PERIOD_S / float(times)
    with suppress(OSError):
        os.nice(-10)  # keep the beat on a busy machine, where that is allowed
    with suppress(ProcessLookupError):
        while True:
            os.killpg(pgid, signal.SIGSTOP)
            time.sleep(PERIOD_S - run_s)
            os.killpg(pgid, signal.SIGCONT)
            time.sleep(run_s)


class SlowLine:
    """Stands before a port and lets bytes through as a mobile network does."""

    def __init__(self, port: int, line: Line) -> None:
        self.target, self.line = port, line
        self.bytes = 0
        self._free = {"up": 0.0, "down": 0.0}
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        self._server = self._soon(asyncio.start_server(self._relay, "127.0.0.1", 0))
        self.port: int = self._server.sockets[0].getsockname()[1]

    @property
    def origin(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def stop(self) -> None:
        self._soon(self._end())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(5)
        self._loop.close()

    def _soon(self, work: Coroutine[Any, Any, Any]) -> Any:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(10)

    async def _end(self) -> None:
        self._server.close()
        others = asyncio.all_tasks() - {asyncio.current_task()}
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)

    async def _relay(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await asyncio.sleep(self.line.rtt_s)  # a connection is opened there and back
        to, there = await asyncio.open_connection("127.0.0.1", self.target)
        ways = [
            self._way(reader, there, "up", self.line.up),
            self._way(to, writer, "down", self.line.down),
        ]
        await asyncio.gather(*ways, return_exceptions=True)

    async def _way(
        self, source: asyncio.StreamReader, sink: asyncio.StreamWriter, way: str, bits: float
    ) -> None:
        on_the_way: asyncio.Queue[tuple[float, bytes]] = asyncio.Queue(64)
        arriving = asyncio.create_task(self._arrive(on_the_way, sink))
        loop = asyncio.get_running_loop()
        while piece := await source.read(PIECE):
            # All connections share one line: a piece waits until those before it have left.
            self._free[way] = max(self._free[way], loop.time()) + len(piece) * 8 / bits
            self.bytes += len(piece)
            await on_the_way.put((self._free[way] + self.line.rtt_s / 2, piece))
        await on_the_way.put((0, b""))
        await arriving

    async def _arrive(
        self, on_the_way: asyncio.Queue[tuple[float, bytes]], sink: asyncio.StreamWriter
    ) -> None:
        loop = asyncio.get_running_loop()
        while True:
            at, piece = await on_the_way.get()
            if not piece:
                break
            await asyncio.sleep(max(0, at - loop.time()))
            sink.write(piece)
            await sink.drain()
        sink.close()
