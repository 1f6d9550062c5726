"""区域: places are called otherwise, move and close, and phones hear of it."""

import pytest

from tests.server.office import hidden, kept, rows_of

PAGE = "/office/areas"
CAST = ("worker1", "worker2", "chief", "social1", "leader1")
FACTS = {"units": "1", "floors": "6", "doors": "2", "order": "9", "style": ""}


def path(town, place):
    return f"{PAGE}/buildings/{town.building(place)}"


def change(town, office, place, **fields):
    form = hidden(office.get(path(town, place)).text, "/changes")
    now = {name.removeprefix("was_"): v for name, v in form.items() if name.startswith("was_")}
    return office.submit(f"{path(town, place)}/changes", **{**form, **now, **fields})


def test_a_grid_that_is_called_otherwise_reaches_the_phones(town, office, worker):
    answer = office.submit(f"{PAGE}/grids", grid="1", name="红棉网格")
    told = worker.post("/sync", json={"ops": []}).json()["changes"]

    assert "网格已改名" in answer.text
    names = {one["record"]["grid_name"] for one in told if one["kind"] == "building"}
    (person,) = [one["record"] for one in told if one["kind"] == "person"]
    assert names == {"红棉网格"} and person["grid_names"] == ["红棉网格"]
    assert kept(town, "building", town.building("fenghuang")).grid_name == "红棉网格"
    assert kept(town, "building", town.building("lixiang")).grid_name == "第二网格"


def test_two_grids_do_not_share_a_name(office):
    answer = office.submit(f"{PAGE}/grids", grid="1", name="第二网格")

    assert answer.status_code == 422 and "已经有一个网格" in answer.text


def test_the_same_name_once_more_is_no_change(town, office):
    office.submit(f"{PAGE}/grids", grid="1", name="红棉网格")
    before = len(rows_of(town, "operation", kind="building.change"))

    assert office.submit(f"{PAGE}/grids", grid="1", name="红棉网格").status_code == 422
    assert len(rows_of(town, "operation", kind="building.change")) == before == 2


def test_a_compound_that_is_called_otherwise_changes_every_address(town, office, worker):
    huang = town.household("huang")
    office.submit(f"{PAGE}/compounds", compound="红棉苑", name="木棉花园")
    told = worker.post("/sync", json={"ops": []}).json()["changes"]

    door = kept(town, "household", huang)
    assert door.label == "木棉花园 3栋 2单元 502"
    labels = [one["record"]["label"] for one in told if one["kind"] == "household"]
    assert labels and all(label.startswith("木棉花园 3栋") for label in labels)
    assert kept(town, "household", town.household("wu")).label.startswith("凤凰里")


def test_a_building_is_called_otherwise_and_gets_another_order(town, office):
    huang = town.household("huang")
    answer = change(town, office, "hongmian", name="三号楼", order="7")

    building = kept(town, "building", town.building("hongmian"))
    assert answer.status_code == 200
    assert (building.label, building.order) == ("红棉苑 三号楼", 7)
    assert kept(town, "household", huang).label == "红棉苑 三号楼 2单元 502"


def test_two_buildings_do_not_share_an_address(town, office):
    answer = change(town, office, "hongmian", compound="凤凰里", name="1栋")

    assert answer.status_code == 422 and "已经有这栋楼" in answer.text
    assert kept(town, "household", town.household("huang")).label.startswith("红棉苑 3栋")


def test_a_building_with_doors_does_not_vanish(town, office):
    shown = office.get(path(town, "hongmian")).text
    answer = office.submit(f"{path(town, 'hongmian')}/removals")

    assert "不能删" in shown and "/removals" not in shown
    assert answer.status_code == 422 and "还有门牌" in answer.text
    assert kept(town, "building", town.building("hongmian"))


def test_a_building_is_added_in_a_new_grid_given_away_and_removed(town, office):
    form = {"form_id": "01990000-0000-7000-8000-00000000a1a1", **FACTS}
    for _ in range(2):  # the same form twice
        added = {"compound": "新苑", "name": "1栋", "new_grid": "第三网格", "grid": ""}
        answer = office.submit(f"{PAGE}/buildings", **form, **added)
    (row,) = rows_of(town, "building", compound="新苑")
    office.submit(f"/office/people/{town.person('worker1')}/buildings", building=row["id"])
    held = town["worker1"].post("/sync", json={"ops": []}).json()["cursors"]
    office.submit(f"{PAGE}/buildings/{row['id']}/removals")
    after = town["worker1"].post("/sync", json={"ops": []}).json()["cursors"]

    assert "已加上" in answer.text
    assert (row["grid_id"], row["grid_name"], row["label"]) == ("3", "第三网格", "新苑 1栋")
    assert f"building:{row['id']}" in held and f"building:{row['id']}" not in after
    assert not rows_of(town, "building", compound="新苑")


def test_a_building_that_moves_to_another_grid_takes_the_rights_along(town, office):
    """worker1 gives it up, worker2 and nobody of the old grid takes it; its leader stays."""
    building = town.building("hongmian")
    asked = office.get(f"{path(town, 'hongmian')}?grid=2").text
    before = town["worker1"].post("/sync", json={"ops": []}).json()["cursors"]
    office.submit(f"{path(town, 'hongmian')}/moves", grid="2")

    assert "温家栋" in asked.split("交出")[0] and "周晓岚" in asked.split("交出")[1]
    assert f"building:{building}" in before
    streams = {who: town[who].post("/sync", json={"ops": []}).json()["cursors"] for who in CAST}
    holding = {who for who, found in streams.items() if any(building in one for one in found)}
    assert holding == {"worker2", "social1", "leader1"}
    moved = kept(town, "building", building)
    assert (moved.grid_id, moved.grid_name) == ("2", "第二网格")
    assert town.audit("building.assign") and town.audit("building.unassign")


def test_the_communitys_name_stands_on_every_phone(town, office, worker):
    form = hidden(office.get(PAGE).text, "/community")
    office.submit(f"{PAGE}/community", **form, name="青龙社区", office_phone="020 1234 5678")
    told = worker.post("/sync", json={"ops": []}).json()["changes"]

    (person,) = [one["record"] for one in told if one["kind"] == "person"]
    assert (person["community_name"], person["office_phone"]) == ("青龙社区", "02012345678")


@pytest.mark.parametrize("username", ["worker1", "leader1", "street", "admin"])
def test_places_are_the_offices(town, username):
    answer = town[username].submit(f"{PAGE}/grids", grid="1", name="别的")

    assert answer.status_code == 403
    assert kept(town, "building", town.building("hongmian")).grid_name == "第一网格"


def test_a_building_of_another_community_is_unknown(office):
    strange = "00000000-0000-7000-8000-00000000dead"

    assert office.get(f"{PAGE}/buildings/{strange}").status_code == 404
    assert office.submit(f"{PAGE}/buildings/{strange}/moves", grid="2").status_code == 404
    assert office.submit(f"{PAGE}/buildings/{strange}/removals").status_code in (404, 422)


def test_the_page_of_a_building_opens_where_others_have_no_grid(town, office):
    """Buildings that a roster brings have none until somebody says which."""
    town.submit("office1", "building.add", {"compound": "紫薇苑", "name": "9栋", "grid_id": ""})

    answer = office.get(path(town, "hongmian"))

    assert answer.status_code == 200 and "红棉苑" in answer.text
