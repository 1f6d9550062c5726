"""变更记录 and 撤销: what every edit did to the roster, and the way back."""

import pytest

from tests.server.office import hidden, kept, rows_of
from tests.server.test_sync import Phone


@pytest.fixture
def person(town):
    return town.resident("huang")


@pytest.fixture
def door(town):
    return town.household("huang")


def change(town, username, person, **changes):
    base = kept(town, "resident", person).version
    data = {"id": person, "changes": changes}
    return town.submit(username, "resident.change", data, base).id


def undo(office, operation, record, *fields, noun="residents", of="", **more):
    form = {"record": record, "field": list(fields), "noun": noun, "of": of or record}
    return office.submit(f"/office/edits/{operation}/undos", **form, **more)


def undoings(town, operation):
    """The operations that say they take this one back."""
    says = f'"undoes":"{operation}"'
    return [one for one in rows_of(town, "operation") if says in bytes(one["body"]).decode()]


def test_a_change_is_told_with_who_from_where_and_both_values(town, office, person):
    change(town, "worker1", person, name="黄秀贞", birth_on="1941-01-02")

    text = office.get(f"/office/residents/{person}/changes").text

    for said in ("周晓岚", "网页", "黄秀珍", "黄秀贞", "1940年3月2日", "1941年1月2日"):
        assert said in text
    assert "拼音" not in text


def test_what_a_phone_an_import_and_a_visit_set_names_them(town, office, person, door):
    phone = Phone(town, "worker1")
    phone.pull()
    visit = phone.visit(result="hospital", resident_ids=[person])
    assert phone.sync(visit)["receipts"][0]["outcome"] == "accepted"

    text = office.get(f"/office/households/{door}/changes").text

    assert "走访 · 手机" in text and "住院" in text
    assert f"/office/edits/{visit['id']}/undos" not in text


def test_an_edit_is_undone_by_an_operation_of_its_own(town, office, person):
    operation = change(town, "worker1", person, name="黄秀贞", birth_on="1941-01-02")

    answer = undo(office, operation, person)

    after = kept(town, "resident", person)
    assert (after.name, after.pinyin, after.birth_on) == (
        "黄秀珍",
        "huangxiuzhen hxz",
        "1940-03-02",
    )
    assert "已撤销" in answer.text and "的改动" in answer.text
    (undoing,) = undoings(town, operation)
    assert undoing["kind"] == "resident.change"
    assert undoing["person_id"] == town.person("office1")


def test_some_fields_are_undone_and_the_others_stay(town, office, person):
    operation = change(town, "worker1", person, name="黄秀贞", birth_on="1941-01-02")

    undo(office, operation, person, "birth_on")

    after = kept(town, "resident", person)
    assert (after.name, after.birth_on) == ("黄秀贞", "1940-03-02")


def test_what_was_set_again_since_is_not_undone_and_the_rest_is_offered(town, office, person):
    operation = change(town, "worker1", person, name="黄秀贞", birth_on="1941-01-02")
    change(town, "social1", person, name="黄绣珍")

    whole = undo(office, operation, person)
    text = office.get(f"/office/residents/{person}/changes").text
    part = undo(office, operation, person, "birth_on")

    assert whole.status_code == 409
    assert "“姓名”后来又改过（卢静），不能撤销" in whole.text
    assert "后来卢静又改过" in text
    assert part.status_code == 200
    after = kept(town, "resident", person)
    assert (after.name, after.birth_on) == ("黄绣珍", "1940-03-02")


def test_the_same_form_twice_undoes_once_and_an_undo_can_be_undone(town, office, person):
    operation = change(town, "worker1", person, name="黄秀贞")
    form = hidden(
        office.get(f"/office/residents/{person}/changes").text, f"/edits/{operation}/undos"
    )
    url = f"/office/edits/{operation}/undos"

    first, second = office.post(url, data=form), office.post(url, data=form)
    third = undo(office, operation, person)

    assert (first.status_code, second.status_code, third.status_code) == (200, 200, 409)
    assert kept(town, "resident", person).name == "黄秀珍"
    (undoing,) = undoings(town, operation)
    assert undo(office, undoing["id"], person).status_code == 200
    assert kept(town, "resident", person).name == "黄秀贞"


def test_a_move_is_undone_and_the_history_goes_along(town, office, person, door):
    change(town, "worker1", person, name="黄秀贞")
    operation = change(town, "office1", person, household_id=town.household("zhong"))

    text = office.get(f"/office/residents/{person}/changes").text
    assert "荔香园 2栋" in text and "黄秀贞" in text

    undo(office, operation, person)
    assert kept(town, "resident", person).household_id == door


def test_a_number_that_was_deleted_comes_back_once(town, office, door, person):
    data = {"household_id": door, "resident_id": person, "relation": "son", "phone": "19900003381"}
    number = town.submit("worker1", "contact.add", data).id
    operation = town.submit("office1", "contact.remove", {"id": number}).id
    text = office.get(f"/office/households/{door}/changes").text
    form = hidden(text, f"/edits/{operation}/undos")

    answer = office.post(f"/office/edits/{operation}/undos", data=form)
    again = undo(office, operation, number, noun="households", of=door)

    assert answer.status_code == 200 and again.status_code == 409
    (back,) = rows_of(town, "contact")
    assert (back["phone"], back["relation"], back["resident_id"]) == ("19900003381", "son", person)


def test_categories_of_a_door_are_undone(town, office, door):
    base = kept(town, "household", door).version
    data = {"id": door, "changes": {"categories": ["hardship"]}}
    operation = town.submit("office1", "household.change", data, base).id

    undo(office, operation, door, noun="households")

    assert kept(town, "household", door).own_categories == []


def test_what_is_no_edit_has_nothing_to_undo(town, office, person, door):
    data = {"household_id": door, "what": "fall", "resident_id": person, "on": "2026-09-14"}
    event = town.submit("worker1", "life_event.record", data).id

    assert undo(office, event, person).status_code == 409
    assert undo(office, person, person).status_code == 409
    assert undo(office, "x", person).status_code == 404


@pytest.mark.parametrize("username", ["worker1", "chief", "leader1", "street", "admin"])
def test_only_the_office_undoes(town, person, username):
    operation = change(town, "worker1", person, name="黄秀贞")

    assert undo(town[username], operation, person).status_code == 403
    assert kept(town, "resident", person).name == "黄秀贞"


def test_a_proposal_that_the_office_accepted_is_told_as_its_authors_edit(town, office, person):
    phone = Phone(town, "worker1")
    phone.pull()
    data = {"id": person, "changes": {"categories": ["living_alone", "subsistence_allowance"]}}
    sent = phone.operation("resident.change", data, base=1)
    phone.sync(sent)
    office.submit(f"/office/quarantine/{sent['id']}/acceptances")

    text = office.get(f"/office/residents/{person}/changes").text

    assert "周晓岚" in text and "手机" in text
    assert "→ <b>独居" in text and kept(town, "resident", person).categories == [
        "living_alone",
        "subsistence_allowance",
    ]
