"""What the numbers page costs over a community with two years of history. Prints figures only."""

import time
from datetime import datetime
from statistics import median
from zoneinfo import ZoneInfo

import pytest
from litestar.testing import TestClient

from server import months
from server.app import build
from server.demo import seed, town
from server.intake import Intake, now_utc
from server.people import hash_password
from server.settings import Settings
from server.store.database import Store

ROUNDS = 9
PASSWORD = "tea-and-oranges"
# The demo has half a year; each copy of it lies as much further back.
COPIES = 3
HALF_A_YEAR = 184


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """The demo community in full, with two years of visits."""
    folder = tmp_path_factory.mktemp("numbers")
    store = Store(folder / "jinlin.db")
    intake = Intake(store, now_utc)
    today = datetime.now(ZoneInfo("Asia/Shanghai")).date()
    made = town.build(today=today)
    seed.seed(intake, made, hash_password(PASSWORD), lambda done, total: None)
    with store.write() as tx:
        _grow_older(tx)
    months.keep(intake, made.community_id)
    intake.stop()
    store.close()
    return folder


def _grow_older(tx):
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


def test_the_numbers_page_after_two_years(folder):
    settings = Settings(data=folder)
    with TestClient(build(settings)) as client:
        client.post("/signin", data={"username": "office1", "password": PASSWORD})
        client.get("/office/numbers")
        for path in (
            "/office/numbers",
            "/office/numbers?by=building",
            f"/office/numbers?month={_last_year()}&by=category",
            "/office/numbers/people?show=unseen",
            "/office",
        ):
            took = []
            for _ in range(ROUNDS):
                started = time.perf_counter()
                answer = client.get(path)
                took.append(1000 * (time.perf_counter() - started))
                assert answer.status_code == 200
            print(
                f"\n{path}: {min(took):.0f}–{median(took):.0f} ms, {len(answer.content) // 1024} KB"
            )


def _last_year():
    today = datetime.now(ZoneInfo("Asia/Shanghai")).date()
    return f"{today.year - 1}-{today.month:02}"
