"""The files behind pictures, and the only door to them: what is sealed later is sealed here.

A picture lies in JINLIN_DATA/media/ab/ab12…, named by its hash. What is still on its way lies in
JINLIN_DATA/media/incoming/<person>/<hash> and needs no backup.
"""

import os
from collections.abc import Iterator
from pathlib import Path

from server import files

INCOMING = "incoming"


class Blobs:
    """The media folder of one data folder."""

    def __init__(self, data: Path) -> None:
        self.folder = data / "media"

    def received(self, person_id: str, name: str) -> int:
        """How many bytes of a picture this person's phone has brought so far."""
        try:
            return self._part(person_id, name).stat().st_size
        except FileNotFoundError:
            return 0

    def begun(self, person_id: str) -> int:
        """How many pictures of this person are on their way."""
        folder = self.folder / INCOMING / person_id
        return sum(1 for _ in folder.iterdir()) if folder.exists() else 0

    def part(self, person_id: str, name: str) -> "Part":
        path = self._part(person_id, name)
        path.parent.mkdir(parents=True, exist_ok=True)
        return Part(path)

    def drop_part(self, person_id: str, name: str) -> None:
        self._part(person_id, name).unlink(missing_ok=True)

    def keep(self, name: str, data: bytes) -> None:
        """Store a whole picture; it is on disk when this returns."""
        files.keep(self.path(name), data)

    def has(self, name: str) -> bool:
        return self.path(name).exists()

    def read(self, name: str) -> bytes | None:
        """The bytes of a picture; None when its file is gone."""
        try:
            return self.path(name).read_bytes()
        except FileNotFoundError:
            return None

    def remove(self, name: str) -> None:
        self.path(name).unlink(missing_ok=True)

    def tidy(self, before: float) -> int:
        """Forget what began to come before a moment (seconds since 1970) and never went on."""
        old = [one for one in self._unfinished() if one.stat().st_mtime < before]
        for one in old:
            one.unlink(missing_ok=True)
        return len(old)

    def path(self, name: str) -> Path:
        return self.folder / name[:2] / name

    def _part(self, person_id: str, name: str) -> Path:
        return self.folder / INCOMING / person_id / name

    def _unfinished(self) -> Iterator[Path]:
        """Parts, and what a killed server was just writing."""
        yield from (self.folder / INCOMING).glob("*/*")
        yield from self.folder.glob("??/*.*")


class Part:
    """A picture on its way. A piece is written where it belongs: sent twice it does no harm."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._file = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)

    @property
    def size(self) -> int:
        return os.fstat(self._file).st_size

    def write(self, piece: bytes, at: int) -> None:
        while piece:
            written = os.pwrite(self._file, piece, at)
            piece, at = piece[written:], at + written

    def whole(self, size: int) -> bytes:
        """The first `size` bytes; what an earlier try left behind them is no part of it."""
        return os.pread(self._file, size, 0)

    def close(self) -> None:
        os.close(self._file)
