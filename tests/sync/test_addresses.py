"""Every spelling of a door is the same door, and what is no door is none."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.address_labels import building_name, label, room_as_written
from sync.addresses import Address, asked, floor_of, is_door, known, parse, rank

VECTORS: dict[str, list[dict[str, Any]]] = json.loads(
    (Path(__file__).parents[1] / "vectors" / "addresses.json").read_text("utf-8")
)
ADDRESSES = st.text(
    alphabet="0123456789AB一二三十百栋幢座号楼单元梯门巷室房#-/第区期 \u3000红棉苑", max_size=20
)


@pytest.mark.parametrize("case", VECTORS["parse"], ids=lambda case: repr(case["text"])[:40])
def test_a_door_is_read_in_any_spelling(case):
    columns = {name: value for name, value in case.items() if name not in ("text", "want")}

    address = parse(case["text"], **columns)

    assert (list(address) if address else None) == case["want"]


@pytest.mark.parametrize("case", VECTORS["asked"], ids=lambda case: repr(case["text"])[:40])
def test_a_search_says_which_doors_it_may_mean(case):
    assert [list(one) for one in asked(case["text"], case.get("compounds", []))] == case["want"]


@pytest.mark.parametrize("case", VECTORS["known"], ids=lambda case: "/".join(case["of"]))
def test_a_stored_door_has_the_address_its_names_spell(case):
    assert list(known(*case["of"])) == case["want"]


@pytest.mark.parametrize("case", VECTORS["rank"], ids=lambda case: "/".join(case["wanted"]))
def test_the_exact_door_comes_before_one_that_begins_so(case):
    assert rank(Address(*case["wanted"]), Address(*case["door"])) == case["want"]


def test_a_label_reads_as_people_say_it():
    assert label(Address("红棉苑", "3", "2", "502")) == "红棉苑 3栋 2单元 502"
    assert label(Address("凤凰里", "A1", "", "502")) == "凤凰里 A1座 502"
    assert label(Address("榕荫新村", "1巷3号", "", "301")) == "榕荫新村 1巷3号 301"


@pytest.mark.parametrize(
    ("code", "written", "name"),
    [
        ("2", "2座301", "2座"),
        ("3", "三幢", "3幢"),
        ("3", "13栋", "3栋"),
        ("3", "3-2-502", "3栋"),
        ("12", "012号楼", "12号楼"),
        ("A1", "", "A1座"),
        ("综合楼", "综合楼", "综合楼"),
    ],
)
def test_a_building_keeps_the_word_its_people_use(code, written, name):
    assert building_name(code, written) == name


def test_a_room_keeps_the_zero_its_house_writes():
    assert room_as_written("502", "5座0502室") == "0502"
    assert room_as_written("502", "3-2-502") == "502"
    assert room_as_written("502", "五楼02") == "502"


def test_the_floor_is_in_the_room():
    assert [floor_of(room) for room in ("502", "1203", "12", "5A", "502A")] == [5, 12, 1, 1, 5]


@given(st.one_of(ADDRESSES, st.text(max_size=100)), ADDRESSES, st.text(max_size=5))
def test_no_text_breaks_the_reader(text, building, floor):
    for address in (parse(text, building=building, floor=floor), parse(text, compounds=["红棉苑"])):
        assert address is None or is_door(address)
    for wanted in asked(text, ["红棉苑"]):
        assert rank(wanted, known("红棉苑", building, "", text)) in (0, 1, 2)


@given(
    st.sampled_from(["", "红棉苑"]),
    st.sampled_from(["1", "12", "A1", "1巷3号"]),
    st.sampled_from(["", "1", "2"]),
    st.integers(101, 3208).map(str),
)
def test_a_label_reads_back_as_its_address(compound, building, unit, room):
    address = Address(compound, building, unit, room)

    assert parse(label(address), compounds=["红棉苑"]) == address
    assert known(compound, building_name(building), unit, room) == address
