"""What the simulation found about phones whose device was taken away (first seen in seed 28)."""

from random import Random

from server.store import devices
from tests.server.spine import Spine
from tests.simulation import network
from tests.simulation.field import visit_data
from tests.simulation.town import Town


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


def test_f19_a_restored_server_gets_what_the_earlier_device_sent(tmp_path):
    """Of two edits of one name, each under a device of its own, the later one stands."""
    town = Town(0, tmp_path, out=[0])
    [phone] = town.phones
    door = phone.all("household")[0]["id"]
    backup = town.backend.back_up("backup.db")
    visit = phone.record(town.backend.clock(), "visit.record", visit_data(door, Random(1)))
    _renames(town, phone, "黄甲")
    network.calm(town, phone)
    town.backend.do(
        lambda writing: devices.revoke(
            writing.tx, town.backend.home, phone.device, town.backend.clock.now
        )
    )
    network.calm(town, phone)
    elder = _renames(town, phone, "黄乙")
    network.calm(town, phone)
    assert len(phone.archive) == 2

    town.backend.restore(backup)
    town.heal()

    outcomes = [one.receipt.said for one in phone.entries.values()]
    assert outcomes == ["accepted"] * 3 and phone.entries[1].id == visit.id
    assert town.backend.value("select name from resident where id = :id", id=elder) == "黄乙"
    town.truths.settled()
    town.close()


def _renames(town, phone, name):
    elder = min(phone.all("resident"), key=lambda one: one["id"])
    data = {"id": elder["id"], "changes": {"name": name}}
    phone.record(town.backend.clock(), "resident.change", data, base=elder["version"])
    return elder["id"]
