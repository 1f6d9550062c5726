"""What a worker does on the phone, as steps that tests are made of."""

import sqlite3
import time
from collections.abc import Callable
from typing import Any

from playwright.sync_api import Error

from tests.browser.rig import Server
from tests.server import town

IS_READY = """async () => {
    const { controller } = navigator.serviceWorker;
    if (!controller || controller.state !== "activated") return false;
    return (await (await fetch("/outbox")).text()).includes("/outbox/export");
}"""


def sign_in(page: Any, origin: str, username: str) -> None:
    """Sign in and wait until the phone draws its own pages."""
    page.goto(f"{origin}/signin")
    page.fill("#username", username)
    page.fill("#password", town.PASSWORD)
    page.click("form button.button--main")
    page.wait_for_selector("#pill")
    ready(page)


def ready(page: Any) -> None:
    """Wait until the worker holds everything and answers pages."""
    until(page, IS_READY, 30)


def until(page: Any, condition: str, seconds: float = 20) -> None:
    """Wait for an asynchronous condition in the page, or in the one that takes its place."""
    end = time.monotonic() + seconds
    while not _holds(page, condition):
        assert time.monotonic() < end, f"not in {seconds} s: {condition}"
        page.wait_for_timeout(100)


def _holds(page: Any, condition: str) -> bool:
    try:
        return bool(page.evaluate(condition))
    except Error as error:
        if "because of a navigation" not in str(error):
            raise
        return False


def soon(page: Any, holds: Callable[[], bool], seconds: float = 20) -> None:
    """Wait for something outside the page while the page goes on."""
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end, f"not in {seconds} s"
        page.wait_for_timeout(100)


def until_pill(page: Any, word: str) -> None:
    until(page, f"() => document.getElementById('pill').innerText.trim() === '{word}'")


def door_of(server: Server, name: str) -> str:
    """Where somebody lives."""
    with sqlite3.connect(server.folder / "jinlin.db") as db:
        (found,) = db.execute("select household_id from resident where name = ?", [name]).fetchone()
    db.close()
    return str(found)


def building_of(server: Server, door: str) -> str:
    with sqlite3.connect(server.folder / "jinlin.db") as db:
        (found,) = db.execute("select building_id from household where id = ?", [door]).fetchone()
    db.close()
    return str(found)


def visit(page: Any, origin: str, household_id: str, result: str = "met", note: str = "") -> str:
    """Fill in and save the form of a door; the id of the visit that the page shows."""
    page.goto(f"{origin}/households/{household_id}/visit")
    choose(page, "result", result)
    if note:
        page.fill("textarea[name=note]", note)
    page.click("#visit form button.button--main")
    saved = page.wait_for_selector("section.saved li[id^=visit-]")
    made: str = saved.get_attribute("id").removeprefix("visit-")
    return made


def choose(page: Any, name: str, value: str) -> None:
    """Tap a choice of a form."""
    page.click(f"label.pick:has(input[name={name}][value={value}])")


def pill(page: Any) -> str:
    text: str = page.inner_text("#pill")
    return text.strip()


def visits_on(server: Server) -> dict[str, str]:
    """Who made which visit, as the server has it."""
    with sqlite3.connect(server.folder / "jinlin.db") as db:
        found = dict(db.execute("select id, by from visit").fetchall())
    db.close()
    return found
