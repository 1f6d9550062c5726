"""The demo history is valid work, with a few things left to look at."""

import re
from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import msgspec
import pytest

from server.demo.history import Entry, history
from server.demo.ids import minted_at
from server.demo.storms import storms_of
from server.demo.town import build
from sync import operations
from sync.followups import flagged_id
from sync.issue_raising import id_of
from sync.refusals import Refusal
from sync.visits import ASKED_RESULTS
from tests.server.telling import TODAY, Told, Work, tell

CREATES = (
    "building.add",
    "household.add",
    "resident.add",
    "contact.add",
    "visit.record",
    "alert.contact",
    "task.add",
    "pairing.add",
    "issue.raise",
    "issue.call",
    # Where it is to be looked at again, closing makes a task of the same name.
    "followup.close",
)


@pytest.fixture(scope="module")
def told() -> Told:
    return tell()


def named_ids(data: Any) -> Iterator[str]:
    """Every id an operation names, however deep."""
    if isinstance(data, dict):
        for key, value in data.items():
            if isinstance(value, str) and (key == "id" or key.endswith("_id")):
                if key not in ("grid_id", "department_id"):
                    yield value
            elif key.endswith("_ids"):
                yield from value
            else:
                yield from named_ids(value)


def flagged(work: Work) -> set[str]:
    """Under which names what must follow from the answers of a visit may be known."""
    return {
        flagged_id(work.entry.id, one["resident_id"], f"{one['checklist_id']}.{question}")
        for one in work.data.get("checkups", [])
        for question in one["answers"]
    }


def test_every_device_numbers_its_work_without_a_gap(told: Told) -> None:
    by_device: dict[str, list[Entry]] = defaultdict(list)
    for work in told.works:
        by_device[work.entry.device_id].append(work.entry)

    for entries in by_device.values():
        assert [one.n for one in entries] == list(range(1, len(entries) + 1))
        assert [one.at_ms for one in entries] == sorted(one.at_ms for one in entries)
        assert len({one.person_id for one in entries}) == 1


def test_ids_are_unique_and_carry_their_time(told: Told) -> None:
    ids = [work.entry.id for work in told.works]
    pattern = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")

    assert len(set(ids)) == len(ids)
    assert all(pattern.fullmatch(one) for one in ids)
    assert all(minted_at(work.entry.id) == work.entry.at_ms for work in told.works)


def test_the_text_of_an_operation_says_what_its_entry_says(told: Told) -> None:
    for work in told.works[::50]:
        envelope = msgspec.json.decode(work.entry.raw)
        assert (envelope["id"], envelope["n"]) == (work.entry.id, work.entry.n)
        assert envelope["kind"] == work.entry.kind
        assert envelope["at"].endswith("+08:00")
        assert datetime.fromisoformat(envelope["at"]) == work.at


def test_what_an_operation_names_arrived_before_it(told: Told) -> None:
    arrived = {one.id for one in told.town.people} | {one.id for one in storms_of(told.town)}
    disputes = set()
    for work in told.works:
        if work.entry.kind == "dispute.decide":
            disputes.add(work.data["id"])
            continue
        unknown = [one for one in named_ids(work.data) if one not in arrived]
        assert unknown == [], work
        if work.entry.kind in CREATES:
            arrived |= {work.entry.id, id_of(work.entry.id)}
        asked_for = flagged(work)
        arrived |= asked_for | {id_of(one) for one in asked_for}
    assert len(disputes) == 9


def test_all_but_two_operations_fit_the_protocol(told: Told) -> None:
    misfits = []
    for work in told.works:
        envelope = operations.open_envelope(work.entry.raw)
        assert envelope is not None
        try:
            operations.understand(envelope)
        except Refusal as refusal:
            misfits.append(refusal.code)

    assert sorted(misfits) == ["data.misfit", "kind.unknown"]


def test_two_visits_were_made_in_a_grid_of_somebody_else(told: Told) -> None:
    withdrawn, too_long = 8, 1

    assert len(told.of("visit.record")) - len(told.visits) == withdrawn + too_long + 2
    assert len(told.of("visit.withdraw")) == withdrawn


def test_twelve_visits_wait_for_the_office(told: Told) -> None:
    asked = {
        work.entry.id
        for work in told.visits
        if work.data["result"] in ASKED_RESULTS
        or (work.data["method"] == "door" and work.clock > "20:30")
    }
    asked |= {work.data["id"] for work in told.of("visit.correct")}
    asked |= {
        work.entry.id for work in told.of("alert.contact") if work.data["outcome"] == "no_answer"
    }
    settled = {work.data["id"] for work in told.of("review.approve")}
    returned = {work.data["id"] for work in told.of("review.return")}
    answered = {work.data["id"] for work in told.of("visit.correct")}

    assert settled <= asked
    assert len(asked - settled - returned) == 12
    assert len(returned - answered) == 2


def test_fourteen_edits_met_an_edit_of_the_office(told: Told) -> None:
    edits: dict[str, list[Work]] = defaultdict(list)
    for work in told.of("contact.change") + told.of("resident.change"):
        if "verified_on" not in work.data["changes"]:
            edits[work.data["id"]].append(work)

    assert len(edits) == 14
    for office, visitor in edits.values():
        assert office.entry.person_id != visitor.entry.person_id
        assert office.entry.at_ms > visitor.entry.at_ms
        field = next(iter(visitor.data["changes"]))
        assert office.data["changes"][field] != visitor.data["changes"][field]
        for work in (office, visitor):
            assert msgspec.json.decode(work.entry.raw)["base"] == 1


def test_wishes_are_mostly_fulfilled(told: Told) -> None:
    wished = {work.entry.id for work in told.visits if "followup" in work.data}
    visits = {work.entry.id for work in told.visits}
    closed = {work.data["id"] for work in told.of("followup.close")} & visits
    answered = {one for work in told.visits for one in work.data.get("task_ids", [])}
    tasks = {work.entry.id: work.data for work in told.of("task.add")}
    open_tasks = [data for one, data in tasks.items() if one not in answered]

    assert closed < wished
    assert len(wished - closed) == 3
    assert set(tasks) > answered - {work.entry.id for work in told.of("followup.close")}
    assert [one["due_on"] for one in open_tasks] == [TODAY.isoformat()] * 2
    assert all(one["reason"].startswith("请今天看看") for one in open_tasks)


def test_what_was_reported_is_told_in_words_that_name_nobody(told: Told) -> None:
    names = {one.name for one in told.town.residents} | {one.name for one in told.town.people}
    raised = told.of("issue.raise")
    words = [work.data["text"] for work in raised]
    words += [work.data.get("words", "") for work in told.of("issue.step")]

    assert len(raised) > 40
    assert len(set(words)) > 80
    assert not [one for one in words if any(name in one for name in names)]
    assert max(work.at for work in raised).date() < TODAY


def test_notes_name_nobody_and_nothing_holds_an_id_number(told: Told) -> None:
    names = {one.name for one in told.town.residents} | {one.name for one in told.town.people}
    notes = {work.data["note"] for work in told.of("visit.record") if "note" in work.data}

    assert len(notes) > 50
    assert not [note for note in notes if any(name in note for name in names)]
    assert not any(re.search(rb"\d{15}", work.entry.raw) for work in told.works)


def test_the_same_seed_tells_the_same_history_to_the_byte() -> None:
    town = build(300, today=TODAY, seed=7)
    first = list(history(town))

    assert list(history(build(300, today=TODAY, seed=7))) == first
    assert list(history(build(300, today=TODAY, seed=8))) != first
