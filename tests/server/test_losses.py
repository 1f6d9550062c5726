"""A lost phone: shut out, erased, and what the office does next."""

import pytest

from tests.server.office import rows_of
from tests.server.test_sync import Phone
from tests.server.town import ident

LOST = ident("device", "worker1")
PAGE = f"/office/devices/{LOST}/loss"


@pytest.fixture
def lost(town, office):
    """worker1's phone was heard of, holds two operations that nobody has, and is shut out."""
    phone = Phone(town, "worker1")
    phone.sync(phone={"recorded": 2, "waiting": 2, "oldest_at": town.clock.now.isoformat()})
    town.clock.pass_(hours=2)
    office.submit(f"/office/devices/{LOST}/revocations")
    town.clock.pass_(hours=1)
    return town["worker1"]


def erase(browser, kept=0):
    return browser.post("/api/erasures", json={"kept": kept})


def test_a_phone_that_was_shut_out_is_to_be_erased_until_it_says_that_it_was(town, office, lost):
    before = office.get(PAGE).text
    told = erase(lost, kept=2)
    after = office.get(PAGE).text

    assert "待擦除" in before and "已擦除" not in before
    assert told.json() == {"noted": True}
    assert "已擦除" in after and "留着没发的 2 条" in after
    assert "已擦除" in office.get("/office/phones?show=all").text
    assert "已擦除" in office.get(f"/office/people/{town.person('worker1')}").text
    (row,) = town.audit("device.erased")
    assert (row["target"], row["detail"], row["person_id"]) == (LOST, "2", town.person("worker1"))


def test_what_a_phone_says_twice_is_noted_once(town, lost):
    answers = [erase(lost, kept=2), erase(lost, kept=0)]
    (device,) = rows_of(town, "device", id=LOST)

    assert all(one.json() == {"noted": True} for one in answers[:1])
    assert (device["kept"], len(town.audit("device.erased"))) == (2, 1)


def test_only_a_phone_that_was_shut_out_says_so(town, nobody, worker):
    assert erase(nobody).json() == {"noted": False}
    assert erase(worker, kept=5).json() == {"noted": False}
    assert worker.get("/api/session").status_code == 200
    assert not town.audit("device.erased")


@pytest.mark.parametrize("body", [b"", b"[", b'{"kept":-1}', b'{"kept":"many"}', b"null"])
def test_what_cannot_be_read_is_an_erasure_all_the_same(town, lost, body):
    assert lost.post("/api/erasures", content=body).json() == {"noted": True}
    assert rows_of(town, "device", id=LOST)[0]["kept"] == 0


def test_the_page_leads_through_a_loss(town, office, lost):
    """Each step says what is done and what is not."""
    first = office.get(PAGE).text
    office.submit(f"/office/people/{town.person('worker1')}/enrolments")
    minted = Phone(town, "worker1")
    assert minted

    assert "已停用这台手机" in first and "没有别的登录" in first
    assert "第 <b>1–2</b> 条" in first and "2 条没收到" in first
    assert f"/office/people/{town.person('worker1')}/enrolments" in first


def test_nothing_is_shut_out_by_looking_at_the_page(town, office, worker):
    text = office.get(PAGE).text

    assert "停用不能恢复" in text
    assert worker.get("/api/session").status_code == 200


def test_the_same_phone_is_shut_out_once(town, office, lost):
    again = office.submit(f"/office/devices/{LOST}/revocations")

    assert again.status_code == 200 and again.url.path == PAGE
    assert len(town.audit("device.revoke")) == 1


def test_signing_out_because_of_a_loss_comes_back_to_it(town, office, lost):
    answer = office.submit(f"/office/people/{town.person('worker1')}/signouts", device=LOST)

    assert answer.url.path == PAGE


def test_the_note_tells_numbers_and_times_and_names_nobody(town, office, lost):
    text = office.get(f"{PAGE}/note").text

    assert "1 栋楼、2 户、2 位居民" in text and "编号 1–2" in text
    assert "2026" not in LOST and LOST[-6:] in text
    named = ("周晓岚", "黄秀珍", "梁建国", "502", "红棉苑", "worker1", "199")
    assert not [word for word in named if word in text]
    assert len([row for row in town.audit("print") if row["detail"] == "loss"]) == 1


@pytest.mark.parametrize(("username", "status"), [("worker1", 403), ("street", 403)])
def test_who_looks_after_no_phones_sees_no_loss(town, username, status):
    assert town[username].get(PAGE).status_code == status


def test_a_phone_of_somebody_above_is_not_the_offices(town, office):
    theirs = ident("device", "secretary")

    assert office.get(f"/office/devices/{theirs}/loss").status_code == 403
    assert office.get(f"/office/devices/{theirs}/loss/note").status_code == 403
    assert office.get(f"/office/devices/{ident('device', 'nobody')}/loss").status_code == 404


def test_a_disabled_account_is_told_apart_from_a_lost_phone(town, office, worker):
    fields = {"name": "周晓岚", "role": "worker", "active": "0"}
    office.submit(f"/office/people/{town.person('worker1')}/changes", **fields)

    assert worker.get("/api/session").json()["code"] == "person.inactive"
    assert worker.post("/sync", json={"ops": []}).json()["code"] == "person.inactive"
