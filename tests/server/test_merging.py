"""F16: two records that are one. Work that names the dropped one is never lost or doubled."""

import json
from collections.abc import Iterator

import pytest

from sync.refusals import Refusal
from tests.server.spine import Spine, visit_data


@pytest.fixture
def spine(tmp_path) -> Iterator[Spine]:
    town = Spine(tmp_path)
    yield town
    faults = town.faults()
    town.stop()
    assert faults == []


@pytest.fixture
def twin(spine) -> str:
    """The same elder once more, behind the same door, created by a phone without a network."""
    data = {"household_id": spine.door, "name": "黄秀贞", "birth_on": "1940-05-05"}
    return spine.submit("resident.add", data).id


def merge(spine, keep, drop, kind="resident", **more):
    return spine.submit(f"{kind}.merge", {"keep": keep, "drop": drop, **more})


def unmerge(spine, drop, kind="resident"):
    return spine.submit(f"{kind}.unmerge", {"id": drop})


def refused(code, work, *args, **more):
    with pytest.raises(Refusal) as caught:
        work(*args, **more)
    assert caught.value.code == code


def asked(person, answer):
    told = {"E04": {"value": [answer]}}
    return [{"resident_id": person, "checklist_id": "CK-ELDER", "version": 1, "answers": told}]


# ---- what a merge shows --------------------------------------------------------------------------


def test_f16_both_histories_are_the_kept_ones(spine, twin):
    worker = spine.phone("worker1")
    first = worker.send("visit.record", visit_data(spine.door, resident_ids=[spine.elder]))
    other = worker.send("visit.record", visit_data(spine.door, resident_ids=[twin]))
    number = {"household_id": spine.door, "resident_id": twin, "phone": "14000005555"}
    contact = worker.send("contact.add", number)
    task = spine.submit(
        "task.add", {"household_id": spine.door, "reason": "送药", "resident_ids": [twin]}
    )

    merge(spine, spine.elder, twin, changes={"name": "黄秀珍"})

    assert spine.get("resident", twin) is None
    assert spine.get("resident", spine.elder).merged_ids == [twin]
    for visit in (first, other):
        assert spine.get("visit", visit.id).resident_ids == [spine.elder]
    assert spine.get("contact", contact.id).resident_id == spine.elder
    assert spine.get("task", task.id).resident_ids == [spine.elder]
    gone = spine.rows("select record from feed where kind = 'resident' and id = :id", id=twin)
    assert {row["record"] for row in gone} == {None}


def test_f16_late_work_on_the_dropped_one_is_applied_to_the_kept(spine, twin):
    """Recorded before the merge and after it by a phone that has not heard, in any order."""
    worker = spine.phone("worker1")
    early = worker.record("visit.record", visit_data(spine.door, resident_ids=[twin, spine.elder]))
    merge(spine, spine.elder, twin)
    late = worker.record("visit.record", visit_data(spine.door, resident_ids=[twin]))
    visit = json.loads(late)["id"]
    right = worker.record(
        "visit.correct", {"id": visit, "changes": {"resident_ids": [twin]}}, after=[visit]
    )
    number = worker.record(
        "contact.add", {"household_id": spine.door, "resident_id": twin, "phone": "14000005555"}
    )
    change = worker.record("resident.change", {"id": twin, "changes": {"sex": "f"}}, base=1)
    said = worker.record("consent.record", {"resident_id": twin, "consent": "yes"})
    fell = {"household_id": spine.door, "resident_id": twin, "what": "fall"}
    event = worker.record("life_event.record", fell)

    receipts = worker.push(late, early, right, number, change, said, event)
    again = worker.push(late, early, right)

    assert [one.outcome for one in receipts] == ["accepted"] * 7
    assert [one.outcome for one in again] == ["duplicate"] * 3
    for one in receipts[:2]:
        assert spine.get("visit", one.id).resident_ids == [spine.elder]
    elder = spine.get("resident", spine.elder)
    assert (elder.sex, elder.consent, elder.event) == ("f", "yes", "fall")
    assert spine.get("contact", receipts[3].id).resident_id == spine.elder
    assert spine.rows("select count(*) as n from visit")[0]["n"] == 2


def test_f16_a_corrected_resend_of_refused_work_reaches_the_kept_one(spine, twin):
    worker = spine.phone("worker1")
    wrong = worker.record("visit.record", visit_data(spine.door, result="flown"))
    merge(spine, spine.elder, twin)
    first = worker.push(wrong)[0]
    better = visit_data(spine.door, resident_ids=[twin])

    second = worker.send("visit.record", better, replaces=first.id)

    assert (first.outcome, second.outcome) == ("quarantined", "accepted")
    assert spine.get("visit", second.id).resident_ids == [spine.elder]
    assert spine.rows("select state from quarantine")[0]["state"] == "replaced"


def test_f16_what_somebody_chose_is_not_overwritten_by_an_edit_of_the_dropped(spine, twin):
    """The names differed and the office kept one: another is for the office to decide."""
    worker = spine.phone("worker1")
    change = worker.record("resident.change", {"id": twin, "changes": {"name": "黄秀真"}}, base=1)
    merge(spine, spine.elder, twin)

    receipt = worker.push(change)[0]

    assert receipt.outcome == "conflict"
    assert spine.get("resident", spine.elder).name == "黄秀珍"
    assert spine.get("resident", spine.elder).disputed == ["name"]


def test_f16_one_who_was_registered_in_another_building_is_still_reached(spine):
    """A worker who never held the kept one's building goes on recording at their own door."""
    worker = spine.phone("worker1")
    far = spine.submit("resident.add", {"household_id": spine.far_door, "name": "黄秀珍"}).id
    merge(spine, far, spine.elder)

    receipt = worker.send("visit.record", visit_data(spine.door, resident_ids=[spine.elder]))

    assert receipt.outcome == "accepted"
    assert spine.get("visit", receipt.id).resident_ids == [far]
    assert spine.get("resident", far).last_contact_on == "2026-09-15"


def test_f16_answers_and_follow_ups_are_told_together(spine, twin):
    worker = spine.phone("worker1")
    visit = visit_data(spine.door, resident_ids=[twin], checkups=asked(twin, "stroke"))
    first = worker.send("visit.record", visit)
    merge(spine, spine.elder, twin)

    worker.send("visit.record", visit)

    (case,) = spine.rows("select id, resident_id, entries from followup where item <> ''")
    assert case["resident_id"] == spine.elder
    assert len(json.loads(case["entries"])) == 2
    assert spine.get("answers", twin) is None
    assert "CK-ELDER.E04" in spine.get("answers", spine.elder).items
    closing = {"id": case["id"], "result": "送医"}
    assert worker.send("followup.close", closing).outcome == "accepted"
    assert first.outcome == "accepted"


def test_f16_whoever_is_merged_counts_once_this_month(spine, twin):
    spine.submit("resident.change", {"id": twin, "changes": {"categories": ["living_alone"]}}, 1)

    merge(spine, spine.elder, twin)

    assert spine.rows("select count(*) as n from resident where categories <> '[]'")[0]["n"] == 1
    assert spine.get("household", spine.door).due_for == [spine.elder]


# ---- and back ------------------------------------------------------------------------------------


def test_f16_undone_both_are_as_they_were_and_keep_what_came_meanwhile(spine, twin):
    worker = spine.phone("worker1")
    before = spine.get("resident", spine.elder), spine.get("resident", twin)
    both = worker.send("visit.record", visit_data(spine.door, resident_ids=[spine.elder, twin]))
    merge(spine, spine.elder, twin, changes={"name": "黄秀", "sex": "f"})
    ours = worker.send("visit.record", visit_data(spine.door, resident_ids=[spine.elder]))
    stroke = visit_data(spine.door, resident_ids=[twin], checkups=asked(twin, "stroke"))
    theirs = worker.send("visit.record", stroke)
    change = {"id": twin, "changes": {"relation_to_head": "spouse"}}
    worker.send("resident.change", change, base=1)

    unmerge(spine, twin)

    elder, other = spine.get("resident", spine.elder), spine.get("resident", twin)
    assert (elder.name, elder.sex, elder.merged_ids) == (before[0].name, before[0].sex, [])
    assert (other.name, other.relation_to_head) == (before[1].name, "spouse")
    assert elder.relation_to_head == ""
    assert set(spine.get("visit", both.id).resident_ids) == {spine.elder, twin}
    assert spine.get("visit", ours.id).resident_ids == [spine.elder]
    assert spine.get("visit", theirs.id).resident_ids == [twin]
    assert spine.get("answers", twin).items["CK-ELDER.E04"]["visit_id"] == theirs.id
    assert "CK-ELDER.E04" not in spine.get("answers", spine.elder).items
    (case,) = spine.rows("select resident_id from followup where item <> ''")
    assert case["resident_id"] == twin
    late = worker.send("visit.record", visit_data(spine.door, resident_ids=[twin]))
    assert spine.get("visit", late.id).resident_ids == [twin]


def test_f16_a_chain_leads_to_its_end_and_is_undone_from_there(spine, twin):
    third = spine.submit("resident.add", {"household_id": spine.door, "name": "黄秀珍"}).id
    merge(spine, twin, third)
    merge(spine, spine.elder, twin)
    worker = spine.phone("worker1")

    visit = worker.send("visit.record", visit_data(spine.door, resident_ids=[third]))

    assert spine.get("visit", visit.id).resident_ids == [spine.elder]
    refused("merge.later", unmerge, spine, third)
    unmerge(spine, twin)
    assert spine.get("visit", visit.id).resident_ids == [twin]
    unmerge(spine, third)
    assert spine.get("visit", visit.id).resident_ids == [third]


# ---- doors ---------------------------------------------------------------------------------------


@pytest.fixture
def second_door(spine) -> str:
    data = {"building_id": spine.building, "unit": "2", "door_no": "0502"}
    return spine.submit("household.add", data).id


def test_f16_a_dropped_door_leads_to_the_kept_one(spine, second_door):
    worker = spine.phone("worker1")
    person = spine.submit("resident.add", {"household_id": second_door, "name": "黄大文"}).id
    old = worker.send("visit.record", visit_data(second_door, resident_ids=[person]))
    late = worker.record("visit.record", visit_data(second_door, resident_ids=[person]))
    newcomer = worker.record("resident.add", {"household_id": second_door, "name": "新来的"})
    merge(spine, spine.door, second_door, "household")

    receipts = worker.push(late, newcomer)

    assert [one.outcome for one in receipts] == ["accepted", "accepted"]
    for record in (old, receipts[0]):
        assert spine.get("visit", record.id).household_id == spine.door
    for resident in (person, receipts[1].id):
        assert spine.get("resident", resident).household_id == spine.door

    unmerge(spine, second_door, "household")

    assert spine.get("household", second_door).label == "红棉苑 3栋 2单元 0502"
    for kind, record in (("visit", old.id), ("visit", receipts[0].id), ("resident", person)):
        assert spine.get(kind, record).household_id == second_door
    assert spine.get("resident", receipts[1].id).household_id == second_door
    assert spine.get("resident", spine.elder).household_id == spine.door


def test_f16_phones_show_the_last_dozen_of_each_door_again(spine, second_door):
    worker = spine.phone("worker1")
    for _ in range(9):
        for door in (spine.door, second_door):
            worker.send("visit.record", visit_data(door))
    merge(spine, spine.door, second_door, "household")

    def shown():
        sql = "select count(*) as n from feed where kind = 'visit' and record is not null"
        return spine.rows(sql)[0]["n"]

    merged = shown()
    unmerge(spine, second_door, "household")

    assert (merged, shown()) == (12, 18)


def test_some_of_a_door_become_a_household_of_their_own(spine):
    son = spine.submit("resident.add", {"household_id": spine.door, "name": "黄志强"}).id
    door = {"building_id": spine.building, "unit": "2", "door_no": "502-2"}
    data = {"id": spine.door, "resident_ids": [spine.elder], **door}

    new = spine.submit("household.split", data).id

    assert spine.get("resident", spine.elder).household_id == new
    assert spine.get("contact", spine.contact).household_id == new
    assert spine.get("household", new).split_from == spine.door
    assert spine.get("resident", son).household_id == spine.door
    refused("split.nobody", spine.submit, "household.split", {**data, "door_no": "502-3"})


# ---- what is refused -----------------------------------------------------------------------------


def test_what_cannot_be_merged_is_said_plainly(spine, twin):
    refused("merge.itself", merge, spine, twin, twin)
    refused("merge.changed", merge, spine, spine.elder, twin, drop_base=9)
    refused("merge.unknown", unmerge, spine, twin)
    refused("merge.other_building", merge, spine, spine.door, spine.far_door, "household")
    merge(spine, spine.elder, twin)
    refused("merge.already", merge, spine, spine.elder, twin)
    refused("merge.kept", spine.submit, "resident.remove", {"id": spine.elder})
    refused("record.gone", spine.submit, "resident.remove", {"id": twin})


def test_a_worker_merges_nobody(spine, twin):
    receipt = spine.phone("worker1").send("resident.merge", {"keep": spine.elder, "drop": twin})

    assert (receipt.outcome, receipt.code) == ("quarantined", "role.not_allowed")


def test_the_same_merge_sent_twice_merges_once(spine, twin):
    office = spine.phone("office1")
    once = office.record("resident.merge", {"keep": spine.elder, "drop": twin})
    twice = office.record("resident.merge", {"keep": spine.elder, "drop": twin})

    receipts = office.push(once, once, twice)

    assert [one.outcome for one in receipts] == ["accepted", "duplicate", "quarantined"]
    assert spine.rows("select count(*) as n from redirect")[0]["n"] == 1


def test_two_who_need_looking_after_for_the_same_are_not_merged_blindly(spine, twin):
    worker = spine.phone("worker1")
    for one in (spine.elder, twin):
        worker.send(
            "visit.record",
            visit_data(spine.door, resident_ids=[one], checkups=asked(one, "stroke")),
        )

    refused("merge.same_followup", merge, spine, spine.elder, twin)
