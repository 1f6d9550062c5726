"""The round trip over HTTP: push, pull, and every way it can be wrong."""

import gzip
import json
import uuid
from concurrent.futures import ThreadPoolExecutor

import pytest

from server.store import people as rows
from sync import ledger
from tests.server.spine import visit_data
from tests.server.town import ident


class Phone:
    """A phone that speaks the protocol and keeps what it is told."""

    def __init__(self, town, username):
        self.town = town
        self.token = town.token(username)
        self.browser = town.nobody()
        self.device = ident("device", username)
        self.cursors = {}
        self.records = {}
        self.n = 0

    def operation(self, kind, data, **more):
        self.n += 1
        at = self.town.clock.now.isoformat()
        head = {"id": str(uuid.uuid4()), "n": self.n, "kind": kind, "at": at, **more}
        return {**head, "data": data}

    def visit(self, door="huang", **changes):
        return self.operation("visit.record", visit_data(self.town.household(door), **changes))

    def sync(self, *ops, **head):
        """One round trip; what comes back is taken into the replica."""
        body = {"sent_at": self.town.clock.now.isoformat(), "cursors": self.cursors, **head}
        answer = self.raw(json.dumps({**body, "ops": ops}).encode())
        assert answer.status_code == 200, answer.text
        told = answer.json()
        for change in told["changes"]:
            key = change["stream"], change["kind"], change["id"]
            if change["record"] is None:
                self.records.pop(key, None)
            else:
                self.records[key] = change["record"]
        self.cursors = told["cursors"]
        for stream in told["left"]:
            self.records = {key: one for key, one in self.records.items() if key[0] != stream}
        return told

    def pull(self, limit=500):
        rounds = 1
        while self.sync(limit=limit)["more"]:
            rounds += 1
        return rounds

    def raw(self, body, **headers):
        held = {"Authorization": f"Bearer {self.token}", **headers}
        return self.browser.post("/sync", content=body, headers=held)


@pytest.fixture
def phone(town):
    return Phone(town, "worker1")


def feed_of(town, streams):
    """What the server shows in these streams, as a replica would hold it."""
    with town.store.read() as tx:
        found = tx.rows("select stream, kind, id, record from feed where record is not null")
    return {
        (row["stream"], row["kind"], row["id"]): json.loads(row["record"])
        for row in found
        if row["stream"] in streams
    }


def test_a_push_is_receipted_and_comes_back_as_records(phone, town):
    told = phone.sync(phone.visit(resident_ids=[town.resident("huang")]))

    receipt = told["receipts"][0]
    stream = f"building:{town.building('hongmian')}"
    assert receipt["outcome"] == "accepted"
    assert told["cursors"][stream] >= receipt["seq"][stream]
    assert (stream, "visit", receipt["id"]) in phone.records
    assert told["device"]["received"] == told["device"]["upto"] == 1


@pytest.mark.parametrize("limit", [1, 2, 7, 500])
def test_a_replica_equals_the_feed_of_its_streams_whatever_the_limit(town, phone, limit):
    phone.pull(limit)

    assert phone.records == feed_of(town, set(phone.cursors))
    assert set(phone.cursors) == {
        f"community:{town.community}",
        f"person:{town.person('worker1')}",
        f"building:{town.building('hongmian')}",
    }


def test_the_changes_of_one_operation_are_never_split(town, phone):
    phone.pull()
    phone.sync(phone.visit(resident_ids=[town.resident("huang")]), limit=0)

    told = phone.sync(limit=1)

    kinds = sorted(change["kind"] for change in told["changes"])
    assert kinds == ["household", "resident", "visit"]


def test_no_limit_means_receipts_only(phone):
    told = phone.sync(phone.visit(), limit=0)

    assert told["changes"] == []
    assert told["more"] is True
    assert told["receipts"][0]["outcome"] == "accepted"


def test_a_leader_holds_names_and_doors_and_nothing_else(town):
    leader = Phone(town, "leader1")
    leader.pull()

    kinds = {kind for _, kind, _ in leader.records}
    assert kinds == {"building", "household", "resident", "person"}
    text = json.dumps(list(leader.records.values()), ensure_ascii=False)
    for secret in ("living_alone", "categories", "birth_on", "due_on", "interval", 'phone"'):
        assert secret not in text.replace('"office_phone"', "")


@pytest.mark.parametrize(
    ("username", "kinds"),
    [
        ("office1", {"checklist", "community", "person"}),
        ("secretary", {"checklist", "community", "person"}),
        ("street", {"person"}),
        ("admin", {"person"}),
    ],
)
def test_who_works_online_holds_no_doors(town, username, kinds):
    phone = Phone(town, username)
    phone.pull()

    assert {kind for _, kind, _ in phone.records} == kinds


def test_a_stream_no_longer_held_is_named_as_left(town, phone):
    phone.pull()
    stream = f"building:{town.building('hongmian')}"
    town.intake.do(
        town.community,
        lambda writing: rows.unassign(
            writing.tx,
            town.community,
            town.person("worker1"),
            town.building("hongmian"),
            "2026-09-14",
        ),
    )

    told = phone.sync(phone.visit())

    assert told["left"] == [stream]
    assert stream not in told["cursors"]
    assert told["receipts"][0]["outcome"] == "accepted"
    assert stream not in told["receipts"][0]["seq"]
    assert not any(key[0] == stream for key in phone.records)


def test_cursors_of_another_epoch_are_ignored(phone):
    phone.pull()

    again = phone.sync(epoch="before-the-restore")

    assert again["changes"]


def test_five_identical_requests_at_once_apply_once(town, phone):
    body = json.dumps({"ops": [phone.visit() for _ in range(10)]}).encode()

    with ThreadPoolExecutor(5) as pool:
        answers = [one.json() for one in pool.map(lambda _: phone.raw(body), range(5))]

    for nth in range(10):
        outcomes = sorted(answer["receipts"][nth]["outcome"] for answer in answers)
        assert outcomes == ["accepted", *["duplicate"] * 4]


def test_missing_numbers_are_named_and_the_ledger_is_of_the_gap_free_prefix(phone):
    ops = [phone.visit() for _ in range(6)]
    body = json.dumps({"ops": [ops[0], ops[1], ops[5]]}).encode()

    told = phone.raw(body).json()["device"]

    raws = [json.dumps(one).encode() for one in ops[:2]]
    expected = ledger.extend(ledger.START, (ledger.digest(one) for one in raws))
    assert told == {"received": 3, "upto": 2, "missing": [3, 4, 5], "ledger": expected.hex()}


def test_bytes_are_kept_as_they_came(town, phone):
    odd = json.dumps(phone.visit(), indent=3).encode()

    phone.raw(b'{"ops": [' + odd + b"]}")

    with town.store.read() as tx:
        assert tx.value("select body from operation where device_id = :d", d=phone.device) == odd


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        (b"", 400, "body.unreadable"),
        (b'{"ops": [', 400, "body.unreadable"),
        (b'{"ops": {}}', 400, "body.unreadable"),
        (b'{"ops": null}', 400, "body.unreadable"),
        (b"[]", 400, "body.unreadable"),
        (b'{"ops": [], "cursors": {"x": -1}}', 400, "body.unreadable"),
        (b'{"ops": [], "cursors": {"x": 1e99}}', 400, "body.unreadable"),
        (b'{"ops": [], "limit": 501}', 400, "body.unreadable"),
        (b'{"ops": [], "protocol": 2}', 400, "protocol.unknown"),
        (b'{"ops": ["\xff"]}', 400, "body.unreadable"),
        (b'{"ops": [], "device": "another"}', 409, "device.mismatch"),
        (b'{"ops": [' + b",".join([b"1"] * 201) + b"]}", 413, "push.too_large"),
        (b'{"ops": [], "x": "' + b"x" * 1024 * 1024 + b'"}', 413, "push.too_large"),
        (b"[" * 100_000, 400, "body.unreadable"),
    ],
)
def test_an_unreadable_round_trip_changes_nothing_and_says_why(phone, body, status, code):
    answer = phone.raw(body)

    assert answer.status_code == status
    assert answer.json()["code"] == code
    assert answer.json()["message"]


def test_a_packed_body_is_counted_while_it_is_unpacked(phone):
    bomb = gzip.compress(b'{"ops": [], "x": "' + b"x" * 50_000_000 + b'"}')
    good = gzip.compress(json.dumps({"ops": [phone.visit()]}).encode())

    assert phone.raw(bomb, **{"Content-Encoding": "gzip"}).status_code == 413
    assert phone.raw(good[:-9], **{"Content-Encoding": "gzip"}).status_code == 400
    answer = phone.raw(good, **{"Content-Encoding": "gzip"})
    assert answer.json()["receipts"][0]["outcome"] == "accepted"


def test_unknown_fields_of_the_head_are_ignored(phone):
    assert phone.sync(future={"x": 1})["receipts"] == []


def test_elements_that_are_no_operations_are_kept_and_answered_in_order(phone):
    told = phone.sync(None, 7, "text", phone.visit(), [], {})

    assert [one["outcome"] for one in told["receipts"]] == [
        *["quarantined"] * 3,
        "accepted",
        *["quarantined"] * 2,
    ]


def test_what_the_phone_says_of_itself_is_kept(town, phone):
    phone.sync(phone={"version": "0.1.0", "recorded": 7, "waiting": 2})

    with town.store.read() as tx:
        found = tx.value("select report from device where id = :d", d=phone.device)
    assert json.loads(found)["recorded"] == 7


def test_nobody_syncs_without_a_token(town):
    for headers in ({}, {"Authorization": "Bearer nonsense"}):
        answer = town.nobody().post("/sync", content=b"{}", headers=headers)
        assert answer.status_code == 401
        assert answer.json()["code"]


def test_a_cookie_from_a_foreign_page_writes_nothing(town):
    answer = town["worker1"].post(
        "/sync", content=b'{"ops": []}', headers={"Sec-Fetch-Site": "cross-site"}
    )

    assert answer.status_code == 403


def test_the_scheme_of_a_token_is_read_without_regard_to_case(town):
    headers = {"Authorization": f"bearer {town.token('worker1')}"}

    assert town.nobody().post("/sync", content=b'{"ops": []}', headers=headers).status_code == 200
