"""What XLSForm's own reader, pyxform, says of the sheets, in words for the office.

It gets what was read and bounded before, row by row, so that its row numbers are those of the file.
"""

import re
from typing import Any
from xml.parsers.expat import ExpatError

from pyxform.errors import PyXFormError
from pyxform.xls2xform import convert

from server.checklists.choices import FIXED, WORDS
from server.checklists.columns import STANDARD, is_chinese, meaning
from server.checklists.findings import Findings, Place
from server.checklists.types import plainly
from server.checklists.workbooks import CHOICES, SETTINGS, SURVEY, Table

# It looks each up in the whole form: about a second for as many.
MAX_REFERENCES = 10_000

# What it raises besides its own error for forms nobody thought of.
_BROKEN = (
    *(ExpatError, ValueError, KeyError, IndexError, TypeError, AttributeError, RuntimeError),
    *(OSError, AssertionError, NotImplementedError),
)
# Advice for other programs that fill in forms, and what our own reading tells better.
_ELSEWHERE = re.compile(r"max-pixels|has no label|is missing the|not recommended|being skipped")
_ROW = re.compile(r"\[row : (\d+)\]")
_SHEET = re.compile(r"On the '(\w+)' sheet")
_COLUMN = re.compile(r"the '(\w+)' value")
_KINDS = (
    (
        re.compile(r"[Rr]eference variable|no survey element named|Could not find the name"),
        "reference",
    ),
    (re.compile(r"[Uu]nmatched '(begin|end)"), "group"),
    (re.compile(r"header|column", re.IGNORECASE), "header"),
    (re.compile(r"[Nn]ames? (must|value|'|should)|'name' value"), "name"),
)


def check(tables: dict[str, Table], findings: Findings) -> None:
    """Convert the form as the standard does, and tell what it refuses or warns of."""
    table = tables[SURVEY]
    references = sum(text.count("${") for line in table.lines for text in line.texts.values())
    if references > MAX_REFERENCES:
        findings.add("survey.references", Place(SURVEY), limit=MAX_REFERENCES)
        return

    warned: list[str] = []
    try:
        convert(_book(tables), warnings=warned, form_name="data")
    except PyXFormError as refused:
        _tell(str(refused), findings)
    except _BROKEN:
        if not findings.has_error():
            findings.add("standard.broken")
    for said in warned:
        if _ELSEWHERE.search(said):
            continue
        findings.add("standard.warned", _place(said), said=_one_line(said))


def _tell(said: str, findings: Findings) -> None:
    """One refusal; not again what our own reading said of the same row already."""
    place = _place(said)
    if findings.has_error(place.sheet, place.row):
        return
    kind = next((kind for pattern, kind in _KINDS if pattern.search(said)), "refused")
    findings.add(f"standard.{kind}", place, said=_one_line(said))


def _place(said: str) -> Place:
    row, sheet, column = _ROW.search(said), _SHEET.search(said), _COLUMN.search(said)
    return Place(
        sheet[1] if sheet else SURVEY if row else "",
        int(row[1]) if row else 0,
        column[1] if column else "",
    )


def _one_line(said: str) -> str:
    return " ".join(_ROW.sub("", said).split())


def _book(tables: dict[str, Table]) -> dict[str, Any]:
    sheets = [tables[name] for name in (SURVEY, CHOICES) if name in tables]
    book: dict[str, Any] = {table.name: _rows(table) for table in sheets}
    choices = book.setdefault(CHOICES, [])
    # The lists of the yes-no types need not be written out.
    here = {row.get("list_name") for row in choices}
    # As the sheet itself calls labels: it must not get another column by them.
    named = [[one for one in _columns(table).values() if _is_label(one)] for table in sheets]
    labels = next(filter(None, reversed(named)), ["label"])
    for name in sorted(FIXED.keys() - here):
        for code in FIXED[name]:
            choices.append({"list_name": name, "name": code, **dict.fromkeys(labels, WORDS[code])})
    settings = tables.get(SETTINGS)
    book[SETTINGS] = [_settings(settings)] if settings else []
    return book


def _is_label(name: str) -> bool:
    return name == "label" or name.startswith("label::")


def _columns(table: Table) -> dict[int, str]:
    """What the standard is to read, in its own words; of other languages was told before."""
    found = {}
    for at, head in table.heads.items():
        column, language = meaning(table.name, head)
        if column in STANDARD[table.name] and (not language or is_chinese(language)):
            found[at] = f"{column}::{language}" if language else column
    return found


def _rows(table: Table) -> list[dict[str, str]]:
    """Every row down to the last; those between that hold nothing are there, empty."""
    columns = _columns(table)
    rows: list[dict[str, str]] = []
    for line in table.lines:
        rows += [{} for _ in range(line.row - 2 - len(rows))]
        row = {columns[at]: text for at, text in line.texts.items() if at in columns}
        rows.append({name: plainly(text) if name == "type" else text for name, text in row.items()})
    return rows


def _settings(table: Table) -> dict[str, str]:
    first = table.lines[0].texts if table.lines else {}
    named = {meaning(SETTINGS, head)[0]: at for at, head in table.heads.items()}
    taken = ("form_id", "form_title", "version", "default_language")
    return {name: first[named[name]] for name in taken if named.get(name) in first}
