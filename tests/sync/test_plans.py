"""What is asked of a door: when, for whom, how and why. The tables are tests/vectors/care.json."""

import pytest
from msgspec.structs import replace

from sync.care import DEFAULT_INTERVALS
from sync.plans import plan
from sync.respect import knocks_in_week
from tests.sync.memory import DOOR, ELDER, SON

TODAY = "2026-09-15"
FEASTS = [["mid_autumn", "2026-09-25"], ["spring", "2027-02-06"]]
CHILD = replace(SON, id="c", categories=["child_in_need"], last_contact_on="2026-08-10")


def at(door, people, intervals=DEFAULT_INTERVALS, festivals=(), today=TODAY):
    return plan(door, people, intervals, festivals, today)


@pytest.mark.parametrize(
    ("categories", "birth_on", "interval"),
    [
        (["living_alone"], "1940-01-01", 7),
        (["living_alone"], "1960-01-01", 15),
        (["oldest_old"], "1940-01-01", 31),
        (["living_alone", "subsistence_allowance"], "1960-01-01", 15),
        (["veteran", "party_member"], "1960-01-01", 183),
        ([], "1960-01-01", 183),
    ],
)
def test_the_smallest_interval_of_a_person_counts(categories, birth_on, interval):
    person = replace(ELDER, categories=categories, birth_on=birth_on, last_contact_on=TODAY)

    assert at(DOOR, [person]).interval == interval


def test_a_door_is_due_with_its_earliest_person():
    elder = replace(ELDER, last_contact_on="2026-09-10")
    other = replace(SON, categories=["hardship"], last_contact_on="2026-09-14")

    assert at(DOOR, [elder, other]).on == "2026-09-17"


def test_meeting_the_son_does_not_count_for_the_mother():
    mother = replace(ELDER, last_contact_on="2026-09-01")
    son = replace(SON, last_contact_on=TODAY)

    assert at(DOOR, [mother, son]).on == "2026-09-08"


def test_a_door_never_seen_is_due_from_the_day_it_was_added():
    assert at(DOOR, [ELDER]).on == "2026-01-08"


def test_someone_in_hospital_is_due_the_day_after_coming_home():
    away = replace(
        ELDER, last_contact_on="2026-09-10", status="hospital", status_until="2026-09-30"
    )

    assert at(DOOR, [away]).on == "2026-10-01"


def test_the_deceased_are_due_for_nothing():
    gone = replace(ELDER, status="deceased")

    assert at(DOOR, [gone]).interval == 183


def test_a_door_whose_people_have_gone_is_counted_from_when_they_were_last_met():
    gone = replace(ELDER, status="moved_out", last_contact_on="2026-09-01")

    assert at(DOOR, [gone]).on == "2027-03-03"


def test_the_office_may_change_an_interval():
    person = replace(ELDER, last_contact_on=TODAY)

    assert at(DOOR, [person], {**DEFAULT_INTERVALS, "high_risk_elder": 3}).on == ("2026-09-18")


def test_a_door_is_one_task_for_everybody_who_is_due_or_may_be_early():
    elder = replace(ELDER, last_contact_on="2026-09-08")
    soon = replace(CHILD, id="d", last_contact_on="2026-08-20")
    later = replace(CHILD, id="e", last_contact_on="2026-09-10")
    found = at(DOOR, [elder, CHILD, soon, later])

    assert found.on == "2026-09-10"
    assert found.residents == [CHILD.id, ELDER.id, soon.id]
    assert found.reasons == ["high_risk_elder", "child_in_need"]
    assert found.method == "door"


def test_a_third_knock_of_the_week_is_not_asked_for_by_a_third_reason():
    """Three reasons at one door are one task; the advice at the door counts its knocks."""
    elder = replace(
        ELDER,
        last_contact_on="2026-09-08",
        last_method="phone",
        event="fall",
        event_on="2026-09-14",
    )
    found = at(DOOR, [elder, CHILD], festivals=[["mid_autumn", "2026-09-22"]])

    assert found.reasons == ["fall", "mid_autumn", "high_risk_elder", "child_in_need"]
    assert (found.on, found.method) == ("2026-09-10", "door")

    seen = [replace(one, last_contact_on=TODAY, last_method="door") for one in (elder, CHILD)]
    after = at(DOOR, seen, festivals=[["mid_autumn", "2026-09-22"]])
    assert after.on > TODAY
    assert knocks_in_week([KNOCK, KNOCK], TODAY, "Asia/Shanghai") == 2


KNOCK = {
    "method": "door",
    "type": "elder_care",
    "withdrawn": 0,
    "at": "2026-09-14T02:00:00.000Z",
    "true_at": "2026-09-14T02:00:00.000Z",
}


def test_a_refusal_stops_routine_and_not_a_call_to_somebody_at_risk():
    resting = replace(DOOR, rest_until="2026-10-09", door_contact_on="2026-02-01")
    elder = replace(ELDER, last_contact_on="2026-09-08")

    assert at(resting, []).on == "2026-10-09"
    found = at(resting, [elder])
    assert (found.on, found.method, found.residents) == ("2026-09-15", "phone", [ELDER.id])


def test_contacts_after_an_event_come_at_once_and_after_three_and_seven_days():
    days, seen = [], "2026-09-01"
    for _ in range(4):
        person = replace(SON, event="discharge", event_on="2026-09-14", last_contact_on=seen)
        found = at(DOOR, [person])
        days.append((found.on, found.reasons[0]))
        seen = found.on
    assert days == [
        ("2026-09-15", "discharge"),
        ("2026-09-17", "discharge"),
        ("2026-09-21", "discharge"),
        ("2027-03-23", "ordinary"),
    ]


def test_a_festival_asks_once_and_only_for_those_seen_every_month():
    due = replace(CHILD, last_contact_on="2026-09-10")
    found = at(DOOR, [due], festivals=FEASTS)

    assert "2026-09-18" <= found.on < "2026-09-25"
    assert found.reasons[0] == "mid_autumn"
    met = replace(due, last_contact_on="2026-09-18")
    assert at(DOOR, [met], festivals=FEASTS, today="2026-09-19").on == "2026-10-19"
    rare = replace(due, categories=["hardship"])
    assert at(DOOR, [rare], festivals=FEASTS).on == "2026-12-11"
    assert at(DOOR, [due], festivals=FEASTS, today="2026-09-26").on == "2026-10-11"


@pytest.mark.parametrize(
    ("wish", "on", "method"),
    [
        ("", "2026-09-22", "either"),
        ("less", "2026-09-29", "either"),
        ("phone", "2026-09-22", "phone"),
        ("none", "2026-10-16", "phone"),
    ],
)
def test_a_wish_changes_how_often_and_by_which_way(wish, on, method):
    elder = replace(ELDER, last_contact_on=TODAY, last_method="door", visit_wish=wish)

    assert (at(DOOR, [elder]).on, at(DOOR, [elder]).method) == (on, method)
