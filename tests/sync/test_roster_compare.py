"""A roster beside what is stored: what is new, what changed, who is missing."""

from itertools import count

import pytest
from msgspec.structs import replace

from sync import roster
from sync.doors import remove_building
from sync.operations import BuildingRemove
from sync.records import Building, Contact, Household, Resident
from sync.refusals import Refusal
from sync.roster_columns import Sheet
from sync.roster_compare import compare
from sync.roster_plan import Stored, Tools
from tests.sync import memory
from tests.sync.memory import uid

HEADS = ["小区", "网格", "楼栋", "门牌号", "姓名", "身份证号", "出生日期", "联系电话", "人员类别"]
TOWN = Building(
    id=uid(1),
    compound="红棉苑",
    name="3栋",
    label="红棉苑 3栋",
    grid_id="1",
    units=2,
    floors=7,
    doors=4,
)
DOOR = Household(id=uid(2), building_id=uid(1), unit="2", floor=5, door_no="0502")
ELDER = Resident(
    id=uid(3), household_id=uid(2), building_id=uid(1), name="黄秀珍", birth_on="1940-05-05"
)
PHONE = Contact(
    id=uid(4), household_id=uid(2), building_id=uid(1), resident_id=uid(3), phone="14000000001"
)


def line(name="黄秀珍", door="2-502", **more):
    said = {"小区": "红棉苑", "楼栋": "3栋", "门牌号": door, "姓名": name, **more}
    return [said.get(head, "") for head in HEADS]


def plan(*lines, **stored):
    """What a file of these lines would do beside the elder's door."""
    read = roster.read([Sheet("居民", [HEADS, *lines])], today="2026-09-15")
    held = {
        "buildings": [TOWN],
        "households": [DOOR],
        "residents": [ELDER],
        "contacts": [PHONE],
        **stored,
    }
    numbers = count(100)
    tools = Tools(lambda: uid(next(numbers)), str, str.lower)
    return compare(read, Stored(**held), tools)


def done(found):
    return [step.kind for step in found.steps if step.counts]


def test_a_person_and_door_in_another_spelling_are_the_ones_that_are_there():
    found = plan(line(door="三栋二单元502室", 出生日期="1940.5.5"))

    assert (found.added, found.changed, found.unchanged) == (0, 0, 1)
    assert found.writes == 0
    assert found.found == (ELDER.id,)


def test_new_people_come_after_the_doors_they_live_behind():
    found = plan(line("何华", "601", 楼栋="5栋", 联系电话="14000000002"))

    assert done(found) == ["building.add", "household.add", "resident.add", "contact.add"]
    assert [step.data.get("building_id") for step in found.steps][1] == found.steps[0].record_id


@pytest.mark.parametrize(
    ("said", "now", "held", "after"),
    [
        pytest.param([], "独居", [], ["living_alone"], id="new"),
        pytest.param(["living_alone"], "空巢", ["living_alone"], ["empty_nest"], id="replaced"),
        pytest.param(
            ["living_alone"],
            "空巢",
            ["living_alone", "veteran"],
            ["empty_nest", "veteran"],
            id="what others gave stays",
        ),
        pytest.param(["living_alone"], "独居", ["veteran"], None, id="what others took stays gone"),
    ],
)
def test_the_labels_of_a_roster_come_and_go_with_it(said, now, held, after):
    elder = replace(ELDER, categories=held)
    found = plan(
        line(出生日期="1940-05-05", 人员类别=now),
        residents=[elder],
        said={ELDER.id: {"name": "黄秀珍", "birth_on": "1940-05-05", "categories": said}},
    )

    changes = [step.data["changes"]["categories"] for step in found.steps if step.kind]
    assert changes == ([] if after is None else [after])


def test_a_file_without_labels_takes_none_away():
    elder = replace(ELDER, categories=["living_alone"])
    said = {ELDER.id: {"name": "黄秀珍", "categories": ["living_alone"]}}

    assert done(plan(line(出生日期="1940-05-05"), residents=[elder], said=said)) == []


def test_what_somebody_corrected_stays_while_the_roster_says_the_same():
    said = {ELDER.id: {"name": "黄秀珍", "birth_on": "1940-05-06"}}

    assert done(plan(line(出生日期="1940-05-06"), said=said)) == []
    assert done(plan(line(出生日期="1940-05-07"), said=said)) == ["resident.change"]


def test_a_number_takes_the_place_of_the_one_it_follows():
    said = {ELDER.id: {"phones": ["14000000001"]}}
    found = plan(line(出生日期="1940-05-05", 联系电话="14000000009"), said=said)

    assert done(found) == ["contact.change"]
    assert found.steps[-1].before == {"phone": "14000000001"}


def test_a_number_nobody_said_before_is_added_beside_the_others():
    assert done(plan(line(出生日期="1940-05-05", 联系电话="14000000009"))) == ["contact.add"]


def test_half_a_building_does_not_make_it_smaller():
    found = plan(line(door="1-101", 网格="第二网格"))

    change = next(step for step in found.steps if step.kind == "building.change")
    assert change.data["changes"] == {"grid_id": "2", "grid_name": "第二网格"}


def test_a_dwelling_called_empty_keeps_the_people_who_are_known_there():
    found = plan(line("空置"))

    assert done(found) == []
    assert found.missing == (ELDER.id,)


def test_only_people_of_the_buildings_in_the_file_can_be_missing():
    assert plan(line("何华")).missing == (ELDER.id,)
    assert plan(line("何华", "601", 楼栋="5栋")).missing == ()


def test_whoever_is_to_be_corrected_first_is_not_missing():
    assert plan(line("黄秀珍", 身份证号="123"), line("何华")).missing == ()


def test_the_gone_are_not_missed():
    assert plan(line("何华"), residents=[replace(ELDER, status="moved_out")]).missing == ()


def test_two_of_one_name_are_told_apart_by_birth():
    twin = replace(ELDER, id=uid(5), birth_on="1970-01-01")
    found = plan(line(出生日期="1970-01-01"), line(出生日期="1940-05-05"), residents=[ELDER, twin])

    assert (found.added, found.unchanged) == (0, 2)


def test_a_building_with_doors_is_not_removed():
    held = memory.town()
    with pytest.raises(Refusal, match=r"building\.occupied"):
        remove_building(BuildingRemove(id=memory.BUILDING.id), memory.known(held))
