"""计数: what the subdistrict sees of a community, down to the building, and nobody by name."""

import re

import pytest

from server.office.counts import FEW
from tests.server.office import record, rows_of

PAGE = "/office/counts"


def cells(text, word):
    """The row of a table that begins with this word."""
    row = text.split(f"<td>{word}</td>")[1].split("</tr>")[0]
    return re.findall(r'<td class="num"[^>]*>(.*?)</td>', row)


@pytest.fixture
def elders(town):
    """As many who are counted behind one door as may be told of."""
    home = town.household("huang")
    told = {"household_id": home, "birth_on": "1938-01-09", "categories": ["living_alone"]}
    return [
        town.submit("office1", "resident.add", {**told, "name": f"何小明{one}"}).id
        for one in range(FEW)
    ]


def test_the_office_says_where_it_belongs_and_who_sees_its_numbers(town, office):
    page = office.get("/office/areas").text
    assert "街道的账号：" in page and "只看得到" in page

    office.submit("/office/areas/community", subdistrict="青溪街道", was_subdistrict="",
                  name="清龙社区", was_name="清龙社区")  # fmt: skip

    assert rows_of(town, "community")[0]["subdistrict"] == "青溪街道"
    assert "青溪街道" in office.get("/office/areas").text
    assert "青溪街道 · " in town["street"].get(PAGE).text
    again = office.submit("/office/areas/community", subdistrict="", was_subdistrict="",
                          name="清龙新村", was_name="清龙社区")  # fmt: skip
    assert again.status_code == 200
    assert rows_of(town, "community")[0]["subdistrict"] == "青溪街道"


def test_numbers_go_down_to_the_building_and_add_up(town, elders):
    record(town, "worker1", "huang", resident_ids=elders[:3])
    street = town["street"]

    by_building = street.get(f"{PAGE}?by=building").text
    by_compound = street.get(f"{PAGE}?by=compound").text

    households, residents, visits, rate, _ = cells(by_building, "红棉苑 3栋")
    assert int(visits) == 1 and int(residents) >= FEW and int(households) >= 1
    assert rate == "50.0%"
    assert cells(by_compound, "红棉苑")[3] == "1"
    assert "第一网格" in street.get(PAGE).text


def test_of_a_few_no_share_is_told(town, elders):
    home = town.household("zhong")
    told = {"household_id": home, "birth_on": "1938-01-09", "categories": ["living_alone"]}
    town.submit("office1", "resident.add", {**told, "name": "何小明"})

    rate = cells(town["street"].get(f"{PAGE}?by=building").text, "荔香园 2栋")[3]

    assert "人少不列" in rate


@pytest.mark.parametrize("by", ["grid", "compound", "building", "nonsense"])
def test_nobody_and_no_door_is_named(town, elders, by):
    text = re.sub("[0-9a-f-]{8,}", "", town["street"].get(f"{PAGE}?by={by}").text)  # ids

    assert not [word for word in ("黄秀珍", "何小明", "周晓岚", "502", "独居") if word in text]
