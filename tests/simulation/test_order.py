"""F14: an update may arrive before what it updates."""

from datetime import timedelta
from itertools import permutations
from random import Random

import pytest

from server.office.page import held_before
from server.store import quarantine
from tests.simulation import network
from tests.simulation.field import NOWHERE, visit_data
from tests.simulation.town import Town

CREATE, VISIT, EDIT = 0, 1, 2
LONG = timedelta(days=6)


@pytest.fixture
def town(tmp_path):
    made = Town(0, tmp_path, out=[0])
    yield made
    made.close()


def a_newcomer(town):
    """A resident, a visit to them and a word about them, all recorded without a network."""
    [phone] = town.phones
    door = next(one for one in phone.all("household") if one["door_no"] == "201")
    now = town.backend.clock()
    person = {"household_id": door["id"], "name": "新来的", "birth_on": "1950-01-01"}
    created = phone.record(now, "resident.add", person)
    seen = {"household_id": door["id"], "type": "routine", "method": "door", "result": "met"}
    visit = phone.record(now, "visit.record", {**seen, "resident_ids": [created.id]})
    change = {"id": created.id, "changes": {"sex": "f", "relation_to_head": "spouse"}}
    edit = phone.record(now, "resident.change", change, base=1)
    return phone, (created, visit, edit)


def send(town, phone, *entries):
    body = phone.question(town.backend.clock(), 500, entries)
    return phone.hear(town.backend.request(phone.token, body).body, entries, 500)


def state(town, created, visit):
    """What the records say, without when they heard it."""
    person = town.backend.rows(
        "select name, sex, relation_to_head, last_contact_on from resident where id = :id",
        id=created.id,
    )
    door = town.backend.rows(
        "select last_result, due_on from household where door_no = :no order by id",
        no="201",
    )
    seen = town.backend.rows(
        'select "by", result, resident_ids, review from visit where id = :id', id=visit.id
    )
    return person, door, seen


@pytest.fixture(scope="module")
def in_order(tmp_path_factory):
    made = Town(0, tmp_path_factory.mktemp("in order"), out=[0])
    phone, entries = a_newcomer(made)
    send(made, phone, *entries)
    found = state(made, *entries[:2])
    made.close()
    return found


@pytest.mark.parametrize("together", [True, False])
@pytest.mark.parametrize("order", [*permutations((CREATE, VISIT, EDIT))])
def test_f14_every_order_ends_the_same(town, in_order, order, together):
    phone, entries = a_newcomer(town)
    batches = [list(order)] if together else [[one] for one in order]

    for batch in batches:
        send(town, phone, *(entries[one] for one in batch))

    assert state(town, *entries[:2]) == in_order
    town.heal()
    town.truths.settled()
    outcomes = {row["outcome"] for row in town.backend.rows("select outcome from operation")}
    assert outcomes == {"accepted"}


def test_f14_what_waits_for_a_missing_create_is_seen_and_released(town, in_order):
    phone, (created, visit, edit) = a_newcomer(town)

    told = send(town, phone, visit, edit)

    assert [one.outcome for one in told.receipts] == ["held", "held"]
    assert told.device.missing == [created.n]
    notices = {one["id"]: one for one in phone.all("notice")}
    assert {notices[one.id]["outcome"] for one in (visit, edit)} == {"held"}
    assert {notices[one.id]["state"] for one in (visit, edit)} == {"waiting"}
    assert _long_held(town) == set()

    town.backend.clock.now += LONG
    assert _long_held(town) == {visit.id, edit.id}

    send(town, phone, created)
    town.heal()
    assert _long_held(town) == set()
    assert [one["state"] for one in phone.all("notice")] == ["accepted", "accepted"]
    [person], _, [seen] = state(town, created, visit)
    assert (person["sex"], seen["result"]) == ("f", "met")
    assert state(town, created, visit)[0][0].keys() == in_order[0][0].keys()
    town.truths.settled()


def test_f14_a_visit_whose_predecessor_never_comes_is_forced_on_the_office(town):
    [phone] = town.phones
    data = visit_data(phone.all("household")[0]["id"], Random(1))
    entry = phone.record(town.backend.clock(), "visit.record", data, after=[NOWHERE])
    network.calm(town, phone)

    town.backend.clock.now += LONG

    assert _long_held(town) == {entry.id}
    town.heal()
    town.truths.settled()


def _long_held(town):
    with town.backend.store.read() as tx:
        before = held_before(town.backend.clock.now)
        return {one["id"] for one in quarantine.held_long(tx, town.backend.home, before)}
