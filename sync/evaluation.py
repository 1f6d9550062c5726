"""What expressions of checklists mean. Every expression has a value; none raises.

**Values** are texts, numbers, truths and lists of codes (the answer to a multi). "" is the empty
value: a question without an answer, one that is hidden or unknown, a sum that has no result. An
empty list is empty too. Numbers are doubles under 10^15; whatever is not (division by zero, too
large) is "".

**As a number:** a text of digits ("-12.5", no spaces), a truth as 1 or 0; anything else has none,
and arithmetic with it is "". `mod` has the sign of its left side.
**As a text:** a number with at most six decimals, halves away from zero, without trailing zeros; a
truth as "1" or "0"; a list as its codes with a space between.
**As a truth:** "", 0 and the empty list are false, anything else is true, also "no".

**`=`** compares as numbers when a side is a number or a truth (what has no number equals none),
otherwise as texts; `!=` is its opposite. **`<` and its kin** compare numbers, or two days
("2026-03-01"); of anything else they are false. `selected` looks among the codes of a list or the
words of a text. `string-length` counts characters. `coalesce` is the first that is not empty.

`last()` is the question's last answer; `worse()` says that its option stands later in the list than
the last one did; `fact('changed')` and `fact('living_alone')` ask what is known of the person.
Twin: web/phone/evaluation.js, held equal by tests/vectors/expressions.json.
"""

import math
import operator
import re
from collections.abc import Callable, Mapping
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache
from typing import Any

from msgspec import Struct

from sync.expressions import OWN, Answer, Call, Constant, Node, readable

Value = str | float | bool | tuple[str, ...]

TOO_LARGE = 1e15
CHANGED = "changed"

_DIGITS = re.compile(r"-?[0-9]+(\.[0-9]+)?")
_DAY = re.compile(r"[12][0-9]{3}-[0-9]{2}-[0-9]{2}")
_DECIMALS = Decimal("0.000001")


class Context(Struct, frozen=True, gc=False):
    """What an expression can ask about: answers by question, and its own question."""

    answers: Mapping[str, Value]
    facts: Mapping[str, Any]
    own: Value = ""
    last: Value = ""
    is_worse: bool = False


Meaning = Callable[[Context], Value]


def holds(text: str, context: Context, otherwise: bool) -> bool:
    """Whether an expression is true; `otherwise` for none and for what this release cannot read."""
    found = meaning(text) if text else None
    return bool(found(context)) if found else otherwise


@lru_cache(maxsize=4096)
def meaning(text: str) -> Meaning | None:
    """What an expression works out, once read; None for what this release cannot read."""
    node = readable(text)
    return _meant(node) if node else None


def _meant(node: Node) -> Meaning:
    if isinstance(node, Constant):
        value = value_of(node.value)
        return lambda context: value
    if isinstance(node, Answer):
        name = node.name
        if name == OWN:
            return lambda context: context.own
        return lambda context: context.answers.get(name, "")
    if isinstance(node, Call):
        return _called(_FUNCTIONS[node.name], [_meant(one) for one in node.arguments])
    return _chained(_meant(node.first), [(sign, _meant(one)) for sign, one in node.rest])


def _called(function: Callable[..., Value], arguments: list[Meaning]) -> Meaning:
    if len(arguments) == 2:
        first, second = arguments
        return lambda context: function(context, first(context), second(context))
    return lambda context: function(context, *[one(context) for one in arguments])


def _chained(first: Meaning, rest: list[tuple[str, Meaning]]) -> Meaning:
    sign, second = rest[0]
    if sign in ("or", "and"):
        return _decided(sign == "or", [first, *(one for _, one in rest)])
    if len(rest) == 1:
        work = _OPERATORS[sign]
        return lambda context: work(first(context), second(context))

    def worked(context: Context) -> Value:
        value = first(context)
        for each, operand in rest:
            value = _OPERATORS[each](value, operand(context))
        return value

    return worked


def _decided(wanted: bool, parts: list[Meaning]) -> Meaning:
    """Whether one of the parts is true; with `wanted` False, whether all are."""

    def decided(context: Context) -> Value:
        for one in parts:
            if truth(one(context)) == wanted:
                return wanted
        return not wanted

    return decided


def value_of(raw: Any) -> Value:
    """An answer as it came: a text, a number, a list of codes; "" for anything else."""
    if isinstance(raw, str):
        return raw
    if isinstance(raw, list | tuple):
        return tuple([one for one in raw if isinstance(one, str)])
    if isinstance(raw, int | float) and not isinstance(raw, bool) and abs(raw) < TOO_LARGE:
        return float(raw)
    return ""


def is_empty(value: Value) -> bool:
    return value in ("", ())


def truth(value: Value) -> bool:
    return bool(value)


def number(value: Value) -> float | None:
    if isinstance(value, str):
        found = float(value) if _DIGITS.fullmatch(value) else TOO_LARGE
        return found if abs(found) < TOO_LARGE else None
    return None if isinstance(value, tuple) else float(value)


def text(value: Value) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, tuple):
        return " ".join(value)
    written = format(Decimal(value).quantize(_DECIMALS, ROUND_HALF_UP), "f")
    short = written.rstrip("0").rstrip(".")
    return "0" if short == "-0" else short


def is_day(value: Any) -> bool:
    """Whether this is a day of the calendar, written as records do."""
    if not isinstance(value, str) or not _DAY.fullmatch(value):
        return False
    try:
        date.fromisoformat(value)
    except ValueError:
        return False
    return True


def _calculating(work: Callable[[float, float], float]) -> Callable[[Value, Value], Value]:
    def worked(left: Value, right: Value) -> Value:
        one, other = number(left), number(right)
        if one is None or other is None:
            return ""
        try:
            return value_of(work(one, other))
        except (ArithmeticError, ValueError):
            return ""

    return worked


def _comparing(compare: Callable[[Any, Any], bool]) -> Callable[[Value, Value], Value]:
    def compared(left: Value, right: Value) -> Value:
        if is_day(left) and is_day(right):
            return compare(left, right)
        one, other = number(left), number(right)
        return one is not None and other is not None and compare(one, other)

    return compared


def _same(left: Value, right: Value) -> bool:
    if type(left) is type(right) is str:
        return left == right
    if isinstance(left, float | bool) or isinstance(right, float | bool):
        one = number(left)
        return one is not None and one == number(right)
    return text(left) == text(right)


def _codes(value: Value) -> list[str]:
    codes = value if isinstance(value, tuple) else text(value).split(" ")
    return [code for code in codes if code]


def _selected(_: Context, value: Value, code: Value) -> bool:
    codes = value if isinstance(value, tuple) else text(value).split(" ")
    return code != "" and text(code) in codes


def _fact(context: Context, name: Value) -> bool:
    if name == CHANGED:
        return context.facts.get("changed") == 1
    return text(name) in context.facts.get("categories", [])


_OPERATORS: dict[str, Callable[[Value, Value], Value]] = {
    "=": _same,
    "!=": lambda left, right: not _same(left, right),
    "<": _comparing(operator.lt),
    "<=": _comparing(operator.le),
    ">": _comparing(operator.gt),
    ">=": _comparing(operator.ge),
    "+": _calculating(operator.add),
    "-": _calculating(operator.sub),
    "*": _calculating(operator.mul),
    "div": _calculating(operator.truediv),
    "mod": _calculating(math.fmod),
}
_FUNCTIONS: dict[str, Callable[..., Value]] = {
    "-": lambda _, value: _OPERATORS["-"](0.0, value),
    "selected": _selected,
    "count-selected": lambda _, value: float(len(_codes(value))),
    "not": lambda _, value: not truth(value),
    "if": lambda _, asked, then, other: then if truth(asked) else other,
    "coalesce": lambda _, *values: next((one for one in values if not is_empty(one)), ""),
    "string-length": lambda _, value: float(len(text(value))),
    "today": lambda context: value_of(context.facts.get("today", "")),
    "true": lambda _: True,
    "false": lambda _: False,
    "last": lambda context: context.last,
    "worse": lambda context: context.is_worse,
    "fact": _fact,
}
