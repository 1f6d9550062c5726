"""A server that knows nothing and answers at once: what remains is the client's own cost."""

import asyncio
import sys

from tests.bench.storm.client import _length

ANSWER = b'{"receipts":[],"cursors":{},"more":false,"changes":[]}'
REPLY = b"HTTP/1.1 200 OK\r\ncontent-length: %d\r\n\r\n%b" % (len(ANSWER), ANSWER)


class Nobody(asyncio.Protocol):
    def __init__(self) -> None:
        self._have = self._need = 0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = transport

    def data_received(self, data: bytes) -> None:
        if not self._need:
            end = data.index(b"\r\n\r\n")
            self._need = end + 4 + _length(data[: end + 2])
        self._have += len(data)
        if self._have >= self._need:
            self._have = self._need = 0
            self.transport.write(REPLY)  # type: ignore[attr-defined]


async def main() -> None:
    loop = asyncio.get_running_loop()
    server = await loop.create_server(Nobody, "127.0.0.1", int(sys.argv[1]))
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(main())
