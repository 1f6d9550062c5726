"""The one door for writes: every outcome, at its edges."""

import hashlib
import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Event

import pytest

from server.intake import Push
from server.intake.receiving import Sender
from server.store import people
from sync import ledger
from sync.refusals import Refusal
from tests.server.spine import Spine, visit_data


@pytest.fixture
def spine(tmp_path) -> Iterator[Spine]:
    town = Spine(tmp_path)
    yield town
    faults = town.faults()
    town.stop()
    assert faults == []


def outcomes(receipts):
    return [one.outcome for one in receipts]


def test_a_visit_is_accepted_and_stands_in_its_table(spine):
    phone = spine.phone("worker1")

    receipt = phone.push(phone.visit(spine.door, resident_ids=[spine.elder]))[0]

    assert receipt.outcome == "accepted"
    assert receipt.seq[f"building:{spine.building}"] > 0
    assert spine.get("visit", receipt.id).by == spine.people["worker1"]
    assert spine.get("household", spine.door).due_on == "2026-09-22"


def test_a_batch_sent_five_times_in_parallel_is_applied_once(spine):
    phone = spine.phone("worker1")
    batch = [phone.visit(spine.door) for _ in range(20)]

    with ThreadPoolExecutor(5) as senders:
        answers = list(senders.map(lambda _: phone.push(*batch), range(5)))

    for nth in zip(*answers, strict=True):
        assert sorted(outcomes(nth)) == ["accepted"] + ["duplicate"] * 4
        assert {one.first for one in nth if one.outcome == "duplicate"} == {"accepted"}
    assert spine.rows("select count(*) as n from visit")[0]["n"] == 20


def test_a_row_that_the_tables_refuse_stops_nobody_else_of_the_same_commit(spine, caplog):
    caplog.set_level("CRITICAL")
    phones = [spine.phone("worker1") for _ in range(3)]
    with spine.store.write() as tx:
        tx.run(
            """
            create trigger no_such_note before insert on visit when new.note = 'impossible'
            begin select raise(abort, 'refused'); end
            """
        )
    wait = Event()
    spine.intake.later(spine.home, lambda _: wait.wait(10))
    notes = (["一"], ["二", "impossible", "三"], ["四"])
    pushed = [
        spine.intake.pushed(
            Push(
                Sender(spine.home, phone.person_id, phone.device_id, spine.clock(), timedelta(0)),
                [phone.visit(spine.door, note=note) for note in said],
                None,
            )
        )
        for phone, said in zip(phones, notes, strict=True)
    ]
    wait.set()
    answers = [outcomes(one.result(30)) for one in pushed]

    assert answers == [["accepted"], ["accepted", "quarantined", "accepted"], ["accepted"]]
    kept = spine.rows("select note from visit order by note")
    assert sorted(one["note"] for one in kept) == sorted(["一", "二", "三", "四"])
    assert spine.rows("select code from quarantine") == [{"code": "operation.failed"}]


def test_the_same_id_with_other_bytes_is_kept_apart(spine):
    phone = spine.phone("worker1")
    first = phone.visit(spine.door)
    forged = first.replace(b'"met"', b'"not_home"')

    receipts = phone.push(first, forged, forged)

    assert outcomes(receipts) == ["accepted", "quarantined", "duplicate"]
    assert receipts[1].code == "id.reused"
    kept = spine.rows("select key, body from quarantine")
    assert kept == [{"key": hashlib.sha256(forged).hexdigest(), "body": forged}]


def test_one_malformed_operation_among_two_hundred_stops_no_other(spine):
    phone = spine.phone("worker1")
    batch = [phone.visit(spine.door) for _ in range(200)]
    batch[77] = b'{"id": 5, "what": "is this"}'

    receipts = phone.push(*batch)

    assert outcomes(receipts).count("accepted") == 199
    assert (receipts[77].id, receipts[77].n, receipts[77].code) == (
        None,
        None,
        "operation.unreadable",
    )


def test_a_failing_rule_stops_no_neighbour(spine, monkeypatch):
    phone = spine.phone("worker1")
    batch = [phone.visit(spine.door, note=note) for note in ("good", "bad", "good")]
    from sync import visits

    before = visits.record

    def breaks(operation_id, data, known):
        if data.note == "bad":
            raise ZeroDivisionError
        return before(operation_id, data, known)

    monkeypatch.setattr(visits, "record", breaks)

    receipts = phone.push(*batch)

    assert outcomes(receipts) == ["accepted", "quarantined", "accepted"]
    assert receipts[1].code == "operation.failed"


def test_a_door_out_of_reach_is_refused_and_an_unknown_one_waited_for(spine):
    phone = spine.phone("worker1")

    far, unknown = phone.push(phone.visit(spine.far_door), phone.visit(spine.new_id()))

    assert (far.outcome, far.code) == ("quarantined", "scope.outside")
    assert unknown.outcome == "held"


def test_work_recorded_before_a_hand_over_counts_for_its_author(spine):
    phone = spine.phone("worker1")
    early = phone.visit(spine.door)
    spine.intake.do(
        spine.home,
        lambda writing: people.unassign(
            writing.tx, spine.home, phone.person_id, spine.building, "2026-09-14"
        ),
    )

    receipt = phone.push(early)[0]

    assert receipt.outcome == "accepted"
    assert spine.get("visit", receipt.id).before_transfer == 1


@pytest.mark.parametrize("order", ["abc", "acb", "bac", "bca", "cab", "cba"])
def test_create_visit_and_edit_end_the_same_in_any_order(spine, order):
    phone = spine.phone("worker1")
    add = phone.record("resident.add", {"household_id": spine.door, "name": "黄志强"})
    new = json.loads(add)["id"]
    visit = phone.visit(spine.door, resident_ids=[new])
    edit = phone.record("resident.change", {"id": new, "changes": {"sex": "m"}}, base=1)
    named = {"a": add, "b": visit, "c": edit}

    for letter in order:
        phone.push(named[letter])

    resident = spine.get("resident", new)
    assert (resident.sex, resident.last_contact_on) == ("m", "2026-09-15")
    states = spine.rows("select distinct state from operation where kind = 'visit.record'")
    assert states == [{"state": "applied"}]


def test_released_within_the_same_request_is_accepted(spine):
    phone = spine.phone("worker1")
    add = phone.record("resident.add", {"household_id": spine.door, "name": "黄志强"})
    visit = phone.visit(spine.door, resident_ids=[json.loads(add)["id"]])

    assert outcomes(phone.push(visit, add)) == ["accepted", "accepted"]


def test_a_held_operation_is_announced_when_it_is_released(spine):
    phone = spine.phone("worker1")
    add = phone.record("resident.add", {"household_id": spine.door, "name": "黄志强"})
    visit = phone.visit(spine.door, resident_ids=[json.loads(add)["id"]])
    assert outcomes(phone.push(visit)) == ["held"]

    phone.push(add)

    again = phone.push(visit)[0]
    assert (again.outcome, again.first) == ("duplicate", "accepted")
    assert notice(spine, phone.person_id, again.id)["state"] == "accepted"


def notice(spine, person_id, operation_id):
    row = spine.rows(
        "select record from feed where stream = :stream and id = :id",
        stream=f"person:{person_id}",
        id=operation_id,
    )
    return json.loads(row[0]["record"])


def test_a_refused_predecessor_quarantines_until_the_office_accepts_it(spine):
    phone = spine.phone("worker1")
    first = phone.visit(spine.far_door)
    second = phone.record("visit.record", visit_data(spine.door), after=[json.loads(first)["id"]])

    receipts = phone.push(second, first)
    assert outcomes(receipts) == ["quarantined", "quarantined"]
    assert receipts[0].code == "predecessor.refused"

    spine.submit("quarantine.decide", {"key": receipts[1].id, "decision": "accept"})

    states = spine.rows("select state from operation where kind = 'visit.record'")
    assert states == [{"state": "applied"}] * 2
    assert spine.get("visit", receipts[1].id).by == phone.person_id


def test_operations_that_wait_for_each_other_are_quarantined(spine):
    phone = spine.phone("worker1")
    ids = [spine.new_id() for _ in range(3)]
    ring = [
        json.dumps({**json.loads(phone.visit(spine.door)), "id": own, "after": [next_one]}).encode()
        for own, next_one in zip(ids, [*ids[1:], ids[0]], strict=True)
    ]

    receipts = phone.push(*ring)

    assert [one.code for one in receipts] == ["after.cycle"] * 3


def test_an_operation_that_waits_for_itself_is_quarantined(spine):
    phone = spine.phone("worker1")
    own = spine.new_id()
    body = json.dumps({**json.loads(phone.visit(spine.door)), "id": own, "after": [own]})

    assert phone.push(body.encode())[0].code == "after.cycle"


def test_a_gap_in_numbers_never_holds_and_is_named(spine):
    phone = spine.phone("worker1")
    visits = [phone.visit(spine.door) for _ in range(5)]

    assert outcomes(phone.push(visits[0], visits[4])) == ["accepted"] * 2

    device = spine.rows("select received, upto from device where id = :id", id=phone.device_id)
    assert device == [{"received": 2, "upto": 1}]


def test_the_ledger_of_the_server_is_the_ledger_of_the_phone(spine):
    phone = spine.phone("worker1")
    visits = [phone.visit(spine.door) for _ in range(6)]
    phone.push(*visits[3:])
    phone.push(*visits[:3])

    device = spine.rows("select upto, head from device where id = :id", id=phone.device_id)[0]

    expected = ledger.extend(ledger.START, (ledger.digest(one) for one in visits))
    assert device == {"upto": 6, "head": expected.hex()}


@pytest.mark.parametrize("n", [0, -1, 2**31 + 1, 2**80, 100_002])
def test_a_number_out_of_range_is_kept_outside_the_ledger(spine, n):
    phone = spine.phone("worker1")
    odd = json.dumps({**json.loads(phone.visit(spine.door)), "n": n}).encode()

    receipt = phone.push(odd)[0]

    assert (receipt.outcome, receipt.code, receipt.n) == ("quarantined", "n.out_of_range", n)


def test_a_number_used_twice_is_kept(spine):
    phone = spine.phone("worker1")
    first, second = phone.visit(spine.door), phone.visit(spine.door)
    second = json.dumps({**json.loads(second), "n": 1}).encode()

    assert [one.code for one in phone.push(first, second)] == ["", "n.taken"]


def test_the_same_field_changed_on_two_sides_is_a_conflict_that_the_office_decides(spine):
    phone = spine.phone("worker1")
    edit = phone.record(
        "contact.change", {"id": spine.contact, "changes": {"phone": "14000007718"}}, base=1
    )
    spine.submit("contact.change", {"id": spine.contact, "changes": {"phone": "14000007781"}}, 1)

    receipt = phone.push(edit)[0]

    assert receipt.outcome == "conflict"
    contact = spine.get("contact", spine.contact)
    assert (contact.phone, contact.disputed) == ("14000007781", ["phone"])

    dispute = spine.rows("select id from dispute")[0]["id"]
    spine.submit("dispute.decide", {"id": dispute, "value": "14000007718"})

    contact = spine.get("contact", spine.contact)
    assert (contact.phone, contact.disputed) == ("14000007718", [])
    assert notice(spine, phone.person_id, receipt.id)["state"] == "decided"
    with pytest.raises(Refusal, match=r"dispute\.decided"):
        spine.submit("dispute.decide", {"id": dispute, "value": "14000007718"})


def test_other_fields_of_a_conflicting_edit_take_effect(spine):
    phone = spine.phone("worker1")
    changes = {"phone": "14000007718", "verified_on": "2026-09-15"}
    edit = phone.record("contact.change", {"id": spine.contact, "changes": changes}, base=1)
    spine.submit("contact.change", {"id": spine.contact, "changes": {"phone": "14000007781"}}, 1)

    phone.push(edit)

    assert spine.get("contact", spine.contact).verified_on == "2026-09-15"


def test_a_conflict_about_people_leaves_the_visit_alone(spine):
    phone = spine.phone("worker1")
    receipts = phone.push(
        phone.visit(spine.door, resident_ids=[spine.elder]),
        phone.record("resident.change", {"id": spine.elder, "changes": {"sex": "f"}}, base=1),
    )

    assert outcomes(receipts) == ["accepted", "accepted"]


def test_a_category_with_money_is_proposed_by_a_worker_and_decided_by_the_office(spine):
    phone = spine.phone("worker1")
    wanted = ["living_alone", "subsistence_allowance"]
    receipt = phone.send(
        "resident.change", {"id": spine.elder, "changes": {"categories": wanted}}, base=1
    )
    assert (receipt.outcome, receipt.code) == ("quarantined", "category.office_only")

    spine.submit("quarantine.decide", {"key": receipt.id, "decision": "accept"})

    assert spine.get("resident", spine.elder).categories == wanted


def test_a_kept_operation_is_corrected_by_the_office_and_stays_its_authors(spine):
    phone = spine.phone("worker1")
    broken = phone.send("visit.record", visit_data(spine.door, note="x" * 1001))
    assert broken.code == "data.misfit"
    with pytest.raises(Refusal, match=r"quarantine\.cannot_accept"):
        spine.submit("quarantine.decide", {"key": broken.id, "decision": "accept"})

    spine.submit(
        "quarantine.decide",
        {"key": broken.id, "decision": "accept", "data": visit_data(spine.door, note="短")},
    )

    visit = spine.get("visit", broken.id)
    assert (visit.by, visit.note) == (phone.person_id, "短")


def test_a_refused_operation_stays_whole_and_the_author_is_told_why(spine):
    phone = spine.phone("worker1")
    receipt = phone.send("visit.record", visit_data(spine.far_door))

    spine.submit(
        "quarantine.decide", {"key": receipt.id, "decision": "refuse", "reason": "不是您的楼"}
    )

    told = notice(spine, phone.person_id, receipt.id)
    assert (told["state"], told["reason"]) == ("refused", "不是您的楼")
    assert spine.rows("select state from quarantine") == [{"state": "refused"}]


def test_a_corrected_resend_closes_what_it_replaces(spine):
    phone = spine.phone("worker1")
    broken = phone.send("visit.record", visit_data(spine.door, note="x" * 1001))

    again = phone.send("visit.record", visit_data(spine.door, note="短"), replaces=broken.id)

    assert again.outcome == "accepted"
    assert spine.rows("select state from quarantine") == [{"state": "replaced"}]
    assert notice(spine, phone.person_id, broken.id)["state"] == "done"


def test_nobody_closes_a_colleagues_kept_work(spine):
    phone, colleague = spine.phone("worker1"), spine.phone("worker2")
    broken = phone.send("visit.record", visit_data(spine.door, note="x" * 1001))

    colleague.send("visit.record", visit_data(spine.far_door), replaces=broken.id)

    assert spine.rows("select state from quarantine") == [{"state": "waiting"}]


def test_a_worker_may_not_do_what_is_the_offices(spine):
    phone = spine.phone("worker1")

    receipt = phone.send("task.add", {"household_id": spine.door, "reason": "请今天看看"})

    assert (receipt.outcome, receipt.code) == ("quarantined", "role.not_allowed")


def test_a_leader_records_no_visit(spine):
    phone = spine.phone("leader1")

    assert phone.push(phone.visit(spine.door))[0].code == "role.not_allowed"


def test_a_form_that_is_refused_keeps_nothing(spine):
    before = spine.rows("select count(*) as n from operation")

    with pytest.raises(Refusal, match=r"household\.same_door"):
        spine.submit(
            "household.add", {"building_id": spine.building, "unit": "2", "door_no": "502"}
        )

    assert spine.rows("select count(*) as n from operation") == before


def test_review_approves_once_and_returns_with_a_reason(spine):
    phone = spine.phone("worker1")
    one, two = phone.push(
        phone.visit(spine.door, result="refused"), phone.visit(spine.door, result="no_answer")
    )

    spine.submit("review.approve", {"id": one.id})
    spine.submit("review.return", {"id": two.id, "reason": "请写明问了谁", "field": "note"})

    assert spine.get("visit", one.id).review == "approved"
    assert spine.get("visit", two.id).returned_reason == "请写明问了谁"
    told = notice(spine, phone.person_id, two.id)
    assert (told["state"], told["field"]) == ("returned", "note")
    with pytest.raises(Refusal, match=r"review\.not_waiting"):
        spine.submit("review.approve", {"id": one.id})

    correction = {"id": two.id, "changes": {"note": "问了 501"}}
    phone.send("visit.correct", correction)

    assert notice(spine, phone.person_id, two.id)["state"] == "done"
    assert spine.get("visit", two.id).review == "waiting"


def test_the_true_time_of_a_wrong_clock_is_kept_beside_the_device_time(spine):
    phone = spine.phone("worker1")
    phone.clock_ahead = timedelta(days=365)

    receipt = phone.push(phone.visit(spine.door))[0]

    visit = spine.get("visit", receipt.id)
    assert visit.at.startswith("2027-09-15")
    assert visit.true_at.startswith("2026-09-15")
    assert visit.questions == ["time.ahead"]
    assert spine.get("household", spine.door).last_visit_at.startswith("2026-09-15")


def test_the_thirteenth_visit_sends_the_oldest_away(spine):
    phone = spine.phone("worker1")
    receipts = phone.push(*[phone.visit(spine.door) for _ in range(14)])

    shown = spine.rows(
        "select id from feed where stream = :stream and kind = 'visit' and record is not null",
        stream=f"building:{spine.building}",
    )

    assert {row["id"] for row in shown} == {one.id for one in receipts[2:]}


def test_a_leaders_stream_does_not_move_with_a_visit(spine):
    phone = spine.phone("worker1")
    stream = f"doors:{spine.building}"
    before = spine.rows("select seq from stream where stream = :stream", stream=stream)

    phone.push(phone.visit(spine.door, resident_ids=[spine.elder]))

    assert spine.rows("select seq from stream where stream = :stream", stream=stream) == before
    texts = spine.rows("select record from feed where stream = :stream", stream=stream)
    assert all("living_alone" not in row["record"] for row in texts)


def test_someone_who_moves_leaves_the_old_buildings_stream(spine):
    spine.submit(
        "resident.change",
        {"id": spine.elder, "changes": {"household_id": spine.far_door}},
        spine.get("resident", spine.elder).version,
    )

    gone = spine.rows(
        "select record from feed where stream = :stream and id = :id",
        stream=f"building:{spine.building}",
        id=spine.elder,
    )
    assert gone == [{"record": None}]
    assert spine.get("contact", spine.contact).building_id == spine.other
    assert spine.get("household", spine.door).categories == []


def test_who_comes_after_the_writer_has_ended_does_not_wait_for_ever(tmp_path):
    spine = Spine(tmp_path)
    spine.intake.stop()

    late = spine.intake.later(spine.home, lambda writing: None)

    with pytest.raises(RuntimeError, match="ended"):
        late.result(timeout=5)
    spine.store.close()
