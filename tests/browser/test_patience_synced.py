"""已同步 is said only when it is so (F3)."""

import random
import threading

import pytest
from playwright.sync_api import BrowserContext, Page

from tests.browser.rig import How, Network
from tests.browser.walking import until, until_pill, visit, visits_on
from tests.server import town

PERSON = town.ident("person", "worker1")
# Every word the pill of an open page ever shows.
WATCH = """() => {
    window.pills = [];
    const note = () => {
        const said = document.getElementById("pill").innerText.trim();
        if (pills[pills.length - 1] !== said) pills.push(said);
    };
    new MutationObserver(note).observe(document.body, { subtree: true, childList: true });
    note();
}"""
# Saves visits after each other as the form does, with pauses, and all the while looks whether the
# page says that all is sent while something it was told is saved has no receipt, before and after.
SAVE = """async ([id, door, pauses]) => {
    const outbox = await import("/phone/outbox.js");
    const waiting = async () => new Set((await outbox.waiting(id)).map((one) => one.id));
    const saved = new Set();
    window.lies = [];
    window.looks = 0;
    window.isSaving = true;
    const look = async () => {
        while (window.isSaving || (await outbox.count(id)) > 0) {
            const told = [...saved];
            const before = await waiting();
            const said = document.getElementById("pill").innerText.trim();
            const after = await waiting();
            const still = told.filter((one) => before.has(one) && after.has(one));
            window.looks += 1;
            if (said === "已同步" && still.length > 0) window.lies.push(still);
            await new Promise((resolve) => setTimeout(resolve, 10));
        }
    };
    const save = async (at) => {
        const body = new URLSearchParams({ result: "met", note: `第 ${at + 1} 条` });
        const how = { method: "POST", headers: { "HX-Request": "true" }, body };
        const text = await (await fetch(`/households/${door}/visits`, how)).text();
        saved.add(/id="visit-([^"]+)"/.exec(text)[1]);
    };
    window.looking = look();
    for (let at = 0; at < pauses.length; at += 1) {
        await new Promise((resolve) => setTimeout(resolve, pauses[at]));
        await save(at);
    }
    window.isSaving = false;
}"""
QUEUE = """async ([id, door, count]) => {
    const outbox = await import("/phone/outbox.js");
    const routine = { type: "routine", method: "door", result: "met", resident_ids: [] };
    const data = { household_id: door, ...routine };
    for (let at = 0; at < count; at += 1) await outbox.record(id, { kind: "visit.record", data });
}"""
ASK = "() => navigator.serviceWorker.controller.postMessage({ type: 'sync', why: 'online' })"
ALL_SENT = f"""async () => {{
    await window.looking;
    return (await (await import("/phone/outbox.js")).count("{PERSON}")) === 0;
}}"""


def test_f03_a_visit_saved_while_another_is_being_sent_is_not_called_sent(
    used: BrowserContext, page: Page, network: Network, door: str
) -> None:
    watcher = used.new_page()
    watcher.goto(f"{network.origin}/today")
    until_pill(watcher, "已同步")
    watcher.evaluate(WATCH)
    passes, asked = threading.Semaphore(0), threading.Semaphore(0)

    def gate(_body: bytes) -> How:
        asked.release()
        return "" if passes.acquire(timeout=60) else "down"

    network.fails["/sync"] = gate
    first = visit(page, network.origin, door)
    assert asked.acquire(timeout=30)
    second = visit(page, network.origin, door)
    passes.release()
    # The answer to the first has come, or the second would not be sent.
    assert asked.acquire(timeout=30)
    until(watcher, "() => document.getElementById('pill').innerText.includes('条')")
    for _ in range(20):
        passes.release()
    until_pill(watcher, "已同步")

    pills = watcher.evaluate("pills")
    assert pills.index("已同步", 1) == len(pills) - 1, pills
    assert sorted(visits_on(network.server)) == sorted([first, second])


@pytest.mark.parametrize(("seed", "queued", "saved"), [(1, 450, 50), (2, 10, 40)])
def test_f03_never_all_sent_while_something_saved_lacks_its_receipt(
    page: Page, network: Network, seed: int, queued: int, saved: int, door: str
) -> None:
    """Batches of fifty, answers that are lost, saves at any moment in between."""
    chance = random.Random(seed)
    page.goto(f"{network.origin}/today")
    network.fails["/sync"] = "down"
    page.evaluate(QUEUE, [PERSON, door, queued])

    def weather(body: bytes) -> How:
        if body.count(b'"visit.record"') > 50:
            return 413
        return chance.choices(["", "cut", "down", 502], [6, 1, 1, 1])[0]

    network.fails["/sync"] = weather
    page.evaluate(SAVE, [PERSON, door, [chance.choice([0, 0, 5, 30, 120]) for _ in range(saved)]])
    network.fails.clear()
    send(page)

    assert page.evaluate("looks") > 10
    assert page.evaluate("lies") == []
    assert len(visits_on(network.server)) == queued + saved
    until_pill(page, "已同步")


def send(page: Page) -> None:
    page.evaluate(
        "() => navigator.serviceWorker.controller.postMessage({ type: 'sync', why: 'online' })"
    )
    until(page, ALL_SENT, 60)
