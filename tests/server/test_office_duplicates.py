"""疑似重复、合并、撤销、分户、待核: the office says who is one and who is two."""

import re

import pytest

from tests.server.office import hidden, kept, record, rows_of
from tests.server.town import ident


@pytest.fixture
def elder(town):
    return town.resident("huang")


@pytest.fixture
def door(town):
    return town.household("huang")


@pytest.fixture
def twin(town, elder, door):
    """The elder a second time, behind the same door."""
    person = kept(town, "resident", elder)
    data = {"household_id": door, "name": person.name, "birth_on": person.birth_on, "sex": "m"}
    return town.submit("office1", "resident.add", data).id


def sides(one, other, kind="residents"):
    return f"/office/duplicates/{kind}/{one}/{other}"


def merge(office, one, other, **picks):
    page = office.get(sides(one, other)).text
    return office.post(f"{sides(one, other)}/merges", data={**hidden(page, "/merges"), **picks})


def test_whoever_is_there_twice_is_listed_with_the_reason(office, elder, twin):
    shown = office.get("/office/duplicates").text

    assert "姓名、生日相同" in shown and "同一户里同名" in shown
    assert sides(*sorted([elder, twin])) in shown
    assert "/office/duplicates" in office.get("/office/imports").text


def test_a_telephone_of_two_people_in_two_doors_is_suspicious(town, office, elder):
    other = town.resident("zhong")
    for person in (elder, other):
        home = kept(town, "resident", person).household_id
        number = {"household_id": home, "resident_id": person, "phone": "14000007777"}
        town.submit("office1", "contact.add", {**number, "relation": "self"})

    assert "本人电话相同" in office.get("/office/duplicates").text


def test_two_doors_spelt_differently_are_listed(town, office, door):
    home = kept(town, "household", door)
    same = {"building_id": home.building_id, "unit": home.unit, "door_no": f"0{home.door_no}"}
    town.submit("office1", "household.add", same)

    assert "门牌写法不同" in office.get("/office/duplicates").text


def test_many_pairs_are_paged_through_and_none_is_left_out(town, office, door):
    for _ in range(21):
        data = {"household_id": door, "name": "黄某", "birth_on": "1950-01-01", "sex": "f"}
        town.submit("office1", "resident.add", data)

    pages = [office.get(f"/office/duplicates?page={number}").text for number in (1, 2, 3)]
    pairs = [re.findall(r'"(/office/duplicates/residents/[^"/]+/[^"/]+)"', page) for page in pages]
    rows = office.get("/office/lists/duplicates/csv").text.splitlines()

    assert [len(one) for one in pairs] == [100, 100, 10]
    assert len({one for page in pairs for one in page}) == 210 == len(rows) - 1
    assert all("居民 210 对" in page for page in pages)
    assert "第 3 页，共 3 页" in pages[2] and "page=2" in pages[0]
    assert "210" in office.get("/office/imports").text


def test_the_office_chooses_each_value_that_differs(town, office, elder, twin):
    page = office.get(sides(elder, twin)).text
    assert 'name="pick_sex"' in page and 'name="pick_name"' not in page

    answer = merge(office, elder, twin, pick_sex="right", pick_categories="left")

    assert answer.status_code == 200
    assert kept(town, "resident", twin) is None
    assert kept(town, "resident", elder).sex == "m"
    assert "并到了这里" in office.get(f"/office/residents/{elder}").text
    # Who still has the old address finds the one who was kept.
    assert "并到了这里" in office.get(f"/office/residents/{twin}").text


def test_a_value_that_nobody_chose_merges_nobody(town, office, elder, twin):
    answer = merge(office, elder, twin)

    assert answer.status_code == 422
    assert kept(town, "resident", twin) is not None


def test_what_changed_since_it_was_looked_at_is_looked_at_again(town, office, elder, twin):
    page = office.get(sides(elder, twin)).text
    town.submit("office1", "resident.change", {"id": twin, "changes": {"name": "黄"}}, 1)
    picks = {"pick_sex": "left", "pick_categories": "left", "pick_name": "left"}

    answer = office.post(f"{sides(elder, twin)}/merges", data={**hidden(page, "/merges"), **picks})

    assert answer.status_code == 422 and "刚刚有改动" in answer.text


def test_a_merge_is_undone_from_its_page(town, office, elder, twin):
    visit = record(town, "worker1", "huang", resident_ids=[twin])
    merge(office, elder, twin, pick_sex="left", pick_categories="left")
    assert kept(town, "visit", visit).resident_ids == [elder]

    answer = office.submit(f"/office/merges/{twin}/undos")

    assert answer.status_code == 200
    assert kept(town, "resident", twin).sex == "m"
    assert kept(town, "visit", visit).resident_ids == [twin]
    assert "没有这次合并" in office.submit(f"/office/merges/{twin}/undos").text


def test_who_is_known_to_be_two_is_asked_no_more(town, office, elder, twin):
    url = f"{sides(elder, twin)}/differences"

    office.submit(url, why="打过电话，是堂姐妹")

    shown = office.get("/office/duplicates").text
    assert sides(*sorted([elder, twin])) + '"' not in shown
    assert "打过电话，是堂姐妹" in shown and "麦咏诗" in shown
    (row,) = rows_of(town, "not_same")
    assert {row["one_id"], row["other_id"]} == {elder, twin}
    assert town.audit("duplicate.different")

    office.submit(url, undo="1")
    assert not rows_of(town, "not_same")


def test_nobody_is_said_to_be_two_without_a_reason_or_with_a_stranger(town, office, elder, twin):
    assert office.submit(f"{sides(elder, twin)}/differences", why="").status_code == 422
    stranger = f"{sides(elder, ident('resident', 'nobody'))}/differences"
    assert office.submit(stranger, why="不是").status_code == 404
    assert office.get(sides(elder, ident("resident", "nobody"))).status_code == 404
    assert not rows_of(town, "not_same")


def test_some_of_a_door_become_a_household(town, office, elder, twin, door):
    home = kept(town, "household", door)
    fields = {"building_id": home.building_id, "unit": home.unit, "floor": "5"}

    answer = office.submit(
        f"/office/households/{door}/splits", resident_ids=[twin], door_no="502-2", **fields
    )

    assert answer.status_code == 200
    new = kept(town, "resident", twin).household_id
    assert kept(town, "household", new).split_from == door
    assert "原来那一户" in office.get(f"/office/households/{new}").text
    nobody = office.submit(f"/office/households/{door}/splits", door_no="502-3", **fields)
    assert nobody.status_code == 422


@pytest.mark.parametrize("how", ["moved_out", "deceased"])
def test_the_office_confirms_who_has_gone(town, office, elder, how):
    answer = office.submit(f"/office/missing/{elder}/settlements", how=how)

    assert answer.status_code == 200
    assert kept(town, "resident", elder).status == how


def test_an_answer_that_there_is_not_changes_nothing(town, office, elder):
    answer = office.submit(f"/office/missing/{elder}/settlements", how="flown")

    assert answer.status_code == 422
    assert kept(town, "resident", elder).status == "living"


def test_a_worker_on_the_old_page_of_a_merged_door_goes_on(town, office, worker, door):
    home = kept(town, "household", door)
    old = {"building_id": home.building_id, "unit": home.unit, "door_no": f"0{home.door_no}"}
    dropped = town.submit("office1", "household.add", old).id
    town.submit("office1", "household.merge", {"keep": door, "drop": dropped})

    page = worker.get(f"/households/{dropped}")

    assert page.status_code == 200 and home.door_no in page.text


def test_two_doors_are_merged_by_eye(town, office, door):
    home = kept(town, "household", door)
    old = {"building_id": home.building_id, "unit": home.unit, "door_no": f"0{home.door_no}"}
    dropped = town.submit("office1", "household.add", old).id

    picks = {"pick_door_no": "right", "pick_floor": "left", "pick_tenure": "left"}
    page = office.get(sides(door, dropped, "households")).text
    url = f"{sides(door, dropped, 'households')}/merges"
    answer = office.post(url, data={**hidden(page, "/merges"), **picks})

    assert "并到了这里" in answer.text
    assert kept(town, "household", door).door_no == f"0{home.door_no}"
    assert "并到了这里" in office.get(f"/office/households/{door}").text
