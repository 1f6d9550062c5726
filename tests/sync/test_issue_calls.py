"""Departments called to an issue: who may, where; what became of each; and when one is late."""

from datetime import timedelta
from random import Random

import pytest
from msgspec.structs import replace

from sync.issue_calls import ENTERED, is_shown_late
from sync.issue_reports import report
from sync.issue_steps import STATUSES, status_of
from sync.known import Actor
from sync.operations import stamp
from sync.refusals import Missing, Refusal
from sync.scope import ROLES
from tests.sync.issuing import (
    CITY,
    COLLEAGUE,
    ELSEWHERE,
    FIRE,
    ISSUE,
    MONDAY,
    OFFICE,
    SECRETARY,
    STREET,
    after,
    do,
    here,
    issue_of,
    raised,
)
from tests.sync.memory import BUILDING, WORKER, MemoryTown, uid
from tests.sync.test_issues import in_status

CALL = uid(800)
ABOUT_A_CALL = ("arrived", "result", "withdrawn", "urged")
# Who may say what, written down once more by hand.
OFFICES = {"office", "secretary"}
MAY = {
    "called": OFFICES | {"street"},
    "arrived": OFFICES | {"street", "chief", "worker", "social"},
    "result": OFFICES | {"street", "chief", "worker", "social"},
    "withdrawn": OFFICES | {"street"},
    "urged": OFFICES | {"street", "chief"},
}
OPEN = ("reported", "accepted", "assigned", "in_progress", "negotiating", "calling")


def call(place, actor=STREET, department=CITY, *, minutes=20, number=800, received=None, **more):
    """The issue after a department was called."""
    data = {"id": ISSUE, "department_id": department.id, **more}
    after(place, "issue.call", data, actor, minutes=minutes, number=number, received=received)
    return issue_of(place)


def tell(
    place, step, actor=STREET, *, minutes=30, about=CALL, number=0, received=None, words="清走了"
):
    data = {"id": ISSUE, "call_id": about, "step": step, "words": words}
    after(place, "issue.call_step", data, actor, minutes=minutes, number=number, received=received)
    return issue_of(place)


@pytest.mark.parametrize("status", STATUSES)
@pytest.mark.parametrize("what", ENTERED)
def test_every_word_about_a_call_of_every_role_here_and_elsewhere(what, status):
    for role in sorted(ROLES):
        for where in ("own", "other", "reporter", "restricted"):
            place = in_status(status)
            if what != "called":
                place = in_status("reported")
                call(place, OFFICE, minutes=5)
                lead_on(place, status)
            held = frozenset({BUILDING.id} if where in ("own", "restricted") else {ELSEWHERE.id})
            actor = Actor(uid(77), "某人", role, uid(78), held, frozenset())
            if where == "reporter":
                place.keep([replace(issue_of(place), by=actor.person_id)])
            if where == "restricted":
                place.keep([replace(issue_of(place), restricted=1)])
            reaches = where == "own" or (role == "street" and where != "restricted")
            allowed = role in MAY[what] and (reaches or role in OFFICES)
            was = issue_of(place)
            if not allowed:
                with pytest.raises(Refusal) as refused:
                    speak(place, what, actor)
                assert refused.value.code in ("role.not_allowed", "issue.not_yours")
                assert issue_of(place) == was
                continue
            now = speak(place, what, actor)
            entry = now.entries[-1]
            assert (entry["what"], entry["by"], len(now.entries)) == (
                what,
                actor.person_id,
                len(was.entries) + 1,
            )
            if what == "called":
                assert len(now.calls) == int(status in OPEN), (role, where)
                wanted = "calling" if status in OPEN else status
                assert status_of(now.state, now.side) == wanted
                continue
            is_over = status in ("closed", "duplicate", "cancelled")
            assert entry["why"] == ("call_ended" if is_over else ""), (role, where)
            assert changed(now) == (set() if is_over else {what})


def lead_on(place, status):
    """From a call on to a status in which the call was never answered."""
    ways = {
        "accepted": ("suspend", "resume"),
        "closed": ("done", "check"),
        "calling": (),
        "reported": ("return", "resubmit"),
    }
    named = {"assigned": "assign", "in_progress": "start", "negotiating": "negotiate"}
    named |= {"done_pending_check": "done", "returned": "return", "suspended": "suspend"}
    named |= {"duplicate": "duplicate", "cancelled": "cancel"}
    for at, step in enumerate(ways.get(status) or ((named[status],) if status in named else ())):
        do(place, step, OFFICE if step != "check" else SECRETARY, minutes=10 + at)


def speak(place, what, actor):
    return (
        call(place, actor, minutes=60) if what == "called" else tell(place, what, actor, minutes=60)
    )


def changed(issue):
    (one,) = issue.calls
    return {
        *(["arrived"] if one["arrived_at"] else []),
        *([one["end"]] if one["ended_at"] else []),
        *(["urged"] if one["urged"] else []),
    } - {"lapsed"}


def test_called_arrived_result():
    place = raised(here())

    asked = call(place)
    come = tell(place, "arrived", WORKER, minutes=50)
    told = tell(place, "result", minutes=90)

    (one,) = asked.calls
    assert (asked.state, one["department"], one["round"], asked.calls_open) == (
        "calling",
        "城管中队",
        1,
        1,
    )
    assert (one["due_at"], asked.call_due) == (stamp(MONDAY + timedelta(minutes=140)),) * 2
    assert (come.state, come.call_due, come.calls_open) == ("calling", "", 1)
    assert (told.state, told.calls[0]["end"], told.calls_open) == ("in_progress", "result", 0)


def test_several_are_a_round_and_it_goes_on_when_the_last_has_answered():
    place = raised(here())
    call(place)
    call(place, department=FIRE, number=801, minutes=25)

    one_answered = tell(place, "result", minutes=40)
    both = tell(place, "withdrawn", about=uid(801), minutes=50)
    again = call(place, number=802, minutes=60)

    assert (one_answered.state, both.state, again.state) == ("calling", "in_progress", "calling")
    assert [one["round"] for one in again.calls] == [1, 1, 2]


def test_a_call_may_have_a_limit_of_its_own_and_only_one_that_can_be_read():
    place = raised(here())

    assert call(place, within="10h").call_due == stamp(MONDAY + timedelta(minutes=620))
    for within in ("soon", "2000h"):
        with pytest.raises(Refusal, match=r"department\.limit_misfit"):
            call(place, within=within, number=801)


def test_only_a_department_of_the_directory_is_called():
    place = raised(here())
    with pytest.raises(Refusal, match=r"department\.unknown"):
        call(place, department=CITY._replace(id=uid(699)))
    assert issue_of(place).calls == []


def test_a_word_about_a_call_that_has_not_come_waits_for_it():
    place = raised(here())
    with pytest.raises(Missing) as waits:
        tell(place, "arrived")
    assert waits.value.needs == CALL


def test_a_result_says_something():
    place = raised(here())
    call(place)
    for step in ("result", "withdrawn"):
        with pytest.raises(Refusal, match=r"issue\.lacks"):
            tell(place, step, words="")
    assert tell(place, "urged", words="").calls[0]["urged"] == 1


def test_what_is_closed_waits_for_nobody_and_reopened_is_called_anew():
    place = raised(here())
    call(place)
    do(place, "done", OFFICE, minutes=30)
    closed = do(place, "check", SECRETARY, minutes=40)
    late = tell(place, "arrived", minutes=50)
    do(place, "reopen", OFFICE, minutes=60)
    again = call(place, number=801, minutes=70)

    assert (closed.calls[0]["end"], closed.calls_open, closed.call_due) == ("lapsed", 0, "")
    assert late.entries[-1]["why"] == "call_ended"
    assert [(one["round"], one["end"]) for one in again.calls] == [(1, "lapsed"), (2, "")]


def test_who_comes_twice_came_first():
    place = raised(here())
    call(place)
    first = tell(place, "arrived", minutes=30)
    second = tell(place, "arrived", WORKER, minutes=40)

    assert second.entries[-1]["why"] == "call_arrived"
    assert second.calls[0]["arrived_at"] == first.calls[0]["arrived_at"]


def test_a_late_call_is_its_callers_and_climbs():
    place = raised(here())
    (one,) = call(place, OFFICE, minutes=0).calls
    at = {name: stamp(MONDAY + timedelta(minutes=minutes)) for name, minutes in HOURS.items()}

    def shown(actor, now):
        return is_shown_late(one, actor.person_id, actor.role, at[now])

    assert not any(shown(actor, "in time") for actor in (OFFICE, SECRETARY, STREET))
    assert [shown(actor, "late") for actor in (OFFICE, SECRETARY, STREET)] == [True, False, False]
    assert all(shown(actor, "climbed") for actor in (OFFICE, SECRETARY, STREET))
    assert not shown(COLLEAGUE, "climbed")


# A limit of two hours climbs when half as much again is over.
HOURS = {"in time": 119, "late": 121, "climbed": 181}


def test_whoever_reported_it_reads_who_was_called_who_came_and_what_they_said():
    place = raised(here())
    call(place, inner="找李队")
    tell(place, "urged", minutes=25, words="")
    tell(place, "arrived", minutes=40, words="")
    tell(place, "result", minutes=50, words="车已拖走")

    told = report(issue_of(place), WORKER.person_id)

    said = [(one["what"], one["words"]) for one in told.entries]
    assert said == [
        ("called", "城管中队"),
        ("arrived", "城管中队"),
        ("result", "城管中队，车已拖走"),
    ]
    assert told.state == "doing"
    assert "李队" not in str(told)


@pytest.mark.parametrize("seed", range(60))
def test_calls_end_in_one_record_in_any_order_of_arrival(seed):
    """The calls come first, as they do where their steps wait for them."""
    chance = Random(seed)
    place = raised(here())
    calls = [(chance.randrange(9_000), 800 + at, chance.choice([CITY, FIRE])) for at in range(6)]
    made = [("call", *one) for one in calls]
    for number in range(24):
        step = chance.choice([*ABOUT_A_CALL, "start", "suspend", "resume", "done", "reopen"])
        made.append((step, chance.randrange(10_000), 900 + number, chance.choice(calls)[1]))
    ends = []
    for _ in range(3):
        order = sorted(made, key=lambda one: (one[0] != "call", chance.random()))
        mine = MemoryTown(*place.held.values())
        mine.staff, mine.departments = place.staff, place.departments
        for what, minutes, number, about in order:
            come = {"minutes": minutes, "number": number, "received": 50_000}
            if what == "call":
                call(mine, department=about, **come)
            elif what in ABOUT_A_CALL:
                tell(mine, what, about=uid(about), **come)
            else:
                do(mine, what, OFFICE, **come)
        ends.append(issue_of(mine))

    assert ends[0] == ends[1] == ends[2]
    assert len(ends[0].entries) == len(made)
    assert ends[0].calls_open == sum(not one["ended_at"] for one in ends[0].calls)
