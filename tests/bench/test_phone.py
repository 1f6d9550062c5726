"""How fast a phone draws, saves, finds and syncs. Prints figures; asserts nothing about time."""

import random
import time
from statistics import mean
from typing import Any

import pytest

from tests.bench.conftest import Place
from tests.bench.phones import (
    COMPLETE,
    RECORD,
    SEARCH,
    SYNC,
    SYNC_ALL,
    WORK,
    heap_of_worker,
    line,
    ms,
    phone,
    save,
    shown,
    sign_in,
)
from tests.bench.slow import FOUR_G, SLOW_3G, SlowLine, slowed
from tests.browser.rig import Chromium
from tests.browser.walking import until
from tests.find_browser import find_browser

TIMES = 4
ROUNDS = 5
WAITING = 50
KILLS = 10
WHO = {"d300": "300 doors", "worker1": "a chief's grid", "d3300": "the whole community"}


def pages_of(place: Place, who: str) -> dict[str, str]:
    door = place.doors[who][7]
    return {
        "today": "/today",
        "buildings": "/buildings",
        "building map": f"/buildings/{place.buildings[who]}",
        "household": f"/households/{door}",
        "visit form": f"/households/{door}/visit",
        "search": "/search?q=3-2-502",
    }


@pytest.mark.parametrize("who", WHO)
def test_with_everything_slowed(playwright, server, place, tmp_path, who):
    """Page, worker and database: harder than what Chromium calls a slow processor."""
    with phone(playwright, tmp_path) as (running, page):
        sign_in(page, server.origin, who)
        quick = min(page.evaluate(WORK))
        with slowed(running.process.pid, TIMES):
            slow = mean(page.evaluate(WORK))
            print(f"\n{WHO[who]} ({len(place.doors[who])}), everything {slow / quick:.1f}× slower")
            walk(page, server.origin, place, who)


@pytest.mark.parametrize("who", ["d300", "d3300"])
def test_f17_with_the_page_slowed_as_chromium_does(playwright, server, place, tmp_path, who):
    """Chromium's own emulation reaches the thread of the page, not the worker."""
    with phone(playwright, tmp_path) as (_, page):
        sign_in(page, server.origin, who)
        session = page.context.new_cdp_session(page)
        session.send("Emulation.setCPUThrottlingRate", {"rate": TIMES})
        print(f"\n{WHO[who]} ({len(place.doors[who])}), Chromium's {TIMES}× CPU slowdown")
        walk(page, server.origin, place, who)


def walk(page: Any, origin: str, place: Place, who: str) -> None:
    """Open every page with the worker there and with it stopped; save, find, sync."""
    session = page.context.new_cdp_session(page)
    session.send("ServiceWorker.enable")
    for name, path in pages_of(place, who).items():
        shown(page, origin + path)
        warm = [shown(page, origin + path) for _ in range(ROUNDS)]
        cold = []
        for _ in range(ROUNDS):
            page.goto("about:blank")
            session.send("ServiceWorker.stopAllWorkers")
            page.wait_for_timeout(200)
            cold.append(shown(page, origin + path))
        line(
            name,
            warm=ms([whole for whole, _ in warm]),
            seen=ms([seen for _, seen in warm]),
            cold=ms([whole for whole, _ in cold]),
        )
    saves = [save(page, origin, door) for door in place.doors[who][10 : 10 + ROUNDS]]
    line("save", tap_to_saved=ms(saves))
    page.goto(f"{origin}/search")
    words = ("3-2-502", "wang", "陈", "hxz", "1-101")
    line("search", as_you_type=ms([page.evaluate(SEARCH, one) for one in words]))
    line("heap", of_the_worker=f"{heap_of_worker(page.context, origin) / 1e6:.0f} MB")
    page.goto(f"{origin}/outbox")
    line("sync", nothing_new=ms([page.evaluate(SYNC) for _ in range(ROUNDS)]))


@pytest.mark.parametrize("who", ["d300", "d3300"])
def test_one_sync_of_fifty_waiting(playwright, server, place, tmp_path, who):
    with phone(playwright, tmp_path) as (running, page):
        sign_in(page, server.origin, who)
        page.goto(f"{server.origin}/outbox")
        page.evaluate(RECORD, [place.doors[who][20], WAITING])
        with slowed(running.process.pid, TIMES):
            took = page.evaluate(SYNC_ALL)
        print(f"\n{WHO[who]}: one sync of {WAITING} waiting, everything slowed, {took:.0f} ms")


def test_f10_a_first_sync_on_slow_3g_that_is_killed_again_and_again(
    playwright, server, place, tmp_path
):
    """A chief's grid, the browser killed ten times at random: complete in the end."""
    chance = random.Random("F10")
    way = SlowLine(server.port, SLOW_3G)
    running = Chromium(playwright, find_browser(), tmp_path / "profile")
    try:
        page = running.start()
        page.goto(f"{way.origin}/signin", timeout=180_000)
        install, _ = sign_in(page, way.origin, "worker1", wait=False)
        began, before = time.monotonic(), way.bytes
        for _ in range(KILLS):
            page.wait_for_timeout(chance.uniform(500, 4000))
            running.kill()
            page = running.start()
            page.goto(f"{way.origin}/today", timeout=180_000)
        until(page, COMPLETE, 180)
        print(
            f"\na chief's grid over slow 3G, killed {KILLS} times: install {install:.1f} s,"
            f" complete after {time.monotonic() - began:.1f} s,"
            f" {(way.bytes - before) / 1000:.0f} KB"
        )
    finally:
        running.kill()
        way.stop()


@pytest.mark.parametrize("who", WHO)
def test_the_same_pages_from_the_server(playwright, server, place, tmp_path, who):
    """The same browser, slowed alike, without a worker."""
    origin = server.origin
    with phone(playwright, tmp_path) as (running, page):
        sign_in(page, origin, who)
        session = page.context.new_cdp_session(page)
        session.send("Network.enable")
        session.send("Network.setBypassServiceWorker", {"bypass": True})
        with slowed(running.process.pid, TIMES):
            print(
                f"\n{WHO[who]} ({len(place.doors[who])}), drawn by the server on the same machine"
            )
            for name, path in pages_of(place, who).items():
                found = [shown(page, origin + path) for _ in range(ROUNDS)]
                line(name, whole=ms([one for one, _ in found]), seen=ms([one for _, one in found]))


@pytest.mark.parametrize("kind", [FOUR_G, SLOW_3G], ids=lambda kind: kind.name)
@pytest.mark.parametrize("who", WHO)
def test_the_first_sync(playwright, server, place, tmp_path, who, kind):
    way = SlowLine(server.port, kind)
    try:
        with phone(playwright, tmp_path) as (running, page):
            with slowed(running.process.pid, TIMES):
                page.goto(f"{way.origin}/signin", timeout=180_000)
                before = way.bytes
                install, sync = sign_in(page, way.origin, who)
            print(
                f"\n{WHO[who]} ({len(place.doors[who])}) over {kind.name}: sign-in and install"
                f" {install:.1f} s, first sync {sync:.1f} s, {(way.bytes - before) / 1000:.0f} KB"
            )
    finally:
        way.stop()
