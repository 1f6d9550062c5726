"""POST /api/alerts: who may hand a warning in, what is answered, which phones have fetched it."""

import os
from datetime import UTC, datetime, timedelta

import pytest
from apscheduler.schedulers.background import BackgroundScheduler

from server import jobs
from server.alerts.deliveries import Deliveries
from server.settings import Settings, SettingsProblem, from_environment
from tests.alerts.messages import SAMPLES, sample
from tests.server import town as making
from tests.server.storms import PLACE, duty, events, hand_in, hops, settle, storm, the_alert
from tests.server.town import SECRET

TOKEN = "a-token-that-is-long-enough"


@pytest.fixture
def home(town):
    settle(town)
    return town


def post(member, content, **headers):
    return member.post("/api/alerts", content=content, headers=headers)


def bearer(member):
    return {"Authorization": f"Bearer {member.token}"}


@pytest.mark.parametrize("username", ["office1", "secretary", "street", "admin"])
def test_the_office_the_street_and_the_admin_hand_warnings_in(home, username):
    member = home[username]

    answer = post(home.nobody(), storm(home), **bearer(member))

    assert answer.status_code == 200
    assert answer.json()["outcome"] == "accepted"


@pytest.mark.parametrize("username", ["worker1", "leader1", "chief", "social1"])
def test_nobody_else_does_and_it_is_written_down(home, username):
    answer = post(home.nobody(), storm(home), **bearer(home[username]))

    assert answer.status_code == 403 and answer.json()["code"]
    assert [one["target"] for one in home.audit("denied")] == ["/api/alerts"]


@pytest.mark.parametrize("token", ["", "Bearer nonsense"])
def test_without_a_token_it_is_401(home, token):
    answer = post(home.nobody(), storm(home), **({"Authorization": token} if token else {}))

    assert answer.status_code == 401 and answer.json()["code"] == "signin.needed"


def test_a_page_of_somebody_else_cannot_make_the_office_do_it(home):
    answer = post(home["office1"], storm(home), **{"Sec-Fetch-Site": "cross-site"})

    assert answer.status_code == 403


def test_a_token_of_the_settings_is_of_its_community(made_town, tmp_path):
    for tokens in ({"": TOKEN}, {making.COMMUNITY: TOKEN}):
        folder = tmp_path / str(len(os.listdir(tmp_path)))
        folder.mkdir()
        settings = Settings(data=folder, secret=SECRET, alert_tokens=tokens)
        with making.run(made_town, folder, settings) as town:
            settle(town)
            headers = {"Authorization": f"Bearer {TOKEN}"}
            assert post(town.nobody(), storm(town), **headers).json()["outcome"] == "accepted"
            assert the_alert(town).state == "open"


def test_a_token_of_another_community_opens_nothing(made_town, tmp_path):
    settings = Settings(data=tmp_path, secret=SECRET, alert_tokens={"somewhere": TOKEN})
    with making.run(made_town, tmp_path, settings) as town:
        answer = post(town.nobody(), storm(town), Authorization=f"Bearer {TOKEN}")
        assert answer.status_code == 401


def test_the_setting_names_a_token_or_one_for_each_community(tmp_path, monkeypatch):
    monkeypatch.setenv("JINLIN_ALERT_TOKEN", f"one={TOKEN} two={TOKEN}2")
    assert from_environment(str(tmp_path)).alert_tokens == {"one": TOKEN, "two": f"{TOKEN}2"}
    monkeypatch.setenv("JINLIN_ALERT_TOKEN", "short")
    with pytest.raises(SettingsProblem):
        from_environment(str(tmp_path))


def test_the_answer_says_what_was_understood(home):
    found = hand_in(home["office1"], storm(home, "b", msgType="Update", refers="a"))

    (alert,) = found["alerts"]
    assert alert["references"] == [["QingLong", "a"]]
    assert (alert["sender"], alert["identifier"], alert["status"]) == ("QingLong", "b", "Actual")
    (info,) = alert["infos"]
    assert set(info) >= {
        *("language", "event", "severity", "urgency", "certainty", "expires", "area_desc"),
        *("polygons", "circles", "geocodes"),
    }
    assert info["geocodes"] == [["x", PLACE[:6]]]


def test_the_same_once_more_is_a_duplicate_and_tells_nobody(home):
    text = storm(home)
    hand_in(home["office1"], text)
    before = duty(home, "leader1")

    again = hand_in(home["office1"], text)

    assert again["outcome"] == "duplicate" and again["alerts"]
    assert duty(home, "leader1") == before


@pytest.mark.parametrize("path", sorted(SAMPLES.glob("*.xml")), ids=lambda one: one.stem)
def test_every_sample_is_taken_in(home, path):
    found = hand_in(home["office1"], sample(path.stem))

    assert found["outcome"] in ("accepted", "accepted_with_warnings")
    assert len(found["alerts"]) == 1


@pytest.mark.parametrize(
    "body", [b"", b"<html></html>", b"<!DOCTYPE a><a/>", b"\xff\xfe", b"<alert", b"[]" * 50]
)
def test_what_cannot_be_read_is_refused_with_a_reason(home, body):
    answer = post(home.nobody(), body, **bearer(home["office1"]))

    assert answer.status_code == 422
    assert answer.json()["outcome"] == "rejected" and answer.json()["reason"]
    assert answer.json()["alerts"] == []


def test_what_is_too_big_is_refused_without_being_held(home):
    answer = post(home.nobody(), b"<a>" + b"x" * 3_000_000, **bearer(home["office1"]))

    assert answer.status_code == 413
    assert answer.json()["outcome"] == "rejected" and "2 MB" in answer.json()["reason"]


def pull(member, cursors=None):
    body = {"ops": [], **({"cursors": cursors} if cursors else {})}
    return member.post("/sync", json=body, headers=bearer(member)).json()


def test_a_warning_is_delivered_when_the_phones_cursor_has_passed_it(home, clock):
    leader = home["leader1"]
    before = pull(leader)["cursors"]
    incident = hand_in(home["office1"], storm(home))["incidents"][0]
    building = home.building("hongmian")

    fetched = pull(leader, before)
    assert "duty" in {one["kind"] for one in fetched["changes"]}
    home.intake.do(home.community, lambda writing: None)
    assert (building, "delivered") not in hops(home, incident)

    clock.pass_(seconds=9)
    pull(leader, {**before, **fetched["cursors"]})
    pull(leader, {**before, **fetched["cursors"]})
    home.intake.do(home.community, lambda writing: None)

    found = hops(home, incident)[building, "delivered"]
    assert found["at"] == "2026-09-15T02:00:09.000Z"
    told = [one for one in events(home, incident) if one.hop == "delivered"]
    assert len(told) == 1


def test_cursors_of_another_epoch_say_nothing(home):
    leader = home["leader1"]
    incident = hand_in(home["office1"], storm(home))["incidents"][0]
    mine = f"person:{home.person('leader1')}"

    body = {"ops": [], "epoch": "another", "cursors": {mine: 10_000}}
    leader.post("/sync", json=body, headers=bearer(leader))
    home.intake.do(home.community, lambda writing: None)

    assert (home.building("hongmian"), "delivered") not in hops(home, incident)


def test_a_server_that_was_started_again_still_notices(home, clock):
    incident = hand_in(home["office1"], storm(home))["incidents"][0]
    deliveries = Deliveries(home.intake)

    assert (home.community, home.person("leader1")) in deliveries._moved
    assert incident


def test_a_leaders_phone_holds_its_duty_and_nothing_else_of_it(home):
    hand_in(home["office1"], storm(home))

    changes = pull(home["leader1"])["changes"]

    assert {one["kind"] for one in changes} & {"alert", "duty", "contact_task"} == {"duty"}
    (record,) = [one["record"] for one in changes if one["kind"] == "duty"]
    said = str(record)
    assert "黄秀珍" not in said and "502" not in said and "living_alone" not in said


def test_a_workers_phone_holds_the_warning(home):
    hand_in(home["office1"], storm(home))

    changes = pull(home["worker1"])["changes"]

    (record,) = [one["record"] for one in changes if one["kind"] == "alert"]
    assert record["title"] == "雷雨大风黄色预警"


def test_what_falls_due_before_the_next_look_has_a_time_of_its_own(home, clock):
    scheduler = BackgroundScheduler()
    jobs.ask_on(scheduler, home.intake)
    (every,) = scheduler.get_jobs()
    hand_in(home["office1"], storm(home))

    every.func()
    assert scheduler.get_jobs() == [every]
    clock.pass_(minutes=2, seconds=58)
    before = datetime.now(UTC)
    every.func()

    (exactly,) = [one for one in scheduler.get_jobs() if one.id == "alerts exactly"]
    wait = exactly.trigger.run_date - before
    assert timedelta(seconds=2) <= wait < timedelta(seconds=4)
    clock.pass_(seconds=2)
    exactly.func()
    assert duty(home, "leader1").why == "repeat"
