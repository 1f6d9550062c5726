"""What a person was asked, in the five respects that the street's form has.

Only what they agreed to be asked; and nothing that is for the office alone.
"""

from typing import Any

from server.reports.definition import Column
from server.reports.town import Town
from sync.checklists import Question

# code of the column: head, sections of the checklists.
ASPECTS = {
    "health": ("健康状况", ("health",)),
    "family": ("家庭赡养", ("family",)),
    "economy": ("经济状况", ("economy",)),
    "safety": ("居家安全", ("safety", "hygiene")),
    "needs": ("服务需求", ("needs",)),
}


def aspects() -> list[Column]:
    return [_aspect(code, head, sections) for code, (head, sections) in ASPECTS.items()]


def _aspect(code: str, head: str, sections: tuple[str, ...]) -> Column:
    def value(row: Any) -> str:
        if row.person is None or row.person.consent == "no":
            return ""
        mine = [one for one in row.visit["checkups"] if one["resident_id"] == row.person.id]
        return "；".join(said for one in mine for said in _said(one, sections, row.town))

    return Column(code, head, 30, value, is_private=True, is_extra=True)


def _said(checkup: dict[str, Any], sections: tuple[str, ...], town: Town) -> list[str]:
    found = []
    for name, answer in checkup["answers"].items():
        key = checkup["checklist_id"], checkup["version"], name
        question = town.questions.get(key)
        if question is None or question.section not in sections or question.restricted:
            continue
        words = in_words(answer, question)
        if words and "restricted" not in answer and "declined" not in answer:
            found.append(f"{answer.get('asked') or question.ask}{words}")
    return found


def in_words(answer: dict[str, Any], question: Question | None = None) -> str:
    """An answer as the visitor saw it, else as this edition calls it, else as it came."""
    if answer.get("said"):
        return "、".join(answer["said"])
    value = answer.get("value", "")
    labels = {one.code: one.label for one in question.options} if question else {}
    labels = {"yes": "是", "no": "否", "na": "不适用", **labels}
    values = value if isinstance(value, list) else [value]
    return "、".join(labels.get(str(one), str(one)) for one in values if one not in ("", None))
