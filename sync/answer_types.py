"""What an answer must look like to be one, by the type of its question.

Twin: web/phone/answer_types.js, held equal by tests/vectors/checklists.json.
"""

from typing import Any

from sync.checklists import CHOSEN, YES_NO, YES_NO_NA, Question
from sync.evaluation import Context, holds, is_day, value_of

MAX_TEXT = 200


def wrong(question: Question, raw: Any, context: Context) -> str:
    """A code if this cannot be the answer: type, option, alone, long, constraint; else "".

    An empty answer is none and is not asked about; any value is of a type that came later.
    """
    if not _is_of_type(question.type, raw):
        return "type"
    said = set(raw if isinstance(raw, list) else [raw]) if _is_chosen(question) else set()
    if not said <= set(codes(question)):
        return "option"
    lonely = {option.code for option in question.options if option.alone}
    if len(said) > 1 and said & lonely:
        return "alone"
    if question.type == "text" and len(raw) > MAX_TEXT:
        return "long"
    return "" if holds(question.constraint, context, otherwise=True) else "constraint"


def _is_of_type(kind: str, raw: Any) -> bool:
    if kind in {"one", "yes_no", "yes_no_na", "text"}:
        return isinstance(raw, str)
    if kind == "date":
        return is_day(raw)
    if kind in {"int", "decimal"}:
        value = value_of(raw)
        return isinstance(value, float) and (kind == "decimal" or value.is_integer())
    texts = isinstance(raw, list) and all(isinstance(one, str) for one in raw)
    if kind == "multi":
        return texts
    return texts or isinstance(raw, str) if kind == "photo" else True


def _is_chosen(question: Question) -> bool:
    return question.type in {*CHOSEN, "yes_no", "yes_no_na"}


def codes(question: Question) -> tuple[str, ...]:
    """What can be chosen, in order; () where nothing is chosen."""
    if question.type == "yes_no":
        return YES_NO
    if question.type == "yes_no_na":
        return YES_NO_NA
    return tuple(option.code for option in question.options)
