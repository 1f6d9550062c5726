"""Helps the tests of checklist workbooks: sheets in a few words, what a report says of them."""

from collections.abc import Callable
from io import BytesIO
from typing import Any

from openpyxl import Workbook

from server.checklists.xlsform import Report, read

SETTINGS = [["form_id", "form_title", "version"], ["CK-TRY", "试一试", "1"]]
HEADS = ["type", "name", "label"]


def workbook(change: Callable[[Any], None] = lambda book: None, **sheets: Any) -> bytes:
    book = Workbook()
    for name, rows in sheets.items():
        sheet: Any = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    if sheets:
        book.remove(book.worksheets[0])
    change(book)
    file = BytesIO()
    book.save(file)
    return file.getvalue()


def form(
    *rows: Any, heads: list[str] = HEADS, change: Any = lambda book: None, **sheets: Any
) -> bytes:
    """A workbook with these rows in one group, from row 3 of the survey on."""
    survey = [heads, ["begin_group", "g", "一节"], *rows, ["end_group"]]
    return workbook(change, survey=survey, **{"settings": SETTINGS, **sheets})


def report(*rows: Any, heads: list[str] = HEADS, **sheets: Any) -> Report:
    return read(form(*rows, heads=heads, **sheets), "清单.xlsx")


def found(said: Report, severity: str = "") -> list[tuple[str, str, int, str]]:
    """What a report says: code, sheet, row, column."""
    return [
        (one.code, one.sheet, one.row, one.column)
        for one in said.findings
        if not severity or one.severity == severity
    ]
