"""What is behind one door is found without walking the community, however empty the tables."""

import pytest

from server.store.database import Store
from server.store.records import _OF_HOUSEHOLD


@pytest.mark.parametrize("kind", sorted(_OF_HOUSEHOLD))
def test_what_is_behind_a_door_is_found_by_its_door(tmp_path, kind):
    store = Store(tmp_path / "jinlin.db")
    asked = f"explain query plan {_OF_HOUSEHOLD[kind]}"

    with store.read() as tx:
        plan = tx.tuples(asked, community="one", household="a door")
    with store.write() as tx:
        again = tx.tuples(asked, community="one", household="a door")
    store.close()

    assert f"USING INDEX {kind}_by_household" in plan[0][3]
    assert again == plan


def test_opening_a_database_again_writes_no_figures_twice(tmp_path):
    for _ in range(2):
        store = Store(tmp_path / "jinlin.db")
        with store.read() as tx:
            rows = tx.tuples("select tbl, idx from sqlite_stat1")
        store.close()
        assert len(set(rows)) == len(rows) > 40
