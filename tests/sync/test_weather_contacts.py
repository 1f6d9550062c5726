"""Somebody is asked after because of a warning: a visit, a task told of it, help that comes."""

from datetime import timedelta

import pytest
from msgspec.structs import replace

from sync.duties import id_of
from sync.known import Actor
from sync.records import Alert, ContactTask, Followup, Household, Pairing, Resident, Visit
from sync.refusals import Missing, Refusal
from sync.weather_list import stood_down
from tests.sync import memory
from tests.sync.asking import apply
from tests.sync.memory import DOOR, ELDER, NOON, MemoryTown, uid

GALE = uid(900)
MINUTE = timedelta(minutes=1)
LEADER = Actor(uid(41), "陈姨", "leader", uid(51), frozenset(), frozenset())
TASK = ContactTask(
    id=id_of(GALE, DOOR.id),
    incident_id=GALE,
    household_id=DOOR.id,
    building_id=DOOR.building_id,
    resident_ids=[ELDER.id],
)
PAIR = Pairing(
    id=uid(60),
    household_id=DOOR.id,
    building_id=DOOR.building_id,
    resident_id=ELDER.id,
    name="陈姨",
    leader_id=LEADER.person_id,
)


def town(*more) -> MemoryTown:
    return memory.town(Alert(id=GALE, state="open"), *more)


def said(outcome, **more):
    data = {"incident_id": GALE, "household_id": DOOR.id, "resident_ids": [ELDER.id]}
    return {**data, "method": "phone", "outcome": outcome, **more}


def ask(here, number=100, outcome="safe", at=NOON, actor=None, **more):
    who = {"actor": actor} if actor else {}
    return apply(here, number, "alert.contact", said(outcome, **more), at, **who)


def task(here: MemoryTown) -> ContactTask:
    found = here.get("contact_task", TASK.id)
    assert isinstance(found, ContactTask)
    return found


def visit(here, number=100) -> Visit:
    found = here.get("visit", uid(number))
    assert isinstance(found, Visit)
    return found


@pytest.mark.parametrize(
    ("outcome", "method", "result"),
    [
        ("safe", "phone", "phone_ok"),
        ("safe", "video", "phone_ok"),
        ("safe", "door", "met"),
        ("needs_help", "phone", "phone_ok"),
        ("needs_help", "door", "met"),
        ("no_answer", "phone", "no_answer"),
        ("moved", "door", "away"),
        ("declined", "phone", "refused"),
    ],
)
def test_a_contact_is_a_visit_with_its_id(outcome, method, result):
    here = town(TASK)

    ask(here, outcome=outcome, method=method, note="声音清楚")

    made = visit(here)
    assert (made.type, made.method, made.result) == ("weather", method, result)
    assert (made.resident_ids, made.note) == ([ELDER.id], "声音清楚")


def test_it_settles_the_task_and_counts_as_a_contact():
    here = town(TASK)

    ask(here)

    one = task(here)
    assert (one.state, one.outcome, one.by_name, one.at) == (
        "done",
        "safe",
        "周晓岚",
        "2026-09-15T04:00:00.000Z",
    )
    elder = here.get("resident", ELDER.id)
    assert isinstance(elder, Resident)
    assert elder.last_contact_on == "2026-09-15"


def test_who_does_not_answer_stays_on_the_list_and_is_looked_for():
    here = town(TASK, replace(DOOR, interval=7))

    ask(here, outcome="no_answer")

    (case,) = (one for one in here.held.values() if isinstance(one, Followup))
    assert (case.item, case.level) == ("no_answer", "now")
    assert (task(here).state, task(here).outcome) == ("open", "no_answer")


def test_a_cry_for_help_is_red_for_the_office_within_the_hour():
    here = town(TASK)

    ask(here, outcome="needs_help", note="屋里进水")

    (cry,) = (one for one in here.held.values() if isinstance(one, Followup))
    assert (cry.id, cry.level, cry.status) == (uid(100), "red", "open")
    assert (cry.what, cry.due_at[11:16]) == ("天气叫应：需要帮助：屋里进水", "05:00")


def test_a_cry_for_help_that_was_a_mistake_is_taken_back_with_its_visit():
    here = town(TASK)
    ask(here, outcome="needs_help")

    apply(here, 101, "visit.withdraw", {"id": uid(100)})

    (cry,) = (one for one in here.held.values() if isinstance(one, Followup))
    assert (cry.status, task(here)) == ("closed", TASK)


def test_who_was_moved_is_expected_home_from_the_day_after_tomorrow_on():
    here = town(TASK)

    ask(here, outcome="moved")

    elder = here.get("resident", ELDER.id)
    assert isinstance(elder, Resident)
    assert (elder.status, elder.status_until) == ("away", "2026-09-16")


def test_the_first_has_the_clock_and_the_second_is_kept_as_a_visit():
    here = town(TASK)

    ask(here, 101, "declined", NOON + 5 * MINUTE)
    ask(here, 100, "safe", NOON)

    assert (task(here).outcome, task(here).at) == ("safe", "2026-09-15T04:00:00.000Z")
    assert (visit(here, 100).result, visit(here, 101).result) == ("phone_ok", "refused")


def test_a_result_put_right_puts_the_task_right():
    here = town(TASK)
    ask(here)

    apply(here, 101, "visit.correct", {"id": uid(100), "changes": {"result": "no_answer"}})

    assert (task(here).state, task(here).outcome) == ("open", "no_answer")


def test_a_word_put_right_leaves_a_cry_for_help_what_it_is():
    here = town(TASK)
    ask(here, outcome="needs_help", note="药没了")

    apply(here, 101, "visit.correct", {"id": uid(100), "changes": {"note": "降压药没了"}})

    assert (task(here).outcome, task(here).note) == ("needs_help", "降压药没了")


def test_after_the_stand_down_it_is_kept():
    here = town(stood_down(TASK))

    ask(here)

    assert (task(here).state, visit(here).result) == ("done", "phone_ok")


def test_who_is_not_on_the_list_may_be_asked_after_too():
    here = town()

    ask(here)

    assert visit(here).type == "weather"


def test_of_a_warning_that_has_not_arrived_it_waits():
    with pytest.raises(Missing):
        ask(memory.town(TASK))


def test_a_warning_that_was_found_to_be_another_is_followed():
    merged = Alert(id=uid(901), state="merged", merged_into=GALE)
    here = town(TASK, merged)

    ask(here, incident_id=merged.id)

    assert task(here).state == "done"


def test_a_leader_speaks_for_their_own_pair_wherever_it_lives():
    here = town(TASK, PAIR)

    ask(here, actor=LEADER)

    pair = here.get("pairing", PAIR.id)
    assert isinstance(pair, Pairing)
    assert (pair.contacted_on, visit(here).pairing_id) == ("2026-09-15", PAIR.id)
    assert task(here).by_name == "陈姨"


@pytest.mark.parametrize(
    "pair",
    [
        replace(PAIR, leader_id=uid(42)),
        replace(PAIR, resident_id=uid(31)),
        replace(PAIR, status="ended", until_on="2026-09-14"),
    ],
)
def test_a_leader_speaks_for_nobody_else(pair):
    with pytest.raises(Refusal) as refused:
        ask(town(TASK, pair), actor=LEADER)

    assert refused.value.code == "pairing.not_yours"


def test_a_leader_speaks_for_no_neighbour_beside_their_own():
    neighbour = replace(ELDER, id=uid(31), name="梁建国")

    with pytest.raises(Refusal) as refused:
        ask(town(TASK, PAIR, neighbour), actor=LEADER, resident_ids=[ELDER.id, neighbour.id])

    assert refused.value.code == "pairing.not_yours"


def test_what_a_leader_says_of_health_is_not_taken():
    here = town(TASK, PAIR)
    checkups = [{"resident_id": ELDER.id, "checklist_id": "CK-WIND", "version": 1, "answers": {}}]

    ask(here, actor=LEADER, checkups=checkups)

    assert visit(here).checkups == []


def test_a_worker_of_other_buildings_is_refused():
    other = Actor(uid(43), "李强", "worker", uid(53), frozenset(), frozenset())

    with pytest.raises(Refusal) as refused:
        ask(town(TASK), actor=other)

    assert refused.value.code == "scope.outside"


def test_at_night_and_in_a_row_it_asks_the_office_no_question():
    here = town(TASK)

    ask(here, at=NOON + timedelta(hours=11), method="door")

    assert visit(here).questions == []


def test_a_refused_contact_keeps_routine_knocks_away():
    here = town(TASK)

    ask(here, outcome="declined")

    door = here.get("household", DOOR.id)
    assert isinstance(door, Household)
    assert door.rest_until == "2026-10-15"
