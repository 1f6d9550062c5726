"""An application served to browsers of a test: in a thread of its own, without a socket."""

import asyncio
import threading
from collections.abc import Callable, Coroutine
from concurrent.futures import Future
from contextlib import AbstractContextManager
from typing import Any
from urllib.parse import unquote

import httpx
from litestar import Litestar


class Served(AbstractContextManager["Served"], httpx.BaseTransport):
    """Starts the application and what it does beside requests; ends all of it at the end."""

    def __init__(self, app: Litestar) -> None:
        self.app = app
        self._started: Future[asyncio.AbstractEventLoop] = Future()
        self._end = asyncio.Event()
        self._thread = threading.Thread(target=self._run, name="served", daemon=True)

    def __enter__(self) -> "Served":
        self._thread.start()
        self._loop = self._started.result()
        return self

    def __exit__(self, *why: object) -> None:
        self._loop.call_soon_threadsafe(self._end.set)
        self._thread.join()
        self._ended.result()

    def close(self) -> None:
        """A browser that is closed leaves the others theirs."""

    def call(self, work: Callable[..., Coroutine[Any, Any, Any]], *given: Any) -> Any:
        """What this comes to, done among the application's own work."""
        return asyncio.run_coroutine_threadsafe(work(*given), self._loop).result()

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """What the application raises, the test is told."""
        body = request.read()
        status, headers, content = self.call(self._ask, scope_of(request), body)
        headers = [(name.decode(), value.decode()) for name, value in headers]
        stream = httpx.ByteStream(b"" if request.method == "HEAD" else content)
        return httpx.Response(status, headers=headers, stream=stream, request=request)

    def _run(self) -> None:
        self._ended: Future[None] = Future()
        try:
            asyncio.run(self._serve())
            self._ended.set_result(None)
        except BaseException as problem:  # noqa: BLE001 whoever waits is told
            waits = self._ended if self._started.done() else self._started
            waits.set_exception(problem)

    async def _serve(self) -> None:
        async with self.app.lifespan():
            self._started.set_result(asyncio.get_running_loop())
            await self._end.wait()

    async def _ask(self, scope: Any, body: bytes) -> tuple[int, Any, bytes]:
        pieces = [{"type": "http.request", "body": body, "more_body": False}]
        is_over = asyncio.Event()
        said: list[Any] = []

        async def receive() -> Any:
            if pieces:
                return pieces.pop()
            await is_over.wait()
            return {"type": "http.disconnect"}

        async def send(message: Any) -> None:
            said.append(message)
            if message["type"] == "http.response.body" and not message.get("more_body"):
                is_over.set()

        await self.app(scope, receive, send)
        assert is_over.is_set(), "no whole answer"
        begun, *parts = said
        return begun["status"], begun["headers"], b"".join(one.get("body", b"") for one in parts)


def scope_of(request: httpx.Request) -> dict[str, Any]:
    """What a server in front of the application would have read from the line."""
    url = request.url
    return {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": request.method,
        "scheme": url.scheme,
        "path": unquote(url.path),
        "raw_path": url.raw_path,
        "query_string": url.query,
        "root_path": "",
        "headers": [(name.lower(), value) for name, value in request.headers.raw],
        "client": ("testclient", 50000),
        "server": (url.host, url.port or 80),
    }
