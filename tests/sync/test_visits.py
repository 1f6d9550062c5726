"""What a visit does, and what the office is asked."""

from datetime import timedelta

import pytest
from msgspec.structs import replace

from sync import doors, visits
from sync.known import Known, Moment
from sync.operations import (
    ResidentChange,
    ResidentChanges,
    VisitChanges,
    VisitCorrect,
    VisitRecord,
    VisitWithdraw,
)
from sync.records import Building, Household, Resident, Task, Visit
from sync.refusals import Missing, Refusal
from tests.sync.memory import BUILDING, DOOR, ELDER, NOON, SON, WORKER, known, town, uid


def data(**changes):
    return VisitRecord(
        **{
            "household_id": DOOR.id,
            "type": "routine",
            "method": "door",
            "result": "met",
            "resident_ids": [ELDER.id],
            **changes,
        }
    )


def visit(here, number=100, at=NOON, actor=WORKER, **changes):
    """Record a visit and keep what follows; the changed records by kind."""
    changed = visits.record(uid(number), data(**changes), known(here, actor, at))
    here.keep(changed)
    return {type(one): one for one in changed}


def test_a_visit_moves_its_person_and_its_door():
    changed = visit(town())

    assert changed[Resident].last_contact_on == "2026-09-15"
    assert changed[Household].due_on == "2026-09-22"
    assert changed[Household].due_category == "high_risk_elder"
    assert changed[Household].last_result == "met"
    assert changed[Visit].review == "none"


def test_a_visit_that_names_nobody_moves_the_door_and_counts_for_no_person():
    changed = visit(town(), resident_ids=[])

    assert changed[Household].door_contact_on == "2026-09-15"
    assert changed[Household].due_on == "2026-09-22"
    assert changed[Resident].last_contact_on == ""


@pytest.mark.parametrize("result", ["not_home", "no_answer", "rescheduled"])
def test_an_effort_is_recorded_but_leaves_the_door_due(result):
    changed = visit(town(), result=result, resident_ids=[])

    assert changed[Household].due_on == "2026-01-08"
    assert changed[Household].last_result == result


def test_a_refusal_rests_the_door_for_thirty_days():
    changed = visit(town(), result="refused", resident_ids=[])

    assert changed[Household].rest_until == "2026-10-15"
    assert changed[Visit].questions == ["result.refused"]


def test_hospital_stops_the_visits_until_the_day_of_return():
    changed = visit(town(), result="hospital", away_until="2026-09-30")

    assert changed[Resident].status == "hospital"
    assert changed[Household].due_on == "2026-10-01"


def test_meeting_someone_at_the_door_ends_their_absence():
    here = town()
    visit(here, result="away", away_until="2026-09-30")

    changed = visit(here, 101, NOON + timedelta(days=1))

    assert changed[Resident].status == "living"


def test_a_death_stops_the_knocking_at_once_and_asks_the_office():
    changed = visit(town(), result="deceased")

    assert changed[Resident].status == "deceased"
    assert changed[Household].interval == 183
    assert changed[Visit].review == "waiting"


def test_an_older_visit_arriving_late_does_not_move_the_door_back():
    here = town()
    visit(here, 100, NOON)

    changed = visit(here, 101, NOON - timedelta(days=3), result="not_home", resident_ids=[])

    assert changed[Household].last_visit_at == "2026-09-15T04:00:00.000Z"
    assert changed[Household].last_result == "met"


def test_two_workers_at_one_door_on_one_day_are_two_visits():
    here = town()
    visit(here, 100)
    visit(here, 101, actor=WORKER._replace(person_id=uid(41)))

    assert len(here.of_household("visit", DOOR.id)) == 2


def test_a_withdrawn_visit_counts_for_nothing():
    here = town()
    visit(here, 100, NOON - timedelta(days=5))
    visit(here, 101, NOON)

    here.keep(visits.withdraw(VisitWithdraw(id=uid(101)), known(here)))

    assert here.get("resident", ELDER.id).last_contact_on == "2026-09-10"
    assert here.get("household", DOOR.id).due_on == "2026-09-17"
    assert here.get("visit", uid(101)).withdrawn == 1


def test_withdrawing_a_mistaken_death_brings_the_person_back():
    here = town()
    visit(here, 100, result="deceased")

    here.keep(visits.withdraw(VisitWithdraw(id=uid(100)), known(here)))

    assert here.get("resident", ELDER.id).status == "living"


def correct(here, number, **changes):
    change = VisitCorrect(id=uid(number), changes=VisitChanges(**changes))
    here.keep(visits.correct(change, known(here)))


def set_status(here, at, **changes):
    change = ResidentChange(id=ELDER.id, changes=ResidentChanges(**changes))
    kept, _ = doors.change_resident(change, known(here, WORKER, at), 0, 7)
    here.keep(kept)


def test_what_the_office_set_is_not_told_anew_by_an_older_visit():
    here = town()
    visit(here, 100, NOON - timedelta(days=5), result="hospital")
    visit(here, 101, NOON - timedelta(days=4), result="not_home", resident_ids=[])
    set_status(here, NOON - timedelta(days=2), status="living")

    correct(here, 101, note="敲了两次")

    assert here.get("resident", ELDER.id).status == "living"


def test_taking_back_a_later_visit_leaves_what_the_office_set():
    here = town()
    visit(here, 100, NOON - timedelta(days=5), result="hospital")
    set_status(here, NOON - timedelta(days=2), status="living")
    visit(here, 101, NOON - timedelta(days=1), result="hospital")

    here.keep(visits.withdraw(VisitWithdraw(id=uid(101)), known(here)))

    assert here.get("resident", ELDER.id).status == "living"


def test_a_visit_after_the_offices_word_counts():
    here = town()
    set_status(here, NOON - timedelta(days=2), status="away")
    visit(here, 100, NOON - timedelta(days=1))

    assert here.get("resident", ELDER.id).status == "living"


def test_a_death_that_arrives_late_is_news_whatever_the_office_set():
    here = town()
    set_status(here, NOON - timedelta(days=1), status="living")
    told = data(result="deceased")
    late = Moment(NOON - timedelta(days=2), NOON - timedelta(days=2), NOON)
    here.keep(visits.record(uid(100), told, Known(here, WORKER, late, known(here).community)))

    assert here.get("resident", ELDER.id).status == "deceased"


def test_a_correction_leaves_the_contact_of_somebody_who_moved_in():
    before = replace(DOOR, id=uid(21), door_no="601")
    here = town(before, replace(ELDER, household_id=before.id))
    visit(here, 100, NOON - timedelta(days=5), household_id=before.id)
    here.keep([replace(here.get("resident", ELDER.id), household_id=DOOR.id)])
    visit(here, 101, NOON - timedelta(days=1), result="not_home", resident_ids=[])

    correct(here, 101, note="敲了两次")

    assert here.get("resident", ELDER.id).last_contact_on == "2026-09-10"


def test_without_its_last_visit_somebody_who_moved_in_was_seen_at_the_old_door():
    before = replace(DOOR, id=uid(21), door_no="601")
    here = town(before, replace(ELDER, household_id=before.id))
    visit(here, 100, NOON - timedelta(days=5), household_id=before.id)
    here.keep([replace(here.get("resident", ELDER.id), household_id=DOOR.id)])
    visit(here, 101, NOON - timedelta(days=1))

    here.keep(visits.withdraw(VisitWithdraw(id=uid(101)), known(here)))

    assert here.get("resident", ELDER.id).last_contact_on == "2026-09-10"
    assert here.get("household", DOOR.id).last_visit_at == ""


def test_a_task_is_done_by_the_visit_and_open_again_without_it():
    task = Task(
        id=uid(60), household_id=DOOR.id, building_id=BUILDING.id, reason="请今天看看", by=uid(1)
    )
    here = town(task)
    visit(here, 100, task_ids=[task.id])
    assert here.get("task", task.id).status == "done"

    here.keep(visits.withdraw(VisitWithdraw(id=uid(100)), known(here)))

    assert here.get("task", task.id).status == "open"


def test_a_correction_is_a_new_version_that_the_office_sees():
    here = town()
    visit(here, 100, result="not_home", resident_ids=[])
    change = VisitChanges(result="met_family", resident_ids=[ELDER.id])

    here.keep(visits.correct(VisitCorrect(id=uid(100), changes=change), known(here)))

    after = here.get("visit", uid(100))
    assert (after.result, after.corrected, after.review) == ("met_family", 1, "waiting")
    assert here.get("resident", ELDER.id).last_contact_on == "2026-09-15"


def test_nobody_corrects_a_colleagues_visit():
    here = town()
    visit(here, 100)
    colleague = WORKER._replace(person_id=uid(41))

    with pytest.raises(Refusal, match=r"visit\.not_yours"):
        visits.withdraw(VisitWithdraw(id=uid(100)), known(here, colleague))


def test_a_visit_follows_a_person_who_moved_within_reach():
    other = replace(DOOR, id=uid(21), door_no="601")
    moved = replace(SON, household_id=other.id, categories=["hardship"])
    here = town(other, moved)

    visit(here, 100, resident_ids=[moved.id])

    assert here.get("resident", moved.id).last_contact_on == "2026-09-15"
    assert here.get("household", other.id).due_category == "hardship"
    assert here.get("household", DOOR.id).categories == ["high_risk_elder", "living_alone"]


def test_a_person_in_a_building_out_of_reach_is_refused():
    far = Building(id=uid(11), compound="碧湖湾", name="1座", label="碧湖湾 1座")
    stranger = replace(SON, building_id=far.id, household_id=uid(29))

    with pytest.raises(Refusal, match=r"resident\.elsewhere"):
        visit(town(far, stranger), resident_ids=[stranger.id])


def test_an_unknown_door_or_person_is_waited_for():
    with pytest.raises(Missing):
        visit(town(), household_id=uid(99))
    with pytest.raises(Missing):
        visit(town(), resident_ids=[uid(98)])


@pytest.mark.parametrize(
    ("shift", "method", "asked"),
    [
        (timedelta(hours=8, minutes=31), "door", ["time.late"]),
        (timedelta(hours=8, minutes=31), "phone", []),
        (timedelta(hours=8, minutes=29), "door", []),
        (timedelta(hours=-4), "door", ["time.early"]),
    ],
)
def test_a_knock_at_odd_hours_is_a_question_not_a_refusal(shift, method, asked):
    assert visit(town(), at=NOON + shift, method=method)[Visit].questions == asked


def test_a_fast_clock_and_a_very_old_visit_are_questions():
    ahead = visits.record(uid(1), data(), known(town(), late=timedelta(minutes=-11)))
    old = visits.record(uid(1), data(), known(town(), late=timedelta(days=31)))

    assert ahead[0].questions == ["time.ahead"]
    assert old[0].questions == ["time.old"]


def test_more_than_twenty_five_doors_an_hour_are_a_question():
    doors = [replace(DOOR, id=uid(200 + i), door_no=str(i)) for i in range(26)]
    here = town(*doors)
    for i, door in enumerate(doors):
        at = NOON + timedelta(minutes=2 * i)
        last = visit(here, 300 + i, at, household_id=door.id, resident_ids=[])[Visit]

    assert last.questions == ["pace.doors"]


def test_a_series_of_elder_visits_under_thirty_seconds_is_a_question():
    here = town()
    times = {"started_at": "2026-09-15T04:00:00Z", "ended_at": "2026-09-15T04:00:20Z"}
    asked = [
        visit(here, 400 + i, NOON + timedelta(minutes=i), type="elder_care", **times)[Visit]
        for i in range(3)
    ]

    assert [one.questions for one in asked] == [[], [], ["pace.short"]]


def test_a_follow_up_wish_opens_one_follow_up():
    here = town()
    visit(here, 100, followup="介绍电工")

    assert here.get("followup", uid(100)).what == "介绍电工"


def test_work_in_a_building_held_before_is_marked():
    former = WORKER._replace(building_ids=frozenset(), held_before=frozenset({BUILDING.id}))

    assert visit(town(), actor=former)[Visit].before_transfer == 1
    assert visit(town())[Visit].before_transfer == 0
