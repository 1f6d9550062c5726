"""Who does not answer and is seen every week is looked for until somebody says what came of it."""

import pytest
from msgspec.structs import replace

from sync.ladder import OUTCOMES
from sync.operations import instant
from sync.refusals import Missing
from tests import asking, looked_for
from tests.sync.asking import apply
from tests.sync.memory import DOOR, NOON, MemoryTown, known, town, uid
from tests.sync.test_checkups import DAY, HOUR

SEEDS = range(300)


def followups(here):
    return [one for (kind, _), one in here.held.items() if kind == "followup"]


def weekly():
    return town(replace(DOOR, interval=7))


def knock(here, number, result="no_answer", at=NOON, **more):
    data = {"household_id": DOOR.id, "type": "elder_care", "method": "door", "resident_ids": []}
    apply(here, number, "visit.record", {**data, "result": result, **more}, at)


def take(here, number, step, at=NOON, visit=100, **more):
    apply(here, number, "ladder.step", {"visit_id": uid(visit), "step": step, **more}, at)


def case(here):
    (one,) = followups(here)
    return one


def test_nobody_answering_opens_a_case_of_the_door_with_two_hours():
    here = weekly()

    knock(here, 100)

    one = case(here)
    assert (one.item, one.level, one.resident_id, one.status) == ("no_answer", "now", "", "open")
    assert (one.opened_at[11:16], one.due_at[11:16]) == ("04:00", "06:00")


def test_where_nobody_is_seen_every_week_no_case_opens():
    here = town(replace(DOOR, interval=31))

    knock(here, 100)

    assert followups(here) == []


@pytest.mark.parametrize("result", ["not_home", "rescheduled", "wrong_info"])
def test_what_says_nothing_of_them_ends_nothing(result):
    here = weekly()
    knock(here, 100)

    knock(here, 101, result, NOON + HOUR)

    assert case(here).status == "open"


@pytest.mark.parametrize("result", OUTCOMES)
def test_a_case_ends_with_an_outcome_and_a_name(result):
    here = weekly()
    knock(here, 100)

    knock(here, 101, result, NOON + HOUR)

    one = case(here)
    assert (one.status, one.result, one.closed_by) == ("closed", OUTCOMES[result], "周晓岚")
    assert (one.closed_at[11:16], one.done_visit_id) == ("05:00", uid(101))


def test_the_next_time_nobody_answers_is_another_case():
    here = weekly()
    knock(here, 100)
    knock(here, 101, "met", NOON + HOUR)

    knock(here, 102, at=NOON + DAY)

    assert sorted(one.status for one in followups(here)) == ["closed", "open"]


def test_each_step_is_kept_in_the_order_of_its_time_with_who_was_dialled():
    here = weekly()
    knock(here, 100)

    take(here, 110, "contact", NOON + HOUR / 2, who="黄志强（儿子）")
    take(here, 111, "self", NOON + HOUR / 60)

    assert [(one["step"], one["who"], one["at"][11:16]) for one in case(here).steps] == [
        ("self", "", "04:01"),
        ("contact", "黄志强（儿子）", "04:30"),
    ]


def test_a_step_opens_the_case_that_only_a_phone_knew_of():
    here = town(replace(DOOR, interval=31))
    knock(here, 100)

    take(here, 110, "110")

    assert [one["step"] for one in case(here).steps] == ["110"]
    assert case(here).status == "open"


def test_a_step_waits_for_its_visit():
    with pytest.raises(Missing):
        take(weekly(), 110, "self")


@pytest.mark.parametrize("seed", SEEDS)
def test_whatever_happens_no_step_is_lost_and_one_case_at_most_is_open(seed):
    here = MemoryTown(*asking.town())
    made = looked_for.history(seed)

    for one in made:
        asking.follow(here, one)

    cases = followups(here)
    taken = [step["id"] for one in cases for step in one.steps]
    assert sorted(taken) == sorted(one["id"] for one in made if one["kind"] == "ladder.step")
    opened = [one for one in cases if one.status == "open"]
    assert len(opened) <= 1
    visits = known(here).visits(asking.DOOR.id)
    for one in opened:
        last = max(entry["at"] for entry in one.entries)
        later = [v for v in visits if v.true_at > last and not v.withdrawn]
        assert not [v for v in later if v.result in OUTCOMES]
    for one in cases:
        if one.result != "withdrawn" and one.status == "closed":
            assert one.closed_by
            assert instant(one.closed_at)
