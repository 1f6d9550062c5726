"""What old people were asked since the community has its checklist, just as the form asks it."""

import random
from collections import defaultdict
from datetime import date
from typing import Any

from server.demo.calls import Call
from server.demo.desk import days_ago
from server.demo.health import usual
from server.demo.shapes import Resident, Town
from server.field.checkup_forms import said_of
from sync.care import SPECIAL_ELDER
from sync.checklist_rules import Flagged, asked, flags
from sync.checklists import ELDER, Question
from sync.default_checklists import default_checklist

ASKED_DAYS = 91
WEATHER_LIST = "CK-WIND"
_NEVER_SAFE = {"W10": "no", "W04": "na", "W11": "na"}
# Of the sections where everything is as before, so many are tapped as a whole.
_UNCHANGED = 0.6

Asked = dict[str, Any]


class Asking:
    """Remembers what everybody answered the last time; calls come in the order of time."""

    def __init__(self, town: Town, saying_no: frozenset[str]) -> None:
        self._rng = random.Random(f"{town.seed}:asked")
        self._today = town.today.isoformat()
        self._saying_no = saying_no
        self._list = default_checklist(ELDER)
        self._wind = default_checklist(WEATHER_LIST)
        self._usual: dict[str, dict[str, Any]] = {}
        self._last: dict[str, dict[str, Any]] = defaultdict(dict)

    def ask(self, one: Resident, on: date, found: dict[str, Any]) -> tuple[Asked, list[Flagged]]:
        """A checkup with the usual answers but for what was `found`, and what it asks for."""
        if one.id not in self._usual:
            self._usual[one.id] = usual(self._rng, one, self._today)
        is_first = one.id not in self._last
        last, no = self._last[one.id], one.id in self._saying_no
        known = self._usual[one.id] | found
        facts = {
            "today": on.isoformat(),
            "categories": list(one.categories),
            "changed": 0,
            "consent": "no" if no else "yes",
        }
        due = asked(self._list, known, last, facts)
        values = {name: known[name] for name in due}
        answers = self._answers(self._list.questions, values, last)
        set_off = flags(self._list, values, last, facts)
        last.update(
            {name: {"value": value, "on": facts["today"]} for name, value in values.items()}
        )
        checkup = {
            "resident_id": one.id,
            "checklist_id": self._list.code,
            "version": self._list.edition,
            "answers": answers,
        }
        if is_first:
            checkup |= {"consent": facts["consent"], "consent_method": "oral"}
        return checkup, set_off

    def ask_of_weather(self, one: Resident) -> Asked:
        """The list before a storm, over the telephone; everything is in order."""
        values = {
            question.id: _NEVER_SAFE.get(question.id, "yes") for question in self._wind.questions
        }
        return {
            "resident_id": one.id,
            "checklist_id": self._wind.code,
            "version": self._wind.edition,
            "answers": self._answers(self._wind.questions, values, {}),
        }

    def _answers(
        self, questions: list[Question], values: dict[str, Any], last: dict[str, Any]
    ) -> Asked:
        shown = [one for one in questions if one.id in values]
        changed = {
            one.section
            for one in shown
            if last.get(one.id, {"value": None})["value"] != values[one.id]
        }
        same = {
            section
            for section in dict.fromkeys(one.section for one in shown)
            if section not in changed and self._rng.random() < _UNCHANGED
        }
        return {
            one.id: {
                "value": values[one.id],
                "unchanged": one.section in same,
                "asked": one.ask,
                "said": said_of(one, values[one.id]),
            }
            for one in shown
        }


def elders(call: Call) -> list[Resident]:
    """The old people a call met, of those the list is for."""
    return [
        one
        for one in call.household.residents
        if one.id in call.resident_ids and (SPECIAL_ELDER | {"oldest_old"}) & set(one.categories)
    ]


def is_asked(call: Call, today: date) -> bool:
    """Since the list came, people are asked wherever somebody calls at their door."""
    at_door = call.method == "door" and call.type == "elder_care" and call.is_effective
    return at_door and call.day >= days_ago(today, ASKED_DAYS)
