"""What this machine's disk and SQLite give at best: the limit that the storm is compared with."""

import sqlite3
import time
from pathlib import Path

TOGETHER = 1000


def rate(folder: Path, operations: list[bytes]) -> float:
    """Operations a second into a log and one entity table, synced to disk every thousand."""
    path = folder / "limit.db"
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("pragma journal_mode = wal")
    connection.execute("pragma synchronous = full")
    connection.execute(
        "create table log (seq integer primary key, id text not null unique, body blob not null)"
    )
    connection.execute(
        "create table entity (id text not null primary key, version integer not null,"
        " record blob not null)"
    )
    rows = [(n, one[7:43].decode(), one) for n, one in enumerate(operations, 1)]
    began = time.perf_counter()
    for start in range(0, len(rows), TOGETHER):
        some = rows[start : start + TOGETHER]
        connection.execute("begin immediate")
        connection.executemany("insert into log (seq, id, body) values (?, ?, ?)", some)
        connection.executemany(
            "insert into entity (version, id, record) values (?, ?, ?)"
            " on conflict (id) do update set version = version + 1, record = excluded.record",
            some,
        )
        connection.execute("commit")
    took = time.perf_counter() - began
    connection.close()
    for one in folder.glob("limit.db*"):
        one.unlink()
    return len(rows) / took
