"""A checklist comes in as an XLSForm workbook; whatever of it is not used is said by row."""

import pytest

from server.checklists.findings import SENTENCES
from server.checklists.xlsform import read
from sync.checklists import Card, Flag, Option, Section
from tests.server.xlsforms import HEADS, form, found, report


def question(said):
    assert said.checklist is not None, found(said)
    [one] = said.checklist.questions
    return one


def test_what_the_settings_say():
    settings = [
        ["form_title", "form_id", "version", "jinlin_purpose", "jinlin_from", "default_language"],
        ["试一试", "CK-TRY", 3, "elder", "2026-12-01", "中文 (zh)"],
    ]
    said = report(["integer", "E01", "几口人"], settings=settings)

    assert found(said) == []
    checklist = said.checklist
    assert (checklist.code, checklist.edition, checklist.title) == ("CK-TRY", 3, "试一试")
    assert (checklist.purpose, checklist.from_on) == ("elder", "2026-12-01")
    assert checklist.sections == [Section(id="g", label="一节")]


@pytest.mark.parametrize(
    ("type_", "ours"),
    [
        ("integer", "int"),
        ("decimal", "decimal"),
        ("text", "text"),
        ("date", "date"),
        ("note", "note"),
        ("image", "photo"),
        ("select_one yes_no", "yes_no"),
        ("select_one yes_no_na", "yes_no_na"),
        ("select one from near", "one"),
        ("select_multiple near", "multi"),
    ],
)
def test_types(type_, ours):
    choices = [["list_name", "name", "label", "jinlin_alone"], ["near", "none", "无", "yes"]]
    said = report([type_, "E01", "题目"], choices=choices)

    assert found(said, "error") == found(said, "unsupported") == []
    near = [Option(code="none", label="无", alone=1)]
    assert question(said).type == ours
    assert question(said).options == (near if ours in ("one", "multi") else [])


def test_what_a_question_carries():
    heads = [
        *("type", "name", "label::中文 (zh)", "hint::中文", "required", "relevance", "constraint"),
        *("constraint_message", "jinlin_every", "jinlin_valid_days", "jinlin_months"),
        *("jinlin_safety", "jinlin_restricted", "jinlin_sets"),
    ]
    row = [
        *("integer", "E01", "血压", "高压", "yes", "1 = 1", ". < 300", "太高了", "yes", 30),
        *("11-2", "是", "no", "visit_wish"),
    ]
    one = question(report(row, heads=heads))

    assert (one.ask, one.hint, one.required) == ("血压", "高压", "true()")
    assert (one.relevant, one.constraint, one.constraint_message) == ("1 = 1", ". < 300", "太高了")
    assert (one.every, one.valid_days, one.months) == (1, 30, [11, 12, 1, 2])
    assert (one.safety, one.restricted, one.sets) == (1, 0, "visit_wish")


def test_our_columns_may_be_written_with_colons():
    said = report(
        ["integer", "E01", "一", "yes", "1"], heads=[*HEADS, "Jinlin::Every", "jinlin::x"]
    )

    assert question(said).every == 1
    assert found(said) == [("column.unknown", "survey", 1, "jinlin::x")]


def test_a_calculation():
    one = question(report(["calculate", "E01", "", "1 + 1"], heads=[*HEADS, "calculation"]))

    assert (one.type, one.calculate, one.ask) == ("calculate", "1 + 1", "")


FLAGS = [*HEADS, "flags", "followup"]


@pytest.mark.parametrize(
    ("flags", "followup", "flag"),
    [
        (
            "红: . = 'yes'",
            "hazard_fix 48小时 复查7天 | 请物业拆除",
            Flag(
                level="red",
                when=". = 'yes'",
                kind="hazard_fix",
                hours=48,
                recheck_days=7,
                text="请物业拆除",
            ),
        ),
        (
            "now： . = 'yes'",
            "gas_leak 2h recheck 30d card gas office_only | 闻到|燃气",
            Flag(
                level="now",
                when=". = 'yes'",
                kind="gas_leak",
                hours=2,
                recheck_days=30,
                card="gas",
                office_only=1,
                text="闻到|燃气",
            ),
        ),
        (
            "黄: . = 'no'",
            "recheck 24 小时 | a\\nb",
            Flag(level="amber", when=". = 'no'", kind="recheck", text="a\nb", hours=24),
        ),
    ],
)
def test_flags_and_what_must_follow(flags, followup, flag):
    cards = [["id", "title", "steps", "calls"], ["gas", "燃气", "关阀\n开窗", "gas 119"]]
    said = report(["select_one yes_no", "E01", "题目", flags, followup], heads=FLAGS, cards=cards)

    assert question(said).flags == [flag]
    card = Card(id="gas", title="燃气", steps=["关阀", "开窗"], calls=["gas", "119"])
    assert said.checklist.cards == [card]


@pytest.mark.parametrize(
    ("flags", "followup", "code", "column"),
    [
        ("红: . = 1\n黄: . = 2", "fix | 修", "followup.count", "followup"),
        ("红: . = 1", "", "followup.count", "followup"),
        ("紫: . = 1", "fix | 修", "flag.unreadable", "flags"),
        ("红", "fix | 修", "flag.unreadable", "flags"),
        ("红: . = 1", "fix 马上 | 修", "followup.unreadable", "followup"),
        ("红: . = 1", "fix 2h 3h | 修", "followup.unreadable", "followup"),
        ("红: . = 1", "24小时 | 修", "followup.unreadable", "followup"),
        ("红: . = 1", "| 修", "followup.unreadable", "followup"),
    ],
)
def test_flags_that_cannot_be_read(flags, followup, code, column):
    said = report(["integer", "E01", "题目", flags, followup], heads=FLAGS)

    assert said.checklist is None
    assert found(said) == [(code, "survey", 3, column)]


def test_the_condition_of_a_group_is_that_of_its_questions():
    said = read(
        form(
            ["integer", "E01", "一"],
            ["begin_group", "h", "里面", "${E01} > 2"],
            ["integer", "E02", "二", "${E01} > 3"],
            ["integer", "E03", "三"],
            ["end_group"],
            ["integer", "E04", "四"],
            heads=[*HEADS, "relevant"],
        ),
        "清单.xlsx",
    )

    assert [one.section for one in said.checklist.questions] == ["g"] * 4
    assert [one.relevant for one in said.checklist.questions] == [
        "",
        "(${E01} > 2) and (${E01} > 3)",
        "${E01} > 2",
        "",
    ]
    assert found(said) == [
        ("group.flattened", "survey", 4, "type"),
        ("group.relevant", "survey", 4, "relevant"),
    ]


# What is not supported is named


def test_every_unsupported_cell_is_named():
    heads = [
        *HEADS,
        "appearance",
        "default",
        "choice_filter",
        "label::English (en)",
        "colour",
        "media::image",
    ]
    said = report(
        ["integer", "E01", "一", "numbers", "3"],
        ["text", "E02", "二", "", "", "", "Two", "red", "a.png"],
        ["geopoint", "E03", "三"],
        ["begin_repeat", "r", "多人"],
        ["text", "E05", "五 ${E01}"],
        ["end_repeat"],
        ["select_one yes_no or_other", "E06", "六"],
        heads=heads,
        choices=[["list_name", "name", "label", "area"], ["a", "b", "丙"]],
        settings=[["form_id", "form_title", "instance_name"], ["CK-TRY", "试", "x"]],
        entities=[["list_name"]],
        说明=[["随便写"]],
    )

    assert found(said, "unsupported") == [
        ("column.unknown", "choices", 1, "area"),
        ("sheet.unsupported", "entities", 0, ""),
        ("setting.unsupported", "settings", 2, "instance_name"),
        ("column.unknown", "survey", 1, "colour"),
        ("column.language", "survey", 1, "label::English (en)"),
        ("column.unsupported", "survey", 3, "appearance"),
        ("column.unsupported", "survey", 3, "default"),
        ("column.unsupported", "survey", 4, "media::image"),
        ("type.unsupported", "survey", 5, "type"),
        ("group.flattened", "survey", 6, "type"),
        ("repeat.flattened", "survey", 6, "type"),
        ("label.reference", "survey", 7, "label"),
        ("or_other.dropped", "survey", 9, "type"),
    ]
    assert said.leaves_out
    assert [one.id for one in said.checklist.questions] == ["E01", "E02", "E05", "E06"]


def test_a_plain_label_gives_way_to_the_chinese_one():
    said = report(["integer", "E01", "One", "一"], heads=[*HEADS, "label::中文"])

    assert question(said).ask == "一"
    assert ("column.plain", "survey", 1, "label::中文") in found(said, "note")


def test_questions_outside_groups_get_a_section():
    said = read(form(), "空.xlsx")
    assert ("survey.no_question", "survey", 0, "") in found(said)

    said = report(["end_group"], ["integer", "E01", "一"], ["begin_group", "h", "二节"])
    assert question(said).section == "jinlin_other"
    assert found(said) == [("section.made", "survey", 4, "")]


def test_every_sentence_is_chinese_and_short():
    for sentence in SENTENCES.values():
        assert any("\u4e00" <= sign <= "\u9fff" for sign in sentence)
        assert len(sentence) < 80
