"""Months of the register as they are kept: what a month came to stays, what comes late counts."""

from datetime import timedelta

import pytest

from server import months
from server.store import months as rows
from tests.server.spine import Spine, visit_data

# The clock of the spine begins in the middle of September 2026.
SEPTEMBER, OCTOBER, NOVEMBER = "2026-09", "2026-10", "2026-11"


@pytest.fixture
def spine(tmp_path):
    town = Spine(tmp_path)
    yield town
    assert town.faults() == []
    town.stop()


def month(spine, which):
    community = spine.get("community", spine.home)
    with spine.store.read() as tx:
        today = spine.clock.now.date().isoformat()
        return months.month_of(tx, community, which, today)


def meet(spine, phone, **changes):
    data = visit_data(spine.door, resident_ids=[spine.elder], **changes)
    return phone.send("visit.record", data)


def pass_days(spine, n):
    spine.clock.now += timedelta(days=n)


def test_a_month_that_is_over_stays_whatever_becomes_of_its_people(spine):
    phone = spine.phone("worker1")
    meet(spine, phone)
    pass_days(spine, 20)
    meet(spine, phone)
    assert month(spine, OCTOBER)[0].contacts == 1
    pass_days(spine, 30)

    assert months.keep(spine.intake, spine.home) == 1

    kept = month(spine, OCTOBER)
    assert [(one.resident_id, one.apart, one.contacts) for one in kept] == [(spine.elder, "", 1)]
    meet(spine, phone, result="deceased")
    assert months.keep(spine.intake, spine.home) == 1
    assert month(spine, OCTOBER) == kept
    assert month(spine, NOVEMBER) == []


def test_the_month_in_which_visits_begin_is_not_kept(spine):
    meet(spine, spine.phone("worker1"))
    pass_days(spine, 20)

    assert months.keep(spine.intake, spine.home) == 0

    assert month(spine, SEPTEMBER) == []


def test_a_visit_that_arrives_late_counts_in_its_month(spine):
    phone = spine.phone("worker1")
    meet(spine, phone)
    pass_days(spine, 35)
    made = phone.record("visit.record", visit_data(spine.door, resident_ids=[spine.elder]))
    pass_days(spine, 15)
    months.keep(spine.intake, spine.home)
    assert month(spine, OCTOBER)[0].seen_on == ""

    phone.push(made)
    months.keep(spine.intake, spine.home)

    assert month(spine, OCTOBER)[0].seen_on == "2026-10-20"


def test_after_five_weeks_nothing_is_entered_any_more(spine):
    phone = spine.phone("worker1")
    meet(spine, phone)
    pass_days(spine, 35)
    made = phone.record("visit.record", visit_data(spine.door, resident_ids=[spine.elder]))
    pass_days(spine, 15)
    months.keep(spine.intake, spine.home)
    pass_days(spine, 36)

    phone.push(made)
    months.keep(spine.intake, spine.home)

    assert month(spine, OCTOBER)[0].seen_on == ""
    with spine.store.read() as tx:
        assert rows.kept(tx, spine.home) == {OCTOBER, NOVEMBER}


def test_a_month_counted_late_says_so():
    assert not months.was_late(OCTOBER, "2026-11-01")
    assert not months.was_late(OCTOBER, "2026-11-03")
    assert months.was_late(OCTOBER, "2026-11-04")
