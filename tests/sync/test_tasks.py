"""What the office decides about a visit it has looked at."""

import pytest
from msgspec.structs import replace

from sync.known import Actor
from sync.operations import ReviewApprove, ReviewReturn
from sync.records import Visit
from sync.refusals import Refusal
from sync.tasks import approve, send_back
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
