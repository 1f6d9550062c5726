"""The server of a simulation: the real store, intake and round trip, without a socket.

It can crash at any moment and stand up again on what a killed process would have left on disk.
"""

import contextlib
import gzip
import shutil
import sqlite3
import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple

from server import people, session
from server.field.packing import Pieces
from server.field.roundtrip import Trouble
from server.field.sync import round_trip
from server.intake import Form, Intake, Push, Receipt
from server.intake.writing import Writing
from server.store import copies
from server.store import people as rows
from server.store.database import Store
from tests.simulation.cast import OFFICE, START, Template

# How many steps of SQLite's machine pass between two looks at whether it is time to crash.
TICK = 40
PATIENCE_S = 20


class Clock:
    """The true time; every look is a millisecond later."""

    def __init__(self, now: datetime = START) -> None:
        self.now = now

    def __call__(self) -> datetime:
        self.now += timedelta(milliseconds=1)
        return self.now


class Answer(NamedTuple):
    """What comes back for one request: a body of ours, or the code of what was wrong."""

    status: int
    body: bytes = b""
    code: str = ""


class Door(Intake):
    """The real intake, which says when somebody has come to it."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self.entered = threading.Event()
        super().__init__(store, clock)

    def pushed(self, push: Push) -> "Future[list[Receipt]]":
        self.entered.set()
        return super().pushed(push)


class Crashed(Exception):
    """The process is gone; whoever waited for it hears nothing."""


class Backend:
    """One database file of one seed, and the process that serves it."""

    # A server that answers before its commit gets its word out although it dies.
    hasty = False

    def __init__(self, template: Template, folder: Path) -> None:
        self.folder = folder
        self.home = template.home
        self.clock = Clock()
        self._lives = self._asked = 0
        self._ticks = -1
        self.has_crashed = False
        shutil.copyfile(template.path, self.path)
        self._start()

    @property
    def path(self) -> Path:
        return self.folder / f"town-{self._lives}.db"

    def request(self, token: str, body: bytes) -> Answer:
        """What the route of /sync answers to whoever holds this token."""
        with self.store.read() as tx:
            person = people.of_token(tx, token, self.clock())
            why = "" if person else people.why_out(tx, token)
        if person is None:
            return Answer(401, code=why)
        try:
            with self._alive():
                return Answer(200, self.serve(person, body))
        except Trouble as trouble:
            return Answer(trouble.status_code, code=trouble.code)

    def together(self, requests: Sequence[tuple[str, bytes]]) -> list[Answer]:
        """Requests that wait for the writer at the same time, in this order: one commit for all."""
        taken, free = threading.Event(), threading.Event()

        def busy(writing: Writing) -> None:
            taken.set()
            free.wait(PATIENCE_S)

        answers: list[Answer] = []
        self.intake.later(self.home, busy)
        taken.wait(PATIENCE_S)
        with ThreadPoolExecutor(len(requests)) as threads:
            waiting = []
            for token, body in requests:
                self.intake.entered.clear()
                waiting.append(threads.submit(self.request, token, body))
                self.intake.entered.wait(0.05)  # who is not signed in never gets there
            free.set()
            answers = [one.result() for one in waiting]
        return answers

    def serve(self, person: Any, body: bytes) -> bytes:
        """Push and pull in one; every other phone asks for gzip."""
        self._asked += 1
        if self._asked % 2:
            return round_trip(self.intake, person, body)
        return gzip.decompress(round_trip(self.intake, person, body, self.pieces))

    def sign_in(self, username: str, device: str) -> session.Opened:
        """A session as the sign-in page opens it once the password was right."""

        def opening(writing: Writing) -> session.Opened:
            person = rows.by_username(writing.tx, username)
            assert person is not None
            return session.open_for(writing, person, device, "手机")

        opened: session.Opened = self.do(opening)
        return opened

    def submit(self, kind: str, data: Any, form_id: str, base: int | None = None) -> Any:
        """A form of the office. Raises Refusal."""
        form = Form(self.home, OFFICE.id, OFFICE.device, kind, data, base, "", form_id)
        with self._alive():
            return self.intake.submit(form)

    def do(self, work: Any) -> Any:
        """Anything else that writes. Raises Crashed when the process dies meanwhile."""
        with self._alive():
            return self.intake.do(self.home, work)

    def rows(self, sql: str, **values: Any) -> list[dict[str, Any]]:
        with self.store.read() as tx:
            return tx.rows(sql, **values)

    def value(self, sql: str, **values: Any) -> Any:
        with self.store.read() as tx:
            return tx.value(sql, **values)

    def holds(self, person_id: str, *, ever: bool = False) -> set[str]:
        """Buildings of a person on the day that the clock shows, worked out here and not asked."""
        today = (self.clock.now + timedelta(hours=8)).date().isoformat()
        return {
            one["building_id"]
            for one in self.rows(
                "select building_id, from_on, until_on from person_building where person_id = :p",
                p=person_id,
            )
            if one["from_on"] <= today and (ever or not one["until_on"] or one["until_on"] >= today)
        }

    @contextlib.contextmanager
    def doomed(self, ticks: int) -> Iterator[None]:
        """Whatever runs inside, the process dies: during it, or right after it at the latest."""
        with self.store.write() as tx:
            tx.connection.set_progress_handler(self._tick, TICK)
        self._ticks = ticks
        try:
            yield
        finally:
            self.rise()

    def rise(self) -> None:
        """Stand up again on what the dead process left."""
        if not self.has_crashed:
            self._die()
        self.close()
        self._lives += 1
        self._start()

    def back_up(self, name: str) -> Path:
        """A copy of the database as it is, taken while it is in use."""
        path = self.folder / name
        path.unlink(missing_ok=True)
        copies.copy(self.path, path)
        return path

    def restore(self, backup: Path) -> list[str]:
        """Put a backup in the place of the database, under a new epoch; what is wrong with it."""
        self.close()
        self._lives += 1
        shutil.copyfile(backup, self.path)
        _, faults = copies.make_ready(self.path, "", self.clock.now)
        self._start()
        return faults

    def close(self) -> None:
        self.intake.stop()
        self.store.close()

    @contextlib.contextmanager
    def _alive(self) -> Iterator[None]:
        """Whatever a process would say after its death, nobody hears."""
        try:
            yield
        except sqlite3.OperationalError:
            if not self.has_crashed:
                raise
        if self.has_crashed and not self.hasty:
            raise Crashed

    def _start(self) -> None:
        self.has_crashed = False
        self._ticks = -1
        self.pieces = Pieces()
        self.store = Store(self.path)
        self.intake = Door(self.store, self.clock)

    def _tick(self) -> int:
        if self.has_crashed or self._ticks < 0:
            return 0
        self._ticks -= 1
        if self._ticks >= 0:
            return 0
        self._die()
        return 1

    def _die(self) -> None:
        """Keep what is on disk this very moment: a killed process leaves no more and no less."""
        self.has_crashed = True
        for ending in ("", "-wal"):
            left = self.path.with_name(self.path.name + ending)
            if left.exists():
                copy = self.folder / f"town-{self._lives + 1}.db{ending}"
                shutil.copyfile(left, copy)
