"""Who is on the register of older people in special difficulty."""

import pytest
from msgspec.structs import replace

from sync.coverage import is_special_elder
from tests.sync.memory import ELDER

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
