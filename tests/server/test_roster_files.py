"""A roster file is read by what is in it, and a file that is none says what to do instead."""

import random
import zipfile
from datetime import datetime
from io import BytesIO

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from server import roster_files
from server.roster_files import MAX_BYTES, MAX_COLUMNS, MAX_ROWS, read_sheets
from sync.refusals import Refusal
from sync.roster import read

HEADER = ["楼栋", "门牌号", "姓名", "身份证号"]
ROW = ["3栋", "2-502", "何䶮", ""]
TODAY = "2026-11-23"


def workbook(*rows, change=lambda book: None):
    book = Workbook()
    book.active.title = "台账"
    for row in rows:
        book.active.append(row)
    change(book)
    file = BytesIO()
    book.save(file)
    return file.getvalue()


def table(*rows, mark=",", end="\r\n"):
    return end.join(mark.join(row) for row in rows) + end


def why(data):
    with pytest.raises(Refusal) as refused:
        read_sheets(data)
    return refused.value.code


# Workbooks


def test_cells_keep_their_types():
    day = datetime.fromisoformat("1945-03-08T00:00")
    [sheet] = read_sheets(workbook(HEADER, ["3栋", 502, 1.5, day]))

    assert sheet.rows == [HEADER, ["3栋", 502, 1.5, day]]
    assert (sheet.name, sheet.hidden, sheet.spread) == ("台账", False, frozenset())


def test_a_merged_value_is_spread_and_marked():
    def merge(book):
        book.active.merge_cells("A2:A4")
        book.active.merge_cells("B2:C3")
        book.active.merge_cells("D2:D3")  # nothing in it

    [sheet] = read_sheets(workbook(HEADER, ["3栋", "502"], [], ["", "", "末"], change=merge))

    assert sheet.rows[1:] == [["3栋", "502", "502"], ["3栋", "502", "502"], ["3栋", None, "末"]]
    assert sheet.spread == {(1, 2), (2, 0), (2, 1), (2, 2), (3, 0)}


@pytest.mark.parametrize("state", ["hidden", "veryHidden"])
def test_a_hidden_sheet_is_marked(state):
    def hide(book):
        book.create_sheet("旧表").sheet_state = state

    assert [one.hidden for one in read_sheets(workbook(HEADER, change=hide))] == [False, True]


def test_a_workbook_is_known_by_its_content():
    [sheet] = read_sheets(workbook(HEADER, ROW))

    assert len(read([sheet], today=TODAY).residents) == 1


def test_a_lonely_cell_far_away_is_no_reason_to_read_a_million_rows():
    def far_right(book):
        book.active.cell(2, 16_000, "x")

    def far_down(book):
        book.active.cell(MAX_ROWS + 1, 1, "x")

    [sheet] = read_sheets(workbook(HEADER, ROW, change=far_right))
    assert max(map(len, sheet.rows)) <= MAX_COLUMNS
    assert why(workbook(HEADER, change=far_down)) == "roster.too_many_rows"


def test_formatted_rows_below_the_last_person_do_not_count():
    def format_below(book):
        for row in range(3, 200):
            book.active.cell(row, 1).number_format = "@"

    [sheet] = read_sheets(workbook(HEADER, ROW, change=format_below))

    assert len(sheet.rows) == 2


def test_a_merge_over_the_whole_sheet_stays_small(monkeypatch):
    monkeypatch.setattr(roster_files, "MAX_CELLS", 500)

    def merge(book):
        for column in "ABCDEFGH":
            book.active[f"{column}1"] = "x"
            book.active.merge_cells(f"{column}1:{column}100")
        book.active["I100"] = "x"

    assert why(workbook(change=merge)) == "roster.too_many_cells"


def test_a_zip_bomb_is_not_unpacked():
    file = BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
        archive.writestr("xl/sharedStrings.xml", b" " * (roster_files.MAX_UNPACKED + 1))

    assert len(file.getvalue()) < 1_000_000
    assert why(file.getvalue()) == "roster.too_many_cells"


def test_a_workbook_that_was_cut_or_changed_says_it_is_damaged():
    whole = workbook(HEADER, ROW)

    for size in (30, len(whole) // 2, len(whole) - 30):
        assert why(whole[:size]) == "roster.damaged"


@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow])
@given(st.integers(0, 2**32))
def test_no_changed_byte_breaks_the_reader(seed):
    whole = bytearray(workbook(HEADER, ROW))
    chance = random.Random(seed)
    for _ in range(chance.randint(1, 6)):
        whole[chance.randrange(4, len(whole))] = chance.randrange(256)

    try:
        sheets = read_sheets(bytes(whole))
    except Refusal:
        return
    assert all(sheet.name for sheet in sheets)


# Comma separated


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("mark", [",", "\t", ";"])
def test_a_csv_is_read_in_the_encodings_offices_have(encoding, mark):
    [sheet] = read_sheets(table(HEADER, ROW, mark=mark).encode(encoding))

    assert (sheet.name, sheet.rows) == ("csv", [HEADER, ROW[:3]])


def test_a_mark_inside_a_cell_does_not_split_the_columns():
    row = ["3栋", "502", "何梅", '"\t440199"', '"独居；高龄;党员;义工"']

    [sheet] = read_sheets(table([*HEADER, "类别"], row).encode())

    assert sheet.rows[1] == ["3栋", "502", "何梅", "\t440199", "独居；高龄;党员;义工"]


def test_line_ends_and_empty_lines_do_not_matter():
    for end in ("\r\n", "\n", "\r"):
        [sheet] = read_sheets((table(HEADER, [], ROW, end=end) + end * 50).encode("gb18030"))
        assert sheet.rows == [HEADER, [], ROW[:3]]


# What is no roster


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "roster.empty"),
        (b"\xef\xbb\xbf \r\n", "roster.empty"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 500, "roster.old_format"),
        (b"<html><table><tr><td>", "roster.old_format"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "roster.not_a_table"),
        (b"PK\x03\x04" + b"\x00" * 100, "roster.damaged"),
        (b"\xff\xfe\x00\xd8", "roster.not_a_table"),
        (b"\xff\xff\xff\xff", "roster.not_a_table"),
        ("你好，世界".encode(), "roster.no_header"),
        (table(["网格", "户数"], ["1", "120"]).encode(), "roster.no_header"),
        (b"x" * 20_000_000, "roster.too_big"),
        (b"x" * 15_000_000, "roster.no_header"),
        (b"noise,1,2\n" * 1_500_000, "roster.no_header"),
        (random.Random(1).randbytes(15_000_000), "roster.not_a_table"),
        (b'"' * 15_000_000, "roster.no_header"),
        (table(HEADER, *[ROW] * (MAX_ROWS + 1)).encode(), "roster.too_many_rows"),
        ((table(HEADER) + '"' + "x" * 200_000).encode(), "roster.not_a_table"),
    ],
    ids=lambda value: value if isinstance(value, str) else str(value[:12]),
)
def test_a_file_that_is_no_roster_says_what_to_do(data, code):
    assert why(data) == code


def test_another_office_file_is_not_taken_for_a_workbook():
    for name, code in [
        ("xl/workbook.bin", "roster.old_format"),
        ("word/document.xml", "roster.not_a_table"),
        ("content.xml", "roster.not_a_table"),
    ]:
        file = BytesIO()
        with zipfile.ZipFile(file, "w") as archive:
            archive.writestr(name, "x")
        assert why(file.getvalue()) == code


def test_every_refusal_tells_how_to_go_on():
    for data in (b"", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"\x00", b"x" * (MAX_BYTES + 1), b"a,b"):
        with pytest.raises(Refusal) as refused:
            read_sheets(data)
        assert "请" in refused.value.sentence or "要有" in refused.value.sentence


@given(st.one_of(st.binary(max_size=300), st.text(max_size=200).map(str.encode)))
def test_no_bytes_break_the_reader(data):
    try:
        read_sheets(data)
    except Refusal:
        return
