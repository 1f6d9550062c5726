"""结对: a volunteer or leader looks after somebody, and what they do counts as a visit."""

import uuid

import msgspec
import pytest

from server.store import feed
from tests.server.office import kept, rows_of

HX = {"HX-Request": "true"}


@pytest.fixture
def elder(town):
    return town.resident("huang")


def pair(town, **more):
    data = {"resident_id": town.resident("huang"), "name": "冯日华", "phone": "19900007001", **more}
    return town.submit("office1", "pairing.add", data).id


@pytest.fixture
def led(town):
    """A pair of the leader of the building."""
    number = {"household_id": town.household("huang"), "relation": "self", "phone": "19900000502"}
    town.submit("worker1", "contact.add", {**number, "resident_id": town.resident("huang")})
    return pair(town, name="陈桂枝", phone="", leader_id=town.person("leader1"))


def stream(town, name):
    with town.store.read() as tx:
        return feed.shown(tx, town.community, name)


def test_the_office_pairs_an_elder_with_a_volunteer(town, office, elder):
    page = f"/office/residents/{elder}/pairings"
    answer = office.submit(page, leader_id="", name="冯日华", phone="199 0000 7001")

    assert answer.status_code == 200
    assert "冯日华" in answer.text
    assert kept(town, "resident", elder).paired == 1
    assert "pairing" in kept(town, "household", town.household("huang")).due_reasons
    assert "冯日华" in office.get("/office/pairings").text
    assert (
        "冯日华 和 黄秀珍 结对"
        in town["worker1"].get(f"/households/{town.household('huang')}").text
    )


def test_a_worker_records_what_a_volunteer_did(town, worker, elder):
    pairing = pair(town)
    home = town.household("huang")
    form = {"result": "phone_ok", "resident_ids": elder, "pairing_id": pairing}

    assert "结对 冯日华" in worker.get(f"/households/{home}/visit").text
    worker.post(f"/households/{home}/visits", data=form)

    assert kept(town, "resident", elder).last_contact_on == "2026-09-15"
    assert kept(town, "pairing", pairing).contacted_on == "2026-09-15"
    (visit,) = rows_of(town, "visit")
    town.submit("worker1", "visit.withdraw", {"id": visit["id"]})
    assert kept(town, "pairing", pairing).contacted_on == ""


def test_a_leader_says_that_they_were_in_touch(town, led, elder):
    leader = town["leader1"]
    page = leader.get("/pairs").text
    assert "黄秀珍" in page and "19900000502" in page and "还没有记过联系" in page

    answer = leader.post(f"/pairs/{led}/contacts", data={"method": "phone"}, headers=HX)

    assert answer.status_code == 200
    assert "今天已联系" in answer.text
    (visit,) = rows_of(town, "visit")
    assert (visit["by_name"], visit["pairing_id"]) == ("陈桂枝", led)
    assert kept(town, "resident", elder).last_contact_on == "2026-09-15"
    assert kept(town, "resident", elder).last_method == "phone"


def test_a_leaders_phone_holds_the_pair_and_nothing_of_why(town, led):
    person, doors = town.person("leader1"), f"doors:{town.building('hongmian')}"
    (told,) = [one for one in stream(town, f"person:{person}") if one["id"] == led]
    assert told == {
        "id": led,
        "version": 1,
        "name": "黄秀珍",
        "label": "红棉苑 3栋 2单元 502",
        "phone": "19900000502",
        "contacted_on": "",
    }
    text = msgspec.json.encode([*stream(town, doors), told]).decode()
    for word in ("living_alone", "due_", "categor", "birth", "paired", "event"):
        assert word not in text, word


def test_a_pair_that_ended_leaves_the_leaders_phone(town, office, led, elder):
    office.submit(f"/office/pairings/{led}/endings")

    leader = town["leader1"]
    assert "还没有结对" in leader.get("/pairs").text
    assert kept(town, "resident", elder).paired == 0
    answer = leader.post(f"/pairs/{led}/contacts", data={"method": "phone"}, headers=HX)
    assert answer.status_code in (404, 422)


def test_a_contact_made_before_the_pair_ended_counts_when_it_arrives_later(
    town, office, led, elder
):
    office.submit(f"/office/pairings/{led}/endings")

    receipt = pushed(town, "leader1", "pairing.contact", {"id": led, "method": "phone"})

    assert receipt["outcome"] == "accepted"
    assert kept(town, "resident", elder).last_contact_on == "2026-09-15"
    assert kept(town, "pairing", led).status == "ended"


def test_a_contact_after_the_pair_ended_is_for_the_office_to_judge(town, office, led):
    office.submit(f"/office/pairings/{led}/endings")
    town.clock.pass_(days=1)

    at = "2026-09-16T10:00:00.000+08:00"
    receipt = pushed(town, "leader1", "pairing.contact", {"id": led, "method": "phone"}, at)

    assert (receipt["outcome"], receipt["code"]) == ("quarantined", "pairing.ended")
    assert not rows_of(town, "visit")
    (kept_back,) = rows_of(town, "quarantine", state="waiting")
    office.submit(f"/office/quarantine/{kept_back['key']}/acceptances")
    assert [one["pairing_id"] for one in rows_of(town, "visit")] == [led]


def test_nobody_looks_after_who_died(town, led, elder):
    home = town.household("huang")
    visit = {"household_id": home, "type": "routine", "method": "door", "result": "deceased"}
    town.submit("worker1", "visit.record", {**visit, "resident_ids": [elder]})

    assert kept(town, "pairing", led).status == "ended"
    assert "还没有结对" in town["leader1"].get("/pairs").text


def test_a_pair_goes_along_when_the_elder_moves_and_changes_number(town, led, elder):
    version = kept(town, "resident", elder).version
    change = {"id": elder, "changes": {"household_id": town.household("wu")}}
    town.submit("office1", "resident.change", change, version)

    pairing = kept(town, "pairing", led)
    assert (pairing.household_id, pairing.resident_phone) == (
        town.household("wu"),
        "19900000502",
    )
    (number,) = rows_of(town, "contact")
    change = {"id": number["id"], "changes": {"phone": "19900000999"}}
    town.submit("office1", "contact.change", change, number["version"])
    assert "19900000999" in town["leader1"].get("/pairs").text


def test_a_contact_sent_twice_is_one(town, led):
    form = {"method": "door", "form_id": str(uuid.uuid4())}
    leader = town["leader1"]
    leader.post(f"/pairs/{led}/contacts", data=form)
    leader.post(f"/pairs/{led}/contacts", data=form)

    assert len(rows_of(town, "visit")) == 1


def test_a_pair_of_somebody_else_is_nobodys_to_report(town):
    pairing = pair(town)
    answer = town["leader1"].post(
        f"/pairs/{pairing}/contacts", data={"method": "phone"}, headers=HX
    )

    assert answer.status_code in (403, 404, 422)
    assert not rows_of(town, "visit")
    receipt = pushed(town, "leader1", "pairing.contact", {"id": pairing, "method": "phone"})
    assert receipt["code"] == "pairing.not_yours"


@pytest.mark.parametrize("username", ["worker1", "leader1"])
def test_only_the_office_pairs(town, username, elder):
    data = {"resident_id": elder, "name": "冯日华"}

    assert pushed(town, username, "pairing.add", data)["code"] == "role.not_allowed"


def test_the_same_two_are_paired_once(town, office, elder):
    pair(town)
    answer = office.submit(
        f"/office/residents/{elder}/pairings", name="冯日华", phone="19900007001"
    )

    assert answer.status_code == 422
    assert "已经结对" in answer.text


def pushed(town, username, kind, data, at="2026-09-15T10:00:00.000+08:00"):
    """The receipt of an operation that a phone sends."""
    operation = {
        "id": str(uuid.uuid4()),
        "n": 1,
        "kind": kind,
        "at": at,
        "data": data,
    }
    answer = town[username].post(
        "/sync",
        json={
            "protocol": 1,
            "sent_at": at,
            "cursors": {},
            "limit": 0,
            "ops": [operation],
        },
    )
    return answer.json()["receipts"][0]
