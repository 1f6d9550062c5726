"""A thousand phones come home at once. Prints figures; what must be right is asserted."""

import shutil

import pytest

from tests.bench.storm import shim
from tests.bench.storm.__main__ import client_alone, show, storm
from tests.bench.storm.client import CONNECTIONS
from tests.bench.storm.place import make_phones, make_town

PHONES, VISITS = 1000, 50
SLOWER_MS = 10


@pytest.fixture(scope="module")
def town(tmp_path_factory):
    """The demo community in full."""
    folder = tmp_path_factory.mktemp("town")
    make_town(folder)
    return folder


@pytest.fixture
def run(town, tmp_path):
    def once(slow):
        shutil.copy(town / "jinlin.db", tmp_path / "jinlin.db")
        phones = make_phones(tmp_path, PHONES, VISITS)
        alone = client_alone(tmp_path, phones, CONNECTIONS)
        result = storm(tmp_path, phones, CONNECTIONS, slow)
        print(f"\n{PHONES} phones × {VISITS} visits {slow}")
        show(result, PHONES * VISITS, alone)
        assert result.push.wrong == result.pull.wrong == []
        assert result.push.outcomes["accepted"] == PHONES * VISITS
        assert result.push.outcomes["duplicate"] == PHONES * VISITS // 20
        assert result.faults == ""
        return result

    return once


def test_a_storm(run):
    run({})


def test_a_storm_on_a_slow_disk(run, tmp_path):
    """With so much more in every fsync, beside the same without."""
    slow = shim.build(tmp_path, SLOWER_MS)
    if not slow:
        print("\nno C compiler: the slow disk was left out")
        return
    quick, slowed = run({}), run(slow)
    print(f"{SLOWER_MS} ms more in every fsync: {quick.push.seconds / slowed.push.seconds:.2f}")
