"""The one door for writes: pushes of phones and forms of the office, gathered into transactions."""

import logging
import queue
import threading
from collections.abc import Callable
from concurrent.futures import Future
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

import msgspec
import uuid_utils

from server.intake import lost
from server.intake.receiving import Receipt, Sender
from server.intake.writing import Writing
from server.store import trouble
from server.store.database import Store, Tx
from server.store.oplog import Logged

__all__ = ["Clock", "Form", "Intake", "Push", "Receipt", "Work"]

log = logging.getLogger("jinlin.intake")

Clock = Callable[[], datetime]

# Operations that wait together share one commit; more would let a lone tap wait too long.
MAX_TOGETHER = 2000
STOP_WAIT_S = 10


class Push(NamedTuple):
    """A phone's batch as it arrived: bytes of operations and what the phone said about itself.

    `report` is None when it said nothing this time; what it said before then stands.
    """

    sender: Sender
    operations: list[bytes]
    report: dict[str, Any] | None


class Form(NamedTuple):
    """One tap in a page drawn by the server.

    `id` is what the page was given when it was drawn: the same form sent twice applies once.
    `proposes`: what is refused is kept for the office, as if a phone had sent it.
    """

    community_id: str
    person_id: str
    device_id: str
    kind: str
    data: Any
    base: int | None = None
    replaces: str = ""
    id: str = ""
    proposes: bool = False


Work = Callable[[Writing], Any]


class _Job(NamedTuple):
    community_id: str
    work: Work
    done: "Future[Any]"
    seeding: bool = False
    is_push: bool = False
    weight: int = 1


class Intake:
    """A single writer thread. A future resolves only after its work is committed."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self.store = store
        self.clock = clock
        self._listeners: list[Callable[[str, dict[str, int]], None]] = []
        self._jobs: queue.SimpleQueue[_Job | None] = queue.SimpleQueue()
        # What the last transaction knew, by community, and what tells that nobody wrote since.
        self._kept: dict[str, Writing] = {}
        self._last_write = 0, 0
        self._thread = threading.Thread(target=self._run, name="intake", daemon=True)
        self._thread.start()

    def listen(self, heard: Callable[[str, dict[str, int]], None]) -> None:
        """Be told (community, new numbers by stream) after each commit that moved any."""
        self._listeners.append(heard)

    def push(self, push: Push) -> list[Receipt]:
        """Receipts in the order of the operations, after they are on disk."""
        return self.pushed(push).result()

    def pushed(self, push: Push) -> "Future[list[Receipt]]":
        """The same for whoever has other things to do meanwhile."""
        job = _Job(
            push.sender.community_id,
            lambda writing: _receive(writing, push),
            Future(),
            is_push=True,
            weight=max(len(push.operations), 1),
        )
        self._put(job)
        return job.done

    def submit(self, form: Form) -> Receipt:
        """Apply one form. Raises Refusal, and then nothing is kept."""
        receipt: Receipt = self.do(form.community_id, lambda writing: _submit(writing, form))
        return receipt

    def do(self, community_id: str, work: Work) -> Any:
        """Run work in the next write transaction and wait for the commit."""
        return self.later(community_id, work).result()

    def later(self, community_id: str, work: Work) -> "Future[Any]":
        done: Future[Any] = Future()
        self._put(_Job(community_id, work, done))
        return done

    def seed(self, community_id: str, work: Work) -> Any:
        """Like `do`, for thousands of operations at once: the feed is written at the end.

        `work` calls `writing.receive(raw, sender)` for each; senders carry their own times.
        """
        done: Future[Any] = Future()
        self._put(_Job(community_id, work, done, seeding=True))
        return done.result()

    def stop(self) -> None:
        """Finish what waits, then end the writer."""
        self._jobs.put(None)
        self._thread.join(STOP_WAIT_S)
        self._turn_away()

    def _put(self, job: _Job) -> None:
        self._jobs.put(job)
        self._turn_away()

    def _turn_away(self) -> None:
        """Who comes after the writer has ended must not wait for ever."""
        while not self._thread.is_alive():
            try:
                late = self._jobs.get_nowait()
            except queue.Empty:
                return
            if late is not None:
                late.done.set_exception(RuntimeError("the writer has ended"))

    def _run(self) -> None:
        while (job := self._jobs.get()) is not None:
            jobs = [job]
            stopping = False
            while sum(one.weight for one in jobs) < MAX_TOGETHER and not self._jobs.empty():
                another = self._jobs.get()
                if another is None:
                    stopping = True
                    break
                jobs.append(another)
            self._together(jobs)
            if stopping:
                return

    def _together(self, jobs: list[_Job]) -> None:
        """One transaction for all jobs, their rows written at its end. When the tables refuse a
        row then, all are done again, each with its own rows, and a job that fails is undone alone.
        """
        for apart in (False, True):
            answers: list[tuple[_Job, Any, BaseException | None]] = []
            moved: dict[str, dict[str, int]] = {}
            shared, self._kept = self._kept, {}
            try:
                with self.store.write() as tx:
                    self._go_on(tx, shared)
                    for job in jobs:
                        answers.append(self._one(tx, job, shared, moved, apart=apart))
                    tx.pour()
                    last_write = tx.last_write()
            except Exception as problem:  # noqa: BLE001 nobody is told that anything was kept
                log.error("write transaction failed: %s", problem)
                if apart or trouble.cause(problem):
                    for job in jobs:
                        job.done.set_exception(problem)
                    return
                continue
            self._kept, self._last_write = shared, last_write
            break
        for job, answer, failure in answers:
            if failure is None:
                job.done.set_result(answer)
            else:
                job.done.set_exception(failure)
        for community_id, numbers in moved.items():
            self._announce(community_id, numbers)

    def _go_on(self, tx: Tx, shared: dict[str, Writing]) -> None:
        """Keep what the last pushes knew, unless somebody else wrote since."""
        if shared and self._last_write != tx.last_write():
            shared.clear()
        for writing in shared.values():
            writing.go_on(tx, self.clock())

    def _announce(self, community_id: str, numbers: dict[str, int]) -> None:
        for heard in self._listeners:
            try:
                heard(community_id, numbers)
            except Exception:  # a listener that went away takes no writer with it
                log.exception("a listener failed")

    def _one(
        self,
        tx: Tx,
        job: _Job,
        shared: dict[str, Writing],
        moved: dict[str, dict[str, int]],
        *,
        apart: bool,
    ) -> tuple[_Job, Any, BaseException | None]:
        """One job in a savepoint. Pushes share what they read; a push that fails is tried again
        with nothing put aside, so that the rest of it arrives."""
        home = job.community_id
        if not job.is_push:
            shared.clear()
        writing = shared.get(home) or Writing(tx, home, self.clock(), seeding=job.seeding)
        if job.is_push:
            shared[home] = writing
        try:
            answer = self._attempt(tx, job, writing, apart=apart or not job.is_push)
        except Exception as problem:
            if trouble.cause(problem):
                raise  # the disk or the lock, not the work: the whole transaction fails with it
            shared.clear()
            if not job.is_push or isinstance(problem, Tx.trouble):
                return job, None, problem
            return self._one_by_one(tx, job, problem, moved)
        moved.setdefault(home, {}).update(writing.moved)
        return job, answer, None

    def _one_by_one(
        self, tx: Tx, job: _Job, why: Exception, moved: dict[str, dict[str, int]]
    ) -> tuple[_Job, Any, BaseException | None]:
        log.error("a push is taken in one by one", exc_info=why)
        writing = Writing(tx, job.community_id, self.clock(), careful=True)
        try:
            answer = self._attempt(tx, job, writing, apart=True)
        except Exception as problem:
            if trouble.cause(problem):
                raise
            return job, None, problem
        moved.setdefault(job.community_id, {}).update(writing.moved)
        return job, answer, None

    def _attempt(self, tx: Tx, job: _Job, writing: Writing, *, apart: bool) -> Any:
        with tx.savepoint("one_job"):
            answer = job.work(writing)
            writing.finish()
            if apart:
                tx.pour()
        return answer


def make_operation(
    kind: str,
    data: Any,
    n: int,
    at: datetime,
    base: int | None = None,
    replaces: str = "",
    operation_id: str = "",
) -> bytes:
    """The text of an operation that the server itself records."""
    envelope: dict[str, Any] = {
        "id": operation_id or str(uuid_utils.uuid7()),
        "n": n,
        "kind": kind,
        "at": at.isoformat(timespec="milliseconds"),
    }
    if base is not None:
        envelope["base"] = base
    if replaces:
        envelope["replaces"] = replaces
    envelope["data"] = data
    return msgspec.json.encode(envelope)


def _receive(writing: Writing, push: Push) -> list[Receipt]:
    sender = push.sender
    first = writing.receive_all(push.operations, sender)
    lost.hear(writing, sender, push.report)
    writing.ledgers.see(
        sender.device_id,
        sender.received_at,
        round(sender.offset / timedelta(milliseconds=1)),
        push.report,
    )
    return [_as_it_stands(writing, receipt) for receipt in first]


def _as_it_stands(writing: Writing, receipt: Receipt) -> Receipt:
    """A held operation that was released within the same request is answered as applied."""
    if receipt.id is None or receipt.n is None:
        return receipt
    if receipt.outcome == "held":
        return writing.receipt(receipt.id, receipt.n)
    if receipt.first == "held":
        return writing.repeated(receipt.id, receipt.n)
    return receipt


def _submit(writing: Writing, form: Form) -> Receipt:
    known = writing.log.find(form.id) if form.id else None
    if known is not None and _is_same(known, form):
        return writing.receipt(known.id, known.n)
    operation_id = "" if known else form.id
    n = writing.ledgers.next_number(form.device_id)
    raw = make_operation(
        form.kind, form.data, n, writing.now, form.base, form.replaces, operation_id
    )
    sender = Sender(form.community_id, form.person_id, form.device_id, writing.now, timedelta(0))
    return writing.receive(raw, sender) if form.proposes else writing.apply_now(raw, sender)


def _is_same(known: Logged, form: Form) -> bool:
    """The same form sent again. Sent again with other words, it is another form."""
    if known.person_id != form.person_id or known.kind != form.kind:
        return False
    said, says = msgspec.json.decode(known.body)["data"], msgspec.to_builtins(form.data)
    return bool({**said, **_TIMES} == {**says, **_TIMES})


# When a form was opened and saved makes it no other form.
_TIMES = {"started_at": "", "ended_at": ""}


def now_utc() -> datetime:
    """The clock of a running server."""
    return datetime.now(UTC)
