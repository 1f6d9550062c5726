"""What a locked phone sends: operations that only the server can read."""

import base64
import gzip
import hashlib
import json

import pytest

from server import people
from server.field.sync import round_trip
from server.seals import OPERATION, Seals, Unreadable, seal
from sync import ledger
from sync.media import MAX_PICTURE
from sync.operations import MAX_BATCH, MAX_BODY
from tests import pictures
from tests.server.test_sync import Phone
from tests.server.town import SECRET

GARBAGE = ("", ".", "nonsense", "?.!", "0123456789abcdef.", "0123456789abcdef.AAAA")


@pytest.fixture
def phone(town):
    return Phone(town, "worker1")


@pytest.fixture
def told(phone):
    """The public key as a phone gets it."""
    return phone.sync()["seal"]


def text_of(operation):
    return json.dumps(operation, ensure_ascii=False).encode()


def sealed(told, operation, n=None):
    text = text_of(operation)
    return {"n": n or operation["n"], "sealed": seal(told, text, OPERATION)}


def kept_texts(town):
    with town.store.read() as tx:
        return {row["id"]: row["body"] for row in tx.rows("select id, body from operation")}


def test_a_sealed_operation_is_the_operation_inside(phone, town, told):
    visit = phone.visit(note="门口有新装的扶手")

    answer = phone.sync(sealed(told, visit))

    [receipt] = answer["receipts"]
    assert (receipt["id"], receipt["n"], receipt["outcome"]) == (visit["id"], 1, "accepted")
    assert bytes(kept_texts(town)[visit["id"]]) == text_of(visit)
    hash_inside = hashlib.sha256(text_of(visit)).digest()
    assert answer["device"]["ledger"] == ledger.extend(ledger.START, [hash_inside]).hex()


def test_what_came_sealed_and_in_words_counts_once_whichever_was_first(phone, town, told):
    first, second = phone.visit(), phone.visit()
    answers = [
        phone.sync(sealed(told, first)),
        phone.sync(sealed(told, first)),  # sealed anew, so other bytes
        phone.raw(b'{"ops":[' + text_of(first) + b"]}").json(),
        phone.raw(b'{"ops":[' + text_of(second) + b"]}").json(),
        phone.sync(sealed(told, second)),
    ]

    outcomes = [one["receipts"][0]["outcome"] for one in answers]
    assert outcomes == ["accepted", "duplicate", "duplicate", "accepted", "duplicate"]
    assert answers[-1]["device"]["received"] == 2


def test_a_seal_that_is_sent_again_is_the_same_operation(phone, told):
    element = sealed(told, phone.visit())

    outcomes = [phone.sync(element)["receipts"][0]["outcome"] for _ in range(3)]

    assert outcomes == ["accepted", "duplicate", "duplicate"]


@pytest.mark.parametrize("text", GARBAGE)
def test_a_seal_that_does_not_open_is_kept_with_a_reason_and_stops_no_neighbour(phone, town, text):
    before, after = phone.visit(), phone.visit()
    bad = {"n": 7, "sealed": text}

    answer = phone.sync(before, bad, after)

    outcomes = [one["outcome"] for one in answer["receipts"]]
    assert outcomes == ["accepted", "quarantined", "accepted"]
    kept = answer["receipts"][1]
    assert (kept["id"], kept["n"], kept["code"]) == (None, 7, "seal.unreadable")
    assert "重新发" in kept["message"]
    assert answer["device"]["received"] == 2
    [again] = phone.sync(bad)["receipts"]
    assert (again["outcome"], again["first"], again["n"]) == ("duplicate", "quarantined", 7)


def test_what_was_sealed_to_another_key_does_not_open_and_may_come_in_words_later(phone, told):
    visit = phone.visit()
    strange = Seals(b"another installation").told
    posing = {**strange, "id": told["id"]}

    receipts = phone.sync(sealed(strange, visit), sealed(posing, visit))["receipts"]

    assert [one["code"] for one in receipts] == ["seal.unreadable"] * 2
    answer = phone.sync(visit)
    assert answer["receipts"][0]["outcome"] == "accepted"
    assert answer["device"]["upto"] == 1


def test_what_is_inside_a_seal_is_read_as_carefully_as_any_element(phone, told):
    visit, other = phone.visit(), phone.visit()
    deep = b"[" * 3000 + b"]" * 3000
    insides = [
        b"",
        b"{",
        b"\xff\xfe",
        b"NaN",
        deep,
        b"{}",
        json.dumps(sealed(told, visit)).encode(),
    ]
    elements = [{"n": 9, "sealed": seal(told, one, OPERATION)} for one in insides]

    receipts = phone.sync(*elements, other)["receipts"]

    assert [one["outcome"] for one in receipts] == ["quarantined"] * 7 + ["accepted"]


def test_two_sealed_operations_under_one_number(phone, told):
    first = phone.visit()
    second = {**phone.visit(), "n": first["n"]}

    receipts = phone.sync(sealed(told, first), sealed(told, second))["receipts"]

    assert [(one["outcome"], one.get("code", "")) for one in receipts] == [
        ("accepted", ""),
        ("quarantined", "n.taken"),
    ]


def test_the_number_on_the_outside_counts_for_nothing_once_it_opens(phone, told):
    visit = phone.visit()

    [receipt] = phone.sync(sealed(told, visit, n=99))["receipts"]

    assert (receipt["n"], receipt["outcome"]) == (1, "accepted")


def test_a_whole_batch_of_seals_fits_and_more_is_too_much(phone, town, told):
    batch = [sealed(told, phone.visit()) for _ in range(MAX_BATCH)]
    over = json.dumps({"ops": [*batch, batch[0]]}).encode()
    large = json.dumps({"ops": [{"n": 1, "sealed": "A" * MAX_BODY}]}).encode()

    assert phone.raw(over).json()["code"] == "push.too_large"
    assert phone.raw(large).json()["code"] == "push.too_large"
    packed = phone.raw(gzip.compress(large), **{"Content-Encoding": "gzip"})
    assert packed.status_code == 413
    outcomes = {one["outcome"] for one in phone.sync(*batch)["receipts"]}
    assert outcomes == {"accepted"}


def test_the_key_is_the_same_after_a_start_and_an_old_one_still_opens():
    before, now = Seals(b"before"), Seals(b"now", [b"before"])
    plain = "不见了也打得开".encode()
    text = seal(before.told, plain, OPERATION)

    assert Seals(b"before").told == before.told
    assert now.told["id"] != before.told["id"]
    assert now.open(text, OPERATION) == plain
    with pytest.raises(Unreadable):
        Seals(b"now").open(text, OPERATION)
    with pytest.raises(Unreadable):
        now.open(text, "picture")


def test_whoever_signs_in_is_told_the_key(phone, told):
    held = {"Authorization": f"Bearer {phone.token}"}

    assert phone.browser.get("/api/session", headers=held).json()["seal"] == told
    assert told == Seals(SECRET).told


def test_a_round_trip_without_a_server_around_it_opens_seals_too(phone, town):
    visit = phone.visit()
    with town.store.read() as tx:
        person = people.of_token(tx, phone.token, town.clock())
    assert person is not None
    body = json.dumps({"ops": [sealed(Seals(b"").told, visit)]}).encode()

    told = json.loads(round_trip(town.intake, person, body))

    assert told["receipts"][0]["outcome"] == "accepted"


def bring(phone, name, body, seal_name, kind="image/jpeg"):
    headers = {
        "Authorization": f"Bearer {phone.token}",
        "Content-Type": "application/x-jinlin-sealed",
        "Jinlin-Seal": f"{seal_name} {kind}",
    }
    return phone.browser.put(f"/media/{name}", content=body, headers=headers)


def test_a_sealed_picture_is_the_picture_inside(phone, told):
    data = pictures.jpeg(40, 30, 1)
    name = hashlib.sha256(data).hexdigest()
    key, _, text = seal(told, data, f"picture {name}").partition(".")
    body = base64.urlsafe_b64decode(text + "==")

    assert bring(phone, name, body, "0123456789abcdef").json()["code"] == "seal.unreadable"
    assert bring(phone, name, body[:-1], key).json()["code"] == "seal.unreadable"
    assert bring(phone, "0" * 64, body, key).json()["code"] == "seal.unreadable"
    assert bring(phone, name, body, key, "image/png").status_code == 415
    assert bring(phone, name, b"x" * (MAX_PICTURE + 200), key).status_code == 413
    answer = bring(phone, name, body, key)

    assert answer.json() == {"sha256": name, "received": len(data), "complete": 1}
    held = {"Authorization": f"Bearer {phone.token}"}
    again = phone.browser.get(f"/media/{name}/received", headers=held).json()
    assert again["complete"] == 1
