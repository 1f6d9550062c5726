"""Ten thousand deeds about issues, from phones that are mostly offline and from the office."""

from random import Random

import pytest

from tests.simulation import issuing, network
from tests.simulation.cast import PHONES
from tests.simulation.history import quiet
from tests.simulation.town import Town

DEEDS = 10_000
# Some turns are several deeds.
TURNS = 6_700
# How often somebody does something, and how seldom a phone finds its network.
CHANCES = {"work on": 900, "decide": 70, "raise": 12, "exchange": 16, "calm": 2}


@pytest.mark.parametrize("seed", [1])
def test_a_walk_of_ten_thousand_steps_ends_in_one_state_everywhere(seed, tmp_path):
    chance = Random(seed)
    with quiet():
        town = Town(seed, tmp_path, out=range(len(PHONES)))
        for name in chance.choices(list(CHANCES), list(CHANCES.values()), k=TURNS):
            step(town, name, Random(chance.getrandbits(40)))
        town.heal()
        town.truths.settled()
        deeds = town.backend.value("select count(*) from operation where kind like 'issue.%'")
        town.close()

    assert deeds > DEEDS


def step(town, name, chance):
    match name:
        case "work on":
            issuing.work_on(town, chance)
        case "decide":
            issuing.decide(town, chance)
        case "raise":
            issuing.raise_one(town, chance)
        case "exchange":
            network.exchange(town, town.anyone(chance), chance)
        case "calm":
            network.calm(town, town.anyone(chance))
