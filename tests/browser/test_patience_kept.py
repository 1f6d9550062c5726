"""What sleeps under the app, and who shares the phone."""

from playwright.sync_api import Page

from tests.browser.rig import Network
from tests.browser.walking import building_of, sign_in, until_pill, visit, visits_on
from tests.server import town

PERSON = town.ident("person", "worker1")
# Every connection that is opened from now on, to be broken later as a sleeping phone does it.
CATCH = """() => {
    window.links = [];
    const { open } = IDBFactory.prototype;
    IDBFactory.prototype.open = function (...given) {
        const opening = open.apply(this, given);
        opening.addEventListener("success", () => links.push(opening.result));
        return opening;
    };
}"""
ENGINE = """async () => {
    window.outbox = await import("/phone/outbox.js");
    window.record = (door) => {
        const routine = { type: "routine", method: "door", result: "met", resident_ids: [] };
        const data = { household_id: door, ...routine };
        return outbox.record("PERSON", { kind: "visit.record", data });
    };
}""".replace("PERSON", PERSON)
CLOSED = "() => links.splice(0).forEach((one) => one.close())"
# Safari's words for a connection that its storage process dropped.
LOST = """() => {
    const { transaction } = IDBDatabase.prototype;
    let isLost = true;
    IDBDatabase.prototype.transaction = function (...given) {
        if (!isLost) return transaction.apply(this, given);
        isLost = false;
        const said = "Connection to Indexed Database server lost. Refresh the page to try again";
        throw new DOMException(said, "UnknownError");
    };
}"""
# Somebody else upgrades: the connection gets a versionchange and must let go.
CHANGED = """(id) => new Promise((resolve, reject) => {
    const opening = indexedDB.open(`jinlin-${id}`, 1000);
    opening.onblocked = () => reject(new Error("blocked"));
    opening.onerror = () => reject(opening.error);
    opening.onsuccess = () => {
        opening.result.close();
        resolve();
    };
})"""


def test_a_connection_that_is_gone_is_opened_anew_and_the_save_is_kept(
    page: Page, network: Network, door: str
) -> None:
    network.fails["/sync"] = "down"
    page.goto(f"{network.origin}/up")
    page.evaluate(CATCH)
    page.evaluate(ENGINE)

    made = [page.evaluate("(door) => record(door)", door)]
    for broken in (CLOSED, LOST, CHANGED):
        page.evaluate(broken, PERSON)
        made.append(page.evaluate("(door) => record(door)", door))

    assert [one["n"] for one in made] == [1, 2, 3, 4]
    network.fails.clear()
    page.goto(f"{network.origin}/today")
    until_pill(page, "已同步")
    assert sorted(visits_on(network.server)) == [one["id"] for one in made]


def test_a_shared_phone_shows_nothing_of_whoever_had_it_before(
    door: str, page: Page, network: Network
) -> None:
    building = building_of(network.server, door)
    made = visit(page, network.origin, door, note="只给自己看的")
    until_pill(page, "已同步")
    page.goto(f"{network.origin}/households/{door}/visit")
    page.fill("textarea[name=note]", "半句也是自己的")
    page.wait_for_timeout(400)
    page.goto(f"{network.origin}/me")
    page.click("form[action='/signout'] button")
    page.wait_for_url("**/signin*")
    sign_in(page, network.origin, "worker2")

    for path in ("/today", "/buildings", "/search?q=黄", "/outbox", "/me"):
        page.goto(f"{network.origin}{path}")
        assert mine(page) == [], path
    for path in (f"/buildings/{building}", f"/households/{door}", f"/households/{door}/visit"):
        page.goto(f"{network.origin}{path}")
        assert mine(page) == [], path
    page.goto(f"{network.origin}/visits/{made}/correction")
    assert mine(page) == []


def mine(page: Page) -> list[str]:
    """Words on the page that belong to the other worker."""
    text = page.inner_text("body") + "".join(
        page.eval_on_selector_all("textarea", "all => all.map((one) => one.value)")
    )
    words = ("黄秀珍", "梁建国", "只给自己看的", "半句也是自己的", "红棉苑", "周晓岚")
    return [word for word in words if word in text]
