"""A stranger's server on a free port: it notes what it is asked and answers as it is told."""

import asyncio
import json
import threading
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, NamedTuple

from server.alerts.channels.wire import Wire, new_client

NOON = datetime(2026, 7, 21, 4, 10, 7, 250_000, tzinfo=UTC)


class Asked(NamedTuple):
    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def told(self) -> Any:
        return json.loads(self.body)


class Service:
    """Answers with the next script, the last one over and over."""

    def __init__(self) -> None:
        self.asked: list[Asked] = []
        self.scripts: list[Callable[[BaseHTTPRequestHandler], None]] = []
        self.ended = threading.Event()
        self.url = ""

    def answers(self, *scripts: Callable[[BaseHTTPRequestHandler], None]) -> None:
        self.scripts = list(scripts)

    def answer(self, handler: BaseHTTPRequestHandler) -> None:
        size = int(handler.headers.get("Content-Length", 0))
        headers = {name.lower(): value for name, value in handler.headers.items()}
        self.asked.append(Asked(handler.path, headers, handler.rfile.read(size)))
        script = self.scripts.pop(0) if len(self.scripts) > 1 else self.scripts[0]
        with suppress(OSError):  # whoever asked may have hung up
            script(handler)


@contextmanager
def serving() -> Iterator[Service]:
    service = Service()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            service.answer(self)

        do_GET = do_POST

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    service.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield service
    finally:
        service.ended.set()
        server.shutdown()
        thread.join()
        server.server_close()


def says(
    body: object, status: int = 200, **headers: str
) -> Callable[[BaseHTTPRequestHandler], None]:
    content = body if isinstance(body, bytes) else json.dumps(body).encode()

    def script(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(status)
        for name, value in headers.items():
            handler.send_header(name.replace("_", "-"), value)
        handler.send_header("Content-Length", str(len(content)))
        handler.end_headers()
        handler.wfile.write(content)

    return script


def drips(service: Service) -> Callable[[BaseHTTPRequestHandler], None]:
    """A byte now and then, for as long as the test goes on."""

    def script(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.end_headers()
        while not service.ended.wait(0.05):
            handler.wfile.write(b" ")
            handler.wfile.flush()

    return script


def pours(service: Service) -> Callable[[BaseHTTPRequestHandler], None]:
    """More and more, for as long as anybody reads."""

    def script(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.end_headers()
        while not service.ended.is_set():
            handler.wfile.write(b" " * 65536)

    return script


def hangs_up(handler: BaseHTTPRequestHandler) -> None:
    """In the middle of what it promised."""
    handler.send_response(200)
    handler.send_header("Content-Length", "1000")
    handler.end_headers()
    handler.wfile.write(b'{"errcode"')


class Clock:
    def __init__(self, at: datetime = NOON) -> None:
        self.at = at

    def __call__(self) -> datetime:
        return self.at


def over_wire(
    work: Callable[[Wire], Awaitable[Any]], clock: Clock | None = None, whole_s: float = 8.0
) -> Any:
    """Run with a client of its own, closed afterwards."""

    async def run() -> Any:
        async with new_client() as client:
            return await work(Wire(client, clock or Clock(), whole_s))

    return asyncio.run(run())
