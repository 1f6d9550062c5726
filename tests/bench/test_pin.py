"""What a PIN costs on a phone with 300 doors: each figure without one and with one, side by side.

Both are of one browser in one run. Prints figures; asserts nothing about time.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from tests.bench.conftest import Place
from tests.bench.phones import SEARCH, SYNC, ms, phone, save, shown, sign_in
from tests.bench.slow import slowed
from tests.browser.locks import IS_LOCKED, IS_OPEN, PIN, give_pin, lock, press, unlock
from tests.browser.walking import until

TIMES = 4
ROUNDS = 7
WHO = "d300"
LAST = """(digit) => {
    document.querySelector(`[data-digit="${digit}"]`).click();
    return Date.now();
}"""
# When the page that is there now was begun, and when it was whole.
BEGUN = """() => {
    const [page] = performance.getEntriesByType("navigation");
    return [performance.timeOrigin, performance.timeOrigin + page.responseEnd];
}"""


@pytest.mark.parametrize("how", ["Chromium's", "everything"])
def test_what_a_pin_costs(playwright, server, place, tmp_path, how):
    """Chromium's emulation reaches the page alone; stopping reaches the worker, too."""
    with phone(playwright, tmp_path) as (running, page):
        sign_in(page, server.origin, WHO)
        doors = iter(place.doors[WHO][10:])
        with slow(how, running, page):
            before = measured(page, server.origin, place, doors)
        give_pin(page, server.origin)
        with slow(how, running, page):
            after = measured(page, server.origin, place, doors)
            opened, again = unlocked(page, server.origin)
        print(f"\n300 doors, {how} {TIMES}×: without a PIN · with one")
        for name, times in before.items():
            ratio = median_of(after[name]) / median_of(times)
            print(f"  {name:<22} {ms(times)} · {ms(after[name])}   {ratio:.2f}")
        print(f"  {'unlocking: PBKDF2':<22} {ms(opened)}")
        print(f"  {'unlocking: until shown':<22} {ms(again)}")


@contextmanager
def slow(how: str, running: Any, page: Any) -> Iterator[None]:
    if how == "everything":
        with slowed(running.process.pid, TIMES):
            yield
        return
    session = page.context.new_cdp_session(page)
    session.send("Emulation.setCPUThrottlingRate", {"rate": TIMES})
    yield
    session.send("Emulation.setCPUThrottlingRate", {"rate": 1})


def measured(page: Any, origin: str, place: Place, doors: Any) -> dict[str, list[float]]:
    """Milliseconds of what one does all day; cold: the worker was stopped behind an open page."""
    found: dict[str, list[float]] = {}
    session = page.context.new_cdp_session(page)
    session.send("ServiceWorker.enable")
    door = place.doors[WHO][7]
    for name, path in (("today", "/today"), ("household", f"/households/{door}")):
        shown(page, origin + path)
        found[f"{name}, warm"] = [shown(page, origin + path)[0] for _ in range(ROUNDS)]
        cold: list[float] = []
        while len(cold) < ROUNDS:
            page.wait_for_timeout(500)  # a page has the key a moment after it was drawn
            session.send("ServiceWorker.stopAllWorkers")
            page.wait_for_timeout(200)
            took, _ = shown(page, origin + path)
            if page.evaluate(IS_LOCKED):
                unlock(page)
            else:
                cold.append(took)
        found[f"{name}, cold worker"] = cold
    found["save"] = [save(page, origin, next(doors)) for _ in range(ROUNDS)]
    page.goto(f"{origin}/search")
    words = ("3-2-502", "wang", "陈", "hxz", "1-101", "李", "3-1-301")
    found["search as you type"] = [page.evaluate(SEARCH, one) for one in words]
    page.goto(f"{origin}/outbox")
    found["sync with nothing new"] = [page.evaluate(SYNC) for _ in range(ROUNDS)]
    return found


def unlocked(page: Any, origin: str) -> tuple[list[float], list[float]]:
    """From the last digit until the page begins anew, which is PBKDF2, and until it was whole."""
    opened, again = [], []
    page.goto(f"{origin}/today")
    for _ in range(ROUNDS):
        lock(page)
        press(page, PIN[:-1])
        tapped = page.evaluate(LAST, PIN[-1])
        until(page, IS_OPEN)
        begun, whole = page.evaluate(BEGUN)
        opened.append(begun - tapped)
        again.append(whole - tapped)
    return opened, again


def median_of(times: list[float]) -> float:
    return sorted(times)[len(times) // 2]
