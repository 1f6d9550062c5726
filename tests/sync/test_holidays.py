"""Days off by the rules and by the notice of a year, and the dates of the Chinese calendar."""

import pytest

from sync import days, festivals, holidays
from sync.holidays import OWN, Day

# As the calendar of the Purple Mountain Observatory has them (GB/T 33661): spring, Qingming,
# dragon boat, mid-autumn. The moon was new in Beijing at 23:56 on 6 February 2027 and will be at
# 0:07 on 3 February 2030: calendars that are some minutes off have spring a day beside.
OFFICIAL = [
    ("2024-02-10", "2024-04-04", "2024-06-10", "2024-09-17"),
    ("2025-01-29", "2025-04-04", "2025-05-31", "2025-10-06"),
    ("2026-02-17", "2026-04-05", "2026-06-19", "2026-09-25"),
    ("2027-02-06", "2027-04-05", "2027-06-09", "2027-09-15"),
    ("2028-01-26", "2028-04-04", "2028-05-28", "2028-10-03"),
    ("2029-02-13", "2029-04-04", "2029-06-16", "2029-09-22"),
    ("2030-02-03", "2030-04-05", "2030-06-05", "2030-09-12"),
    ("2031-01-23", "2031-04-05", "2031-06-24", "2031-10-01"),
    ("2032-02-11", "2032-04-04", "2032-06-12", "2032-09-19"),
    ("2033-01-31", "2033-04-04", "2033-06-01", "2033-09-08"),
    ("2034-02-19", "2034-04-05", "2034-06-20", "2034-09-27"),
    ("2035-02-08", "2035-04-05", "2035-06-10", "2035-09-16"),
]


@pytest.mark.parametrize("official", OFFICIAL, ids=[one[0][:4] for one in OFFICIAL])
def test_festivals_are_on_their_official_days(official):
    spring, qingming, dragon_boat, mid_autumn = official
    year = int(spring[:4])
    special = holidays.between(f"{year}-01-01", f"{year}-12-31", {})

    assert dict(festivals.of_year(year)[:3]) == {
        "spring": spring,
        "dragon_boat": dragon_boat,
        "mid_autumn": mid_autumn,
    }
    assert all(not special[on].worked for on in official)
    assert special[qingming].name == "qingming"


@pytest.mark.parametrize("year", [2025, *range(2027, 2036)])
def test_thirteen_days_of_work_a_year_are_off_by_the_rules(year):
    """Each is made up for when it falls on a weekend, or on another."""
    special = holidays.between(f"{year}-01-01", f"{year}-12-31", {})

    assert sum(is_weekday(on) for on in special) == 13


def is_weekday(on):
    return days.weekday(on) < 5


@pytest.mark.parametrize(
    ("first", "last", "off"),
    [
        # New Year's Day is a Saturday: the Monday after it is off.
        ("2028-01-01", "2028-01-07", ["2028-01-01", "2028-01-03"]),
        # Mid-autumn is the first day of October: the three days and one for it.
        (
            "2031-09-29",
            "2031-10-07",
            ["2031-10-01", "2031-10-02", "2031-10-03", "2031-10-06"],
        ),
        # From the eve on, Friday to Monday, and two days for the weekend in between.
        (
            "2027-02-01",
            "2027-02-12",
            [f"2027-02-{n:02}" for n in (5, 6, 7, 8, 9, 10)],
        ),
        ("2040-05-01", "2040-05-31", ["2040-05-01", "2040-05-02"]),
    ],
)
def test_a_day_that_falls_on_a_weekend_is_made_up_for(first, last, off):
    special = holidays.between(first, last, {})

    assert list(special) == off
    assert not any(day.worked for day in special.values())


def test_the_notice_of_a_year_moves_days():
    special = holidays.between("2026-09-15", "2026-10-15", {})

    assert [on for on, day in special.items() if day.worked] == ["2026-09-20", "2026-10-10"]
    assert special["2026-10-07"] == Day(worked=False, name="national")
    assert special["2026-09-27"].name == "mid_autumn"
    assert "2026-10-08" not in special
    assert holidays.is_announced(2026) and not holidays.is_announced(2027)


def test_what_the_office_sets_comes_before_all_and_years_follow_each_other():
    own = {"2026-12-31": False, "2027-01-01": True, "2027-01-09": True}

    special = holidays.between("2026-12-30", "2027-01-31", own)

    assert special == {
        "2026-12-31": Day(worked=False, name=OWN),
        "2027-01-01": Day(worked=True, name=OWN),
        "2027-01-09": Day(worked=True, name=OWN),
    }
