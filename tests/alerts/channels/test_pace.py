"""How often a robot may speak."""

import pytest

from server.alerts.channels.pace import Pace, Rate

RATES = (Rate(5, 1.0), Rate(100, 60.0))


@pytest.fixture
def pace():
    return Pace()


def test_the_sixth_within_a_second_waits_for_the_first_to_leave(pace):
    waits = [pace.take("a", RATES, 1, 1000 + n / 10) for n in range(6)]

    assert waits[:5] == [0] * 5
    assert waits[5] == pytest.approx(0.5)
    assert pace.take("a", RATES, 1, 1001.01) == 0


def test_the_minute_holds_as_well(pace):
    for n in range(100):
        assert pace.take("a", RATES, 1, 1000 + n / 2) == 0

    assert pace.take("a", RATES, 1, 1050) == pytest.approx(10)


def test_any_minute_has_no_more_than_its_count(pace):
    said, now = [], 1000.0
    while now < 1400:
        if pace.take("a", (Rate(20, 60.0),), 3, now) == 0:
            said += [now] * 3
        now += 0.7

    assert max(sum(at - 60 < one <= at for one in said) for at in said) <= 20
    assert len(said) >= 6 * 18


def test_parts_of_one_message_go_together_or_not_at_all(pace):
    assert pace.take("a", RATES, 3, 1000) == 0
    assert pace.take("a", RATES, 3, 1000.2) == pytest.approx(0.8)
    assert pace.take("a", RATES, 2, 1000.2) == 0


def test_robots_do_not_wait_for_each_other(pace):
    assert pace.take("a", RATES, 5, 1000) == 0
    assert pace.take("b", RATES, 5, 1000) == 0


def test_a_robot_that_was_told_to_wait_is_silent_until_then(pace):
    pace.silence("a", 600, 1000)

    assert pace.take("a", RATES, 1, 1300) == 300
    assert pace.take("b", RATES, 1, 1300) == 0
    assert pace.take("a", RATES, 1, 1600) == 0


def test_a_clock_set_back_silences_nobody(pace):
    pace.take("a", RATES, 5, 9000)
    pace.silence("b", 600, 9000)

    assert pace.take("a", RATES, 5, 1000) == 0
    assert pace.take("b", RATES, 5, 1000) == 0
