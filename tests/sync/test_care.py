"""Who is due when."""

import pytest
from msgspec.structs import replace

from sync.care import DEFAULT_INTERVALS, age_on, due, household_categories, is_high_risk, sign
from tests.sync.memory import DOOR, ELDER, SON

TODAY = "2026-09-15"


@pytest.mark.parametrize(
    ("categories", "birth_on", "expected"),
    [
        (["living_alone"], "1946-09-15", True),
        (["living_alone"], "1946-09-16", False),
        (["empty_nest"], "1940-01-01", True),
        (["dementia"], "1980-01-01", True),
        (["oldest_old"], "1940-01-01", False),
        (["oldest_old", "living_alone"], "", True),
        (["living_alone"], "", False),
        (["hardship"], "1930-01-01", False),
    ],
)
def test_high_risk_is_eighty_and_alone_or_dementia(categories, birth_on, expected):
    assert is_high_risk(categories, birth_on, TODAY) is expected


def test_age_turns_on_the_birthday():
    assert age_on("1946-09-15", "2026-09-14") == 79
    assert age_on("1946-09-15", "2026-09-15") == 80
    assert age_on("", TODAY) == -1


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

    assert due(DOOR, [person], DEFAULT_INTERVALS, TODAY).interval == interval


def test_a_door_is_due_with_its_earliest_person():
    elder = replace(ELDER, last_contact_on="2026-09-10")
    other = replace(SON, categories=["hardship"], last_contact_on="2026-09-14")

    assert due(DOOR, [elder, other], DEFAULT_INTERVALS, TODAY).on == "2026-09-17"


def test_meeting_the_son_does_not_count_for_the_mother():
    mother = replace(ELDER, last_contact_on="2026-09-01")
    son = replace(SON, last_contact_on=TODAY)

    assert due(DOOR, [mother, son], DEFAULT_INTERVALS, TODAY).on == "2026-09-08"


def test_a_door_never_seen_is_due_from_the_day_it_was_added():
    assert due(DOOR, [ELDER], DEFAULT_INTERVALS, TODAY).on == "2026-01-08"


def test_someone_in_hospital_is_due_the_day_after_coming_home():
    away = replace(
        ELDER, last_contact_on="2026-09-10", status="hospital", status_until="2026-09-30"
    )

    assert due(DOOR, [away], DEFAULT_INTERVALS, TODAY).on == "2026-10-01"


def test_the_deceased_are_due_for_nothing():
    gone = replace(ELDER, status="deceased")

    assert due(DOOR, [gone], DEFAULT_INTERVALS, TODAY).interval == 183
    assert household_categories(DOOR, [gone], TODAY) == []


def test_a_door_whose_people_have_gone_is_counted_from_when_they_were_last_met():
    gone = replace(ELDER, status="moved_out", last_contact_on="2026-09-01")

    assert due(DOOR, [gone], DEFAULT_INTERVALS, TODAY).on == "2027-03-03"


def test_the_office_may_change_an_interval():
    person = replace(ELDER, last_contact_on=TODAY)

    assert due(DOOR, [person], {**DEFAULT_INTERVALS, "high_risk_elder": 3}, TODAY).on == (
        "2026-09-18"
    )


def test_tenants_and_empty_doors_are_categories_of_the_door():
    assert household_categories(replace(DOOR, tenure="rent"), [], TODAY) == ["tenant"]
    assert due(replace(DOOR, tenure="rent"), [], DEFAULT_INTERVALS, TODAY).interval == 92
    assert due(replace(DOOR, tenure="vacant"), [], DEFAULT_INTERVALS, TODAY).interval == 183


def test_signs_follow_the_interval():
    assert [sign(days) for days in (7, 8, 31, 32)] == ["red", "amber", "amber", "green"]
