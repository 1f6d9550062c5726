"""Which kind of issue a sentence speaks of, by a table of what people say at doors."""

import csv
from pathlib import Path

import pytest

from sync.issue_limits import CATEGORIES
from sync.issue_words import QUICK, RULES, proposed

TABLE = (Path(__file__).parent / "issue_words.csv").read_text(encoding="utf-8")
SAID = list(csv.DictReader(TABLE.splitlines()))


@pytest.mark.parametrize("case", SAID, ids=lambda one: one["text"])
def test_the_kind_is_proposed(case):
    assert proposed(case["text"]) == case["category"], case["why"]


def test_every_kind_is_in_the_table_and_every_rule_is_used():
    assert {case["category"] for case in SAID} == set(CATEGORIES)
    assert {rule.category for rule in RULES} == set(CATEGORIES) - {"other"}


def test_what_is_tapped_proposes_something():
    assert {proposed(word) for word in QUICK} > {"dispute", "utility_fault"}
    assert "other" not in {proposed(word) for word in QUICK}


@pytest.mark.parametrize(
    ("graver", "lesser"),
    [
        ("阳台着火", "楼道堆杂物"),
        ("消防通道堵住了", "老人断药"),
        ("老人断药", "路灯不亮"),
        ("老人断药", "物业费"),
    ],
)
def test_the_graver_of_two_things_is_proposed_in_any_order(graver, lesser):
    """People, then danger, then need, then all else."""
    assert proposed(graver) != proposed(lesser)
    assert proposed(f"{graver}，{lesser}") == proposed(f"{lesser}，{graver}") == proposed(graver)


def test_gaps_and_strange_text_do_no_harm():
    assert proposed("路 灯\n不 亮") == "public_facility"
    assert proposed("👴🏻" * 200) == "other"
