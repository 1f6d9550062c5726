"""The end of the log damaged after a kill: what is whole stays, phones send the rest again."""

import pytest

from tests.crash.asking import push, signed
from tests.crash.senders import Phone
from tests.crash.storm import enrol

FRAME = 4096 + 24


def more_behind(log):
    """A transaction that was being written: the first of its pages, and half of the second."""
    log.write_bytes(log.read_bytes() + log.read_bytes()[32 : 32 + FRAME + FRAME // 2])


def last_page_torn(log):
    log.write_bytes(log.read_bytes()[:-100])


def last_page_flipped(log):
    flip(log, log.stat().st_size - FRAME // 2)


def middle_flipped(log):
    flip(log, 32 + FRAME * (log.stat().st_size // FRAME // 2) + 200)


def head_flipped(log):
    flip(log, 10)


def emptied(log):
    log.write_bytes(b"")


def gone(log):
    log.unlink()


def flip(log, at):
    found = bytearray(log.read_bytes())
    found[at] ^= 0xFF
    log.write_bytes(found)


LOSES = (last_page_torn, last_page_flipped, middle_flipped, head_flipped, emptied, gone)


def killed(house):
    """A phone with a dozen visits that were acknowledged one by one, by a server killed then."""
    phone = Phone(*enrol(house, "worker1"), "tail")
    house.start()
    epoch = ""
    for _ in range(12):
        phone.record("visit.record", {**VISIT, "household_id": phone.door})
        epoch = push(house, phone)[2]["epoch"]
    assert not phone.outbox
    house.kill()
    return phone, epoch, house.database.with_name("jinlin.db-wal")


VISIT = {"type": "routine", "method": "door", "result": "met", "resident_ids": []}


def test_a_torn_transaction_that_nobody_was_told_of_is_forgotten(house):
    phone, epoch, log = killed(house)
    more_behind(log)

    house.start()
    _, _, told = push(house, phone)

    assert told["epoch"] == epoch
    assert told["device"]["ledger"] == phone.code() and told["device"]["received"] == 12
    assert house.faults() == []


# Whoever opens the database first repairs it, so that one has to notice.
CASES = [*((damage, "serve") for damage in LOSES), (last_page_torn, "check")]


@pytest.mark.parametrize(("damage", "first"), CASES)
def test_phones_are_told_to_compare_when_acknowledged_work_is_gone(house, damage, first):
    phone, epoch, log = killed(house)
    damage(log)

    if first == "check":
        code, said = house.run("check")
        assert code == 0, said
    house.start()
    _, _, told = push(house, phone)
    assert told["epoch"] != epoch
    assert told["device"]["received"] < 12
    assert house.faults() == []

    phone.outbox = dict(phone.texts)
    _, _, again = push(house, phone)
    assert again["device"]["received"] == again["device"]["upto"] == 12
    assert again["device"]["ledger"] == phone.code()
    assert house.faults() == []
    assert house.ask("GET", "/today", **signed(phone))[0] == 200


def test_an_epoch_that_began_with_a_loss_lasts(house):
    phone, _, log = killed(house)
    last_page_torn(log)
    house.start()
    _, _, told = push(house, phone)
    house.kill()

    house.start()

    assert push(house, phone)[2]["epoch"] == told["epoch"]
