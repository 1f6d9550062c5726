"""A checklist as an XLSForm workbook that other tools of the field open, and ours read back."""

from io import BytesIO
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Font

from server.checklists import flags
from server.checklists.choices import FIXED, WORDS
from server.checklists.types import WRITTEN
from server.checklists.workbooks import CARDS, CHOICES, SETTINGS, SURVEY
from sync.checklists import Checklist, Option, Question

SURVEY_HEADS = {
    **{"type": 22, "name": 10, "label::中文 (zh)": 44, "hint::中文 (zh)": 34, "required": 10},
    **{"relevant": 30, "constraint": 24, "constraint_message::中文 (zh)": 28, "calculation": 24},
    **{"flags": 44, "followup": 56, "jinlin_every": 13, "jinlin_valid_days": 17},
    **{"jinlin_months": 15, "jinlin_safety": 14, "jinlin_restricted": 17, "jinlin_sets": 14},
}
CHOICES_HEADS = {"list_name": 16, "name": 16, "label::中文 (zh)": 40, "jinlin_alone": 14}
SETTINGS_HEADS = {
    **{"form_title": 30, "form_id": 16, "version": 10, "default_language": 18},
    **{"jinlin_purpose": 16, "jinlin_from": 14},
}
CARDS_HEADS = {"id": 16, "title": 30, "steps": 70, "calls": 24}

DEFAULT_VALID_DAYS = 90


def write(checklist: Checklist) -> bytes:
    """The workbook; `read` makes the same list of it."""
    lists = _lists(checklist.questions)
    book = Workbook(write_only=True)
    _sheet(book, SURVEY, SURVEY_HEADS, _survey(checklist, lists))
    _sheet(book, CHOICES, CHOICES_HEADS, _choices(lists, checklist.questions))
    settings = [checklist.title, checklist.code, str(checklist.edition), "中文 (zh)"]
    _sheet(book, SETTINGS, SETTINGS_HEADS, [[*settings, checklist.purpose, checklist.from_on]])
    cards = [
        [card.id, card.title, "\n".join(card.steps), " ".join(card.calls)]
        for card in checklist.cards
    ]
    if cards:
        _sheet(book, CARDS, CARDS_HEADS, cards)
    file = BytesIO()
    book.save(file)
    return file.getvalue()


def _lists(questions: list[Question]) -> dict[tuple[Option, ...], str]:
    """A name for every different list of options: that of the first question with it."""
    lists: dict[tuple[Option, ...], str] = {}
    for question in questions:
        if question.type in ("one", "multi"):
            lists.setdefault(tuple(question.options), f"{question.id}_list")
    return lists


def _survey(checklist: Checklist, lists: dict[tuple[Option, ...], str]) -> list[list[str]]:
    lines = []
    for section in checklist.sections:
        lines.append(["begin_group", section.id, section.label])
        for question in checklist.questions:
            if question.section == section.id:
                lines.append(_question(question, lists))
        lines.append(["end_group"])
    return lines


def _question(question: Question, lists: dict[tuple[Option, ...], str]) -> list[str]:
    whens, follows = flags.written(question.flags)
    return [
        _type(question, lists),
        question.id,
        question.ask,
        question.hint,
        "yes" if question.required == "true()" else question.required,
        question.relevant,
        question.constraint,
        question.constraint_message,
        question.calculate,
        whens,
        follows,
        _yes(question.every),
        "" if question.valid_days == DEFAULT_VALID_DAYS else str(question.valid_days),
        " ".join(map(str, question.months)),
        _yes(question.safety),
        _yes(question.restricted),
        question.sets,
    ]


def _type(question: Question, lists: dict[tuple[Option, ...], str]) -> str:
    if question.type in FIXED:
        return f"select_one {question.type}"
    if question.type in WRITTEN:
        return WRITTEN[question.type]
    command = "select_multiple" if question.type == "multi" else "select_one"
    return f"{command} {lists[tuple(question.options)]}"


def _choices(lists: dict[tuple[Option, ...], str], questions: list[Question]) -> list[list[str]]:
    lines = [
        [name, option.code, option.label, _yes(option.alone)]
        for options, name in lists.items()
        for option in options
    ]
    for name in FIXED:
        if any(question.type == name for question in questions):
            lines += [[name, code, WORDS[code]] for code in FIXED[name]]
    return lines


def _yes(flag: int) -> str:
    return "yes" if flag else ""


def _sheet(book: Workbook, name: str, heads: dict[str, int], lines: list[list[str]]) -> None:
    sheet: Any = book.create_sheet(name)
    sheet.freeze_panes = "A2"
    for at, width in enumerate(heads.values()):
        sheet.column_dimensions["ABCDEFGHIJKLMNOPQRSTUVWXYZ"[at]].width = width
    sheet.append([_cell(sheet, head, bold=True) for head in heads])
    for line in lines:
        sheet.append([_cell(sheet, text) for text in line])


def _cell(sheet: Any, text: str, *, bold: bool = False) -> Any:
    """Text, whatever it looks like: no formula, no date."""
    cell = WriteOnlyCell(sheet, ILLEGAL_CHARACTERS_RE.sub("", text) or None)
    if text:
        cell.data_type = "s"
    cell.number_format = "@"
    cell.alignment = Alignment(wrap_text=True, vertical="top")
    if bold:
        cell.font = Font(bold=True)
    return cell
