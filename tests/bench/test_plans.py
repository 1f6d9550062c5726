"""What planning costs: every door of a community, and one door after a visit, at 1×, 3× and 10×.

The night plans all doors anew, in pieces; a page of the office counts what is planned; a visit
plans its own door. The first two grow with the number of doors, the last with nothing.
"""

import time
from pathlib import Path
from statistics import median
from typing import NamedTuple

import pytest

from server import jobs
from server.intake import Form, Intake, now_utc
from server.office import workload
from server.store import people, system
from server.store import plans as reads
from server.store.database import Store
from tests.bench import plots
from tests.bench.storm.place import make_town

SIZES = (3300, 9900, 33000)
PLAN_MS, VISIT_MS = 2000.0, 20.0
VISITS, COUNTS = 40, 5


class Cost(NamedTuple):
    """Milliseconds of the processor to plan every door when nothing changed, to count them for the
    page, and for a visit with the plan of its door; and that visit by the clock."""

    plan: float
    count: float
    visit: float
    clock: float


def measure(folder: Path) -> Cost:
    store = Store(folder / "jinlin.db")
    intake = Intake(store, now_utc)
    with store.read() as tx:
        home = system.community_ids(tx)[0]
        worker = tx.value("select id from person where role = 'office' order by id limit 1")
        device = tx.value("select id from device where person_id = :person", person=worker)
        doors = tx.tuples(
            "select id from household where interval <= 31 order by id limit :n", n=VISITS
        )
    jobs.renew_doors(intake, home)
    began = time.process_time()
    assert jobs.renew_doors(intake, home) == 0
    plan = 1000 * (time.process_time() - began)

    count = median(_count(store, home) for _ in range(COUNTS))

    spent, clock = [], []
    for (door,) in doors:
        visit = {"household_id": door, "type": "routine", "method": "phone", "result": "phone_ok"}
        form = Form(home, worker, device, "visit.record", {**visit, "resident_ids": []})
        at, began = time.perf_counter(), time.process_time()
        intake.submit(form)
        spent.append(1000 * (time.process_time() - began))
        clock.append(1000 * (time.perf_counter() - at))
    intake.stop()
    store.close()
    return Cost(plan, count, median(spent), median(clock))


def _count(store: Store, home: str) -> float:
    began = time.process_time()
    with store.read() as tx:
        today = people.today_of(tx, home, now_utc())
        found = reads.doors(tx, home)
        carers = workload.carers(reads.holders(tx, home, today, today))
    assert all(workload.load(found, today, span).contacts for span in workload.SPANS)
    assert carers
    return 1000 * (time.process_time() - began)


@pytest.fixture(scope="module")
def costs(tmp_path_factory: pytest.TempPathFactory) -> dict[int, Cost]:
    found = {}
    for size in SIZES:
        folder = tmp_path_factory.mktemp(f"plans{size}")
        make_town(folder, size)
        found[size] = measure(folder)
        figures = " · ".join(
            f"{what} {value:.1f} ms ({value / first:.2f}×)"
            for what, value, first in zip(Cost._fields, found[size], found[SIZES[0]], strict=True)
        )
        print(f"\n{size:>6} doors: {figures}", end="")
    print()
    series = {
        what: [getattr(cost, what) / getattr(found[SIZES[0]], what) for cost in found.values()]
        for what in ("plan", "count", "visit")
    }
    title = "processor time of planning, by doors (first = 1)"
    plots.lines("growth-plans", title, SIZES, series, allowed=SIZES[-1] / SIZES[0])
    return found


def test_a_community_is_planned_in_two_seconds(costs: dict[int, Cost]) -> None:
    assert costs[SIZES[0]].plan <= PLAN_MS


def test_a_visit_plans_its_door_in_twenty_milliseconds(costs: dict[int, Cost]) -> None:
    assert costs[SIZES[0]].visit <= VISIT_MS
    assert costs[SIZES[-1]].visit <= 1.5 * costs[SIZES[0]].visit + 2


def test_planning_grows_no_faster_than_the_doors(costs: dict[int, Cost]) -> None:
    small, large = costs[SIZES[0]], costs[SIZES[-1]]
    times = SIZES[-1] / SIZES[0]

    assert large.plan <= 1.5 * times * small.plan
    assert large.count <= 1.5 * times * small.count
