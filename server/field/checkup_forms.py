"""What the part of a visit's form that asks people becomes: checkups, or a sentence.

A field's name says what it is about: `ask|resident|list` the edition, `a|resident|list|question` an
answer, `same|resident|list|section` that nothing else changed there, `card|resident|list|card` what
was dialled and when, `consent|resident` what the person said to being asked.
Twin: web/phone/checkup_forms.js, held equal by tests/vectors/forms.json.
"""

import re
from collections.abc import Iterable
from typing import Any, NamedTuple

import msgspec

from server.field.filling import Standing, standing
from sync.answer_types import MAX_TEXT
from sync.checklist_rules import calculated, problems
from sync.checklists import Checklist, Question

Fields = dict[str, list[str]]
Record = dict[str, Any]

EVENT = "event_triggered"
YES_NO_WORDS = {"yes": "是", "no": "否", "na": "不适用"}
SENTENCES = {
    "type": "填的不对，请再看一下。",
    "option": "选的不在清单里，请重新选。",
    "alone": "选了“没有”这一类，就不能再选别的。",
    "long": f"最多 {MAX_TEXT} 字。",
    "constraint": "填的不对，请再看一下。",
}
_NUMBER = re.compile(r"-?[0-9]{1,15}(\.[0-9]{1,6})?")


class Asked(NamedTuple):
    """`left` counts what shows without an answer, `urgent` what cannot wait and has no card yet.

    `error` is a sentence about `field`.
    """

    checkups: list[Record]
    left: int = 0
    urgent: int = 0
    error: str = ""
    field: str = ""


def checkups(fields: Fields, asking: Iterable[Record], visit_type: str) -> Asked:
    """What people were asked. `asking`: who can be asked what, as views/asking says it."""
    made, left, urgent = [], 0, 0
    for one in asking:
        checklist = msgspec.convert(one["checklist"], Checklist)
        key = f"{one['resident']['id']}|{checklist.code}"
        if f"ask|{key}" not in fields:
            continue
        consent = _one(fields, f"consent|{one['resident']['id']}")
        known = one["resident"]["consent"]
        facts = facts_of(one, consent or known, visit_type)
        own = {name: value for name, value in _own(fields, key, checklist).items() if value != ""}
        found = standing(checklist, own, _same(fields, key, checklist), one["last"], facts)
        wrong = problems(checklist, found.values, one["last"], facts)
        for question in checklist.questions:
            if wrong.get(question.id, "required") != "required":
                sentence = f"{question.ask} {_sentence(question, wrong[question.id])}"
                return Asked([], error=sentence, field=f"a|{key}|{question.id}")
        said = consent if consent != known else ""
        checkup = {
            "resident_id": one["resident"]["id"],
            "checklist_id": checklist.code,
            "version": checklist.edition,
            "answers": _answers(checklist, found, one["last"], facts),
            "consent": said,
            "consent_method": "oral" if said else "",
            "cards": [card for card in _cards(fields, key, checklist) if card["opened_at"]],
        }
        if checkup["answers"] or said or checkup["cards"]:
            made.append(checkup)
        left += len(found.left) if checkup["answers"] else 0
        urgent += any(one.level == "now" for one in found.flags) and not checkup["cards"]
    return Asked(made, left, urgent)


def put_right(
    before: list[Record], made: list[Record], fields: Fields, asking: Iterable[Record]
) -> tuple[list[Record], list[Record]]:
    """The checkups of a visit as an operation says them, and as this form puts them right.

    What was not touched keeps the words it was asked by, and what the form does not show stays.
    """
    by_key = {f"{one['resident_id']}|{one['checklist_id']}": one for one in made}
    asked = {f"{one['resident']['id']}|{one['checklist']['code']}": one for one in asking}
    known = [_said(one) for one in before]
    after = []
    for one in known:
        key = f"{one['resident_id']}|{one['checklist_id']}"
        if key not in asked or f"ask|{key}" not in fields:
            after.append(one)
            continue
        now = by_key.get(key, {"answers": {}, "consent": "", "consent_method": "", "cards": []})
        method = one["consent_method"] if now["consent"] == one["consent"] else "oral"
        answers = _mended(one["answers"], now["answers"], asked[key]["checklist"])
        mended = {**one, **now, "answers": answers, "consent_method": method}
        if answers or mended["consent"] or mended["cards"]:
            after.append(mended)
    return known, after


def _said(checkup: Record) -> Record:
    """A checkup of a record as an operation says it."""
    names = ("value", "unchanged", "asked", "said")
    answers = {
        name: {**{each: answer[each] for each in names}, "unchanged": bool(answer["unchanged"])}
        for name, answer in checkup["answers"].items()
    }
    return {**checkup, "answers": answers}


def _mended(before: Record, now: Record, checklist: Record) -> Record:
    shown = {one["id"] for one in checklist["questions"] if one["type"] not in ("note", "photo")}
    kept = {}
    for name, answer in before.items():
        if name not in shown or (name in now and now[name]["value"] == answer["value"]):
            kept[name] = answer
        elif name in now:
            kept[name] = now[name]
    return kept | {name: answer for name, answer in now.items() if name not in kept}


def facts_of(one: Record, consent: str, visit_type: str) -> Record:
    """What the rules know of a person at this visit."""
    return {**one["facts"], "consent": consent, "changed": int(visit_type == EVENT)}


def stamps_of(card: Record) -> str:
    """What was done with a card as the text of its field."""
    said = [("open", card["opened_at"]), *((one["to"], one["at"]) for one in card["calls"])]
    closed = [("closed", card["closed_at"])] if card["closed_at"] else []
    return " ".join(f"{to}@{at}" for to, at in [*said, *closed])


def _own(fields: Fields, key: str, checklist: Checklist) -> Record:
    return {one.id: _value(one, fields.get(f"a|{key}|{one.id}", [])) for one in checklist.questions}


def _value(question: Question, said: list[str]) -> Any:
    if question.type == "multi":
        return said or ""
    text = said[0].strip() if said else ""
    if question.type in {"int", "decimal"} and _NUMBER.fullmatch(text):
        number = float(text)
        return int(number) if number.is_integer() else number
    return text


def _same(fields: Fields, key: str, checklist: Checklist) -> list[str]:
    return [one.id for one in checklist.sections if f"same|{key}|{one.id}" in fields]


def _answers(checklist: Checklist, found: Standing, last: Record, facts: Record) -> Record:
    if not found.values:
        return {}
    worked = calculated(checklist, found.values, last, facts)
    return {
        one.id: {
            "value": worked[one.id],
            "unchanged": one.id in found.unchanged,
            "asked": one.ask,
            "said": said_of(one, worked[one.id]),
        }
        for one in checklist.questions
        if one.id in worked
    }


def said_of(question: Question, value: Any) -> list[str]:
    """The labels of what was chosen, as the visitor saw them."""
    chosen = value if isinstance(value, list) else [value]
    words = {one.code: one.label for one in question.options}
    if question.type.startswith("yes_no"):
        words = YES_NO_WORDS
    return [words[code] for code in chosen if isinstance(code, str) and code in words]


def _cards(fields: Fields, key: str, checklist: Checklist) -> list[Record]:
    return [_card(one.id, _one(fields, f"card|{key}|{one.id}")) for one in checklist.cards]


def _card(card_id: str, text: str) -> Record:
    stamps = [part.split("@", 1) for part in text.split(" ") if "@" in part]
    at = {"open": "", "closed": ""} | {to: when for to, when in stamps if to in ("open", "closed")}
    calls = [{"to": to, "at": when} for to, when in stamps if to not in ("open", "closed")]
    return {"id": card_id, "opened_at": at["open"], "calls": calls, "closed_at": at["closed"]}


def _sentence(question: Question, code: str) -> str:
    own = question.constraint_message if code == "constraint" else ""
    return own or SENTENCES[code]


def _one(fields: Fields, name: str) -> str:
    values = fields.get(name, [])
    return values[0] if values else ""
