"""The simulation can fail: deliberate bugs are each caught within a thousand seeds."""

import pytest

from tests.simulation import history
from tests.simulation.mutations import MUTATIONS

WITHIN = 1000


@pytest.mark.parametrize("name", MUTATIONS)
def test_a_deliberate_bug_is_caught(name, monkeypatch):
    history.play(0, [])  # the town is made by the program as it is
    MUTATIONS[name](monkeypatch)

    played = (history.play(seed, history.make(seed)) for seed in range(WITHIN))
    caught = next((failure for failure in played if failure is not None), None)

    assert caught is not None and caught.promise, caught
