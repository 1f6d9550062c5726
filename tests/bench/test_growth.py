"""Whether the town's size or its age makes an operation dearer. Figures are ratios of CPU time."""

import json
import time
from datetime import UTC, datetime, timedelta
from statistics import median
from typing import Any, NamedTuple

import pytest
import uuid_utils

from server import people
from server.field.sync import round_trip
from server.intake import Intake, now_utc
from server.intake.receiving import Sender
from server.intake.writing import Writing
from server.store import system
from server.store.database import Store
from tests.bench import plots
from tests.bench.storm.place import Phone, make_phones, make_town

# Doors: a tenth of the demo community, all of it, and ten of it.
SIZES = (330, 3300, 33_000)
MONTHS = (1, 12, 60)
DOORS_OF_AGE = 330
PHONES, VISITS = 12, 50
# Doors of each phone, in towns of any size.
DOORS_EACH = 58
ALLOWED = 1.5


class Cost(NamedTuple):
    """Processor time of this process in milliseconds, all threads."""

    visit: float
    page: float
    nothing: float


def measure(folder: Any) -> Cost:
    """A visit that comes in, 400 KB of changes, a pull with nothing new."""
    store = Store(folder / "jinlin.db")
    with store.read() as tx:
        doors = tx.value("select count(*) from household")
        buildings = tx.value("select count(*) from building")
    phones = make_phones(folder, PHONES, VISITS, round(DOORS_EACH * buildings / doors))
    intake = Intake(store, now_utc)

    def ask(phone: Phone, **more: Any) -> int:
        with store.read() as tx:
            person = people.of_token(tx, phone.token, now_utc())
        assert person is not None
        ops = more.pop("ops", [])
        head = json.dumps({"protocol": 1, **more})[:-1].encode()
        said = round_trip(intake, person, head + b',"ops":[' + b",".join(ops) + b"]}")
        assert said.count(b'"outcome":"accepted"') == len(ops)
        return len(said)

    spent: dict[str, list[float]] = {"visit": [], "page": [], "nothing": []}
    for phone in phones:
        for name, more in (
            ("nothing", {"cursors": phone.cursors}),
            ("page", {"cursors": {}}),
            ("visit", {"ops": phone.operations, "limit": 0}),
        ):
            began = time.process_time()
            size = ask(phone, **more)
            share = 4e5 / size if name == "page" else 1
            spent[name].append(share * 1000 * (time.process_time() - began))
    intake.stop()
    store.close()
    return Cost(median(spent["visit"]) / VISITS, median(spent["page"]), median(spent["nothing"]))


def grow_old(folder: Any, months: int) -> None:
    """One visit a month at every door, received then, as if the town were so old."""
    store = Store(folder / "jinlin.db")
    intake = Intake(store, now_utc)
    with store.read() as tx:
        home = system.community_ids(tx)[0]
        doors = [row["id"] for row in tx.rows("select id from household order by id")]
        found = tx.row("select id, person_id from device order by id limit 1")
        next_n = tx.value("select max(n) from received where device_id = :d", d=found["id"]) + 1
    numbers = iter(range(next_n, next_n + months * len(doors)))
    began = datetime.now(UTC) - timedelta(days=30 * months + 200)
    for month in range(months):
        at = began + timedelta(days=30 * month)

        def work(whole: Writing, at: datetime = at) -> None:
            then = Writing(whole.tx, home, at, seeding=True)
            sender = Sender(home, found["person_id"], found["id"], at, timedelta(0))
            for door in doors:
                then.receive(visit(next(numbers), door, at), sender)
            then.finish()

        intake.do(home, work)
    intake.stop()
    store.close()


def visit(n: int, door: str, at: datetime) -> bytes:
    data = {"household_id": door, "type": "routine", "method": "door", "result": "met"}
    head = {"id": str(uuid_utils.uuid7()), "n": n, "kind": "visit.record", "at": at.isoformat()}
    return json.dumps({**head, "data": {**data, "resident_ids": []}}).encode()


def tell(name: str, found: dict[int, Cost]) -> None:
    base = next(iter(found.values()))
    for size, cost in found.items():
        figures = " · ".join(
            f"{what} {value:.2f} ms ({value / first:.2f}×)"
            for what, value, first in zip(Cost._fields, cost, base, strict=True)
        )
        print(f"\n{size:>6} {name}: {figures}", end="")
    print()
    series = {
        what: [getattr(cost, what) / getattr(base, what) for cost in found.values()]
        for what in Cost._fields
    }
    title = f"processor time of one operation, by {name} (first = 1)"
    plots.lines(f"growth-{name}", title, list(found), series, allowed=ALLOWED)


@pytest.mark.parametrize("sizes", [SIZES], ids=["doors"])
def test_a_larger_town_costs_no_more_for_each_operation(tmp_path, sizes):
    found = {}
    for size in sizes:
        folder = tmp_path / str(size)
        folder.mkdir()
        make_town(folder, size)
        found[size] = measure(folder)
    tell("doors", found)


@pytest.mark.parametrize("ages", [MONTHS], ids=["months"])
def test_an_older_town_costs_no_more_for_each_operation(tmp_path, ages):
    found = {}
    for months in ages:
        folder = tmp_path / str(months)
        folder.mkdir()
        make_town(folder, DOORS_OF_AGE)
        grow_old(folder, months)
        found[months] = measure(folder)
    tell("months", found)
