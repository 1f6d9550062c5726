"""The demo community has exactly the people and doors its figures promise."""

from collections import Counter
from datetime import date

import pytest

from server.demo.figures import FEWEST_HOUSEHOLDS, Figures
from server.demo.shapes import Town
from server.demo.town import build
from sync.care import SPECIAL_ELDER, age_on, is_high_risk

TODAY = date(2026, 5, 7)

PROMISED = {
    "dwellings": 3484,
    "households": 3300,
    "vacant": 184,
    "residents": 8680,
    "children": 1215,
    "elders": 1215,
    "aged_65": 825,
    "aged_80": 190,
    "aged_90": 24,
    "tenant_households": 924,
    "living_alone": 230,
    "living_alone_80": 62,
    "empty_nest": 410,
    "functional_loss": 62,
    "dementia": 26,
    "severe_disability": 38,
    "disability": 84,
    "special_family": 11,
    "destitute_support": 6,
    "childless_alone": 14,
    "child_in_need": 6,
    "subsistence_households": 42,
    "subsistence_persons": 91,
    "edge_households": 18,
    "edge_persons": 41,
    "hardship_households": 36,
    "veterans": 150,
    "party_members": 430,
    "volunteers": 620,
    "special_elders": 690,
    "high_risk": 132,
    "phone_households": 3036,
    "emergency_contacts": 984,
}


@pytest.fixture(scope="module")
def town() -> Town:
    return build(today=TODAY)


def counted(town: Town) -> dict[str, int]:
    """Every figure, counted from the people and doors themselves."""
    lived_in = [one for one in town.households if one.tenure != "vacant"]
    aged = [(one, age_on(one.birth_on, town.today.isoformat())) for one in town.residents]
    codes = Counter(code for one, _ in aged for code in one.categories)

    def homes_with(code: str) -> int:
        return sum(any(code in one.categories for one in home.residents) for home in lived_in)

    return {
        "dwellings": len(town.households),
        "households": len(lived_in),
        "vacant": len(town.households) - len(lived_in),
        "residents": len(aged),
        "children": sum(age < 15 for _, age in aged),
        "elders": sum(age >= 60 for _, age in aged),
        "aged_65": sum(age >= 65 for _, age in aged),
        "aged_80": sum(age >= 80 for _, age in aged),
        "aged_90": sum(age >= 90 for _, age in aged),
        "tenant_households": sum(one.tenure == "rent" for one in lived_in),
        "living_alone": codes["living_alone"],
        "living_alone_80": sum(age >= 80 and "living_alone" in one.categories for one, age in aged),
        "empty_nest": codes["empty_nest"],
        "functional_loss": codes["functional_loss"],
        "dementia": codes["dementia"],
        "severe_disability": codes["severe_disability"],
        "disability": codes["disability"],
        "special_family": codes["special_family"],
        "destitute_support": codes["destitute_support"],
        "childless_alone": codes["childless_alone"],
        "child_in_need": codes["child_in_need"],
        "subsistence_households": homes_with("subsistence_allowance"),
        "subsistence_persons": codes["subsistence_allowance"],
        "edge_households": homes_with("low_income_edge"),
        "edge_persons": codes["low_income_edge"],
        "hardship_households": sum("hardship" in one.categories for one in lived_in),
        "veterans": codes["veteran"],
        "party_members": codes["party_member"],
        "volunteers": codes["volunteer"],
        "special_elders": sum(
            age >= 60 and bool(SPECIAL_ELDER & set(one.categories)) for one, age in aged
        ),
        "high_risk": sum(
            is_high_risk(one.categories, one.birth_on, town.today.isoformat()) for one, _ in aged
        ),
        "phone_households": sum(
            any(one.relation == "self" for one in home.contacts) for home in lived_in
        ),
        "emergency_contacts": sum(one.relation != "self" for one in town.contacts),
    }


def test_every_promised_total_is_hit_exactly(town: Town) -> None:
    assert counted(town) == PROMISED


def test_compounds_and_grids_have_the_doors_of_the_plan(town: Town) -> None:
    of = {one.id: one for one in town.buildings}
    by_compound = Counter(of[one.building_id].compound for one in town.households)
    by_grid = Counter(of[one.building_id].grid_id for one in town.households)
    buildings = Counter(one.compound for one in town.buildings)

    assert by_compound == {
        "红棉苑": 672, "龙腾阁": 224, "凤凰里": 648, "荔香园": 560,
        "金桂花园": 432, "榕荫新村": 468, "碧湖湾": 480,
    }  # fmt: skip
    assert by_grid == {"1": 896, "2": 648, "3": 992, "4": 948}
    assert buildings == {
        "红棉苑": 24, "龙腾阁": 8, "凤凰里": 18, "荔香园": 20,
        "金桂花园": 12, "榕荫新村": 26, "碧湖湾": 5,
    }  # fmt: skip


def test_buildings_are_full_and_doors_are_written_as_people_write_them(town: Town) -> None:
    for building in town.buildings:
        doors = [one for one in town.households if one.building_id == building.id]
        assert len(doors) == building.units * building.floors * building.doors
        assert len({(one.unit, one.door_no) for one in doors}) == len(doors)
    labels = {one.label for one in town.buildings}
    assert {"红棉苑 3栋", "龙腾阁 2座", "凤凰里 A18座", "榕荫新村 一巷3号", "碧湖湾 1座"} <= labels
    tower = next(one for one in town.buildings if one.style == "tower")
    assert "0502" in {one.door_no for one in town.households if one.building_id == tower.id}


def test_an_old_person_lives_alone_behind_the_door_of_the_story(town: Town) -> None:
    building = next(one for one in town.buildings if one.label == "红棉苑 1栋")
    door = next(
        one
        for one in town.households
        if (one.building_id, one.unit, one.door_no) == (building.id, "1", "502")
    )

    assert [one.categories for one in door.residents] == [("living_alone", "oldest_old")]


def test_living_alone_means_alone_and_an_empty_nest_is_an_old_couple(town: Town) -> None:
    for home in town.households:
        codes = [code for one in home.residents for code in one.categories]
        if "living_alone" in codes:
            assert len(home.residents) == 1
        assert codes.count("empty_nest") in {0, len(home.residents)}


def test_everybody_who_works_can_sign_in_and_has_doors(town: Town) -> None:
    roles = Counter(one.role for one in town.people)
    held = {one.username: len(one.building_ids) for one in town.people}

    assert roles == {
        "chief": 4, "worker": 5, "social": 2, "office": 3, "secretary": 1,
        "street": 1, "admin": 1, "leader": 113 + 6,
    }  # fmt: skip
    assert [one.username for one in town.people if one.role == "chief"] == [
        f"worker{number}" for number in (1, 2, 3, 4)
    ]
    assert [held[f"worker{number}"] for number in range(1, 10)] == [
        32,
        18,
        32,
        31,
        24,
        12,
        20,
        26,
        12,
    ]
    assert (held["social1"], held["social2"], held["office1"]) == (50, 63, 0)
    assert all(held[f"leader{number}"] == 1 for number in range(1, 114))
    assert all(held[f"deputy{number}"] == 1 for number in range(1, 7))
    assert all(len(one.grid_ids) == 1 for one in town.people if one.role in {"chief", "worker"})


def test_names_and_phones_of_those_who_sign_in_are_their_own(town: Town) -> None:
    assert len({one.name for one in town.people}) == len(town.people)
    numbers = [one.phone for one in town.people]
    numbers += [one.phone for one in town.contacts if one.relation == "self"]
    assert len(set(numbers)) == len(numbers)
    assert all(one.startswith("1990000") and len(one) == 11 for one in numbers)


def test_every_id_is_its_own(town: Town) -> None:
    ids = [town.community_id]
    ids += [one.id for group in (town.buildings, town.people, town.households) for one in group]
    ids += [one.id for group in (town.residents, town.contacts) for one in group]
    ids += [one.device_id for one in town.people]
    assert len(set(ids)) == len(ids)


@pytest.mark.parametrize("households", [20, 60, 104, 300, 1000, 4500])
def test_a_smaller_or_larger_community_keeps_its_shape(households: int) -> None:
    town = build(households, today=TODAY)
    figures = town.figures
    count = counted(town)
    lived_in = {one.building_id for one in town.households if one.tenure != "vacant"}

    assert count.pop("dwellings") == figures.households + figures.vacant
    assert count == {name: getattr(figures, name) for name in count}
    assert abs(figures.residents - 8680 * households / 3300) <= 1
    assert len({one.compound for one in town.buildings}) == 7
    for person in town.people:
        if person.role in {"chief", "worker", "social"}:
            assert lived_in & set(person.building_ids), person.username
    assert {one.id for one in town.buildings} == set(town.leaders)
    assert set(town.deputies) < set(town.leaders)


def test_fewer_than_twenty_households_are_refused() -> None:
    with pytest.raises(ValueError, match=str(FEWEST_HOUSEHOLDS)):
        build(FEWEST_HOUSEHOLDS - 1, today=TODAY)


def test_the_same_seed_builds_the_same_community_and_another_one_does_not() -> None:
    first = build(300, today=TODAY, seed=7)

    assert build(300, today=TODAY, seed=7) == first
    assert build(300, today=TODAY, seed=8) != first


def test_ages_hold_on_any_day_even_the_29th_of_february() -> None:
    town = build(300, today=date(2028, 2, 29))

    assert isinstance(town.figures, Figures)
    assert counted(town)["elders"] == town.figures.elders
