"""What the server did not take is put right on 待同步, whatever it was, and is settled there."""

import sqlite3
from contextlib import closing

from playwright.sync_api import Page

from tests.browser.rig import Network, Server
from tests.browser.test_media import GO_ON, brought, open_form, save
from tests.browser.walking import pill, until, until_pill, visit

RECORD = """async (asked) => {
    const outbox = await import("/phone/outbox.js");
    const { current } = await import("/phone/identity.js");
    return (await outbox.record((await current()).id, asked)).id;
}"""
BROKEN = """async (form) => {
    const init = { method: "POST", headers: { "Content-Type": "image/jpeg" }, body: "no picture" };
    return (await fetch(`/media/kept?form=${form}&width=80&height=60`, init)).status;
}"""
# Without the phone's modules, which a page cannot load once there is no network.
BYTES = """async () => {
    const done = (request) => new Promise((resolve, reject) => {
        request.onsuccess = () => resolve(request.result);
        request.onerror = () => reject(request.error);
    });
    const names = (await indexedDB.databases()).map(({ name }) => name);
    const db = await done(indexedDB.open(names.find((name) => name.startsWith("jinlin-"))));
    const count = await done(db.transaction("bytes").objectStore("bytes").count());
    db.close();
    return count;
}"""


def sync(page: Page) -> None:
    page.evaluate(GO_ON)
    until(page, "async () => (await (await fetch('/outbox')).text()).includes('都发出去了')")


def rows(server: Server, sql: str) -> list[tuple[str, ...]]:
    with closing(sqlite3.connect(server.folder / "jinlin.db")) as db:
        return db.execute(sql).fetchall()


def redo(page: Page, origin: str, made: str) -> None:
    page.goto(f"{origin}/outbox")
    page.click(f"#queued-{made} a:has-text('改好再发')")
    page.wait_for_selector("input[name=replaces]", state="attached")


def assert_settled(page: Page, network: Network, made: str) -> None:
    """It left the page 待同步, and the office sees what became of it."""
    sync(page)
    page.goto(f"{network.origin}/outbox")
    assert page.locator(f"#queued-{made}").count() == 0
    asked = f"select state from quarantine where operation_id = '{made}'"
    assert rows(network.server, asked) == [("replaced",)]


def test_a_number_that_was_refused_opens_in_its_form_and_goes_once_more(page, network, door):
    number = {"household_id": door, "resident_id": "", "name": "小李", "relation": "son"}
    good = page.evaluate(
        RECORD, {"kind": "contact.add", "data": {**number, "phone": "13800000001"}}
    )
    added = page.evaluate(RECORD, {"kind": "contact.add", "data": {**number, "phone": "1" * 40}})
    sync(page)
    change = {"id": good, "changes": {"phone": "2" * 40, "relation": "daughter"}}
    changed = page.evaluate(RECORD, {"kind": "contact.change", "base": 1, "data": change})
    sync(page)

    redo(page, network.origin, added)
    assert page.input_value("#phone") == "1" * 40 and page.input_value("#name") == "小李"
    page.fill("#phone", "13800000002")
    page.click("form button.button--main")
    page.wait_for_selector("#phone", state="detached")
    redo(page, network.origin, changed)
    assert page.input_value("#phone") == "2" * 40
    assert page.is_checked("input[name=relation][value=daughter]")
    page.fill("#phone", "13800000003")
    page.click("form button.button--main")
    page.wait_for_selector("#phone", state="detached")

    assert_settled(page, network, added)
    assert_settled(page, network, changed)
    assert rows(network.server, "select phone, relation from contact order by phone") == [
        ("13800000002", "son"),
        ("13800000003", "daughter"),
    ]


def test_a_correction_that_was_refused_opens_in_its_form(page, network, door):
    made = visit(page, network.origin, door)
    wrong = {"id": made, "changes": {"note": "没让进", "result": "flown"}}
    refused = page.evaluate(RECORD, {"kind": "visit.correct", "data": wrong})
    sync(page)

    redo(page, network.origin, refused)
    assert page.input_value("#note") == "没让进"
    page.click("label:has(input[name=result][value=not_home])")
    page.click("form button.button--main")
    page.wait_for_selector("#note", state="detached")

    assert_settled(page, network, refused)
    assert rows(network.server, "select result, note from visit") == [("not_home", "没让进")]


def test_an_event_that_was_refused_opens_in_its_form(page, network, door):
    told = {"household_id": door, "resident_id": "", "on": "2026-02-30", "note": "厨房"}
    fire = page.evaluate(RECORD, {"kind": "life_event.record", "data": {**told, "what": "fire"}})
    undone = page.evaluate(RECORD, {"kind": "life_event.record", "data": told})
    sync(page)

    redo(page, network.origin, fire)
    assert page.is_checked("input[name=what][value=fire]") and page.input_value("#note") == "厨房"
    assert page.is_checked("input[name=resident_id][value='']")
    page.fill("#on", "2026-02-28")
    page.click("form button.button--main")
    page.wait_for_selector("#note", state="detached")
    assert_settled(page, network, fire)
    asked = "select event, event_on, event_note from household where event <> ''"
    assert rows(network.server, asked) == [("fire", "2026-02-28", "厨房")]

    redo(page, network.origin, undone)
    assert page.is_checked("input[name=what][value=none]")
    page.click("form button.button--main")
    page.wait_for_selector("#note", state="detached")
    assert_settled(page, network, undone)
    assert rows(network.server, asked) == []


def test_words_to_the_office_that_were_refused_open_again(page, network):
    refused = page.evaluate(RECORD, {"kind": "feedback.send", "data": {"text": "长" * 2001}})
    sync(page)

    redo(page, network.origin, refused)
    assert page.input_value("#text") == "长" * 2001
    page.fill("#text", "字太小")
    page.click("form button.button--main")
    page.wait_for_selector("#text", state="detached")

    assert_settled(page, network, refused)


def test_a_picture_that_the_server_never_takes_is_let_go_without_a_network(page, network, door):
    assert page.evaluate(BROKEN, f"visit-{door}") == 200
    open_form(page, network.origin, door)
    save(page)
    until(page, "async () => (await (await fetch('/outbox')).text()).includes('打不开这张')")
    network.fails["*"] = "down"
    page.goto(f"{network.origin}/outbox")
    assert "1 条" in pill(page) and page.evaluate(BYTES) == 1

    page.once("dialog", lambda asked: asked.dismiss())
    page.click("button:has-text('不要这张')")
    assert page.locator("#photos-left").count() == 1
    page.once("dialog", lambda asked: asked.accept())
    page.click("button:has-text('不要这张')")
    page.wait_for_selector("#photos-left", state="detached")
    assert page.evaluate(BYTES) == 0
    again = "visit => fetch('/media/refusals', { method: 'POST', body: `visit=${visit}` })"
    page.evaluate(again, "nothing")

    network.fails.clear()
    page.evaluate(GO_ON)
    until_pill(page, "已同步")
    assert brought(network.server) == {}
    assert rows(network.server, "select result from visit") == [("met",)]


def test_a_picture_that_may_still_arrive_has_no_such_button(page, network, door):
    page.evaluate(BROKEN, f"visit-{door}")
    open_form(page, network.origin, door)
    network.fails["*"] = "down"
    save(page)

    page.goto(f"{network.origin}/outbox")

    assert page.locator("#photos-left").count() == 1
    assert page.locator("button:has-text('不要')").count() == 0
