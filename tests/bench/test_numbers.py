"""What the numbers page costs with two years of history, over communities of 1×, 3× and 10×."""

import time
import tracemalloc
from datetime import date, datetime
from pathlib import Path
from statistics import median
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

import pytest
from litestar.testing import TestClient

from server import months
from server.app import build
from server.demo import seed, town
from server.intake import Intake, now_utc
from server.people import hash_password
from server.settings import Settings
from server.store.database import Store, Tx
from tests.bench import plots
from tests.server.town import SECRET

SIZES = (3300, 9900, 33000)
PAGE_MS = 200.0
ROUNDS = 9
PASSWORD = "tea-and-oranges"
# The demo has half a year; each copy of it lies as much further back.
COPIES = 4
HALF_A_YEAR = 184
MONTHS = 24
DRAWN = ("numbers", "a year ago", "overview", "plans")


class Cost(NamedTuple):
    """Milliseconds of a page: best and middle by the clock, middle of the processor; and the most
    that it held at once, in MB."""

    best: float
    middle: float
    cpu: float
    held: float


def paths(today: date) -> dict[str, str]:
    return {
        "numbers": "/office/numbers",
        "by building": "/office/numbers?by=building",
        "a year ago": f"/office/numbers?month={today.year - 1}-{today.month:02}&by=category",
        "names": "/office/numbers/people?show=unseen",
        "overview": "/office",
        "plans": "/office/plans",
    }


def make_old_town(folder: Path, households: int, today: date) -> None:
    """The demo community of so many doors with two years of visits, its months counted."""
    store = Store(folder / "jinlin.db")
    intake = Intake(store, now_utc)
    made = town.build(households, today=today)
    seed.seed(intake, made, hash_password(PASSWORD), lambda done, total: None)
    with store.write() as tx:
        _grow_older(tx)
    months.keep(intake, made.community_id)
    with store.read() as tx:
        assert tx.value("select count(distinct month) from month_standing") == MONTHS
    intake.stop()
    store.close()


def _grow_older(tx: Tx) -> None:
    names = [row["name"] for row in tx.rows("pragma table_info(visit)")]
    for copy in range(1, COPIES + 1):
        back = f"-{copy * HALF_A_YEAR} days"
        shifted = {
            "id": f"substr(id, 1, 35) || '{copy}' || substr(id, 36)",
            "at": f"strftime('%Y-%m-%dT%H:%M:%fZ', at, '{back}')",
            "true_at": f"strftime('%Y-%m-%dT%H:%M:%fZ', true_at, '{back}')",
            "received_at": f"strftime('%Y-%m-%dT%H:%M:%fZ', received_at, '{back}')",
        }
        taken = ", ".join(shifted.get(name, f'"{name}"') for name in names)
        columns = ", ".join(f'"{name}"' for name in names)
        tx.run(f"insert into visit ({columns}) select {taken} from visit where length(id) = 36")
    tx.run("update resident set added_on = '2020-01-01'")
    tx.run("delete from month_standing")


def measure(client: TestClient[Any], path: str) -> Cost:
    clock, cpu = [], []
    for _ in range(ROUNDS):
        at, worked = time.perf_counter(), time.process_time()
        assert client.get(path).status_code == 200
        clock.append(1000 * (time.perf_counter() - at))
        cpu.append(1000 * (time.process_time() - worked))
    tracemalloc.start()
    client.get(path)
    held = tracemalloc.get_traced_memory()[1] / 1e6
    tracemalloc.stop()
    return Cost(min(clock), median(clock), median(cpu), held)


@pytest.fixture(scope="module")
def costs(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[Cost]]:
    """By page what it costs in each size, and the plot of how that grows."""
    today = datetime.now(ZoneInfo("Asia/Shanghai")).date()
    found: dict[str, list[Cost]] = {name: [] for name in paths(today)}
    for size in SIZES:
        folder = tmp_path_factory.mktemp(f"numbers{size}")
        make_old_town(folder, size, today)
        with TestClient(build(Settings(data=folder, secret=SECRET))) as client:
            client.post("/signin", data={"username": "office1", "password": PASSWORD})
            client.get("/office/numbers")
            for name, path in paths(today).items():
                cost = measure(client, path)
                times = cost.cpu / found[name][0].cpu if found[name] else 1
                found[name].append(cost)
                print(
                    f"\n{size:>6} doors, {name}: {cost.best:.0f}–{cost.middle:.0f} ms,"
                    f" processor {cost.cpu:.0f} ms ({times:.1f}×), {cost.held:.0f} MB",
                    end="",
                )
        print()
    series = {name: [one.cpu / found[name][0].cpu for one in found[name]] for name in DRAWN}
    title = "processor time of a page with 24 months, by doors (first = 1)"
    plots.lines("growth-numbers", title, SIZES, series, allowed=SIZES[-1] / SIZES[0])
    return found


def test_the_numbers_page_after_two_years_is_there_in_time(costs: dict[str, list[Cost]]) -> None:
    assert costs["numbers"][0].cpu <= PAGE_MS


def test_the_numbers_grow_no_faster_than_the_doors(costs: dict[str, list[Cost]]) -> None:
    small, large = costs["numbers"][0], costs["numbers"][-1]

    assert large.cpu <= 1.5 * SIZES[-1] / SIZES[0] * small.cpu
