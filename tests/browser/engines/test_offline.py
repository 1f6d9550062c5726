"""The offline loop in the engines of other phones: iPhone's WebKit, Firefox."""

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.browser.engines import found
from tests.browser.engines.drivers import Failed
from tests.browser.rig import Server
from tests.browser.walking import IS_READY, visits_on
from tests.server import town

PAGE_S = 30
SIGN_IN = """async (username, password) => {
    document.getElementById("username").value = username;
    document.getElementById("password").value = password;
    setTimeout(() => document.querySelector("form button.button--main").click());
}"""
FIRST_DOOR = """async () => {
    const page = async (path) =>
        new DOMParser().parseFromString(await (await fetch(path)).text(), "text/html");
    const all = await page("/buildings");
    const inside = await page(all.querySelector("a[href^='/buildings/']").getAttribute("href"));
    const cell = inside.querySelector("a[href*='door=']").getAttribute("href");
    return new URL(cell, location.href).searchParams.get("door");
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
    sign_in(window, server.origin, "chief")
    # As a person does it; cookies are written to disk only now and then.
    window.close()
    server.stop()

    window.start()
    window.goto(f"{server.origin}/today")
    door = window.run(FIRST_DOOR)
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


def sign_in(window: Any, origin: str, username: str) -> None:
    window.goto(f"{origin}/signin")
    window.run(SIGN_IN, username, town.PASSWORD)
    until(window, IS_READY, True)


def visit(window: Any, origin: str, door: str, note: str) -> str:
    """Fill in and save the form of a door; the id of the visit."""
    window.goto(f"{origin}/households/{door}/visit")
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
