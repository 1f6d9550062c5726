"""Cells that hold more than text: yes, a number, months."""

import re

from server.checklists.columns import Cells
from server.checklists.findings import Findings

YES = {"yes", "true", "true()", "1", "是"}
NO = {"no", "false", "false()", "0", "否"}

_MONTH = re.compile(r"(\d{1,2})(?:[-–~至到](\d{1,2}))?$")


def flag(cells: Cells, column: str, findings: Findings) -> int:
    said = cells.get(column).lower()
    if said and said not in YES | NO:
        findings.add("cell.not_yes", cells.place(column), value=cells.get(column))
    return int(said in YES)


def number(
    cells: Cells, column: str, findings: Findings, within: tuple[int, int], *, otherwise: int
) -> int:
    said, (least, most) = cells.get(column), within
    if not said:
        return otherwise
    if said.isascii() and said.isdigit() and len(said) < 8 and least <= int(said) <= most:
        return int(said)
    findings.add("cell.not_number", cells.place(column), value=said, least=least, most=most)
    return otherwise


def condition(said: str) -> str:
    """`required` as an expression: "yes" is true(), "no" is nothing."""
    if said.lower() in YES:
        return "true()"
    return "" if said.lower() in NO else said


def months(cells: Cells, column: str, findings: Findings) -> list[int]:
    """ "6 7 8", "6,7,8" or "11-2"."""
    found: list[int] = []
    for part in re.split(r"[\s,，、;；月]+", cells.get(column)):
        if not part:
            continue
        said = _MONTH.match(part)
        first, last = (int(said[1]), int(said[2] or said[1])) if said else (0, 0)
        if not (1 <= first <= 12 and 1 <= last <= 12):
            findings.add("cell.not_months", cells.place(column), value=cells.get(column))
            return []
        found += [(first - 1 + step) % 12 + 1 for step in range((last - first) % 12 + 1)]
    return list(dict.fromkeys(found))
