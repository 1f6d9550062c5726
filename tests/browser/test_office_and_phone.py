"""A phone and the office at once: hand-overs, phones shut out, and outboxes that come as files."""

import json
import re
import sqlite3

import httpx
import pytest

from tests.browser.walking import door_of, sign_in, soon, until, until_pill, visit, visits_on
from tests.server.town import PASSWORD, ident


@pytest.fixture
def office(server):
    """The office's browser, without one."""
    with httpx.Client(base_url=server.origin, timeout=30, follow_redirects=True) as client:
        told = {"username": "office1", "password": PASSWORD}
        client.post("/api/session", json=told).raise_for_status()
        page = client.get("/office/phones").text
        client.headers["X-Form-Token"] = re.search(r'X-Form-Token": "(\w+)"', page)[1]
        yield client


def saved(page, origin):
    """The outbox as the file that the phone hands out."""
    page.goto(f"{origin}/outbox")
    with page.expect_download() as downloading:
        page.click("form[action='/outbox/export'] button")
    return downloading.value.path().read_bytes()


def bring(office, content):
    seen = office.post("/office/outboxes", files={"file": ("outbox.json", content)})
    return office.post(f"{seen.url.path}/confirmations").text


def device_of(page):
    return page.evaluate("async () => (await (await fetch('/api/session')).json()).device")


# One more visit at each of these doors, as its form records it.
RECORD_EACH = """async (doors) => {
    const outbox = await import("/phone/outbox.js");
    const { current } = await import("/phone/identity.js");
    const { id } = await current();
    const routine = { type: "routine", method: "door", result: "met", resident_ids: [] };
    const made = [];
    for (const household_id of doors) {
        const asked = { kind: "visit.record", data: { household_id, ...routine } };
        made.push((await outbox.record(id, asked)).id);
    }
    return made;
}"""
KEPT = """async () => {
    const all = (name, store) => new Promise((resolve) => {
        const opening = indexedDB.open(name);
        opening.onsuccess = () => {
            const db = opening.result;
            const asked = db.transaction(store).objectStore(store).getAll();
            asked.onsuccess = () => { db.close(); resolve(asked.result); };
        };
    });
    const names = (await indexedDB.databases()).map(({ name }) => name);
    const [mine] = names.filter((name) => /^jinlin-.{36}$/.test(name));
    const operations = await all(mine, "operations");
    return {
        streams: (await all(mine, "streams")).length + (await all(mine, "fresh")).length,
        drafts: (await all("jinlin-drafts", "drafts")).length,
        texts: operations.filter(({ text }) => text).length,
    };
}"""


def test_a_file_is_imported_and_what_the_phone_sends_later_counts_no_second_time(
    page, network, office, door
):
    network.fails["/sync"] = "down"
    made = [visit(page, network.origin, door) for _ in range(2)]

    told = bring(office, saved(page, network.origin))
    network.fails.clear()
    page.goto(f"{network.origin}/me")
    until_pill(page, "已同步")

    assert "2 条都处理了" in told
    assert sorted(visits_on(network.server)) == sorted(made)


def test_a_phone_that_was_shut_out_keeps_no_resident_and_loses_no_work(page, network, office, door):
    network.fails["/sync"] = "down"
    made = visit(page, network.origin, door)
    loss = f"/office/devices/{device_of(page)}/loss"
    office.post(loss.replace("/loss", "/revocations"))
    assert "待擦除" in office.get(loss).text
    page.goto(f"{network.origin}/households/{door}")

    network.fails.clear()
    page.evaluate("navigator.serviceWorker.controller.postMessage({ type: 'sync' })")
    page.wait_for_selector("text=这部手机已停用")
    assert "还有 1 条没发出的留着" in page.inner_text("main")
    soon(page, lambda: "已擦除" in office.get(loss).text)
    assert "留着没发的 1 条" in office.get(loss).text
    page.goto(f"{network.origin}/outbox")
    until_pill(page, "需要登录")
    page.goto(f"{network.origin}/today")
    assert "黄秀珍" not in page.content()
    assert page.evaluate(KEPT) == {"streams": 0, "drafts": 0, "texts": 1}
    page.goto(f"{network.origin}/households/{door}")
    assert "黄秀珍" not in page.content()
    told = bring(office, saved(page, network.origin))

    assert "1 条都处理了" in told
    sign_in(page, network.origin, "worker1")
    until_pill(page, "已同步")
    assert list(visits_on(network.server)) == [made]
    assert "没有等处理的记录" in office.get("/office/quarantine").text


def test_f01_a_building_handed_over_while_its_worker_is_out_of_reach(page, network, office):
    known = [door_of(network.server, name) for name in ("黄秀珍", "梁建国")]
    network.fails["/sync"] = "down"
    made = [visit(page, network.origin, one) for one in known]
    made += page.evaluate(RECORD_EACH, known * 4)
    page.goto(f"{network.origin}/buildings")
    building = page.locator("a[href^='/buildings/']").first.get_attribute("href").split("/")[2]
    answer = office.post(
        f"/office/people/{ident('person', 'worker2')}/buildings",
        data={"building": building.split("?")[0], "from_on": today(page), "instead": "1"},
    )
    assert "已分好" in answer.text

    network.fails.clear()
    page.goto(f"{network.origin}/me")
    until_pill(page, "已同步")

    assert sorted(visits_on(network.server)) == sorted(made)
    until(page, "() => document.querySelector('main').innerText.includes('本月 10 次')")
    assert "已经交出去的楼里" in page.inner_text("main")
    page.goto(f"{network.origin}/households/{known[0]}")
    assert "黄秀珍" not in page.content()


def test_f20_a_phone_that_falls_silent_comes_to_the_top_while_the_page_is_open(
    browser, server, office
):
    context = browser.new_context(service_workers="block")
    context.add_cookies(
        [{"name": "jinlin", "value": office.cookies["jinlin"], "url": server.origin}]
    )
    page = context.new_page()
    page.clock.install()
    page.goto(f"{server.origin}/office/phones")
    assert "没有要处理的" in page.inner_text(".desk__top")

    fall_silent(server, ident("device", "worker1"))
    page.clock.fast_forward(61_000)

    page.wait_for_selector("#phones tr.is-urgent")
    first = page.inner_text("#phones tr:nth-child(2)")
    assert "请周晓岚打开应用并联网：还有 12 条未上传" in first
    context.close()


def fall_silent(server, device):
    """Two days pass for one phone."""
    with sqlite3.connect(server.folder / "jinlin.db") as db:
        db.execute(
            "update device set recorded = 12, seen_at = '2026-09-12T00:00:00.000Z' where id = ?",
            [device],
        )
    db.close()


def today(page):
    return page.evaluate("() => new Date(Date.now() + 8 * 3600e3).toISOString().slice(0, 10)")


def test_the_file_says_what_the_office_needs(page, network, door):
    visit(page, network.origin, door)
    until_pill(page, "已同步")
    network.fails["/sync"] = "down"
    visit(page, network.origin, door)

    file = json.loads(saved(page, network.origin))

    assert file["jinlin"] == "outbox" and len(file["operations"]) == 1
    assert file["ledger"]["recorded"] == 2 and file["ledger"]["upto"] == 1
    assert re.fullmatch("[0-9A-F]{4}-[0-9A-F]{4}", file["ledger"]["code"])
