"""How far a person has been asked: what shows, what is answered or unchanged, what follows.

Twin: web/phone/filling.js, which pages use as well while somebody taps; held equal by
tests/vectors/filling.json.
"""

from collections.abc import Collection, Mapping
from typing import Any, NamedTuple

from sync.checklist_rules import Flagged, asked, flags
from sync.checklists import UNASKED, Checklist, Question

# Each round can only show what the round before let follow.
ROUNDS = 10
ELSEWHERE = "photo"  # taken in the form of the visit


class Standing(NamedTuple):
    """`values` are all answers to what shows; `left` is what shows and has none."""

    shown: list[str]
    values: dict[str, Any]
    unchanged: list[str]
    left: list[str]
    flags: list[Flagged]


def standing(
    checklist: Checklist,
    own: Mapping[str, Any],
    same: Collection[str],
    last: Mapping[str, Any],
    facts: Mapping[str, Any],
) -> Standing:
    """`own` are the answers that were given, `same` the sections where nothing else changed."""
    given = {name: value for name, value in own.items() if not _is_absent(value)}
    values, shown = dict(given), asked(checklist, given, last, facts)
    for _ in range(ROUNDS):
        values = {**_unchanged(checklist, shown, same, last), **given}
        before, shown = shown, asked(checklist, values, last, facts)
        if shown == before:
            break
    answered = [one.id for one in _answerable(checklist, shown)]
    kept = {name: values[name] for name in answered if name in values}
    # A correction is not told what the office alone was told, and asks for nothing anew.
    untold = [one.id for one in checklist.questions if one.restricted and facts.get("corrects")]
    return Standing(
        shown=shown,
        values=kept,
        unchanged=[name for name in kept if name not in given],
        left=[name for name in answered if name not in kept and name not in untold],
        flags=flags(checklist, kept, last, facts),
    )


def _unchanged(
    checklist: Checklist, shown: list[str], same: Collection[str], last: Mapping[str, Any]
) -> dict[str, Any]:
    return {
        one.id: last[one.id]["value"]
        for one in _answerable(checklist, shown)
        if one.section in same and one.id in last and not _is_absent(last[one.id]["value"])
    }


def _answerable(checklist: Checklist, shown: list[str]) -> list[Question]:
    wanted = set(shown)
    return [
        one
        for one in checklist.questions
        if one.id in wanted and one.type not in UNASKED and one.type != ELSEWHERE
    ]


def _is_absent(value: Any) -> bool:
    return value is None or value in ("", [])
