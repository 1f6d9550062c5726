"""A history is the same whenever it is played, and what fails is told in few steps."""

from tests.simulation import __main__ as command
from tests.simulation import history
from tests.simulation.mutations import MUTATIONS


def test_a_seed_always_makes_the_same_history():
    assert history.make(7) == history.make(7) != history.make(8)


def test_a_failure_is_shrunk_kept_and_played_again(monkeypatch, tmp_path, capsys):
    asked = ["--seeds", "1", "--from", "1", "--jobs", "1", "--keep", str(tmp_path)]
    assert command.main(asked) == 0
    history.play(0, [])
    MUTATIONS["the_ledger_skips_a_number"](monkeypatch)

    assert command.main(asked) == 1

    [kept] = tmp_path.iterdir()
    assert command.main(["--replay", str(kept)]) == 1
    said = capsys.readouterr().out
    assert "1 seeds from 1: 1 failed" in said and "--replay" in said
    steps = kept.read_text("utf-8").count("[") - 1
    assert 1 <= steps <= 12

    monkeypatch.undo()
    assert command.main(["--replay", str(kept)]) == 0
