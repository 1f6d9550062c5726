"""What the demo's old people answered is what the form would have asked, and led to something."""

from collections import defaultdict
from typing import Any

import pytest

from sync.checklist_rules import asked, flags, problems
from sync.checklists import ELDER
from sync.default_checklists import default_checklist
from tests.server.telling import TODAY, Told, Work, tell

LIST = default_checklist(ELDER)


@pytest.fixture(scope="module")
def told() -> Told:
    return tell()


def checkups(told: Told) -> list[tuple[str, dict[str, Any]]]:
    """(day, checkup) of the list for old people, in the order in which they were made."""
    visits = sorted(told.visits, key=lambda work: work.entry.at_ms)
    return [
        (visit.at.date().isoformat(), one)
        for visit in visits
        for one in visit.data.get("checkups", [])
        if one["checklist_id"] == ELDER
    ]


def test_each_checkup_answers_what_the_form_asks_and_nothing_else(told: Told) -> None:
    last: dict[str, dict[str, Any]] = defaultdict(dict)
    consent: dict[str, str] = {}
    for on, one in checkups(told):
        person = one["resident_id"]
        consent[person] = one.get("consent", consent.get(person, ""))
        facts = {"today": on, "categories": [], "changed": 0, "consent": consent[person]}
        values = {name: answer["value"] for name, answer in one["answers"].items()}

        assert list(values) == asked(LIST, values, last[person], facts)
        assert problems(LIST, values, last[person], facts) == {}
        for name, answer in one["answers"].items():
            assert answer["asked"]
            assert not answer["unchanged"] or last[person][name]["value"] == answer["value"]
        last[person].update({name: {"value": v, "on": on} for name, v in values.items()})

    assert len(consent) > 600
    assert 1_800 <= len(checkups(told)) <= 3_500


def test_few_answers_ask_for_something_and_nearly_all_of_that_is_done(told: Told) -> None:
    closed = {work.data["id"] for work in told.of("followup.close")}
    last: dict[str, dict[str, Any]] = defaultdict(dict)
    raised = defaultdict(int)
    for on, one in checkups(told):
        facts = {"today": on, "categories": [], "changed": 0, "consent": "yes"}
        values = {name: answer["value"] for name, answer in one["answers"].items()}
        for flag in flags(LIST, values, last[one["resident_id"]], facts):
            raised[flag.level] += 1
        last[one["resident_id"]].update(
            {name: {"value": v, "on": on} for name, v in values.items()}
        )

    assert raised["now"] == 2
    assert 18 <= raised["red"] <= 26
    assert 40 <= raised["amber"] <= 70
    assert len(closed) >= 60


def test_some_do_not_want_to_be_asked_and_are_asked_for_their_safety_only(told: Told) -> None:
    safety = {one.id for one in LIST.questions if one.safety}
    unwilling = {one["resident_id"] for _, one in checkups(told) if one.get("consent") == "no"}
    written = {work.data["resident_id"] for work in told.of("consent.record")}

    assert len(unwilling) == 4
    assert len(written) == 2
    for _, one in checkups(told):
        assert one["resident_id"] not in written
        if one["resident_id"] in unwilling:
            assert set(one["answers"]) <= safety


def test_cards_are_told_where_an_answer_opened_one(told: Told) -> None:
    cards = [card for _, one in checkups(told) for card in one.get("cards", [])]

    assert {"gas", "unwell"} <= {one["id"] for one in cards}
    assert all(one["opened_at"][:10] < TODAY.isoformat() and one["calls"] for one in cards)


def test_where_nobody_answered_they_were_looked_for_step_by_step(told: Told) -> None:
    knocks = {one.entry.id: one for one in told.visits if one.data["result"] == "no_answer"}
    steps: dict[str, list[Work]] = defaultdict(list)
    for step in told.of("ladder.step"):
        steps[step.data["visit_id"]].append(step)

    assert steps and steps.keys() <= knocks.keys()
    for visit_id, taken in steps.items():
        door = knocks[visit_id].data["household_id"]
        found = min(
            one.entry.at_ms
            for one in told.visits
            if one.data["household_id"] == door and one.entry.at_ms > knocks[visit_id].entry.at_ms
        )
        assert [one.data["step"] for one in taken][:2] == ["self", "contact"]
        assert max(one.entry.at_ms for one in taken) < found
        assert found - knocks[visit_id].entry.at_ms < 2 * 3_600_000
