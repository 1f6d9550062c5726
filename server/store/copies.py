"""Copies of a database: made beside its writer, looked at without writing to them, made ready."""

import os
import secrets
import shutil
import sqlite3
import uuid
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import NamedTuple

from server.store import audit, check, epochs, system
from server.store.database import Store, Tx
from server.store.migrations import MIGRATIONS

MAX_FAULTS = 20
SIDES = ("-wal", "-shm", "-journal")


class CopyProblem(Exception):
    """A database that cannot be read or written; the text says what the engine said."""


class NewerRelease(Exception):
    """A database that a release made which knows more than this one."""


class Figures(NamedTuple):
    """What a copy holds. `pictures`: the hashes of those that had arrived."""

    epoch: str
    operations: int
    schema: int
    pictures: frozenset[str]


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
            with suppress(sqlite3.Error):  # torn pages are for whoever verifies the copy
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


def verified(path: Path, now: datetime) -> tuple[Figures, list[str]]:
    """What a copy holds and what is wrong with it, without writing to it.

    One that an earlier release wrote is looked at through a copy of its own, in today's schema.
    """
    schema = _schema(path)
    if schema >= len(MIGRATIONS):
        with looking(path) as tx:
            return figures(tx), faults(tx, now)
    today = path.with_name(f"today-{path.name}")
    try:
        copy(path, today)
        Store(today).close()
        fold(today)
        with looking(today) as tx:
            return figures(tx)._replace(schema=schema), faults(tx, now)
    except sqlite3.Error as problem:
        raise CopyProblem(str(problem)) from None
    finally:
        today.unlink(missing_ok=True)


def figures(tx: Tx) -> Figures:
    counted = tx.value("select count(*) from operation")
    pictures = frozenset(name for (name,) in tx.tuples("select distinct sha256 from media"))
    schema = int(tx.value("pragma user_version"))
    return Figures(system.epoch(tx), int(counted), schema, pictures)


def people_of(path: Path) -> dict[str, str]:
    """Username by id of everybody a database knows; nobody when it cannot be read."""
    with suppress(CopyProblem), looking(path) as tx:
        return dict(tx.tuples("select id, username from person order by username"))
    return {}


def make_ready(
    path: Path, said_at: str, now: datetime, epoch: str = ""
) -> tuple[Figures, list[str]]:
    """Turn a copy made at `said_at` into a database to serve: today's schema, checked, new epoch.

    Its trail and its settings say that it was restored.
    """
    fold(path)
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
            epochs.raise_versions(tx, now)
            system.note_restore(tx, said_at, now)
            for community_id in system.community_ids(tx):
                note = (str(uuid.uuid4()), now, "", "", "server.restore", "", "done", "", said_at)
                audit.add(tx, community_id, *note)
        with store.read() as tx:
            made = figures(tx)
    except sqlite3.Error as problem:
        raise CopyProblem(str(problem)) from None
    finally:
        store.close()
    fold(path)
    to_disk(path)
    return made, found


def can_be_read(path: Path) -> bool:
    """Whether an engine takes this for a database at all. What waits beside it is left alone."""
    try:
        _schema(path)
    except CopyProblem:
        return False
    return True


def _schema(path: Path) -> int:
    with looking(path) as tx:
        return int(tx.value("pragma user_version"))


def fold(path: Path) -> None:
    """Put into the file what waits beside it, as far as that can be read."""
    with (
        suppress(sqlite3.Error),
        closing(sqlite3.connect(path, isolation_level=None)) as connection,
    ):
        connection.execute("pragma journal_mode = delete")


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
