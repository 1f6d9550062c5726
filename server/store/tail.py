"""What a crash, or a damaged disk, took from the end of the write-ahead log.

After a crash SQLite keeps every commit up to the first torn one and drops the rest without a word.
How many there were stands in the shared index beside it, which survives the process. If fewer are
left, phones were told of work that is gone: they must compare, as after a restore.
"""

import sqlite3
import struct
from pathlib import Path

_VERSION = 3007000
_HEADER = struct.Struct("=IIIBBHII")
_COPY_BYTES = 48
_FOLDED = struct.Struct("=I")


def committed(database: Path) -> int:
    """How many pages of the log were committed when some are not in the database yet; else 0.

    Ask only while nobody, this process included, has the database open: closing the file would
    drop the locks that SQLite holds on it.
    """
    try:
        with Path(f"{database}-shm").open("rb") as file:
            index = file.read(2 * _COPY_BYTES + _FOLDED.size)
    except OSError:
        return 0
    first, second = index[:_COPY_BYTES], index[_COPY_BYTES : 2 * _COPY_BYTES]
    if len(index) < 2 * _COPY_BYTES + _FOLDED.size or first != second:
        return 0
    version, _, _, is_made, _, _, pages, _ = _HEADER.unpack_from(first)
    (folded,) = _FOLDED.unpack_from(index, 2 * _COPY_BYTES)
    return pages if version == _VERSION and is_made and folded < pages else 0


def surviving(connection: sqlite3.Connection) -> int:
    """How many pages of the log SQLite found whole."""
    _, pages, _ = connection.execute("pragma wal_checkpoint(passive)").fetchone()
    return int(pages)
