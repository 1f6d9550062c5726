"""A new release meets a phone that is full of unsent work (F7)."""

import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page

from sync.digest import stream_digest
from tests.browser.lent import enter
from tests.browser.releases.taken import VERSIONS, Release
from tests.browser.rig import Network, Server
from tests.browser.updating import UPDATE, WAITING, next_version
from tests.browser.walking import (
    choose,
    ready,
    sign_in,
    until,
    until_pill,
    visit,
    visits_on,
)
from tests.server import town

PERSON = town.ident("person", "worker1")
STORES = """(id) => new Promise((resolve) => {
    const opening = indexedDB.open(`jinlin-${id}`);
    opening.onsuccess = () => {
        resolve([...opening.result.objectStoreNames]);
        opening.result.close();
    };
})"""
SIGN_IN = """async ([username, password, device]) => {
    const body = JSON.stringify({ username, password, device, device_name: "手机" });
    const headers = { "Content-Type": "application/json" };
    await fetch("/api/session", { method: "POST", headers, body });
}"""


class CutAt(dict[str, Any]):
    """Failures for a Network: none until a file is asked for, then everything."""

    def __init__(self, file: str) -> None:
        super().__init__()
        self.file = file
        self.is_down = False

    def get(self, path: str, default: Any = "") -> Any:
        self.is_down = self.is_down or path == self.file
        return "down" if self.is_down else default


@pytest.fixture(params=VERSIONS)
def release(request: pytest.FixtureRequest) -> Release:
    return Release(request.param)


@pytest.fixture
def old_server(release: Release, tmp_path: Path) -> Iterator[Server]:
    """This release's server over the data folder of an earlier one."""
    running = Server(release.town(tmp_path / "kept"), tmp_path / "data").start()
    yield running
    running.stop()


def test_f07_fifty_items_queued_by_an_earlier_release_all_arrive(
    context: BrowserContext, release: Release, old_server: Server
) -> None:
    assert len(release.queued) >= 50
    page = context.new_page()
    page.goto(f"{old_server.origin}/up")
    release.fill(page)
    page.evaluate(SIGN_IN, ["chief", town.PASSWORD, release.person["device"]])

    page.goto(f"{old_server.origin}/today")
    ready(page)
    until_pill(page, "已同步")

    arrived = operations_on(old_server, release.person["device"])
    assert arrived == [(one["n"], one["id"]) for one in release.operations]
    assert pictures_on(old_server) == set(release.pictures)
    page.goto(f"{old_server.origin}/outbox")
    assert page.locator("[id^=queued-]").count() == 0
    mine = page.evaluate(
        "async (id) => (await import('/phone/replica.js')).digests(id)", release.person["id"]
    )
    assert mine and mine == {stream: digest_of(old_server, stream) for stream in mine}


def test_f07_an_update_cut_at_any_of_its_files_leaves_the_old_version_working(
    context: BrowserContext, network: Network, door: str
) -> None:
    page = enter(context, network.origin, "worker1")
    files = network.get("/shell.json")["files"]
    assert {f"GET {one}" for one in files} <= set(network.seen)
    next_version(network)

    for file in ["/sw.js", "/shell.json", *files]:
        network.fails = CutAt(file)
        page.evaluate(UPDATE)
        assert network.fails.is_down, file
        assert page.evaluate(WAITING) is False, file
    network.fails = {"*": "down"}
    page.goto(f"{network.origin}/today")
    assert page.locator("#pill").count() == 1
    visit(page, network.origin, door)

    network.fails = {}
    page.evaluate(UPDATE)
    until(page, WAITING)


def test_f07_a_migration_that_fails_leaves_the_old_data_readable(
    context: BrowserContext, network: Network, door: str
) -> None:
    page = enter(context, network.origin, "worker1")
    network.fails["/sync"] = "down"
    made = [visit(page, network.origin, door, note="写过的") for _ in range(2)]
    next_version(network, "() => { throw new Error('a step that does not work'); }")
    take_update(page, network)

    network.fails = {"*": "down"}
    page.goto(f"{network.origin}/households/{door}")
    assert "写过的" in page.inner_text(f"#visit-{made[0]}")
    page.goto(f"{network.origin}/outbox")
    assert page.locator("[id^=queued-]").count() == 2
    made.append(visit(page, network.origin, door))

    network.fails = {}
    page.goto(f"{network.origin}/today")
    until_pill(page, "已同步")
    assert sorted(visits_on(network.server)) == sorted(made)


def test_f07_an_open_second_tab_neither_blocks_an_update_nor_loses_what_it_holds(
    context: BrowserContext, network: Network, door: str
) -> None:
    page, other = context.new_page(), context.new_page()
    sign_in(page, network.origin, "worker1")
    other.goto(f"{network.origin}/households/{door}/visit")
    choose(other, "result", "met")
    other.fill("textarea[name=note]", "另一页写了一半")
    # A tab that holds the very database that the new version changes.
    other.evaluate("async (id) => (await import('/phone/outbox.js')).count(id)", PERSON)
    next_version(network, "(db) => db.createObjectStore('later')")

    take_update(page, network)
    page.goto(f"{network.origin}/today")
    assert page.locator("a[href='/search']").count() == 1
    assert other.input_value("textarea[name=note]") == "另一页写了一半"
    other.click("#visit form button.button--main")
    saved = other.wait_for_selector("section.saved li[id^=visit-]")

    assert "另一页写了一半" in saved.inner_text()
    until_pill(other, "已同步")
    made = saved.get_attribute("id").removeprefix("visit-")
    assert list(visits_on(network.server)) == [made]
    assert "later" in other.evaluate(STORES, PERSON)


def take_update(page: Page, network: Network) -> None:
    """Fetch the newer version and let it take over, as the person does."""
    page.goto(f"{network.origin}/me")
    page.evaluate(UPDATE)
    page.wait_for_selector("[data-take-version]")
    with page.expect_navigation(timeout=60_000):  # the worker in charge ends its work first
        page.click("[data-take-version]")
    until(page, "() => document.querySelector('main').innerText.includes('next-version')")


def pictures_on(server: Server) -> set[str]:
    with sqlite3.connect(server.folder / "jinlin.db") as db:
        found = {name for (name,) in db.execute("select sha256 from media").fetchall()}
    db.close()
    return found


def operations_on(server: Server, device: str) -> list[tuple[int, str]]:
    with sqlite3.connect(server.folder / "jinlin.db") as db:
        found = db.execute(
            "select n, id from operation where device_id = ? order by n", (device,)
        ).fetchall()
    db.close()
    return found


def digest_of(server: Server, stream: str) -> str:
    with sqlite3.connect(server.folder / "jinlin.db") as db:
        rows = db.execute(
            "select kind, id, record from feed where stream = ? and record is not null", (stream,)
        ).fetchall()
    db.close()
    return stream_digest(rows)
