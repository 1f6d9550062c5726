"""What must hold of every plan, over doors where everything happens at once."""

import random
from typing import Any

import pytest

from sync import plans
from sync.care import ATTENTION_DAYS, PAUSED, age_on, is_active
from tests import random_doors

CASES = [random_doors.case(random.Random(seed)) for seed in range(1500)]
PLANNED = [
    (case, random_doors.planned(case)) for case in CASES if case["household"]["status"] == "active"
]


def asks(case: dict[str, Any], person: Any) -> list[plans.Ask]:
    household, _ = random_doors.records(case)
    return plans.of_person(person, household, case["intervals"], case["festivals"], case["today"])


def test_only_who_is_still_there_is_asked_for():
    for case, plan in PLANNED:
        _, people = random_doors.records(case)
        assert set(plan.residents) <= {one.id for one in people if is_active(one)}, case


def test_nobody_is_due_before_they_are_back():
    for case, _ in PLANNED:
        _, people = random_doors.records(case)
        for one in people:
            if one.status in PAUSED and one.status_until:
                assert all(ask.on > one.status_until for ask in asks(case, one)), case


def test_somebody_of_whom_nobody_knows_when_they_are_back_is_called():
    for case, _ in PLANNED:
        _, people = random_doors.records(case)
        for one in people:
            if one.status in PAUSED and not one.status_until:
                assert {ask.method for ask in asks(case, one)} <= {"phone"}, case


def test_a_festival_contact_is_made_before_the_festival():
    for case, _ in PLANNED:
        _, people = random_doors.records(case)
        coming = {code: on for code, on in case["festivals"][::-1] if on >= case["today"]}
        for one in filter(is_active, people):
            for ask in asks(case, one):
                assert ask.reason not in coming or ask.on < coming[ask.reason], case


def test_nobody_knocks_at_a_door_that_refused_before_its_rest_is_over():
    for case, plan in PLANNED:
        rest_until = case["household"]["rest_until"]
        if rest_until > max(plan.on, case["today"]):
            assert plan.method == "phone" and plan.interval <= ATTENTION_DAYS, case


def test_who_wishes_to_be_telephoned_is_knocked_at_for_nothing():
    for case, _ in PLANNED:
        _, people = random_doors.records(case)
        for one in people:
            if one.visit_wish in ("phone", "none"):
                assert {ask.method for ask in asks(case, one)} <= {"phone"}, case


@pytest.mark.parametrize("today", ["2027-02-28", "2028-02-28", "2028-02-29", "2028-03-01"])
def test_who_was_born_on_a_leap_day_is_eighty_the_day_after_in_other_years(today):
    assert age_on("1948-02-29", today) == {"2027-02-28": 78, "2028-02-28": 79}.get(today, 80)
    assert age_on("1947-03-01", today) == {"2028-03-01": 81, "2027-02-28": 79}.get(today, 80)
