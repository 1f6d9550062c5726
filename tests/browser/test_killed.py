"""The browser killed at every step of a save and of a sync: nothing lost, nothing twice."""

import os
import sqlite3
import time

import pytest

from tests.browser.steps import Stops
from tests.browser.walking import choose, until, until_pill, visit, visits_on
from tests.server.town import ident

SAVING = ("asked", "numbered", "storing", "stored", "answering", "dropping")
SYNCING = ("sending", "", "heard", "taking", "taken")
KEPT = """async ([person, note]) => {
    const read = (name, store) => new Promise((resolve, reject) => {
        const opening = indexedDB.open(name);
        opening.onerror = () => reject(opening.error);
        opening.onsuccess = () => {
            const db = opening.result;
            if (!db.objectStoreNames.contains(store)) { db.close(); return resolve([]); }
            const asked = db.transaction(store).objectStore(store).getAll();
            asked.onsuccess = () => { db.close(); resolve(asked.result); };
        };
    });
    const drafts = await read("jinlin-drafts", "drafts");
    const entries = await read(`jinlin-${person}`, "operations");
    return {
        draft: drafts.some((one) => JSON.stringify(one.fields).includes(note)),
        entries: entries.filter((one) => (one.text || "").includes(note)).length,
        waiting: entries.filter((one) => one.waiting).length,
    };
}"""
HAS_DRAFT = "(note) => document.querySelector('textarea[name=note]').value === note"
SYNC = "navigator.serviceWorker.controller.postMessage({ type: 'sync', why: 'quiet' })"
PERSON = ident("person", "worker1")
SAVED = "已保存在本机"


@pytest.fixture
def stops(network, monkeypatch):
    return Stops(network, monkeypatch)


@pytest.fixture
def walker(stops, owned):
    """A browser of worker1's that stops where it is told to."""
    return owned("worker1")


def notes_on(server):
    """How many visits the server has under each note."""
    with sqlite3.connect(server.folder / "jinlin.db") as db:
        found = db.execute("select note, count(*) from visit group by note").fetchall()
    db.close()
    return dict(found)


def fill(page, origin, door, note):
    page.goto(f"{origin}/households/{door}/visit")
    choose(page, "result", "met")
    page.fill("textarea[name=note]", note)
    until(page, f"async () => ({KEPT})(['{PERSON}', '{note}']).then((one) => one.draft)")


def save(page):
    page.evaluate("document.querySelector('#visit form button.button--main').click()")


def kept(page, note):
    return page.evaluate(KEPT, [PERSON, note])


def test_a_browser_killed_while_it_saves_keeps_the_form_or_the_entry_and_never_two(
    walker, server, network, stops, door
):
    page = walker.start()
    network.fails["/sync"] = "down"

    for step in SAVING:
        note = f"停在 {step}"
        fill(page, network.origin, door, note)
        stops.arm(step)
        save(page)
        assert stops.reached.wait(10), step
        was_told = SAVED in page.inner_text("main")
        walker.kill()
        stops.disarm(step)
        page = walker.start()
        page.goto(f"{network.origin}/households/{door}/visit")
        found = kept(page, note)
        assert found["draft"] or found["entries"] == 1, (step, found)
        assert found["entries"] == 1 or not was_told, (step, found)
        if found["draft"]:
            page.wait_for_function(HAS_DRAFT, arg=note)
            save(page)
            page.wait_for_selector("section.saved")
        assert kept(page, note)["entries"] == 1, step

    network.fails.pop("/sync")
    page.goto(f"{network.origin}/today")
    until_pill(page, "已同步")
    assert notes_on(server) == {f"停在 {step}": 1 for step in SAVING}


def test_a_browser_killed_while_it_syncs_sends_once_and_forgets_nothing(
    walker, server, network, stops, door
):
    page = walker.start()

    for step in SYNCING:
        note = f"停在 {step or 'answer'}"
        network.fails["/sync"] = "down"
        fill(page, network.origin, door, note)
        save(page)
        page.wait_for_selector("section.saved")
        if step:
            network.fails.pop("/sync")
            stops.arm(step)
        else:
            stops.arm_answer()
        page.evaluate(
            "navigator.serviceWorker.controller.postMessage({type: 'sync', why: 'quiet'})"
        )
        assert stops.reached.wait(10), step
        walker.kill()
        stops.disarm(step)
        network.fails.pop("/sync", None)
        page = walker.start()
        page.goto(f"{network.origin}/today")
        until_pill(page, "已同步")
        found = kept(page, note)
        assert (found["entries"], found["waiting"]) == (1, 0), (step, found)
        assert notes_on(server)[note] == 1, step

    assert set(notes_on(server).values()) == {1}


def test_a_phone_sends_again_what_the_end_of_a_damaged_log_held(page, network, server, door):
    until_pill(page, "已同步")
    log = server.folder / "jinlin.db-wal"
    signed_in = log.stat().st_size
    made = [visit(page, network.origin, door) for _ in range(3)]
    until_pill(page, "已同步")
    assert set(made) <= set(visits_on(server))

    server.kill()
    os.truncate(log, signed_in)
    server.start()
    assert not set(made) & set(visits_on(server))
    page.goto(f"{network.origin}/outbox")

    end = time.monotonic() + 20
    while not set(made) <= set(visits_on(server)):
        assert time.monotonic() < end
        page.evaluate(SYNC)
        page.wait_for_timeout(300)
    assert len(visits_on(server)) == 3
