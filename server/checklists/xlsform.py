"""Checklists in the field's standard, XLSForm: `read` a workbook, `write` one."""

from msgspec import Struct

from server.checklists import cards, choices, rules, settings, standard, survey
from server.checklists.columns import rows
from server.checklists.findings import UNSUPPORTED, Finding, Findings, Place
from server.checklists.workbooks import CARDS, CHOICES, SETTINGS, SURVEY, Table, read_tables
from server.checklists.writing import write
from sync.checklists import Checklist

__all__ = ["Report", "read", "write"]


class Report(Struct, frozen=True, kw_only=True):
    """What became of a file. Without a checklist it cannot be published as it is."""

    file_name: str
    checklist: Checklist | None
    findings: list[Finding]

    @property
    def leaves_out(self) -> bool:
        """Whether something the file asks for will not be in the list."""
        return any(finding.severity == UNSUPPORTED for finding in self.findings)


def read(data: bytes, file_name: str) -> Report:
    """Read a workbook. Never raises for what is in it: whatever is wrong is a finding."""
    findings = Findings()
    tables = read_tables(data, findings)
    checklist = _checklist(tables, findings) if tables or not findings.has_error() else None
    return Report(
        file_name=file_name,
        checklist=None if findings.has_error() else checklist,
        findings=findings.listed(),
    )


def _checklist(tables: dict[str, Table], findings: Findings) -> Checklist | None:
    for needed in (SURVEY, SETTINGS):
        if needed not in tables:
            findings.add("sheet.missing", Place(needed), name=needed)
    if SURVEY not in tables:
        return None
    lines = {name: rows(table, findings) for name, table in tables.items()}
    options = choices.read(lines.get(CHOICES, []), findings)
    asked = survey.read(lines[SURVEY], options, findings)
    said = settings.read(lines[SETTINGS], findings) if SETTINGS in lines else settings.Settings()
    acted, card_rows = cards.read(lines.get(CARDS, []), findings)
    if asked.too_large:
        return None
    checklist = Checklist(
        id=f"{said.code}.{said.edition}",
        code=said.code,
        edition=said.edition,
        title=said.title,
        purpose=said.purpose,
        from_on=said.from_on,
        sections=asked.sections,
        questions=asked.questions,
        cards=acted,
    )
    heads = {name: found[0].heads for name, found in lines.items() if found}
    row = next((cells.row for cells in lines.get(SETTINGS, [])), 0)
    origin = rules.Origin(asked, options, card_rows, row, heads)
    rules.tell(checklist, origin, findings)
    standard.check(tables, findings)
    return checklist
