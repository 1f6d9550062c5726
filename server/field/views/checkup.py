"""The checklists of a visit's form: every question of a person, what shows, what follows."""

import json
from typing import Any

import msgspec

from server.field.checkup_forms import facts_of, said_of, stamps_of
from server.field.filling import Standing, standing
from server.field.shelf import Fields
from server.field.views.asking import asked_at, asking
from server.field.views.scene import Scene
from sync.answer_types import codes
from sync.care import age_on
from sync.checklists import Checklist, Question

# What a page needs to know of a question while somebody taps.
RULES = ("id", "section", "type", "required", "relevant", "constraint", "calculate", "every")
MORE_RULES = ("valid_days", "months", "safety", "restricted")
NOTHING: Fields = {"answers": {}, "consent": "", "cards": []}
NOBODY: Fields = {"id": "", "name": ""}
NO_LIFT = ("walkup", "lane")


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
    cards = [_card(scene, here, person, card, key, held) for card in one["checklist"]["cards"]]
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


def _card(
    scene: Scene, here: Fields, person: Fields, card: Fields, key: str, held: Fields
) -> Fields:
    stamped = next((one for one in held["cards"] if one["id"] == card["id"]), None)
    return {
        "id": f"card-{key.replace('|', '-')}-{card['id']}",
        "card": card["id"],
        "back": f"ask-{key.replace('|', '-')}",
        "name": f"card|{key}|{card['id']}",
        "stamps": stamps_of(stamped) if stamped else "",
        "title": card["title"],
        "steps": card["steps"],
        # Where gas is leaking or somebody must not be left, the steps come before the telephone.
        "dial_first": int("".join(card["calls"][:1]).isdigit()),
        "calls": [dial(scene, here, person, to) for to in card["calls"]],
        "where": where(scene, here),
    }


def dial(scene: Scene, here: Fields, person: Fields, to: str) -> Fields:
    """Whom to dial: a public number, a relative, the office; `phone` is "" where none is known."""
    found = {"to": to, "phone": to if to.isdigit() else "", "name": "", "relation": ""}
    if to == "office":
        found["phone"] = scene.person["office_phone"] or scene.community["office_phone"]
    if to == "gas":
        found["phone"] = scene.community["gas_phone"]
    if to == "contact":
        near = contact_of(scene, here, person)
        found |= {name: near[name] for name in ("phone", "name", "relation")} if near else {}
    return found


def contact_of(scene: Scene, here: Fields, person: Fields) -> Fields | None:
    """Who is reached about somebody: a relative of theirs first, then one of the door."""
    known = scene.shelf.of("contact", "household_id", here["id"])
    others = [one for one in known if reaches(one["relation"]) == "contact" and one["phone"]]
    mine = [one for one in others if one["resident_id"] == person["id"]]
    return next(iter([*mine, *(one for one in others if not one["resident_id"])]), None)


def reaches(relation: str) -> str:
    """Whom a number reaches: the people of the door themselves, a neighbour, or their family."""
    if relation in ("self", "head"):
        return "self"
    return "neighbour" if relation == "neighbour" else "contact"


def where(scene: Scene, here: Fields) -> Fields:
    """The address as it is said to a stranger."""
    building = scene.shelf.get("building", here["building_id"])
    style = building["style"] if building else ""
    return {
        "community": scene.person["community_name"] or scene.community["name"],
        "building": building["label"] if building else here["label"],
        "unit": here["unit"],
        "door_no": here["door_no"],
        "floor": here["floor"],
        "no_lift": int(style in NO_LIFT),
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
