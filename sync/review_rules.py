"""When the office is asked to look at a visit (DOMAIN §7). A question is never a penalty.

A community may have its own numbers. They count for what arrives from then on: what was asked
about an earlier visit stays as it was.
"""

import hashlib
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from sync.refusals import Refusal

SAMPLE = "sample"


class Rule(NamedTuple):
    """`usual` is the number of whoever set none; 0 asks nothing. Clocks are minutes of the day.

    `least` above 0: it can be changed, and never turned off.
    """

    code: str
    usual: int
    first: int = 1
    last: int = 1
    least: int = 0


RULES = (
    Rule("flag.now", 1, least=1),
    Rule("result.no_answer", 1),
    Rule("flag.red", 1),
    Rule("flag.amber", 1),
    Rule("result.refused", 1),
    Rule("result.moved_out", 1),
    Rule("result.deceased", 1),
    Rule("result.wrong_info", 1),
    Rule("corrected", 1),
    Rule("time.early", 9 * 60, 5 * 60, 12 * 60),
    Rule("time.late", 20 * 60 + 30, 17 * 60, 23 * 60 + 59),
    Rule("time.ahead", 10, 1, 1440),
    Rule("time.old", 30, 1, 365),
    Rule("time.file", 1),
    Rule("pace.doors", 25, 5, 200),
    Rule("pace.short", 30, 5, 600),
    Rule("pace.series", 3, 2, 20, least=2),
    Rule(SAMPLE, 2, 1, 100),
)
BY_CODE = {rule.code: rule for rule in RULES}
USUAL: Mapping[str, int] = {rule.code: rule.usual for rule in RULES}
CODES = tuple(BY_CODE)


def of(own: Mapping[str, int]) -> Mapping[str, int]:
    """Every rule with its number, as a community has them."""
    return {**USUAL, **own} if own else USUAL


def checked(own: Mapping[str, int]) -> dict[str, int]:
    """What a community sets for itself. Raises Refusal for what a rule cannot be."""
    for code, value in own.items():
        if not fits(code, value):
            raise Refusal("review.rule_misfit", value=f"{code} {value}"[:60])
    return {code: value for code, value in own.items() if value != USUAL[code]}


def fits(code: str, value: int) -> bool:
    """Whether a rule can have this number."""
    rule = BY_CODE.get(code)
    if rule is None:
        return False
    return rule.first <= value <= rule.last or (value == 0 and not rule.least)


def only(asked: Iterable[str], rules: Mapping[str, int]) -> list[str]:
    """The questions that this community wants to be asked."""
    return [code for code in asked if rules.get(code, 1)]


def is_sampled(operation_id: str, percent: int) -> bool:
    """Whether an ordinary visit is looked at as well. The same visit always answers the same."""
    if not percent:
        return False
    digest = hashlib.sha256(f"{SAMPLE} {operation_id}".encode()).digest()
    return int.from_bytes(digest[:4], "big") % 10_000 < percent * 100
