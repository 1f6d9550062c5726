"""When a door is better left alone."""

import json
from pathlib import Path

import pytest
from msgspec import convert

from sync import care, plans, respect
from sync.records import Household, Resident

VECTORS = Path(__file__).parents[1] / "vectors"
KNOWN = json.loads((VECTORS / "respect.json").read_text(encoding="utf-8"))
CARE = json.loads((VECTORS / "care.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("case", KNOWN["cases"])
def test_advice_is_that_of_the_vectors(case):
    zone = KNOWN["community"]["timezone"]
    said = respect.advice(case["rest_until"], case["visits"], case["now"], KNOWN["community"])

    assert said == case["advice"]
    assert respect.knocks_in_week(case["visits"], case["now"][:10], zone) == case["knocks"]


def test_a_week_runs_from_monday_to_sunday_of_the_community():
    sunday, monday = "2026-09-13T15:59:59.000Z", "2026-09-13T16:00:00.000Z"
    knock = {"method": "door", "type": "routine", "withdrawn": 0, "true_at": ""}
    visits = [{**knock, "at": sunday}, {**knock, "at": monday}]

    assert respect.knocks_in_week(visits, "2026-09-20", "Asia/Shanghai") == 1
    assert respect.knocks_in_week(visits, "2026-09-13", "Asia/Shanghai") == 1
    assert respect.knocks_in_week(visits, "2026-09-15", "America/New_York") == 0


def test_the_day_of_rest_is_over_when_it_comes():
    assert respect.is_resting("2026-10-02", "2026-10-01")
    assert not respect.is_resting("2026-10-02", "2026-10-02")


@pytest.mark.parametrize("case", CARE["doors"])
def test_due_days_are_those_of_the_vectors(case):
    household = convert(case["household"], Household)
    residents = convert(case["residents"], list[Resident])
    feasts = case["festivals"]
    at = plans.plan(household, residents, CARE["intervals"], feasts, CARE["today"])

    assert at._asdict() == case["plan"]
    assert care.sign(at.interval) == case["sign"]
