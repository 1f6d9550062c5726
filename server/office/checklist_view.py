"""What the pages of checklists show: which edition is used when, and a list as on a phone."""

from typing import Any, NamedTuple

import msgspec
from msgspec import to_builtins
from msgspec.structs import replace

from server.checklists.choices import FIXED, WORDS
from server.checklists.findings import ERROR, NOTE, UNSUPPORTED, Finding
from server.checklists.flags import LEVEL_WORDS
from server.office import forms
from server.office.forms import FormData
from sync.checklist_check import check
from sync.checklists import MAX_EDITION, Checklist, Flag, Option, Question
from sync.refusals import Refusal

TYPED = {"int": "整数", "decimal": "数字", "text": "文字", "date": "日期", "photo": "拍照"}
CALL_WORDS = {
    **{"120": "120 急救", "110": "110 报警", "119": "119 火警", "96110": "96110 反诈"},
    **{"gas": "燃气公司", "contact": "紧急联系人", "office": "社区办公室"},
}
FROM = "从哪天起用"
TAKEN = ("code", "title", "purpose", "sections", "questions", "cards")
HOURS_SAID = 72  # a longer limit is said in days
SIGNS = {"now": "red", "red": "red", "amber": "amber"}


class Edition(NamedTuple):
    checklist: Checklist
    state: str  # current, coming or past


def editions(checklists: list[Checklist], today: str) -> list[list[Edition]]:
    """Every list with its editions, newest first; the one in use today is marked."""
    by_code: dict[str, list[Checklist]] = {}
    for checklist in sorted(checklists, key=lambda one: (one.code, -one.edition)):
        by_code.setdefault(checklist.code, []).append(checklist)
    return [_standing(found, today) for found in by_code.values()]


def _standing(found: list[Checklist], today: str) -> list[Edition]:
    begun = [one for one in found if one.status == "published" and one.from_on <= today]
    current = max(begun, key=lambda one: (one.from_on, one.edition), default=None)
    return [
        Edition(
            one,
            "current" if one is current else "coming" if one.from_on > today else "past",
        )
        for one in found
    ]


def next_edition(checklists: list[Checklist], code: str) -> int:
    return max((one.edition for one in checklists if one.code == code), default=0) + 1


def counted(findings: list[Finding]) -> dict[str, int]:
    return {
        severity: sum(finding.severity == severity for finding in findings)
        for severity in (ERROR, UNSUPPORTED, NOTE)
    }


def edition_of(form: FormData, today: str) -> dict[str, Any]:
    """The edition that the report showed, to be published; sent twice it is the same."""
    try:
        shown = msgspec.json.decode(forms.one(form, "definition"), type=Checklist)
    except msgspec.DecodeError as misfit:
        raise Refusal("data.misfit", where="清单") from misfit
    from_on = forms.day(form, "from_on", FROM, first=today)
    if not from_on:
        raise Refusal("field.empty", field=FROM)
    edition = forms.number(form, "edition", "版次", 1, MAX_EDITION)
    if check(replace(shown, from_on=from_on)):
        raise Refusal("checklist.misfit")
    return {
        **{field: to_builtins(getattr(shown, field)) for field in TAKEN},
        "edition": edition,
        "from_on": from_on,
    }


def look(checklist: Checklist) -> dict[str, Any]:
    """A list as a visitor sees it, with what each answer would set off."""
    return {
        "title": checklist.title,
        "code": checklist.code,
        "sections": _sections(checklist),
        "cards": _cards(checklist),
    }


def _sections(checklist: Checklist) -> list[dict[str, Any]]:
    return [
        {
            "label": section.label,
            "questions": [
                _question(one)
                for one in checklist.questions
                if one.section == section.id and one.type != "calculate"
            ],
        }
        for section in checklist.sections
    ]


def _cards(checklist: Checklist) -> list[dict[str, Any]]:
    return [
        {
            "id": card.id,
            "title": card.title,
            "steps": card.steps,
            "calls": [CALL_WORDS.get(call, call) for call in card.calls],
        }
        for card in checklist.cards
    ]


def _question(question: Question) -> dict[str, Any]:
    return {
        "id": question.id,
        "ask": question.ask,
        "hint": question.hint,
        "is_note": question.type == "note",
        "many": question.type == "multi",
        "chips": [option.label for option in _options(question)],
        "typed": TYPED.get(question.type, ""),
        "often": _often(question),
        "relevant": question.relevant,
        "flags": [_flag(flag) for flag in question.flags],
    }


def _options(question: Question) -> list[Option]:
    if question.type in FIXED:
        return [Option(code=code, label=WORDS[code]) for code in FIXED[question.type]]
    return question.options


def _often(question: Question) -> str:
    """When it is asked, and who may know."""
    if question.every:
        when = "每次问"
    else:
        when = f"{question.valid_days} 天问一次"
    if question.months:
        when += "，" + "、".join(map(str, question.months)) + " 月每次问"
    words = [when]
    words += ["必答"] if question.required else []
    words += ["安全底线"] if question.safety else []
    words += ["仅办公室"] if question.restricted else []
    return " · ".join(words)


def _flag(flag: Flag) -> dict[str, str]:
    limits = [
        _limit(flag.hours),
        f"办完 {flag.recheck_days} 天复查" if flag.recheck_days else "",
        "仅办公室" if flag.office_only else "",
    ]
    return {
        "sign": SIGNS[flag.level],
        "level": LEVEL_WORDS[flag.level],
        "limits": "，".join(filter(None, limits)),
        "when": flag.when,
        "text": flag.text,
    }


def _limit(hours: int) -> str:
    """How soon somebody follows it up, as people say it."""
    if not hours:
        return ""
    is_days = hours > HOURS_SAID and hours % 24 == 0
    return f"{hours // 24} 天内跟进" if is_days else f"{hours} 小时内跟进"
