"""Cutting JSON apart without reading it."""

import contextlib
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.elements import depth_within, elements, is_json, members

DEEP = b"[" * 50_000 + b"]" * 50_000
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=20,
)


@given(st.lists(ANYTHING, max_size=6), st.sampled_from([None, 1]))
def test_a_list_is_cut_into_its_elements(values, indent):
    parts = elements(json.dumps(values, indent=indent).encode())

    assert [json.loads(part) for part in parts] == values


@given(st.dictionaries(st.text(), ANYTHING, max_size=6), st.sampled_from([None, 1]))
def test_an_object_is_cut_into_its_members(values, indent):
    parts = members(json.dumps(values, indent=indent).encode())

    assert {name: json.loads(part) for name, part in parts.items()} == values


@given(st.binary(max_size=60))
def test_no_bytes_break_the_cutter(raw):
    for cut in (elements, members):
        with contextlib.suppress(ValueError):
            cut(raw)


def test_depth_and_half_characters_are_no_matter():
    assert elements(b"[1," + DEEP + b"]") == [b"1", DEEP]
    assert members(b'{"a":"\\ud83d","b":' + DEEP + b"}") == {"a": b'"\\ud83d"', "b": DEEP}


@pytest.mark.parametrize(
    "raw", [b"", b"[", b"]", b"[1,]", b"[,1]", b"[1]2]", b'["]', b"{}", b"[[]"]
)
def test_what_is_no_list_is_not_cut(raw):
    with pytest.raises(ValueError):
        elements(raw)


@pytest.mark.parametrize("raw", [b"{", b"[]", b"{1:2}", b'{"a"}', b'{"a":1,}', b'{"a" 1}'])
def test_what_is_no_object_is_not_cut(raw):
    with pytest.raises(ValueError):
        members(raw)


@pytest.mark.parametrize(
    ("raw", "told"),
    [
        (b'{"a": "\\ud83d"}', True),
        (DEEP, True),
        (b"1" + b"0" * 9000, True),
        (b"NaN", False),
        (b"[1,]", False),
        (b'"\t"', False),
        (b"\xff", False),
    ],
)
def test_grammar_is_told_from_what_merely_cannot_be_read(raw, told):
    assert is_json(raw) is told


def test_depth_is_counted_in_lists_and_objects():
    assert depth_within("text", 0)
    assert depth_within([{"a": []}], 3)
    assert not depth_within([{"a": []}], 2)
