"""删掉的户: only an empty door goes, with a reason; it can be brought back."""

import re

import pytest

from tests.server.office import hidden, kept, rows_of

PHONE = "19900004321"


@pytest.fixture
def empty(town):
    """A door made by mistake, with a number."""
    door = {"building_id": town.building("hongmian"), "unit": "2", "door_no": "709", "floor": 7}
    made = town.submit("office1", "household.add", {**door, "tenure": "rent"}).id
    town.submit("worker1", "contact.add", {"household_id": made, "name": "房东", "phone": PHONE})
    return made


def remove(office, door, reason="门牌建错了"):
    return office.submit(f"/office/households/{door}/removals", reason=reason)


def test_an_empty_door_goes_and_the_building_says_why(town, office, empty):
    assert "删了可以在楼栋页恢复" in office.get(f"/office/households/{empty}").text

    answer = remove(office, empty)

    place = f"/office/buildings/{town.building('hongmian')}"
    assert answer.url.path == place
    assert kept(town, "household", empty) is None and rows_of(town, "contact") == []
    text = office.get(place).text
    assert "删掉的户" in text and "门牌建错了" in text and "2单元" in text and "709" in text


def test_a_door_comes_back_once_with_its_number(town, office, empty):
    remove(office, empty)
    place = office.get(f"/office/buildings/{town.building('hongmian')}").text
    (url,) = set(re.findall(r"/office/removals/[0-9a-f-]+/undos", place))
    form = hidden(place, url)

    back = office.post(url, data=form)
    again = office.post(url, data=form)

    assert again.status_code == 409
    new = back.url.path.rpartition("/")[2]
    door = kept(town, "household", new)
    assert (door.door_no, door.unit, door.floor, door.tenure) == ("709", "2", 7, "rent")
    (number,) = rows_of(town, "contact")
    assert (number["phone"], number["household_id"]) == (PHONE, new)
    place = office.get(f"/office/buildings/{town.building('hongmian')}").text
    assert "删掉的户" not in place


def test_where_people_live_the_page_says_what_to_do(town, office):
    door = town.household("huang")
    assert "请先在下面把每个人搬到" in office.get(f"/office/households/{door}").text

    answer = remove(office, door)

    assert answer.status_code == 422 and "搬到现在住的那一户" in answer.text
    assert kept(town, "household", door) is not None


def test_a_door_with_history_stays(town, office, empty):
    task = {"household_id": empty, "reason": "看看有没有人住"}
    town.submit("office1", "task.add", task)

    answer = remove(office, empty)

    assert answer.status_code == 422 and "已停用" in answer.text
    assert kept(town, "household", empty) is not None


def test_no_door_goes_without_a_reason_and_twice_is_once(town, office, empty):
    assert remove(office, empty, reason=" ").status_code == 422
    url = f"/office/households/{empty}/removals"
    form = {**hidden(office.get(f"/office/households/{empty}").text, url), "reason": "重复"}

    first, second = office.post(url, data=form), office.post(url, data=form)
    assert first.url.path == f"/office/buildings/{town.building('hongmian')}"
    assert second.url.path == "/office/buildings"
    assert (
        len([one for one in rows_of(town, "operation") if one["kind"] == "household.remove"]) == 1
    )
    assert remove(office, empty).status_code == 404


def test_work_at_a_door_that_was_removed_waits_for_the_office(town, office, empty):
    remove(office, empty)

    assert record_at(town, empty) == "quarantined"


def record_at(town, door):
    data = {"household_id": door, "type": "routine", "method": "door", "result": "met"}
    phone = town["worker1"]
    operation = {
        "id": "01990000-0000-7000-8000-0000000000a1",
        "n": 1,
        "kind": "visit.record",
        "at": "2026-09-15T09:31:00.000+08:00",
        "data": {**data, "resident_ids": []},
    }
    return phone.post("/sync", json={"ops": [operation]}).json()["receipts"][0]["outcome"]


@pytest.mark.parametrize("username", ["worker1", "leader1", "street", "admin"])
def test_only_the_office_removes(town, empty, username):
    assert remove(town[username], empty).status_code == 403
