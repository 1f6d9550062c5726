"""Which checklists may be published, and what is said of the others."""

import json
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from sync import ladder
from sync.checklist_check import check
from sync.checklists import Card, Checklist, Flag, Option, Question, Section
from sync.default_checklists import DEFAULTS, default_checklist, default_checklists

LOCALE = Path(__file__).resolve().parents[2] / "web" / "locale"
YES = [Option(code="yes", label="是"), Option(code="no", label="否")]
FLAG = Flag(when=". = 'yes'", level="amber", kind="doctor", text="看")
FIRST = Question(id="first", section="s", type="one", ask="第一？", options=YES)
SECOND = Question(id="second", section="s", type="int", ask="第二？", flags=[FLAG])
WORKED = Question(id="worked", section="s", type="calculate", ask="", calculate="${second} * 2")
SOUND = Checklist(
    id="x",
    code="CK-X",
    edition=1,
    title="试",
    purpose="other",
    sections=[Section(id="s", label="节")],
    questions=[FIRST, SECOND, WORKED],
    cards=[Card(id="gas", title="气", steps=["关阀"], calls=["gas", "119"])],
    from_on="2026-12-01",
)


def said(checklist: Checklist) -> list[tuple[str, str, str]]:
    return [(one.question, one.field, one.code) for one in check(checklist)]


def with_second(**changes: Any) -> Checklist:
    return replace(SOUND, questions=[FIRST, replace(SECOND, **changes), WORKED])


def with_flag(**changes: Any) -> Checklist:
    return with_second(flags=[FLAG, replace(FLAG, **changes)])


def test_a_sound_list_may_be_published():
    assert check(SOUND) == []


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"code": "CK X"}, ("", "code", "name")),
        ({"code": "CK.X"}, ("", "code", "name")),
        ({"title": " "}, ("", "title", "empty")),
        ({"title": "长" * 301}, ("", "title", "too_long")),
        ({"purpose": "fun"}, ("", "purpose", "unknown")),
        ({"from_on": "2026-02-30"}, ("", "from_on", "day")),
        ({"questions": []}, ("", "questions", "empty")),
        ({"questions": [FIRST] * 201}, ("", "questions", "too_many")),
        ({"questions": [FIRST, FIRST]}, ("", "questions", "duplicate")),
        ({"sections": SOUND.sections * 2}, ("", "sections", "duplicate")),
        ({"cards": SOUND.cards * 2}, ("", "cards", "duplicate")),
        ({"cards": [Card(id="a", title="a", steps=[])]}, ("", "cards.a.steps", "empty")),
        ({"cards": [Card(id="a", title="a", steps=["b"] * 13)]}, ("", "cards.a.steps", "too_many")),
        (
            {"cards": [Card(id="a", title="a", steps=["b"], calls=["911"])]},
            ("", "cards.a.calls", "unknown"),
        ),
    ],
)
def test_what_is_wrong_with_a_list_is_named(changes, expected):
    assert expected in said(replace(SOUND, **changes))


@pytest.mark.parametrize(
    ("changes", "field", "code"),
    [
        ({"section": "elsewhere"}, "section", "unknown"),
        ({"type": "geopoint"}, "type", "unknown"),
        ({"sets": "name"}, "sets", "unknown"),
        ({"ask": ""}, "ask", "empty"),
        ({"hint": "长" * 301}, "hint", "too_long"),
        ({"valid_days": 0}, "valid_days", "number"),
        ({"months": [12, 13]}, "months", "number"),
        ({"type": "one"}, "options", "no_options"),
        ({"options": YES}, "options", "not_chosen"),
        ({"type": "one", "options": YES * 2}, "options", "duplicate"),
        ({"type": "one", "options": [Option(code="a b", label="甲")]}, "options", "name"),
        ({"type": "one", "options": [Option(code="甲", label="甲")]}, "options", "name"),
        ({"type": "one", "options": [Option(code="a", label="")]}, "options.a.label", "empty"),
        ({"type": "one", "options": YES * 51}, "options", "too_many"),
        ({"type": "calculate"}, "calculate", "empty"),
        ({"type": "note"}, "flags", "unknown"),
        ({"flags": [FLAG] * 21}, "flags", "too_many"),
        ({"relevant": "${third} = 1"}, "relevant", "unknown"),
        ({"required": "yes"}, "required", "expression.function"),
        ({"constraint": ". >"}, "constraint", "expression.unfinished"),
        ({"relevant": "${second} = 1"}, "relevant", "circle"),
        ({"relevant": "${worked} = 1"}, "relevant", "circle"),
    ],
)
def test_what_is_wrong_with_a_question_is_named(changes, field, code):
    assert ("second", field, code) in said(with_second(**changes))


@pytest.mark.parametrize(
    ("changes", "field", "code"),
    [
        ({"when": ""}, "when", "empty"),
        ({"when": "regex(., 'x')"}, "when", "expression.function"),
        ({"when": "${gone} = 1"}, "when", "unknown"),
        ({"level": "green"}, "level", "unknown"),
        ({"kind": "看医生"}, "kind", "name"),
        ({"card": "fire"}, "card", "unknown"),
        ({"level": "now"}, "card", "empty"),
        ({"hours": -1}, "hours", "number"),
        ({"recheck_days": 9999}, "recheck_days", "number"),
        ({"text": ""}, "text", "empty"),
    ],
)
def test_what_is_wrong_with_a_flag_is_named(changes, field, code):
    assert said(with_flag(**changes)) == [("second", f"flags.1.{field}", code)]


def test_a_bad_expression_is_shown_where_it_breaks():
    (fault,) = check(with_second(constraint=". >= 0 and (. < 3"))

    assert (fault.code, fault.found, fault.position) == (
        "expression.unfinished",
        ". >= 0 and (. < 3",
        17,
    )


def test_an_unknown_name_is_shown_where_it_stands():
    (fault,) = check(with_second(constraint="${first} = ${third}"))

    assert (fault.found, fault.position) == ("third", 13)


def test_only_the_questions_of_a_circle_are_blamed():
    circle = [
        replace(FIRST, id="a", relevant="${b} = 'yes'"),
        replace(FIRST, id="b", relevant="${c} = 'yes'"),
        replace(FIRST, id="c", relevant="${a} = 'yes'"),
        replace(FIRST, id="behind", relevant="${c} = 'yes'"),
    ]

    found = said(replace(SOUND, questions=[*circle, FIRST]))

    assert found == [(name, "relevant", "circle") for name in "abc"]


def test_every_fault_is_named_at_once():
    worst = with_second(type="nothing", section="nowhere", relevant="(", valid_days=-1)

    assert len(check(worst)) == 4


@pytest.mark.parametrize("code", DEFAULTS)
def test_the_lists_a_community_starts_with_may_be_published(code):
    assert check(default_checklist(code)) == []


@pytest.mark.parametrize("code", DEFAULTS)
def test_their_questions_stand_by_section(code):
    checklist = default_checklist(code)
    sections = [one.section for one in checklist.questions]

    order = [one.id for one in checklist.sections]

    assert sections == sorted(sections, key=order.index)


def test_they_are_short_enough_to_read_at_a_door():
    for checklist in default_checklists():
        for one in checklist.questions:
            assert len(one.ask) <= 20, one.ask
            assert len(one.hint) <= 20, one.hint
            assert all(len(flag.text) <= 40 for flag in one.flags), one.id
        assert all(len(step) <= 30 for card in checklist.cards for step in card.steps)


def test_the_sizes_of_the_lists():
    sizes = {one.code: len(one.questions) for one in default_checklists()}

    assert sizes == {
        "CK-ELDER": 26,
        "CK-WIND": 11,
        "CK-RAIN": 7,
        "CK-HEAT": 7,
        "CK-COLD": 7,
        "CK-AFTER": 5,
        "CK-FIRE": 20,
    }


def test_every_kind_of_followup_they_ask_for_has_a_word():
    words = json.loads((LOCALE / "labels.json").read_text("utf-8"))["followup_kind"]

    kinds = {
        flag.kind
        for checklist in default_checklists()
        for one in checklist.questions
        for flag in one.flags
    }

    assert kinds | {ladder.ITEM} == words.keys()
