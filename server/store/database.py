"""Connections: one writer at a time, many readers, and a small wrapper that runs named queries."""

import secrets
import sqlite3
import threading
import weakref
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import sqlite_utils

from server.store import holding, tail
from server.store.migrations import MIGRATIONS
from server.store.weights import weigh

BUSY_S = 10
SOON_S = 0.2
CACHE_KIB = 32 * 1024


class Tx:
    """One transaction. Values are named parameters, never pasted into the text."""

    # The disk or the lock, not the work: the whole transaction fails with it.
    trouble = sqlite3.OperationalError

    def __init__(self, connection: sqlite3.Connection) -> None:
        self.connection = connection

    def rows(self, sql: str, **values: Any) -> list[dict[str, Any]]:
        cursor = self.connection.execute(sql, values)
        names = [column[0] for column in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor]

    def row(self, sql: str, **values: Any) -> dict[str, Any] | None:
        found = self.rows(sql, **values)
        return found[0] if found else None

    def value(self, sql: str, **values: Any) -> Any:
        """First column of the first row; None without a row."""
        found = self.connection.execute(sql, values).fetchone()
        return None if found is None else found[0]

    def tuples(self, sql: str, **values: Any) -> list[tuple[Any, ...]]:
        return self.connection.execute(sql, values).fetchall()

    def each(self, sql: str, **values: Any) -> Iterator[tuple[Any, ...]]:
        """Rows as they are found, for a reader that may stop before the last."""
        return iter(self.connection.execute(sql, values))

    def run(self, sql: str, **values: Any) -> int:
        """Rows changed."""
        return self.connection.execute(sql, values).rowcount

    @contextmanager
    def savepoint(self, name: str = "one_operation") -> Iterator[None]:
        """What happens inside is undone by any exception, and nothing else is."""
        self.connection.execute(f"savepoint {name}")
        try:
            yield
        except BaseException:
            if self.connection.in_transaction:  # a full disk may have ended it already
                self.connection.execute(f"rollback to {name}")
                self.connection.execute(f"release {name}")
            raise
        self.connection.execute(f"release {name}")


class Store:
    """The database of one data folder."""

    def __init__(self, path: Path) -> None:
        self.path = path
        handle = holding.hold(path.parent)
        self._release = weakref.finalize(self, holding.release, handle)
        self._local = threading.local()
        self._write_lock = threading.RLock()
        self._is_patient = True
        self._opened: list[sqlite3.Connection] = []
        committed = tail.committed(path) if holding.is_alone(handle) else 0
        self._writer = self._connect()
        is_torn = committed > 0 and tail.surviving(self._writer) < committed
        with self._write_lock:
            migrate(self._writer)
            weigh(self._writer)
        with self.read() as tx:
            epoch = tx.value("select value from setting where name = 'epoch'")
        if is_torn or not epoch:
            self._begin_epoch()

    def _begin_epoch(self) -> None:
        """From now on phones compare what they were told with what is here."""
        from server.store import epochs  # which knows of records, as this module does not

        with self.write() as tx:
            epochs.raise_versions(tx)
            tx.run(
                """
                insert into setting (name, value) values ('epoch', :value)
                on conflict (name) do update set value = excluded.value
                """,
                value=secrets.token_hex(16),
            )

    @contextmanager
    def read(self) -> Iterator[Tx]:
        """A consistent snapshot for as long as the block runs; a block inside shares it."""
        connection = self._reader()
        if connection.in_transaction:
            yield Tx(connection)
            return
        connection.execute("begin")
        try:
            yield Tx(connection)
        finally:
            connection.execute("rollback")

    @contextmanager
    def write(self) -> Iterator[Tx]:
        """The write lock, taken at once; committed at the end, rolled back on any exception."""
        with self._write_lock:
            self._take_lock()
            try:
                yield Tx(self._writer)
            except BaseException:
                if self._writer.in_transaction:
                    self._writer.execute("rollback")
                raise
            try:
                self._writer.execute("commit")
            except BaseException:
                if self._writer.in_transaction:
                    self._writer.execute("rollback")
                raise

    def _take_lock(self) -> None:
        """Wait for another process once; while it goes on, whoever comes next is told soon."""
        try:
            self._writer.execute("begin immediate")
        except sqlite3.OperationalError:
            self._wait_up_to(SOON_S)
            self._is_patient = False
            raise
        if not self._is_patient:
            self._wait_up_to(BUSY_S)
            self._is_patient = True

    def _wait_up_to(self, seconds: float) -> None:
        self._writer.execute(f"pragma busy_timeout = {int(seconds * 1000)}")

    def data_version(self) -> int:
        """A number that moves when another process wrote."""
        found = self._reader().execute("pragma data_version").fetchone()
        return int(found[0])

    def close(self) -> None:
        for connection in self._opened:
            connection.close()
        self._release()

    def _reader(self) -> sqlite3.Connection:
        connection: sqlite3.Connection | None = getattr(self._local, "connection", None)
        if connection is None:
            connection = self._connect()
            connection.execute("pragma query_only = on")
            self._local.connection = connection
        return connection

    def _connect(self) -> sqlite3.Connection:
        connection = sqlite3.connect(
            self.path, timeout=BUSY_S, isolation_level=None, check_same_thread=False
        )
        connection.execute("pragma journal_mode = wal")
        connection.execute("pragma synchronous = full")
        connection.execute(f"pragma cache_size = -{CACHE_KIB}")
        self._opened.append(connection)
        return connection


def migrate(connection: sqlite3.Connection) -> None:
    """Run the migrations this database has not seen, each in its own transaction."""
    database = sqlite_utils.Database(connection)
    done = connection.execute("pragma user_version").fetchone()[0]
    for number, step in enumerate(MIGRATIONS[done:], start=done + 1):
        connection.execute("begin immediate")
        try:
            step(database)
            connection.execute(f"pragma user_version = {number}")
            connection.execute("commit")
        except BaseException:
            if connection.in_transaction:
                connection.execute("rollback")
            raise
