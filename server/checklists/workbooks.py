"""An uploaded workbook becomes the few tables a checklist is made of, as bounded plain text."""

import re
import warnings
from collections.abc import Iterator
from datetime import datetime, time
from io import BytesIO
from itertools import islice
from typing import Any, NamedTuple
from zipfile import ZipFile

from openpyxl.reader.excel import ExcelReader
from openpyxl.utils.cell import column_index_from_string, get_column_letter, range_boundaries

from server.checklists.findings import Findings, Place
from server.roster_files import BROKEN, MERGED, guard
from sync.refusals import Refusal

MAX_BYTES = 2 * 1024 * 1024
MAX_UNPACKED = 24 * 1024 * 1024
MAX_SHEETS = 30
MAX_ROWS = 3000  # that hold something
MAX_DOWN = 20_000
MAX_COLUMNS = 120
MAX_TEXT = 4000
MAX_MERGED = 50  # ranges told of

SURVEY, CHOICES, SETTINGS, CARDS = "survey", "choices", "settings", "cards"
READ = (SURVEY, CHOICES, SETTINGS, CARDS)
STANDARD_UNREAD = ("external_choices", "entities", "osm")

_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_FILLED = re.compile(rb"""<(?:\w+:)?c\s[^>]*?r=["']([A-Z]{2,3})[0-9]+["'][^>]*><(?:\w+:)?[vif]""")
_ROW = re.compile(rb"<(?:\w+:)?row\s([^>]*)>")
_ROW_NUMBER = re.compile(rb"""(?:^|\s)r=["']([0-9]{1,7})["']""")
_HIDDEN = re.compile(rb"""(?:^|\s)hidden=["'](?:1|true)["']""")
_REFUSED = {
    "roster.old_format": "file.old_format",
    "roster.not_a_table": "file.not_xlsx",
    "roster.too_many_cells": "file.too_much",
}


class Line(NamedTuple):
    """One row that holds something: its number as Excel counts, its texts by column."""

    row: int
    texts: dict[int, str]


class Table(NamedTuple):
    """One sheet. `heads` are the texts of row 1 by column."""

    name: str
    heads: dict[int, str]
    lines: list[Line]


def read_tables(data: bytes, findings: Findings) -> dict[str, Table]:
    """The sheets of a checklist by name; what cannot be used is in the findings."""
    if not data.strip(b"\x00 \r\n\t"):
        findings.add("file.empty")
    elif len(data) > MAX_BYTES:
        findings.add("file.too_big", limit=MAX_BYTES // 1024 // 1024)
    elif data.startswith(_OLE):
        findings.add("file.old_format")
    elif not data.startswith(_ZIP):
        findings.add("file.not_xlsx")
    else:
        return _opened(data, findings)
    return {}


def _opened(data: bytes, findings: Findings) -> dict[str, Table]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # openpyxl tells of styles and extensions it leaves out
        try:
            guard(data, MAX_UNPACKED)
            reader = ExcelReader(BytesIO(data), read_only=True, data_only=False, keep_links=False)
            reader.read()
            return _tables(reader, data, findings)
        except Refusal as refused:
            findings.add(_REFUSED[refused.code])
        except BROKEN:
            findings.add("file.damaged")
    return {}


def _tables(reader: ExcelReader, data: bytes, findings: Findings) -> dict[str, Table]:
    paths = {sheet.name: relation.target for sheet, relation in reader.parser.find_sheets()}
    tables: dict[str, Table] = {}
    with ZipFile(BytesIO(data)) as archive:
        if len(reader.wb.worksheets) > MAX_SHEETS:
            findings.add("sheet.too_many", limit=MAX_SHEETS)
        for worksheet in islice(reader.wb.worksheets, MAX_SHEETS):
            name = worksheet.title.strip().lower()
            if name in STANDARD_UNREAD:
                findings.add("sheet.unsupported", Place(worksheet.title), name=name)
            elif name not in READ:
                findings.add("sheet.other", Place(worksheet.title), name=worksheet.title)
            elif name in tables:
                findings.add("sheet.twice", Place(name), name=name)
            else:
                tables[name] = _table(name, worksheet, findings)
                xml = archive.read(paths[worksheet.title])
                _tell_merged(tables[name], xml, findings)
                _tell_far(name, xml, findings)
                _tell_hidden(tables[name], worksheet.sheet_state != "visible", xml, findings)
    return tables


def _table(name: str, worksheet: Any, findings: Findings) -> Table:
    worksheet.reset_dimensions()  # what a file says of its size is not used
    heads: dict[int, str] = {}
    lines: list[Line] = []
    for row, cells in enumerate(worksheet.iter_rows(max_col=MAX_COLUMNS), start=1):
        if len(lines) >= MAX_ROWS:
            findings.add("sheet.too_long", Place(name, row), limit=MAX_ROWS)
            break
        if row > MAX_DOWN:
            findings.add("sheet.not_further", Place(name, row), limit=MAX_DOWN)
            break
        texts = dict(_texts(name, row, cells, heads, findings))
        if row == 1:
            heads = texts
        elif texts:
            lines.append(Line(row, texts))
    return Table(name, heads, lines)


def _texts(
    name: str, row: int, cells: Any, heads: dict[int, str], findings: Findings
) -> Iterator[tuple[int, str]]:
    for at, cell in enumerate(cells):
        if cell.value is None:
            continue
        place = Place(name, row, heads.get(at, "") or get_column_letter(at + 1))
        if cell.data_type in ("f", "e"):
            findings.add("cell.formula", place)
            continue
        if isinstance(cell.value, datetime | time) and name != SETTINGS:
            findings.add("cell.is_date", place)
            continue
        text = _text(cell.value)
        if len(text) > MAX_TEXT:
            findings.add("cell.too_long", place, limit=MAX_TEXT)
        elif text:
            yield at, text


def _text(value: Any) -> str:
    """What the cell shows, as XLSForm tools read it: TRUE, whole numbers, single spaces trimmed."""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(" ")
    text = re.sub(r"\r\n?|_x000D_\n?", "\n", str(value).replace("\xa0", " "))
    return text.strip()


def _tell_merged(table: Table, xml: bytes, findings: Findings) -> None:
    """Every merged range that holds something of the list."""
    filled = {line.row for line in table.lines} | {1}
    for ref in islice(MERGED.findall(xml), MAX_MERGED):
        first, top, _, bottom = (int(edge or 1) for edge in range_boundaries(ref.decode()))
        if top in filled or bottom in filled:
            column = table.heads.get(first - 1, "") or get_column_letter(first)
            findings.add("cell.merged", Place(table.name, top, column), range=ref.decode())


def _tell_hidden(table: Table, is_hidden: bool, xml: bytes, findings: Findings) -> None:
    """What nobody sees in the file is read all the same."""
    if is_hidden:
        findings.add("sheet.hidden", Place(table.name))
    filled = {line.row for line in table.lines}
    for row in _ROW.findall(xml):
        number = _ROW_NUMBER.search(row) if _HIDDEN.search(row) else None
        if number and int(number[1]) in filled:
            findings.add("row.hidden", Place(table.name, int(number[1])))


def _tell_far(name: str, xml: bytes, findings: Findings) -> None:
    columns = {found.decode() for found in _FILLED.findall(xml)}
    if any(column_index_from_string(column) > MAX_COLUMNS for column in columns):
        findings.add("sheet.too_wide", Place(name), limit=MAX_COLUMNS)
