"""Writes what Python says into the vectors of pages, words, care, checkups and respect.

Run it after a change that is meant, and read the difference before you keep it:
python -m tests.vectors.write
"""

import csv
import json
from pathlib import Path
from typing import Any

import msgspec

from server.field import filling
from server.field.words import LANGUAGES, words
from sync import care, issue_words, plans, respect
from sync.checklists import Checklist
from sync.records import Household, Resident
from tests import drawn
from tests.vectors.asked import checkup_cases
from tests.vectors.issues import issue_cases

HERE = Path(__file__).parent
VIEWS = HERE / "views"
TODAY = "2026-09-15"
ZONE = "Asia/Shanghai"
COMMUNITY = {
    "timezone": ZONE,
    "quiet": [["09:00", "12:00"], ["14:30", "20:30"]],
    "knocks_per_week": 2,
}

DOOR = {"id": "h", "building_id": "b", "door_no": "502", "added_on": "2026-01-05"}
ELDER = {
    "id": "r1",
    "household_id": "h",
    "building_id": "b",
    "name": "梁桂芬",
    "birth_on": "1944-03-08",
    "categories": ["living_alone"],
    "added_on": "2026-01-05",
}
SON = {**ELDER, "id": "r2", "name": "梁志远", "birth_on": "1979-05-05", "categories": []}
YOUNGER = {**ELDER, "birth_on": "1956-09-16", "last_contact_on": "2026-09-01"}

DOORS: list[tuple[dict[str, Any], list[dict[str, Any]]]] = [
    (DOOR, []),
    ({**DOOR, "added_on": ""}, [SON]),
    (DOOR, [ELDER]),
    (DOOR, [YOUNGER, SON]),
    ({**DOOR, "door_contact_on": "2026-09-10"}, [YOUNGER]),
    ({**DOOR, "tenure": "rent"}, [{**SON, "last_contact_on": "2026-08-01"}]),
    ({**DOOR, "tenure": "vacant"}, []),
    ({**DOOR, "own_categories": ["subsistence_allowance", "party_member"]}, [SON]),
    ({**DOOR, "own_categories": ["new_resident"], "added_on": "2026-09-12"}, [SON]),
    ({**DOOR, "status": "gone"}, [ELDER]),
    (DOOR, [{**ELDER, "status": "hospital", "status_until": "2026-09-30"}]),
    (DOOR, [{**ELDER, "status": "hospital", "status_until": ""}, SON]),
    (DOOR, [{**ELDER, "status": "away", "status_until": "2027-01-31"}, SON]),
    (DOOR, [{**ELDER, "status": "deceased", "last_contact_on": "2026-09-02"}]),
    (DOOR, [{**ELDER, "categories": ["dementia"], "birth_on": ""}]),
    (DOOR, [{**ELDER, "categories": ["empty_nest", "oldest_old"], "birth_on": ""}]),
    (DOOR, [{**ELDER, "categories": ["living_alone"], "birth_on": "1946-09-15"}]),
    (DOOR, [{**ELDER, "categories": ["living_alone"], "birth_on": "1946-09-16"}]),
    (DOOR, [{**ELDER, "categories": ["veteran", "volunteer"]}]),
]
FEASTS = [["mid_autumn", "2026-09-25"], ["double_ninth", "2026-10-18"], ["spring", "2027-02-06"]]
MET = {**YOUNGER, "last_contact_on": "2026-09-14", "last_method": "door"}
RUNG = {**YOUNGER, "last_contact_on": "2026-09-08", "last_method": "phone"}
FRAIL = {**YOUNGER, "id": "r3", "categories": ["empty_nest", "functional_loss"]}
POOR = {**SON, "id": "r4", "categories": ["subsistence_allowance"], "last_contact_on": "2026-09-10"}
RARE = {**SON, "id": "r5", "categories": ["hardship"], "last_contact_on": "2026-09-10"}
AWAY = {"status": "away", "status_until": "2026-10-02"}
FELL = {"event": "fall", "event_on": "2026-09-14", "event_note": "在卫生间"}

# What the plan of a door says beyond a day: by which way, for whom and why.
PLANNED: list[tuple[dict[str, Any], list[dict[str, Any]]]] = [
    # a telephone call is followed by a visit, and takes along who may be early
    (DOOR, [RUNG]),
    ({**DOOR, "door_contact_on": "2026-09-13", "door_method": "phone"}, [MET]),
    ({**DOOR, "door_contact_on": "2026-09-14", "door_method": "door"}, [RUNG]),
    (DOOR, [{**RUNG, "last_contact_on": "2026-08-31"}, FRAIL, POOR]),
    (DOOR, [FRAIL]),
    (DOOR, [POOR]),
    (DOOR, [{**POOR, "categories": ["child_in_need", "subsistence_allowance"]}]),
    # what people wish
    (DOOR, [{**MET, "visit_wish": "less"}]),
    (DOOR, [{**FRAIL, "visit_wish": "less"}]),
    (DOOR, [{**RARE, "visit_wish": "less"}]),
    (DOOR, [{**MET, "visit_wish": "phone"}]),
    (DOOR, [{**MET, "visit_wish": "none"}]),
    (DOOR, [{**RARE, "visit_wish": "none"}, SON]),
    (DOOR, [{**MET, "visit_wish": "phone"}, FRAIL]),
    (DOOR, [{**SON, "visit_wish": "phone"}]),
    # a refusal: no knock, but a call for whoever is seen often
    ({**DOOR, "rest_until": "2026-10-09"}, [RUNG]),
    ({**DOOR, "rest_until": "2026-10-09", "added_on": "2026-03-20"}, [SON]),
    ({**DOOR, "rest_until": "2026-09-15"}, [RUNG]),
    # something happened
    (DOOR, [{**ELDER, **FELL, "last_contact_on": "2026-09-13"}]),
    (DOOR, [{**ELDER, **FELL, "last_contact_on": "2026-09-14"}]),
    (DOOR, [{**ELDER, **FELL, "last_contact_on": "2026-09-15"}]),
    (DOOR, [{**MET, **FELL, "event_on": "2026-09-11", "last_contact_on": "2026-09-13"}]),
    (DOOR, [{**MET, **FELL, "event_on": "2026-09-11", "last_contact_on": "2026-09-15"}]),
    (DOOR, [{**SON, **FELL, "event": "discharge", "visit_wish": "phone"}]),
    (DOOR, [{**SON, **FELL, "status": "hospital", "status_until": "2026-09-20"}]),
    ({**DOOR, **FELL, "event": "fire"}, [SON, MET]),
    ({**DOOR, **FELL, "event": "moved_in"}, []),
    ({**DOOR, **FELL, "event": "moved_in", "door_contact_on": "2026-09-14"}, [SON]),
    ({**DOOR, **FELL, "event": "fire", "rest_until": "2026-10-09"}, [SON]),
    ({**DOOR, "event": "unheard_of", "event_on": "2026-09-14"}, [SON]),
    # a festival: one contact in the week before, on a day of the building
    (DOOR, [{**FRAIL, "last_contact_on": "2026-09-10"}]),
    (DOOR, [{**FRAIL, "last_contact_on": "2026-09-18"}]),
    (DOOR, [{**FRAIL, "last_contact_on": "2026-09-10", "visit_wish": "none"}]),
    ({**DOOR, "building_id": "c"}, [{**FRAIL, "last_contact_on": "2026-09-10"}]),
    # back two days before it, on its eve, on the day itself; gone for good
    (DOOR, [{**FRAIL, "status": "hospital", "status_until": "2026-09-23"}]),
    (DOOR, [{**FRAIL, "status": "away", "status_until": "2026-09-24"}]),
    (DOOR, [{**FRAIL, "status": "away", "status_until": "2026-09-25"}, YOUNGER]),
    (DOOR, [{**FRAIL, "status": "institution", "status_until": ""}]),
    (DOOR, [{**FRAIL, "status": "moved_out"}, {**YOUNGER, "status": "deceased"}]),
    # all away: the door waits for the first to be back; and refused while all are away
    (DOOR, [{**POOR, **AWAY}, {**SON, **AWAY, "status_until": "2026-10-20"}]),
    ({**DOOR, "rest_until": "2026-10-05"}, [{**POOR, **AWAY}]),
    ({**DOOR, "rest_until": "2026-10-05"}, [{**FRAIL, "visit_wish": "less"}, {**RARE, **AWAY}]),
    # a volunteer looks after them
    (DOOR, [{**RUNG, "paired": 1}, FRAIL]),
    (DOOR, [{**SON, "paired": 1}, FRAIL]),
]
EARLY = [("2026-09-15", 7), ("2026-09-16", 7), ("2026-09-17", 7), ("2026-10-21", 183), ("", 7)]

VISIT = {"method": "door", "type": "routine", "withdrawn": 0, "true_at": ""}
WEEK = [
    "2026-09-13T15:59:00.000Z",
    "2026-09-13T16:00:00.000Z",
    "2026-09-15T02:00:00.000Z",
    "2026-09-20T15:59:59.000Z",
    "2026-09-20T16:00:00.000Z",
]
KNOCKS: list[list[dict[str, Any]]] = [
    [],
    [{**VISIT, "at": at} for at in WEEK],
    [{**VISIT, "at": at, "type": "event_triggered"} for at in WEEK],
    [{**VISIT, "at": at, "method": "phone"} for at in WEEK],
    [{**VISIT, "at": at, "withdrawn": 1} for at in WEEK],
    [{**VISIT, "at": WEEK[2], "true_at": WEEK[0]}, {**VISIT, "at": WEEK[0], "true_at": WEEK[2]}],
]
NOWS = ["2026-09-15T08:59", "2026-09-15T09:00", "2026-09-15T12:01", "2026-09-15T20:30"]
RESTS = ["", "2026-09-15", "2026-09-16"]

# what was answered, sections without a change, whether there are earlier answers, other facts
FILLED: list[tuple[dict[str, Any], list[str], int, dict[str, Any]]] = [
    ({}, [], 1, {}),
    ({}, [], 0, {}),
    ({}, ["health", "safety"], 1, {}),
    ({"E01": "slower", "E03": 1}, ["health"], 1, {}),
    ({"E03": 1, "where": "厨房"}, ["safety", "needs"], 1, {}),
    ({"E01": "unclear", "E16": ["wire"], "E24": "no"}, [], 0, {"consent": "no"}),
    ({"E16": [], "weight": 52.5}, ["safety"], 1, {"changed": 1}),
    ({"E03": 0, "where": "答了又改"}, [], 1, {"today": "2026-12-15"}),
    ({"E01": "slower", "weight": 52.5}, [], 0, {"corrects": 1}),
]

PHONES = [
    "19900000702",
    "02000000000",
    "075500000000",
    "07560000000",
    "12345",
    "87654321",
    "110",
    "",
]
MOMENTS = [
    ("2026-09-15T09:52", "2026-09-15T10:12"),
    ("2026-09-14T16:40", "2026-09-15T10:12"),
    ("2026-01-01T00:05", "2026-09-15T10:12"),
    ("2025-12-31T23:59", "2026-01-01T00:10"),
    ("2025-09-15T09:52", "2026-09-15T10:12"),
    ("2026-09-16T00:00", "2026-09-15T10:12"),
    ("", "2026-09-15T10:12"),
]
SENTENCES: list[tuple[str, dict[str, Any]]] = [
    ("还有 {n} 户", {"n": 1}),
    ("还有 {n} 户", {"n": 12}),
    ("今天 {n} 户，已走 *{done}* 户", {"n": 11, "done": 4}),
    ("没找到“{q}”", {"q": "*{n}* <b>"}),
    ("{name} 交办", {"name": "{n}"}),
    ("没有这一句 {n}", {"n": 1}),
]
LABELS = [("met", "result"), ("nobody_knows", "result"), ("constructor", "result"), ("m", "sex")]


def care_cases() -> Any:
    found = []
    for door, people, feasts in _doors():
        household = msgspec.convert(door, Household)
        residents = [msgspec.convert(one, Resident) for one in people]
        at = plans.plan(household, residents, care.DEFAULT_INTERVALS, feasts, TODAY)
        found.append(
            {
                "household": msgspec.to_builtins(household),
                "residents": msgspec.to_builtins(residents),
                "festivals": feasts,
                "plan": at._asdict(),
                "sign": care.sign(at.interval),
                "categories": care.household_categories(household, residents, TODAY),
                "ages": [care.age_on(one.birth_on, TODAY) for one in residents],
            }
        )
    early = [[on, days, int(care.may_be_early(on, days, TODAY))] for on, days in EARLY]
    return {"today": TODAY, "intervals": care.DEFAULT_INTERVALS, "doors": found, "early": early}


def _doors() -> Any:
    for door, people in DOORS:
        yield door, people, []
    for door, people in PLANNED:
        yield door, people, FEASTS


def respect_cases() -> Any:
    return {
        "community": COMMUNITY,
        "cases": [
            {
                "rest_until": rest,
                "visits": visits,
                "now": now,
                "knocks": respect.knocks_in_week(visits, now[:10], ZONE),
                "advice": respect.advice(rest, visits, now, COMMUNITY),
            }
            for visits in KNOCKS
            for rest, now in zip([*RESTS, ""], NOWS, strict=True)
        ],
    }


def words_cases() -> Any:
    return {lang: _spoken(lang) for lang in LANGUAGES}


def _spoken(lang: str) -> Any:
    said = words(lang)
    return {
        "t": [[one, said.t(one)] for one in ("今日", "没有这一句", "constructor")],
        "say": [[text, values, said.say(text, values)] for text, values in SENTENCES],
        "parts": [[text, values, said.parts(text, values)] for text, values in SENTENCES],
        "label": [[code, kind, said.label(code, kind)] for code, kind in LABELS],
        "when": [[at, now, said.when(at, now)] for at, now in MOMENTS],
        "day": [[at, now, said.day(at, now)] for at, now in MOMENTS],
        "short_day": [[at, said.short_day(at)] for at, _ in MOMENTS if at],
        "weekday": [[at, said.weekday(at)] for at, _ in MOMENTS if at],
        "clock": [[at, said.clock(at)] for at, _ in MOMENTS],
        "phone": [[one, said.phone(one)] for one in PHONES],
        "size": [[one, said.size(one)] for one in (0, 38, 999, 1000, 2100, 10737)],
        "count": [[one, said.count(one)] for one in (0, 999, 1000, 12345678)],
    }


def page_cases() -> dict[str, Any]:
    return {case["name"]: drawn.context_of(case) for case in drawn.cases()}


def filling_cases() -> list[Any]:
    """How far somebody has been asked, tap by tap."""
    read = json.loads((HERE.parent / "fixtures" / "care.json").read_text(encoding="utf-8"))
    listed = next(one for kind, one in read if kind == "checklist")
    found = next(one for kind, one in read if kind == "answers")["items"]
    last = {name.removeprefix("CK-ELDER."): one for name, one in found.items()}
    facts = {"today": TODAY, "categories": ["living_alone"], "changed": 0, "consent": "yes"}
    checklist = msgspec.convert(listed, Checklist)
    cases = []
    for own, same, before, more in FILLED:
        asked = {"own": own, "same": same, "last": last if before else {}, "facts": facts | more}
        said = filling.standing(checklist, own, same, asked["last"], asked["facts"])._asdict()
        cases.append({"checklist": listed, **asked, "standing": msgspec.to_builtins(said)})
    return cases


def issue_words_cases() -> Any:
    """What people say, of which kind it is, and the rules themselves."""
    table = (HERE.parent / "sync" / "issue_words.csv").read_text(encoding="utf-8")
    said = [one["text"] for one in csv.DictReader(table.splitlines())]
    return {
        "quick": list(issue_words.QUICK),
        "rules": [[part for part in rule if part] for rule in issue_words.RULES],
        "said": [[one, issue_words.proposed(one)] for one in [*said, *issue_words.QUICK]],
    }


FILES = {
    "care.json": care_cases,
    "checkups.json": checkup_cases,
    "filling.json": filling_cases,
    "issue_effects.json": issue_cases,
    "issue_words.json": issue_words_cases,
    "respect.json": respect_cases,
    "words.json": words_cases,
}


def main() -> None:
    for name, made in FILES.items():
        _write(HERE / name, made())
    for name, context in page_cases().items():
        _write(VIEWS / f"{name}.json", context)


def as_text(value: Any) -> str:
    return f"{json.dumps(value, ensure_ascii=False, indent=1)}\n"


def _write(path: Path, value: Any) -> None:
    path.write_text(as_text(value), encoding="utf-8")


if __name__ == "__main__":
    main()
