"""When the office is asked, with numbers of a community's own."""

from collections import Counter
from datetime import timedelta

import pytest

from sync import review_rules as rules
from sync import visits
from sync.refusals import Refusal
from tests.asking import uid
from tests.sync.memory import NOON, known, town
from tests.sync.test_visits import data


def questions(at=NOON, own=None, **changes):
    (found, *_) = visits.record(uid(100), data(**changes), known(town(), at=at, **(own or {})))
    return found.questions


@pytest.mark.parametrize(
    ("own", "minutes", "asked"),
    [
        ({}, 511, ["time.late"]),
        ({}, 510, []),
        ({"time.late": 1300}, 520, []),
        ({"time.late": 0}, 600, []),
        ({}, -181, ["time.early"]),
        ({"time.early": 0}, -181, []),
    ],
)
def test_hours_of_knocking(own, minutes, asked):
    assert questions(NOON + timedelta(minutes=minutes), own) == asked


@pytest.mark.parametrize(("own", "asked"), [({}, ["result.refused"]), ({"result.refused": 0}, [])])
def test_a_result_is_asked_about_unless_its_rule_is_off(own, asked):
    assert questions(own=own, result="refused") == asked


@pytest.mark.parametrize(
    ("code", "value"),
    [("flag.now", 0), ("pace.series", 1), ("sample", 101), ("unknown", 1), ("time.late", 1440)],
)
def test_what_no_rule_can_be(code, value):
    assert not rules.fits(code, value)
    with pytest.raises(Refusal):
        rules.checked({code: value})


def test_what_is_as_usual_is_not_its_own():
    assert rules.checked({"pace.doors": 25, "sample": 0}) == {"sample": 0}


def test_a_share_of_visits_is_sampled_and_always_the_same():
    ids = [uid(number) for number in range(10_000)]
    found = Counter(rules.is_sampled(one, 2) for one in ids)

    assert 150 <= found[True] <= 250
    assert {one for one in ids if rules.is_sampled(one, 2)} <= {
        one for one in ids if rules.is_sampled(one, 5)
    }
    assert not any(rules.is_sampled(one, 0) for one in ids)
    assert all(rules.is_sampled(one, 100) for one in ids)
