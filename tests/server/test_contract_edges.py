"""The edges of the contract: outcomes, versions and numbers where two rules meet."""

import json
from collections.abc import Iterator

import pytest

from tests.server.spine import Spine


@pytest.fixture
def spine(tmp_path) -> Iterator[Spine]:
    town = Spine(tmp_path)
    yield town
    faults = town.faults()
    town.stop()
    assert faults == []


def renumbered(raw, n):
    """What a phone makes of an unsent text when it has got a new device."""
    return json.dumps({**json.loads(raw), "n": n}, separators=(",", ":")).encode()


# ---- a phone that got a new device ---------------------------------------------------------------


def test_work_that_had_arrived_is_no_riddle_when_a_new_device_sends_it_again(spine):
    """The answer was lost, the office shut the phone out, and its owner signed in again."""
    before, after = spine.phone("worker1"), spine.phone("worker1")
    arrived = before.visit(spine.door)
    before.push(arrived)
    again = renumbered(arrived, 1)

    first = after.push(again)[0]
    second = after.push(again)[0]

    assert [(one.outcome, one.first) for one in (first, second)] == [("duplicate", "accepted")] * 2
    assert spine.rows("select count(*) as n from visit")[0]["n"] == 1
    kept = spine.rows("select state, body from quarantine")
    assert [(row["state"], bytes(row["body"])) for row in kept] == [("repeated", again)]


def test_its_number_is_filled_as_on_the_phone(spine):
    before, after = spine.phone("worker1"), spine.phone("worker1")
    arrived = before.visit(spine.door)
    before.push(arrived)
    after.push(renumbered(arrived, 1))
    next(after.numbers)

    after.push(after.visit(spine.door))

    row = spine.rows("select received, upto from device where id = :d", d=after.device_id)[0]
    assert (row["received"], row["upto"]) == (2, 2)


def test_the_new_device_learns_what_the_work_has_become(spine):
    before, after = spine.phone("worker1"), spine.phone("worker1")
    held = before.visit(spine.new_id())
    refused = before.visit(spine.far_door)
    before.push(held, refused)

    receipts = after.push(renumbered(held, 1), renumbered(refused, 2))

    assert [(one.outcome, one.first) for one in receipts] == [
        ("duplicate", "held"),
        ("duplicate", "quarantined"),
    ]
    assert receipts[1].code == "scope.outside"


@pytest.mark.parametrize("change", ["text", "device", "person"])
def test_other_words_under_a_used_id_are_still_kept_for_the_office(spine, change):
    before = spine.phone("worker1")
    arrived = before.visit(spine.door)
    before.push(arrived)
    again = json.loads(renumbered(arrived, 2))
    if change == "text":
        again["data"]["note"] = "别的话"
    sender = {
        "text": lambda: spine.phone("worker1"),
        "device": lambda: before,
        "person": lambda: spine.phone("worker2"),
    }[change]()

    receipt = sender.push(json.dumps(again).encode())[0]

    assert (receipt.outcome, receipt.code) == ("quarantined", "id.reused")
    assert [row["state"] for row in spine.rows("select state from quarantine")] == ["waiting"]
