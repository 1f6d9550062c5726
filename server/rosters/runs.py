"""Writes confirmed imports and takes them back, in pieces small enough for phones to come between.

A piece counts itself as done in its own transaction, so a run that was cut off goes on where it
ended, and two that run at once never do a piece twice.
"""

import logging
import threading
from collections.abc import Callable
from datetime import timedelta

from server.identities import Vault, WrongSecret
from server.intake import Intake
from server.intake.writing import Writing
from server.rosters import plans, steps, undoing
from server.rosters.people import device_of
from server.store import roster_steps
from server.store import rosters as rows
from server.store.rosters import Batch
from sync.operations import stamp
from sync.roster_plan import Step

log = logging.getLogger("jinlin.rosters")

AT_ONCE = 200
FORGET_AFTER = timedelta(hours=24)

Told = Callable[[int, int], None]

# All of them end in the one writer; whoever comes second finds what is left to do.
_one_at_a_time = threading.Lock()


def start(intake: Intake, vault: Vault, community_id: str, batch_id: str) -> None:
    """Run in the background; the page shows how far it has come."""
    threading.Thread(
        target=run, args=(intake, vault, community_id, batch_id), name="import", daemon=True
    ).start()


def resume(intake: Intake, secret: bytes) -> None:
    """Go on with what was begun before the server stopped."""
    with intake.store.read() as tx:
        found = rows.unfinished(tx)
    for community_id, batch_id in found:
        try:
            run(intake, Vault(secret), community_id, batch_id)
        except WrongSecret as problem:
            log.error("import %s cannot go on: %s", batch_id, problem)


def run(
    intake: Intake,
    vault: Vault,
    community_id: str,
    batch_id: str,
    told: Told = lambda done, total: None,
) -> None:
    """Do whatever is left of a batch, forth or back. Returns when it is done."""
    with _one_at_a_time:
        _run(intake, vault, community_id, batch_id, told)


def tidy(intake: Intake, community_id: str) -> None:
    """Forget previews nobody confirmed, and the way back of imports older than a day."""

    def work(writing: Writing) -> None:
        before = stamp(writing.now - FORGET_AFTER)
        for batch_id in rows.stale_previews(writing.tx, community_id, before):
            rows.move(writing.tx, community_id, batch_id, "preview", "dropped")
            rows.drop_plan(writing.tx, community_id, batch_id)
        roster_steps.drop_old(writing.tx, community_id, before)

    intake.do(community_id, work)


def _run(intake: Intake, vault: Vault, community_id: str, batch_id: str, told: Told) -> None:
    with intake.store.read() as tx:
        batch = rows.find(tx, community_id, batch_id)
        cipher = rows.plan_of(tx, community_id, batch_id)
    if batch is None or batch.state not in ("running", "undoing"):
        return
    left = plans.unlock(vault, batch_id, cipher).plan.steps if batch.state == "running" else ()
    going = True
    while going:
        batch = _piece(intake, vault, community_id, batch_id, left)
        told(batch.done, batch.total)
        going = batch.state in ("running", "undoing")


def _piece(
    intake: Intake, vault: Vault, community_id: str, batch_id: str, left: tuple[Step, ...]
) -> Batch:
    def work(writing: Writing) -> Batch:
        batch = rows.find(writing.tx, community_id, batch_id)
        assert batch is not None
        if batch.state == "running":
            _write(writing, vault, batch, left)
        elif batch.state == "undoing":
            undoing.take_back(writing, batch, AT_ONCE)
        after = rows.find(writing.tx, community_id, batch_id)
        assert after is not None
        return after

    done: Batch = intake.do(community_id, work)
    return done


def _write(writing: Writing, vault: Vault, batch: Batch, left: tuple[Step, ...]) -> None:
    tx, community_id = writing.tx, writing.community_id
    author = steps.Author(writing, batch.made_by, device_of(batch.made_by))
    piece = left[batch.done : batch.done + AT_ONCE]
    for number, step in enumerate(piece, start=batch.done):
        steps.take(author, vault, batch.id, number, step)
    done = batch.done + len(piece)
    rows.advance(tx, community_id, batch.id, batch.done, done)
    if done < len(left):
        return
    rows.move(tx, community_id, batch.id, "running", "done")
    rows.drop_plan(tx, community_id, batch.id)
    refused = roster_steps.count(tx, community_id, batch.id, "refused")
    rows.summarise(tx, community_id, batch.id, {**batch.summary, "refused": refused})
