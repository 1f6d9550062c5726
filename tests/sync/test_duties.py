"""What people say of a warning, and what becomes of everybody's duties by it."""

from datetime import timedelta

import msgspec
import pytest
from msgspec.structs import replace

from sync.alert_records import Alert, ContactTask
from sync.cascade import Building, Roster
from sync.duties import asked, entry, id_of
from sync.known import Actor
from sync.operations import Operation, read_data, stamp
from sync.reconcile import reconcile
from sync.refusals import Missing, Refusal
from tests.sync.memory import BUILDING, DOOR, ELDER, NOON, known, town, uid

INCIDENT = uid(60)
ALERT = Alert(
    id=INCIDENT,
    kind="雷雨大风",
    colour="yellow",
    title="雷雨大风黄色预警",
    state="open",
    sent_at=stamp(NOON),
    started_at=stamp(NOON),
    from_at=stamp(NOON),
)
LEADER = Actor(uid(41), "陈桂枝", "leader", uid(51), frozenset({BUILDING.id}), frozenset())
CHIEF = Actor(uid(42), "周晓岚", "chief", uid(52), frozenset({BUILDING.id}), frozenset())
OFFICE = Actor(uid(43), "麦咏诗", "office", uid(53), frozenset(), frozenset())
PLACE = Building(
    id=BUILDING.id,
    label="红棉苑 3栋",
    grid_id="1",
    leader_id=LEADER.person_id,
    chief_id=CHIEF.person_id,
    households=30,
)
ROSTER = Roster(started_at=NOON, from_at=NOON, buildings=(PLACE,), secretary_id=uid(44))


@pytest.fixture
def here():
    own = asked(ALERT, LEADER.person_id, "leader", "", [entry(PLACE, is_own=1)])
    silent = entry(PLACE, leader_name="陈桂枝", silent_since=stamp(NOON))
    made = town(ALERT, own, asked(ALERT, CHIEF.person_id, "chief", "", [silent]))
    made.rosters[INCIDENT] = ROSTER
    return made


def tell(here, actor, kind, minute, late=0, **data):
    """The events that came of it; the town knows what changed."""
    at = NOON + timedelta(minutes=minute)
    said = read_data(kind, msgspec.json.encode({"incident_id": INCIDENT, **data}))
    operation = Operation(
        id=uid(1000 + minute),
        n=1,
        kind=kind,
        at=at,
        base=None,
        after=[],
        replaces="",
        data=said,
        raw=b"",
    )
    follows = reconcile(operation, known(here, actor, at, timedelta(minutes=late)))
    here.keep(follows.changed)
    return follows.events


def duty(here, actor):
    return here.get("duty", id_of(INCIDENT, actor.person_id))


def test_whoever_reads_it_answers_for_their_buildings(here):
    (event,) = tell(here, LEADER, "alert.acknowledge", 2)

    assert (event.hop, event.building_id, event.incident_id) == (
        "acknowledged",
        BUILDING.id,
        INCIDENT,
    )
    assert duty(here, LEADER).acknowledged_at == stamp(NOON + timedelta(minutes=2))
    assert duty(here, CHIEF).buildings[0]["heard_at"] == stamp(NOON + timedelta(minutes=2))


def test_a_chief_who_reads_it_answers_for_no_leader(here):
    (event,) = tell(here, CHIEF, "alert.acknowledge", 2)

    assert event.building_id == ""
    assert duty(here, CHIEF).acknowledged_at
    assert not duty(here, CHIEF).buildings[0]["heard_at"]


def test_a_chief_may_hand_it_on_in_the_leaders_place(here):
    tell(here, CHIEF, "alert.forward", 9, building_id=BUILDING.id, edition=1, channel="door")

    assert duty(here, LEADER).buildings[0]["channel"] == "door"
    assert not duty(here, LEADER).acknowledged_at


@pytest.mark.parametrize("order", [(3, 7), (7, 3)])
def test_the_earliest_counts_in_any_order(here, order):
    for minute in order:
        channel = "wechat" if minute == 3 else "door"
        said = {"building_id": BUILDING.id, "edition": 1, "channel": channel}
        tell(here, LEADER, "alert.forward", minute, late=20 - minute, **said)

    (found,) = duty(here, LEADER).buildings
    assert found["forwarded_at"] == stamp(NOON + timedelta(minutes=3))
    assert (found["channel"], found["is_late"]) == ("wechat", 1)


def test_nobody_answers_before_there_is_a_warning(here):
    begun = stamp(NOON)
    here.keep([replace(ALERT, sent_at=begun, started_at=begun)])

    (event,) = tell(here, LEADER, "alert.acknowledge", -600)

    assert event.at == NOON
    assert duty(here, LEADER).acknowledged_at == begun


def test_nobody_answers_a_text_that_is_still_to_come(here):
    (event,) = tell(here, LEADER, "alert.acknowledge", 2, edition=99)

    assert event.edition == ALERT.edition


def test_what_is_said_of_a_closed_warning_is_kept_and_opens_nothing(here):
    here.keep([replace(ALERT, state="closed", closes_at=stamp(NOON + timedelta(minutes=4)))])

    (event,) = tell(here, LEADER, "alert.acknowledge", 6)

    assert event.at == NOON + timedelta(minutes=6)
    assert here.get("alert", INCIDENT).state == "closed"


def test_an_id_from_before_two_warnings_were_found_to_be_one_still_counts(here):
    here.keep([Alert(id=uid(61), state="merged", merged_into=INCIDENT)])

    (event,) = tell(here, LEADER, "alert.acknowledge", 6, incident_id=uid(61))

    assert event.incident_id == INCIDENT
    assert duty(here, LEADER).acknowledged_at


def test_an_unknown_warning_is_waited_for(here):
    with pytest.raises(Missing):
        tell(here, LEADER, "alert.acknowledge", 1, incident_id=uid(99))


def test_nobody_hands_it_on_where_they_have_no_building(here):
    stranger = LEADER._replace(person_id=uid(45), building_ids=frozenset())

    with pytest.raises(Refusal, match=r"scope\.outside"):
        said = {"building_id": BUILDING.id, "edition": 1, "channel": "door"}
        tell(here, stranger, "alert.forward", 1, **said)


@pytest.mark.parametrize(
    ("kind", "data"),
    [
        ("alert.forward", {"building_id": uid(10), "edition": 0, "channel": "door"}),
        ("alert.forward", {"building_id": uid(10), "edition": 1, "channel": "pigeon"}),
        ("alert.confirm", {"building_id": uid(10), "how": "guess"}),
        ("alert.stand_down", {"reason": ""}),
        ("alert.acknowledge", {"who": "me"}),
    ],
)
def test_what_does_not_fit_is_refused(kind, data):
    with pytest.raises(Refusal, match=r"data\.misfit"):
        read_data(kind, msgspec.json.encode({"incident_id": INCIDENT, **data}))


def test_only_the_office_stands_a_warning_down(here):
    with pytest.raises(Refusal, match=r"role\.not_allowed"):
        tell(here, CHIEF, "alert.stand_down", 30, reason="过去了")

    tell(here, OFFICE, "alert.stand_down", 30, reason="过去了")

    alert = here.get("alert", INCIDENT)
    assert (alert.state, alert.closed_by, alert.edition) == ("closed", "麦咏诗", 2)
    assert alert.title == "解除雷雨大风黄色预警"
    for one in (duty(here, LEADER), duty(here, CHIEF)):
        assert (one.state, one.why, one.title) == ("closed", "stand_down", alert.title)
        assert one.message == alert.message and "解除" in one.message


def test_standing_down_twice_changes_nothing(here):
    tell(here, OFFICE, "alert.stand_down", 30, reason="过去了")
    before = dict(here.held)

    tell(here, OFFICE, "alert.stand_down", 40, reason="再说一次")

    assert here.held == before


def test_who_is_asked_by_name_is_visited_and_the_task_ends_with_the_first_outcome(here):
    task = ContactTask(
        id=id_of(INCIDENT, DOOR.id),
        incident_id=INCIDENT,
        household_id=DOOR.id,
        building_id=BUILDING.id,
        resident_ids=[ELDER.id],
    )
    here.keep([task])
    said = {"household_id": DOOR.id, "resident_ids": [ELDER.id], "method": "phone"}

    tell(here, CHIEF, "alert.contact", 20, outcome="no_answer", **said)
    tell(here, CHIEF, "alert.contact", 12, late=15, outcome="safe", **said)
    tell(here, CHIEF, "alert.contact", 40, outcome="needs_help", **said)

    done = here.get("contact_task", task.id)
    assert (done.state, done.outcome, done.is_late) == ("done", "safe", 1)
    assert done.at == stamp(NOON + timedelta(minutes=12))
