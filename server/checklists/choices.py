"""The choices sheet: lists of options by name."""

import re
from typing import NamedTuple

from server.checklists import values
from server.checklists.columns import Cells
from server.checklists.findings import Findings, Place
from server.checklists.workbooks import CHOICES
from sync.checklists import MAX_CODE, MAX_OPTIONS, YES_NO, YES_NO_NA, Option

# Lists with a meaning of their own: their questions are of that type and say these words.
FIXED = {"yes_no": YES_NO, "yes_no_na": YES_NO_NA}
WORDS = {"yes": "是", "no": "否", "na": "不适用"}

_CODE = re.compile(rf"^[A-Za-z0-9_][A-Za-z0-9_.-]{{0,{MAX_CODE - 1}}}$")


class Choices(NamedTuple):
    """Options by list, and the row of each (list, code) and of each list."""

    options: dict[str, list[Option]]
    rows: dict[tuple[str, str], int]
    first: dict[str, int]


def read(lines: list[Cells], findings: Findings) -> Choices:
    found = Choices({}, {}, {})
    for cells in lines:
        name = cells.get("list_name")
        if not cells.texts:
            continue
        if not name:
            findings.add("choice.list_missing", cells.place("list_name"))
            continue
        found.first.setdefault(name, cells.row)
        options = found.options.setdefault(name, [])
        option = _option(cells, found, findings)
        if option is not None and len(options) >= MAX_OPTIONS:
            findings.add("list.too_long", cells.place("list_name"), limit=MAX_OPTIONS)
        elif option is not None:
            options.append(option)
    for name in FIXED.keys() & found.options.keys():
        _tell_fixed(name, found, findings)
    return found


def _option(cells: Cells, found: Choices, findings: Findings) -> Option | None:
    code, label, key = cells.get("name"), cells.get("label"), cells.get("list_name")
    if not code:
        findings.add("choice.name_missing", cells.place("name"))
    elif not _CODE.match(code):
        findings.add("choice.name_misfit", cells.place("name"), value=code, limit=MAX_CODE)
    elif (key, code) in found.rows:
        place, other = cells.place("name"), found.rows[key, code]
        findings.add("choice.twice", place, value=code, other=other)
    elif not label:
        findings.add("choice.label_missing", cells.place("label"))
    else:
        found.rows[key, code] = cells.row
        return Option(code=code, label=label, alone=values.flag(cells, "jinlin_alone", findings))
    return None


def _tell_fixed(name: str, found: Choices, findings: Findings) -> None:
    codes, options = FIXED[name], found.options[name]
    place = Place(CHOICES, found.first[name], "list_name")
    if {option.code for option in options} != set(codes):
        findings.add("list.fixed", place, name=name, codes=" ".join(codes))
    elif any(option.label != WORDS[option.code] for option in options):
        findings.add("list.words", place, labels=" ".join(WORDS[code] for code in codes))
