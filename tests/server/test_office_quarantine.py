"""隔离: what could not apply is shown whole; accepting, putting right and refusing all end it."""

import json
from itertools import count

import pytest

from tests.server.office import hidden, kept, rows_of, visit_of
from tests.server.town import ident

numbers = count(1)


def push(worker, kind, data, **more):
    """One operation from the worker's phone; its id."""
    n = next(numbers)
    operation = {
        "id": ident("operation", f"{kind} {n}"),
        "n": more.pop("n", n),
        "kind": kind,
        "at": "2026-09-15T09:31:00.000+08:00",
        "data": data,
        **more,
    }
    answer = worker.post("/sync", json={"ops": [operation]})
    assert answer.status_code == 200
    return operation["id"], answer.json()["receipts"][0]


@pytest.fixture(autouse=True)
def from_one():
    global numbers  # noqa: PLW0603 every test's phone counts from one
    numbers = count(1)


def visit(town, door, **changes):
    return {
        "household_id": town.household(door),
        "type": "routine",
        "method": "door",
        "result": "met",
        "resident_ids": [],
        **changes,
    }


@pytest.fixture
def outside(town, worker):
    """A visit at a door that the worker does not look after."""
    key, receipt = push(worker, "visit.record", visit(town, "zhong", note="路过看看"))
    assert receipt["code"] == "scope.outside"
    return key


@pytest.fixture
def too_long(town, worker):
    key, receipt = push(worker, "visit.record", visit(town, "huang", note="字" * 1020))
    assert receipt["outcome"] == "quarantined"
    return key


def notice_of(worker):
    changes = worker.post("/sync", json={"ops": []}).json()["changes"]
    return [one["record"] for one in changes if one["kind"] == "notice"][-1]


def test_an_item_is_shown_whole_in_words_and_as_it_came(office, outside):
    text = office.get("/office/quarantine").text

    assert "隔离<b>1</b>" in text
    assert "不在作者负责的楼栋" in text
    for said in ("荔香园 2栋 1单元 601", "周晓岚", "路过看看", "例行走访", "见到本人"):
        assert said in text
    assert "&#34;note&#34;: &#34;路过看看&#34;" in text


def test_accepting_applies_it_as_its_authors_work_at_its_time(town, office, worker, outside):
    answer = office.submit(f"/office/quarantine/{outside}/acceptances")

    assert answer.status_code == 200
    record = visit_of(town, outside)
    assert (record.by, record.note, record.true_at[:16]) == (
        town.person("worker1"),
        "路过看看",
        "2026-09-15T01:31",
    )
    assert notice_of(worker)["state"] == "accepted"
    assert "没有隔离的记录" in office.get("/office/quarantine").text


def test_what_does_not_fit_is_put_right_and_accepted(town, office, worker, too_long):
    page = office.get(f"/office/quarantine/{too_long}").text
    assert "“备注”最多 1000 个字" in page
    plain = office.submit(f"/office/quarantine/{too_long}/acceptances")
    assert plain.status_code == 422 and "“备注”最多 1000 个字" in plain.text

    answer = office.post(
        f"/office/quarantine/{too_long}/corrections",
        data={
            **hidden(page, "corrections"),
            "type": "elder_care",
            "method": "door",
            "result": "met",
            "note": "字" * 1000,
        },
    )

    assert answer.status_code == 200
    record = visit_of(town, too_long)
    assert (len(record.note), record.type) == (1000, "elder_care")
    (logged,) = rows_of(town, "operation", id=too_long)
    assert json.loads(logged["body"])["data"]["note"] == "字" * 1020
    assert notice_of(worker)["state"] == "accepted"


def test_a_correction_that_still_does_not_fit_says_what(town, office, too_long):
    answer = office.submit(
        f"/office/quarantine/{too_long}/corrections",
        type="routine",
        method="door",
        result="met",
        note="字" * 10_000,
    )

    assert answer.status_code == 422
    assert "“备注”最多 1000 个字" in answer.text
    assert visit_of(town, too_long) is None


def test_a_field_nobody_knows_is_left_out_when_it_is_put_right(town, office, worker):
    key, _ = push(worker, "visit.record", visit(town, "huang", mood="好"))

    answer = office.submit(
        f"/office/quarantine/{key}/corrections", type="routine", method="door", result="met"
    )

    assert answer.status_code == 200
    assert visit_of(town, key).result == "met"


def test_a_proposed_category_is_accepted_as_the_offices_decision(town, office, worker):
    person = town.resident("liang")
    key, receipt = push(
        worker,
        "resident.change",
        {"id": person, "changes": {"categories": ["subsistence_allowance"]}},
        base=1,
    )
    assert receipt["code"] == "category.office_only"

    office.submit(f"/office/quarantine/{key}/acceptances")

    assert kept(town, "resident", person).categories == ["subsistence_allowance"]


def test_refusing_needs_a_reason_that_the_author_reads(town, office, worker, outside):
    url = f"/office/quarantine/{outside}/refusals"
    assert "请填写“为什么不收”" in office.submit(url, reason="").text
    assert "最多 500 个字" in office.submit(url, reason="字" * 10_000).text

    answer = office.submit(url, reason="这户由温家栋走访")

    assert answer.status_code == 200
    assert (notice_of(worker)["state"], notice_of(worker)["reason"]) == (
        "refused",
        "这户由温家栋走访",
    )
    assert visit_of(town, outside) is None
    assert "已退回" in office.get(f"/office/quarantine/{outside}").text


def test_an_item_is_decided_once(town, office, outside):
    office.submit(f"/office/quarantine/{outside}/refusals", reason="不收")

    again = office.submit(f"/office/quarantine/{outside}/acceptances")

    assert again.status_code == 409
    assert "已经有人处理" in again.text


def test_one_form_sent_twice_is_one_decision(town, office, outside):
    page = office.get(f"/office/quarantine/{outside}").text
    url = f"/office/quarantine/{outside}/acceptances"
    fields = hidden(page, "acceptances")

    first, second = office.post(url, data=fields), office.post(url, data=fields)

    assert (first.status_code, second.status_code) == (200, 200)
    assert len(rows_of(town, "operation", kind="quarantine.decide")) == 1


def test_bytes_without_an_id_are_shown_and_can_only_be_refused(town, office, worker):
    worker.post("/sync", json={"ops": ["这不是一条记录"]})
    (row,) = rows_of(town, "quarantine")

    text = office.get("/office/quarantine").text

    assert "这不是一条记录" in text and "照原样收" not in text
    answer = office.submit(f"/office/quarantine/{row['key']}/refusals", reason="读不出来")
    assert answer.status_code == 200


def test_a_kind_nobody_knows_waits_for_an_update(office, worker):
    push(worker, "meal.order", {"meals": 2})

    text = office.get("/office/quarantine").text

    assert "还不认识这类记录" in text and "照原样收" not in text
    # The code is for whoever reads what came; above it stand words.
    above, _, raw = text.partition("收到的原文")
    assert "这里还不认识的记录" in above
    assert "meal.order" not in above and "meal.order" in raw


def test_what_waits_too_long_for_another_is_shown(town, office, worker):
    data = {"id": ident("contact", "not yet"), "changes": {"phone": "19900000001"}}
    push(worker, "contact.change", data, base=1)
    assert "等前一条超过 5 天" not in office.get("/office/quarantine").text

    town.clock.pass_(days=6)

    text = office.get("/office/quarantine").text
    assert "1 条等前一条已超过 5 天" in text and "隔离<b>1</b>" in text


@pytest.mark.parametrize("key", ["nonsense-key", "x", "00000000-0000-7000-8000-00000000dead"])
def test_an_unknown_item_is_not_found(office, key):
    assert office.get(f"/office/quarantine/{key}").status_code == 404
    assert office.submit(f"/office/quarantine/{key}/acceptances").status_code == 404


@pytest.mark.parametrize("username", ["worker1", "leader1", "street", "admin"])
@pytest.mark.parametrize("action", ["acceptances", "corrections", "refusals"])
def test_only_the_office_decides_what_is_kept(town, outside, username, action):
    answer = town[username].submit(f"/office/quarantine/{outside}/{action}", reason="x")

    assert answer.status_code == 403
    (row,) = rows_of(town, "quarantine")
    assert row["state"] == "waiting"
