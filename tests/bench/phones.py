"""A phone of the bench: started, signed in, and what its own clock says about it."""

import json
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from typing import Any

from tests.browser.rig import Chromium
from tests.browser.walking import until
from tests.find_browser import find_browser
from tests.server.town import PASSWORD

# When the document of this page was whole, and when something of it was seen.
TIMING = """async () => {
    const seen = () => performance.getEntriesByName("first-contentful-paint")[0];
    for (let i = 0; i < 100 && !seen(); i += 1) await new Promise((go) => setTimeout(go, 20));
    const [page] = performance.getEntriesByType("navigation");
    return [page.responseEnd, (seen() || { startTime: -1 }).startTime, page.workerStart > 0];
}"""
# From the tap on Save until the page shows it as saved.
SAVE = """() => new Promise((done) => {
    document.querySelector("input[name=result][value=met]").click();
    const began = performance.now();
    const isThere = () => document.querySelector("section.saved");
    const look = () => isThere() && done(performance.now() - began);
    new MutationObserver(look).observe(document, { childList: true, subtree: true });
    document.querySelector("#visit form button.button--main").click();
})"""
# From the moment the pause after the last letter is over until the doors stand on the page.
SEARCH = """(words) => new Promise((done) => {
    const input = document.getElementById("q");
    let began = 0;
    document.addEventListener("htmx:before:request", () => (began = performance.now()));
    document.addEventListener("htmx:after:swap", () => done(performance.now() - began));
    input.value = words;
    input.dispatchEvent(new Event("input", { bubbles: true }));
})"""
SYNC = """() => new Promise(async (done) => {
    const began = performance.now();
    await (await fetch("/outbox/sync", { method: "POST" })).text();
    done(performance.now() - began);
})"""
# Work for the outbox, as forms would make it, without the pages.
RECORD = """async ([door, count]) => {
    const outbox = await import("/phone/outbox.js");
    const { person } = await (await fetch("/api/session")).json();
    const data = { household_id: door, type: "routine", method: "door", result: "met" };
    const asked = { kind: "visit.record", data: { ...data, resident_ids: [] } };
    for (let n = 0; n < count; n += 1) await outbox.record(person.id, asked);
}"""
# Until nothing waits: another sync may be on its way, and one that is asked for comes after it.
SYNC_ALL = """async () => {
    const outbox = await import("/phone/outbox.js");
    const { person } = await (await fetch("/api/session")).json();
    const began = performance.now();
    while ((await outbox.count(person.id)) > 0) {
        await (await fetch("/outbox/sync", { method: "POST" })).text();
    }
    return performance.now() - began;
}"""
INSTALLED = """async () => {
    const { controller } = navigator.serviceWorker;
    return Boolean(controller) && controller.state === "activated";
}"""
COMPLETE = """async () => (await (await fetch("/outbox")).text()).includes("/outbox/export")"""
# How long a fixed piece of work takes, again and again. Its best without slowing is this machine
# alone; its mean with slowing is what the browser really gets.
WORK = """() => Array.from({ length: 60 }, () => {
    const began = performance.now();
    let sum = 0;
    for (let i = 0; i < 2e6; i += 1) sum = (sum * 31 + i) % 1000003;
    return performance.now() - began + sum * 0;
})"""


@contextmanager
def phone(playwright: Any, folder: Path) -> Iterator[tuple[Chromium, Any]]:
    running = Chromium(playwright, find_browser(), folder / "profile")
    try:
        page = running.start()
        page.set_default_timeout(120_000)
        yield running, page
    finally:
        running.kill()
        shutil.rmtree(folder / "profile", ignore_errors=True)


def sign_in(page: Any, origin: str, who: str, *, wait: bool = True) -> tuple[float, float]:
    """Seconds from the tap on sign-in until the worker is there, and from then until it has all."""
    page.goto(f"{origin}/signin")
    page.fill("#username", who)
    page.fill("#password", PASSWORD)
    began = time.monotonic()
    page.click("form button.button--main", no_wait_after=True)
    page.wait_for_selector("#pill")
    until(page, INSTALLED, 180)
    installed = time.monotonic()
    if wait:
        until(page, COMPLETE, 180)
    return installed - began, time.monotonic() - installed


def shown(page: Any, url: str) -> tuple[float, float]:
    """Milliseconds until the document was whole, and until something was seen."""
    page.goto(url, wait_until="load")
    whole, seen, _ = page.evaluate(TIMING)
    return whole, seen


def heap_of_worker(context: Any, origin: str) -> float:
    """Bytes that the service worker holds after a collection: all records are in there."""
    session = context.browser.new_browser_cdp_session()
    targets = session.send("Target.getTargets")["targetInfos"]
    worker = next(one for one in targets if one["type"] == "service_worker")
    attached = session.send("Target.attachToTarget", {"targetId": worker["targetId"]})
    heard: list[dict[str, Any]] = []

    def hear(said: dict[str, Any]) -> None:
        heard.append(said)

    session.on("Target.receivedMessageFromTarget", hear)
    for number, method in enumerate(("HeapProfiler.collectGarbage", "Runtime.getHeapUsage"), 1):
        session.send(
            "Target.sendMessageToTarget",
            {
                "sessionId": attached["sessionId"],
                "message": json.dumps({"id": number, "method": method}),
            },
        )
    while True:
        for said in heard:
            answer = json.loads(said["message"])
            if answer.get("id") == 2:
                used: float = answer["result"]["usedSize"]
                return used
        context.pages[0].wait_for_timeout(50)


def save(page: Any, origin: str, door: str) -> float:
    page.goto(f"{origin}/households/{door}/visit")
    page.wait_for_timeout(2000)  # nobody is quicker, and the last visit is sent by then
    took: float = page.evaluate(SAVE)
    return took


def line(name: str, **figures: str) -> None:
    print(
        f"  {name:<14}" + " · ".join(f"{key.replace('_', ' ')} {v}" for key, v in figures.items())
    )


def ms(found: list[float]) -> str:
    """The best and the middle: on a busy machine the best says more about the program."""
    return f"{min(found):.0f}–{median(found):.0f} ms"
