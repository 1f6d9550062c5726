"""The survey sheet: groups become sections, rows become questions."""

import re

from msgspec import Struct

from server.checklists import flags, values
from server.checklists.choices import FIXED, Choices
from server.checklists.columns import Cells
from server.checklists.findings import Findings, Place
from server.checklists.types import Kind, kind_of
from server.checklists.workbooks import SURVEY
from sync.checklists import (
    MAX_CODE,
    MAX_DAYS,
    MAX_QUESTIONS,
    MAX_SECTIONS,
    Option,
    Question,
    Section,
)

MAX_DEPTH = 5

OTHER_SECTION = ("jinlin_other", "其他")

_NAME = re.compile(rf"^[A-Za-z][A-Za-z0-9_.-]{{0,{MAX_CODE - 1}}}$")
_REFERENCE = re.compile(r"\$\{")


class Group(Struct):
    """A group that is open while its rows are read."""

    row: int
    section: str
    relevant: str = ""


class Survey(Struct):
    """What was read, and in which row each question and section is."""

    sections: list[Section] = []
    questions: list[Question] = []
    rows: dict[str, int] = {}
    lists: dict[str, str] = {}  # of which list the options of a question are
    used: set[str] = set()
    lost: set[str] = set()  # questions that are there, but not of a type we know
    too_large: bool = False


def read(lines: list[Cells], choices: Choices, findings: Findings) -> Survey:
    survey = Survey()
    groups: list[Group] = []
    for cells in lines:
        kind = kind_of(cells.get("type"))
        if not cells.get("type"):
            _tell_untyped(cells, findings)
        elif kind.edge == "begin":
            _begin(cells, kind, groups, survey, findings)
        elif kind.edge == "end":
            _end(cells, groups, findings)
        elif len(survey.questions) >= MAX_QUESTIONS:
            findings.add("survey.too_many", cells.place(), limit=MAX_QUESTIONS)
            survey.too_large = True
            return survey
        else:
            _question(cells, kind, groups, survey, choices, findings)
        if survey.too_large:
            return survey
    for group in groups:
        findings.add("group.open", Place(SURVEY, group.row, "type"))
    for name in choices.options.keys() - survey.used:
        place = Place("choices", choices.first[name], "list_name")
        findings.add("list.unused", place, value=name)
    order = {section.id: at for at, section in enumerate(survey.sections)}
    survey.questions.sort(key=lambda question: order[question.section])
    if not survey.questions and not findings.has_error(SURVEY):
        findings.add("survey.no_question", Place(SURVEY))
    return survey


def _tell_untyped(cells: Cells, findings: Findings) -> None:
    if cells.get("name") or cells.get("label"):
        findings.add("type.missing", cells.place("type"))
    elif cells.texts:
        findings.add("row.skipped", cells.place())


def _begin(
    cells: Cells, kind: Kind, groups: list[Group], survey: Survey, findings: Findings
) -> None:
    if kind.repeats:
        findings.add("repeat.flattened", cells.place("type"))
    if len(groups) >= MAX_DEPTH:
        findings.add("group.too_deep", cells.place("type"), limit=MAX_DEPTH)
        survey.too_large = True
        return
    name = _name(cells, survey, findings) or f"section_{cells.row}"
    relevant = cells.get("relevant")
    if relevant:
        findings.add("group.relevant", cells.place("relevant"))
    for column in sorted(cells.texts.keys() - {"type", "name", "label", "relevant"}):
        findings.add("group.unused", cells.place(column), name=cells.heads[column])
    if groups:
        section = groups[0].section
        label = next(one.label for one in survey.sections if one.id == section)
        findings.add("group.flattened", cells.place("type"), section=label)
        groups.append(Group(cells.row, section, both(groups[-1].relevant, relevant)))
        return
    if not cells.get("label"):
        findings.add("section.unnamed", cells.place("label"), value=name)
    if len(survey.sections) == MAX_SECTIONS:
        findings.add("survey.sections", cells.place("type"), limit=MAX_SECTIONS)
    survey.sections.append(Section(id=name, label=cells.get("label") or name))
    groups.append(Group(cells.row, name, relevant))


def _end(cells: Cells, groups: list[Group], findings: Findings) -> None:
    if groups:
        groups.pop()
    else:
        findings.add("group.unopened", cells.place("type"))


def _question(
    cells: Cells,
    kind: Kind,
    groups: list[Group],
    survey: Survey,
    choices: Choices,
    findings: Findings,
) -> None:
    if not kind.type:
        code = "type.unsupported" if kind.known else "type.unknown"
        findings.add(code, cells.place("type"), value=cells.get("type"))
        survey.used.update(cells.get("type").split()[1:2])
        if not kind.known:
            survey.lost.add(cells.get("name"))
        return
    name = _name(cells, survey, findings)
    _tell_texts(cells, kind, findings)
    type_, options = _options(cells, kind, survey, choices, findings)
    if not name:
        return
    survey.lists[name] = kind.choices
    survey.questions.append(
        Question(
            id=name,
            section=groups[-1].section if groups else _other(cells, survey, findings),
            type=type_,
            ask=cells.get("label"),
            hint=cells.get("hint"),
            options=options,
            required=values.condition(cells.get("required")),
            relevant=both(groups[-1].relevant if groups else "", cells.get("relevant")),
            constraint=cells.get("constraint"),
            constraint_message=cells.get("constraint_message"),
            calculate=cells.get("calculate") if type_ == "calculate" else "",
            every=values.flag(cells, "jinlin_every", findings),
            valid_days=values.number(
                cells, "jinlin_valid_days", findings, (1, MAX_DAYS), otherwise=90
            ),
            months=values.months(cells, "jinlin_months", findings),
            safety=values.flag(cells, "jinlin_safety", findings),
            restricted=values.flag(cells, "jinlin_restricted", findings),
            sets=cells.get("jinlin_sets"),
            flags=flags.read(cells, findings),
        )
    )


def both(outer: str, inner: str) -> str:
    """The condition of a group and of a question in it, as one."""
    return f"({outer}) and ({inner})" if outer and inner else outer or inner


def _name(cells: Cells, survey: Survey, findings: Findings) -> str:
    """The name of a row, "" when it cannot be used."""
    name, place = cells.get("name"), cells.place("name")
    if not name:
        findings.add("name.missing", place)
    elif not _NAME.match(name):
        findings.add("name.misfit", place, value=name, limit=MAX_CODE)
    elif name in survey.rows:
        findings.add("name.twice", place, value=name, other=survey.rows[name])
    else:
        survey.rows[name] = cells.row
        return name
    return ""


def _tell_texts(cells: Cells, kind: Kind, findings: Findings) -> None:
    if kind.type == "calculate":
        if not cells.get("calculate"):
            findings.add("calculation.missing", cells.place("calculate"))
    else:
        if not cells.get("label"):
            findings.add("label.missing", cells.place("label"))
        if cells.get("calculate"):
            findings.add("calculation.unused", cells.place("calculate"))
    for column in ("label", "hint", "constraint_message"):
        if _REFERENCE.search(cells.get(column)):
            findings.add("label.reference", cells.place(column))
    if kind.other:
        findings.add("or_other.dropped", cells.place("type"))


def _options(
    cells: Cells, kind: Kind, survey: Survey, choices: Choices, findings: Findings
) -> tuple[str, list[Option]]:
    """The type, and what may be chosen: a list with a meaning of its own makes its own type."""
    if kind.type not in ("one", "multi"):
        return kind.type, []
    survey.used.add(kind.choices)
    if kind.type == "one" and kind.choices in FIXED:
        return kind.choices, []
    if not kind.choices:
        findings.add("list.unnamed", cells.place("type"), type=cells.get("type"))
    elif kind.choices not in choices.options:
        findings.add("list.missing", cells.place("type"), value=kind.choices)
    return kind.type, choices.options.get(kind.choices, [])


def _other(cells: Cells, survey: Survey, findings: Findings) -> str:
    """The section of what is in no group."""
    name, label = OTHER_SECTION
    if not any(section.id == name for section in survey.sections):
        findings.add("section.made", cells.place(), section=label)
        survey.sections.append(Section(id=name, label=label))
    return name
