"""A database of an earlier release shows its records with what they have now."""

import pytest

from server import shapes
from tests.server.spine import Spine


@pytest.fixture
def spine(tmp_path):
    town = Spine(tmp_path)
    yield town
    town.stop()


def test_streams_of_an_earlier_release_are_written_anew_once(spine):
    phone = spine.phone("worker1")
    phone.push(phone.visit(spine.door, resident_ids=[spine.elder]))
    assert shapes.renew(spine.intake) == 1
    with spine.store.write() as tx:
        for kind, field in (("resident", "visit_wish"), ("household", "due_method")):
            tx.run(
                f"update feed set record = json_remove(record, '$.{field}')"
                " where kind = :kind and stream like 'building:%'",
                kind=kind,
            )
        tx.run("update setting set value = 'earlier' where name = 'shapes'")
    before = spine.rows("select stream, seq from stream order by stream")
    assert len(spine.faults()) == 3

    assert shapes.renew(spine.intake) == 1

    assert spine.faults() == []
    assert spine.rows("select stream, seq from stream order by stream") != before
    again = spine.rows("select stream, seq from stream order by stream")
    assert shapes.renew(spine.intake) == 0
    assert spine.rows("select stream, seq from stream order by stream") == again
