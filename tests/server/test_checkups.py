"""What is asked at doors, through the real intake: who holds it, and what follows exactly once."""

import json
from datetime import timedelta

import pytest
from msgspec.structs import replace

from server import forgetting, setup
from server.store import feed, people
from sync.followups import flagged_id
from sync.scope import streams_of
from tests.server.spine import Spine, visit_data

DAY = timedelta(days=1)


@pytest.fixture
def spine(tmp_path):
    spine = Spine(tmp_path)
    yield spine
    faults = spine.faults()
    spine.stop()
    assert faults == []


def checkup(spine, version=1, consent="", **said):
    answers = {name: {"value": value} for name, value in said.items()}
    return {
        "resident_id": spine.elder,
        "checklist_id": "CK-ELDER",
        "version": version,
        "answers": answers,
        "consent": consent,
    }


def asking(phone, spine, **said):
    return phone.visit(
        spine.door, type="elder_care", resident_ids=[spine.elder], checkups=[checkup(spine, **said)]
    )


def followups(spine, status="open"):
    rows = spine.rows(
        "select id from followup where status = :status and item <> '' order by id", status=status
    )
    return [spine.get("followup", row["id"]) for row in rows]


def held_by(spine, username, role, buildings):
    """All that the phone of a person holds, as one text."""
    streams = streams_of(role, spine.people[username], spine.home, buildings)
    with spine.store.read() as tx:
        return {stream: str(feed.shown(tx, spine.home, stream)) for stream in streams}


def test_every_community_begins_with_the_first_editions(spine):
    rows = spine.rows("select code, edition from checklist order by code")

    assert ("CK-ELDER", 1) in [(row["code"], row["edition"]) for row in rows]
    assert len(rows) == 7
    held = held_by(spine, "worker1", "worker", [spine.building])
    assert "今天有无不适" in held[f"community:{spine.home}"] or "E04" in str(held)


def test_a_community_of_an_earlier_release_gets_them_once(spine):
    def forget(writing):
        for one in writing.records.checklists():
            writing.records.remove("checklist", one.id)
            writing.feed.hide(one)
        writing.flush()

    spine.intake.do(spine.home, forget)
    before = spine.rows("select seq from stream where stream = :s", s=f"community:{spine.home}")
    setup.complete(spine.intake)
    after = spine.rows("select seq from stream where stream = :s", s=f"community:{spine.home}")
    setup.complete(spine.intake)

    assert len(spine.rows("select id from checklist")) == 7
    assert after[0]["seq"] == before[0]["seq"] + 1
    assert (
        spine.rows("select seq from stream where stream = :s", s=f"community:{spine.home}") == after
    )


def test_scenario_5_one_sided_weakness_sent_three_times_is_one_followup(spine):
    phone = spine.phone("worker1")
    visit = asking(phone, spine, E04=["stroke"])

    outcomes = [phone.push(visit)[0].outcome for _ in range(2)]
    outcomes += [one.outcome for one in phone.push(visit, visit)]

    assert outcomes == ["accepted", "duplicate", "duplicate", "duplicate"]
    (one,) = followups(spine)
    assert (one.level, one.item, len(one.entries)) == ("now", "CK-ELDER.E04", 1)


def test_two_workers_offline_at_one_person_make_one_followup(spine):
    first, second = spine.phone("worker1"), spine.phone("worker1")
    earlier = asking(first, spine, E04=["stroke"])
    later = asking(second, spine, E04=["stroke"])

    assert second.push(later)[0].outcome == "accepted"
    assert first.push(earlier)[0].outcome == "accepted"

    (one,) = followups(spine)
    assert [entry["at"] for entry in one.entries] == sorted(entry["at"] for entry in one.entries)
    assert len(one.entries) == 2


def test_what_the_second_phone_closes_under_its_own_name_is_closed(spine):
    first, second = spine.phone("worker1"), spine.phone("worker1")
    visit = asking(second, spine, E04=["stroke"])
    mine = flagged_id(id_of(visit), spine.elder, "CK-ELDER.E04")
    close = second.record("followup.close", {"id": mine, "result": "送医"})
    assert first.push(asking(first, spine, E04=["stroke"]))[0].outcome == "accepted"

    # The closing arrives before its visit does, and waits for it.
    assert second.push(close)[0].outcome == "held"
    assert second.push(visit)[0].outcome == "accepted"

    assert followups(spine) == []
    (one,) = followups(spine, "closed")
    assert (one.result, len(one.entries)) == ("送医", 2)


def test_a_followup_is_opened_when_what_was_held_comes(spine):
    phone = spine.phone("worker1")
    home = phone.record("resident.add", {"household_id": spine.door, "name": "新来的"})
    data = visit_data(spine.door, checkups=[{**checkup(spine, E04=["fever"])}])
    data["checkups"][0]["resident_id"] = id_of(home)
    visit = phone.record("visit.record", data)

    assert phone.push(visit)[0].outcome == "held"
    assert followups(spine) == []
    assert phone.push(home)[0].outcome == "accepted"

    (one,) = followups(spine)
    assert one.resident_id == id_of(home)


def test_what_was_kept_for_the_office_is_followed_up_when_it_is_accepted(spine):
    stranger = spine.phone("worker2")
    visit = asking(stranger, spine, E04=["stroke"])
    assert stranger.push(visit)[0].outcome == "quarantined"
    assert followups(spine) == []

    spine.submit("quarantine.decide", {"key": id_of(visit), "decision": "accept"})

    assert len(followups(spine)) == 1


def test_what_was_recorded_before_a_hand_over_is_followed_up_after_it(spine):
    phone = spine.phone("worker1")
    visit = asking(phone, spine, E04=["stroke"])
    hand_over(spine, "worker1", "worker2")

    assert phone.push(visit)[0].outcome == "accepted"

    (one,) = followups(spine)
    held = held_by(spine, "worker2", "worker", [spine.building])
    assert one.id in held[f"building:{spine.building}"]


@pytest.mark.parametrize("version", [1, 99])
def test_f18_a_visit_is_accepted_whatever_it_was_asked_by(spine, version):
    phone = spine.phone("worker1")
    said = checkup(spine, version=version, E04=["flown"], X1="?")
    said["answers"]["X1"] |= {"asked": "旧问题", "said": ["旧选项"]}

    data = visit_data(spine.door, checkups=[said, {**said, "checklist_id": "CK-OLD"}])

    assert phone.send("visit.record", data).outcome == "accepted"
    assert followups(spine) == []


def test_f18_a_visit_under_the_old_edition_is_accepted_after_the_new_one(spine):
    phone = spine.phone("worker1")
    visit = asking(phone, spine, E04=["stroke"])
    receipt = spine.submit("checklist.publish", edition(2))
    assert receipt.outcome == "accepted"

    assert phone.push(visit)[0].outcome == "accepted"

    (kept,) = spine.get("visit", id_of(visit)).checkups
    assert kept["version"] == 1
    assert kept["answers"]["E04"]["said"] != []
    assert len(followups(spine)) == 1


def edition(number):
    return {
        "code": "CK-ELDER",
        "edition": number,
        "title": "老人探访",
        "purpose": "elder",
        "sections": [{"id": "S", "label": "健康"}],
        "questions": [{"id": "E99", "section": "S", "type": "text", "ask": "还好吗"}],
    }


def test_only_the_office_publishes_and_only_workers_and_office_note_consent(spine):
    worker, leader = spine.phone("worker1"), spine.phone("leader1")
    far = spine.phone("worker2")
    said = {"resident_id": spine.elder, "consent": "no"}

    assert worker.send("checklist.publish", edition(2)).code == "role.not_allowed"
    assert leader.send("consent.record", said).code == "role.not_allowed"
    assert far.send("consent.record", said).code == "scope.outside"
    assert worker.send("consent.record", said).outcome == "accepted"
    assert spine.get("resident", spine.elder).consent == "no"


def test_what_a_leader_holds_tells_nothing_of_it(spine):
    phone = spine.phone("worker1")
    phone.push(asking(phone, spine, consent="yes", E04=["stroke"], E13="suspected", E26="phone"))

    held = held_by(spine, "leader1", "leader", [spine.building])

    assert spine.elder in str(held)
    for word in ("CK-ELDER", "E04", "stroke", "consent", "visit_wish", "living_alone", "suspected"):
        assert word not in str(held)
    kinds = spine.rows("select distinct kind from feed where stream like 'doors:%'")
    assert {row["kind"] for row in kinds} == {"building", "household", "resident"}


def test_what_is_for_the_office_alone_is_in_no_stream(spine):
    phone = spine.phone("worker1")
    visit = asking(phone, spine, E13="suspected", E04=["none"])
    assert phone.push(visit)[0].outcome == "accepted"

    (one,) = followups(spine)
    assert one.restricted == 1
    rows = spine.rows("select record from feed where stream not like 'community:%'")
    assert not [row for row in rows if "suspected" in str(row) or one.id in str(row)]
    kept = spine.get("visit", id_of(visit)).checkups[0]["answers"]
    assert kept["E13"]["value"] == "suspected"
    assert spine.submit("followup.close", {"id": one.id, "result": "已处理"}).outcome == "accepted"


def test_asking_leaves_no_trace_in_the_audit(spine):
    phone = spine.phone("worker1")
    before = spine.rows("select count(*) as count from audit")

    phone.push(asking(phone, spine, consent="yes", E04=["stroke"]))

    assert spine.rows("select count(*) as count from audit") == before


def test_answers_go_after_two_years_and_visits_stay(spine):
    phone = spine.phone("worker1")
    old = asking(phone, spine, consent="yes", E02="bed", E04=["stroke"], E26="phone")
    phone.push(old)
    spine.clock.now += 700 * DAY
    new = asking(phone, spine, E04=["fever"])
    phone.push(new)
    assert forgetting.every_rule(spine.intake, spine.home, b"")["answers"] == {}
    spine.clock.now += 31 * DAY

    went = forgetting.every_rule(spine.intake, spine.home, b"")["answers"]
    assert went == {"answers": 1, "newest": 1}
    spine.clock.now += DAY
    assert forgetting.every_rule(spine.intake, spine.home, b"")["answers"] == {}

    assert spine.get("visit", id_of(old)).checkups == []
    assert spine.get("visit", id_of(new)).checkups != []
    left = spine.get("answers", spine.elder).items
    assert left.keys() == {"asked", "consent", "CK-ELDER.E26", "CK-ELDER.E04"}
    assert [len(one.entries) for one in followups(spine)] == [2]
    assert spine.get("resident", spine.elder).visit_wish == "phone"


def test_the_check_names_a_second_open_followup(tmp_path):
    spine = Spine(tmp_path)
    phone = spine.phone("worker1")
    phone.push(asking(phone, spine, E04=["stroke"]))
    (one,) = followups(spine)

    def double(writing):
        writing.records.add(replace(one, id=spine.new_id(), visit_id=spine.new_id()))

    spine.intake.do(spine.home, double)
    faults = spine.faults()
    spine.stop()

    assert any("is open 2 times" in said for said in faults)
    assert any("comes from no visit" in said for said in faults)
    assert any("has the name of no visit" in said for said in faults)


def id_of(raw):
    return json.loads(raw)["id"]


def hand_over(spine, giver, taker):
    def work(writing):
        gone = spine.people[giver]
        writing.tx.run(
            "update person_building set until_on = '2026-09-14' where person_id = :p", p=gone
        )
        people.assign(writing.tx, spine.home, spine.people[taker], spine.building, "2026-09-15")

    spine.intake.do(spine.home, work)
