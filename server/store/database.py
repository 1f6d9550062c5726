"""Connections: one writer at a time, many readers, and a small wrapper that runs named queries."""

import re
import secrets
import sqlite3
import threading
import weakref
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from typing import Any

import sqlite_utils

from server.store import holding, tail
from server.store.migrations import MIGRATIONS
from server.store.weights import weigh

BUSY_S = 10
SOON_S = 0.2
# The writer comes back to the same pages all the time; every reading thread has a cache of its own.
WRITER_KIB, READER_KIB = 32 * 1024, 4 * 1024
# Pages that wait in the log before they are carried into the file: a page that is written again
# and again meanwhile is carried once.
LOG_PAGES = 8000


def listed(values: Iterable[str]) -> tuple[str, dict[str, str]]:
    """Names for a list inside `in (…)`, and the value of each."""
    given = {f"one{number}": value for number, value in enumerate(values)}
    return ", ".join(f":{name}" for name in given), given


# What is to be written: the statement, the key of its row, the row or what it is made of, and how.
_Later = tuple[str, Hashable, Any, Callable[[Any], Sequence[Any]] | None]


class _Level:
    """A savepoint: how much was pending when it began, and whether SQLite knows of it yet."""

    def __init__(self, tx: "Tx", name: str) -> None:
        self.tx = tx
        self.name = name
        self.mark = len(tx.pending)
        self.is_open = False

    def __enter__(self) -> None:
        self.tx.levels.append(self)

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        tx = self.tx
        tx.levels.pop()
        if kind is not None:
            del tx.pending[self.mark :]
            if not tx.connection.in_transaction:  # a full disk may have ended it
                return
            if self.is_open:
                tx.connection.execute(f"rollback to {self.name}")
        if self.is_open:
            tx.connection.execute(f"release {self.name}")


class Tx:
    """One transaction. Values are parameters, never pasted into the text.

    `later` puts a row aside until somebody asks its table or the transaction ends: many rows of
    one statement are then written in one go, and of rows with the same key only the last.
    """

    # The disk or the lock, not the work: the whole transaction fails with it.
    trouble = sqlite3.OperationalError

    def __init__(self, connection: sqlite3.Connection) -> None:
        self.connection = connection
        # Rises with every write, so that whoever undid something knows whether there was anything.
        self.writes = 0
        self.pending: list[_Later] = []
        self._statements: set[str] = set()
        self.levels: list[_Level] = []

    def rows(self, sql: str, **values: Any) -> list[dict[str, Any]]:
        cursor = self._execute(sql, values)
        names = [column[0] for column in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor]

    def row(self, sql: str, **values: Any) -> dict[str, Any] | None:
        found = self.rows(sql, **values)
        return found[0] if found else None

    def value(self, sql: str, **values: Any) -> Any:
        """First column of the first row; None without a row."""
        found = self._execute(sql, values).fetchone()
        return None if found is None else found[0]

    def tuples(self, sql: str, **values: Any) -> list[tuple[Any, ...]]:
        return self._execute(sql, values).fetchall()

    def each(self, sql: str, **values: Any) -> Iterator[tuple[Any, ...]]:
        """Rows as they are found, for a reader that may stop before the last."""
        return iter(self._execute(sql, values))

    def run(self, sql: str, **values: Any) -> int:
        """Rows changed."""
        self.writes += 1
        self.pour()
        return self.connection.execute(sql, values).rowcount

    def beneath(self, sql: str, **values: Any) -> list[tuple[Any, ...]]:
        """Rows as the tables have them, for whoever knows by itself what it has put aside."""
        return self.connection.execute(sql, values).fetchall()

    def last_write(self) -> tuple[int, int]:
        """What is another pair once anybody has written: this process, or another."""
        (elsewhere,) = self.connection.execute("pragma data_version").fetchone()
        return elsewhere, self.connection.total_changes

    def later(
        self,
        sql: str,
        key: Hashable,
        row: Any,
        render: Callable[[Any], Sequence[Any]] | None = None,
    ) -> None:
        """Write a row before anybody can miss it; a later row with this key takes its place.

        `sql` inserts or replaces one whole row. `row` are its values in order, or what `render`
        makes them of when they are written: something that nobody changes meanwhile.
        """
        self.writes += 1
        self._statements.add(sql)
        self.pending.append((sql, key, row, render))

    def pour(self) -> None:
        """Write everything that was put aside."""
        done = 0
        for level in self.levels:
            if not level.is_open:
                self._write(self.pending[done : level.mark])
                done = max(done, level.mark)
                self.connection.execute(f"savepoint {level.name}")
                level.is_open = True
            level.mark = 0
        self._write(self.pending[done:] if done else self.pending)
        self.pending.clear()
        self._statements.clear()

    def savepoint(self, name: str = "one_operation") -> _Level:
        """What happens inside is undone by any exception, and nothing else is."""
        return _Level(self, name)

    def _execute(self, sql: str, values: dict[str, Any]) -> sqlite3.Cursor:
        if self._statements:
            words = _words(sql)
            if any(_table(one) in words for one in self._statements):
                self.pour()
        return self.connection.execute(sql, values)

    def _write(self, pending: list[_Later]) -> None:
        last: dict[str, dict[Hashable, _Later]] = {}
        for one in pending:
            last.setdefault(one[0], {})[one[1]] = one
        for sql, rows in last.items():
            self.connection.executemany(
                sql, (row if render is None else render(row) for _, _, row, render in rows.values())
            )


@lru_cache(maxsize=512)
def _table(sql: str) -> str:
    """The table that a statement of `later` writes."""
    named = re.search(r"(?:into|update)\s+(\w+)", sql)
    assert named is not None, sql
    return named[1]


@lru_cache(maxsize=512)
def _words(sql: str) -> frozenset[str]:
    """The words of a query: its tables are among them."""
    return frozenset(re.findall(r"\w+", sql))


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
        self._writer = self._connect(WRITER_KIB)
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
                tx = Tx(self._writer)
                yield tx
                tx.pour()
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
            connection = self._connect(READER_KIB)
            connection.execute("pragma query_only = on")
            self._local.connection = connection
        return connection

    def _connect(self, cache_kib: int) -> sqlite3.Connection:
        connection = sqlite3.connect(
            self.path, timeout=BUSY_S, isolation_level=None, check_same_thread=False
        )
        connection.execute("pragma journal_mode = wal")
        connection.execute("pragma synchronous = full")
        connection.execute(f"pragma cache_size = -{cache_kib}")
        connection.execute(f"pragma wal_autocheckpoint = {LOG_PAGES}")
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
