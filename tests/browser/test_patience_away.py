"""The server is away, or somebody else answers for it; the app sleeps and wakes (F9)."""

import pytest
from playwright.sync_api import BrowserContext, Page

from tests.browser.clock import set_ahead, with_clock
from tests.browser.lent import enter
from tests.browser.rig import How, Network
from tests.browser.walking import (
    choose,
    pill,
    until,
    until_pill,
    visit,
    visits_on,
)

STEP_S = 60
HALF_AN_HOUR_S = 1800
HIDE = """(state) => {
    Object.defineProperty(document, "visibilityState", { configurable: true, get: () => state });
    document.dispatchEvent(new Event("visibilitychange"));
}"""
NO_LINE = "Object.defineProperty(Navigator.prototype, 'onLine', { get: () => false });"


@pytest.mark.parametrize("how", ["down", 502])
def test_f09_after_half_an_hour_without_a_server_the_queue_empties_within_a_minute(
    context: BrowserContext, network: Network, how: How, door: str
) -> None:
    """With the app open and nobody tapping; a proxy may answer for the server that is gone."""
    network.rewrite = with_clock
    page = enter(context, network.origin, "worker1")
    network.fails["*"] = how
    visit(page, network.origin, door)
    page.clock.install()
    page.goto(f"{network.origin}/today")
    until_waiting(page)
    before = network.seen.count("POST /sync")

    for passed in range(STEP_S, HALF_AN_HOUR_S + STEP_S, STEP_S):
        pass_time(page, passed)
    tries = network.seen.count("POST /sync") - before
    assert 4 <= tries <= 2 * HALF_AN_HOUR_S / 60 + 4  # never more than two a minute
    assert visits_on(network.server) == {}

    network.fails.clear()
    end = HALF_AN_HOUR_S + 60
    for passed in range(HALF_AN_HOUR_S + 10, end + 1, 10):
        pass_time(page, passed)
    # Nothing more is done by the clock: what was asked for comes to its end.
    until_pill(page, "已同步")
    assert len(visits_on(network.server)) == 1


def test_f09_the_next_opening_sends_at_once_whatever_the_backoff(
    page: Page, network: Network, door: str
) -> None:
    network.fails["*"] = "down"
    visit(page, network.origin, door)
    for _ in range(4):
        page.reload()  # each opening tries, fails, and waits twice as long
        until_waiting(page)
    page.goto("about:blank")
    network.fails.clear()

    page.goto(f"{network.origin}/today")
    until_pill(page, "已同步")
    assert len(visits_on(network.server)) == 1


def test_f09_a_captive_portal_is_no_network_and_takes_nothing(
    page: Page, network: Network, door: str
) -> None:
    network.fails["*"] = "portal"
    assert page.evaluate("navigator.onLine") is True

    made = visit(page, network.origin, door)
    page.goto(f"{network.origin}/today")
    until_pill(page, "离线 · 1 条")
    page.goto(f"{network.origin}/households/{door}")
    assert page.locator(f"#visit-{made}").count() == 1

    network.fails.clear()
    page.reload()
    until_pill(page, "已同步")
    assert list(visits_on(network.server)) == [made]


def test_f09_a_browser_that_believes_itself_offline_is_not_believed(
    used: BrowserContext, network: Network, door: str
) -> None:
    page = enter(used, network.origin, "worker1", NO_LINE)
    assert page.evaluate("navigator.onLine") is False

    made = visit(page, network.origin, door)
    page.evaluate("() => window.dispatchEvent(new Event('offline'))")

    until_pill(page, "已同步")
    assert list(visits_on(network.server)) == [made]


def test_f09_an_app_in_the_background_is_quiet_and_sends_when_it_comes_back(
    context: BrowserContext, network: Network, door: str
) -> None:
    network.rewrite = with_clock
    page = enter(context, network.origin, "worker1")
    network.fails["*"] = "down"
    page.clock.install()
    page.goto(f"{network.origin}/households/{door}/visit")
    choose(page, "result", "met")
    page.click("#visit form button.button--main")
    page.wait_for_selector("section.saved")
    until_waiting(page)
    page.evaluate(HIDE, "hidden")
    page.wait_for_timeout(300)  # what was under way ends
    before = network.seen.count("POST /sync")
    for passed in range(300, 1500, 300):
        pass_time(page, passed)
    assert network.seen.count("POST /sync") == before
    assert pill(page) == "离线 · 1 条"

    network.fails.clear()
    page.evaluate(HIDE, "visible")

    until_pill(page, "已同步")
    assert len(visits_on(network.server)) == 1


def until_waiting(page: Page) -> None:
    until(page, "() => document.getElementById('pill').innerText.includes('1 条')")


def pass_time(page: Page, seconds: int) -> None:
    """So long after the start, for page and worker; what timers ask of the worker gets a moment."""
    set_ahead(page, seconds)
    page.clock.run_for((STEP_S if seconds <= HALF_AN_HOUR_S else 10) * 1000)
    page.wait_for_timeout(30)
