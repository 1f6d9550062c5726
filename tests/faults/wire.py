"""HTTP/1.1 as bytes: reading requests, asking the server, answering the client or failing to."""

import asyncio
import socket
import struct
from collections.abc import Iterable
from dataclasses import dataclass, field

from tests.faults.plan import Request

Headers = list[tuple[str, str]]
PIECE = 65536
MAX_HEAD = 65536
CLIENT_PATIENCE_S = 90
HOPS = {"connection", "keep-alive", "proxy-connection"}


async def read_request(reader: asyncio.StreamReader) -> Request | None:
    """The next request of a connection; None when there is none."""
    try:
        head = await reader.readuntil(b"\r\n\r\n")
    except (asyncio.IncompleteReadError, ConnectionError):
        return None
    first, headers = _head(head)
    method, target, _ = first.split(" ", 2)
    size = int(_value(headers, "content-length") or 0)
    if _value(headers, "transfer-encoding"):
        body = await _chunks(reader)
        headers = [*_without(headers, "transfer-encoding"), ("Content-Length", str(len(body)))]
    else:
        body = await reader.readexactly(size)
    return Request(method, target, tuple(headers), body)


@dataclass
class Answer:
    """What the server said. The body may still be on its way; `whole` waits for it."""

    status: int
    reason: str
    headers: Headers
    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter
    body: bytes = field(default=b"")

    @property
    def length(self) -> int | None:
        size = _value(self.headers, "content-length")
        if self.status in (204, 304):
            return 0
        return int(size) if size else None

    async def whole(self) -> bytes:
        if self.length is not None:
            self.body = await self.reader.readexactly(self.length)
        elif _value(self.headers, "transfer-encoding"):
            self.body = await _chunks(self.reader)
            self.headers = _without(self.headers, "transfer-encoding")
        else:
            self.body = await self.reader.read()
        self.writer.close()
        return self.body

    def head(self, length: int | None, more: Iterable[tuple[str, str]] = ()) -> bytes:
        kept = _without(self.headers, "content-length")
        size = [] if length is None else [("Content-Length", str(length))]
        return head_of(self.status, self.reason, [*kept, *size, *more])


async def send_on(
    upstream: tuple[str, int], request: Request, part: int | None = None
) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    """Send a request to the server, or only the first `part` bytes of its body."""
    reader, writer = await asyncio.open_connection(*upstream, limit=MAX_HEAD)
    kept = [(name, value) for name, value in request.headers if name.lower() not in HOPS]
    lines = [f"{request.method} {request.target} HTTP/1.1"]
    lines += [f"{name}: {value}" for name, value in [*kept, ("Connection", "close")]]
    writer.write("\r\n".join([*lines, "", ""]).encode("latin-1") + request.body[:part])
    await writer.drain()
    return reader, writer


async def ask(upstream: tuple[str, int], request: Request) -> Answer:
    reader, writer = await send_on(upstream, request)
    try:
        first, headers = _head(await reader.readuntil(b"\r\n\r\n"))
    except BaseException:
        writer.close()
        raise
    _, status, *reason = first.split(" ", 2)
    kept = [(name, value) for name, value in headers if name.lower() not in HOPS]
    return Answer(int(status), " ".join(reason), kept, reader, writer)


class Client:
    """The connection to whoever asked."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader = reader
        self.writer = writer
        self.is_open = True

    async def send(self, data: bytes) -> None:
        self.writer.write(data)
        await self.writer.drain()

    async def gone(self) -> None:
        """Returns when the client has closed its side."""
        try:
            async with asyncio.timeout(CLIENT_PATIENCE_S):
                while await self.reader.read(PIECE):
                    pass
        except (TimeoutError, ConnectionError):
            pass

    def close(self) -> None:
        """Close after what was sent."""
        self.is_open = False
        self.writer.close()

    async def reset(self) -> None:
        """Let the other side see a reset, not an end."""
        self.is_open = False
        await asyncio.sleep(0.002)  # what was sent is on its way before the reset overtakes it
        link = self.writer.get_extra_info("socket")
        if link is not None:
            link.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.writer.transport.abort()


def head_of(status: int, reason: str, headers: Iterable[tuple[str, str]]) -> bytes:
    lines = [f"HTTP/1.1 {status} {reason}", *(f"{name}: {value}" for name, value in headers)]
    return "\r\n".join([*lines, "", ""]).encode("latin-1")


def _head(data: bytes) -> tuple[str, Headers]:
    first, *lines = data.decode("latin-1").removesuffix("\r\n\r\n").split("\r\n")
    pairs = (line.split(":", 1) for line in lines)
    return first, [(name.strip(), value.strip()) for name, value in pairs]


def _value(headers: Headers, name: str) -> str:
    return next((value for key, value in headers if key.lower() == name), "")


def _without(headers: Headers, name: str) -> Headers:
    return [(key, value) for key, value in headers if key.lower() != name]


async def _chunks(reader: asyncio.StreamReader) -> bytes:
    body = b""
    while size := int((await reader.readuntil(b"\r\n")).split(b";")[0], 16):
        body += await reader.readexactly(size)
        await reader.readexactly(2)
    await reader.readuntil(b"\r\n")
    return body
