"""The checklists of a visit's form: every question of a person, what shows, what follows."""

import json
from typing import Any

import msgspec

from server.field.checkup_forms import facts_of, said_of
from server.field.filling import Standing, standing
from server.field.shelf import Fields
from server.field.views.asking import asked_at, asking
from server.field.views.redcard import redcard
from server.field.views.scene import Scene
from sync.answer_types import codes
from sync.care import age_on
from sync.checklists import Checklist, Question

# What a page needs to know of a question while somebody taps.
RULES = ("id", "section", "type", "required", "relevant", "constraint", "calculate", "every")
MORE_RULES = ("valid_days", "months", "safety", "restricted")
NOTHING: Fields = {"answers": {}, "consent": "", "cards": []}
NOBODY: Fields = {"id": "", "name": ""}


def checkups(scene: Scene, here: Fields, given: Fields, wanted: list[str]) -> list[Fields]:
    """One for each person and list. `given` is what the form held before, as data of a visit."""
    found = [_checkup(scene, here, one, given) for one in asking(scene, here, wanted)]
    return [
        {**one, "corrects": 0, **_onward(one, [*found[at + 1 :], *found[:at]])}
        for at, one in enumerate(found)
    ]


def corrected(scene: Scene, here: Fields, made: Fields, given: Fields) -> list[Fields]:
    """The same for a visit that was made: what was answered then, to be put right."""
    answered = [
        {
            **one,
            "answers": {name: {"value": said["value"]} for name, said in one["answers"].items()},
        }
        for one in given["checkups"]
    ]
    held = {**given, "checkups": answered}
    found = [_checkup(scene, here, one, held) for one in asked_at(scene, made)]
    return [{**one, "corrects": 1, **_onward(one, [])} for one in found]


def _onward(one: Fields, following: list[Fields]) -> Fields:
    """Whether others are asked as well, and who is next once nothing is left of this one."""
    others = [each for each in following if each["resident"]["id"] != one["resident"]["id"]]
    left = [each for each in others if each["left"] and not one["left"]]
    onward = {"id": left[0]["id"], "name": left[0]["resident"]["name"]} if left else NOBODY
    return {"several": int(len(others) > 0), "onward": onward}


def _checkup(scene: Scene, here: Fields, one: Fields, given: Fields) -> Fields:
    person, checklist = one["resident"], msgspec.convert(one["checklist"], Checklist)
    before = {(each["resident_id"], each["checklist_id"]): each for each in given["checkups"]}
    held = {**NOTHING, **before.get((person["id"], checklist.code), {})}
    answers = held["answers"]
    own = {name: answer["value"] for name, answer in answers.items() if not answer.get("unchanged")}
    same = {
        question.section
        for question in checklist.questions
        if question.id in answers and answers[question.id].get("unchanged")
    }
    consent = held["consent"] or person["consent"]
    facts = facts_of(one, consent, given["type"])
    found = standing(checklist, own, same, one["last"], facts)
    key = f"{person['id']}|{checklist.code}"
    sections = [
        _section(checklist, section.id, section.label, key, found, own, same, one["last"])
        for section in checklist.sections
    ]
    cards = [redcard(scene, here, person, card, key, held) for card in one["checklist"]["cards"]]
    opened = {one.card for one in found.flags if one.level == "now"}
    return {
        "id": f"ask-{person['id']}-{checklist.code}",
        "key": key,
        "code": checklist.code,
        "resident": {
            "id": person["id"],
            "name": person["name"],
            "age": max(age_on(person["birth_on"], scene.today), 0),
            "born": person["birth_on"],
        },
        "title": checklist.title,
        "edition": checklist.edition,
        "consent": consent,
        "total": len(found.values) + len(found.left),
        "left": len(found.left),
        "sections": [section for section in sections if section["questions"]],
        "cards": cards,
        "open_cards": [one for one in cards if one["card"] in opened],
        "rules": _text(_rules(one["checklist"])),
        "last": _text({name: {**said, "said": []} for name, said in one["last"].items()}),
        "facts": _text(one["facts"] | {"consent": person["consent"]}),
    }


def _section(
    checklist: Checklist,
    section_id: str,
    label: str,
    key: str,
    found: Standing,
    own: Fields,
    same: set[str],
    last: Fields,
) -> Fields:
    questions = [
        _question(question, key, found, own, last)
        for question in checklist.questions
        if question.section == section_id and question.type != "calculate"
    ]
    counted = [one for one in questions if one["shown"] and one["type"] not in ("note", "photo")]
    return {
        "id": section_id,
        "name": f"same|{key}|{section_id}",
        "label": label,
        "same": int(section_id in same),
        "can": int(any(one["last"] for one in counted)),
        "shown": int(any(one["shown"] for one in questions)),
        "total": sum(1 for one in counted if one["id"] in (*found.values, *found.left)),
        "done": sum(1 for one in counted if one["id"] in found.values),
        "questions": questions,
    }


def _question(question: Question, key: str, found: Standing, own: Fields, last: Fields) -> Fields:
    value = own.get(question.id, "")
    before = last.get(question.id, {"value": "", "on": "", "said": []})
    level = {(one.question, one.flag): one.level for one in found.flags}
    labels = {code: "".join(said_of(question, code)) for code in codes(question)}
    return {
        "id": question.id,
        "name": f"a|{key}|{question.id}",
        "type": question.type,
        "ask": question.ask,
        "hint": question.hint,
        "restricted": question.restricted,
        "message": question.constraint_message,
        "shown": int(question.id in found.shown),
        "same": int(question.id in found.unchanged),
        "worst": _worst([one.level for one in found.flags if one.question == question.id]),
        "last": "、".join(before["said"] or said_of(question, before["value"]))
        or _plain(before["value"]),
        "last_on": before["on"],
        "value": _plain(value),
        "options": [
            {
                "code": code,
                "label": label,
                "alone": int(any(one.code == code and one.alone for one in question.options)),
                "chosen": int(code in _codes(value)),
                "last": int(code in _codes(before["value"])),
            }
            for code, label in labels.items()
        ],
        "flags": [
            {
                "at": at,
                "level": flag.level,
                "text": flag.text,
                "card": flag.card,
                "office_only": max(flag.office_only, question.restricted),
                "shown": int((question.id, at) in level),
            }
            for at, flag in enumerate(question.flags)
        ],
    }


def _rules(checklist: Fields) -> Fields:
    return {
        "code": checklist["code"],
        "questions": [
            {
                **{name: one[name] for name in (*RULES, *MORE_RULES)},
                "options": [{"code": o["code"], "alone": o["alone"]} for o in one["options"]],
                "flags": [
                    {"when": f["when"], "level": f["level"], "card": f["card"]}
                    for f in one["flags"]
                ],
            }
            for one in checklist["questions"]
        ],
    }


def _worst(levels: list[str]) -> str:
    return next((one for one in ("now", "red", "amber") if one in levels), "")


def _codes(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _plain(value: Any) -> str:
    return "" if isinstance(value, list) else str(value)


def _text(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
