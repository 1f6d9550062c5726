"""The phone's own modules through fifty bad days: tests/simulation/phones."""

from tests.simulation.phones.mutants import BY_NAME
from tests.simulation.phones.pages import Played
from tests.simulation.phones.play import Table, play, tables

SEEDS = 50
MUTANT_SEEDS = 12
CHEAP = ("numbers_are_not_unique", "saved_meanwhile_is_sent", "said_too_early")


def test_f02_f03_f11_over_a_bad_network_nothing_is_lost_repeated_or_said_too_early(tmp_path):
    wrong: list[Played] = []

    def heard(played: Played) -> bool:
        wrong.extend([played] if played.wrong else [])
        return not wrong

    played = play(tables(range(SEEDS), heard), tmp_path / "town")

    assert not [one for one in played if one.wrong], wrong[0].report() if wrong else played[0]
    assert len(played) == SEEDS
    outcomes = {name for one in played for name in one.counts}
    assert outcomes == {"accepted", "held", "conflict", "quarantined"}


def test_the_simulation_finds_bugs_that_are_put_there(tmp_path):
    spread = [
        Table(
            name.replace("_", "-"),
            [1000 * at + seed for seed in reversed(range(MUTANT_SEEDS))],
            lambda played: not played.wrong,
            BY_NAME[name].patched(),
        )
        for at, name in enumerate(CHEAP)
    ]

    played = play(spread, tmp_path / "town")

    assert {one.table for one in played if one.wrong and one.seed >= 0} == {
        table.name for table in spread
    }
