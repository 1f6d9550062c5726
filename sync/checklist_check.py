"""Whether a checklist may be published: every fault at once, each with its place."""

import re
from collections import Counter
from collections.abc import Iterator, Sized

from msgspec import Struct

from sync.checklist_rules import in_order, needs
from sync.checklists import (
    CALLS,
    CHOSEN,
    LEVELS,
    LIST_CODE,
    MAX_CARDS,
    MAX_CODE,
    MAX_DAYS,
    MAX_EDITION,
    MAX_FLAGS,
    MAX_HOURS,
    MAX_OPTIONS,
    MAX_QUESTIONS,
    MAX_SECTIONS,
    MAX_STEPS,
    MAX_TITLE,
    MAX_WORDS,
    PURPOSES,
    TYPES,
    Card,
    Checklist,
    Question,
)
from sync.evaluation import is_day
from sync.expressions import OWN, ExpressionError, names, parse

SETS = ("", "visit_wish")

_LIST = re.compile(LIST_CODE)
_ID = re.compile(rf"[A-Za-z][A-Za-z0-9_.-]{{0,{MAX_CODE - 1}}}")
# Also of options: a space parts codes.
_CODE = re.compile(rf"[A-Za-z0-9_][A-Za-z0-9_.-]{{0,{MAX_CODE - 1}}}")
_EXPRESSIONS = ("required", "relevant", "constraint", "calculate")


class Fault(Struct, frozen=True, kw_only=True):
    """One thing that is wrong: where (`question`, `field`), what (`code`), which (`found`).

    `question` is "" for the list itself; `field` is written as in the structs ("options",
    "flags.2.when"); `position` is the character of a bad expression, -1 where there is none.
    `least` and `most` say what would do, where there is such a limit.
    Codes: empty, too_many, too_long, duplicate, name, unknown, day, number, circle, no_options,
    not_chosen, and for expressions `expression.` with a reason of ExpressionError.
    """

    question: str = ""
    field: str
    code: str
    found: str = ""
    position: int = -1
    least: int = 0
    most: int = 0


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
        yield from _few(getattr(checklist, field), most, "", field)
    if not _LIST.fullmatch(checklist.code):
        yield Fault(field="code", code="name", found=checklist.code)
    if checklist.purpose not in PURPOSES:
        yield Fault(field="purpose", code="unknown", found=checklist.purpose)
    if not is_day(checklist.from_on):
        yield Fault(field="from_on", code="day", found=checklist.from_on)
    if not checklist.questions:
        yield Fault(field="questions", code="empty")
    if not 0 < checklist.edition <= MAX_EDITION:
        yield _number("", "edition", checklist.edition, 1, MAX_EDITION)
    yield from _worded(checklist.title, "", "title", MAX_TITLE)
    for field in ("sections", "questions", "cards"):
        yield from _named([one.id for one in getattr(checklist, field)], "", field)
    for section in checklist.sections:
        yield from _worded(section.label, "", f"sections.{section.id}.label")
    for card in checklist.cards:
        yield from _of_card(card)


def _of_card(card: Card) -> Iterator[Fault]:
    if not card.steps:
        yield Fault(field=f"cards.{card.id}.steps", code="empty")
    yield from _few(card.steps, MAX_STEPS, "", f"cards.{card.id}.steps")
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
        yield _number(question.id, "valid_days", question.valid_days, 1, MAX_DAYS)
    for month in question.months:
        if not 1 <= month <= 12:
            yield _number(question.id, "months", month, 1, 12)
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
    yield from _few(codes, MAX_OPTIONS, question.id, "options")
    yield from _named(codes, question.id, "options")
    for option in question.options:
        yield from _worded(option.label, question.id, f"options.{option.code}.label")


def _of_flags(checklist: Checklist, question: Question) -> Iterator[Fault]:
    cards = {card.id for card in checklist.cards} | {""}
    yield from _few(question.flags, MAX_FLAGS, question.id, "flags")
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
            yield _number(question.id, f"{place}.hours", flag.hours, 0, MAX_HOURS)
        if not 0 <= flag.recheck_days <= MAX_DAYS:
            yield _number(question.id, f"{place}.recheck_days", flag.recheck_days, 0, MAX_DAYS)
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


def _worded(text: str, question_id: str, field: str, most: int = MAX_WORDS) -> Iterator[Fault]:
    if not text.strip():
        yield Fault(question=question_id, field=field, code="empty")
    yield from _short(text, question_id, field, most)


def _short(text: str, question_id: str, field: str, most: int = MAX_WORDS) -> Iterator[Fault]:
    if len(text) > most:
        yield Fault(question=question_id, field=field, code="too_long", found=text[:20], most=most)


def _few(things: Sized, most: int, question_id: str, field: str) -> Iterator[Fault]:
    if len(things) > most:
        found = str(len(things))
        yield Fault(question=question_id, field=field, code="too_many", found=found, most=most)


def _number(question_id: str, field: str, value: int, least: int, most: int) -> Fault:
    found = str(value)
    return Fault(
        question=question_id, field=field, code="number", found=found, least=least, most=most
    )
