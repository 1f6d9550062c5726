"""Deliberate bugs, put into the running process only, to see whether the simulation bites."""

import itertools
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import nullcontext
from typing import Any

import msgspec
import pytest

from server.intake import Intake, receiving, writing
from server.intake import issues as telling
from server.intake.decisions import Decisions
from server.intake.waiting import Waiting
from server.seals import Seals
from server.store import alert_reach, feed, people, system, windows
from server.store.database import Tx
from server.store.feed import Feed
from server.store.ledgers import Ledgers
from sync import checkups, doors, duties, followups, issues, ladder, newest, scope
from sync.merge import Merged, merge
from sync.operations import open_envelope
from tests.simulation.backend import Backend
from tests.simulation.phone import Phone
from tests.simulation.wire import Receipt

Patch = pytest.MonkeyPatch
MUTATIONS: dict[str, Callable[[Patch], None]] = {}


def mutation(work: Callable[[Patch], None]) -> Callable[[Patch], None]:
    MUTATIONS[work.__name__] = work
    return work


# On the phone


@mutation
def a_sent_entry_leaves_the_outbox_without_a_receipt(patch: Patch) -> None:
    asking = Phone.question

    def question(self: Phone, now: Any, limit: int, batch: Any) -> bytes:
        body = asking(self, now, limit, batch)
        for one in batch:
            one.receipt, one.epoch = Receipt(one.id, one.n, "accepted", {}), self.epoch
        return body

    patch.setattr(Phone, "question", question)


@mutation
def a_locked_phone_moves_its_cursors(patch: Patch) -> None:
    hearing = Phone.hear

    def hear(self: Phone, body: bytes, batch: Any, limit: int) -> Any:
        heard = hearing(self, body, batch, limit)
        if self.is_locked:
            self.cursors.update(dict.fromkeys(heard.cursors, 10**9))
        return heard

    patch.setattr(Phone, "hear", hear)


@mutation
def what_comes_sealed_is_other_work(patch: Patch) -> None:
    opening = Seals.opened

    def opened(self: Seals, element: bytes) -> bytes:
        inside = opening(self, element)
        return inside if inside is element else inside.replace(b'"id": "0', b'"id": "1', 1)

    patch.setattr(Seals, "opened", opened)


@mutation
def a_phone_keeps_what_was_deleted(patch: Patch) -> None:
    storing = Phone._store
    patch.setattr(
        Phone,
        "_store",
        lambda self, records, one: (
            None if bytes(one.record) == b"null" else storing(self, records, one)
        ),
    )


@mutation
def a_phone_keeps_a_building_that_it_lost(patch: Patch) -> None:
    patch.setattr(Phone, "_erase", lambda self, streams: None)


@mutation
def a_phone_sends_nothing_again_after_a_restore(patch: Patch) -> None:
    patch.setattr(Phone, "_take_up_again", lambda self, heard: None)


@mutation
def a_phone_forgets_what_its_earlier_device_sent(patch: Patch) -> None:
    patch.setattr(Phone, "_gather", lambda self, heard: None)


# Between phone and server


@mutation
def receipts_are_sent_before_the_commit(patch: Patch) -> None:
    pushing = Intake.pushed

    def push(self: Intake, asked: Any) -> list[Any]:
        try:
            return pushing(self, asked).result()
        except Tx.trouble:
            named = [open_envelope(raw) for raw in asked.operations]
            return [receiving.Receipt(one.id, one.n, "accepted", {}) for one in named if one]

    patch.setattr(Intake, "pushed", _at_once(push))
    patch.setattr(Backend, "hasty", True)


@mutation
def a_repeated_operation_is_taken_for_a_new_one(patch: Patch) -> None:
    pushing, seen, numbers = Intake.pushed, set(), itertools.count(1)

    def renamed(raw: bytes) -> bytes:
        if raw not in seen:
            seen.add(raw)
            return raw
        fields = {**msgspec.json.decode(raw), "id": f"0199dddd-0000-7000-8000-{next(numbers):012x}"}
        return msgspec.json.encode({**fields, "n": fields["n"] + 1000})

    def push(self: Intake, asked: Any) -> list[Any]:
        again = asked._replace(operations=[renamed(raw) for raw in asked.operations])
        told = zip(asked.operations, pushing(self, again).result(), strict=True)
        named = ((open_envelope(raw), receipt) for raw, receipt in told)
        return [
            msgspec.structs.replace(receipt, id=one.id, n=one.n) if one else receipt
            for one, receipt in named
        ]

    patch.setattr(Intake, "pushed", _at_once(push))


@mutation
def a_page_is_cut_between_rows_of_one_number(patch: Patch) -> None:
    serving = Backend.serve

    def serve(self: Backend, person: Any, body: bytes) -> bytes:
        found, asked = msgspec.json.decode(serving(self, person, body)), msgspec.json.decode(body)
        rows, rest = found["changes"][: asked["limit"]], found["changes"][asked["limit"] :]
        before = {**dict.fromkeys(found["cursors"], 0), **asked["cursors"]}
        for stream in {one["stream"] for one in rest}:
            reached = [one["seq"] for one in rows if one["stream"] == stream]
            found["cursors"][stream] = max(reached, default=before[stream])
        return msgspec.json.encode({**found, "changes": rows, "more": found["more"] or bool(rest)})

    patch.setattr(Backend, "serve", serve)


@mutation
def a_restore_keeps_the_epoch(patch: Patch) -> None:
    patch.setattr(system, "set_epoch", lambda tx, value: None)


def _at_once(push: Callable[[Intake, Any], list[Any]]) -> Callable[[Intake, Any], Future[Any]]:
    def pushed(self: Intake, asked: Any) -> Future[Any]:
        done: Future[Any] = Future()
        done.set_result(push(self, asked))
        return done

    return pushed


# In the store


@mutation
def a_failed_operation_is_not_undone(patch: Patch) -> None:
    saving = Tx.savepoint
    patch.setattr(
        Tx,
        "savepoint",
        lambda self, name="one_operation": (
            nullcontext() if name == "one_operation" else saving(self, name)
        ),
    )


@mutation
def a_number_is_given_out_twice(patch: Patch) -> None:
    """As when it is read before the transaction begins."""
    flushing = Feed.flush

    def flush(self: Feed, **how: Any) -> dict[str, int]:
        numbers = flushing(self, **how)
        for stream, seq in numbers.items():
            if seq % 5 == 0:
                self.tx.run("update stream set seq = seq - 1 where stream = :s", s=stream)
        return numbers

    patch.setattr(Feed, "flush", flush)


@mutation
def a_move_leaves_a_copy_behind(patch: Patch) -> None:
    showing = Feed.show
    patch.setattr(Feed, "show", lambda self, record, before=None: showing(self, record))


@mutation
def a_thirteenth_visit_stays_on_the_phones(patch: Patch) -> None:
    patch.setattr(windows, "WINDOW_VISITS", windows.WINDOW_VISITS + 1)


@mutation
def the_ledger_skips_a_number(patch: Patch) -> None:
    entering = Ledgers.enter

    def enter(self: Ledgers, device: str, n: int, *more: Any) -> None:
        if n % 4:
            entering(self, device, n, *more)

    patch.setattr(Ledgers, "enter", enter)


# In the rules


@mutation
def the_clock_of_a_phone_is_believed(patch: Patch) -> None:
    patch.setattr(writing, "shifted", lambda at, offset: at)


@mutation
def a_dispute_is_forgotten(patch: Patch) -> None:
    patch.setattr(Decisions, "open_dispute", lambda self, operation, one, sender: None)


@mutation
def the_last_writer_wins(patch: Patch) -> None:
    patch.setattr(doors, "merge", lambda record, stamps, changes, *by: Merged(dict(changes), {}))


@mutation
def a_late_lower_number_overwrites_a_higher_one(patch: Patch) -> None:
    def forgetful(record: Any, stamps: Any, changes: Any, base: int, device: str, n: int) -> Any:
        others = {name: one for name, one in stamps.items() if one.device != device}
        return merge(record, others, changes, base, device, n)

    patch.setattr(doors, "merge", forgetful)


@mutation
def what_waited_is_not_released(patch: Patch) -> None:
    patch.setattr(Waiting, "release", lambda self, settled: None)


@mutation
def a_handed_over_building_stays_in_scope(patch: Patch) -> None:
    asking = people.buildings_now

    def buildings_now(tx: Tx, community: str, person: str, today: str) -> list[str]:
        past = tx.tuples(
            "select building_id from person_building where person_id = :p and from_on <= :d",
            p=person,
            d=today,
        )
        return sorted({*asking(tx, community, person, today), *(one for (one,) in past)})

    patch.setattr(people, "buildings_now", buildings_now)


@mutation
def whoever_lost_a_building_is_refused(patch: Patch) -> None:
    asking = people.actor
    patch.setattr(people, "actor", lambda *who: asking(*who)._replace(held_before=frozenset()))


@mutation
def a_second_flag_opens_a_second_followup(patch: Patch) -> None:
    placing = followups._place_for
    patch.setattr(
        followups,
        "_place_for",
        lambda person, visit_id, item, here: placing(person, visit_id, item, {}),
    )


@mutation
def a_step_taken_after_the_end_is_lost(patch: Patch) -> None:
    taking = ladder.take_step
    patch.setattr(
        ladder,
        "take_step",
        lambda *taken: [one for one in taking(*taken) if one.status == "open"],  # type: ignore[attr-defined]
    )


@mutation
def the_last_word_about_a_building_counts(patch: Patch) -> None:
    patch.setattr(duties, "_earlier", max)


@mutation
def what_is_said_of_a_warning_that_is_over_is_lost(patch: Patch) -> None:
    keeping = alert_reach.add
    patch.setattr(
        alert_reach,
        "add",
        lambda tx, home, events: keeping(tx, home, [e for e in events if e.edition < 2]),
    )


@mutation
def what_comes_late_is_not_put_in_its_place(patch: Patch) -> None:
    patch.setattr(checkups, "_from_the_start", lambda person, items, visits, known: (visits, items))
    patch.setattr(newest, "newer", lambda items, name, item: {**items, name: item})


@mutation
def what_is_for_the_office_alone_is_told(patch: Patch) -> None:
    patch.setattr(feed, "outside", lambda record: record)
    patch.setattr(scope, "outside", lambda record: record)


@mutation
def a_step_about_an_issue_that_ended_is_lost(patch: Patch) -> None:
    adding = issues.with_entries
    patch.setattr(
        issues,
        "with_entries",
        lambda issue, added, calendar: adding(issue, () if issue.ended_at else added, calendar),
    )


@mutation
def who_joins_an_issue_is_told_nothing(patch: Patch) -> None:
    patch.setattr(telling, "readers", lambda issue: [issue.by])
