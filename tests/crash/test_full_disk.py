"""A disk that takes nothing in: said in words, nothing acknowledged, and over by itself."""

import json
from urllib.parse import urlencode

import pytest

from tests.crash.asking import is_unavailable, push, signed
from tests.crash.disks import DISKS
from tests.crash.senders import Phone
from tests.crash.storm import enrol
from tests.server.town import PASSWORD, SECRET

FORM = {"Content_Type": "application/x-www-form-urlencoded"}
VISIT = urlencode({"type": "routine", "method": "door", "result": "met"}).encode()
LONG_AGO = "2020-01-01T00:00:00.000Z"


@pytest.fixture
def disk(request, nursery, made_town, tmp_path):
    """A disk that is told to be full, or where the test asks for it a real one."""
    way = getattr(request, "param", "limited")
    with DISKS[way](nursery, made_town, tmp_path) as made:
        yield made


@pytest.fixture
def worker(disk):
    phone = Phone(*enrol(disk.house, "worker1"), "full disk")
    disk.house.start(environment={"JINLIN_SECRET": SECRET.decode()})
    phone.act()
    push(disk.house, phone)
    assert not phone.outbox
    return phone


def counted(house):
    (row,) = house.rows("select count(*) as count from operation")
    return row["count"]


@pytest.mark.parametrize("disk", DISKS, indirect=True)
def test_a_push_is_refused_whole_and_arrives_once_there_is_room(disk, worker):
    house, before = disk.house, counted(disk.house)
    disk.fill()
    for _ in range(5):
        worker.act()

    assert is_unavailable(push(house, worker))
    assert is_unavailable(push(house, worker))
    assert len(worker.outbox) == 5 and counted(house) == before
    status, _, told = push(house, Phone(worker.token, worker.device, worker.door, "nothing new"))
    assert status == 200 and told["device"]["received"] == 1

    disk.free()
    status, _, told = push(house, worker)
    assert status == 200 and {one["outcome"] for one in told["receipts"]} == {"accepted"}
    assert told["device"]["ledger"] == worker.code()
    assert counted(house) == before + 5 and house.faults() == []


def test_pages_are_shown_and_forms_say_that_they_were_not_kept(disk, worker):
    house, visits = disk.house, f"/households/{worker.door}/visits"
    disk.fill()

    for path in ("/today", f"/households/{worker.door}", "/buildings", "/signin", "/up"):
        assert house.ask("GET", path, **signed(worker))[0] in (200, 302), path
    answer = house.ask("POST", visits, VISIT, **FORM, **signed(worker))
    assert is_unavailable(answer) and "没有保存" in answer[2].decode()
    answer = house.ask("POST", visits, VISIT, HX_Request="true", **FORM, **signed(worker))
    assert is_unavailable(answer) and answer[2].decode().startswith('<div id="refusal"')

    disk.free()
    assert house.ask("POST", visits, VISIT, **FORM, **signed(worker))[0] == 303
    assert house.faults() == []
    (row,) = house.rows("select count(*) as count from visit")
    assert row["count"] == len([one for one in worker.kinds.values() if one == "visit.record"]) + 1


def test_what_must_be_written_down_is_not_shown_while_it_cannot_be(disk, worker):
    """The office's look behind a door leaves a row, and so does whoever tries what is not his."""
    token, _, door = enrol(disk.house, "office1")
    office = {"Authorization": f"Bearer {token}"}
    disk.fill()

    assert disk.house.ask("GET", "/office", **office)[0] == 200
    looked = disk.house.ask("GET", f"/office/households/{door}", **office)
    assert is_unavailable(looked) and "暂时打不开" in looked[2].decode()
    assert is_unavailable(disk.house.ask("GET", "/office", **signed(worker)))

    disk.free()
    assert disk.house.ask("GET", f"/office/households/{door}", **office)[0] == 200
    assert disk.house.ask("GET", "/office", **signed(worker))[0] == 403


def test_nobody_signs_in_and_whoever_is_signed_in_stays(disk, worker):
    with disk.house.store() as store, store.write() as tx:
        tx.run("update session set seen_at = :ago", ago=LONG_AGO)
    disk.fill()
    right = json.dumps({"username": "worker2", "password": PASSWORD}).encode()
    wrong = json.dumps({"username": "worker2", "password": "wrong"}).encode()

    assert is_unavailable(disk.house.ask("POST", "/api/session", right))
    assert is_unavailable(disk.house.ask("POST", "/api/session", wrong))
    form = urlencode({"username": "worker2", "password": PASSWORD}).encode()
    assert is_unavailable(disk.house.ask("POST", "/signin", form, **FORM))
    assert disk.house.ask("GET", "/api/session", **signed(worker))[0] == 200

    disk.free()
    assert disk.house.ask("POST", "/api/session", right)[0] == 200
    assert disk.house.ask("POST", "/api/session", wrong)[0] == 401
    assert disk.house.ask("GET", "/api/session", **signed(worker))[0] == 200
    disk.house.stop()
    assert disk.house.rows("select 1 from session where seen_at > :ago", ago=LONG_AGO)
