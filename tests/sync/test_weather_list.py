"""Whom a warning asks after, by when, by which way; and what becomes of it when it changes."""

from datetime import UTC, datetime, timedelta
from itertools import permutations

import pytest
from msgspec.structs import replace

from sync.care import DEFAULT_INTERVALS
from sync.operations import stamp
from sync.records import Pairing
from sync.weather_list import (
    Door,
    Warned,
    checklist_of,
    joined,
    listed,
    overdue_at,
    renewed,
    stood_down,
    with_contact,
    without_contact,
)
from tests.sync.memory import DOOR, ELDER, SON, uid

AT = datetime(2026, 9, 15, 1, 10, tzinfo=UTC)  # 09:10 in Shanghai
TODAY = "2026-09-15"
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
GALE = Warned(
    incident_id=uid(900),
    kind="雷雨大风",
    colour="orange",
    at=AT,
    from_at=AT,
    ends_at=AT + 12 * HOUR,
)
YOUNG = replace(ELDER, birth_on="1960-01-01")  # living alone, but not seen every week


def door(*people, pairings=(), **more):
    return Door(replace(DOOR, **more), list(people), list(pairings))


def drawn(warned=GALE, doors=None, known=()):
    held = {one.household_id: one for one in known}
    doors = doors or [door(ELDER)]
    is_drawn = any(one.colour == warned.colour for one in known)
    return renewed(warned, doors, held, DEFAULT_INTERVALS, today=TODAY, is_drawn=is_drawn)


def task(warned=GALE, *people, **more):
    (one,) = drawn(warned, [door(*(people or [ELDER]), **more)])
    return one


def later(warned=GALE, by=HOUR, **more):
    return replace(warned, at=warned.at + by, from_at=warned.at + by, **more)


def said(number, outcome, minutes):
    at = stamp(AT + minutes * MINUTE)
    who = {"by": uid(40), "by_name": "周晓岚", "method": "phone", "note": "", "is_late": 0}
    return {"id": uid(number), "at": at, "outcome": outcome, **who}


@pytest.mark.parametrize(
    "category",
    [
        *("living_alone", "childless_alone", "functional_loss", "dementia"),
        *("severe_disability", "subsistence_allowance", "destitute_support"),
    ],
)
def test_these_are_on_the_list(category):
    people, _ = listed(
        door(replace(YOUNG, categories=[category])), "orange", DEFAULT_INTERVALS, TODAY
    )

    assert [one.id for one in people] == [YOUNG.id]


@pytest.mark.parametrize("category", ["empty_nest", "tenant", "disability", "veteran"])
def test_these_are_not(category):
    held = replace(YOUNG, categories=[category])

    assert listed(door(held), "red", DEFAULT_INTERVALS, TODAY) == ([], False)


def test_an_old_couple_alone_is_on_it_from_eighty_on():
    couple = replace(ELDER, categories=["empty_nest"])

    assert listed(door(couple), "orange", DEFAULT_INTERVALS, TODAY) == ([couple], True)


def test_everybody_of_a_door_with_an_allowance_is_on_it():
    held = replace(SON, household_id=DOOR.id)
    people, is_red = listed(
        door(held, own_categories=["subsistence_allowance"]), "orange", DEFAULT_INTERVALS, TODAY
    )

    assert (people, is_red) == ([held], False)


@pytest.mark.parametrize(
    ("status", "until", "on_it"),
    [
        ("deceased", "", False),
        ("moved_out", "", False),
        ("hospital", "", False),
        ("away", "2026-09-15", False),
        ("away", "2026-09-14", True),
    ],
)
def test_who_is_not_there_is_not_asked_after(status, until, on_it):
    person = replace(ELDER, status=status, status_until=until)

    people, _ = listed(door(person), "red", DEFAULT_INTERVALS, TODAY)

    assert bool(people) is on_it


@pytest.mark.parametrize(
    ("colour", "doors"), [("white", 0), ("blue", 0), ("", 0), ("yellow", 1), ("orange", 2)]
)
def test_the_colour_says_whether_nobody_the_red_or_all_are_asked_after(colour, doors):
    homes = [door(ELDER), Door(replace(DOOR, id=uid(21)), [replace(YOUNG, id=uid(32))], [])]

    found = drawn(replace(GALE, colour=colour), homes)

    assert len(found) == doors
    assert all(one.is_red for one in found[:1])


@pytest.mark.parametrize(
    ("colour", "begin", "limit"), [("yellow", 15, 240), ("orange", 10, 120), ("red", 5, 60)]
)
def test_the_colour_says_how_soon(colour, begin, limit):
    one = task(replace(GALE, colour=colour))

    assert one.begin_at == stamp(AT + begin * MINUTE)
    assert one.due_at == overdue_at(one) == stamp(AT + limit * MINUTE)


def test_it_is_late_at_half_the_time_that_is_left():
    one = task(replace(GALE, ends_at=AT + HOUR))

    assert overdue_at(one) == one.half_at == stamp(AT + 30 * MINUTE)


def test_at_night_a_yellow_warning_asks_in_the_morning():
    one = task(replace(GALE, colour="yellow", from_at=AT + 3 * HOUR))

    assert one.due_at == stamp(AT + 7 * HOUR)


@pytest.mark.parametrize(
    ("colour", "method"), [("yellow", "phone"), ("orange", "any"), ("red", "phone")]
)
def test_red_and_yellow_telephone_first(colour, method):
    assert task(replace(GALE, colour=colour)).method == method


def test_who_refused_is_still_asked_after_by_telephone():
    refused = task(GALE, ELDER, rest_until="2026-10-01")
    wishes = task(GALE, replace(ELDER, visit_wish="none"))

    assert (refused.method, wishes.method) == ("phone", "phone")
    assert task(replace(GALE, colour="red"), ELDER, rest_until="2026-10-01").method == "phone"


def test_a_leader_who_looks_after_all_of_them_is_asked():
    pair = Pairing(
        id=uid(60),
        household_id=DOOR.id,
        building_id=DOOR.building_id,
        resident_id=ELDER.id,
        name="陈姨",
        leader_id=uid(41),
    )
    husband = replace(ELDER, id=uid(33))

    assert task(GALE, ELDER, pairings=()).assigned_to == ""
    paired = drawn(doors=[door(ELDER, pairings=[pair])])
    assert [one.assigned_to for one in paired] == [uid(41)]
    half = drawn(doors=[door(ELDER, husband, pairings=[pair])])
    assert [one.assigned_to for one in half] == [""]
    ended = drawn(doors=[door(ELDER, pairings=[replace(pair, status="ended")])])
    assert [one.assigned_to for one in ended] == [""]


@pytest.mark.parametrize(
    ("kind", "code"),
    [
        ("台风", "CK-WIND"),
        ("雷雨大风", "CK-WIND"),
        ("强对流", "CK-WIND"),
        ("冰雹", "CK-WIND"),
        ("暴雨", "CK-RAIN"),
        ("山洪灾害", "CK-RAIN"),
        ("高温", "CK-HEAT"),
        ("干热风", "CK-HEAT"),
        ("寒潮", "CK-COLD"),
        ("暴雪", "CK-COLD"),
        ("道路结冰", "CK-COLD"),
        ("森林火险", "CK-FIRE"),
        ("大雾", ""),
        ("停水", ""),
    ],
)
def test_each_weather_has_its_checklist(kind, code):
    assert checklist_of(kind) == code


def test_the_same_warning_again_changes_nothing():
    assert drawn(later(), known=[task()]) == []


def test_a_longer_warning_moves_only_the_half():
    (one,) = drawn(later(ends_at=AT + 24 * HOUR), known=[task()])

    assert one == replace(task(), half_at=stamp(AT + 12 * HOUR))


def test_a_higher_colour_asks_after_everybody_again():
    known = with_contact(task(replace(GALE, colour="yellow")), said(70, "safe", 5))

    (one,) = drawn(later(colour="red"), known=[known])

    assert (one.state, one.outcome, one.due_at) == ("open", "", stamp(AT + 2 * HOUR))
    again = with_contact(one, said(71, "safe", 65))
    assert (again.state, again.at, len(again.contacts)) == ("done", stamp(AT + 65 * MINUTE), 2)


def test_a_lower_colour_takes_off_whom_nobody_has_asked_after():
    known = task(replace(GALE, colour="red"), YOUNG)
    begun = with_contact(known, said(70, "no_answer", 5))

    (off,) = drawn(later(colour="yellow"), [door(YOUNG)], [known])

    assert off.state == "cancelled"
    assert drawn(later(colour="yellow"), [door(YOUNG)], [begun]) == []


def test_who_comes_to_a_list_that_was_drawn_is_new():
    home = Door(replace(DOOR, id=uid(21)), [replace(YOUNG, id=uid(32))], [])

    first = drawn(doors=[door(ELDER)])
    (added,) = drawn(later(), [door(ELDER), home], first)
    wider = drawn(later(colour="red"), [door(ELDER), home], first)

    assert (first[0].is_new, added.is_new) == (0, 1)
    assert [one.is_new for one in wider] == [0, 0]


def test_who_moves_away_is_taken_off_and_comes_back():
    (off,) = drawn(later(), [door(replace(ELDER, status="hospital"))], [task()])
    (back,) = drawn(later(), [door(ELDER)], [off])

    assert (off.state, back.state) == ("cancelled", "open")


def test_a_stand_down_cancels_what_nobody_began():
    begun = with_contact(task(), said(70, "no_answer", 5))
    done = with_contact(task(), said(70, "safe", 5))

    assert stood_down(task(), is_over=True).state == "cancelled"
    assert stood_down(done, is_over=True) == done
    after = stood_down(begun, is_over=True)
    assert (after.state, after.checklist) == ("open", "CK-AFTER")


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_the_first_that_says_how_they_are_has_the_clock(order):
    tries = [said(70, "no_answer", 5), said(71, "safe", 20), said(72, "needs_help", 30)]
    one = task()
    for at in order:
        one = with_contact(one, tries[at])

    assert (one.state, one.outcome, one.at) == ("done", "safe", stamp(AT + 20 * MINUTE))
    assert [each["outcome"] for each in one.contacts] == ["no_answer", "safe", "needs_help"]


def test_who_did_not_answer_is_still_to_be_reached():
    one = with_contact(task(), said(70, "no_answer", 5))

    assert (one.state, one.outcome) == ("open", "no_answer")


@pytest.mark.parametrize("outcome", ["safe", "needs_help", "moved", "declined"])
def test_these_settle_it(outcome):
    assert with_contact(task(), said(70, outcome, 5)).state == "done"


def test_the_same_contact_twice_is_one():
    once = with_contact(task(), said(70, "safe", 5))

    assert with_contact(once, said(70, "safe", 5)) == once


def test_a_contact_after_the_stand_down_is_kept_and_reopens_nothing():
    off = stood_down(task())

    assert with_contact(off, said(70, "no_answer", 5)).state == "cancelled"
    assert with_contact(off, said(70, "safe", 5)).state == "done"


def test_two_warnings_that_were_one_keep_what_was_said_of_either():
    other = replace(GALE, incident_id=uid(901))
    said_of_it = with_contact(task(other), said(70, "safe", 5))

    gone, kept = joined([said_of_it], [task()])

    assert (gone.is_past, kept.state, kept.by_name) == (1, "done", "周晓岚")
    assert joined([task(other)], [])[0].state == "cancelled"


def test_what_is_taken_back_is_open_again():
    done = with_contact(task(), said(70, "safe", 5))

    assert without_contact(done, uid(70)) == task()
