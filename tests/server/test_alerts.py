"""A warning is handed in, everybody who has to know is told, and what they say comes back."""

import pytest

from server import jobs
from server.alerts import deciding
from server.store import check
from tests.server import storms
from tests.server.storms import duty, hand_in, hops, records, settle, storm, the_alert


@pytest.fixture
def home(town):
    settle(town)
    return town


def faults(town):
    with town.store.read() as tx:
        return list(check.faults(tx, town.clock.now))


def look(town):
    """The job that asks on."""
    return jobs.take_due_steps(town.intake)


def say(town, username, kind, incident, **data):
    return town.submit(username, kind, {"incident_id": incident, **data})


def test_a_yellow_storm_is_told_to_leaders_and_everybody_on_duty(home):
    answer = hand_in(home["office1"], storm(home))

    assert answer["outcome"] == "accepted"
    alert = the_alert(home)
    assert answer["incidents"] == [alert.id]
    assert (alert.state, alert.title, alert.edition) == ("open", "雷雨大风黄色预警", 1)
    assert "八级大风" in alert.message and "清龙社区" in alert.message
    assert len(alert.short) <= 67 and alert.guide and alert.is_verified
    assert alert.source == "清龙区气象台" and alert.area == "清龙区"
    people = {one.person_id: one.role for one in records(home, "duty")}
    assert people == {
        home.person("leader1"): "leader",
        home.person("chief"): "chief",
        home.person("secretary"): "secretary",
        **{home.person(one): "worker" for one in ("worker1", "worker2", "social1")},
    }
    assert duty(home, "worker1").buildings == []
    (own,) = duty(home, "leader1").buildings
    assert (own["name"], own["households"], own["is_own"]) == ("红棉苑 3栋", 2, 1)
    assert duty(home, "leader1").message == alert.message
    assert not faults(home)


def test_where_nobody_leads_the_chief_is_asked_at_once(home):
    hand_in(home["office1"], storm(home))

    found = duty(home, "chief")

    assert [one["name"] for one in found.buildings] == ["凤凰里 1栋"]
    assert found.why == "silence"


def test_silence_is_asked_about_by_the_minute_and_each_step_once(home, clock):
    hand_in(home["office1"], storm(home))
    chief_at_first = duty(home, "chief").buildings

    clock.pass_(minutes=2, seconds=59)
    look(home)
    assert duty(home, "leader1").why == "asked"

    clock.pass_(seconds=1)
    look(home)
    look(home)
    assert duty(home, "leader1").why == "repeat"
    assert duty(home, "leader1").version == 2

    clock.pass_(minutes=2)  # nobody could stand in: the chief is asked in the deputy's place
    look(home)
    assert len(duty(home, "chief").buildings) == len(chief_at_first) + 1
    (silent,) = [one for one in duty(home, "chief").buildings if one["name"] == "红棉苑 3栋"]
    assert silent["leader_name"] == "陈桂枝" and silent["silent_since"]

    clock.pass_(minutes=5)
    look(home)
    assert duty(home, "secretary").why == "silence"
    assert {one["name"] for one in duty(home, "secretary").buildings} == {
        *("红棉苑 3栋", "凤凰里 1栋", "荔香园 2栋")
    }
    version = duty(home, "secretary").version
    clock.pass_(hours=1)
    look(home)
    assert duty(home, "secretary").version == version
    assert not faults(home)


def test_for_red_all_of_it_is_twice_as_fast(home, clock):
    hand_in(home["office1"], storm(home, colour="红"))

    clock.pass_(minutes=1, seconds=30)
    look(home)

    assert duty(home, "leader1").why == "repeat"


def test_the_office_sets_the_minutes(home, clock):
    settle(home, alert_minutes={"repeat": 7})
    hand_in(home["office1"], storm(home))

    clock.pass_(minutes=4)
    look(home)
    assert duty(home, "leader1").why == "asked"
    clock.pass_(minutes=3)
    look(home)
    assert duty(home, "leader1").why == "repeat"


def test_who_has_answered_is_not_asked_again(home, clock):
    incident = hand_in(home["office1"], storm(home))["incidents"][0]
    clock.pass_(minutes=1)
    say(home, "leader1", "alert.acknowledge", incident, edition=1)

    clock.pass_(minutes=20)
    look(home)

    assert duty(home, "leader1").why == "asked"
    assert "红棉苑 3栋" not in [one["name"] for one in duty(home, "chief").buildings]


def test_what_a_leader_says_is_seen_by_whoever_was_asked_about_them(home, clock):
    incident = hand_in(home["office1"], storm(home))["incidents"][0]
    clock.pass_(minutes=12)
    look(home)
    building = home.building("hongmian")

    said = {"building_id": building, "edition": 1, "channel": "wechat"}
    say(home, "leader1", "alert.forward", incident, **said)

    for username in ("leader1", "chief", "secretary"):
        (found,) = [one for one in duty(home, username).buildings if one["id"] == building]
        assert found["forwarded_at"] and found["heard_at"], username
    assert hops(home, incident)[building, "forwarded"]["channel"] == "wechat"
    assert not faults(home)


def test_a_renewal_wakes_nobody_and_a_worse_colour_everybody(home, clock):
    incident = hand_in(home["office1"], storm(home))["incidents"][0]
    building = home.building("hongmian")
    say(home, "leader1", "alert.forward", incident, building_id=building, edition=1, channel="sms")
    before = duty(home, "leader1")

    clock.pass_(hours=1)
    renewed = storm(home, "b", action="继续发布", msgType="Update", refers="a")
    hand_in(home["office1"], renewed)
    after = duty(home, "leader1")
    assert after.ends_at > before.ends_at
    assert (after.edition, after.asked_at, after.message) == (1, before.asked_at, before.message)

    clock.pass_(hours=1)
    worse = storm(home, "c", colour="橙", action="变更发布", msgType="Update", refers="b")
    hand_in(home["office1"], worse)

    told = duty(home, "leader1")
    assert (told.edition, told.colour, told.why) == (2, "orange", "asked")
    assert told.acknowledged_at == "" and "橙色" in told.message
    assert told.buildings[0]["edition"] == 1  # what was handed on is the old text
    assert the_alert(home).edition == 2
    clock.pass_(minutes=3)
    look(home)
    assert duty(home, "leader1").why == "repeat"
    assert not faults(home)


def test_a_cancel_goes_the_same_way_to_exactly_those_who_were_told(home, clock):
    incident = hand_in(home["office1"], storm(home))["incidents"][0]
    told = {one.id for one in records(home, "duty")}
    clock.pass_(minutes=30)

    hand_in(home["office1"], storm(home, "c", msgType="Cancel", refers="a"))

    alert = the_alert(home)
    assert (alert.id, alert.state, alert.edition) == (incident, "closed", 2)
    assert {one.id for one in records(home, "duty")} == told
    for one in records(home, "duty"):
        assert (one.why, one.state, one.title) == ("stand_down", "closed", "解除雷雨大风黄色预警")
        assert all(entry["is_own"] for entry in one.buildings)
    clock.pass_(minutes=20)
    version = duty(home, "leader1").version
    look(home)
    assert duty(home, "leader1").version == version
    assert not faults(home)


def test_an_answer_from_before_the_cancel_counts_and_one_from_after_reopens_nothing(home, clock):
    incident = hand_in(home["office1"], storm(home))["incidents"][0]
    clock.pass_(minutes=30)
    hand_in(home["office1"], storm(home, "c", msgType="Cancel", refers="a"))

    clock.pass_(minutes=1)
    assert say(home, "leader1", "alert.acknowledge", incident, edition=2).outcome == "accepted"

    assert the_alert(home).state == "closed"
    assert duty(home, "leader1").acknowledged_at
    assert (home.building("hongmian"), "acknowledged") in hops(home, incident)


def test_it_is_over_by_itself_and_nobody_is_woken(home, clock):
    hand_in(home["office1"], storm(home, hours="1"))
    before = duty(home, "leader1")

    clock.pass_(hours=1, seconds=1)
    look(home)

    assert the_alert(home).state == "expired"
    after = duty(home, "leader1")
    assert (after.state, after.edition, after.asked_at) == ("expired", 1, before.asked_at)
    assert after.title == before.title


def test_the_office_ends_it(home, clock):
    incident = hand_in(home["office1"], storm(home))["incidents"][0]

    say(home, "office1", "alert.stand_down", incident, reason="风停了")
    look(home)

    assert the_alert(home).closed_by == "麦咏诗"
    assert duty(home, "leader1").why == "stand_down"
    clock.pass_(minutes=5)
    again = storm(home, "b", action="继续发布", msgType="Update", refers="a")
    hand_in(home["office1"], again)
    assert the_alert(home).state == "closed"
    clock.pass_(minutes=5)
    worse = storm(home, "c", colour="红", action="变更发布", msgType="Update", refers="b")
    hand_in(home["office1"], worse)
    assert the_alert(home).state == "open"
    assert duty(home, "leader1").state == "open"
    assert not faults(home)


@pytest.mark.parametrize("status", ["Test", "Exercise", "Draft", "System"])
def test_a_drill_never_leaves_the_staff(home, status):
    hand_in(home["office1"], storm(home, status=status))

    told = {one.person_id for one in records(home, "duty")}
    assert told == {home.person("chief"), home.person("secretary")}
    for one in (the_alert(home), *records(home, "duty")):
        assert one.title.startswith("【演练】")
        assert one.message.startswith("【演练】") and one.short.startswith("【演练】")


@pytest.mark.parametrize(
    "scope", [{"scope": "Restricted", "restriction": "内部"}, {"scope": "Private"}]
)
def test_what_is_not_public_never_reaches_leaders(home, scope):
    hand_in(home["office1"], storm(home, **scope))

    assert home.person("leader1") not in {one.person_id for one in records(home, "duty")}


def test_at_night_households_wait_for_the_morning_and_leaders_are_asked_then(home, clock):
    clock.pass_(hours=13)  # 23:00
    hand_in(home["office1"], storm(home, hours="12"))

    alert = the_alert(home)
    assert alert.from_at == "2026-09-15T23:00:00.000Z"
    assert duty(home, "leader1").asked_at == alert.from_at
    clock.pass_(minutes=30)
    look(home)
    assert duty(home, "leader1").why == "asked"
    clock.pass_(hours=7, minutes=33)
    look(home)
    assert duty(home, "leader1").why == "repeat"


def test_what_changes_at_night_is_asked_in_the_morning_too(home, clock):
    clock.pass_(hours=13)
    hand_in(home["office1"], storm(home, hours="12"))
    clock.pass_(minutes=30)

    sooner = storm(home, "b", msgType="Update", refers="a", area=storms.PLACE[:4] + "00", hours="9")
    hand_in(home["office1"], sooner)

    assert duty(home, "leader1").edition == 2
    assert duty(home, "leader1").asked_at == the_alert(home).from_at == "2026-09-15T23:00:00.000Z"
    assert duty(home, "chief").asked_at < the_alert(home).from_at


def test_orange_wakes_people_at_night(home, clock):
    clock.pass_(hours=13)
    hand_in(home["office1"], storm(home, colour="橙"))

    assert the_alert(home).from_at == the_alert(home).started_at


def test_a_warning_for_another_place_is_kept_and_told_to_nobody(home):
    answer = hand_in(home["office1"], storm(home, area="510100"))

    assert answer["outcome"] == "accepted" and answer["incidents"] == []
    assert records(home, "alert") == []


def test_an_area_that_nothing_can_be_said_of_waits_for_the_office(town):
    incident = hand_in(town["office1"], storm(town))["incidents"][0]
    alert = the_alert(town)
    assert (alert.state, alert.started_at) == ("waiting", "")
    assert records(town, "duty") == []
    changes = storms.decoded(town["worker1"].post("/sync", json={"ops": []}))["changes"]
    assert "alert" not in {one["kind"] for one in changes}

    town.intake.do(town.community, lambda writing: deciding.accept(writing, incident))

    assert the_alert(town).state == "open"
    assert duty(town, "leader1").state == "open"
    assert not faults(town)


def test_what_the_office_says_is_not_ours_stays_so(town, clock):
    incident = hand_in(town["office1"], storm(town))["incidents"][0]
    say(town, "office1", "alert.stand_down", incident, reason="不属于本社区")

    clock.pass_(minutes=5)
    hand_in(town["office1"], storm(town, "b", colour="红", msgType="Update", refers="a"))

    assert the_alert(town).state == "dismissed"
    assert records(town, "duty") == []


def test_an_update_that_moves_away_ends_it_for_us(home, clock):
    hand_in(home["office1"], storm(home))
    clock.pass_(minutes=5)

    hand_in(home["office1"], storm(home, "b", area="510100", msgType="Update", refers="a"))

    assert the_alert(home).state == "closed"
    assert duty(home, "leader1").why == "stand_down"


@pytest.mark.parametrize(
    ("damage", "said"),
    [
        ("update duty set edition = 7", "says otherwise"),
        ("update alert_hop set at = '2026-01-01T00:00:00.000Z'", "not the first"),
        ("delete from alert_event", "not the first"),
        ("update alert_message set incident_id = 'nowhere'", "not there"),
        ("update duty set message = 'x'", "differs from its table"),
    ],
)
def test_the_check_finds_what_does_not_fit(home, damage, said):
    hand_in(home["office1"], storm(home))
    assert not faults(home)

    home.intake.do(home.community, lambda writing: writing.tx.run(damage))

    assert said in " ".join(faults(home))


def test_what_was_over_long_ago_leaves_the_phones(home, clock):
    hand_in(home["office1"], storm(home, hours="1"))
    clock.pass_(hours=2)
    look(home)
    assert jobs.age_alerts(home.intake, home.community) == 0

    clock.pass_(days=14)
    assert jobs.age_alerts(home.intake, home.community) == 1

    changes = storms.decoded(home["leader1"].post("/sync", json={"ops": []}))["changes"]
    assert [one["record"] for one in changes if one["kind"] == "duty"] in ([], [None])
    assert the_alert(home).state == "expired"
    assert not faults(home)


def test_what_is_for_everybody_only_later_reaches_leaders_then(home, clock):
    hand_in(home["office1"], storm(home, scope="Private"))
    clock.pass_(minutes=5)

    hand_in(home["office1"], storm(home, "b", msgType="Update", refers="a"))

    assert duty(home, "leader1").why == "asked"
    assert duty(home, "leader1").buildings[0]["name"] == "红棉苑 3栋"
    assert duty(home, "chief").edition == duty(home, "leader1").edition == 2
    clock.pass_(minutes=3)
    look(home)
    assert duty(home, "leader1").why == "repeat"
    assert not faults(home)


def test_words_for_the_staff_alone_do_not_reach_who_was_told_before(home, clock):
    hand_in(home["office1"], storm(home))
    before = duty(home, "leader1")
    clock.pass_(minutes=5)

    inside = storm(home, "b", msgType="Update", refers="a", colour="红", scope="Private")
    hand_in(home["office1"], inside)

    assert duty(home, "leader1") == before
    assert duty(home, "chief").colour == "red"
    clock.pass_(minutes=5)
    hand_in(home["office1"], storm(home, "c", msgType="Cancel", refers="b"))
    assert duty(home, "leader1").why == "stand_down"
    assert not faults(home)


def test_an_exercise_that_names_a_real_warning_is_no_part_of_it(home, clock):
    hand_in(home["office1"], storm(home))
    before = duty(home, "leader1")
    clock.pass_(minutes=5)

    drill = storm(home, "b", status="Exercise", msgType="Update", refers="a", colour="红")
    hand_in(home["office1"], drill)

    assert duty(home, "leader1") == before
    assert {one.is_drill for one in records(home, "alert")} == {0, 1}


def test_an_answer_to_the_end_is_none_to_what_begins_again(home, clock):
    incident = hand_in(home["office1"], storm(home))["incidents"][0]
    clock.pass_(minutes=5)
    hand_in(home["office1"], storm(home, "c", msgType="Cancel", refers="a"))
    say(home, "leader1", "alert.acknowledge", incident, edition=2)
    clock.pass_(minutes=5)

    hand_in(home["office1"], storm(home, "d", msgType="Update", refers="c"))

    assert duty(home, "leader1").edition == 3
    assert duty(home, "leader1").acknowledged_at == ""
    clock.pass_(minutes=3)
    look(home)
    assert duty(home, "leader1").why == "repeat"


def test_one_that_is_over_and_one_that_holds_are_one_that_holds(home, clock):
    hand_in(home["office1"], storm(home))
    clock.pass_(minutes=5)
    hand_in(home["office1"], storm(home, "b", msgType="Update", action="解除", refers="a"))
    clock.pass_(minutes=5)
    hand_in(home["office1"], storm(home, "c"))
    clock.pass_(minutes=5)

    hand_in(home["office1"], storm(home, "d", msgType="Update", refers="a c"))

    assert sorted(one.state for one in records(home, "alert")) == ["merged", "open"]
    (held,) = [
        one
        for one in records(home, "duty")
        if one.person_id == home.person("leader1") and not one.is_past
    ]
    assert held.state == "open"


def test_what_the_office_ended_begins_again_once_its_text_had_run_out(home, clock):
    incident = hand_in(home["office1"], storm(home, hours="2"))["incidents"][0]
    clock.pass_(minutes=30)
    say(home, "office1", "alert.stand_down", incident, reason="风停了")
    clock.pass_(hours=1)
    hand_in(home["office1"], storm(home, "b", hours="1"))
    assert the_alert(home).state == "closed"

    clock.pass_(hours=2)
    hand_in(home["office1"], storm(home, "c"))

    assert the_alert(home).state == "open"
    assert (duty(home, "leader1").why, duty(home, "leader1").state) == ("asked", "open")
    assert not faults(home)
