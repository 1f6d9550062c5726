"""Lines as csv, as spreadsheets read it."""

import csv
from collections.abc import Sequence
from io import StringIO

from server.reports.definition import Cell
from server.reports.taking import Line
from server.reports.workbooks import FORMULA

KIND = "text/csv; charset=utf-8"


def as_csv(heads: Sequence[str], lines: Sequence[Line]) -> bytes:
    """With the mark by which spreadsheets know utf-8; nothing in it is run as a formula."""
    text = StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(heads)
    writer.writerows([_plain(cell) for cell in line] for line in lines)
    return text.getvalue().encode("utf-8-sig")


def _plain(cell: Cell) -> Cell:
    if isinstance(cell, str) and cell.startswith(FORMULA):
        return f"'{cell}"
    return cell
