"""What forms of other offices hold: each thing is taken, or named by its row; nothing is silent."""

from io import BytesIO
from zipfile import ZipFile

import pytest

from server.checklists.findings import SENTENCES
from server.checklists.xlsform import read
from tests.server.test_office_checklists import upload
from tests.server.xlsforms import HEADS, SETTINGS, form, found, report, workbook

CHOICES = [["list_name", "name", "label"], ["c", "a", "甲"], ["c", "b", "乙"]]
FILTERED = [[*CHOICES[0], "town"], [*CHOICES[1], "x"], [*CHOICES[2], "y"]]
FLAT = ("group.flattened", "survey", 3, "type")


@pytest.mark.parametrize(
    ("heads", "rows", "more", "told"),
    [
        (
            [*HEADS, "repeat_count"],
            [["begin_repeat", "r", "成员", "3"], ["text", "a", "名字"], ["end_repeat"]],
            {},
            [
                FLAT,
                ("repeat.flattened", "survey", 3, "type"),
                ("column.unsupported", "survey", 3, "repeat_count"),
            ],
        ),
        (
            HEADS,
            [["select_one c or_other", "a", "选"]],
            {"choices": CHOICES},
            [("or_other.dropped", "survey", 3, "type")],
        ),
        (
            [*HEADS, "choice_filter"],
            [["select_one c", "p", "省"], ["select_one c", "a", "市", "town = ${p}"]],
            {"choices": FILTERED},
            [
                ("column.unknown", "choices", 1, "town"),
                ("column.unsupported", "survey", 4, "choice_filter"),
            ],
        ),
        (
            [*HEADS, "calculation"],
            [["calculate", "a", "", "pulldata('f', 'n', 'k', ${b})"], ["text", "b", "乙"]],
            {},
            [("rule.expression.function", "survey", 3, "calculation")],
        ),
        (
            [*HEADS, "label::English (en)", "hint::Français"],
            [["text", "a", "甲", "one", "aide"]],
            {},
            [
                ("column.language", "survey", 1, "label::English (en)"),
                ("column.language", "survey", 1, "hint::Français"),
            ],
        ),
        (
            [*HEADS, "appearance", "media::image::中文"],
            [["text", "a", "甲", "multiline", "p.jpg"]],
            {},
            [
                ("column.unsupported", "survey", 3, "appearance"),
                ("column.unsupported", "survey", 3, "media::image::中文"),
            ],
        ),
        (HEADS, [["text", "a", "长" * 301]], {}, [("rule.too_long", "survey", 3, "label")]),
        (
            HEADS,
            [["select_one c", "a", "选"]],
            {"choices": [*CHOICES, ["c", "a", "又是甲"]]},
            [("choice.twice", "choices", 4, "name")],
        ),
        (
            [*HEADS, "constraint"],
            [["date", "d", "哪天", ". < date('2030-01-01')"]],
            {},
            [("rule.expression.function", "survey", 3, "constraint")],
        ),
        (
            HEADS,
            [["text", "姓名", "甲"]],
            {},
            [("name.misfit", "survey", 3, "name")],
        ),
    ],
)
def test_what_is_not_taken_is_named_by_its_row(heads, rows, more, told):
    said = report(*rows, heads=heads, **more)

    serious = {one for one in found(said) if one not in found(said, "note")}
    assert serious == set(told)


def test_conditions_that_are_taken():
    heads = [*HEADS, "relevant", "constraint", "calculation"]
    said = report(
        ["text", "a", "甲\r\n再一行", "${later} = 'x'"],
        ["integer", "later", "乙"],
        ["calculate", "one", "", "", "", "${later} + 1"],
        ["calculate", "two", "", "", "", "${one} * 2"],
        ["date", "d", "哪天", "", ". <= today() and . > '2020-01-01'"],
        ["begin_group", "inner", "里面", "${two} > 3"],
        ["text", "z", "末", "${d} != ''"],
        ["end_group"],
        heads=heads,
    )

    assert said.checklist is not None and not found(said, "error")
    questions = {one.id: one for one in said.checklist.questions}
    assert questions["a"].ask == "甲\n再一行"
    assert questions["z"].relevant == "(${two} > 3) and (${d} != '')"


def test_capitals_are_read_as_the_field_writes_them():
    sheets = {
        "Survey": [
            ["TYPE", " Name ", "Label :: 中文"],
            ["Begin Group", "g", "一节"],
            ["Text", "A1", "甲"],
            ["SELECT_ONE c Or_Other", "B", "乙"],
            ["Select One From c", "D", "丙"],
            ["INTEGER", "E", "丁"],
            ["End Group"],
        ],
        "CHOICES": [["LIST_NAME", "Name", "LABEL"], ["c", "a", "甲"]],
        "Settings": [["FORM_ID", "Form_Title"], ["CK-TRY", "试"]],
    }

    said = read(workbook(**sheets), "清单.xlsx")

    assert found(said) == [("or_other.dropped", "survey", 4, "TYPE")]
    assert said.checklist is not None
    assert [one.type for one in said.checklist.questions] == ["text", "one", "one", "int"]


def test_nothing_is_told_of_rows_that_are_not_in_the_file():
    heads = ["type", "name", "label::English"]

    said = report(["text", "a", "one"], heads=heads)

    assert not [one for one in said.findings if one.sheet == "choices"]


def test_what_is_hidden_in_the_file_is_read_and_told():
    def hide(book):
        book["settings"].sheet_state = "hidden"
        book["survey"].row_dimensions[4].hidden = True
        book["survey"].row_dimensions[40].hidden = True

    said = read(form(["text", "a", "甲"], ["text", "b", "乙"], change=hide), "清单.xlsx")

    assert said.checklist is not None and len(said.checklist.questions) == 2
    assert found(said, "note") == [
        ("sheet.hidden", "settings", 0, ""),
        ("row.hidden", "survey", 4, ""),
    ]


def packed(**files: str) -> bytes:
    file = BytesIO()
    with ZipFile(file, "w") as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    return file.getvalue()


@pytest.mark.parametrize(
    ("data", "code"),
    [
        ("type,name,label\r\ntext,a,甲\r\n".encode("gb18030"), "file.not_xlsx"),
        ("\ufefftype\tname\tlabel\n".encode(), "file.not_xlsx"),
        (b"<html><table><tr><td>type", "file.not_xlsx"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(2000), "file.old_format"),
        (packed(mimetype="application/vnd.oasis.opendocument.spreadsheet"), "file.not_xlsx"),
        (workbook(survey=[], settings=SETTINGS), "header.missing"),
        (workbook(survey=[["老人清单"], ["type", "name", "label"]]), "header.missing"),
    ],
)
def test_any_file_gets_a_page_with_what_to_do(office, data, code):
    page = upload(office, data)

    assert page.status_code == 200
    assert SENTENCES[code].split("{")[0] in page.text
    assert 'name="definition"' not in page.text
