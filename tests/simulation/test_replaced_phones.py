"""What the simulation found about phones whose device was taken away (first seen in seed 28)."""

from tests.server.spine import Spine


def test_work_that_keeps_its_number_on_a_new_device_fills_it_there(tmp_path):
    """The answer was lost, the device shut out: nothing was answered for, so all is sent anew."""
    spine = Spine(tmp_path)
    old, new = spine.phone("worker1"), spine.phone("worker1")
    first, second = old.visit(spine.door), old.visit(spine.door, result="not_home")
    old.push(first, second)

    receipts = new.push(first, second)

    assert [one.outcome for one in receipts] == ["duplicate", "duplicate"]
    ledgers = spine.rows("select received, upto, head from device where received = 2")
    assert len(ledgers) == 2 and ledgers[0] == ledgers[1]
    assert spine.faults() == []
    spine.stop()


def test_bytes_kept_for_the_office_fill_their_number_on_a_new_device(tmp_path):
    spine = Spine(tmp_path)
    worker, old, new = (spine.phone("worker1") for _ in range(3))
    once = worker.visit(spine.door)
    worker.push(once)
    other = once.replace(b"met", b"not_home")
    old.push(other)

    [receipt] = new.push(other)

    assert (receipt.outcome, receipt.code) == ("duplicate", "id.reused")
    assert len(spine.rows("select id from device where upto = 1")) == 3
    assert spine.faults() == []
    spine.stop()
