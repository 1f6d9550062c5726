"""A session ends in the middle of the work (F8)."""

import sqlite3

from playwright.sync_api import Page

from tests.browser.rig import How, Network, Server
from tests.browser.walking import choose, until, until_pill, visit, visits_on
from tests.server import town

HALF = "说到一半："
WHOLE = "说到一半：女儿周末来，要换药"
PROMPTS = "document.querySelectorAll('#signin-to-send').length"
ASK = "() => navigator.serviceWorker.controller.postMessage({ type: 'sync', why: 'online' })"
QUEUE = """async ([id, door, count]) => {
    const outbox = await import("/phone/outbox.js");
    const routine = { type: "routine", method: "door", result: "met", resident_ids: [] };
    const data = { household_id: door, ...routine };
    for (let at = 0; at < count; at += 1) await outbox.record(id, { kind: "visit.record", data });
}"""


def test_f08_a_session_that_ends_in_the_middle_of_a_form_loses_no_keystroke(
    page: Page, network: Network, door: str
) -> None:
    page.goto(f"{network.origin}/households/{door}/visit")
    choose(page, "result", "met")
    page.type("textarea[name=note]", HALF)
    end_sessions(network.server)
    page.evaluate(ASK)
    until_pill(page, "需要登录")

    # Nothing moved under the finger: writing goes on, and saving works.
    page.type("textarea[name=note]", WHOLE.removeprefix(HALF))
    page.click("#visit form button.button--main")
    saved = page.wait_for_selector("section.saved li[id^=visit-]")
    assert WHOLE in saved.inner_text()
    until(page, f"() => {PROMPTS} === 1")
    assert "登录后发送 1 条" in page.inner_text("#signin-to-send")
    assert visits_on(network.server) == {}

    page.click("#signin-to-send a")
    sign_in_here(page, "worker1")
    until_pill(page, "已同步")
    assert page.evaluate(PROMPTS) == 0
    [made] = visits_on(network.server)
    page.goto(f"{network.origin}/households/{door}")
    assert WHOLE in page.inner_text(f"#visit-{made}")


def test_f08_what_was_half_written_is_there_after_signing_in_again(
    page: Page, network: Network, door: str
) -> None:
    page.goto(f"{network.origin}/households/{door}/visit")
    until_pill(page, "已同步")
    choose(page, "result", "refused")
    page.type("textarea[name=note]", HALF)
    end_sessions(network.server)
    page.evaluate(ASK)
    until_pill(page, "需要登录")
    assert page.evaluate(PROMPTS) == 0

    page.click("#pill")
    sign_in_here(page, "worker1")
    page.goto(f"{network.origin}/households/{door}/visit")

    until(page, f"() => document.querySelector('textarea[name=note]').value === '{HALF}'")
    assert page.is_checked("input[name=result][value=refused]")


LATE = """() => document.addEventListener("htmx:after:request", ({ target }) =>
    target.querySelector("textarea").dispatchEvent(new Event("change", { bubbles: true })))"""
DRAFTS = """() => new Promise((resolve) => {
    const opening = indexedDB.open("jinlin-drafts", 1);
    opening.onsuccess = () => {
        const all = opening.result.transaction("drafts").objectStore("drafts").count();
        all.onsuccess = () => resolve(all.result);
    };
})"""


def test_a_field_that_leaves_with_its_saved_form_brings_no_draft_back(
    page: Page, network: Network, door: str
) -> None:
    page.goto(f"{network.origin}/households/{door}/visit")
    until_pill(page, "已同步")
    choose(page, "result", "refused")
    page.type("textarea[name=note]", HALF)
    page.evaluate(LATE)
    page.click("#visit form button.button--main")
    page.wait_for_selector("section.saved")
    page.wait_for_timeout(300)

    assert page.evaluate(DRAFTS) == 0


def test_f08_a_session_that_ends_between_two_batches_is_asked_for_once_and_the_rest_goes(
    page: Page, network: Network, door: str
) -> None:
    network.fails["/sync"] = "down"
    visit(page, network.origin, door)
    page.evaluate(QUEUE, [town.ident("person", "worker1"), door, 11])
    batches = []

    def after_five(body: bytes) -> How:
        count = body.count(b'"visit.record"')
        if count > 5:
            return 413
        batches.append(count)
        if len(batches) == 2:
            end_sessions(network.server)
        return ""

    network.fails["/sync"] = after_five
    page.goto(f"{network.origin}/today")
    until_pill(page, "需要登录")
    left = 12 - batches[0]
    until(page, f"() => {PROMPTS} === 1")
    assert f"登录后发送 {left} 条" in page.inner_text("#signin-to-send")
    assert len(visits_on(network.server)) == batches[0] < 12

    # Somebody else can neither send nor read it.
    network.fails.clear()
    page.click("#signin-to-send a")
    sign_in_here(page, "worker2")
    until_pill(page, "已同步")
    page.goto(f"{network.origin}/outbox")
    assert page.locator("[id^=queued-]").count() == 0
    page.goto(f"{network.origin}/households/{door}")
    assert page.locator("li[id^=visit-]").count() == 0
    assert len(visits_on(network.server)) == batches[0]

    page.goto(f"{network.origin}/me")
    page.click("form[action='/signout'] button")
    sign_in_here(page, "worker1")
    until_pill(page, "已同步")
    made = visits_on(network.server)
    assert len(made) == 12 and set(made.values()) == {town.ident("person", "worker1")}


def end_sessions(server: Server) -> None:
    """As if ninety days had passed."""
    with sqlite3.connect(server.folder / "jinlin.db", timeout=30) as db:
        db.execute("update session set expires_at = '2026-01-01T00:00:00.000Z'")
    db.close()


def sign_in_here(page: Page, username: str) -> None:
    """Sign in on the page that is open."""
    page.wait_for_selector("#password")
    page.fill("#username", username)
    page.fill("#password", town.PASSWORD)
    page.click("form button.button--main")
    page.wait_for_selector("#pill")
