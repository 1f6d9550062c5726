"""The sheets of a workbook of people and buildings: where their rows begin, and what cells say."""

from collections.abc import Iterator, Sequence
from typing import Any

PEOPLE, BUILDINGS = "人员", "楼栋"
HEADS = {
    PEOPLE: ("账号", "姓名", "岗位", "电话", "状态", "楼栋"),
    BUILDINGS: ("小区", "楼栋", "网格", "单元数", "层数", "每层户数", "顺序"),
}
MOST_ROWS, HEADER_WITHIN = 5000, 5


def table(name: str, lines: Sequence[Sequence[Any]]) -> list[tuple[int, dict[str, str]]]:
    """Rows by number with their cells by head; none where no row has the heads."""
    for at, line in enumerate(lines[:HEADER_WITHIN]):
        heads = [_text(cell) for cell in line]
        if set(HEADS[name][:2]) <= set(heads):
            return list(_rows(heads, lines, at))[:MOST_ROWS]
    return []


def _rows(
    heads: list[str], lines: Sequence[Sequence[Any]], at: int
) -> Iterator[tuple[int, dict[str, str]]]:
    for number, line in enumerate(lines[at + 1 :], at + 2):
        cells = dict(zip(heads, map(_text, line), strict=False))
        if any(cells.values()):
            yield number, cells


def _text(cell: Any) -> str:
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    return "" if cell is None else str(cell).strip()
