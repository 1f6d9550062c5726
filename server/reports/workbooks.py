"""A report, or any tables of text, as an xlsx that prints as it looks."""

from collections.abc import Iterable
from io import BytesIO
from typing import Any, NamedTuple

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Border, Font, Side
from openpyxl.utils import get_column_letter

from server.reports.definition import Cell
from server.reports.taking import Line, Taken, at_most

MAX_LINES = 100_000
# What a spreadsheet takes for the beginning of a formula.
FORMULA = ("=", "+", "-", "@", "\t", "\r")
# What a spreadsheet takes in one cell, and in a footer.
MAX_CELL, MAX_FOOT = 32_000, 200
A4 = 9

_PLAIN = Alignment(wrap_text=True, vertical="top")
_ONE_LINE = Alignment(vertical="top")
_EDGE = Side(style="thin", color="999999")
_BOX = Border(left=_EDGE, right=_EDGE, top=_EDGE, bottom=_EDGE)


class Written(NamedTuple):
    content: bytes
    lines: int


class Head(NamedTuple):
    head: str
    width: int


class Table(NamedTuple):
    title: str
    heads: list[Head]
    lines: list[Line]


def tabled(title: str, heads: str, lines: list[Line]) -> Table:
    """`heads` as "时间 18,谁 12": each with its width."""
    parts = (one.rpartition(" ") for one in heads.split(","))
    return Table(title, [Head(head, int(width)) for head, _, width in parts], lines)


def of_tables(tables: Iterable[Table], mark: str) -> bytes:
    """One sheet for each, also for one that is empty: it says that there is nothing."""
    book = Workbook(write_only=True)
    for table in tables:
        nothing: list[Line] = [["没有"]]
        add_sheet(book, table.title, mark, table.heads, table.lines or nothing)
    return content_of(book)


def of_report(taken: Taken) -> Written:
    """One sheet: the mark, the heads, the lines; A4 across, the mark at the foot of each page."""
    book = Workbook(write_only=True)
    heads = [Head(one.head, one.width) for one in taken.columns]
    lines = at_most(taken.lines, MAX_LINES)
    written = add_sheet(book, taken.title, taken.mark, heads, lines)
    return Written(content_of(book), written)


def add_sheet(
    book: Workbook, title: str, mark: str, heads: list[Head], lines: Iterable[Line]
) -> int:
    """A sheet of a book that is only written; how many lines it has."""
    sheet: Any = book.create_sheet(title)
    for number, one in enumerate(heads, 1):
        sheet.column_dimensions[get_column_letter(number)].width = one.width
    _set_up(sheet, mark)
    sheet.append([_marked(sheet, mark)])
    sheet.append([_head(sheet, one.head) for one in heads])
    row = [_Place(sheet) for _ in heads]
    written = 0
    for line in lines:
        # A line is on disk once it was appended: the next one may use its cells again.
        sheet.append([place.showing(value) for place, value in zip(row, line, strict=False)])
        written += 1
    return written


def content_of(book: Workbook) -> bytes:
    file = BytesIO()
    book.save(file)
    return file.getvalue()


class _Place:
    """A column's cells, made once: looks cost more than all the rest of a file."""

    def __init__(self, sheet: Any) -> None:
        self._plain = _boxed(sheet)
        self._quoted = _boxed(sheet)
        self._quoted.quotePrefix = True

    def showing(self, value: Cell) -> Any:
        """Numbers as numbers, all else as text: what looks like a formula is marked as text."""
        if isinstance(value, int):
            self._plain.value = value
            return self._plain
        clean = ILLEGAL_CHARACTERS_RE.sub("", value)[:MAX_CELL]
        made = self._quoted if clean.startswith(FORMULA) else self._plain
        made.value = clean
        made.data_type = "s"
        return made


def _boxed(sheet: Any) -> Any:
    made = WriteOnlyCell(sheet)
    made.alignment, made.border = _PLAIN, _BOX
    return made


def _set_up(sheet: Any, mark: str) -> None:
    sheet.freeze_panes = "A3"
    sheet.print_title_rows = "1:2"
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = A4
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.oddFooter.center.text = f"{mark[:MAX_FOOT].replace('&', '&&')} · 第 &P 页，共 &N 页"


def _marked(sheet: Any, mark: str) -> Any:
    made = _Place(sheet).showing(mark)
    made.font, made.alignment, made.border = Font(italic=True), _ONE_LINE, Border()
    return made


def _head(sheet: Any, head: str) -> Any:
    made = _Place(sheet).showing(head)
    made.font = Font(bold=True)
    return made
