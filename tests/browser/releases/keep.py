"""Keeps what a phone of this release holds, for later releases to take over.

    python -m tests.browser.releases.keep VERSION

Run before a release is made. In a real browser a worker makes five operations with a network and
fifty without one, the first of them with a photo. Kept are `VERSION/phone.json`, every database of
the phone, and `VERSION/town.db.gz`, the server that waits for it. test_patience_update.py gives
both to the release at hand.
"""

import argparse
import gzip
import json
import shutil
import sqlite3
import tempfile
from pathlib import Path
from typing import Any

from playwright.sync_api import sync_playwright

from tests.browser.rig import FLAGS, Server
from tests.browser.walking import doors, sign_in, until, until_pill
from tests.find_browser import find_browser
from tests.server import town

HERE = Path(__file__).parent
USERNAME = "chief"
QUEUED = 50

# Sends the form of a page as a person would who fills in `values`; the worker keeps it.
SEND = """async ([path, selector, values]) => {
    const page = new DOMParser().parseFromString(await (await fetch(path)).text(), "text/html");
    const form = page.querySelector(selector);
    const fields = new URLSearchParams(new FormData(form));
    for (const [name, value] of Object.entries(values)) fields.set(name, value);
    const how = { method: "POST", headers: { "HX-Request": "true" }, body: fields };
    const sent = await fetch(form.getAttribute("action"), how);
    if (!sent.ok) throw new Error(`${sent.status} ${await sent.text()}`);
    return (/id="visit-([^"]+)"/.exec(await sent.text()) || [])[1] || "";
}"""
# Takes a photo in the form of a door, as the page does; the form holds it until it is saved.
TAKE = """async (form) => {
    const canvas = new OffscreenCanvas(320, 240);
    const pen = canvas.getContext("2d");
    for (let x = 0; x < 320; x += 8) {
        pen.fillStyle = `hsl(${x * 7} 90% 50%)`;
        pen.fillRect(x, (x * 5) % 200, 24, 40);
    }
    const body = await canvas.convertToBlob({ type: "image/jpeg" });
    const init = { method: "POST", headers: { "Content-Type": body.type }, body };
    const kept = await fetch(`/media/kept?form=${form}&width=320&height=240`, init);
    return (await kept.text()).includes('name="media"');
}"""
# Bytes become { $bytes, $type }, in Base64; `type` is "" for bytes that are no file.
DUMP = """async () => {
    const coded = async (value) => {
        if (value instanceof Blob || value instanceof ArrayBuffer || ArrayBuffer.isView(value)) {
            const bytes = new Uint8Array(await new Response(value).arrayBuffer());
            const text = btoa(Array.from(bytes, (one) => String.fromCharCode(one)).join(""));
            return { $bytes: text, $type: value instanceof Blob ? value.type : "" };
        }
        if (Array.isArray(value)) return Promise.all(value.map(coded));
        if (value === null || typeof value !== "object") return value;
        const entries = Object.entries(value).filter(([, one]) => one !== undefined);
        const each = entries.map(async ([name, one]) => [name, await coded(one)]);
        return Object.fromEntries(await Promise.all(each));
    };
    const done = (asked) => new Promise((resolve, reject) => {
        asked.onsuccess = () => resolve(asked.result);
        asked.onerror = () => reject(asked.error);
    });
    const kept = [];
    for (const { name } of await indexedDB.databases()) {
        const db = await done(indexedDB.open(name));
        const stores = [];
        for (const each of db.objectStoreNames) {
            const store = db.transaction(each).objectStore(each);
            const indexes = [...store.indexNames].map((one) => {
                const { name, keyPath, unique, multiEntry } = store.index(one);
                return { name, keyPath, unique, multiEntry };
            });
            const { keyPath, autoIncrement } = store;
            const asked = [done(store.getAllKeys()), done(store.getAll())];
            const [keys, values] = await Promise.all(asked);
            stores.push({ name: each, keyPath, autoIncrement, indexes, keys, values });
        }
        kept.push({ name, version: db.version, stores });
        db.close();
    }
    return coded(kept.sort((one, other) => (one.name < other.name ? -1 : 1)));
}"""


def keep(version: str) -> Path:
    """Make the two files of a release; the folder they are in."""
    folder = HERE / version
    with tempfile.TemporaryDirectory() as made, sync_playwright() as playwright:
        place = Path(made)
        server = Server(town.make(place), place / "served").start()
        browser = playwright.chromium.launch(executable_path=find_browser(), args=FLAGS)
        page = browser.new_context(timezone_id="Asia/Shanghai", locale="zh-CN").new_page()
        try:
            sign_in(page, server.origin, USERNAME)
            known = [household for _building, household in doors(page, server.origin)]
            for household in (known * 2)[:5]:
                visit(page, household, "met", "发出去过的")
            until_pill(page, "已同步")
            server.stop()
            assert page.evaluate(TAKE, f"visit-{known[0]}")
            queue(page, known)
            until(page, "() => document.getElementById('pill').innerText.includes('51 条')")
            phone = page.evaluate(DUMP)
        finally:
            browser.close()
            server.stop()
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "phone.json").write_text(
            json.dumps(phone, ensure_ascii=False, indent=1) + "\n", "utf-8"
        )
        compress(place / "served" / "jinlin.db", folder / "town.db.gz")
    return folder


def queue(page: Any, known: list[str]) -> None:
    """Fifty operations of every kind that a worker makes."""
    results = ["met", "not_home", "refused", "met_family", "phone_ok"]
    made = [
        visit(page, known[at % len(known)], results[at % len(results)], f"没有网络的第 {at + 1} 条")
        for at in range(QUEUED - 10)
    ]
    form = "form[action$='/corrections']"
    given = {"note": "改过的", "reason": "记错"}
    for one in made[:4]:
        page.evaluate(SEND, [f"/visits/{one}/correction", form, given])
    for at in range(QUEUED - 13, QUEUED - 10):
        form = f"form[action='/visits/{made[at]}/withdrawals']"
        page.evaluate(SEND, [f"/households/{known[at % len(known)]}", form, {}])
    for at, household in enumerate(known[:2]):
        form = "form[action$='/contacts']"
        given = {"name": "邻居", "relation": "neighbour", "phone": f"1390000000{at}"}
        page.evaluate(SEND, [f"/households/{household}/contact", form, given])
    page.evaluate(SEND, ["/feedback", "form[action='/feedback']", {"text": "字再大一点"}])


def visit(page: Any, household: str, result: str, note: str) -> str:
    values = {"result": result, "note": note}
    form = "#visit form"
    made: str = page.evaluate(SEND, [f"/households/{household}/visit", form, values])
    return made


def compress(database: Path, kept: Path) -> None:
    with sqlite3.connect(database) as db:
        db.execute("pragma wal_checkpoint(truncate)")
    db.close()
    with database.open("rb") as plain, gzip.GzipFile(kept, "wb", mtime=0) as packed:
        shutil.copyfileobj(plain, packed)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("version")
    print(keep(parser.parse_args().version))
