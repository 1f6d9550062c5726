"""Many phones that start at once while others write: each ends with everything (F10)."""

import gzip
import json
from concurrent.futures import ThreadPoolExecutor

import pytest

from server import people
from server.field.packing import Pieces
from server.field.sync import round_trip
from server.store import people as rows
from tests.server.spine import Spine

PHONES = 24
LIMIT = 7
VISITS = 30


@pytest.fixture
def spine(tmp_path):
    made = Spine(tmp_path)
    yield made
    made.stop()


def enter(spine, username):
    """A person signed in on a phone of their own."""
    device_id = spine.phone(username).device_id

    def opening(writing):
        person = rows.find(writing.tx, spine.home, spine.people[username])
        return people.open_session(writing.tx, person, device_id, writing.now)

    token = spine.intake.do(spine.home, opening)
    with spine.store.read() as tx:
        return people.of_token(tx, token, spine.clock())


class Replica:
    """What a phone holds, by stream, kind and id; a record that went away is not held."""

    def __init__(self, spine, person, pieces):
        self.spine, self.person, self.pieces = spine, person, pieces
        self.cursors, self.held, self.rounds = {}, {}, 0

    def pull(self):
        more = True
        while more:
            asked = json.dumps({"cursors": self.cursors, "limit": LIMIT, "ops": []}).encode()
            packed = round_trip(self.spine.intake, self.person, asked, self.pieces)
            answer = json.loads(gzip.decompress(packed))
            for one in answer["changes"]:
                key = one["stream"], one["kind"], one["id"]
                self.held.pop(key, None)
                if one["record"] is not None:
                    self.held[key] = one["record"]
            self.cursors, more = answer["cursors"], answer["more"]
            self.rounds += 1
        return self


def feed_of(spine, person):
    found = spine.rows("select stream, kind, id, record from feed where record is not null")
    return {
        (one["stream"], one["kind"], one["id"]): json.loads(one["record"])
        for one in found
        if one["stream"] in person.streams
    }


def test_f10_phones_that_all_start_at_once_beside_a_writer_each_get_everything(spine):
    writer = spine.phone("worker1")
    for _ in range(VISITS):
        writer.push(writer.visit(spine.door))
    pieces = Pieces()
    replicas = [Replica(spine, enter(spine, "worker1"), pieces) for _ in range(PHONES)]

    with ThreadPoolExecutor(PHONES + 1) as pool:
        starting = [pool.submit(one.pull) for one in replicas]
        for _ in range(VISITS):
            writer.push(writer.visit(spine.door, note="在路上"))
        for one in starting:
            one.result()

    wanted = feed_of(spine, replicas[0].person)
    for one in replicas:
        one.pull()
        assert {key: value for key, value in one.held.items() if key in wanted} == wanted
        assert one.held.keys() == wanted.keys()
        assert one.rounds > 2
