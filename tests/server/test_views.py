"""What field pages show: the vectors that the phone shares, and what the rules promise."""

import json

import pytest

from server.field.drawing import draw
from server.field.shelf import MemoryShelf
from server.field.views import VIEWS
from tests import drawn

CASES = drawn.cases()
NAMES = [case["name"] for case in CASES]


@pytest.mark.parametrize("case", CASES, ids=NAMES)
def test_a_page_says_what_the_vector_says(case):
    expected = json.loads((drawn.VECTORS / f"{case['name']}.json").read_text(encoding="utf-8"))

    assert drawn.context_of(case) == expected


def test_every_vector_has_its_case():
    assert {path.stem for path in drawn.VECTORS.glob("*.json")} == set(NAMES)


@pytest.mark.parametrize("case", CASES, ids=NAMES)
def test_no_null_boolean_or_float_reaches_a_template(case):
    assert not list(_strange(drawn.context_of(case) or {}, case["name"]))


def test_names_are_text_and_never_markup():
    case = next(one for one in CASES if one["name"] == "household-marked-up")

    assert "&lt;叶志辉&gt;" in draw("field/household.html", drawn.context_of(case))


@pytest.mark.parametrize("name", ["building-leader", "household-leader"])
def test_a_leader_reads_no_reason_why(name):
    case = next(one for one in CASES if one["name"] == name)
    text = draw(f"field/{case['template']}.html", drawn.context_of(case))

    assert "梁桂芬" in text
    for word in ("超期", "每周", "独居", "空巢", "失能", "低保", "岁", "/visit", "最近走访"):
        assert word not in text, word


def test_a_visit_form_is_not_for_leaders():
    shelf = MemoryShelf(drawn.records("leader"))
    settings = {"person_id": "p-leader1"}

    assert VIEWS["visit"](shelf, {"id": "h-3-2-702"}, drawn.NOW, settings) is None


def test_today_walks_late_buildings_first_and_down_the_stairs():
    page = _view("today", {})
    order = [(one["label"], one["unit"]) for one in page["sections"]]
    first = page["sections"][0]["rows"]

    walked = ("榕荫新村 1巷3号", "")
    assert order == [("红棉苑 3栋", "2"), ("红棉苑 3栋", "1"), ("碧湖湾 2座", ""), walked]
    assert [row["door_no"] for row in first] == ["702", "601", "502", "401"]
    assert [row["state"] for row in first] == ["late", "due", "done", "way"]


def test_a_door_that_was_not_answered_stays_to_do():
    page = _view("today", {})
    row = page["sections"][0]["rows"][0]

    assert (row["state"], row["visit_result"]) == ("late", "not_home")


@pytest.mark.parametrize(
    ("result", "method", "sign", "words"),
    [
        ("no_answer", "door", "none", "今天去过 · 09:05 无人应答"),
        ("not_home", "door", "none", "今天去过 · 09:05 不在家"),
        ("no_answer", "phone", "none", "今天打过电话 · 09:05 无人应答"),
        ("met", "door", "done", "今天已走 · 09:05 见到本人"),
        ("vacant", "door", "done", "今天已走 · 09:05 空置"),
    ],
)
def test_a_door_where_nobody_was_found_is_not_called_done(result, method, sign, words):
    said = {"result": result, "method": method}
    records = [
        (kind, {**one, **said} if one["id"] == "v-l3-302-1" else one)
        for kind, one in drawn.records("town")
    ]
    page = _view("household", {"id": "h-l3-302"}, records)

    assert page["household"]["sign"] == sign
    assert words in draw("field/household.html", page)


def test_a_correction_does_not_ask_for_what_only_the_office_was_told():
    case = next(one for one in CASES if one["name"] == "correction-asked")
    [asked] = drawn.context_of(case)["checkups"]
    shown = [one for each in asked["sections"] for one in each["questions"] if one["shown"]]

    assert [one["id"] for one in shown] == ["E01", "E03", "E16", "E24", "alarm", "E13"]
    assert (asked["total"], asked["left"]) == (5, 2)
    assert asked["sections"][2]["total"] == 0


def test_who_is_asked_next_is_said_once_nothing_is_left():
    case = next(one for one in CASES if one["name"] == "visit-asked-next")
    first, second = drawn.context_of(case)["checkups"]

    assert (first["left"], first["onward"]["name"]) == (0, "陈玉莲")
    assert first["onward"]["id"] == second["id"]
    assert second["left"] and second["onward"]["name"] == ""


def test_whom_a_visit_of_two_did_not_ask_is_said_after_saving():
    records = drawn.records("care")
    said = _view("saved_visit", {"id": "v-b"}, records)["unasked"]
    stood = {"value": "", "on": "2026-09-15", "at": "2026-09-15T01:00:00.000Z", "visit_id": "v-0"}
    answers = {"id": "r-2-601-陈玉莲", "household_id": "h-3-2-601", "items": {"asked": stood}}
    earlier = _view("saved_visit", {"id": "v-b"}, [*records, ("answers", answers)])["unasked"]
    nobody = _view("saved_visit", {"id": "v-1"}, records)["unasked"]

    assert said["names"] == ["陈玉莲"]
    assert said["href"] == "/households/h-3-2-601/visit?care=1#ask-r-2-601-陈玉莲-CK-ELDER"
    assert (earlier["names"], nobody["names"]) == ([], [])


def test_a_closing_that_came_back_leads_to_its_follow_up():
    case = next(one for one in CASES if one["name"] == "outbox")
    lines = {one["id"]: one for one in drawn.context_of(case)["returned"]}

    assert (lines["o-139"]["followup"], lines["o-139"]["door"]) == ("/followups/v-702-3", "2-702")
    assert lines["o-140"]["followup"] == "/followups"


def test_a_request_of_the_office_makes_a_door_due():
    records = drawn.records("town")
    task = {"id": "t-9", "household_id": "h-l3-101", "reason": "看看漏水", "status": "open"}
    page = _view("today", {}, [*records, ("task", {**task, "due_on": "", "for_person": ""})])
    other = _view("today", {}, [*records, ("task", {**task, "for_person": "p-worker1"})])

    assert "看看漏水" in [row["task"] for one in page["sections"] for row in one["rows"]]
    assert page["progress"]["left"] == other["progress"]["left"] + 1


def test_a_household_that_declined_rests_and_is_not_to_do():
    page = _view("today", {})
    rows = [row for one in page["sections"] for row in one["rows"]]
    resting = next(row for row in rows if row["id"] == "h-3-1-301")

    assert (resting["state"], resting["plate"]) == ("rest", "way")
    assert page["progress"]["left"] == sum(row["plate"] == "todo" for row in rows)


def test_long_lists_are_cut_and_say_what_is_left():
    records = drawn.records("town")
    late = [(kind, {**one, "due_on": "2026-01-01"}) for kind, one in records if kind == "household"]
    page = _view("today", {}, [*(one for one in records if one[0] != "household"), *late])
    shown = sum(one["todo"] for one in page["sections"])

    assert page["progress"]["left"] > shown
    assert shown + sum(one["todo"] for one in page["further"]) == page["progress"]["left"]


@pytest.mark.parametrize("asked", ["三栋二单元502", "3-2-502", "３＃２－５０２", "3栋2单元502室"])
def test_a_door_is_found_in_any_spelling(asked):
    assert [row["id"] for row in _view("search", {"q": asked})["rows"]] == ["h-3-2-502"]


@pytest.mark.parametrize("asked", ["黄秀珍", "秀珍", "hxz", "HuangXiu", "huang xiuzhen"])
def test_a_person_is_found_by_name_and_by_letters(asked):
    assert "h-3-2-502" in [row["id"] for row in _view("search", {"q": asked})["rows"]]


def test_a_phone_is_found_by_its_last_digits():
    assert [row["id"] for row in _view("search", {"q": "3381"})["rows"]] == ["h-3-2-702"]


@pytest.mark.parametrize("asked", ["", " ", "长" * 10_000, "'; drop table", "-1", "0"])
def test_a_strange_search_answers(asked):
    assert _view("search", {"q": asked})["found"] >= 0


def test_who_was_met_is_ticked_for_one_person_and_never_for_two():
    alone = _view("visit", {"id": "h-3-2-702"})["residents"]
    couple = _view("visit", {"id": "h-3-2-601"})["residents"]

    assert [one["chosen"] for one in alone] == [1]
    assert [one["chosen"] for one in couple] == [0, 0]


def test_a_resting_household_is_phoned():
    methods = _view("visit", {"id": "h-3-1-301"})["methods"]

    assert [one["code"] for one in methods if one["chosen"]] == ["phone"]


def test_after_saving_the_next_door_is_below():
    assert [row["door_no"] for row in _view("saved_visit", {"id": "v-502-1"})["next"]] == ["702"]


def _view(name, params, records=None):
    shelf = MemoryShelf(records or drawn.records("town"))
    return VIEWS[name](shelf, params, drawn.NOW, {**drawn.SETTINGS, "person_id": "p-worker2"})


def _strange(value, path):
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from _strange(inner, f"{path}.{name}")
    elif isinstance(value, list):
        for at, inner in enumerate(value):
            yield from _strange(inner, f"{path}[{at}]")
    elif value is None or isinstance(value, bool | float):
        yield path
