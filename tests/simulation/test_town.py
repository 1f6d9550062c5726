"""A thousand histories of a town whose network, clocks, server and roster cannot be relied on."""

import pytest

from tests.simulation import history

SEEDS = 1000
BLOCK = 20


@pytest.mark.parametrize("first", range(0, SEEDS, BLOCK))
def test_nothing_is_lost_nothing_comes_twice_and_every_replica_agrees(first):
    for seed in range(first, first + BLOCK):
        steps = history.make(seed)

        failure = history.play(seed, steps)

        assert failure is None, f"seed {seed}: {failure}\n{history.replay_hint(seed)}"
