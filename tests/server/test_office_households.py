"""户与居民: the roster at the desk. A form says what was touched, and nothing else."""

import pytest

from server import identities
from server.identities import Vault
from tests.server.office import hidden, kept, record, rows_of
from tests.server.town import SECRET, ident


@pytest.fixture
def door(town):
    return town.household("huang")


@pytest.fixture
def person(town):
    return town.resident("huang")


def page(office, door):
    return office.get(f"/office/households/{door}").text


def person_form(office, person, **more):
    text = office.get(f"/office/residents/{person}").text
    fields = hidden(text, f"{person}/changes")
    was = {name[4:]: value for name, value in fields.items() if name.startswith("was_")}
    was["categories"] = was["categories"].split(",") if was["categories"] else []
    return {**fields, **was, **more}


def door_form(office, door, **more):
    fields = hidden(page(office, door), f"households/{door}/changes")
    was = {name[4:]: value for name, value in fields.items() if name.startswith("was_")}
    was["categories"] = was["categories"].split(",") if was["categories"] else []
    return {**fields, **was, **more}


def test_a_door_shows_people_numbers_visits_and_why_it_is_due(town, office, door, person):
    town.submit(
        "worker1",
        "contact.add",
        {"household_id": door, "resident_id": person, "relation": "son", "phone": "19900003381"},
    )
    record(town, "worker1", "huang", resident_ids=[person], note="精神好")

    text = page(office, door)

    for said in ("黄秀珍", "86 岁", "每周看望，每 7 天", "199 0000 3381", "精神好", "周晓岚 走访"):
        assert said in text
    assert "按年龄和其他类别推出" in text
    assert "加居民" in text and "共 1 次" in text


def test_looking_at_a_door_and_at_a_person_is_written_down(town, office, door, person):
    page(office, door)
    office.get(f"/office/residents/{person}")

    assert [row["target"] for row in town.audit("view")] == [
        f"household:{door}",
        f"resident:{person}",
    ]


def test_a_changed_door_is_changed(town, office, door):
    answer = office.post(
        f"/office/households/{door}/changes",
        data=door_form(office, door, tenure="rent", categories=["new_resident"]),
    )

    after = kept(town, "household", door)
    assert answer.status_code == 200
    assert (after.tenure, after.own_categories) == ("rent", ["new_resident"])
    assert after.door_no == "502"


def test_a_form_that_touches_nothing_changes_nothing(town, office, door):
    answer = office.post(f"/office/households/{door}/changes", data=door_form(office, door))

    assert answer.status_code == 422
    assert "没有要改的内容" in answer.text
    assert kept(town, "household", door).version == 2  # as the town was built


def test_a_stale_form_keeps_what_somebody_else_changed(town, office, person):
    stale = person_form(office, person, name="黄秀贞")
    version = int(stale["base"])
    changes = {"birth_on": "1941-01-01"}
    town.submit("worker1", "resident.change", {"id": person, "changes": changes}, version)

    answer = office.post(f"/office/residents/{person}/changes", data=stale)

    after = kept(town, "resident", person)
    assert answer.status_code == 200
    assert (after.name, after.birth_on, after.disputed) == ("黄秀贞", "1941-01-01", [])
    assert after.pinyin == "huangxiuzhen hxz"


def test_the_second_of_two_editors_sees_what_the_first_set_and_keeps_their_own_words(
    town, office, person
):
    stale = person_form(office, person, name="黄秀贞")
    version = int(stale["base"])
    changes = {"name": "黄绣珍", "birth_on": "1941-01-01"}
    town.submit("worker1", "resident.change", {"id": person, "changes": changes}, version)
    url = f"/office/residents/{person}/changes"

    told = office.post(url, data=stale, headers={"HX-Request": "true"})

    assert told.status_code == 200 and "还没有保存" in told.text
    assert "周晓岚" in told.text and "<b>黄绣珍</b>" in told.text
    assert 'name="name" type="text" value="黄秀贞"' in told.text
    assert kept(town, "resident", person).name == "黄绣珍"
    fresh = hidden(told.text, f"{person}/changes")
    again = office.post(url, data={**stale, **fresh, "birth_on": "1941-01-01"})
    after = kept(town, "resident", person)
    assert again.status_code == 200
    assert (after.name, after.birth_on, after.disputed) == ("黄秀贞", "1941-01-01", [])


def test_a_form_drawn_again_sets_back_nothing_that_its_person_never_touched(town, office, person):
    stale = person_form(office, person, name="黄秀贞")
    changes = {"name": "黄绣珍", "birth_on": "1941-01-01"}
    town.submit("worker1", "resident.change", {"id": person, "changes": changes}, 2)

    told = office.post(f"/office/residents/{person}/changes", data=stale)  # without scripts

    assert "还没有保存" in told.text and "<title>" in told.text
    assert 'name="birth_on" type="date" value="1941-01-01"' in told.text


def test_a_door_and_a_number_that_two_change_at_once_are_shown_as_well(town, office, door):
    town.submit("worker1", "contact.add", {"household_id": door, "phone": "19900003381"})
    (number,) = rows_of(town, "contact")
    stale = door_form(office, door, tenure="rent")
    fields = hidden(page(office, door), f"{number['id']}/changes")
    town.submit("worker1", "household.change", {"id": door, "changes": {"tenure": "own"}}, 2)
    change = {"id": number["id"], "changes": {"phone": "19900003382"}}
    town.submit("worker1", "contact.change", change, 1)

    of_door = office.post(f"/office/households/{door}/changes", data=stale)
    of_number = office.post(
        f"/office/contacts/{number['id']}/changes",
        data={**fields, "phone": "19900003399", "name": "", "relation": ""},
    )

    assert "还没有保存" in of_door.text and "还没有保存" in of_number.text
    assert kept(town, "household", door).tenure == "own"
    assert kept(town, "contact", number["id"]).phone == "19900003382"
    assert 'value="19900003399"' in of_number.text


def test_the_same_form_twice_adds_one_person(town, office, door):
    fields = {
        **hidden(page(office, door), f"{door}/residents"),
        "name": "黄志强",
        "sex": "m",
        "relation_to_head": "son",
        "birth_on": "1970-01-01",
    }
    url = f"/office/households/{door}/residents"

    first, second = office.post(url, data=fields), office.post(url, data=fields)

    assert (first.status_code, second.status_code) == (200, 200)
    assert [one["name"] for one in rows_of(town, "resident", name="黄志强")] == ["黄志强"]
    assert rows_of(town, "resident", name="黄志强")[0]["pinyin"] == "huangzhiqiang hzq"


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"name": ""}, "请填写“姓名”"),
        ({"name": "字" * 10_000}, "“姓名”最多 60 个字，现在有 10000 个"),
        ({"name": "何某", "birth_on": "2030-01-01"}, "“出生日期”应在 1900-01-01 到 2026-09-15"),
        ({"name": "何某", "birth_on": "1870-01-01"}, "“出生日期”应在 1900-01-01"),
        ({"name": "何某", "birth_on": "1970-02-31"}, "日期“1970-02-31”不存在"),
        ({"name": "何某", "categories": "rich"}, "“类别”里没有“rich”"),
        ({"name": "何某", "categories": "high_risk_elder"}, "“类别”里没有"),
    ],
)
def test_a_person_that_does_not_fit_is_refused_plainly(town, office, door, fields, said):
    answer = office.submit(f"/office/households/{door}/residents", sex="", **fields)

    assert answer.status_code == 422
    assert said in answer.text
    assert len(rows_of(town, "resident", household_id=door)) == 1


def test_a_number_is_added_changed_checked_and_deleted(town, office, door, person):
    office.submit(
        f"/office/households/{door}/contacts",
        phone="199 0000-4412",
        name="何嘉敏",
        relation="daughter",
        resident_id=person,
    )
    (added,) = rows_of(town, "contact")
    assert (added["phone"], added["verified_on"]) == ("19900004412", "")
    url = f"/office/contacts/{added['id']}"
    fields = hidden(page(office, door), f"{added['id']}/changes")
    same = {"phone": "19900004412", "name": "何嘉敏", "relation": "daughter"}

    office.post(f"{url}/changes", data={**fields, **same, "checked": "1"})
    assert kept(town, "contact", added["id"]).verified_on == "2026-09-15"

    wrong = office.post(f"{url}/changes", data={**fields, **same, "phone": "没有电话"})
    assert wrong.status_code == 422 and "电话应是" in wrong.text

    office.submit(f"{url}/removals")
    assert kept(town, "contact", added["id"]) is None
    assert office.submit(f"{url}/removals").status_code == 404


def test_a_call_of_the_office_is_a_visit_by_telephone(town, office, door, person):
    answer = office.submit(
        f"/office/households/{door}/visits",
        result="phone_ok",
        resident_ids=person,
        note="女儿接的",
    )

    (visit,) = rows_of(town, "visit")
    assert answer.status_code == 200
    assert (visit["method"], visit["result"], visit["by"]) == (
        "phone",
        "phone_ok",
        town.person("office1"),
    )
    assert kept(town, "resident", person).last_contact_on == "2026-09-15"


def test_a_person_moves_to_a_door_in_any_spelling(town, office, person):
    fields = hidden(office.get(f"/office/residents/{person}").text, "moves")
    unclear = office.post(
        f"/office/residents/{person}/moves", data={**fields, "door": "没有这个地方"}
    )

    answer = office.post(
        f"/office/residents/{person}/moves", data={**fields, "door": "荔香园二栋1单元601"}
    )

    assert unclear.status_code == 422 and "找到 0 户" in unclear.text
    assert answer.status_code == 200
    assert kept(town, "resident", person).household_id == town.household("zhong")


def test_a_new_door_opens_its_page(town, office):
    building = town.building("hongmian")

    answer = office.submit(
        f"/office/buildings/{building}/households", door_no="701", unit="2", floor="7", tenure="own"
    )
    again = office.submit(
        f"/office/buildings/{building}/households", door_no="701", unit="2", floor="7", tenure="own"
    )

    (added,) = rows_of(town, "household", door_no="701")
    assert str(answer.url).endswith(f"/office/households/{added['id']}")
    assert "没有登记住的人" in answer.text
    assert again.status_code == 422 and "已经有这个门牌" in again.text


@pytest.mark.parametrize("floor", ["", "x", "-1", "1000", "٣", "1.5"])
def test_a_floor_that_is_none_is_refused(town, office, floor):
    url = f"/office/buildings/{town.building('hongmian')}/households"

    answer = office.submit(url, door_no="701", floor=floor, tenure="")

    assert answer.status_code == 422
    assert "“楼层”应是 0 到 120 的整数" in answer.text


def test_an_id_number_is_shown_whole_for_a_reason_that_is_kept(town, office, door, person):
    number = "440199194003020021"
    town.intake.do(
        town.community,
        lambda writing: identities.keep(writing.tx, Vault(SECRET), town.community, person, number),
    )
    url = f"/office/residents/{person}/identity-views"

    assert "尾号 0021" in page(office, door) and number not in page(office, door)
    empty = office.submit(url, reason="")
    answer = office.post(
        url,
        data={"form_token": office.form_token, "reason": "办理高龄津贴"},
        headers={"HX-Request": "true"},
    )

    assert empty.status_code == 422 and "请填写“为什么要看”" in empty.text
    assert number in answer.text
    (row,) = town.audit("identity.view")
    assert (row["target"], row["detail"]) == (f"resident:{person}", "办理高龄津贴")
    assert number not in office.get(f"/office/residents/{person}").text


def test_who_gave_no_id_number_has_none_to_show(town, office, person):
    answer = office.submit(f"/office/residents/{person}/identity-views", reason="x")

    assert answer.status_code == 404
    assert not town.audit("identity.view")


@pytest.mark.parametrize(
    "path",
    [
        "households/{door}/changes",
        "households/{door}/residents",
        "households/{door}/contacts",
        "households/{door}/visits",
        "households/{door}/tasks",
        "residents/{person}/changes",
        "residents/{person}/moves",
        "residents/{person}/identity-views",
    ],
)
@pytest.mark.parametrize("username", ["worker1", "street"])
def test_only_the_office_changes_the_roster_here(town, door, person, path, username):
    url = f"/office/{path.format(door=door, person=person)}"

    assert town[username].submit(url, name="x", reason="x").status_code == 403


@pytest.mark.parametrize("kind", ["households", "residents", "buildings", "visits"])
@pytest.mark.parametrize("record_id", [ident("nothing", "at all"), "x", "..%2F"])
def test_what_is_not_there_is_not_found(office, kind, record_id):
    assert office.get(f"/office/{kind}/{record_id}").status_code == 404
