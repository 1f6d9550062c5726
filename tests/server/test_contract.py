"""The contract between phone and server, tried the way somebody who means ill would try it."""

import json
from collections.abc import Iterator
from datetime import timedelta

import pytest

from server.intake.receiving import Sender
from server.store import people
from sync import ledger
from sync.refusals import Refusal
from tests.server.spine import Spine, visit_data
from tests.server.test_sync import Phone, feed_of


@pytest.fixture
def spine(tmp_path) -> Iterator[Spine]:
    town = Spine(tmp_path)
    yield town
    faults = town.faults()
    town.stop()
    assert faults == []


@pytest.fixture
def phone(town):
    return Phone(town, "worker1")


def outcomes(receipts):
    return [one.outcome for one in receipts]


def ident(raw):
    return json.loads(raw)["id"]


def chain(phone, door, length, root):
    """Visits that each wait for the one before, the first for `root`."""
    links = []
    for _ in range(length):
        links.append(phone.record("visit.record", visit_data(door), after=[root]))
        root = ident(links[-1])
    return links


# ---- what cannot be read stops nobody -----------------------------------------------------------


@pytest.mark.parametrize(
    ("bad", "code"),
    [
        ('"\\ud83d"', "data.misfit"),
        ("[" * 3000 + "]" * 3000, "operation.too_deep"),
        ("[" * 600 + "]" * 600, "operation.too_deep"),
        ("1" + "0" * 5000, "data.misfit"),
        ("1e999", "data.misfit"),
    ],
)
def test_an_operation_that_no_parser_reads_stops_no_neighbour(phone, bad, code):
    good, poison, other = phone.visit(), phone.visit(media=["here"]), phone.visit()
    poisoned = json.dumps(poison).replace('"here"', bad)
    body = f'{{"ops": [{json.dumps(good)}, {poisoned}, {json.dumps(other)}]}}'

    told = phone.raw(body.encode()).json()

    assert [one["outcome"] for one in told["receipts"]] == ["accepted", "quarantined", "accepted"]
    kept = told["receipts"][1]
    assert (kept["id"], kept["n"], kept["code"]) == (poison["id"], 2, code)
    assert told["device"]["upto"] == 3
    again = phone.raw(body.encode()).json()["receipts"]
    assert [one["outcome"] for one in again] == ["duplicate"] * 3


@pytest.mark.parametrize(
    "body",
    [
        b'{"ops": [NaN]}',
        b'{"ops": [{"id": "\\q"}]}',
        b'{"ops": ["\\ud83d",]}',
        b'{"ops": ["\\ud83d"]',
        b'{"ops": ["\\ud83d"], "limit": "many"}',
        b'{"ops": {"a": "\\ud83d"}}',
        b'{"ops": ["\\ud83d"], "x": [}]}',
    ],
)
def test_what_is_no_json_or_no_head_is_still_unreadable(phone, body):
    assert phone.raw(body).status_code == 400


@pytest.mark.parametrize(
    "said", ['"text"', "[]", "null", '{"usage": 1e999}', '{"recorded": 1' + "0" * 50 + "}"]
)
def test_nonsense_that_a_phone_says_of_itself_stops_no_round_trip(phone, said):
    assert phone.raw(f'{{"ops": [], "phone": {said}}}'.encode()).status_code == 200


def test_a_phone_that_says_nothing_this_time_is_still_known_by_what_it_said(town, phone):
    phone.sync(phone={"recorded": 7})
    phone.sync()

    with town.store.read() as tx:
        report = tx.value("select report from device where id = :d", d=phone.device)
    assert json.loads(report)["recorded"] == 7


# ---- waiting -----------------------------------------------------------------------------------


def test_a_chain_of_any_length_is_released_at_once(spine):
    phone = spine.phone("worker1")
    root = phone.visit(spine.door)
    links = chain(phone, spine.door, 1500, ident(root))
    assert set(outcomes(phone.push(*links))) == {"held"}

    assert outcomes(phone.push(root)) == ["accepted"]

    assert {one.first for one in phone.push(*links)} == {"accepted"}


def test_a_chain_of_any_length_falls_with_its_first(spine):
    phone = spine.phone("worker1")
    root = phone.visit(spine.far_door)
    links = chain(phone, spine.door, 1500, ident(root))
    phone.push(*links)

    phone.push(root)

    assert {one.code for one in phone.push(*links)} == {"predecessor.refused"}


def test_a_ring_of_any_length_is_found(spine):
    phone = spine.phone("worker1")
    last = spine.new_id()
    links = chain(phone, spine.door, 1200, last)
    closing = {**json.loads(phone.visit(spine.door)), "id": last, "after": [ident(links[-1])]}

    receipts = phone.push(*links, json.dumps(closing).encode())

    assert {one.code for one in receipts} == {"after.cycle"}


def test_a_copy_in_the_same_batch_says_what_the_first_has_become(spine):
    phone = spine.phone("worker1")
    root = phone.visit(spine.door)
    link = chain(phone, spine.door, 1, ident(root))[0]

    receipts = phone.push(link, link, root)

    assert [(one.outcome, one.first) for one in receipts] == [
        ("accepted", ""),
        ("duplicate", "accepted"),
        ("accepted", ""),
    ]


def test_what_the_office_refused_is_not_applied_when_its_predecessor_is(spine):
    phone = spine.phone("worker1")
    root = phone.visit(spine.far_door)
    link = chain(phone, spine.door, 1, ident(root))[0]
    phone.push(root, link)
    spine.submit("quarantine.decide", {"key": ident(link), "decision": "refuse"})

    spine.submit("quarantine.decide", {"key": ident(root), "decision": "accept"})

    assert spine.get("visit", ident(root)) is not None
    assert spine.get("visit", ident(link)) is None


def test_what_waited_for_a_corrected_operation_is_tried_again(spine):
    phone = spine.phone("worker1")
    broken = phone.visit(spine.door, note="x" * 1001)
    link = chain(phone, spine.door, 1, ident(broken))[0]
    assert outcomes(phone.push(broken, link)) == ["quarantined", "quarantined"]

    phone.send("visit.record", visit_data(spine.door), replaces=ident(broken))

    assert phone.push(link)[0].first == "accepted"


def test_a_record_that_will_never_come_is_not_waited_for(spine):
    phone = spine.phone("worker1")
    note = phone.send("feedback.send", {"text": "谢谢"})
    broken = phone.send("resident.add", {"household_id": spine.door, "name": ""})
    phone.send("resident.add", {"household_id": spine.door, "name": "黄"}, replaces=broken.id)
    gone = spine.submit("resident.add", {"household_id": spine.door, "name": "错"}).id
    spine.submit("resident.remove", {"id": gone})

    receipts = phone.push(
        phone.visit(note.id),
        phone.visit(spine.door, resident_ids=[broken.id]),
        phone.visit(spine.door, resident_ids=[gone]),
    )

    assert [one.code for one in receipts] == ["record.gone", "predecessor.refused", "record.gone"]


def test_a_resend_of_what_the_office_accepted_meanwhile_counts_nothing_twice(spine):
    phone = spine.phone("worker1")
    broken = phone.send("visit.record", visit_data(spine.door, note="x" * 1001))
    data = visit_data(spine.door, note="短")
    spine.submit("quarantine.decide", {"key": broken.id, "decision": "accept", "data": data})

    again = phone.send("visit.record", data, replaces=broken.id)

    assert (again.outcome, again.code) == ("quarantined", "replaces.applied")
    with pytest.raises(Refusal, match=r"quarantine\.cannot_accept"):
        spine.submit("quarantine.decide", {"key": again.id, "decision": "accept"})
    assert spine.rows("select count(*) as n from visit")[0]["n"] == 1


def test_a_worker_who_plays_office_leaves_the_office_nothing_to_stumble_over(spine):
    phone = spine.phone("worker1")
    forged = phone.send("quarantine.decide", {"key": spine.new_id(), "decision": "accept"})
    assert forged.code == "role.not_allowed"

    with pytest.raises(Refusal, match=r"quarantine\.cannot_accept"):
        spine.submit("quarantine.decide", {"key": forged.id, "decision": "accept"})


def test_a_conflict_that_was_held_stays_open_in_the_authors_notices(spine):
    phone, other = spine.phone("worker1"), spine.phone("worker1")
    root = other.visit(spine.door)
    edit = phone.record(
        "contact.change",
        {"id": spine.contact, "changes": {"phone": "14000007718"}},
        base=1,
        after=[ident(root)],
    )
    phone.push(edit)
    spine.submit("contact.change", {"id": spine.contact, "changes": {"phone": "14000007781"}}, 1)

    other.push(root)

    told = spine.rows("select record from feed where kind = 'notice' and id = :i", i=ident(edit))
    notice = json.loads(told[0]["record"])
    assert (notice["outcome"], notice["state"]) == ("conflict", "waiting")


# ---- clocks ------------------------------------------------------------------------------------

ODD_TIMES = [
    "0001-01-01T00:00:00Z",
    "0001-01-01T00:00:00+08:00",
    "0999-06-01T00:00:00Z",
    "1970-01-01T00:00:00Z",
    "2099-12-31T23:59:59+08:00",
    "9999-12-31T23:59:59Z",
    "9999-12-31T23:59:59-12:00",
]


@pytest.mark.parametrize("at", ODD_TIMES)
def test_no_time_changes_an_outcome(phone, at):
    odd = {**phone.visit(), "at": at}
    body = json.dumps({"ops": [odd, phone.visit()], "cursors": {}})

    told = phone.raw(body.encode()).json()

    assert [one["outcome"] for one in told["receipts"]] == ["accepted", "accepted"]


@pytest.mark.parametrize("sent_at", [*ODD_TIMES, "soon", ""])
def test_no_clock_changes_an_outcome(phone, sent_at):
    told = phone.sync(phone.visit(), sent_at=sent_at)

    assert told["receipts"][0]["outcome"] == "accepted"


def test_a_clock_that_runs_ahead_hides_no_door_from_its_plan(town, phone):
    ahead = {**phone.visit(resident_ids=[town.resident("huang")]), "at": "2099-01-01T00:00:00Z"}
    phone.sync(ahead)
    phone.pull()

    door = next(one for key, one in phone.records.items() if key[2] == town.household("huang"))
    elder = next(one for key, one in phone.records.items() if key[2] == town.resident("huang"))
    visit = next(one for key, one in phone.records.items() if key[1] == "visit")
    assert (door["due_on"], elder["last_contact_on"]) == ("2026-09-22", "2026-09-15")
    assert visit["true_at"].startswith("2098-12-31") or visit["true_at"].startswith("2099")
    assert "time.ahead" in visit["questions"]


@pytest.mark.parametrize("day", ["9999-12-31", "0001-01-01", "2200-01-01"])
def test_a_day_that_nobody_can_plan_with_does_not_fit(phone, day):
    told = phone.sync(phone.visit(result="hospital", away_until=day))

    assert told["receipts"][0]["code"] == "date.unreal"


def test_instants_of_a_record_are_utc_whatever_offset_they_came_with(town, phone):
    phone.sync(phone.visit(started_at="2026-09-15T09:52:11+08:00", ended_at="2026-09-15T02:00:00Z"))
    phone.pull()

    visit = next(one for key, one in phone.records.items() if key[1] == "visit")
    assert visit["started_at"] == "2026-09-15T01:52:11.000Z"
    assert visit["ended_at"] == "2026-09-15T02:00:00.000Z"


# ---- what is handed out -------------------------------------------------------------------------


@pytest.mark.parametrize("limit", [1, 2, 5, 500])
def test_no_answer_is_longer_than_its_limit_but_for_one_operation(town, phone, limit):
    while True:
        told = phone.sync(limit=limit)
        numbers = {(one["stream"], one["seq"]) for one in told["changes"]}
        assert len(told["changes"]) <= limit or len(numbers) == 1
        if not told["more"]:
            break


def test_what_was_seeded_at_once_is_handed_out_door_by_door(spine):
    def work(writing):
        writing.seeding = True
        for number in range(30):
            door = {"building_id": spine.building, "unit": "9", "door_no": str(number)}
            raw = office.record("household.add", door)
            writing.receive(raw, Sender(spine.home, office.person_id, office.device_id, *now))
            raw = office.record("resident.add", {"household_id": ident(raw), "name": "新"})
            writing.receive(raw, Sender(spine.home, office.person_id, office.device_id, *now))

    office, now = spine.phone("office1"), (spine.clock(), timedelta(0))
    spine.intake.do(spine.home, work)

    pieces = spine.rows(
        "select seq, count(*) as n from feed where stream = :s group by seq",
        s=f"building:{spine.building}",
    )
    assert max(row["n"] for row in pieces) <= 3
    assert len(pieces) >= 30


def test_a_cursor_that_was_never_given_out_is_of_another_history(town, phone):
    phone.pull()
    whole = dict(phone.records)
    phone.records = {}
    phone.cursors = {stream: seq + 1000 for stream, seq in phone.cursors.items()}

    phone.pull()

    assert phone.records == whole


def test_correcting_the_oldest_of_many_visits_brings_it_back_to_no_phone(spine):
    phone = spine.phone("worker1")
    receipts = phone.push(*[phone.visit(spine.door) for _ in range(14)])

    phone.send("visit.correct", {"id": receipts[0].id, "changes": {"note": "补"}})

    shown = spine.rows(
        "select id from feed where stream = :stream and kind = 'visit' and record is not null",
        stream=f"building:{spine.building}",
    )
    assert {row["id"] for row in shown} == {one.id for one in receipts[2:]}


def test_a_leaders_versions_count_no_visits(spine):
    phone = spine.phone("worker1")
    phone.push(*[phone.visit(spine.door, resident_ids=[spine.elder]) for _ in range(9)])
    door = spine.get("household", spine.door)
    spine.submit("household.change", {"id": door.id, "changes": {"tenure": "own"}}, door.version)

    rows = spine.rows(
        "select record from feed where stream = :stream", stream=f"doors:{spine.building}"
    )
    shown = {one["id"]: one for one in (json.loads(row["record"]) for row in rows)}
    assert shown[spine.door]["tenure"] == "own"
    assert shown[spine.door]["version"] <= 3
    assert shown[spine.elder]["version"] == 1


def test_a_refusal_names_nobody_whom_the_sender_never_held(spine):
    phone = spine.phone("worker1")
    stranger = spine.submit("resident.add", {"household_id": spine.far_door, "name": "钟伟民"}).id

    receipt = phone.push(phone.visit(spine.door, resident_ids=[stranger]))[0]

    assert receipt.code == "resident.elsewhere"
    assert "钟伟民" not in receipt.message
    stream = f"person:{phone.person_id}"
    told = spine.rows("select record from feed where stream = :s", s=stream)
    assert all("钟伟民" not in row["record"] for row in told)


# ---- ledger and check ---------------------------------------------------------------------------


def test_other_bytes_under_a_used_id_still_fill_their_number(phone):
    first = phone.visit()
    forged = {**phone.visit(), "id": first["id"]}

    told = phone.sync(first, forged)

    raws = [json.dumps(one).encode() for one in (first, forged)]
    expected = ledger.extend(ledger.START, (ledger.digest(one) for one in raws))
    assert told["receipts"][1]["code"] == "id.reused"
    assert told["device"] == {
        "received": 2,
        "upto": 2,
        "missing": [],
        "ledger": expected.hex(),
    }


TAMPERING = [
    "delete from visit",
    "delete from resident where id = (select max(id) from resident)",
    "delete from operation where kind = 'visit.record'",
    "update operation set body = x'7b7d' where kind = 'visit.record'",
    "update operation set state = 'quarantined' where kind = 'visit.record'",
    "delete from received",
    "update device set head = '00' where received > 0",
    "delete from feed where kind = 'visit'",
    "update feed set record = '{}' where kind = 'visit'",
    "update feed set seq = seq + 100 where kind = 'visit'",
    "update visit set note = 'x'",
    "update household set due_on = '2031-01-01'",
    "delete from waiting",
    "delete from quarantine",
]


@pytest.mark.parametrize("sql", TAMPERING)
def test_whatever_is_changed_behind_the_log_is_found(tmp_path, sql):
    spine = Spine(tmp_path)
    phone = spine.phone("worker1")
    phone.push(
        phone.visit(spine.door, resident_ids=[spine.elder]),
        phone.visit(spine.far_door),
        phone.visit(spine.new_id()),
    )
    before = spine.faults()
    with spine.store.write() as tx:
        tx.run(sql)
    after = spine.faults()
    spine.stop()

    assert before == []
    assert after


def test_a_server_that_slept_for_a_week_has_no_faults(spine):
    phone = spine.phone("worker1")
    early = {**json.loads(phone.visit(spine.door)), "at": "2026-03-22T04:00:00Z"}
    phone.push(json.dumps(early).encode())

    spine.clock.now += timedelta(days=7)

    assert spine.faults() == []


# ---- what a door may do to another --------------------------------------------------------------


def test_a_door_is_not_renamed_into_its_neighbour(spine):
    phone = spine.phone("worker1")
    door = spine.get("household", spine.door)
    spine.submit("household.add", {"building_id": spine.building, "unit": "2", "door_no": "503"})

    receipt = phone.send(
        "household.change", {"id": door.id, "changes": {"door_no": "503"}}, base=door.version
    )

    assert (receipt.outcome, receipt.code) == ("quarantined", "household.same_door")


def test_a_visit_does_no_task_of_another_door(spine):
    phone = spine.phone("worker1")
    task = spine.submit("task.add", {"household_id": spine.far_door, "reason": "请看看"}).id

    receipt = phone.push(phone.visit(spine.door, task_ids=[task]))[0]

    assert receipt.outcome == "accepted"
    assert spine.get("task", task).status == "open"


def test_a_number_is_not_hung_on_somebody_out_of_reach(spine):
    phone = spine.phone("worker1")
    stranger = spine.submit("resident.add", {"household_id": spine.far_door, "name": "钟伟民"}).id
    data = {"household_id": spine.door, "resident_id": stranger, "phone": "14000001234"}

    assert phone.send("contact.add", data).code == "resident.elsewhere"


# ---- one operation, several streams -------------------------------------------------------------


def test_what_one_operation_did_in_two_streams_comes_in_one_answer(town):
    chief = Phone(town, "chief")
    chief.pull()
    moved = town.resident("huang")
    version = next(one for key, one in chief.records.items() if key[2] == moved)["version"]
    changes = {"household_id": town.household("wu")}
    move = chief.operation("resident.change", {"id": moved, "changes": changes}, base=version)
    other = chief.visit("huang")

    receipts = chief.sync(move, other, limit=0)["receipts"]
    answers = []
    while not answers or answers[-1]["more"]:
        answers.append(chief.sync(limit=1))

    assert len(receipts[0]["seq"]) == 2
    together = [
        sum(told["cursors"][stream] >= seq for stream, seq in receipts[0]["seq"].items())
        for told in answers
    ]
    assert set(together) <= {0, 2}
    assert len(answers) > 1
    assert chief.records == feed_of(town, set(chief.cursors))


# ---- the disk -----------------------------------------------------------------------------------


def test_a_full_disk_acknowledges_nothing_and_loses_nothing(town, phone):
    phone.pull()
    visits = [phone.visit(note="好" * 900) for _ in range(150)]
    body = json.dumps({"ops": visits, "limit": 0}).encode()
    with town.store.write() as tx:
        pages = tx.value("pragma page_count")
        tx.value(f"pragma max_page_count = {pages + 4}")

    answer = phone.raw(body)

    assert answer.status_code == 503
    assert int(answer.headers["Retry-After"]) > 0
    assert answer.json()["code"] == "storage.unavailable"
    told = phone.sync()
    assert told["device"]["received"] == 0
    with town.store.write() as tx:
        tx.value(f"pragma max_page_count = {pages * 100}")
    receipts = phone.raw(body).json()["receipts"]
    assert {one["outcome"] for one in receipts} == {"accepted"}


# ---- after a hand-over --------------------------------------------------------------------------


def test_who_handed_over_is_told_no_category_any_more(spine):
    phone = spine.phone("worker1")
    elder = spine.get("resident", spine.elder)
    categories = ["living_alone", "subsistence_allowance"]
    spine.submit("resident.change", {"id": elder.id, "changes": {"categories": categories}}, 1)
    clear = {"id": elder.id, "changes": {"categories": []}}
    assert "低保" in phone.send("resident.change", clear, base=2).message

    spine.intake.do(
        spine.home,
        lambda writing: people.unassign(
            writing.tx, spine.home, phone.person_id, spine.building, "2026-09-14"
        ),
    )

    receipt = phone.send("resident.change", clear, base=2)
    assert receipt.code == "category.office_only"
    assert "低保" not in receipt.message
