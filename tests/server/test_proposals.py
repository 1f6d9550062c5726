"""What workers propose and the office decides: deaths, removals, categories with money."""

import pytest

from tests.server.office import hidden, kept, record, rows_of
from tests.server.test_sync import Phone


@pytest.fixture
def person(town):
    return town.resident("huang")


def died(town, person, result="deceased"):
    return record(town, "worker1", "huang", resident_ids=[person], result=result)


def decide(office, visit, decision, base=1, **more):
    return send(office, f"visits/{visit}", decision=decision, base=base, **more)


def send(member, path, **fields):
    """The form as the page sends it, so that the answer says what became of it."""
    data = {**fields, "form_token": member.form_token}
    return member.post(f"/office/proposals/{path}", data=data, headers={"HX-Request": "true"})


@pytest.mark.parametrize("result", ["deceased", "moved_out"])
def test_knocking_stops_at_once_and_the_office_confirms(town, office, person, result):
    assert kept(town, "household", town.household("huang")).due_category == "high_risk_elder"
    visit = died(town, person, result)

    assert kept(town, "household", town.household("huang")).due_category == "ordinary"
    assert "等办公室确认" in office.get(f"/office/residents/{person}").text
    assert "黄秀珍" in office.get("/office/proposals").text
    answer = decide(office, visit, "confirm")

    assert "已确认" in answer.text and "没有等确认的" in answer.text
    assert kept(town, "resident", person).status == result
    assert kept(town, "visit", visit).review == "approved"


def test_what_the_office_rejects_is_undone_at_once_and_told_with_the_reason(town, office, person):
    phone = Phone(town, "worker1")
    phone.pull()
    visit = phone.visit(resident_ids=[person], result="deceased")
    phone.sync(visit)

    empty = decide(office, visit["id"], "reject", reason=" ")
    answer = decide(office, visit["id"], "reject", reason="女儿来电，老人健在")

    assert empty.status_code == 422 and "为什么不是" in empty.text
    assert "仍算在住" in answer.text
    after = kept(town, "resident", person)
    assert after.status == "living"
    assert kept(town, "household", town.household("huang")).due_category == "high_risk_elder"
    phone.sync()
    notices = [one for key, one in phone.records.items() if key[1] == "notice"]
    assert [one["reason"] for one in notices] == ["女儿来电，老人健在"]


def test_a_rejection_that_is_taken_back_stops_knocking_again(town, office, person):
    visit = died(town, person, "deceased")
    decide(office, visit, "reject", reason="女儿来电，老人健在")
    assert kept(town, "resident", person).status == "living"

    base = kept(town, "visit", visit).version
    office.submit(f"/office/visits/{visit}/reopenings", base=base, reason="听错了，是另一户")

    assert kept(town, "resident", person).status == "deceased"
    assert kept(town, "household", town.household("huang")).due_category == "ordinary"
    assert "黄秀珍" in office.get("/office/proposals").text
    # what the worker puts right afterwards brings them back as ever
    town.submit("worker1", "visit.correct", {"id": visit, "changes": {"result": "met"}})
    assert kept(town, "resident", person).status == "living"


def test_what_was_rejected_does_not_come_back_when_another_visit_is_put_right(town, office, person):
    other = record(town, "worker1", "huang", resident_ids=[person])
    decide(office, died(town, person), "reject", reason="健在")

    town.submit("worker1", "visit.correct", {"id": other, "changes": {"note": "下午去的"}})

    assert kept(town, "resident", person).status == "living"


def test_a_visit_that_was_decided_meanwhile_is_decided_once(town, office, person):
    visit = died(town, person)
    decide(office, visit, "confirm")

    assert decide(office, visit, "reject", reason="健在").status_code == 409
    assert kept(town, "resident", person).status == "deceased"


@pytest.mark.parametrize("username", ["worker1", "chief", "leader1", "street", "admin"])
def test_only_the_office_decides(town, person, username):
    visit = died(town, person)

    assert town[username].get("/office/proposals").status_code == 403
    assert decide(town[username], visit, "reject", reason="x").status_code == 403
    assert kept(town, "visit", visit).review == "waiting"


def propose(town, person, *codes):
    phone = Phone(town, "worker1")
    phone.pull()
    data = {"id": person, "changes": {"categories": ["living_alone", *codes]}}
    sent = phone.operation("resident.change", data, base=kept(town, "resident", person).version)
    assert phone.sync(sent)["receipts"][0]["code"] == "category.office_only"
    return phone, sent["id"]


def test_a_category_with_money_is_proposed_and_given_by_the_office(town, office, person):
    _, key = propose(town, person, "subsistence_allowance")
    listed = office.get("/office/proposals").text
    assert "加 <b>低保" in listed and "周晓岚" in listed

    answer = send(office, f"kept/{key}", decision="accept")

    assert "已照提议改好" in answer.text and "没有提议" in answer.text
    assert kept(town, "resident", person).categories == ["living_alone", "subsistence_allowance"]


def test_a_proposal_that_is_refused_changes_nothing_and_its_author_reads_why(town, office, person):
    phone, key = propose(town, person, "disability")

    send(office, f"kept/{key}", decision="refuse", reason="没有残疾证")

    assert kept(town, "resident", person).categories == ["living_alone"]
    phone.sync()
    notices = [one for at, one in phone.records.items() if at[1] == "notice"]
    assert [one["reason"] for one in notices] == ["没有残疾证"]
    again = send(office, f"kept/{key}", decision="accept")
    assert again.status_code == 409


def test_who_is_back_is_planned_again_also_behind_another_door(town, office, person):
    decide(office, died(town, person, "moved_out"), "confirm")
    url = f"/office/residents/{person}"
    form = hidden(office.get(url).text, "/returns")

    answer = office.post(f"{url}/returns", data={**form, "door": "荔香园2栋1单元601"})

    after = kept(town, "resident", person)
    assert answer.status_code == 200
    assert (after.status, after.household_id) == ("living", town.household("zhong"))
    assert kept(town, "household", after.household_id).due_category == "high_risk_elder"


def test_somebody_moves_to_a_door_that_the_roster_lacked_once(town, office, person):
    url = f"/office/residents/{person}"
    text = office.get(url).text
    form = hidden(text, "/new-doors")
    told = {
        **form,
        "building_id": town.building("lixiang"),
        "unit": "1",
        "floor": "7",
        "door_no": "702",
    }

    first, second = (office.post(f"{url}/new-doors", data=told) for _ in range(2))
    taken = office.post(f"{url}/new-doors", data={**told, "door_form_id": "", "door_no": "601"})

    assert (first.status_code, second.status_code) == (200, 200)
    (door,) = rows_of(town, "household", door_no="702")
    assert kept(town, "resident", person).household_id == door["id"]
    assert taken.status_code == 422 and "已经有这个门牌" in taken.text


def propose_at_the_door(worker, person, **fields):
    """The form of the field page, without scripts."""
    shown = worker.get(f"/residents/{person}/proposal").text
    form = {**hidden(shown, f"/residents/{person}/proposals"), **fields}
    return worker.post(f"/residents/{person}/proposals", data=form)


def test_a_worker_proposes_at_the_door_and_the_office_accepts(town, office, worker, person):
    home = worker.get(f"/households/{town.household('huang')}").text
    assert f"/residents/{person}/proposal" in home

    answer = propose_at_the_door(worker, person, category=["subsistence_allowance"])

    assert answer.status_code == 200 and "已提议，待社区确认" in answer.text
    assert "subsistence_allowance" not in kept(town, "resident", person).categories
    text = office.get("/office/proposals").text
    assert "加 <b>低保</b>" in text and "黄秀珍" in text
    (waiting,) = rows_of(town, "quarantine", state="waiting")
    send(office, f"kept/{waiting['key']}", decision="accept")

    assert "subsistence_allowance" in kept(town, "resident", person).categories
    home = worker.get(f"/households/{town.household('huang')}").text
    assert "已提议" not in home and "低保" in home


@pytest.mark.parametrize("chosen", [{}, {"category": ["living_alone"]}, {"category": ["<b>"]}])
def test_what_is_no_proposal_is_refused_plainly(town, worker, person, chosen):
    answer = propose_at_the_door(worker, person, **chosen)

    assert "请先选要提议的类别" in answer.text
    assert rows_of(town, "quarantine") == []


def test_the_same_proposal_twice_is_one(town, worker, person):
    form_id = "01a20977-27f4-7315-acef-728c8ca3d0ac"
    for _ in range(2):
        propose_at_the_door(worker, person, category=["disability"], form_id=form_id)

    assert len(rows_of(town, "quarantine")) == 1


def test_nobody_proposes_for_somebody_elsewhere(town, person):
    assert town["worker2"].get(f"/residents/{person}/proposal").status_code in (403, 404)
    assert town["leader1"].get(f"/residents/{person}/proposal").status_code == 403
