"""Copies of a database: made beside its writer, looked at without writing to them, made ready."""

import os
import secrets
import shutil
import sqlite3
import uuid
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import NamedTuple

from server.store import check, people, system
from server.store.database import Store, Tx
from server.store.migrations import MIGRATIONS

MAX_FAULTS = 20
SIDES = ("-wal", "-shm", "-journal")


class CopyProblem(Exception):
    """A database that cannot be read or written; the text says what the engine said."""


class NewerRelease(Exception):
    """A database that a release made which knows more than this one."""


class Figures(NamedTuple):
    """What a copy holds."""

    epoch: str
    operations: int
    schema: int


def copy(source: Path, target: Path) -> None:
    """One snapshot of `source`, page for page and on disk. Writers go on meanwhile.

    All pages in one step: a copy in several steps starts again whenever somebody writes.
    """
    try:
        with (
            closing(sqlite3.connect(f"{source.absolute().as_uri()}?mode=rw", uri=True)) as here,
            closing(sqlite3.connect(target)) as there,
        ):
            here.backup(there, pages=-1)
            there.execute("pragma journal_mode = delete")
    except sqlite3.Error as problem:
        raise CopyProblem(str(problem)) from None
    to_disk(target)


@contextmanager
def looking(path: Path) -> Iterator[Tx]:
    """Read a copy that nobody writes to, leaving no trace beside it."""
    try:
        address = f"{path.absolute().as_uri()}?mode=ro&immutable=1"
        with closing(sqlite3.connect(address, uri=True, isolation_level=None)) as connection:
            connection.execute("begin")
            yield Tx(connection)
    except sqlite3.Error as problem:
        raise CopyProblem(str(problem)) from None


def faults(tx: Tx, now: datetime) -> list[str]:
    """What is wrong with a database: first its pages, then what `jinlin check` finds."""
    damage = tx.tuples(f"pragma integrity_check({MAX_FAULTS})")
    torn = [f"pages: {said}" for (said,) in damage if said != "ok"]
    return torn or list(islice(check.faults(tx, now), MAX_FAULTS))


def figures(tx: Tx) -> Figures:
    counted = tx.value("select count(*) from operation")
    return Figures(system.epoch(tx), int(counted), int(tx.value("pragma user_version")))


def make_ready(
    path: Path, said_at: str, now: datetime, epoch: str = ""
) -> tuple[Figures, list[str]]:
    """Turn a copy made at `said_at` into a database to serve: today's schema, checked, new epoch.

    Its trail and its settings say that it was restored.
    """
    schema = _schema(path)
    if schema > len(MIGRATIONS):
        raise NewerRelease
    if schema == 0:
        raise CopyProblem("not a database of jinlin")
    try:
        store = Store(path)
    except sqlite3.Error as problem:
        raise CopyProblem(str(problem)) from None
    try:
        with store.read() as tx:
            found = faults(tx, now)
        with store.write() as tx:
            system.set_epoch(tx, epoch or secrets.token_hex(16))
            system.note_restore(tx, said_at, now)
            for community_id in system.community_ids(tx):
                note = (str(uuid.uuid4()), now, "", "", "server.restore", "", "done", "", said_at)
                people.audit(tx, community_id, *note)
        with store.read() as tx:
            made = figures(tx)
    except sqlite3.Error as problem:
        raise CopyProblem(str(problem)) from None
    finally:
        store.close()
    fold(path)
    to_disk(path)
    return made, found


def _schema(path: Path) -> int:
    try:
        with closing(sqlite3.connect(path)) as connection:
            return int(connection.execute("pragma user_version").fetchone()[0])
    except sqlite3.Error as problem:
        raise CopyProblem(str(problem)) from None


def fold(path: Path) -> bool:
    """Put into the file what waits beside it. False when the engine cannot read it."""
    try:
        with closing(sqlite3.connect(path, isolation_level=None)) as connection:
            connection.execute("pragma journal_mode = delete")
    except sqlite3.Error:
        return False
    return True


def link(path: Path, target: Path) -> None:
    """The same file under another name; a copy where a disk cannot do that."""
    try:
        os.link(path, target)
    except OSError:
        shutil.copyfile(path, target)
        to_disk(target)


def to_disk(path: Path) -> None:
    """Return when a file, or the names in a folder, are on disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
