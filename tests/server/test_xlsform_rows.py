"""Rows that break a rule of checklists or of XLSForm are told, each at its place."""

from typing import get_args, get_type_hints

import msgspec
import pytest

from server.checklists import workbooks
from server.checklists.xlsform import read
from sync.checklists import MAX_CARDS, MAX_QUESTIONS, MAX_SECTIONS
from sync.operations import ChecklistPublish
from tests.server.xlsforms import HEADS, form, found, report


@pytest.mark.parametrize(
    ("rows", "errors"),
    [
        ([["foo", "E01", "一"]], [("type.unknown", "survey", 3, "type")]),
        ([["", "E01", "一"]], [("type.missing", "survey", 3, "type")]),
        ([["text", "", "一"]], [("name.missing", "survey", 3, "name")]),
        ([["text", "1 号", "一"]], [("name.misfit", "survey", 3, "name")]),
        ([["text", "E01"]], [("label.missing", "survey", 3, "label")]),
        (
            [["text", "E01", "一"], [], ["text", "E01", "二"]],
            [("name.twice", "survey", 5, "name")],
        ),
        ([["select_one", "E01", "一"]], [("list.unnamed", "survey", 3, "type")]),
        ([["select_one none", "E01", "一"]], [("list.missing", "survey", 3, "type")]),
        ([["calculate", "E01"]], [("calculation.missing", "survey", 3, "calculate")]),
        (
            [["end_group"], ["end_group"], ["begin_group", "h", "二"], ["text", "a", "b"]],
            [("group.unopened", "survey", 4, "type")],
        ),
        (
            [["begin_group", "h", "二"], ["text", "a", "b"]],
            [("group.open", "survey", 2, "type")],
        ),
    ],
)
def test_rows_that_are_wrong(rows, errors):
    assert found(report(*rows), "error") == errors


@pytest.mark.parametrize(
    ("column", "value", "code"),
    [
        ("jinlin_every", "有时", "cell.not_yes"),
        ("jinlin_valid_days", "-1", "cell.not_number"),
        ("jinlin_valid_days", "九十", "cell.not_number"),
        ("jinlin_months", "13", "cell.not_months"),
        ("hint", "长" * (workbooks.MAX_TEXT + 1), "cell.too_long"),
        ("hint", "=A1&B1", "cell.formula"),
        ("hint", "#REF!", "cell.formula"),
        ("relevant", "${nobody} = 1", "rule.unknown"),
        ("relevant", "${E01", "rule.expression.unreadable"),
        ("relevant", "${E01} = 1", "rule.circle"),
        ("constraint", "regex(., 'a')", "rule.expression.function"),
        ("constraint", "(. > 1", "rule.expression.unfinished"),
        ("constraint", "selected(.)", "rule.expression.arguments"),
        ("constraint", "(" * 100 + "1" + ")" * 100, "rule.expression.too_deep"),
        ("constraint", "1 + " * 600 + "1", "rule.expression.too_long"),
        ("required", "maybe", "rule.expression.function"),
        ("required", "1 1", "rule.expression"),
        ("jinlin_sets", "name", "rule.unknown"),
        ("hint", "长" * 301, "rule.too_long"),
    ],
)
def test_cells_that_are_wrong(column, value, code):
    said = report(["integer", "E01", "一", value], heads=[*HEADS, column])

    assert (code, "survey", 3, column) in found(said, "error")


@pytest.mark.parametrize(
    ("flags", "followup", "code", "column"),
    [
        ("红: ${E09} = 1", "fix | 修", "rule.unknown", "flags"),
        ("红: . =", "fix | 修", "rule.expression.unfinished", "flags"),
        ("立即: . = 1", "fix | 修", "rule.empty", "followup"),
        ("立即: . = 1", "fix 卡片gas | 修", "rule.unknown", "followup"),
        ("红: . = 1", "fix", "rule.empty", "followup"),
        ("红: . = 1", "fix 99999小时 | 修", "rule.number", "followup"),
    ],
)
def test_flags_against_the_rules(flags, followup, code, column):
    said = report(["integer", "E01", "一", flags, followup], heads=[*HEADS, "flags", "followup"])

    assert found(said, "error") == [(code, "survey", 3, column)]


def test_questions_that_wait_for_each_other():
    said = report(
        ["integer", "E01", "一", "${E03} = 1"],
        ["integer", "E02", "二", "${E01} = 1"],
        ["integer", "E03", "三", "${E02} = 1"],
        ["integer", "E04", "四", "${E03} = 1"],
        heads=[*HEADS, "relevant"],
    )

    assert found(said, "error") == [("rule.circle", "survey", row, "relevant") for row in (3, 4, 5)]


def test_cards_and_options_against_the_rules():
    said = report(
        ["select_one near", "E01", "一"],
        choices=[["list_name", "name", "label"], ["near", "a", "长" * 301]],
        cards=[["id", "title", "steps", "calls"], ["gas", "燃气", "关阀", "114"]],
    )

    assert found(said, "error") == [
        ("rule.unknown", "cards", 2, "calls"),
        ("rule.too_long", "choices", 2, "label"),
    ]


def test_what_names_a_question_of_no_known_type_is_not_told_again():
    said = report(
        ["foo", "E01", "一"], ["text", "E02", "二", "${E01} = 1"], heads=[*HEADS, "relevant"]
    )

    assert found(said, "error") == [("type.unknown", "survey", 3, "type")]


def test_choices_that_are_wrong():
    rows = [
        ["list_name", "name", "label"],
        ["", "a", "甲"],
        ["l", "", "甲"],
        ["l", "a b", "甲"],
        ["l", "a", ""],
        ["l", "b", "乙"],
        ["l", "b", "丙"],
        ["yes_no", "maybe", "也许"],
    ]
    said = report(["select_one l", "E01", "一"], choices=rows)

    assert found(said, "error") == [
        ("choice.list_missing", "choices", 2, "list_name"),
        ("choice.name_missing", "choices", 3, "name"),
        ("choice.name_misfit", "choices", 4, "name"),
        ("choice.label_missing", "choices", 5, "label"),
        ("choice.twice", "choices", 7, "name"),
        ("list.fixed", "choices", 8, "list_name"),
    ]


def test_merged_cells_are_named():
    def merge(book):
        book["survey"].merge_cells("B3:B4")
        book["survey"].merge_cells("H40:I41")  # far from everything

    data = form(["integer", "E01", "一"], ["integer", None, "二"], change=merge)
    said = read(data, "x")

    assert ("cell.merged", "survey", 3, "name") in found(said, "error")
    assert [one for one in found(said) if one[2] > 10] == []


@pytest.mark.parametrize(
    ("column", "value", "sentence"),
    [
        ("jinlin_valid_days", "3661", "这一格要写 1 到 3660 的整数，现在是“3661”。"),
        ("followup", "fix 复查3661天 | 修", "这里要写 0 到 3660 的整数，现在是“3661”。"),
        ("followup", "fix 99999小时 | 修", "这里要写 0 到 8784 的整数，现在是“99999”。"),
    ],
)
def test_a_number_beyond_the_limit_is_told_with_the_limit(column, value, sentence):
    heads = [*HEADS, "flags", "followup"]
    row = ["integer", "E01", "一", "红: . = 1", "fix | 修"]
    if column == "followup":
        row[4] = value
    else:
        heads, row = [*heads, column], [*row, value]

    said = report(row, heads=heads)

    errors = [one for one in said.findings if one.severity == "error"]
    assert [(one.sheet, one.row, one.column, one.sentence) for one in errors] == [
        ("survey", 3, column, sentence)
    ]


def test_a_list_may_be_as_large_as_publishing_takes_and_no_larger():
    limits = {"questions": MAX_QUESTIONS, "sections": MAX_SECTIONS, "cards": MAX_CARDS}

    taken = {
        field: next(
            one.max_length
            for one in get_args(get_type_hints(ChecklistPublish, include_extras=True)[field])
            if isinstance(one, msgspec.Meta)
        )
        for field in limits
    }

    assert taken == limits


def test_one_section_or_card_too_many_is_named_by_its_row():
    groups = [
        row
        for n in range(MAX_SECTIONS)
        for row in (["begin_group", f"s{n}", "节"], ["text", f"E{n}", "问"], ["end_group"])
    ]
    cards = [["id", "title", "steps"], *([f"c{n}", "卡", "步"] for n in range(MAX_CARDS + 1))]

    said = report(["end_group"], *groups, ["begin_group", "h", "末"], cards=cards)

    assert found(said, "error") == [
        ("card.too_many", "cards", MAX_CARDS + 2, "id"),
        ("survey.sections", "survey", 3 * MAX_SECTIONS + 1, "type"),
    ]
