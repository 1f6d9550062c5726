"""What the office decides about a visit it has looked at, and takes back."""

import pytest
from msgspec.structs import replace

from sync.known import Actor
from sync.operations import ReviewApprove, ReviewReopen, ReviewReturn
from sync.records import Visit
from sync.refusals import Refusal
from sync.reviews import approve, reopen, send_back
from tests.sync.memory import BUILDING, DOOR, known, town, uid

OFFICE = Actor(uid(60), "麦咏诗", "office", uid(61), frozenset(), frozenset())
WAITING = Visit(
    id=uid(70),
    version=3,
    household_id=DOOR.id,
    building_id=BUILDING.id,
    by=uid(40),
    at="2026-09-15T02:00:00.000Z",
    type="routine",
    method="door",
    result="refused",
    review="waiting",
    questions=["result.refused"],
)


def test_a_visit_is_approved_as_it_was_seen():
    (after,) = approve(ReviewApprove(id=WAITING.id), known(town(WAITING), OFFICE), 3)

    assert after.review == "approved"


@pytest.mark.parametrize("base", [1, 2, 4])
def test_a_visit_that_changed_meanwhile_is_not_decided(base):
    here = known(town(WAITING), OFFICE)

    with pytest.raises(Refusal, match=r"review\.changed"):
        approve(ReviewApprove(id=WAITING.id), here, base)
    with pytest.raises(Refusal, match=r"review\.changed"):
        send_back(ReviewReturn(id=WAITING.id, reason="缺备注"), here, base)


def test_a_visit_is_decided_once():
    done = replace(WAITING, review="approved")

    with pytest.raises(Refusal, match=r"review\.not_waiting"):
        approve(ReviewApprove(id=done.id), known(town(done), OFFICE), 3)


@pytest.mark.parametrize("decided", ["approved", "returned"])
def test_what_was_decided_waits_again_with_its_questions(decided):
    done = replace(WAITING, review=decided, returned_reason="缺备注", returned_field="note")

    (after,) = reopen(ReviewReopen(id=done.id), known(town(done), OFFICE), 3)

    assert (after.review, after.questions) == ("waiting", ["result.refused"])
    assert (after.returned_reason, after.returned_field) == ("", "")


@pytest.mark.parametrize(
    ("changes", "base", "code"),
    [
        ({"review": "waiting"}, 3, "review.not_decided"),
        ({"review": "none", "questions": []}, 3, "review.not_decided"),
        # the office corrected what nobody had asked about: that was no decision
        ({"review": "approved", "questions": []}, 3, "review.not_decided"),
        ({"review": "approved", "withdrawn": 1}, 3, "visit.withdrawn"),
        ({"review": "approved"}, 2, "review.changed"),
    ],
)
def test_what_is_not_decided_or_changed_since_is_not_taken_back(changes, base, code):
    here = known(town(replace(WAITING, **changes)), OFFICE)

    with pytest.raises(Refusal, match=code.replace(".", r"\.")):
        reopen(ReviewReopen(id=WAITING.id), here, base)
