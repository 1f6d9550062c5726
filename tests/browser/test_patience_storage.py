"""Storage that is cleared, refused or full, and unsent work that grows old (F6)."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from tests.browser.lent import Lent, enter
from tests.browser.rig import Network
from tests.browser.walking import choose, sign_in, until, until_pill, visit, visits_on
from tests.server import town

PERSON = town.ident("person", "worker1")
# What the browser does when it throws away what a site stored: everything but the cookies.
EMPTY = """async () => {
    for (const one of await navigator.serviceWorker.getRegistrations()) await one.unregister();
    for (const name of await caches.keys()) await caches.delete(name);
    const all = await indexedDB.databases();
    await Promise.all(all.map(({ name }) => new Promise((resolve) => {
        const deleting = indexedDB.deleteDatabase(name);
        deleting.onsuccess = deleting.onerror = deleting.onblocked = resolve;
    })));
}"""
OLD_VISIT = """async ([id, door, hours]) => {
    const outbox = await import("/phone/outbox.js");
    const routine = { type: "routine", method: "door", result: "met", resident_ids: [] };
    const data = { household_id: door, ...routine };
    const made_at = Date.now() - hours * 3600 * 1000;
    return (await outbox.record(id, { kind: "visit.record", data }, made_at)).id;
}"""
WARNED = """() => {
    const box = document.getElementById("warnings");
    return Boolean(box) && box.innerText.includes("WORD");
}"""
USAGE = "async () => (await navigator.storage.estimate()).usage"
LONG = "停电了，摸黑爬上来的。" * 90


# Chromium tells every site the same quota and fills no disk on demand: the worker's storage is told
# how much there is, and refuses what a full one refuses.
SMALL = b"""
let size = 0;
const { estimate } = StorageManager.prototype;
StorageManager.prototype.estimate = async function () {
  const found = await estimate.call(this);
  return size > 0 ? { ...found, quota: size } : found;
};
const { add } = IDBObjectStore.prototype;
IDBObjectStore.prototype.add = function (...given) {
  if (size === 1) throw new DOMException("the disk is full", "QuotaExceededError");
  return add.apply(this, given);
};
self.addEventListener("message", ({ data, ports: [port] }) => {
  if (data.type !== "test-storage") return;
  size = data.size;
  port.postMessage(size);
});
"""
LIMIT = """(size) => new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => resolve();
    navigator.serviceWorker.controller.postMessage({ type: "test-storage", size }, [port2]);
})"""


def limit(page: Page, size: int) -> None:
    """Only so many bytes for the worker; 1 is a full disk, 0 is what the browser gives."""
    page.evaluate(LIMIT, size)


@pytest.fixture(scope="module")
def lent(browser: Browser) -> Iterator[Lent]:
    """A phone whose worker can be told how much room there is."""
    made = Lent(browser, lambda path, body: body + SMALL if path == "/sw.js" else body)
    yield made
    made.throw_away()


def test_f06_cleared_storage_is_noticed_at_the_next_start_and_shown(
    context: BrowserContext, network: Network, door: str
) -> None:
    page = enter(context, network.origin, "worker1")
    visit(page, network.origin, door)
    until_pill(page, "已同步")
    page.goto(f"{network.origin}/up")
    page.evaluate(EMPTY)

    page.goto(f"{network.origin}/today")
    until_pill(page, "需要登录")

    sign_in(page, network.origin, "worker1")
    again = visit(page, network.origin, door)
    until_pill(page, "已同步")
    assert again in visits_on(network.server) and len(visits_on(network.server)) == 2


def test_f06_whether_storage_is_kept_for_good_is_asked_and_shown(
    browser: Browser, context: BrowserContext, network: Network
) -> None:
    page = enter(context, network.origin, "worker1")
    page.goto(f"{network.origin}/me")
    assert "系统没有同意" in page.inner_text("main")

    about = context.new_cdp_session(page).send("Target.getTargetInfo")["targetInfo"]
    of = {"origin": network.origin, "browserContextId": about["browserContextId"]}
    asked = {"permissions": ["durableStorage"], **of}
    browser.new_browser_cdp_session().send("Browser.grantPermissions", asked)
    # Nobody taps anything: each page that opens asks again.
    page.goto(f"{network.origin}/today")
    until(page, "() => navigator.storage.persisted()")
    page.goto(f"{network.origin}/me")
    assert "系统已同意" in page.inner_text("main")


def test_f06_work_that_waits_for_more_than_a_day_is_warned_of(
    page: Page, network: Network, door: str
) -> None:
    network.fails["/sync"] = "down"
    page.evaluate(OLD_VISIT, [PERSON, door, 23])
    page.goto(f"{network.origin}/today")
    until_pill(page, "离线 · 1 条")
    assert "超过 24 小时" not in page.inner_text("body")

    page.evaluate(OLD_VISIT, [PERSON, door, 25])
    page.goto(f"{network.origin}/today")
    until(page, WARNED.replace("WORD", "有 1 条超过 24 小时没发出"))
    page.goto(f"{network.origin}/outbox")
    assert "有 1 条超过 24 小时没发出" in page.inner_text("main")


def test_f06_a_phone_that_is_nearly_full_is_warned_of(page: Page, network: Network) -> None:
    usage = page.evaluate(USAGE)
    limit(page, int(usage / 0.85))

    page.goto(f"{network.origin}/today")
    until(page, WARNED.replace("WORD", "手机快满了"))

    limit(page, usage * 3)
    page.goto(f"{network.origin}/today")
    until(page, f"() => !({WARNED.replace('WORD', '手机快满了')})()")


def test_f06_a_full_phone_says_so_and_keeps_the_form_and_the_draft(
    page: Page, network: Network, door: str
) -> None:
    network.fails["/sync"] = "down"
    page.goto(f"{network.origin}/households/{door}/visit")
    choose(page, "result", "met")
    page.fill("textarea[name=note]", LONG)
    page.wait_for_timeout(500)  # the draft is written a moment after the last key
    limit(page, 1)
    page.click("#visit form button.button--main")

    page.wait_for_selector("#notice #refusal")
    assert "手机存满了，这一条没有保存" in page.inner_text("#notice")
    assert page.input_value("textarea[name=note]") == LONG
    assert page.locator("section.saved").count() == 0

    limit(page, 0)
    page.reload()
    until(page, f"() => document.querySelector('textarea[name=note]').value.length === {len(LONG)}")
    page.click("#visit form button.button--main")
    page.wait_for_selector("section.saved")
    network.fails.clear()
    page.goto(f"{network.origin}/today")
    until_pill(page, "已同步")
    assert len(visits_on(network.server)) == 1
