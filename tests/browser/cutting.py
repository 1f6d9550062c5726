"""A line that is cut whenever a picture has come 64 KB far, and that can be closed to pictures."""

import socket
import threading
from contextlib import suppress

CUT_AT = 64 * 1024
PUT = b"PUT /media/"
HERE = b'"complete":1'


class CuttingLine:
    """Passes everything on between a browser and a server, until `CUT_AT` bytes of pictures came.

    After `most` pictures have arrived the line is closed to more, until `open` is called.
    """

    def __init__(self, port: int, most: int = 1000) -> None:
        self.port = port
        self.most = most
        self.cuts = 0
        self.arrived = 0
        self._sockets: list[socket.socket] = []
        self._threads: list[threading.Thread] = []
        self._listening = socket.create_server(("127.0.0.1", 0))
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    @property
    def origin(self) -> str:
        return f"http://127.0.0.1:{self._listening.getsockname()[1]}"

    def open(self) -> None:
        self.most = 1000

    def stop(self) -> None:
        _end(self._listening, *self._sockets)
        for one in [self._thread, *self._threads]:
            one.join(5)

    def _serve(self) -> None:
        while True:
            try:
                near, _ = self._listening.accept()
            except OSError:
                return
            far = socket.create_connection(("127.0.0.1", self.port))
            self._sockets += [near, far]
            for work in (self._send, self._answer):
                passing = threading.Thread(target=work, args=(near, far), daemon=True)
                self._threads.append(passing)
                passing.start()

    def _send(self, near: socket.socket, far: socket.socket) -> None:
        room = -1
        with suppress(OSError):
            while piece := near.recv(16 * 1024):
                if PUT in piece and self.arrived >= self.most:
                    break
                if PUT in piece and room < 0:
                    room = CUT_AT
                if 0 <= room <= len(piece):
                    far.sendall(piece[:room])
                    self.cuts += 1
                    break
                room -= len(piece) if room > 0 else 0
                far.sendall(piece)
        _end(near, far)

    def _answer(self, near: socket.socket, far: socket.socket) -> None:
        with suppress(OSError):
            while piece := far.recv(64 * 1024):
                self.arrived += HERE in piece and b"received" in piece
                near.sendall(piece)
        _end(near, far)


def _end(*ends: socket.socket) -> None:
    for one in ends:
        with suppress(OSError):
            one.shutdown(socket.SHUT_RDWR)
        one.close()
