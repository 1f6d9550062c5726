"""Warnings of the night: households sleep, and who tells them does, unless it cannot wait."""

from datetime import timedelta

import pytest

from tests.server.storms import duty, hand_in, settle, storm, the_alert

MORNING = "2026-09-15T23:00:00.000Z"


@pytest.fixture
def night(town):
    """Eleven in the evening."""
    settle(town)
    town.clock.pass_(hours=13)
    return town


def beginning(text, at):
    onset = at.isoformat(timespec="seconds")
    return text.replace("<expires>", f"<onset>{onset}</onset><expires>")


def test_nobody_sleeps_past_two_hours_before_it_begins(night, clock):
    hand_in(night["office1"], beginning(storm(night), clock.now + timedelta(hours=5)))

    assert the_alert(night).from_at == "2026-09-15T18:00:00.000Z"
    assert duty(night, "leader1").asked_at == the_alert(night).from_at
    assert duty(night, "chief").asked_at == the_alert(night).started_at


def test_an_update_that_cannot_wait_wakes_those_who_were_to_sleep(night, clock):
    hand_in(night["office1"], storm(night, hours="12"))
    assert the_alert(night).from_at == MORNING
    clock.pass_(minutes=30)

    update = storm(night, "b", msgType="Update", refers="a", hours="12")
    hand_in(night["office1"], beginning(update, clock.now + timedelta(hours=1)))

    assert the_alert(night).from_at == "2026-09-15T15:30:00.000Z"
    assert duty(night, "leader1").asked_at == "2026-09-15T15:30:00.000Z"


def test_the_end_wakes_no_leader(night, clock):
    hand_in(night["office1"], storm(night, hours="12"))
    clock.pass_(hours=1)

    hand_in(night["office1"], storm(night, "c", msgType="Cancel", refers="a"))

    assert duty(night, "leader1").asked_at == MORNING
    assert duty(night, "chief").asked_at < MORNING


def test_a_wider_yellow_asks_leaders_in_the_morning_and_staff_at_once(night, clock):
    hand_in(night["office1"], storm(night, colour="蓝", hours="12"))
    clock.pass_(hours=1)

    hand_in(night["office1"], storm(night, "b", msgType="Update", refers="a", hours="12"))

    assert duty(night, "leader1").edition == duty(night, "chief").edition == 2
    assert duty(night, "leader1").asked_at == MORNING
    assert duty(night, "chief").asked_at < MORNING
