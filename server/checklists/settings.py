"""The settings sheet: what the whole list is called and what it is for."""

import re
from typing import NamedTuple

from server.checklists.columns import Cells, is_chinese
from server.checklists.findings import Findings, Place
from server.checklists.workbooks import SETTINGS
from sync.checklists import LIST_CODE, MAX_CODE, MAX_EDITION, MAX_TITLE, PURPOSES

_CODE = re.compile(LIST_CODE)
_DAY = re.compile(r"^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$")


class Settings(NamedTuple):
    code: str = ""
    edition: int = 1
    title: str = ""
    purpose: str = "other"
    from_on: str = ""


def read(lines: list[Cells], findings: Findings) -> Settings:
    filled = [cells for cells in lines if cells.texts]
    if not filled:
        findings.add("settings.no_code", Place(SETTINGS, 2, "form_id"))
        return Settings()
    cells = filled[0]
    for more in filled[1:]:
        findings.add("settings.rows", more.place())
    code = _code(cells, findings)
    title = cells.get("form_title")
    if not title:
        findings.add("settings.title", cells.place("form_title"), value=code)
    if len(title) > MAX_TITLE:
        findings.add("settings.title_long", cells.place("form_title"), limit=MAX_TITLE)
    language = cells.get("default_language")
    if language and not is_chinese(language):
        place = cells.place("default_language")
        findings.add("setting.unsupported", place, name="default_language")
    return Settings(
        code=code,
        edition=_edition(cells, findings),
        title=title or code,
        purpose=_purpose(cells, findings),
        from_on=_day(cells, findings),
    )


def _code(cells: Cells, findings: Findings) -> str:
    code = cells.get("form_id")
    if not code:
        findings.add("settings.no_code", cells.place("form_id"))
    elif not _CODE.fullmatch(code):
        findings.add("settings.code_misfit", cells.place("form_id"), value=code, limit=MAX_CODE)
    return code


def _edition(cells: Cells, findings: Findings) -> int:
    """The edition a file was written from. The next one is given when it is published."""
    said = cells.get("version")
    if said.isascii() and said.isdigit() and len(said) < 8 and 1 <= int(said) <= MAX_EDITION:
        return int(said)
    if said:
        findings.add("settings.version", cells.place("version"), value=said)
    return 1


def _purpose(cells: Cells, findings: Findings) -> str:
    said = cells.get("jinlin_purpose")
    if said and said not in PURPOSES:
        place = cells.place("jinlin_purpose")
        findings.add("settings.purpose", place, words=" ".join(PURPOSES), value=said)
    return said or "other"


def _day(cells: Cells, findings: Findings) -> str:
    said = cells.get("jinlin_from")
    if said and not _DAY.match(said):
        findings.add("settings.not_day", cells.place("jinlin_from"), value=said)
        return ""
    return said
