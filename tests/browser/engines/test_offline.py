"""The offline loop in the engines of other phones: iPhone's WebKit, Firefox."""

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.browser.engines import found
from tests.browser.engines.drivers import Failed
from tests.browser.rig import Server
from tests.browser.test_filling import checkups, home
from tests.browser.walking import IS_READY, visits_on
from tests.server import town

PAGE_S = 30
SIGN_IN = """async (username, password) => {
    document.getElementById("username").value = username;
    document.getElementById("password").value = password;
    setTimeout(() => document.querySelector("form button.button--main").click());
}"""
IS_ASKING = """async () =>
    document.querySelectorAll("[data-checkup] [data-question][data-left='1']").length > 0"""
ASK = """async () => {
    const panel = document.querySelector("[data-checkup]");
    document.querySelector(`[data-row="${panel.id}"]`).click();
    panel.querySelector("input[name^='consent|'][value=yes]").click();
    const next = () => panel.querySelector("[data-question][data-left='1']:not([hidden])");
    for (let one = next(), n = 0; one && n < 60; one = next(), n += 1)
        one.querySelector("[data-step], input").click();
    panel.querySelector("a.button--main").click();
    return panel.querySelector(".checkup__actions small").innerText;
}"""
FILL = """async (note) => {
    document.querySelector("input[name=result][value=met]").click();
    const field = document.querySelector("textarea[name=note]");
    field.value = note;
    field.dispatchEvent(new Event("input", { bubbles: true }));
    document.querySelector("#visit form button.button--main").click();
}"""
# A tap before the page's scripts are there is an ordinary form, answered with the door's page.
SAVED = """async () => {
    const row = document.querySelector("section.saved li[id^=visit-]");
    return row ? row.id.replace("visit-", "") : new URLSearchParams(location.search).get("saved");
}"""
PILL = "async () => document.getElementById('pill').innerText.trim()"
MAIN = "async () => document.querySelector('main').innerText"


@pytest.fixture(params=found.TRIED)
def window(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Any]:
    made = found.window(request.param, tmp_path / "profile")
    yield made
    made.kill()


def test_a_visit_without_a_network_survives_a_killed_browser_and_arrives_once(
    window: Any, server: Server
) -> None:
    window.start()
    sign_in(window, server.origin, "worker1")
    # As a person does it; cookies are written to disk only now and then.
    window.close()
    server.stop()

    window.start()
    window.goto(f"{server.origin}/today")
    door, _person = home(server)
    made = visit(window, server.origin, door, "电梯停了，爬楼上去的")
    until(window, PILL, "离线 · 1 条")
    window.kill()

    window.start()
    window.goto(f"{server.origin}/households/{door}")
    assert "电梯停了，爬楼上去的" in window.run(MAIN)
    window.goto(f"{server.origin}/outbox")
    assert window.run(PILL) == "离线 · 1 条"

    server.start()
    until(window, PILL, "已同步")
    window.goto(f"{server.origin}/today")
    until(window, PILL, "已同步")
    assert list(visits_on(server)) == [made]
    [checkup] = checkups(server)
    assert checkup["consent"] == "yes"
    assert len(checkup["answers"]) == 26


def sign_in(window: Any, origin: str, username: str) -> None:
    window.goto(f"{origin}/signin")
    window.run(SIGN_IN, username, town.PASSWORD)
    until(window, IS_READY, True)


def visit(window: Any, origin: str, door: str, note: str) -> str:
    """Ask what the list asks, fill in and save the form of a door; the id of the visit."""
    window.goto(f"{origin}/households/{door}/visit")
    until(window, IS_ASKING)
    assert window.run(ASK) == "都答了"
    window.run(FILL, note)
    made: str = until(window, SAVED)
    return made


def until(window: Any, script: str, wanted: Any = None) -> Any:
    """Wait for a page to say what is wanted, or anything; pages may come and go meanwhile."""
    end = time.monotonic() + PAGE_S
    said = None
    while time.monotonic() < end:
        try:
            said = window.run(script)
        except Failed as problem:
            said = problem
        else:
            if said == wanted if wanted is not None else said:
                return said
        time.sleep(0.1)
    raise AssertionError(f"not in {PAGE_S} s: {script} is {wanted}; at last: {said}")
