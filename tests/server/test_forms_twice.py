"""A field form of a page that the server draws, sent again because no answer came: it is one."""

import uuid

import pytest

VISIT = {"type": "routine", "method": "door", "result": "met", "note": "精神好"}
ROWS = {
    "visits": ("visit", VISIT),
    "contacts": ("contact", {"name": "阿明", "relation": "son", "phone": "14000001234"}),
}


def count(town, table):
    with town.store.read() as tx:
        return tx.value(f"select count(*) from {table}")


@pytest.mark.parametrize("what", ROWS)
def test_a_form_sent_twice_is_one(town, worker, what):
    table, fields = ROWS[what]
    path = f"/households/{town.household('huang')}/{what}"
    form = {**fields, "form_id": str(uuid.uuid4())}
    before = count(town, table)

    worker.post(path, data={**form, "started_at": "2026-09-15T02:00:00.000Z"})
    town.clock.pass_(minutes=3)
    worker.post(path, data={**form, "started_at": "2026-09-15T02:02:00.000Z"})

    assert count(town, table) == before + 1


def test_the_same_form_with_other_words_is_another(town, worker):
    path = f"/households/{town.household('huang')}/visits"
    form = {**VISIT, "form_id": str(uuid.uuid4())}

    worker.post(path, data=form)
    worker.post(path, data={**form, "note": "又去了一次"})

    assert count(town, "visit") == 2


def test_nobody_takes_the_id_of_somebody_elses_form(town, worker):
    form_id = str(uuid.uuid4())
    first = f"/households/{town.household('huang')}/visits"
    second = f"/households/{town.household('zhong')}/visits"

    worker.post(first, data={**VISIT, "form_id": form_id})
    town["worker2"].post(second, data={**VISIT, "form_id": form_id})

    assert count(town, "visit") == 2
