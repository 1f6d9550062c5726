"""What the rules of checklists say of a list, at the rows and columns it was read from."""

from msgspec import Struct
from msgspec.structs import replace

from server.checklists.choices import Choices
from server.checklists.findings import SENTENCES, Findings, Place
from server.checklists.survey import Survey
from server.checklists.workbooks import CARDS, CHOICES, SETTINGS, SURVEY
from sync.checklist_check import Fault, check
from sync.checklists import Checklist

# A list without a day gets one when it is published; until then any will do.
SOME_DAY = "2020-01-01"
MAX_NEAR = 16

COLUMNS = {
    **{"ask": "label", "calculate": "calculation", "valid_days": "jinlin_valid_days"},
    **{"months": "jinlin_months", "sets": "jinlin_sets", "options": "type", "questions": "name"},
}
SETTING_COLUMNS = {
    **{"code": "form_id", "title": "form_title", "purpose": "jinlin_purpose"},
    **{"from_on": "jinlin_from"},
}


class Origin(Struct):
    """Where the parts of a list are in the file, and what the file calls its columns."""

    survey: Survey
    choices: Choices
    cards: dict[str, int]
    settings: int
    heads: dict[str, dict[str, str]]


def tell(checklist: Checklist, origin: Origin, findings: Findings) -> None:
    """Every fault; but what a row was told already, it is not told in other words."""
    faults = check(replace(checklist, from_on=checklist.from_on or SOME_DAY))
    placed = [(fault, _place(fault, origin)) for fault in faults]
    fresh = [
        (fault, place)
        for fault, place in placed
        if not findings.has_error(place.sheet, place.row) and fault.found not in origin.survey.lost
    ]
    for fault, place in fresh:
        code = f"rule.{fault.code}"
        findings.add(
            code if code in SENTENCES else "rule.expression",
            place,
            found=fault.found,
            near=fault.found[max(fault.position, 0) :][:MAX_NEAR] or "结尾",
            least=fault.least,
            most=fault.most,
        )


def _place(fault: Fault, origin: Origin) -> Place:
    first, *rest = fault.field.split(".")
    if fault.question:
        return _in_question(fault, first, rest, origin)
    if first == "sections":
        named = (
            fault.field.removeprefix("sections.").removesuffix(".label") if rest else fault.found
        )
        column = "label" if rest else "name"
        return _at(origin, SURVEY, origin.survey.rows.get(named, 0), column)
    if first == "cards":
        named = fault.field[len("cards.") :].rpartition(".")[0] if rest else fault.found
        column = rest[-1] if rest else "id"
        return _at(origin, CARDS, origin.cards.get(named, 0), column)
    if first == "questions":
        return _at(origin, SURVEY, origin.survey.rows.get(fault.found, 0), COLUMNS[first])
    return _at(origin, SETTINGS, origin.settings, SETTING_COLUMNS[first])


def _in_question(fault: Fault, first: str, rest: list[str], origin: Origin) -> Place:
    row = origin.survey.rows.get(fault.question, 0)
    if first == "options":
        code = fault.field[len("options.") :].removesuffix(".label") if rest else fault.found
        key = (origin.survey.lists.get(fault.question, ""), code)
        if key in origin.choices.rows:
            column = "label" if rest else "name"
            return _at(origin, CHOICES, origin.choices.rows[key], column)
    if first == "flags":
        column = "flags" if not rest or rest[-1] in ("when", "level") else "followup"
        return _at(origin, SURVEY, row, column)
    return _at(origin, SURVEY, row, COLUMNS.get(first, first))


def _at(origin: Origin, sheet: str, row: int, column: str) -> Place:
    ours = "calculate" if column == "calculation" else column
    return Place(sheet, row, origin.heads.get(sheet, {}).get(ours, column))
