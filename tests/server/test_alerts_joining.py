"""A building changes hands while a warning holds: whoever leads it now is told."""

import pytest

from server.store import check
from tests.server.storms import duty, hand_in, hops, records, settle, storm

LEADER = {"name": "冯日华", "role": "leader", "phone": "19900000066", "username": "leader2"}


@pytest.fixture
def home(town):
    settle(town)
    town["office1"].submit("/office/people", **LEADER)
    return town


def person_of(town, username):
    with town.store.read() as tx:
        return tx.value("select id from person where username = :name", name=username)


def give(town, building, instead=""):
    """leader2 leads this building from today on."""
    form = {"building": town.building(building), "from_on": "2026-09-15", "instead": instead}
    answer = town["office1"].submit(
        f"/office/people/{person_of(town, 'leader2')}/buildings", **form
    )
    assert answer.status_code < 400, answer.text


def new_duty(town):
    found = [one for one in records(town, "duty") if one.person_id == person_of(town, "leader2")]
    return found[0] if found else None


def faults(town):
    with town.store.read() as tx:
        return list(check.faults(tx, town.clock.now))


def test_who_comes_to_lead_a_building_is_told_and_the_roster_stays(home, clock):
    incident = hand_in(home["office1"], storm(home))["incidents"][0]
    roster = home.intake.do(home.community, lambda writing: writing.records.roster(incident))
    clock.pass_(minutes=5)
    assert new_duty(home) is None

    give(home, "fenghuang")

    found = new_duty(home)
    assert (found.role, found.why, found.asked_at) == (
        "leader",
        "asked",
        "2026-09-15T02:05:00.000Z",
    )
    assert [one["name"] for one in found.buildings] == ["凤凰里 1栋"]
    assert (home.building("fenghuang"), "sent") in hops(home, incident)
    same = home.intake.do(home.community, lambda writing: writing.records.roster(incident))
    assert same == roster
    assert not faults(home)


def test_what_was_said_of_the_building_before_is_known(home, clock):
    incident = hand_in(home["office1"], storm(home))["incidents"][0]
    said = {"building_id": home.building("hongmian"), "edition": 1, "channel": "sms"}
    home.submit("leader1", "alert.forward", {"incident_id": incident, **said})
    clock.pass_(minutes=5)

    give(home, "hongmian", instead="1")

    (entry,) = new_duty(home).buildings
    assert (entry["forwarded_at"], entry["channel"]) == ("2026-09-15T02:00:00.000Z", "sms")
    assert not faults(home)


def test_what_is_over_or_a_drill_is_told_to_nobody_new(home, clock):
    hand_in(home["office1"], storm(home, status="Exercise"))
    hand_in(home["office1"], storm(home, "b", kind="暴雨"))
    hand_in(home["office1"], storm(home, "c", msgType="Cancel", refers="b"))

    give(home, "fenghuang")

    assert new_duty(home) is None


def test_who_stands_in_from_today_is_told(home, clock):
    hand_in(home["office1"], storm(home))
    clock.pass_(minutes=5)
    form = {"person": home.person("leader1"), "deputy": person_of(home, "leader2")}

    answer = home["office1"].submit(
        "/office/leaves", **form, from_on="2026-09-15", until_on="2026-09-16"
    )

    assert "请假已记" in answer.text
    assert [one["name"] for one in new_duty(home).buildings] == ["红棉苑 3栋"]
    assert duty(home, "leader1").state == "open"
    assert not faults(home)


def test_what_the_chief_says_of_it_afterwards_is_known_too(home, clock):
    incident = hand_in(home["office1"], storm(home))["incidents"][0]
    give(home, "fenghuang")
    clock.pass_(minutes=5)

    said = {"building_id": home.building("fenghuang"), "edition": 1, "channel": "door"}
    home.submit("chief", "alert.forward", {"incident_id": incident, **said})

    (entry,) = new_duty(home).buildings
    assert (entry["channel"], bool(entry["heard_at"])) == ("door", True)
