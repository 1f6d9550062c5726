"""What follows from answers: which questions show, what is wrong, what is worked out and flagged.

`values` are the answers of one visit by question, `last` the newest earlier ones ({"value", "on"}),
`facts` what is known of the person: {"today", "categories", "changed", "consent"}. Nothing here
raises, whatever an answer names: phones answer under older editions and newer ones (an expression
that this release cannot read shows its question and flags nothing).

A question is **open** when its `relevant` holds and, if the person does not want to be asked, it
belongs to the safety minimum. A closed one counts as unanswered everywhere. Questions that
depend on one another in a circle count as unanswered for each other.
Twin: web/phone/checklists.js, held equal by tests/vectors/checklists.json.
"""

from collections.abc import Mapping
from typing import Any

from msgspec import Struct

from sync import days
from sync.answer_types import wrong
from sync.checklists import UNASKED, Checklist, Flag, Question
from sync.evaluation import (
    Context,
    Value,
    holds,
    is_day,
    is_empty,
    meaning,
    number,
    text,
    value_of,
)
from sync.expressions import OWN, names, readable

Values = Mapping[str, Any]


class Flagged(Struct, frozen=True, kw_only=True):
    """A flag that an answer set off: `flag` is its place among those of the question."""

    question: str
    flag: int
    level: str
    kind: str
    text: str
    hours: int
    recheck_days: int
    office_only: int
    card: str


def asked(checklist: Checklist, values: Values, last: Values, facts: Values) -> list[str]:
    """The questions and notes to show at this visit, in order.

    Open ones that are due: asked every time or in this month, never answered, answered longer ago
    than they are valid, anything changed, or required because of another answer of this visit.
    """
    opened = _opened(checklist, values, last, facts)
    return [
        question.id
        for question in checklist.questions
        if question.id in opened
        and not _is_worked(question)
        and _is_due(question, opened, last, facts)
    ]


def problems(checklist: Checklist, values: Values, last: Values, facts: Values) -> dict[str, str]:
    """What is wrong, by question: "required", or a code of `answer_types.wrong`.

    Only open questions can have one, and only what shows can be missing.
    """
    opened = _opened(checklist, values, last, facts)
    showing = set(asked(checklist, values, last, facts))
    found = {}
    for question in checklist.questions:
        if question.id not in opened or question.type in UNASKED:
            continue
        context = _context(question, opened, last, facts)
        raw = values.get(question.id)
        if raw is None or raw in ("", []):
            code = _missing(question, context) if question.id in showing else ""
        else:
            code = wrong(question, raw, context)
        if code:
            found[question.id] = code
    return found


def flags(checklist: Checklist, values: Values, last: Values, facts: Values) -> list[Flagged]:
    """Every flag that is set off, in the order of questions and of their flags."""
    opened = _opened(checklist, values, last, facts)
    found = []
    for question in checklist.questions:
        if not question.flags or is_empty(opened.get(question.id, "")):
            continue
        context = _context(question, opened, last, facts)
        for at, flag in enumerate(question.flags):
            if holds(flag.when, context, otherwise=False):
                found.append(_flagged(question, flag, at))
    return found


def _flagged(question: Question, flag: Flag, at: int) -> Flagged:
    return Flagged(
        question=question.id,
        flag=at,
        level=flag.level,
        kind=flag.kind,
        text=flag.text,
        hours=flag.hours,
        recheck_days=flag.recheck_days,
        office_only=max(flag.office_only, question.restricted),
        card=flag.card,
    )


def calculated(
    checklist: Checklist, values: Values, last: Values | None = None, facts: Values | None = None
) -> dict[str, Any]:
    """The answers with what is worked out from them; a calculation without a result is left out.

    Numbers have at most six decimals, a truth is 1 or 0, a list its codes as one text.
    """
    opened = _opened(checklist, values, last or {}, facts or {})
    worked = {one.id: opened.get(one.id, "") for one in checklist.questions if _is_worked(one)}
    kept = {name: value for name, value in values.items() if name not in worked}
    return kept | {name: _stored(value) for name, value in worked.items() if not is_empty(value)}


def _opened(checklist: Checklist, values: Values, last: Values, facts: Values) -> dict[str, Value]:
    """The values of all open questions, "" where there is no answer."""
    opened: dict[str, Value] = {}
    is_refused = facts.get("consent") == "no"
    for question in _waited(checklist.questions):
        if is_refused and question.safety != 1:
            continue
        if not question.relevant and not _is_worked(question):
            opened[question.id] = value_of(values.get(question.id))
            continue
        context = _context(question, opened, last, facts)
        if not holds(question.relevant, context, otherwise=True):
            continue
        opened[question.id] = value_of(values.get(question.id))
        if _is_worked(question):
            work = meaning(question.calculate)
            opened[question.id] = work(context) if work else ""
    return opened


def _waited(questions: list[Question]) -> list[Question]:
    """The questions, each after those it needs. Most lists have none that waits for a later one."""
    behind = {question.id for question in questions}
    for question in questions:
        waits = question.relevant or _is_worked(question)
        if waits and not behind.isdisjoint(needs(question)):
            ordered, circling = in_order(questions)
            return ordered + circling
        behind.discard(question.id)
    return questions


def in_order(questions: list[Question]) -> tuple[list[Question], list[Question]]:
    """Each question after those it needs; then those in a circle or behind one, as they stand."""
    waiting = [(question, needs(question)) for question in questions]
    ordered: list[Question] = []
    while waiting:
        behind = {question.id for question, _ in waiting}
        blocked = []
        for question, needed in waiting:
            if needed.isdisjoint(behind):
                ordered.append(question)
                behind.discard(question.id)
            else:
                blocked.append((question, needed))
        if len(blocked) == len(waiting):
            return ordered, [question for question, _ in blocked]
        waiting = blocked
    return ordered, []


def needs(question: Question) -> set[str]:
    """The questions that must be known before it is known whether this one shows, and its value."""
    texts = [question.relevant]
    if _is_worked(question):
        texts.append(question.calculate)
    nodes = [node for node in map(readable, texts) if node]
    return {question.id if name == OWN else name for node in nodes for name in names(node)}


def _context(
    question: Question, opened: Mapping[str, Value], last: Values, facts: Values
) -> Context:
    own = opened.get(question.id, "")
    before = value_of(_entry(last, question.id).get("value"))
    is_worse = own != before and bool(before) and _is_worse(question, own, before)
    return Context(opened, facts, own, before, is_worse)


def _is_worse(question: Question, own: Value, before: Value) -> bool:
    codes = [option.code for option in question.options]
    if not (isinstance(own, str) and own in codes and before in codes):
        return False
    return codes.index(own) > codes.index(text(before))


def _entry(last: Values, question_id: str) -> Mapping[str, Any]:
    entry = last.get(question_id)
    return entry if isinstance(entry, dict) else {}


def _is_due(question: Question, opened: Mapping[str, Value], last: Values, facts: Values) -> bool:
    today, on = facts.get("today"), _entry(last, question.id).get("on")
    if question.every or facts.get("changed") == 1 or not (is_day(today) and is_day(on)):
        return True
    if int(str(today)[5:7]) in question.months:
        return True
    if days.between(str(on), str(today)) > question.valid_days:
        return True
    node = readable(question.required)
    has_reason = node is not None and names(node) - {OWN, question.id}
    return bool(has_reason) and not _is_optional(question, _context(question, opened, last, facts))


def _is_optional(question: Question, context: Context) -> bool:
    return not holds(question.required, context, otherwise=False)


def _missing(question: Question, context: Context) -> str:
    return "" if _is_optional(question, context) else "required"


def _is_worked(question: Question) -> bool:
    return question.type == "calculate"


def _stored(value: Value) -> str | float:
    if isinstance(value, str | tuple):
        return text(value)
    rounded = number(text(value)) or 0.0
    return int(rounded) if rounded.is_integer() else rounded
