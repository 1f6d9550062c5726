"""Any JSON, damaged or made up, is answered within bounds like any XML."""

import json
import time
import tracemalloc

from hypothesis import example, given, settings
from hypothesis import strategies as st

from server.alerts.documents import MAX_BYTES
from tests.alerts.test_hostile import is_answered
from tests.alerts.test_vendors import FULL
from tests.alerts.vendors import packed

SEEDS = list(FULL.values())
WORDS = (
    "code warning alerts metadata zeroResult data page list w w13 result alert content status error"
    " count msg title id type messageType supersedes related color pubTime pubtimestamp"
)
NAMES = st.sampled_from(WORDS.split())
LEAVES = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20)
VALUES = st.recursive(
    LEAVES,
    lambda inside: st.lists(inside, max_size=4) | st.dictionaries(NAMES, inside, max_size=4),
    max_leaves=30,
)


@settings(max_examples=600, deadline=None)
@given(st.dictionaries(NAMES, VALUES, max_size=5), st.sampled_from(["", "var alarmDZ1 =", "f("]))
@example({"alerts": [{"id": "\ud800", "headline": "暴雨红色预警\ud800"}]}, "")
@example({"warning": [{"pubTime": "9999999999999", "title": "暴雨红色预警"}]}, "")
def test_made_up_answers_are_answered(value, before):
    is_answered(f"{before}{json.dumps(value)}".encode())


@settings(max_examples=800, deadline=None)
@given(st.sampled_from(SEEDS), st.lists(st.tuples(st.integers(0, 2000), st.binary(max_size=6))))
def test_damaged_answers_are_answered(content, damages):
    for at, put in damages:
        at %= len(content)
        content = content[:at] + put + content[at + len(put) // 2 :]

    is_answered(content)


@settings(max_examples=400, deadline=None)
@given(st.text(alphabet='var x=({["\\:,;0]}) \n', max_size=200))
def test_what_only_looks_like_a_script_is_answered(text):
    is_answered(text.encode())


def test_the_largest_answers_take_little_time_and_room():
    signs = "清龙区发布暴雨红色预警"
    for content in (
        packed({"alerts": [{}] * 500_000}),
        packed({"alerts": [{"headline": signs * (MAX_BYTES // 36), "description": signs * 9}]}),
        packed({"warning": [{"title": signs, "related": "a," * 900_000}]}),
        packed({"alerts": [{"headline": signs, "description": signs * 20}] * 2700}),
        packed({"data": [[]] * 500_000, "count": "1"}),
        b"var a=[];" * 200_000,
        b"a=[];var" + b" " * 2_000_000 + b"=[",
        b"x=[]" + b" " * 2_000_000 + b"=[",
        b"x=[" + b"[]," * 680_000,
        b'{"a":' + b"1" * 2_000_000,
    ):
        assert MAX_BYTES / 2 < len(content) <= MAX_BYTES
        tracemalloc.start()
        began = time.process_time()
        is_answered(content)
        spent = time.process_time() - began
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        assert peak < 200 * 1024 * 1024, content[:60]
        assert spent < 30, content[:60]
