"""A server killed again and again in a storm: what it acknowledged is there, and nothing twice."""

import pytest

from tests.crash.storm import Storm

KILLS = 5


@pytest.mark.parametrize("seed", (1, 2))
def test_a_storm_with_kills_loses_nothing_and_doubles_nothing(nursery, made_town, tmp_path, seed):
    storm = Storm(nursery, made_town, tmp_path / "data", seed)
    try:
        storm.run(KILLS)
        storm.heal()
        storm.assert_once()
    finally:
        storm.house.kill()
    print(storm.summary())
