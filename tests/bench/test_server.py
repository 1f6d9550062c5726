"""How fast the server takes in, hands out and draws. Prints figures; asserts nothing about time."""

import gzip
import json
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime
from statistics import median
from zoneinfo import ZoneInfo

import pytest

from server.demo import seed, town
from server.field.drawing import draw
from server.field.held import HeldShelf
from server.field.views import VIEWS
from server.intake import Intake, Push, now_utc
from server.intake.receiving import Sender
from server.people import Person, hash_password
from server.store import paging, people
from server.store.database import Store
from tests.server.spine import Phone, Spine, visit_data

ROUNDS = 5
TODAY: date = datetime.now(ZoneInfo("Asia/Shanghai")).date()


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    """The demo community in full, behind an intake."""
    store = Store(tmp_path_factory.mktemp("bench") / "jinlin.db")
    intake = Intake(store, now_utc)
    made = town.build(today=TODAY)
    started = time.perf_counter()
    seed.seed(intake, made, hash_password("x"), lambda done, total: None)
    print(f"\nseeding the demo: {time.perf_counter() - started:.1f} s")
    yield store, intake, made
    intake.stop()
    store.close()


def person(store, made, username):
    found = next(one for one in made.people if one.username == username)
    with store.read() as tx:
        held = people.buildings_now(tx, made.community_id, found.id, TODAY.isoformat())
    return Person(made.community_id, found.id, found.name, found.role, username, "", tuple(held))


def timed(work, rounds=ROUNDS):
    """Median seconds of a few runs."""
    took = []
    for _ in range(rounds):
        started = time.perf_counter()
        work()
        took.append(time.perf_counter() - started)
    return median(took)


def test_one_commit_for_many_against_one_each(tmp_path):
    """200 visits in one push, in 200 pushes, and in 200 pushes of eight phones at once."""
    spine = Spine(tmp_path)
    phones = [spine.phone("worker1") for _ in range(8)]

    def visits(phone, count):
        return [phone.visit(spine.door) for _ in range(count)]

    whole = visits(phones[0], 200)
    together = timed(lambda: phones[0].push(*whole), 1)
    single = visits(phones[0], 200)
    apart = timed(lambda: [phones[0].push(one) for one in single], 1)
    shares = [(phone, visits(phone, 25)) for phone in phones]
    with ThreadPoolExecutor(8) as pool:
        grouped = timed(
            lambda: list(pool.map(lambda share: [share[0].push(one) for one in share[1]], shares)),
            1,
        )
    spine.stop()
    print(
        f"\n200 visits: one push {together:.3f} s · 200 pushes {apart:.3f} s "
        f"({apart / together:.1f}×) · eight phones at once {grouped:.3f} s "
        f"({grouped / together:.1f}×)"
    )


def test_a_first_sync_and_one_with_nothing_new(place):
    store, _, made = place
    worker = person(store, made, "worker1")

    def pull(cursors):
        parts, count = [], 0
        with store.read() as tx:
            for stream in worker.streams:
                found, _ = paging.changes_after(
                    tx, worker.community_id, stream, cursors.get(stream, 0), 10**6
                )
                count += len(found)
                parts += [one.record for one in found]
        return "".join(parts), count

    first = timed(lambda: pull({}))
    text, count = pull({})
    with store.read() as tx:
        heads = paging.heads(tx, worker.community_id, worker.streams)
    nothing = timed(lambda: pull(heads))
    packed = len(gzip.compress(text.encode(), 6))
    print(
        f"\nfirst sync of a chief's grid: {count} records, {len(text.encode()) / 1e6:.1f} MB, "
        f"{packed / 1e3:.0f} KB packed, {first * 1000:.0f} ms on the server · "
        f"nothing new {nothing * 1000:.2f} ms ({first / nothing:.0f}×)"
    )


@pytest.mark.parametrize("name", ["today", "buildings", "search"])
def test_a_field_page_of_a_whole_grid_on_the_server(place, name):
    store, _, made = place
    worker = person(store, made, "worker1")
    now = now_utc().strftime("%Y-%m-%dT%H:%M:%S.000Z")
    settings = {"person_id": worker.id}

    def prepare():
        with store.read() as tx:
            return VIEWS[name](HeldShelf(tx, worker), {"q": "3-2-502"}, now, settings)

    context = prepare()
    prepared = timed(prepare)
    drawn = timed(lambda: draw(f"field/{name}.html", context))
    print(
        f"\n{name} of {len(worker.building_ids)} buildings: prepare {prepared * 1000:.0f} ms, "
        f"draw {drawn * 1000:.0f} ms"
    )


def test_a_push_beside_a_full_community(place):
    store, intake, made = place
    worker = person(store, made, "worker5")
    device = "00000000-0000-7000-8000-00000000beef"
    intake.do(
        made.community_id,
        lambda writing: people.add_device(
            writing.tx, made.community_id, device, worker.id, "bench", writing.now
        ),
    )
    with store.read() as tx:
        doors = [
            row["id"]
            for row in tx.rows(
                "select id from household where building_id = :b order by id",
                b=worker.building_ids[0],
            )
        ]
    bench = type("Bench", (), {"new_id": None})
    made_ids = iter(range(10**6))
    phone = Phone(bench, worker.id, device)
    bench.clock = now_utc
    bench.new_id = lambda: f"00000000-0000-7000-9000-{next(made_ids):012x}"
    batch = [phone.record("visit.record", visit_data(doors[i % len(doors)])) for i in range(200)]
    now = now_utc()
    sender = Sender(made.community_id, worker.id, device, now, now - now)
    took = timed(lambda: intake.push(Push(sender, batch, {})), 1)
    again = timed(lambda: intake.push(Push(sender, batch, {})), 1)
    print(
        f"\n200 visits into the full community: {took * 1000:.0f} ms "
        f"({200 / took:.0f} a second) · sent again {again * 1000:.0f} ms ({took / again:.0f}×)"
    )
    assert json.loads(batch[0])["n"] == 1
