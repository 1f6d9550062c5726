"""数字: every number of a month leads to the names behind it."""

import pytest

from server import months
from tests.server.office import record
from tests.server.test_office_overview import add_elder


@pytest.fixture
def elders(town):
    """Three to be seen, of whom one is met and one is in hospital, and 黄秀珍 of the town."""
    seen = add_elder(town, "liang", "何见")
    add_elder(town, "zhong", "何未见")
    away = add_elder(town, "wu", "何住院")
    record(town, "worker1", "liang", resident_ids=[seen])
    record(town, "worker1", "liang", resident_ids=[seen], result="phone_ok", method="phone")
    record(town, "social1", "wu", resident_ids=[away], result="hospital")


def test_a_month_adds_up_and_every_number_leads_to_its_names(town, office, elders):
    text = office.get("/office/numbers").text

    assert "33.3<small>%</small>" in text
    assert "见到 1 / 3 人" in text
    assert "住院 1" in text
    unseen = office.get("/office/numbers/people?show=unseen").text
    assert "何未见" in unseen and "黄秀珍" in unseen
    assert "何见<" not in unseen and "何住院" not in unseen
    assert "何见<" in office.get("/office/numbers/people?show=seen").text
    assert "何住院" in office.get("/office/numbers/people?show=apart").text


@pytest.mark.parametrize(
    ("by", "label"), [("grid", "第一网格"), ("building", "栋"), ("category", "独居")]
)
def test_numbers_by_grid_building_and_category(town, office, elders, by, label):
    text = office.get(f"/office/numbers?by={by}").text

    assert label in text.split('id="groups"')[1]


def test_people_of_one_category_only(town, office, elders):
    asked = "/office/numbers/people?show=unseen&category="

    assert "何未见" in office.get(f"{asked}living_alone").text
    assert "何未见" not in office.get(f"{asked}dementia").text


def test_a_past_month_is_shown_as_it_was_kept(town, office, elders):
    town.clock.pass_(days=48)
    months.keep(town.intake, town.community)

    text = office.get("/office/numbers?month=2026-10").text

    assert "2026年10月" in text
    assert "见到 0 / 3 人" in text
    assert "没有应访的人" in office.get("/office/numbers?month=2026-09").text


@pytest.mark.parametrize("month", ["2026-13", "abc", "2031-01", ""])
def test_a_month_that_is_none_is_this_one(town, office, month):
    assert "2026年9月" in office.get(f"/office/numbers?month={month}&by=nothing").text
    assert office.get(f"/office/numbers/people?month={month}&show=nothing").status_code == 200
