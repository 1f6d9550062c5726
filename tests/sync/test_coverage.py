"""The monthly rate, against hand-counted towns."""

import pytest
from msgspec.structs import replace

from sync.coverage import coverage, is_special_elder
from tests.sync.memory import ELDER, uid

TODAY = "2026-09-15"


@pytest.mark.parametrize(
    ("birth_on", "categories", "counts"),
    [
        pytest.param("1940-05-05", ["living_alone"], True, id="old and alone"),
        pytest.param("1966-09-15", ["living_alone"], True, id="sixty today"),
        pytest.param("1966-09-16", ["living_alone"], False, id="sixty tomorrow"),
        pytest.param("", ["empty_nest"], True, id="birth date unknown"),
        pytest.param("1980-01-01", ["severe_disability"], False, id="disabled, not old"),
        pytest.param("1940-05-05", ["veteran"], False, id="old, no difficulty"),
        pytest.param("1940-05-05", [], False, id="old"),
    ],
)
def test_who_is_on_the_register(birth_on, categories, counts):
    person = replace(ELDER, birth_on=birth_on, categories=categories)

    assert is_special_elder(person, TODAY) is counts


def test_a_month_with_hospital_away_deceased_and_everybody_else():
    people = [
        replace(ELDER, id=uid(1), last_contact_on="2026-09-01"),
        replace(ELDER, id=uid(2), last_contact_on="2026-08-31"),
        replace(ELDER, id=uid(3)),
        replace(ELDER, id=uid(4), status="hospital", last_contact_on="2026-09-10"),
        replace(ELDER, id=uid(5), status="away"),
        replace(ELDER, id=uid(6), status="institution"),
        replace(ELDER, id=uid(7), status="deceased", last_contact_on="2026-09-02"),
        replace(ELDER, id=uid(8), status="moved_out"),
        replace(ELDER, id=uid(9), categories=[]),
    ]

    found = coverage(people, TODAY)

    assert (found.reached, found.counted, found.left) == (1, 3, 2)
    assert found.apart == {"hospital": 1, "away": 1, "institution": 1}
    assert found.per_mille == 333


def test_only_everybody_is_a_hundred_percent():
    seen = [replace(ELDER, id=uid(n), last_contact_on=TODAY) for n in range(2000)]

    assert coverage([*seen, replace(ELDER, id=uid(2001))], TODAY).per_mille == 999
    assert coverage(seen, TODAY).per_mille == 1000


def test_a_town_without_old_people_has_no_rate():
    assert coverage([], TODAY).per_mille == 0
