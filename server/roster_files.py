"""Roster files: bytes become sheets of plain values, whatever the file is called.

A file is known by its content. Everything is bounded before it is unpacked, because a workbook of
40 kB can hold gigabytes.
"""

import csv
import re
import warnings
import zlib
from collections.abc import Iterator
from io import BytesIO, StringIO
from itertools import islice
from typing import Any
from zipfile import BadZipFile, ZipFile

from openpyxl.reader.excel import ExcelReader
from openpyxl.utils.cell import range_boundaries

from sync.refusals import Refusal
from sync.roster_columns import HEADER_WITHIN, Cell, Sheet, find_header

MAX_BYTES = 16 * 1024 * 1024
MAX_UNPACKED = 96 * 1024 * 1024
MAX_ENTRIES = 1000
MAX_SHEETS = 60
MAX_ROWS = 40_000
MAX_COLUMNS = 120
MAX_CELLS = 1_200_000

_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_DELIMITERS = ",\t;|"
_HEAD = 64 * 1024
MERGED = re.compile(
    rb"""<(?:\w+:)?mergeCell\s[^>]*?ref=["']([A-Z]{1,3}[0-9]{1,7}:[A-Z]{1,3}[0-9]{1,7})["']"""
)
# What openpyxl raises for files that are cut, forged or written by strange programs.
BROKEN = (
    *(BadZipFile, zlib.error, EOFError, OSError, SyntaxError, ValueError, KeyError, IndexError),
    *(TypeError, AttributeError, RuntimeError, NotImplementedError, OverflowError),
)


def read_sheets(data: bytes) -> list[Sheet]:
    """The sheets of an xlsx workbook, or the one sheet "csv". Refuses with what to do instead."""
    if not data.strip(b"\xef\xbb\xbf \t\r\n\x00"):
        raise Refusal("roster.empty")
    if len(data) > MAX_BYTES:
        raise Refusal("roster.too_big", limit=MAX_BYTES // 1024 // 1024)
    if data.startswith(_OLE):
        raise Refusal("roster.old_format")
    if data.startswith(_ZIP):
        return _workbook(data)
    return [Sheet("csv", _csv_rows(_text(data)))]


def _workbook(data: bytes) -> list[Sheet]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # openpyxl tells of styles and extensions it leaves out
        try:
            guard(data)
            reader = ExcelReader(BytesIO(data), read_only=True, data_only=True, keep_links=False)
            reader.read()
            return list(_sheets(reader, data))
        except BROKEN as broken:
            raise Refusal("roster.damaged") from broken


def guard(data: bytes, most_unpacked: int = MAX_UNPACKED) -> None:
    """Refuse what is no workbook, or holds more than may be unpacked."""
    with ZipFile(BytesIO(data)) as archive:
        entries = archive.infolist()
    names = {entry.filename for entry in entries}
    if "xl/workbook.bin" in names:
        raise Refusal("roster.old_format")
    if "xl/workbook.xml" not in names:
        raise Refusal("roster.not_a_table")
    # zipfile never unpacks more of an entry than the size that is summed here.
    if len(entries) > MAX_ENTRIES or sum(entry.file_size for entry in entries) > most_unpacked:
        raise Refusal("roster.too_many_cells")


def _sheets(reader: ExcelReader, data: bytes) -> Iterator[Sheet]:
    paths = {sheet.name: relation.target for sheet, relation in reader.parser.find_sheets()}
    left = MAX_CELLS
    with ZipFile(BytesIO(data)) as archive:
        for worksheet in islice(reader.wb.worksheets, MAX_SHEETS):
            rows = _rows(worksheet, left)
            merged = MERGED.findall(archive.read(paths[worksheet.title]))
            spread = _spread(rows, [ref.decode() for ref in merged], left)
            left -= sum(map(len, rows))
            hidden = worksheet.sheet_state != "visible"
            yield Sheet(worksheet.title, rows, spread, hidden)


def _rows(worksheet: Any, left: int) -> list[list[Cell]]:
    """All rows down to the last that holds something; what a file says of its size is not used."""
    worksheet.reset_dimensions()
    rows: list[list[Cell]] = []
    blank = 0
    for line in worksheet.iter_rows(values_only=True, max_col=MAX_COLUMNS):
        row = _trimmed(line)
        blank += 1
        if not row:
            continue
        if len(rows) + blank > MAX_ROWS:
            raise Refusal("roster.too_many_rows", limit=MAX_ROWS)
        rows += [[] for _ in range(blank - 1)]
        rows.append(row)
        blank = 0
        left -= len(row)
        if left < 0:
            raise Refusal("roster.too_many_cells")
    return rows


def _trimmed(line: tuple[Any, ...]) -> list[Cell]:
    width = len(line)
    while width and line[width - 1] in (None, ""):
        width -= 1
    return list(line[:width])


def _spread(rows: list[list[Cell]], merged: list[str], left: int) -> frozenset[tuple[int, int]]:
    """Write the value of each merged range into all of its cells; says which cells those are."""
    spread: set[tuple[int, int]] = set()
    for ref in merged:
        first, top, last, bottom = (int(edge or 1) - 1 for edge in range_boundaries(ref))
        value = rows[top][first] if top < len(rows) and first < len(rows[top]) else None
        if value in (None, "") or last - first >= MAX_COLUMNS:
            continue
        for at in range(top, min(bottom + 1, len(rows))):
            row = rows[at]
            row += [None] * (last + 1 - len(row))
            for column in range(first, last + 1):
                if (at, column) != (top, first):
                    row[column] = value
                    spread.add((at, column))
        if len(spread) > left:
            raise Refusal("roster.too_many_cells")
    return frozenset(spread)


def _text(data: bytes) -> str:
    """The text of a csv: utf-8 or what Excel and old systems write in China, gb18030."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        encodings = ["utf-16"]
    elif b"\x00" in data:
        encodings = []
    else:
        encodings = ["utf-8-sig", "gb18030"]
    for encoding in encodings:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if text.lstrip()[:1] == "<":  # a web page that calls itself .xls
            raise Refusal("roster.old_format")
        return text
    raise Refusal("roster.not_a_table")


def _csv_rows(text: str) -> list[list[Cell]]:
    delimiter = _delimiter(text[:_HEAD])
    rows: list[list[Cell]] = []
    cells = 0
    try:
        for line in csv.reader(StringIO(text, newline=""), delimiter=delimiter):
            row = _trimmed(tuple(line[:MAX_COLUMNS]))
            rows.append(row)
            cells += len(row)
            if len(rows) > MAX_ROWS:
                raise Refusal("roster.too_many_rows", limit=MAX_ROWS)
            if cells > MAX_CELLS:
                raise Refusal("roster.too_many_cells")
    except csv.Error as broken:
        raise Refusal("roster.not_a_table") from broken
    while rows and not rows[-1]:
        rows.pop()
    return rows


def _delimiter(head: str) -> str:
    """The mark that makes the most columns with a meaning; without a header it is no roster."""
    columns = {mark: _columns(head, mark) for mark in _DELIMITERS}
    best = max(_DELIMITERS, key=columns.__getitem__)
    if not columns[best]:
        raise Refusal("roster.no_header", limit=HEADER_WITHIN)
    return best


def _columns(head: str, delimiter: str) -> int:
    try:
        lines = csv.reader(StringIO(head, newline=""), delimiter=delimiter)
        rows: list[list[Cell]] = [list(line) for line in islice(lines, HEADER_WITHIN + 2)]
    except csv.Error:
        return 0
    header = find_header(Sheet("csv", rows))
    return len(header.fields) if header else 0
