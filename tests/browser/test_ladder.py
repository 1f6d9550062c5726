"""无人应答 on the phone: every tap stamped at once, offline, through kills and updates."""

import json
import sqlite3
from typing import Any

from playwright.sync_api import Page

from tests.browser.beside import submit
from tests.browser.rig import Network, Server
from tests.browser.test_filling import NEVER_DIAL, SAFE, WELL, Filling, home, start
from tests.browser.test_patience_session import sign_in_here
from tests.browser.updating import UPDATE, WAITING, next_version
from tests.browser.walking import choose, ready, until, until_pill

SON = {"name": "黄志强", "relation": "son", "phone": "19900000061"}
DRAFTED = """(name) => new Promise((resolve) => {
    const opening = indexedDB.open("jinlin-drafts", 1);
    opening.onsuccess = () => {
        const asked = opening.result.transaction("drafts").objectStore("drafts").getAll();
        asked.onsuccess = () => {
            opening.result.close();
            resolve(asked.result.some(({ fields }) => fields.some(([field]) => field === name)));
        };
    };
})"""
STEPS = "#ladder .past__line"


def cases(server: Server) -> list[dict[str, Any]]:
    """Whom the server knows to be looked for, or to have been."""
    with sqlite3.connect(server.folder / "jinlin.db") as db:
        db.row_factory = sqlite3.Row
        rows = db.execute("select * from followup where item = 'no_answer'").fetchall()
    db.close()
    return [{**dict(row), "steps": json.loads(row["steps"])} for row in rows]


def nobody_answers(page: Page, origin: str, door: str) -> None:
    page.goto(f"{origin}/households/{door}/visit")
    choose(page, "result", "no_answer")
    page.click("#visit form > .actions button.button--main")
    page.wait_for_selector("section.saved")
    page.click("section.saved a[href$='/ladder']")
    page.wait_for_selector("#ladder")
    page.evaluate(NEVER_DIAL)


def update(page: Page, network: Network) -> None:
    """A newer version is fetched and waits."""
    next_version(network)
    page.evaluate(UPDATE)
    until(page, WAITING)


def take_over(page: Page) -> None:
    """The newer version takes over."""
    page.evaluate(
        "async () => (await navigator.serviceWorker.getRegistration())"
        ".waiting.postMessage({ type: 'skip-waiting' })"
    )
    until(page, f"async () => !(await ({WAITING})())")
    ready(page)


def tap(page: Page, selector: str, count: int) -> None:
    """A tap, and its stamp is there."""
    page.click(selector)
    until(page, f"() => document.querySelectorAll('{STEPS}').length === {count}")


def said(page: Page) -> list[str]:
    return [one.split(maxsplit=1)[1] for one in page.locator(STEPS).all_inner_texts()]


def test_the_ladder_goes_on_without_a_network_through_a_kill_until_an_outcome(
    walker, network, server
):
    door, _ = home(server)
    submit(server, "contact.add", {"household_id": door, **SON})
    page = walker.start()
    page.goto(f"{network.origin}/households/{door}")
    page.wait_for_selector("text=黄志强")
    network.fails["/sync"] = "down"

    nobody_answers(page, network.origin, door)
    assert "现在做" in page.inner_text(".rung--now")
    tap(page, "[data-stamp]:has-text('打给老人')", 1)
    tap(page, "[data-stamp]:has-text('黄志强')", 2)
    walker.kill()

    page = walker.start()
    page.goto(f"{network.origin}/today")
    page.click(".notice--red a")
    page.wait_for_selector("#ladder")
    page.evaluate(NEVER_DIAL)
    assert said(page) == ["打老人电话", "打家属电话 · 黄志强"]
    tap(page, "button[value=signs]", 3)
    assert "现在做" in page.inner_text(".rung:has([data-stamp][href='tel:110'])")
    tap(page, "[data-stamp][href='tel:110']", 4)
    walker.kill()

    page = walker.start()
    page.goto(f"{network.origin}/followups")
    page.click("a.followup[href$='/ladder']")
    page.click(".actions a.button--main")
    page.wait_for_selector("#visit")
    choose(page, "result", "phone_ok")
    page.click("#visit form > .actions button.button--main")
    page.wait_for_selector("section.saved")
    page.goto(f"{network.origin}/households/{door}/ladder")
    assert "电话联系上了" in page.inner_text("#ladder")
    assert len(said(page)) == 4
    page.goto(f"{network.origin}/today")
    assert "还没找到人" not in page.inner_text("#page")

    network.fails.clear()
    page.goto(f"{network.origin}/outbox")
    page.click("form[action='/outbox/sync'] button")
    until_pill(page, "已同步")
    [case] = cases(server)
    assert (case["status"], case["result"], case["closed_by"]) == (
        "closed",
        "电话联系上了",
        "周晓岚",
    )
    assert [(one["step"], one["who"]) for one in case["steps"]] == [
        ("self", ""),
        ("contact", "黄志强"),
        ("signs", ""),
        ("110", ""),
    ]
    page.goto(f"{network.origin}/households/{door}/ladder")
    assert len(said(page)) == 4


def test_signing_out_and_an_update_on_the_ladder_lose_nothing(page, network, server):
    door, _ = home(server)
    network.fails["/sync"] = "down"
    nobody_answers(page, network.origin, door)
    tap(page, "[data-stamp]:has-text('打给老人')", 1)

    update(page, network)
    tap(page, "button[value=knock]", 2)
    take_over(page)
    page.goto(f"{network.origin}/households/{door}/ladder")
    page.evaluate(NEVER_DIAL)
    assert said(page) == ["打老人电话", "又敲了门，没人应"]
    tap(page, "[data-stamp]:has-text('打给社区')", 3)

    page.goto(f"{network.origin}/me")
    page.click("form[action='/signout'] button")
    network.fails.clear()
    sign_in_here(page, "worker1")
    until_pill(page, "已同步")
    page.goto(f"{network.origin}/households/{door}/ladder")
    assert len(said(page)) == 3
    [case] = cases(server)
    assert [one["step"] for one in case["steps"]] == ["self", "knock", "office"]


def test_signing_out_and_an_update_in_a_checklist_lose_nothing(page, network, server):
    door, person = home(server)
    network.fails["/sync"] = "down"
    filling = Filling(page, person)
    start(page, network.origin, door)
    filling.open()
    filling.agree()
    filling.answer(**WELL)
    drafted(page, f"a|{filling.key}|E08")

    update(page, network)
    take_over(page)
    start_again(page, network.origin, door)
    filling.open()
    filling.answer(**SAFE)
    drafted(page, f"a|{filling.key}|E23")

    page.goto(f"{network.origin}/me")
    page.click("form[action='/signout'] button")
    sign_in_here(page, "worker1")
    start_again(page, network.origin, door)
    for name, value in {**WELL, **SAFE}.items():
        field = f"input[name='a|{filling.key}|{name}'][value={value}]"
        until(page, f"() => document.querySelector({json.dumps(field)}).checked")


def drafted(page: Page, name: str) -> None:
    """An answer is on disk."""
    until(page, f"() => ({DRAFTED})({json.dumps(name)})")


def start_again(page: Page, origin: str, door: str) -> None:
    page.goto(f"{origin}/households/{door}/visit")
    until(page, "async () => Boolean(document.querySelector('[data-checkup]'))")
