"""冲突: both values are seen side by side, one is chosen, and both authors see the outcome."""

import pytest

from tests.server.office import hidden, kept, rows_of
from tests.server.town import ident


def change(town, username, contact, base, **changes):
    return town.submit(username, "contact.change", {"id": contact, "changes": changes}, base)


@pytest.fixture
def contact(town):
    """A number that the worker and the office both changed from its first version."""
    made = town.submit(
        "office1",
        "contact.add",
        {
            "household_id": town.household("huang"),
            "resident_id": town.resident("huang"),
            "name": "何嘉敏",
            "relation": "daughter",
            "phone": "19900004412",
        },
    ).id
    town.clock.pass_(minutes=5)
    change(town, "office1", made, 1, phone="19900007781")
    town.clock.pass_(minutes=5)
    receipt = change(town, "worker1", made, 1, phone="19900007718", relation="spouse")
    assert receipt.outcome == "conflict"
    return made


@pytest.fixture
def dispute(town, contact):
    (row,) = rows_of(town, "dispute")
    return row["id"]


def form(office, dispute, **more):
    page = office.get(f"/office/conflicts/{dispute}").text
    return {**hidden(page, f"{dispute}/decisions"), **more}


def decide(office, dispute, **more):
    return office.post(f"/office/conflicts/{dispute}/decisions", data=form(office, dispute, **more))


def test_both_values_stand_side_by_side_with_who_when_and_what_was_before(office, dispute):
    text = office.get("/office/conflicts").text

    assert "用周晓岚手机上的" in text and "用办公室的" in text
    assert '199 0000 77<span class="differs">18</span>' in text
    assert '199 0000 77<span class="differs">81</span>' in text
    assert '两边都是从第 1 版改的：<b class="num">199 0000 4412</b>' in text
    assert "何嘉敏的电话" in text and "黄秀珍" in text


def test_nothing_is_chosen_to_begin_with(office, dispute):
    text = office.get("/office/conflicts").text

    assert "checked" not in text
    assert decide(office, dispute).status_code == 422


def test_what_was_not_in_dispute_is_shown_as_done(office, dispute):
    text = office.get(f"/office/conflicts/{dispute}").text

    assert "同一次修改里没有争议的" in text
    assert "用周晓岚的" in text and "没改" in text


@pytest.mark.parametrize(
    ("given", "value"),
    [
        ({"choice": "proposed"}, "19900007718"),
        ({"choice": "current"}, "19900007781"),
        ({"choice": "other", "value": "199 0000 9999"}, "19900009999"),
    ],
)
def test_the_chosen_value_stands_on_the_record_and_reaches_its_author(
    town, office, worker, contact, dispute, given, value
):
    answer = decide(office, dispute, **given)

    assert answer.status_code == 200
    record = kept(town, "contact", contact)
    assert (record.phone, record.disputed) == (value, [])
    changes = worker.post("/sync", json={"ops": []}).json()["changes"]
    (notice,) = [one["record"] for one in changes if one["kind"] == "notice"]
    assert (notice["outcome"], notice["state"], notice["field"]) == ("conflict", "decided", "phone")
    assert [one["record"]["phone"] for one in changes if one["kind"] == "contact"] == [value]


def test_the_door_and_the_rail_say_that_something_is_open(town, office, dispute):
    door = f"/office/households/{town.household('huang')}"

    assert f'href="/office/conflicts/{dispute}"' in office.get(door).text
    assert "冲突<b>1</b>" in office.get(door).text
    decide(office, dispute, choice="current")
    assert f'href="/office/conflicts/{dispute}"' not in office.get(door).text


def test_the_same_decision_twice_is_taken_once(town, office, dispute):
    fields = form(office, dispute, choice="current")
    url = f"/office/conflicts/{dispute}/decisions"

    first, second = office.post(url, data=fields), office.post(url, data=fields)

    assert (first.status_code, second.status_code) == (200, 200)
    assert len(rows_of(town, "operation", kind="dispute.decide")) == 1


def test_two_people_do_not_decide_the_same_dispute(town, office, dispute):
    other = town["secretary"]
    theirs = form(other, dispute, choice="current")
    decide(office, dispute, choice="proposed")

    answer = other.post(f"/office/conflicts/{dispute}/decisions", data=theirs)

    assert answer.status_code == 409
    assert "已经有人定了" in answer.text
    assert "这件冲突已经定了" in other.get(f"/office/conflicts/{dispute}").text


def test_a_value_that_changed_again_is_not_decided_unseen(town, office, contact, dispute):
    stale = form(office, dispute, choice="current")
    change(town, "office1", contact, 3, phone="19900001111")

    answer = office.post(f"/office/conflicts/{dispute}/decisions", data=stale)

    assert answer.status_code == 409
    assert "刚刚又改过" in answer.text
    assert decide(office, dispute, choice="current").status_code == 200
    assert kept(town, "contact", contact).phone == "19900001111"


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"choice": "other", "value": "无"}, "电话应是 3 到 15 位数字"),
        ({"choice": "other"}, "电话应是 3 到 15 位数字"),
        ({"choice": "both"}, "没有“both”这一项"),
    ],
)
def test_a_value_that_does_not_fit_is_refused_plainly(office, dispute, given, said):
    answer = decide(office, dispute, **given)

    assert answer.status_code == 422
    assert said in answer.text


def test_a_status_in_dispute_offers_the_statuses(town, office):
    person = town.resident("huang")
    town.submit("office1", "resident.change", {"id": person, "changes": {"status": "away"}}, 1)
    town.submit("worker1", "resident.change", {"id": person, "changes": {"status": "hospital"}}, 1)
    (row,) = rows_of(town, "dispute")

    text = office.get(f"/office/conflicts/{row['id']}").text

    assert '两边都是从第 1 版改的：<b class="num">在住</b>' in text
    assert '<option value="institution">' in text
    decide(office, row["id"], choice="other", value="institution")
    assert kept(town, "resident", person).status == "institution"


def test_an_unknown_dispute_is_not_found(office):
    assert office.get(f"/office/conflicts/{ident('dispute', 'x')}").status_code == 404


@pytest.mark.parametrize("username", ["worker1", "leader1", "street", "admin"])
def test_only_the_office_decides_a_dispute(town, contact, dispute, username):
    browser = town[username]

    answer = browser.submit(f"/office/conflicts/{dispute}/decisions", choice="proposed", base=3)

    assert answer.status_code == 403
    assert kept(town, "contact", contact).disputed == ["phone"]
