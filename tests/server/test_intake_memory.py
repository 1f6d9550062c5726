"""What the writer remembers from one push to the next, and when it must not."""

import sqlite3
from collections.abc import Iterator

import pytest

from tests.server.spine import Spine


@pytest.fixture
def spine(tmp_path) -> Iterator[Spine]:
    town = Spine(tmp_path)
    yield town
    faults = town.faults()
    town.stop()
    assert faults == []


NOTE = "update household set event_note = '楼上' where id = ?"


def of_another_process(spine):
    other = sqlite3.connect(spine.store.path)
    other.execute(NOTE, (spine.door,))
    other.commit()
    other.close()


def beside_the_writer(spine):
    with spine.store.write() as tx:
        tx.run(NOTE.replace("?", ":id"), id=spine.door)


def by_a_job(spine):
    sql = NOTE.replace("?", ":id")
    spine.intake.do(spine.home, lambda writing: writing.tx.run(sql, id=spine.door))


@pytest.mark.parametrize("wrote", [of_another_process, beside_the_writer, by_a_job])
def test_what_somebody_else_wrote_between_two_pushes_is_seen(spine, wrote):
    phone = spine.phone("worker1")
    phone.push(phone.visit(spine.door))
    phone.push(phone.visit(spine.door))

    wrote(spine)
    phone.push(phone.visit(spine.door))

    assert spine.get("household", spine.door).event_note == "楼上"


def test_pushes_read_a_door_once(spine):
    phone = spine.phone("worker1")
    phone.push(phone.visit(spine.door))
    asked = []
    spine.intake.do(
        spine.home, lambda writing: writing.tx.connection.set_trace_callback(asked.append)
    )

    phone.push(phone.visit(spine.door))
    phone.push(phone.visit(spine.door))

    assert sum("from household" in one for one in asked) == 1


def test_a_push_that_came_to_nothing_leaves_nothing_behind(spine, monkeypatch):
    phone = spine.phone("worker1")
    phone.push(phone.visit(spine.door))
    before = spine.get("household", spine.door)
    with monkeypatch.context() as patched:
        patched.setattr("server.intake.lost.hear", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            phone.push(phone.visit(spine.door))

    assert phone.push(phone.visit(spine.door))[0].outcome == "accepted"
    assert spine.get("household", spine.door).version == before.version + 1
