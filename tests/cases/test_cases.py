"""A few hundred cases of the API; `make soak` asks twenty thousand."""

import pytest

from tests.server import everything, town

FEW = 150


@pytest.fixture
def running(tmp_path):
    made, full, run = (tmp_path / name for name in ("made", "full", "run"))
    for one in (made, full, run):
        one.mkdir()
    from tests.cases.cases import SETTINGS

    path, names = everything.make(town.make(made), full)
    with everything.run(path, run, **SETTINGS) as served:
        yield served, names


def test_whatever_is_sent_is_answered_as_the_document_says(running):
    from tests.cases.cases import PEOPLE, Cases  # takes a second, which only this test needs

    served, names = running
    cases = Cases(served, names["hongmian"])

    cases.play(FEW, seed=1)

    asked = {(method, path) for method, path, *_ in cases.answered}
    assert len(asked) > 10 and cases.answered.total() > FEW
    for who in PEOPLE:
        assert cases.answered[("POST", "/sync", who, 200)] > 3, who
