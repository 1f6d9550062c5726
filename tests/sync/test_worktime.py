"""Until when: a table made by hand from the calendar, and when people are reminded.

The table's last column says how its instant was found. None was copied from the program.
"""

import csv
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from sync import days, issue_limits, worktime
from sync.issue_limits import CATEGORIES
from sync.operations import stamp
from sync.refusals import Refusal
from sync.worktime import Calendar, Limit

TABLE = (Path(__file__).parent / "worktime.csv").read_text(encoding="utf-8")
CASES = list(csv.DictReader(TABLE.splitlines()))
SHANGHAI = "Asia/Shanghai"


def at(local):
    return stamp(datetime.fromisoformat(local).replace(tzinfo=ZoneInfo(SHANGHAI)))


def shown(instant):
    return days.local(instant, SHANGHAI)


def calendar_of(steps):
    own = {
        day: word == "worked" for word, *rest in steps if word in ("off", "worked") for day in rest
    }
    hours = [[span.split("-") for span in rest] for word, *rest in steps if word == "hours"]
    return Calendar(SHANGHAI, hours[0] if hours else worktime.WORKING_HOURS, own)


@pytest.mark.parametrize("case", CASES, ids=lambda one: f"{one['limit']} {one['raised']}")
def test_due_by_hand(case):
    steps = [step.split() for step in case["then"].split(";") if step]
    calendar, limit = calendar_of(steps), worktime.limit_of(case["limit"])
    assert limit

    due = worktime.due(at(case["raised"]), limit, calendar)
    for word, *rest in steps:
        if word == "rest":
            due = worktime.resumed(due, at(rest[0]), at(rest[1]), limit.unit, calendar)
        elif word == "date":
            due = worktime.closing(rest[0], calendar)

    assert shown(due) == case["due"], case["why"]


def test_the_table_has_all_kinds_of_days():
    assert len(CASES) >= 40
    assert {case["limit"].strip("0123456789") for case in CASES} == {"now", "h", "wh", "d", "wd"}


def test_an_instant_lies_before_its_reminders_end():
    """Whatever the limit and the hour: reminded between the report and the end, told up after."""
    calendar = Calendar()
    for hour in range(0, 24 * 14, 5):
        on = days.after("2026-02-10", hour // 24)
        since = at(f"{on}T{hour % 24:02}:30")
        for text in ("now", "2h", "24h", "4wh", "1wd", "2wd", "5wd", "3d", "15d"):
            limit = worktime.limit_of(text)
            due = worktime.due(since, limit, calendar)
            told = worktime.reminders(since, due, limit.unit, calendar)
            assert since < due < told.climb_at, (since, text)
            assert told.before_at == "" or since <= told.before_at < due, (since, text)


@pytest.mark.parametrize(
    ("limit", "raised", "before", "climb"),
    [
        ("now", "2026-11-28T03:05", "", "2026-11-28T03:20"),
        ("2h", "2026-11-28T23:00", "2026-11-29T00:00", "2026-11-29T02:00"),
        ("24h", "2026-11-27T10:00", "2026-11-27T22:00", "2026-11-28T22:00"),
        # Half of four hours on Monday is 11:00; told up when Tuesday ends.
        ("4wh", "2026-11-23T09:00", "2026-11-23T11:00", "2026-11-24T18:00"),
        # Due on Monday 30 November: Friday morning, and when Tuesday ends.
        ("5wd", "2026-11-23T10:00", "2026-11-27T09:00", "2026-12-01T18:00"),
        # The last day of work before is the day of the report: on the day itself.
        ("1wd", "2026-11-23T10:00", "2026-11-24T09:00", "2026-11-25T18:00"),
        ("1wd", "2026-11-27T08:00", "2026-11-27T09:00", "2026-12-01T18:00"),
        # Due on 25 February, the day after the first day of work: then, told up on the 26th.
        ("15d", "2026-02-10T10:00", "2026-02-24T09:00", "2026-02-26T18:00"),
    ],
)
def test_reminders_by_hand(limit, raised, before, climb):
    read = worktime.limit_of(limit)
    due = worktime.due(at(raised), read, Calendar())
    told = worktime.reminders(at(raised), due, read.unit, Calendar())
    assert (shown(told.before_at), shown(told.climb_at)) == (before, climb)


@pytest.mark.parametrize("text", ["", "4", "0h", "-1d", "4 wh", "1w", "1000d", "nowh", "４wh"])
def test_what_is_no_limit(text):
    assert worktime.limit_of(text) is None


def test_what_are_hours():
    assert worktime.are_hours(worktime.WORKING_HOURS)
    assert worktime.are_hours([["08:30", "12:00"]])
    for wrong in (
        [],
        [["09:00"]],
        [["12:00", "09:00"]],
        [["09:00", "12:00"], ["11:00", "18:00"]],
        [["09:00", "09:00"]],
        [[f"{n:02}:00", f"{n:02}:30"] for n in range(5)],
    ):
        assert not worktime.are_hours(wrong), wrong


def test_thirteen_categories_have_limits():
    assert len(CATEGORIES) == 13
    for code in CATEGORIES:
        due = issue_limits.due(code, at("2026-11-23T10:00"), {}, Calendar())
        assert due.first_at < due.close_at, code
    due = issue_limits.due("public_facility", at("2026-11-23T10:00"), {}, Calendar())
    assert (shown(due.first_at), shown(due.close_at)) == ("2026-11-24T18:00", "2026-11-30T18:00")


def test_a_community_has_its_own_limits_where_it_set_them():
    own = issue_limits.checked({"order": ["4wh", "3wd"], "relief": ["1wd", "7d"]})
    assert own == {"order": ["4wh", "3wd"]}, "what is as usual is not its own"

    due = issue_limits.due("order", at("2026-11-23T09:00"), own, Calendar())
    assert (shown(due.first_at), shown(due.close_at)) == ("2026-11-23T15:00", "2026-11-26T18:00")
    assert issue_limits.of("order", own).close == "3wd"
    assert issue_limits.of("relief", own) == issue_limits.USUAL["relief"]


@pytest.mark.parametrize(
    "texts",
    [
        ["1wd"],
        ["1wd", "now"],
        ["1wd", ""],
        ["1wd", "soon"],
        ["5wd", "24h"],
        ["1wd", "91d"],
        ["1wd", "5wd", "5wd"],
    ],
)
def test_limits_that_cannot_be_are_refused(texts):
    with pytest.raises(Refusal) as refused:
        issue_limits.checked({"order": texts})
    assert refused.value.code == "issue.limit_misfit"


def test_a_category_nobody_knows_is_refused():
    with pytest.raises(Refusal):
        issue_limits.checked({"weather": ["1wd", "5wd"]})


def test_a_calendar_without_work_still_ends():
    """An office that set every day off by mistake gets instants all the same."""
    own = {days.after("2026-11-23", n): False for n in range(1200)}
    due = worktime.due(at("2026-11-23T10:00"), Limit(4, "wh"), Calendar(SHANGHAI, own=own))
    assert due > "2029"
