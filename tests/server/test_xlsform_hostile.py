"""Whatever is uploaded as a checklist gets a report, in bounded time."""

import time
import zipfile
from io import BytesIO

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from server.checklists import workbooks
from server.checklists.findings import MAX_FINDINGS
from server.checklists.survey import MAX_QUESTIONS
from server.checklists.xlsform import read
from tests.server.xlsforms import HEADS, SETTINGS, form, found, report, workbook

SECONDS = 8  # far more than any of these takes


def codes(data):
    said = read(data, "坏.xlsx")
    assert said.checklist is None
    assert all(one.sentence for one in said.findings)
    return {one.code for one in said.findings}


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "file.empty"),
        (b"\x00" * 100, "file.empty"),
        (b"type,name,label\ninteger,a,A\n", "file.not_xlsx"),
        (b"<html><table>", "file.not_xlsx"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600, "file.old_format"),
        (b"PK\x03\x04" + b"a" * 100, "file.damaged"),
        (form(["integer", "E01", "一"])[:2000], "file.damaged"),
        (b"x" * (workbooks.MAX_BYTES + 1), "file.too_big"),
    ],
)
def test_files_of_another_kind(data, code):
    assert codes(data) == {code}


def test_a_zip_of_something_else():
    file = BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("word/document.xml", "<x/>")
    assert codes(file.getvalue()) == {"file.not_xlsx"}


def test_a_bomb_is_not_unpacked():
    file = BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", "<x/>")
        archive.writestr("xl/sharedStrings.xml", b"0" * (workbooks.MAX_UNPACKED + 1))
    assert codes(file.getvalue()) == {"file.too_much"}


def test_rows_numbered_beyond_all_measure():
    data = form(["integer", "E01", "一"])
    file = BytesIO()
    with zipfile.ZipFile(BytesIO(data)) as old, zipfile.ZipFile(file, "w") as new:
        for name in old.namelist():
            xml = old.read(name)
            if name == "xl/worksheets/sheet1.xml":
                xml = xml.replace(b'<row r="4"', b'<row r="999999999"')
            new.writestr(name, xml)

    before = time.perf_counter()
    said = read(file.getvalue(), "坏.xlsx")
    assert time.perf_counter() - before < SECONDS
    assert ("sheet.not_further", "survey", workbooks.MAX_DOWN + 1, "") in found(said)


def test_sheets_that_are_missing_or_empty():
    other = read(workbook(Sheet1=[HEADS, ["integer", "a", "A"]]), "x")
    assert [one[:2] for one in found(other, "error")] == [
        ("sheet.missing", "settings"),
        ("sheet.missing", "survey"),
    ]

    blank = read(workbook(survey=[], settings=[]), "x")
    assert ("header.missing", "survey", 1, "type") in found(blank) or (
        "header.missing",
        "survey",
        1,
        "",
    ) in found(blank)
    assert ("settings.no_code", "settings", 2, "form_id") in found(blank)


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
        ("jinlin::every", "有时", "cell.not_yes"),
        ("jinlin::valid_days", "-1", "cell.not_number"),
        ("jinlin::valid_days", "九十", "cell.not_number"),
        ("jinlin::months", "13", "cell.not_months"),
        ("hint", "长" * (workbooks.MAX_TEXT + 1), "cell.too_long"),
        ("hint", "=A1&B1", "cell.formula"),
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
        ("jinlin::sets", "name", "rule.unknown"),
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


def test_two_thousand_questions():
    said = report(*(["integer", f"E{i}", "题目"] for i in range(2000)))

    assert found(said) == [("survey.too_many", "survey", MAX_QUESTIONS + 3, "")]


def test_a_thousand_groups_in_each_other():
    groups = [["begin_group", f"g{i}", "组"] for i in range(1000)]
    said = report(*groups, ["integer", "E01", "一"], *[["end_group"]] * 1000)

    assert [one[0] for one in found(said, "error")] == ["group.too_deep"]


def test_a_file_that_is_wrong_everywhere_is_told_in_time():
    before = time.perf_counter()
    bad = [[f"t{i}", "?", "=1", "", "yes", "红"] for i in range(workbooks.MAX_ROWS + 5)]
    said = report(*bad, heads=[*HEADS, "label::en", "jinlin::months", "flags"])

    assert time.perf_counter() - before < SECONDS
    assert len(said.findings) == MAX_FINDINGS + 1
    assert said.findings[-1].code == "report.cut"
    assert said.findings[0].severity == "error"


NASTY = st.one_of(
    st.text(max_size=30),
    st.sampled_from(
        [
            *("begin_group", "end_group", "begin_repeat", "end_repeat", "select_one a", "rank a"),
            *("integer", "calculate", "${E01}", "${", "${a} = ${b}", "E01", "E02", "a", "'", "((("),
            *("select_one_from_file a.csv", "instance('a')/root", "position(..)", "pulldata('a')"),
            *("红: . = 1", "fix 2h | x", "yes", "=1", "<b>", "&amp;", "range", "audit", "osm a"),
        ]
    ),
    st.integers(-5, 50),
    st.booleans(),
    st.none(),
)
HEAD = st.sampled_from(
    [
        *(
            "type",
            "name",
            "label",
            "label::中文",
            "label::",
            "::",
            "relevant",
            "required",
            "bind::x",
        ),
        *(
            "constraint",
            "calculation",
            "default",
            "choice_filter",
            "parameters",
            "trigger",
            "flags",
        ),
        *("followup", "jinlin::months", "repeat_count", "media::image", "list_name", "form_id"),
        *("save_to", "appearance", "version", "id", "steps", "body::a::b", "instance::x"),
    ]
)
SHEET = st.tuples(st.lists(HEAD, max_size=8), st.lists(st.lists(NASTY, max_size=8), max_size=8))


def texts(row):
    from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

    return [ILLEGAL_CHARACTERS_RE.sub("", one) if isinstance(one, str) else one for one in row]


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(survey=SHEET, choices=SHEET, more=SHEET)
def test_anything_in_the_cells_gets_a_report(survey, choices, more):
    sheets = {"survey": survey, "choices": choices, "settings": more, "cards": more}
    rows = {name: [heads, *map(texts, lines)] for name, (heads, lines) in sheets.items()}
    rows["survey"][0] = [*HEADS, *rows["survey"][0]]

    said = read(workbook(**rows), "x")
    assert said.checklist is not None or any(one.severity == "error" for one in said.findings)

    read(workbook(**{**rows, "settings": SETTINGS}), "x")
