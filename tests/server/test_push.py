"""A phone that asks to be told of warnings while nobody looks at it."""

import json

import pytest

from server.alerts.push_keys import application_server_key
from server.store import pushes

ENDPOINT = "https://push.example.org/send/1"


def subscribe(member, endpoint=ENDPOINT, **more):
    told = {"endpoint": endpoint, "keys": {"p256dh": "p", "auth": "a"}, **more}
    return member.post("/push/subscriptions", json=told)


def told(town, *usernames):
    people = {town.person(one) for one in usernames}
    with town.store.read() as tx:
        found = tx.rows("select person_id, endpoint, keys from push_subscription")
    kept = [one for one in found if one["person_id"] in people]
    return [(one["person_id"], one["endpoint"], json.loads(one["keys"])) for one in kept]


def test_a_browser_is_given_the_installations_key(town, leader):
    key = leader.get("/push/key").json()["key"]

    assert key == application_server_key(town.app.state.settings.secret)


def test_a_phone_is_told_once_however_often_it_asks(town, leader):
    assert subscribe(leader, "https://push.example.org/old", expirationTime=None).status_code == 200
    subscribe(leader)
    subscribe(leader)

    found = told(town, "leader1", "worker1")
    assert found == [(town.person("leader1"), ENDPOINT, {"p256dh": "p", "auth": "a"})]


def test_a_phone_that_wants_no_more_is_told_no_more(town, leader, worker):
    subscribe(leader)
    subscribe(worker, "https://push.example.org/send/2")

    assert leader.post("/push/removals", json={}).status_code == 200

    assert [one[0] for one in told(town, "leader1", "worker1")] == [town.person("worker1")]


def test_a_browser_belongs_to_whoever_asked_last(town, leader, worker):
    subscribe(leader)
    subscribe(worker)

    assert [one[0] for one in told(town, "leader1", "worker1")] == [town.person("worker1")]


def test_a_browser_that_is_gone_is_asked_no_more(town, leader):
    subscribe(leader)

    town.intake.do(
        town.community, lambda writing: pushes.gone(writing.tx, town.community, ENDPOINT)
    )

    assert told(town, "leader1") == []


@pytest.mark.parametrize(
    "endpoint",
    ["", "http://push.example.org/1", "https://127.0.0.1/1", "https://localhost/1", "nonsense"],
)
def test_nothing_is_ever_sent_into_this_network(town, leader, endpoint):
    answer = subscribe(leader, endpoint)

    assert (answer.status_code, answer.json()["code"]) == (400, "push.endpoint")
    assert told(town, "leader1") == []


@pytest.mark.parametrize("body", [b"", b"[]", b"{", b'{"endpoint": 1}', b"[" * 4000, b"\xff"])
def test_what_cannot_be_read_is_refused(leader, body):
    answer = leader.post("/push/subscriptions", content=body)

    assert (answer.status_code, answer.json()["code"]) == (400, "body.unreadable")


def test_another_site_subscribes_nobody(town, leader):
    there = {"Sec-Fetch-Site": "cross-site"}
    answer = leader.post("/push/subscriptions", json={}, headers=there)

    assert answer.status_code == 403
