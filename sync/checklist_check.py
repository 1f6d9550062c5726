"""Whether a checklist may be published: every fault at once, each with its place."""

import re
from collections import Counter
from collections.abc import Iterator

from msgspec import Struct

from sync.checklist_rules import in_order, needs
from sync.checklists import CALLS, CHOSEN, LEVELS, PURPOSES, TYPES, Card, Checklist, Question
from sync.evaluation import is_day
from sync.expressions import OWN, ExpressionError, names, parse

# As many answers as a visit may bring for one person (`operations.Checkup`).
MAX_QUESTIONS = 200
MAX_SECTIONS = 50
MAX_OPTIONS = 100
MAX_FLAGS = 20
MAX_CARDS = 50
MAX_STEPS = 12
MAX_WORDS = 300
MAX_HOURS = 24 * 366
MAX_DAYS = 3660

SETS = ("", "visit_wish")

_LIST = re.compile(r"[A-Za-z][A-Za-z0-9_-]{0,39}")
_ID = re.compile(r"[A-Za-z][A-Za-z0-9_.-]{0,39}")
_CODE = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]{0,39}")  # also of options: a space parts codes
_EXPRESSIONS = ("required", "relevant", "constraint", "calculate")


class Fault(Struct, frozen=True, kw_only=True):
    """One thing that is wrong: where (`question`, `field`), what (`code`), which (`found`).

    `question` is "" for the list itself; `field` is written as in the structs ("options",
    "flags.2.when"); `position` is the character of a bad expression, -1 where there is none.
    Codes: empty, too_many, too_long, duplicate, name, unknown, day, number, circle, no_options,
    not_chosen, and for expressions `expression.` with a reason of ExpressionError.
    """

    question: str = ""
    field: str
    code: str
    found: str = ""
    position: int = -1


def check(checklist: Checklist) -> list[Fault]:
    """What is wrong with a checklist, in the order of the list; [] when it may be published."""
    found = list(_of_list(checklist))
    if len(checklist.questions) > MAX_QUESTIONS:
        return found
    for question in checklist.questions:
        found += _of_question(checklist, question)
        found += _of_flags(checklist, question)
    return found + list(_circles(checklist))


def _of_list(checklist: Checklist) -> Iterator[Fault]:
    counted = ("questions", MAX_QUESTIONS), ("sections", MAX_SECTIONS), ("cards", MAX_CARDS)
    for field, most in counted:
        if len(getattr(checklist, field)) > most:
            yield Fault(field=field, code="too_many", found=str(len(getattr(checklist, field))))
    if not _LIST.fullmatch(checklist.code):
        yield Fault(field="code", code="name", found=checklist.code)
    if checklist.purpose not in PURPOSES:
        yield Fault(field="purpose", code="unknown", found=checklist.purpose)
    if not is_day(checklist.from_on):
        yield Fault(field="from_on", code="day", found=checklist.from_on)
    if not checklist.questions:
        yield Fault(field="questions", code="empty")
    yield from _worded(checklist.title, "", "title")
    for field in ("sections", "questions", "cards"):
        yield from _named([one.id for one in getattr(checklist, field)], "", field)
    for section in checklist.sections:
        yield from _worded(section.label, "", f"sections.{section.id}.label")
    for card in checklist.cards:
        yield from _of_card(card)


def _of_card(card: Card) -> Iterator[Fault]:
    if not 0 < len(card.steps) <= MAX_STEPS:
        yield Fault(field=f"cards.{card.id}.steps", code="too_many" if card.steps else "empty")
    yield from _worded(card.title, "", f"cards.{card.id}.title")
    for step in card.steps:
        yield from _worded(step, "", f"cards.{card.id}.steps")
    for call in card.calls:
        if call not in CALLS:
            yield Fault(field=f"cards.{card.id}.calls", code="unknown", found=call)


def _of_question(checklist: Checklist, question: Question) -> Iterator[Fault]:
    known = {
        "type": question.type in TYPES,
        "section": question.section in {section.id for section in checklist.sections},
        "sets": question.sets in SETS,
    }
    for field, is_known in known.items():
        if not is_known:
            value = getattr(question, field)
            yield Fault(question=question.id, field=field, code="unknown", found=value)
    if question.type != "calculate":
        yield from _worded(question.ask, question.id, "ask")
    for field in ("hint", "constraint_message"):
        yield from _short(getattr(question, field), question.id, field)
    if not 0 < question.valid_days <= MAX_DAYS:
        yield _number(question, "valid_days", question.valid_days)
    for month in question.months:
        if not 1 <= month <= 12:
            yield _number(question, "months", month)
    yield from _of_options(question)
    if question.type == "calculate" and not question.calculate:
        yield Fault(question=question.id, field="calculate", code="empty")
    for field in _EXPRESSIONS:
        yield from _expression(checklist, question, field, getattr(question, field))


def _of_options(question: Question) -> Iterator[Fault]:
    codes = [option.code for option in question.options]
    if question.type in CHOSEN and not codes:
        yield Fault(question=question.id, field="options", code="no_options")
    if codes and question.type not in CHOSEN:
        yield Fault(question=question.id, field="options", code="not_chosen")
    if len(codes) > MAX_OPTIONS:
        yield Fault(question=question.id, field="options", code="too_many", found=str(len(codes)))
    yield from _named(codes, question.id, "options")
    for option in question.options:
        yield from _worded(option.label, question.id, f"options.{option.code}.label")


def _of_flags(checklist: Checklist, question: Question) -> Iterator[Fault]:
    cards = {card.id for card in checklist.cards} | {""}
    if len(question.flags) > MAX_FLAGS:
        yield Fault(
            question=question.id, field="flags", code="too_many", found=str(len(question.flags))
        )
    if question.flags and question.type == "note":
        yield Fault(question=question.id, field="flags", code="unknown", found=question.type)
    for at, flag in enumerate(question.flags):
        place = f"flags.{at}"
        if not flag.when:
            yield Fault(question=question.id, field=f"{place}.when", code="empty")
        yield from _expression(checklist, question, f"{place}.when", flag.when)
        if flag.level not in LEVELS:
            yield Fault(
                question=question.id, field=f"{place}.level", code="unknown", found=flag.level
            )
        if not _CODE.fullmatch(flag.kind):
            yield Fault(question=question.id, field=f"{place}.kind", code="name", found=flag.kind)
        if flag.card not in cards or (flag.level == "now" and not flag.card):
            code = "unknown" if flag.card else "empty"
            yield Fault(question=question.id, field=f"{place}.card", code=code, found=flag.card)
        if not 0 <= flag.hours <= MAX_HOURS:
            yield _number(question, f"{place}.hours", flag.hours)
        if not 0 <= flag.recheck_days <= MAX_DAYS:
            yield _number(question, f"{place}.recheck_days", flag.recheck_days)
        yield from _worded(flag.text, question.id, f"{place}.text")


def _expression(checklist: Checklist, question: Question, field: str, text: str) -> Iterator[Fault]:
    if not text:
        return
    try:
        node = parse(text)
    except ExpressionError as wrong:
        code = f"expression.{wrong.reason}"
        yield Fault(
            question=question.id, field=field, code=code, found=text, position=wrong.position
        )
        return

    answered = {one.id for one in checklist.questions if one.type != "note"} | {OWN}
    for name in sorted(names(node) - answered):
        at = text.find(name)
        yield Fault(question=question.id, field=field, code="unknown", found=name, position=at)


def _circles(checklist: Checklist) -> Iterator[Fault]:
    """The questions that wait for themselves, not those that merely wait for one of them."""
    _, blocked = in_order(checklist.questions)
    waits = {question.id: needs(question) for question in blocked}
    while True:
        wanted = {name for names_ in waits.values() for name in names_}
        idle = waits.keys() - wanted
        if not idle:
            break
        waits = {name: waits[name] for name in waits.keys() - idle}
    for question in blocked:
        if question.id in waits:
            field = "calculate" if question.type == "calculate" else "relevant"
            yield Fault(question=question.id, field=field, code="circle")


def _named(names_: list[str], question_id: str, field: str) -> Iterator[Fault]:
    shape = _ID if field == "questions" else _CODE
    for name, times in Counter(names_).items():
        if not shape.fullmatch(name):
            yield Fault(question=question_id, field=field, code="name", found=name)
        if times > 1:
            yield Fault(question=question_id, field=field, code="duplicate", found=name)


def _worded(text: str, question_id: str, field: str) -> Iterator[Fault]:
    if not text.strip():
        yield Fault(question=question_id, field=field, code="empty")
    yield from _short(text, question_id, field)


def _short(text: str, question_id: str, field: str) -> Iterator[Fault]:
    if len(text) > MAX_WORDS:
        yield Fault(question=question_id, field=field, code="too_long", found=text[:20])


def _number(question: Question, field: str, value: int) -> Fault:
    return Fault(question=question.id, field=field, code="number", found=str(value))
