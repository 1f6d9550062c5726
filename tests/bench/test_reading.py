"""How fast the server hands out: first syncs, a herd of them, and rounds with nothing new."""

import asyncio
import shutil
import sqlite3
import time
from statistics import median, quantiles

import pytest

from tests.bench.storm.client import Phase, pulls, run
from tests.bench.storm.place import make_phones, make_town
from tests.bench.storm.serving import serving

GRID, COMMUNITY = 28, 113
HERD = 500
ROUNDS = 5


@pytest.fixture(scope="module")
def town(tmp_path_factory):
    """The demo community in full."""
    folder = tmp_path_factory.mktemp("town")
    make_town(folder)
    return folder


@pytest.fixture
def place(town, tmp_path):
    shutil.copy(town / "jinlin.db", tmp_path / "jinlin.db")
    return tmp_path


def pull(port, phones, connections=1, *, packed=False):
    phase = Phase()
    asyncio.run(run(port, phase, pulls(phase, phones, packed=packed), connections))
    assert phase.wrong == []
    return phase


def raw_rate(folder, phone):
    """Records a second when SQLite reads the same rows and Python joins them, and nothing else."""
    connection = sqlite3.connect(folder / "jinlin.db")
    marks = ", ".join("?" for _ in phone.cursors)
    took = []
    for _ in range(ROUNDS):
        began = time.perf_counter()
        rows = connection.execute(
            f"select record from feed where stream in ({marks}) and seq > 0 and record is not null"
            " order by stream, seq, kind, id",
            list(phone.cursors),
        ).fetchall()
        b",".join(text.encode() for (text,) in rows)
        took.append(time.perf_counter() - began)
    connection.close()
    return len(rows) / median(took)


@pytest.mark.parametrize("each", [GRID, COMMUNITY], ids=["grid", "community"])
def test_a_first_sync(place, each):
    [phone] = make_phones(place, 1, 0, each)
    first = phone.empty()
    with serving(place) as server:
        cold = pull(server.port, [first])
        for packed in (False, True):
            found, at = [], server.cpu()
            for _ in range(ROUNDS):
                found.append(pull(server.port, [first], packed=packed))
            spent = (server.cpu() - at) / ROUNDS
            whole = found[0]
            rate = whole.records / median(one.seconds for one in found)
            print(
                f"\nfirst sync, {len(phone.cursors) - 2} buildings"
                f"{' packed' if packed else ''}: {whole.records:,} records in"
                f" {len(whole.requests)} pages, {rate:,.0f}/s (the first time"
                f" {cold.records / cold.seconds:,.0f}/s) ="
                f" {rate / raw_rate(place, phone):.2f} of raw ·"
                f" {1000 * spent / (whole.unpacked / 4e5):.2f} ms CPU per 400 KB ·"
                f" {whole.bytes / 1e6:.2f} MB on the wire for {whole.unpacked / 1e6:.2f} MB"
            )
            assert all(one.records == cold.records for one in found)


def test_nothing_new_with_a_hundred_buildings(place):
    [phone] = make_phones(place, 1, 0, 100)
    with serving(place) as server:
        before = pull(server.port, [phone] * 20)
        at = server.cpu()
        phase = pull(server.port, [phone] * 500)
        spent = server.cpu() - at
    cuts = quantiles(phase.requests, n=100)
    print(
        f"\nnothing new, 100 buildings: p50 {1000 * cuts[49]:.1f} ms, p99 {1000 * cuts[98]:.1f} ms,"
        f" {1000 * spent / 500:.2f} ms CPU each"
    )
    assert before.records == phase.records == 0


def test_f10_five_hundred_phones_sync_for_the_first_time_at_once(place):
    phones = [one.empty() for one in make_phones(place, HERD, 0, GRID)]
    with serving(place) as server:
        at, phase = server.cpu(), Phase()
        asked = pulls(phase, phones, packed=True, only_head=True)
        asyncio.run(run(server.port, phase, asked, HERD))
        spent, memory = server.cpu() - at, server.memory()
    cuts = quantiles(phase.finished, n=100)
    print(
        f"\n{HERD} first syncs of a grid at once: p50 {cuts[49]:.1f} s, p95 {cuts[94]:.1f} s,"
        f" {len(phase.requests)} pages, {phase.bytes / 1e6:.0f} MB, {spent:.0f} s CPU,"
        f" peak memory {memory:.0f} MB"
    )
    assert phase.wrong == [] and phase.complete == HERD
