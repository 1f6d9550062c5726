"""Answers as a visit's record keeps them: with the words of their edition, as far as it is known.

Nothing here refuses: an answer that no edition explains keeps the words it came with.
"""

from collections.abc import Iterable
from typing import Any

from msgspec import to_builtins

from sync.checklists import CHOSEN, Checklist, Question
from sync.known import Known
from sync.operations import Checkup


def shown(said: Iterable[Checkup]) -> list[dict[str, Any]]:
    """Checkups as a visit's record keeps them, before anything is known of their lists."""
    return [
        {
            **to_builtins(one),
            "answers": {
                name: {
                    "value": "" if answer.value is None else answer.value,
                    "unchanged": int(answer.unchanged),
                    "asked": answer.asked,
                    "said": answer.said,
                }
                for name, answer in one.answers.items()
            },
        }
        for one in said
    ]


def explained(checkup: dict[str, Any], consent: str, known: Known) -> dict[str, Any]:
    """A checkup with the wording of its questions.

    What the person did not agree to is `declined`: it counts for nothing and leaves in no stream.
    It stays beside the others, since another word of theirs may still be on its way.
    """
    code, edition = checkup["checklist_id"], checkup["version"]
    exact = known.checklist(code, edition)
    questions = {one.id: one for one in exact.questions} if exact else {}
    answers = {}
    for name, answer in checkup["answers"].items():
        own = questions.get(name)
        question = own or _like(name, code, known)
        said = {mark: one for mark, one in answer.items() if mark != "declined"}
        answers[name] = _worded(said, question) if question else said
        if own is not None and consent == "no" and not own.safety:
            answers[name]["declined"] = 1
    return {**checkup, "answers": answers}


def _worded(answer: dict[str, Any], question: Question) -> dict[str, Any]:
    said = answer["said"] or _chosen(answer["value"], question)
    worded = {**answer, "asked": answer["asked"] or question.ask, "said": said}
    return {**worded, "restricted": 1} if question.restricted else worded


def _chosen(value: Any, question: Question) -> list[str]:
    """The labels of the options in an answer."""
    if question.type not in CHOSEN:
        return []
    labels = {one.code: one.label for one in question.options}
    codes = value if isinstance(value, list) else [value]
    return [labels[one] for one in codes if isinstance(one, str) and one in labels]


def _like(name: str, code: str, known: Known) -> Question | None:
    """The question of this name in another edition, the newest that knows it."""
    found = [question_of(one, name) for one in known.editions(code)]
    return next((one for one in found if one is not None), None)


def counted(checkup: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """The answers that the person agreed to give."""
    return {name: one for name, one in checkup["answers"].items() if not one.get("declined")}


def question_of(definition: Checklist | None, name: str) -> Question | None:
    if definition is None:
        return None
    return next((one for one in definition.questions if one.id == name), None)
