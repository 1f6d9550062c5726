"""The edges of the contract: outcomes, versions and numbers where two rules meet."""

import json
import re
import uuid
from collections.abc import Iterator

import pytest

from server.store.records import Records
from sync import operations
from sync.refusals import Refusal
from tests.server.spine import Spine, visit_data
from tests.server.test_sync import Phone


@pytest.fixture
def spine(tmp_path) -> Iterator[Spine]:
    town = Spine(tmp_path)
    yield town
    faults = town.faults()
    town.stop()
    assert faults == []


def renumbered(raw, n):
    """What a phone makes of an unsent text when it has got a new device."""
    return json.dumps({**json.loads(raw), "n": n}, separators=(",", ":")).encode()


# ---- a phone that got a new device ---------------------------------------------------------------


def test_work_that_had_arrived_is_no_riddle_when_a_new_device_sends_it_again(spine):
    """The answer was lost, the office shut the phone out, and its owner signed in again."""
    before, after = spine.phone("worker1"), spine.phone("worker1")
    arrived = before.visit(spine.door)
    before.push(arrived)
    again = renumbered(arrived, 1)

    first = after.push(again)[0]
    second = after.push(again)[0]

    assert [(one.outcome, one.first) for one in (first, second)] == [("duplicate", "accepted")] * 2
    assert spine.rows("select count(*) as n from visit")[0]["n"] == 1
    kept = spine.rows("select state, body from quarantine")
    assert [(row["state"], bytes(row["body"])) for row in kept] == [("repeated", again)]


def test_its_number_is_filled_as_on_the_phone(spine):
    before, after = spine.phone("worker1"), spine.phone("worker1")
    arrived = before.visit(spine.door)
    before.push(arrived)
    after.push(renumbered(arrived, 1))
    next(after.numbers)

    after.push(after.visit(spine.door))

    row = spine.rows("select received, upto from device where id = :d", d=after.device_id)[0]
    assert (row["received"], row["upto"]) == (2, 2)


def test_the_new_device_learns_what_the_work_has_become(spine):
    before, after = spine.phone("worker1"), spine.phone("worker1")
    held = before.visit(spine.new_id())
    refused = before.visit(spine.far_door)
    before.push(held, refused)

    receipts = after.push(renumbered(held, 1), renumbered(refused, 2))

    assert [(one.outcome, one.first) for one in receipts] == [
        ("duplicate", "held"),
        ("duplicate", "quarantined"),
    ]
    assert receipts[1].code == "scope.outside"


@pytest.mark.parametrize("change", ["text", "device", "person"])
def test_other_words_under_a_used_id_are_still_kept_for_the_office(spine, change):
    before = spine.phone("worker1")
    arrived = before.visit(spine.door)
    before.push(arrived)
    again = json.loads(renumbered(arrived, 2))
    if change == "text":
        again["data"]["note"] = "别的话"
    sender = {
        "text": lambda: spine.phone("worker1"),
        "device": lambda: before,
        "person": lambda: spine.phone("worker2"),
    }[change]()

    receipt = sender.push(json.dumps(again).encode())[0]

    assert (receipt.outcome, receipt.code) == ("quarantined", "id.reused")
    assert [row["state"] for row in spine.rows("select state from quarantine")] == ["waiting"]


# ---- replaces -----------------------------------------------------------------------------------


def visits(spine):
    return spine.rows("select count(*) as n from visit where withdrawn = 0")[0]["n"]


def states(spine, *operations):
    found = {row["id"]: row["state"] for row in spine.rows("select id, state from operation")}
    return [found[json.loads(one)["id"]] for one in operations]


def ident(raw):
    return json.loads(raw)["id"]


def test_a_correction_of_a_correction_closes_both(spine):
    phone = spine.phone("worker1")
    first = phone.visit(spine.door, note="x" * 1001)
    second = phone.record("visit.record", too_long(spine), replaces=ident(first))
    third = phone.record("visit.record", visit_data(spine.door), replaces=ident(second))

    phone.push(first, second, third)

    assert states(spine, first, second, third) == ["replaced", "replaced", "applied"]
    with pytest.raises(Refusal, match=r"quarantine\.decided"):
        spine.submit("quarantine.decide", {"key": ident(first), "decision": "accept"})
    assert visits(spine) == 1


def too_long(spine):
    return visit_data(spine.door, note="y" * 1001)


def test_a_correction_of_a_correction_counts_nothing_that_the_office_took_meanwhile(spine):
    phone = spine.phone("worker1")
    first = phone.visit(spine.door, note="x" * 1001)
    second = phone.record("visit.record", too_long(spine), replaces=ident(first))
    phone.push(first, second)
    accepted = {"key": ident(first), "decision": "accept", "data": visit_data(spine.door)}
    spine.submit("quarantine.decide", accepted)

    last = phone.send("visit.record", visit_data(spine.door), replaces=ident(second))

    assert (last.outcome, last.code) == ("quarantined", "replaces.applied")
    assert visits(spine) == 1


def test_what_waits_and_was_corrected_is_not_applied_beside_its_correction(spine):
    phone = spine.phone("worker1")
    root = phone.visit(spine.door)
    waits = phone.record("visit.record", visit_data(spine.door), after=[ident(root)])
    phone.push(waits)
    phone.send("visit.record", visit_data(spine.door, note="改好"), replaces=ident(waits))

    phone.push(root)

    assert states(spine, root, waits) == ["applied", "replaced"]
    assert visits(spine) == 2
    told = spine.rows("select record from feed where kind = 'notice' and id = :i", i=ident(waits))
    assert json.loads(told[0]["record"])["state"] == "done"


def test_a_correction_that_comes_after_the_wait_is_over_counts_nothing_twice(spine):
    phone = spine.phone("worker1")
    root = phone.visit(spine.door)
    waits = phone.record("visit.record", visit_data(spine.door), after=[ident(root)])
    phone.push(waits, root)

    late = phone.send("visit.record", visit_data(spine.door), replaces=ident(waits))

    assert (late.outcome, late.code) == ("quarantined", "replaces.applied")
    assert visits(spine) == 2


def test_corrections_in_a_ring_end(spine):
    phone = spine.phone("worker1")
    other = spine.new_id()
    first = phone.record("visit.record", too_long(spine), replaces=other)
    second = {**json.loads(phone.record("visit.record", too_long(spine))), "id": other}
    phone.push(first, json.dumps({**second, "replaces": ident(first)}).encode())

    receipt = phone.send("visit.record", visit_data(spine.door), replaces=other)

    assert receipt.outcome == "accepted" and states(spine, first) == ["replaced"]


@pytest.mark.parametrize("replaces", ["nothing", "colleague", "itself"])
def test_a_correction_of_nothing_of_ones_own_is_work_like_any_other(spine, replaces):
    phone, other = spine.phone("worker1"), spine.phone("worker2")
    theirs = other.visit(spine.far_door, note="x" * 1001)
    other.push(theirs)
    own = phone.visit(spine.door)
    named = {"nothing": spine.new_id(), "colleague": ident(theirs), "itself": ident(own)}
    raw = json.dumps({**json.loads(own), "replaces": named[replaces]}).encode()

    assert phone.push(raw)[0].outcome == "accepted"
    assert states(spine, theirs) == ["quarantined"]


# ---- versions -----------------------------------------------------------------------------------


def number_of(spine):
    found = spine.get("contact", spine.contact)
    return found.phone, found.version, found.disputed


def change(phone, spine, digits, base, **more):
    data = {"id": spine.contact, "changes": {"phone": digits}}
    return phone.record("contact.change", data, base=base, **more)


def test_a_devices_lower_number_that_comes_late_overwrites_nothing(spine):
    phone = spine.phone("worker1")
    first = change(phone, spine, "14000000001", 1)
    second = change(phone, spine, "14000000002", 1)

    late = [phone.push(one)[0].outcome for one in (second, first)]

    assert late == ["accepted", "accepted"]
    assert number_of(spine)[0] == "14000000002" and not number_of(spine)[2]


def test_f13_changes_of_different_fields_both_survive(spine):
    phone = spine.phone("worker1")
    edit = phone.record("contact.change", {"id": spine.contact, "changes": {"name": "黄"}}, base=1)
    spine.submit("contact.change", {"id": spine.contact, "changes": {"phone": "14000000009"}}, 1)

    receipt = phone.push(edit)[0]

    found = spine.get("contact", spine.contact)
    assert receipt.outcome == "accepted"
    assert (found.name, found.phone, found.version) == ("黄", "14000000009", 3)


def test_the_same_value_from_two_sides_is_no_conflict(spine):
    phone = spine.phone("worker1")
    edit = change(phone, spine, "14000000009", 1)
    spine.submit("contact.change", {"id": spine.contact, "changes": {"phone": "14000000009"}}, 1)

    assert phone.push(edit)[0].outcome == "accepted"
    assert number_of(spine)[2] == []


@pytest.mark.parametrize("base", [2, 99, 2**31])
def test_a_base_that_was_never_given_out_breaks_nothing(spine, base):
    phone = spine.phone("worker1")

    receipt = phone.push(change(phone, spine, "14000000009", base))[0]

    assert receipt.outcome == "accepted" and number_of(spine)[:2] == ("14000000009", 2)


@pytest.mark.parametrize("base", [-1, 2**53 + 1, 1.5, "1", True])
def test_a_base_that_is_no_version_is_kept_for_the_office(spine, base):
    phone = spine.phone("worker1")

    assert phone.push(change(phone, spine, "14000000009", base))[0].outcome == "quarantined"


# ---- numbers and receipts -----------------------------------------------------------------------


@pytest.mark.parametrize(("n", "code"), [(100_000, ""), (100_001, "n.out_of_range")])
def test_a_number_far_ahead_is_taken_to_the_last_that_may_be(spine, n, code):
    phone = spine.phone("worker1")

    receipt = phone.push(renumbered(phone.visit(spine.door), n))[0]

    assert receipt.code == code


def test_a_duplicate_says_all_that_the_first_receipt_said(spine):
    phone = spine.phone("worker1")
    accepted, refused = phone.visit(spine.door), phone.visit(spine.far_door)
    first = phone.push(accepted, refused)

    again = phone.push(accepted, refused)

    assert [one.first for one in again] == ["accepted", "quarantined"]
    assert [(one.seq, one.code, one.message) for one in again] == [
        (one.seq, one.code, one.message) for one in first
    ]


def test_a_receipt_names_no_stream_that_was_handed_over(town):
    phone = Phone(town, "worker1")
    phone.pull()
    queued = phone.visit()
    office = town["office1"]
    office.submit(
        f"/office/people/{town.person('worker2')}/buildings",
        building=town.building("hongmian"),
        from_on="2026-09-15",
        instead="1",
    )

    told = phone.sync(queued)

    assert set(told["receipts"][0]["seq"]) == {f"person:{town.person('worker1')}"}


# ---- shown on both sides ------------------------------------------------------------------------


def test_f14_what_waits_is_seen_by_its_author_at_once_and_by_the_office_after_five_days(town):
    phone, office = Phone(town, "worker1"), town["office1"]
    waits = phone.visit()
    waits["after"] = [str(uuid.uuid4())]
    phone.sync(waits)

    assert "它前面的一条还没到" in town["worker1"].get("/outbox").text
    assert "等前一条超过 5 天" not in office.get("/office/quarantine").text
    town.clock.pass_(days=5, minutes=1)
    text = office.get("/office/quarantine").text
    assert "等前一条超过 5 天" in text and "周晓岚" in text


def test_f13_both_values_are_seen_on_both_sides_until_the_office_decides(town):
    phone, office = Phone(town, "worker1"), town["office1"]
    data = {"household_id": town.household("huang"), "phone": "14000000001"}
    contact = town.submit("office1", "contact.add", data).id
    changed = {"id": contact, "changes": {"phone": "14000000002"}}
    edit = phone.operation("contact.change", changed, base=1)
    other = {"id": contact, "changes": {"phone": "14000000003"}}
    town.submit("office1", "contact.change", other, base=1)

    phone.sync(edit)

    door = town["worker1"].get(f"/households/{town.household('huang')}").text
    assert "两个说法" in door or "待核" in door or "在定" in door
    assert "和别人的改动对不上" in town["worker1"].get("/outbox").text
    text = office.get("/office/conflicts").text
    plain = re.sub(r"<[^>]*>|\s", "", text)
    assert all(words in plain for words in ("14000000002", "14000000003", "周晓岚", "麦咏诗"))


def test_a_leaders_version_rises_when_somebody_moves_away_and_back(spine):
    def move(door):
        version = spine.get("resident", spine.elder).version
        changes = {"household_id": door}
        spine.submit("resident.change", {"id": spine.elder, "changes": changes}, version)

    def shown():
        stream = f"doors:{spine.building}"
        found = spine.rows(
            "select record from feed where stream = :s and id = :i", s=stream, i=spine.elder
        )[0]["record"]
        return json.loads(found)["version"] if found else 0

    for name in ("黄秀真", "黄秀珍"):
        version = spine.get("resident", spine.elder).version
        spine.submit("resident.change", {"id": spine.elder, "changes": {"name": name}}, version)
    before = shown()

    move(spine.far_door)
    away = shown()
    move(spine.door)

    assert away == 0 and shown() > before > 1


# ---- a push beside others ------------------------------------------------------------------------


def test_an_operation_that_calls_itself_the_community_spoils_nothing_beside_it(spine):
    phone = spine.phone("worker1")
    odd = {**json.loads(phone.visit(spine.door)), "id": spine.home}
    good = phone.visit(spine.door)

    receipts = phone.push(json.dumps(odd).encode(), good)

    assert receipts[1].outcome == "accepted"


def test_a_row_that_the_tables_refuse_is_kept_alone(spine, monkeypatch):
    """As a value would that no rule foresaw: the rest of its push arrives."""
    phone = spine.phone("worker1")
    refused, good = phone.visit(spine.door, note="不收"), phone.visit(spine.door)
    writing = Records._write

    def refusing(self, kind, record, before=None):
        writing(self, kind, record, before)
        if getattr(record, "note", "") == "不收":
            self.tx.later("insert into setting (name, value) values (?, ?)", "x", "x", None)

    monkeypatch.setattr(Records, "_write", refusing)

    receipts = phone.push(refused, good)

    assert [one.outcome for one in receipts] == ["quarantined", "accepted"]
    assert receipts[0].code == "operation.failed"


def test_words_of_any_length_in_place_of_a_time_are_not_remembered():
    before = operations._instant.cache_info().currsize

    assert operations.instant("2026-09-15" * 100_000) is None
    assert operations._instant.cache_info().currsize == before
