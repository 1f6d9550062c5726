"""From an order to lines: the same for the file and for the page that is printed."""

from collections.abc import Iterator
from itertools import islice
from typing import Any, NamedTuple

from server.reports.definition import Cell, Column, Order, Report
from server.store import report_columns
from server.store.database import Tx
from server.store.report_columns import Chosen
from sync import masks
from sync.records import Community
from sync.refusals import Refusal

Line = list[Cell]


class Taken(NamedTuple):
    """A report as it is handed out. `mark` stands on its first line and on every page."""

    title: str
    mark: str
    columns: list[Column]
    lines: Iterator[Line]


def columns_of(report: Report, chosen: Chosen) -> list[Column]:
    """The columns the office chose, under its words; ours when it chose none that there are."""
    known = {one.code: one for one in report.columns}
    own = [known[code]._replace(head=head) for code, head in chosen if code in known]
    return own or [one for one in report.columns if not one.is_extra]


def take(
    tx: Tx, community: Community, report: Report, order: Order, today: str, mark: str, masked: bool
) -> Taken:
    """Rows are read while the lines are, so only inside the transaction."""
    columns = columns_of(report, report_columns.of(tx, community.id, report.code))
    rows = report.rows(tx, community, order, today)
    return Taken(report.title, mark, columns, (line(columns, row, masked) for row in rows))


def line(columns: list[Column], row: Any, masked: bool) -> Line:
    return [_cell(one, row, masked) for one in columns]


def at_most(lines: Iterator[Line], limit: int) -> Iterator[Line]:
    """The lines, and a refusal instead of one too many."""
    yield from islice(lines, limit)
    if next(lines, None) is not None:
        raise Refusal("export.too_large", limit=limit)


def _cell(column: Column, row: Any, masked: bool) -> Cell:
    value = column.value(row)
    if masked and column.is_private:
        return masks.text(str(value), row.names)
    return value
