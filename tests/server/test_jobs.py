"""What the server does by itself at night."""

from datetime import timedelta

import pytest

from server import jobs
from tests.server.spine import Spine, visit_data


@pytest.fixture
def spine(tmp_path):
    town = Spine(tmp_path)
    yield town
    town.stop()


def shown(spine, kind):
    return spine.rows(
        "select id from feed where kind = :kind and record is not null order by id", kind=kind
    )


def test_visits_leave_the_phones_after_half_a_year_and_stay_with_the_office(spine):
    phone = spine.phone("worker1")
    phone.push(phone.visit(spine.door))
    spine.clock.now += timedelta(days=181)
    phone.push(phone.visit(spine.door))

    assert jobs.age_visits(spine.intake, spine.home) == 1
    assert jobs.age_visits(spine.intake, spine.home) == 0

    assert len(shown(spine, "visit")) == 1
    assert spine.rows("select count(*) as n from visit") == [{"n": 2}]
    assert spine.faults() == []


def test_a_birthday_moves_a_door_overnight(spine):
    added = spine.submit(
        "resident.add",
        {
            "household_id": spine.far_door,
            "name": "吴惠琼",
            "birth_on": "1946-09-20",
            "categories": ["living_alone"],
        },
    )
    assert spine.get("household", spine.far_door).interval == 15
    spine.clock.now += timedelta(days=6)

    assert jobs.renew_doors(spine.intake, spine.home) == 1

    household = spine.get("household", spine.far_door)
    assert (household.interval, household.due_category) == (7, "high_risk_elder")
    assert added.outcome == "accepted"
    assert jobs.renew_doors(spine.intake, spine.home) == 0


def test_settled_notices_leave_and_open_ones_stay(spine):
    phone = spine.phone("worker1")
    for _ in range(2):
        refused = phone.send("visit.record", visit_data(spine.far_door))
    spine.submit("quarantine.decide", {"key": refused.id, "decision": "refuse"})
    spine.clock.now += timedelta(days=61)

    assert jobs.age_notices(spine.intake, spine.home) == 1

    assert len(shown(spine, "notice")) == 1


def test_the_whole_night_runs(spine):
    jobs.every_night(spine.intake)

    assert spine.faults() == []
