"""A hundred thousand bodies that are wrong: no 500, no change, every readable element answered."""

import asyncio
import gzip
import hashlib
import ipaddress
import json
import resource
import shutil
import tracemalloc
import zlib
from collections import Counter
from functools import cache
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from server.app import build
from server.settings import Settings
from server.store import check
from tests.server.malformed import Bodies
from tests.server.town import SECRET, Clock, Town

BLOCKS, OF_SYNC, OF_SESSION = 10, 5_000, 5_000
AT_ONCE = 50
MORE_BYTES = 96 * 1024 * 1024
REFUSED = {400, 401, 409, 413, 429}
OUTCOMES = {"accepted", "duplicate", "held", "conflict", "quarantined"}
# What a push may never move, and all that a sign-in may.
STAYS_IN_SYNC = (
    *("setting", "community", "building", "person", "person_building", "session", "sign_in_card"),
    *("sign_in_failure", "audit", "identity", "import_batch", "roster_said", "media"),
)
MOVES_IN_SESSION = {"session", "device", "sign_in_failure", "audit", "person"}


class Wire:
    """The application itself, asked without a socket; every request comes from another address."""

    def __init__(self, folder, made):
        shutil.copy(made, folder / "jinlin.db")
        self.clock = Clock()
        self.app = build(Settings(data=folder, secret=SECRET), self.clock)
        self.town = Town(self.app, self.clock, None)
        self.token = self.town.token("worker1")
        self.asked = 0
        self.runner = asyncio.Runner()

    async def post(self, path, body, headers=(), token=""):
        """Status and body of the answer."""
        self.asked += 1
        named = [(b"host", b"testserver.local"), (b"content-type", b"application/json"), *headers]
        if token:
            named.append((b"authorization", f"Bearer {token}".encode()))
        address = str(ipaddress.ip_address(self.asked))
        scope = {**SCOPE, "path": path, "raw_path": path.encode(), "headers": named}
        begins = iter(range(0, len(body) or 1, PIECE))
        said = []

        async def receive():
            at = next(begins, None)
            if at is None:
                return {"type": "http.disconnect"}
            piece, is_more = body[at : at + PIECE], at + PIECE < len(body)
            return {"type": "http.request", "body": piece, "more_body": is_more}

        async def send(message):
            said.append(message)

        await self.app({**scope, "client": (address, 1)}, receive, send)
        return said[0]["status"], b"".join(one.get("body", b"") for one in said[1:])

    def post_all(self, path, bodies, token=""):
        """Answers in order; as many at once as a busy morning brings."""

        async def posting():
            found = []
            for start in range(0, len(bodies), AT_ONCE):
                some = bodies[start : start + AT_ONCE]
                found += await asyncio.gather(*(self.post(path, one, (), token) for one in some))
            return found

        return self.runner.run(posting())

    def digests(self):
        """One sum for each table."""
        with self.town.store.read() as tx:
            names = [row["name"] for row in tx.rows(TABLES)]
            return {
                name: hashlib.sha256(repr(tx.tuples(f"select * from {name}")).encode()).hexdigest()
                for name in names
            }

    def kept(self):
        """The ids and hashes under which something that was received is kept."""
        with self.town.store.read() as tx:
            return {row["id"] for row in tx.rows(KEPT)}

    def faults(self):
        with self.town.store.read() as tx:
            return list(check.faults(tx, self.clock.now))

    def stop(self):
        self.runner.close()
        self.town.intake.stop()
        self.town.store.close()


PIECE = 64 * 1024
SCOPE = {
    "type": "http",
    "asgi": {"version": "3.0"},
    "http_version": "1.1",
    "method": "POST",
    "scheme": "http",
    "query_string": b"",
    "root_path": "",
    "server": ("testserver.local", 80),
}
TABLES = "select name from sqlite_schema where type = 'table' and name not like 'sqlite%'"
KEPT = 'select id from operation union select "key" from quarantine'


@pytest.fixture
def wire(made_town, tmp_path):
    made = Wire(tmp_path, made_town)
    yield made
    made.stop()


def resident_bytes():
    return int(Path("/proc/self/statm").read_text().split()[1]) * resource.getpagesize()


@pytest.mark.parametrize("block", range(BLOCKS))
def test_a_malformed_push_changes_nothing_and_a_readable_one_is_answered(wire, block):
    bodies = list(Bodies(wire.town, f"sync {block}").syncs(OF_SYNC))
    before, size = wire.digests(), resident_bytes()

    answers = wire.post_all("/sync", bodies, wire.token)

    assert not [status for status, _ in answers if status not in {200, *REFUSED}]
    refused = [body for body, (status, _) in zip(bodies, answers, strict=True) if status != 200]
    assert len(bodies) / 4 < len(refused) < len(bodies) * 4 / 5
    receipts = []
    for body, (status, said) in zip(bodies, answers, strict=True):
        if status == 200:
            some = read(said)["receipts"]
            assert len(some) == elements_of(body, len(some)), body
            receipts += some
    assert {one["outcome"] for one in receipts} == OUTCOMES - {"conflict"}
    named = {one["id"] for one in receipts if one["id"]}
    after = wire.digests()
    assert named <= wire.kept()
    assert {name for name in STAYS_IN_SYNC if before[name] != after[name]} == set()
    assert wire.faults() == []
    wire.post_all("/sync", refused, wire.token)
    assert wire.digests() == after
    assert resident_bytes() - size < MORE_BYTES


@pytest.mark.parametrize("block", range(BLOCKS))
def test_a_malformed_sign_in_changes_nothing(wire, block):
    bodies = list(Bodies(wire.town, f"session {block}").sessions(OF_SESSION))
    before, size = wire.digests(), resident_bytes()

    answers = wire.post_all("/api/session", bodies)

    statuses = Counter(status for status, _ in answers)
    assert statuses.keys() <= {200, *REFUSED}
    assert statuses[400] > OF_SESSION / 3
    assert all(read(said)["code"] for status, said in answers if status != 200)
    after = wire.digests()
    assert {name for name in before if before[name] != after[name]} <= MOVES_IN_SESSION
    unread = [body for body, (status, _) in zip(bodies, answers, strict=True) if status == 400]
    wire.post_all("/api/session", unread)
    assert wire.digests() == after
    assert resident_bytes() - size < MORE_BYTES


def read(said):
    return json.loads(said)


def elements_of(body, otherwise):
    """How many elements `ops` has for a reader that is not ours, if it can read the body at all."""
    try:
        return len(json.loads(body).get("ops", []))
    except (ValueError, RecursionError):
        return otherwise


GZIP = [(b"content-encoding", b"gzip")]
MIB = 1024 * 1024


@cache
def packed(size):
    return gzip.compress(b'{"ops":[], "x":"' + b" " * size + b'"}')


def operation(**more):
    head = {"id": "01990000-0000-4000-8000-000000000001", "n": 1, "kind": "feedback.send"}
    return {**head, "at": "2026-09-15T10:00:00Z", "data": {"text": "好"}, **more}


def pushed(**more):
    return json.dumps({"ops": [operation(**more)], "limit": 0}).encode()


SOUND = pushed()
GOOD = b'"\\u597d"'
# body or what packs it, headers, status of the answer, outcome of the first element
BODIES = {
    "nothing": (b"", (), 400, None),
    "a byte order mark": (b"\xef\xbb\xbf" + SOUND, (), 400, None),
    "another alphabet": (SOUND.decode().encode("utf-16"), (), 400, None),
    "no text": (bytes(range(256)) * 4, (), 400, None),
    "half a text": (SOUND[:-3], (), 400, None),
    "two texts": (SOUND + SOUND, (), 400, None),
    "a list": (b"[%b]" % SOUND, (), 400, None),
    "operations that are no list": (b'{"ops":{"0":1}}', (), 400, None),
    "a number too large for a limit": (b'{"limit":1e999,"ops":[]}', (), 400, None),
    "a cursor that is no number": (b'{"cursors":{"x":NaN},"ops":[]}', (), 400, None),
    "a cursor beyond all": (b'{"cursors":{"x":%d},"ops":[]}' % 2**64, (), 400, None),
    "nested without end": (b"[" * (MIB - 1), (), 400, None),
    "a mebibyte and one": (b" " * (MIB + 1 - len(SOUND)) + SOUND, (), 413, None),
    "a mebibyte": (b" " * (MIB - len(SOUND)) + SOUND, (), 200, "accepted"),
    "a bomb": (lambda: packed(300 * MIB), GZIP, 413, None),
    "a bomb behind a text": (lambda: gzip.compress(SOUND) + packed(300 * MIB), GZIP, 400, None),
    "much behind a text": (gzip.compress(SOUND) + b"\0" * 16 * MIB, GZIP, 400, None),
    "nothing, packed at length": (gzip.compress(b"") * 500_000, GZIP, 400, None),
    "half a packed text": (gzip.compress(SOUND)[:-9], GZIP, 400, None),
    "no packed text": (SOUND, GZIP, 400, None),
    "another packing": (zlib.compress(SOUND), GZIP, 400, None),
    "packed and said to be plain": (gzip.compress(SOUND), (), 400, None),
    "another type": (SOUND, [(b"content-type", b"text/plain")], 200, "accepted"),
    "a form": (b"ops=%5B%5D", [(b"content-type", b"application/x-www-form-urlencoded")], 400, None),
    "deep data": (SOUND.replace(GOOD, b"[" * 5000 + b"]" * 5000), (), 200, "quarantined"),
    "half a character": (SOUND.replace(GOOD, b'"\\ud83d"'), (), 200, "quarantined"),
    "no number": (pushed(n=float("nan")), (), 400, None),
    "a number too large": (pushed(n=10**40), (), 200, "quarantined"),
    "a base too large": (pushed(base=10**400), (), 200, "quarantined"),
    "said twice": (SOUND.replace(b'"n": 1', b'"n": 1, "n": 1'), (), 200, "accepted"),
}


@pytest.mark.parametrize("name", BODIES)
def test_an_extreme_body_is_answered_in_bounded_memory(wire, name):
    body, headers, status, outcome = BODIES[name]
    body = body() if callable(body) else body
    wire.runner.run(wire.post("/sync", b"{}", (), wire.token))  # whatever is made once
    before = wire.digests()
    tracemalloc.start()

    found, said = wire.runner.run(wire.post("/sync", body, headers, wire.token))

    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert found == status, said
    assert peak < 12 * MIB
    if outcome:
        assert [one["outcome"] for one in read(said)["receipts"]] == [outcome], said
    else:
        assert read(said)["code"] and wire.digests() == before
    assert wire.faults() == []


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=12,
)
NAMES = ("id", "n", "kind", "at", "base", "after", "replaces", "data")
OPERATIONS = st.fixed_dictionaries({}, optional=dict.fromkeys(NAMES, VALUES)) | VALUES
HEADS = ("protocol", "device", "epoch", "sent_at", "cursors", "limit", "phone")
ASKED = st.fixed_dictionaries(
    {"ops": st.lists(OPERATIONS, max_size=3) | VALUES}, optional=dict.fromkeys(HEADS, VALUES)
)
SIGNING = st.dictionaries(
    st.sampled_from(("username", "password", "device_name", "device", "x")), VALUES
)


@settings(
    max_examples=150,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(asked=ASKED, signing=SIGNING)
def test_any_structure_is_answered(wire, asked, signing):
    bodies = [json.dumps(one).encode() for one in (asked, signing)]

    (pushed_to, said), (signed, why) = (
        wire.post_all("/sync", bodies[:1], wire.token)[0],
        wire.post_all("/api/session", bodies[1:])[0],
    )

    assert pushed_to in {200, 400, 409}, said
    if pushed_to == 200:
        receipts = read(said)["receipts"]
        assert len(receipts) == elements_of(bodies[0], len(receipts))
        assert {one["outcome"] for one in receipts} <= OUTCOMES
    assert signed in {400, 401, 429}, why
