"""The browser killed while a PIN is given, and while something is saved behind it."""

import pytest

from tests.browser.locks import IS_OPEN, PIN, found_in, unlock
from tests.browser.steps import Stops
from tests.browser.test_killed import notes_on
from tests.browser.walking import until, until_pill, visit

NOTE = "锁上以前记的"
GIVE = """(pin) => {
    const { port2 } = new MessageChannel();
    navigator.serviceWorker.controller.postMessage({ type: "pin", act: "new", pin }, [port2]);
}"""
IS_DRAWN = "() => Boolean(document.querySelector('#page'))"


@pytest.fixture
def stops(network, monkeypatch):
    return Stops(network, monkeypatch)


@pytest.fixture
def walker(stops, owned):
    """A browser of worker1's that stops where it is told to."""
    return owned("worker1")


def enter(page):
    """Unlock it if there is a PIN by now; whether there is."""
    until(page, IS_DRAWN)
    is_locked = page.locator("[data-pin=open]").count() == 1
    if is_locked:
        unlock(page)
    until(page, IS_OPEN)
    return is_locked


def test_a_browser_killed_while_a_pin_is_given_loses_nothing(
    walker, server, network, stops, door, tmp_path
):
    page = walker.start()
    network.fails["/sync"] = "down"
    page.goto(f"{network.origin}/today")
    visit(page, network.origin, door, note=NOTE)

    for step in ("turning", "turned", "rewriting", "rewritten"):
        stops.arm(step)
        page.evaluate(GIVE, PIN)
        assert stops.reached.wait(15), step
        walker.kill()
        stops.disarm(step)
        page = walker.start()
        page.goto(f"{network.origin}/outbox")
        was_locked = enter(page)
        assert page.locator("[id^=queued-]").count() == 1, step
        page.goto(f"{network.origin}/households/{door}")
        until(page, f"() => document.body.innerText.includes('{NOTE}')")
        if was_locked:
            break
    assert was_locked and step in ("rewriting", "rewritten")

    for step in ("numbered", "storing", "stored"):
        page.goto(f"{network.origin}/households/{door}/visit")
        page.click("label.pick:has(input[name=result][value=met])")
        page.fill("textarea[name=note]", f"停在 {step}")
        page.wait_for_timeout(500)
        stops.arm(step)
        page.evaluate("document.querySelector('#visit form button.button--main').click()")
        assert stops.reached.wait(15), step
        walker.kill()
        stops.disarm(step)
        page = walker.start()
        page.goto(f"{network.origin}/households/{door}/visit")
        unlock(page)
        page.wait_for_timeout(500)
        if page.input_value("textarea[name=note]") == f"停在 {step}":
            page.evaluate("document.querySelector('#visit form button.button--main').click()")
            page.wait_for_selector("section.saved")

    network.fails.pop("/sync")
    page.goto(f"{network.origin}/today")
    until_pill(page, "已同步")
    assert notes_on(server) == {NOTE: 1, "停在 numbered": 1, "停在 storing": 1, "停在 stored": 1}
    walker.close()
    words = {NOTE, "黄秀珍", "梁建国", "停在 numbered", "停在 storing", "停在 stored"}
    assert found_in(tmp_path / "profile", words) == {}
