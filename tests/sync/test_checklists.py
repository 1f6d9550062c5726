"""What shows at a visit, what is wrong and what is flagged."""

import json
from pathlib import Path
from typing import Any

import msgspec
import pytest

from sync.checklist_rules import asked, calculated, flags, problems
from sync.checklists import Checklist, Question, Section
from sync.default_checklists import default_checklist

VECTORS = Path(__file__).parents[1] / "vectors"
KNOWN = json.loads((VECTORS / "checklists.json").read_text("utf-8"))
TRIED = msgspec.convert(KNOWN["checklist"], Checklist)

ELDER = default_checklist("CK-ELDER")
EVERY_VISIT = ["E01", "E02", "E03", "E04", "E06", "E08", "E16", "E17", "E24", "E23", "E12"]
SAFETY = {"E01", "E04", "E16", "E17", "E18", "E21", "E26"}
IN_MAY = {"today": "2026-05-20", "categories": [], "changed": 0, "consent": "yes"}
LATELY = {one.id: {"value": "", "on": "2026-05-01"} for one in ELDER.questions}

DAY = 24
WEEK = 7 * 24


@pytest.mark.parametrize("case", KNOWN["cases"], ids=lambda case: case["about"])
def test_a_checklist_works_as_written_down(case):
    said = (case["values"], case["last"], case["facts"])

    assert asked(TRIED, *said) == case["asked"]
    assert problems(TRIED, *said) == case["problems"]
    assert [[one.question, one.flag] for one in flags(TRIED, *said)] == case["flags"]
    assert calculated(TRIED, *said) == case["calculated"]


def test_a_first_visit_asks_all_26():
    assert len(asked(ELDER, {}, {}, IN_MAY)) == 26


def test_eleven_are_asked_at_every_visit():
    assert asked(ELDER, {}, LATELY, IN_MAY) == EVERY_VISIT


@pytest.mark.parametrize("month", range(1, 13))
def test_heating_is_asked_every_time_in_the_cold_months(month):
    today = f"2026-{month:02}-15"
    recent = {name: {"value": "", "on": today} for name in LATELY}

    shown = asked(ELDER, {}, recent, {**IN_MAY, "today": today})

    assert ("E18" in shown) is (month in {11, 12, 1, 2, 3})
    assert len(shown) == 11 + ("E18" in shown)


def test_an_answer_of_more_than_ninety_days_ago_is_asked_again():
    last = {**LATELY, "E05": {"on": "2026-02-19"}, "E07": {"on": "2026-02-18"}}

    assert set(asked(ELDER, {}, last, IN_MAY)) == {*EVERY_VISIT, "E07"}


def test_after_a_change_everything_is_asked():
    assert len(asked(ELDER, {}, LATELY, {**IN_MAY, "changed": 1})) == 26


def test_who_does_not_want_to_be_asked_keeps_the_safety_minimum():
    refused = {**IN_MAY, "consent": "no"}
    said = {"E08": "despair", "E17": ["smell"]}

    assert set(asked(ELDER, said, {}, refused)) == SAFETY
    assert [one.question for one in flags(ELDER, said, {}, refused)] == ["E17"]


def test_a_fall_asks_for_rails_however_lately_they_were_seen():
    assert "E20" not in asked(ELDER, {"E03": 0}, LATELY, IN_MAY)
    assert "E20" in asked(ELDER, {"E03": 1}, LATELY, IN_MAY)
    assert problems(ELDER, {"E03": 1}, LATELY, IN_MAY)["E20"] == "required"


# Each flag of the elder list: the answer, the last one, and level, hours, recheck, card of each.
ELDER_FLAGS: list[tuple[str, Any, str, list[tuple[str, int, int, str]]]] = [
    ("E01", "clear", "", []),
    ("E01", "slower", "", [("amber", DAY, 0, "")]),
    ("E01", "unclear", "", [("now", DAY, 0, "faint")]),
    ("E02", "helped", "cane", [("amber", WEEK, 0, "")]),
    ("E02", "cane", "cane", []),
    ("E02", "free", "bed", []),
    ("E02", "bed", "", []),
    ("E03", 0, "", []),
    ("E03", 1, "", [("red", 3 * DAY, 0, "")]),
    ("E03", 2, "", [("red", 3 * DAY, 0, ""), ("red", WEEK, 0, "")]),
    ("E04", ["none"], "", []),
    ("E04", ["chest"], "", [("now", DAY, 0, "unwell")]),
    ("E04", ["breath"], "", [("now", DAY, 0, "unwell")]),
    ("E04", ["stroke"], "", [("now", DAY, 0, "unwell")]),
    ("E04", ["fever"], "", [("amber", DAY, 0, "")]),
    ("E04", ["dizzy", "pain", "other"], "", [("amber", DAY, 0, "")]),
    ("E04", ["stroke", "fever"], "", [("now", DAY, 0, "unwell"), ("amber", DAY, 0, "")]),
    ("E05", "missed", "", []),
    ("E05", "stopped", "", [("red", DAY, 0, "")]),
    ("E06", "less", "", []),
    ("E06", "hardly", "", [("red", DAY, 0, "")]),
    ("E07", "poor", "", []),
    ("E07", "sleepless", "", [("amber", WEEK, 0, "")]),
    ("E08", "low", "", []),
    ("E08", "despair", "", [("now", DAY, 0, "alone")]),
    ("E09", "sometimes", "", []),
    ("E09", "often", "", [("red", WEEK, 0, "")]),
    ("E10", "none", "", []),
    ("E10", "suspected", "", [("amber", DAY, 0, "")]),
    ("E10", "cheated", "", [("red", DAY, 0, "scam")]),
    ("E11", "rarely", "", [("amber", WEEK, 0, "")]),
    ("E11", "nobody", "", []),
    ("E12", "valid", "", []),
    ("E12", "changed", "", []),
    ("E12", "none", "", [("amber", WEEK, 0, "")]),
    ("E13", "none", "", []),
    ("E13", "suspected", "", [("red", DAY, 0, "")]),
    ("E14", "paid", "", []),
    ("E14", "unpaid", "", [("amber", WEEK, 0, "")]),
    ("E14", "short", "", [("amber", WEEK, 0, "")]),
    ("E15", ["none"], "", []),
    ("E15", ["insurance", "allowance"], "", [("amber", WEEK, 0, "")]),
    ("E16", ["good"], "", []),
    ("E16", ["overload"], "", [("amber", WEEK, 0, "")]),
    ("E16", ["wire"], "", [("red", 2 * DAY, 7, "")]),
    ("E16", ["ebike"], "", [("red", 2 * DAY, 7, "")]),
    ("E16", ["flying"], "", [("amber", WEEK, 0, "")]),
    ("E17", ["good"], "", []),
    ("E17", ["smell"], "", [("now", DAY, 7, "gas")]),
    ("E17", ["hose"], "", [("amber", WEEK, 0, "")]),
    ("E17", ["flameout", "no_alarm", "old_stove"], "", [("amber", WEEK, 0, "")]),
    ("E18", ["good"], "", []),
    ("E18", ["flue"], "", [("red", DAY, 0, "")]),
    ("E18", ["charcoal"], "", [("red", DAY, 0, "")]),
    ("E18", ["closed"], "", [("amber", WEEK, 0, "")]),
    ("E19", "clear", "", []),
    ("E19", "clutter", "", [("amber", WEEK, 0, "")]),
    ("E19", "blocked", "", [("red", 2 * DAY, 0, "")]),
    ("E20", "have", "", []),
    ("E20", "lack", "", [("amber", WEEK, 0, "")]),
    ("E21", ["good"], "", []),
    ("E21", ["leak", "loose"], "", [("amber", WEEK, 0, "")]),
    ("E21", ["cracks"], "", [("red", DAY, 0, "")]),
    ("E22", "loose", "", [("amber", WEEK, 0, "")]),
    ("E23", "poor", "fair", []),
    ("E23", "poor", "poor", [("amber", WEEK, 0, "")]),
    ("E23", "fair", "poor", []),
    ("E24", "yes", "", []),
    ("E24", "no", "", [("amber", WEEK, 0, "")]),
    ("E25", ["none"], "", []),
    ("E25", ["meals", "haircut"], "", [("amber", 5 * DAY, 0, "")]),
    ("E26", "none", "yes", []),
]


@pytest.mark.parametrize(("item", "value", "before", "expected"), ELDER_FLAGS)
def test_the_elder_list_flags_this(item, value, before, expected):
    last = {item: {"value": before, "on": "2026-05-01"}} if before else {}

    raised = flags(ELDER, {item: value}, last, IN_MAY)

    assert [(one.level, one.hours, one.recheck_days, one.card) for one in raised] == expected
    assert {one.question for one in raised} <= {item}
    assert [one.office_only for one in raised] == [int(item == "E13")] * len(raised)


def test_the_table_of_flags_leaves_none_out():
    raised = {
        (item, one.flag)
        for item, value, before, _ in ELDER_FLAGS
        for one in flags(ELDER, {item: value}, {item: {"value": before}}, IN_MAY)
    }

    assert raised == {(one.id, at) for one in ELDER.questions for at, _ in enumerate(one.flags)}


@pytest.mark.parametrize(
    ("code", "values", "categories", "levels"),
    [
        ("CK-WIND", {"W10": "yes"}, [], ["red"]),
        ("CK-WIND", {"W10": "no", "W02": "no", "W11": "na"}, [], ["amber"]),
        ("CK-RAIN", {"R01": "yes", "R07": "unhelped"}, [], ["red", "red"]),
        ("CK-HEAT", {"H01": "no"}, ["living_alone"], ["red"]),
        ("CK-HEAT", {"H01": "no"}, ["empty_nest"], ["amber"]),
        ("CK-HEAT", {"H02": 32}, [], []),
        ("CK-HEAT", {"H02": 33}, [], ["red"]),
        ("CK-HEAT", {"H06": "yes"}, [], ["now"]),
        ("CK-COLD", {"C01": ["charcoal"]}, [], ["red"]),
        ("CK-COLD", {"C01": ["electric"], "C07": "yes"}, [], []),
        ("CK-COLD", {"C01": ["blanket"], "C07": "yes"}, [], ["amber"]),
        ("CK-AFTER", {"A01": "no", "A05": "despair"}, [], ["now", "now"]),
        ("CK-FIRE", {"F07": "yes", "F17": "no", "F20": "no"}, [], ["now", "red", "amber"]),
    ],
)
def test_the_other_lists_flag_this(code, values, categories, levels):
    raised = flags(default_checklist(code), values, {}, {**IN_MAY, "categories": categories})

    assert [one.level for one in raised] == levels


def question(name: str, **more: Any) -> Question:
    return Question(id=name, section="s", type="yes_no", ask=name, **more)


def checklist(*questions: Question) -> Checklist:
    return Checklist(
        id="x",
        code="CK-X",
        edition=1,
        title="x",
        purpose="other",
        sections=[Section(id="s", label="s")],
        questions=list(questions),
        from_on="2026-01-01",
    )


def test_five_hundred_questions_may_depend_on_one_another_backwards():
    chain = [question(f"q{at}", relevant=f"${{q{at + 1}}} = 'yes'") for at in range(499)]
    said = {f"q{at}": "yes" for at in range(500)}

    assert len(asked(checklist(*chain, question("q499")), said, {}, IN_MAY)) == 500
    said["q499"] = "no"
    assert asked(checklist(*chain, question("q499")), said, {}, IN_MAY) == ["q498", "q499"][1:]


def test_questions_in_a_long_circle_end():
    ring = [question(f"q{at}", relevant=f"${{q{(at + 1) % 50}}} = 'yes'") for at in range(50)]

    assert problems(checklist(*ring), {"q1": "yes"}, {}, IN_MAY) == {}
