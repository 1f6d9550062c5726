"""Whatever is uploaded as a checklist gets a report, in bounded time."""

import random
import time
import zipfile
from io import BytesIO

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from server.checklists import workbooks
from server.checklists.findings import MAX_FINDINGS
from server.checklists.xlsform import read
from sync.checklists import MAX_QUESTIONS
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


def test_no_changed_byte_breaks_the_reader():
    chance = random.Random(7)
    whole = form(["integer", "E01", "一", "${E01} = 1"], heads=[*HEADS, "constraint"])
    for _ in range(150):
        data = bytearray(whole)
        for _ in range(chance.randint(1, 6)):
            data[chance.randrange(4, len(data))] = chance.randrange(256)
        said = read(bytes(data), "x")
        assert said.checklist is not None or said.findings


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


def test_what_lies_too_far_is_told():
    def spread(book):
        book["survey"].cell(3, workbooks.MAX_COLUMNS + 5, "weit")
        for at in range(workbooks.MAX_SHEETS):
            book.create_sheet(f"S{at}")

    said = read(form(["integer", "E01", "一"], change=spread), "x")

    assert found(said, "error") == [("sheet.too_many", "", 0, "")]
    assert ("sheet.too_wide", "survey", 0, "") in found(said, "note")


def test_a_form_of_nothing_but_references_is_not_worked_through():
    before = time.perf_counter()
    rows = [["integer", f"E{i}", "${E0}" * 700] for i in range(200)]

    assert ("survey.references", "survey", 0, "") in found(report(*rows))
    assert time.perf_counter() - before < SECONDS


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
    said = report(*bad, heads=[*HEADS, "label::en", "jinlin_months", "flags"])

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
        *("followup", "jinlin_months", "repeat_count", "media::image", "list_name", "form_id"),
        *("save_to", "appearance", "version", "id", "steps", "body::a::b", "instance::x"),
    ]
)
SHEET = st.tuples(st.lists(HEAD, max_size=8), st.lists(st.lists(NASTY, max_size=8), max_size=8))


def texts(row):
    from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

    return [ILLEGAL_CHARACTERS_RE.sub("", one) if isinstance(one, str) else one for one in row]


@settings(max_examples=60, suppress_health_check=list(HealthCheck))
@given(survey=SHEET, choices=SHEET, more=SHEET)
def test_anything_in_the_cells_gets_a_report(survey, choices, more):
    sheets = {"survey": survey, "choices": choices, "settings": more, "cards": more}
    rows = {name: [heads, *map(texts, lines)] for name, (heads, lines) in sheets.items()}
    rows["survey"][0] = [*HEADS, *rows["survey"][0]]

    said = read(workbook(**rows), "x")
    assert said.checklist is not None or any(one.severity == "error" for one in said.findings)

    read(workbook(**{**rows, "settings": SETTINGS}), "x")
