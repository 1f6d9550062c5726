"""Phones behind a PIN: sealed and open forms of one operation count once, and none is lost."""

from datetime import timedelta

import pytest

from tests.simulation import history, network
from tests.simulation.network import Flying
from tests.simulation.phone import LockedOut
from tests.simulation.pins import EVERY
from tests.simulation.town import Town

WORKER1 = 0


@pytest.fixture
def town(tmp_path):
    made = Town(0, tmp_path, out=[WORKER1])
    yield made
    made.close()


@pytest.fixture
def phone(town):
    """A worker's phone behind a PIN that has just reached the server."""
    [one] = town.phones
    one.has_pin = True
    network.calm(town, one)
    return one


def visit(town, phone):
    data = {"household_id": phone.all("household")[0]["id"], "type": "routine"}
    asked = {**data, "method": "door", "result": "met", "resident_ids": []}
    return phone.record(town.backend.clock(), "visit.record", asked)


def pushed(town, phone):
    """What waits, in the form in which it goes out now."""
    return Flying(phone.token, phone.question(town.backend.clock.now, 500, phone.ready))


def test_every_order_of_sealed_and_open_counts_one_visit(town, phone):
    made = visit(town, phone)
    phone.is_locked = True
    sealed = pushed(town, phone)
    phone.is_locked = False
    plain = pushed(town, phone)
    assert b"sealed" in sealed.body and made.id.encode() not in sealed.body
    assert made.id.encode() in plain.body

    for late in (sealed, plain, sealed, plain):
        assert town.backend.request(late.token, late.body).status == 200
    town.heal()

    assert made.receipt.said == "accepted"
    assert town.backend.value("select count(*) from visit where id = :id", id=made.id) == 1
    town.truths.settled()


def test_a_locked_phone_takes_receipts_and_nothing_else(town, phone):
    made = visit(town, phone)
    before = dict(phone.cursors)
    phone.is_locked = True
    batch = phone.ready
    body = phone.question(town.backend.clock.now, 500, batch)

    network.take(town, phone, network.ask(town, phone, body), batch, 500)

    assert made.receipt.outcome == "accepted" and not phone.waiting
    assert phone.cursors == before
    town.heal()
    town.truths.settled()


def test_after_72_hours_nobody_records_but_what_waits_arrives_and_ends_it(town, phone):
    made = visit(town, phone)
    town.backend.clock.now += timedelta(hours=73)
    with pytest.raises(LockedOut):
        visit(town, phone)
    assert phone.is_locked and len(phone.entries) == 1

    network.calm(town, phone)

    assert made.sent == {"sealed"} and made.receipt.outcome == "accepted"
    visit(town, phone)
    town.heal()
    town.truths.settled()


def test_histories_send_sealed_work_in_both_forms(tmp_path):
    """So that what the thousand histories hold of PINs is not held because none of it happens."""
    forms = []
    for seed in range(0, 12 * EVERY, EVERY):
        folder = tmp_path / str(seed)
        folder.mkdir()
        town = Town(seed, folder)
        for step in history.make(seed):
            town.take(step)
        town.heal()
        forms += [one.sent for phone in town.phones for one in phone.entries.values()]
        town.close()

    assert sum("sealed" in one for one in forms) > 20
    assert sum(one == {"sealed", "open"} for one in forms) > 2
