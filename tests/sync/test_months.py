"""Months of the register, against months counted by hand."""

import pytest
from msgspec.structs import replace

from sync.care import DEFAULT_INTERVALS
from sync.months import Meeting, punctuality, standing, total
from tests.sync.memory import ELDER, uid

SEPTEMBER, LAST = "2026-09", "2026-09-30"
AUGUST_VISIT = Meeting("2026-08-20", "door")


def stands(person=ELDER, meetings=(), until=LAST, **more):
    return standing(person, SEPTEMBER, until, meetings, DEFAULT_INTERVALS, **more)


def test_scenario_7_a_month_counted_by_hand():
    """Ten people: 6 on the register and here, of whom 4 were reached; 4 apart; others no part."""
    alone = replace(
        ELDER, categories=["living_alone"], birth_on="1955-03-03", added_on="2026-01-01"
    )
    met = [AUGUST_VISIT, Meeting("2026-09-10", "phone"), Meeting("2026-09-24", "door")]
    people = {
        "met twice": (alone, met, False),
        "telephoned on the last day": (alone, [Meeting("2026-09-30", "phone")], False),
        "not seen": (alone, [AUGUST_VISIT], False),
        "turned sixty on the last day": (replace(alone, birth_on="1966-09-30"), [], False),
        "turned eighty, met before": (
            replace(alone, birth_on="1946-09-20"),
            [AUGUST_VISIT, Meeting("2026-09-12", "door")],
            False,
        ),
        "moved in and met": (
            replace(alone, added_on="2026-09-29"),
            [Meeting("2026-09-29", "door")],
            False,
        ),
        "in hospital, met before": (replace(alone, status="hospital"), met, False),
        "in an institution": (replace(alone, status="institution"), [], False),
        "away into October": (
            replace(alone, status="away", status_until="2026-10-03"),
            [],
            False,
        ),
        "declined in writing": (alone, [], True),
        "died in September, met before": (replace(alone, status="deceased"), met, False),
        "moved out": (replace(alone, status="moved_out"), [], False),
        "sixty in October": (replace(alone, birth_on="1966-10-01"), met, False),
        "moved in in October": (replace(alone, added_on="2026-10-01"), [], False),
        "young and disabled": (
            replace(alone, birth_on="1990-01-01", categories=["severe_disability"]),
            met,
            False,
        ),
    }
    found = [
        stands(replace(person, id=uid(n)), meetings, refused_in_writing=refused)
        for n, (person, meetings, refused) in enumerate(people.values())
    ]

    summed = total(one for one in found if one is not None)

    assert (summed.counted, summed.reached, summed.left) == (6, 4, 2)
    assert summed.apart == {"away": 1, "hospital": 1, "institution": 1, "refused": 1}
    assert summed.per_mille == 666
    # Who is eighty on the last day is to be seen every week, and was met once, at the door.
    assert (summed.weekly, summed.weekly_at_door) == (1, 1)


def test_whoever_came_back_before_the_last_day_counts():
    back = replace(ELDER, status="away", status_until="2026-09-12", added_on="2026-01-01")

    assert stands(back).apart == ""
    assert stands(back, until="2026-09-12").apart == "away"


def test_how_often_a_weekly_elder_was_met_at_the_door():
    weekly = replace(
        ELDER, birth_on="1940-05-05", categories=["living_alone"], added_on="2026-01-01"
    )
    meetings = [
        Meeting("2026-08-30", "door"),
        Meeting("2026-09-05", "phone"),
        Meeting("2026-09-12", "door"),
        Meeting("2026-09-19", "video"),
        Meeting("2026-09-25", "door"),
    ]

    summed = total([stands(weekly, meetings)])

    assert (summed.weekly, summed.weekly_at_door) == (4, 2)
    assert (summed.on_time, summed.due) == (4, 4)


@pytest.mark.parametrize(
    ("seen_on", "expected"),
    [
        pytest.param(["2026-08-25", "2026-09-05"], (1, 2), id="early, and then never again"),
        pytest.param(["2026-08-25", "2026-09-09", "2026-09-24"], (2, 2), id="twice on its day"),
        pytest.param(["2026-08-25", "2026-09-16"], (0, 1), id="a week late, next one not yet due"),
        pytest.param(["2026-08-25"], (0, 1), id="due and not made"),
        pytest.param(["2026-09-01", "2026-09-16", "2026-09-30"], (2, 2), id="all month"),
        pytest.param(["2026-09-20"], (0, 0), id="due in October"),
        pytest.param(["2026-09-15"], (0, 0), id="due on a last day that is not over"),
        pytest.param(["2026-09-15", "2026-10-01"], (0, 1), id="due on the last day, made after it"),
        pytest.param(["2026-07-01", "2026-09-16"], (0, 0), id="fell due long before"),
        pytest.param([], (0, 0), id="nobody ever came"),
    ],
)
def test_what_fell_due_and_was_made_by_its_day(seen_on, expected):
    """Every fortnight and a day, through September."""
    assert punctuality(seen_on, 15, "2026-09-01", "2026-09-30") == expected
