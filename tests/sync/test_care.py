"""Categories of people and doors, and how often each is seen."""

import pytest
from msgspec.structs import replace

from sync.care import age_on, household_categories, is_high_risk, sign
from tests.sync.memory import DOOR, ELDER

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


def test_the_deceased_count_for_nothing():
    assert household_categories(DOOR, [replace(ELDER, status="deceased")], TODAY) == []


def test_tenants_and_empty_doors_are_categories_of_the_door():
    assert household_categories(replace(DOOR, tenure="rent"), [], TODAY) == ["tenant"]
    assert household_categories(replace(DOOR, tenure="vacant"), [], TODAY) == ["vacant"]


def test_signs_follow_the_interval():
    assert [sign(days) for days in (7, 8, 31, 32)] == ["red", "amber", "amber", "green"]
