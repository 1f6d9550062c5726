"""What network and server do to single items, seen from the phone and its page 待同步."""

import json
import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from http.client import HTTPConnection
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page

from tests.browser.rig import Server
from tests.browser.serve_breaking import WORD, serve_breaking
from tests.browser.test_engine import ENGINE, Phone
from tests.browser.walking import choose, pill, sign_in, until_pill
from tests.faults import NAMES, FaultProxy, Plan, When
from tests.server import town

ARRIVE_S = 30
LONG_NOTE = "很" * 1001  # one character more than the rules take
HURRY = """() => {
    const wait = window.setTimeout;
    window.setTimeout = (work, ms = 0, ...more) => wait(work, ms > 999 ? ms / 20 : ms, ...more);
}"""
NO_LOCKS = "Object.defineProperty(navigator, 'locks', { value: undefined });"
# Fifty visits of the person whose page this is; `third` goes into the third.
FIFTY = """async ([door, third]) => {
    const outbox = await import("/phone/outbox.js");
    const person = await (await import("/phone/identity.js")).current();
    const made = [];
    for (let n = 1; n <= 50; n += 1) {
        const said = n === 3 ? third : { note: `第 ${n} 次` };
        const data = { type: "routine", method: "door", result: "met", resident_ids: [],
            household_id: door, ...said };
        made.push((await outbox.record(person.id, { kind: "visit.record", data })).id);
    }
    return made;
}"""
SYNC_PAGE = "async () => { await fetch('/outbox/sync', { method: 'POST' }); }"
EXPORTED = """async () => {
    const file = await (await fetch("/outbox/export", { method: "POST" })).json();
    return file.operations.map((text) => JSON.parse(text).id);
}"""


@pytest.fixture
def proxy(server: Server) -> Iterator[FaultProxy]:
    with FaultProxy(server.origin, longest_s=0.1) as running:
        yield running


@pytest.fixture
def phone(context: BrowserContext, proxy: FaultProxy) -> Phone:
    return Phone(context.new_page(), proxy.origin, "worker1")


def rows(server: Server, sql: str, *values: Any) -> list[Any]:
    path = f"file:{server.folder}/jinlin.db?mode=ro"
    with closing(sqlite3.connect(path, uri=True)) as db:
        return db.execute(sql, values).fetchall()


def visit_ids(server: Server) -> list[str]:
    return [ident for (ident,) in rows(server, "select id from visit order by id")]


def test_f02_whatever_comes_back_an_item_stays_or_is_kept_by_the_office(phone, proxy, server):
    phone.sync()
    phone.page.evaluate(HURRY)
    door, made, refused = phone.doors()[0], [], []
    for fault in NAMES:
        new = phone.visits(door, 2)
        wrong = phone.record("contact.change", {"id": door, "changes": {"phone": "123"}})
        proxy.plan = Plan(1, {fault: 1.0}, path="/sync")

        phone.sync()
        state = phone.pill()

        there = {ident for (ident,) in rows(server, "select id from operation")}
        here = {one["id"]: one for one in phone.operations()}
        for ident in [*new, wrong]:
            assert "waiting" in here[ident] or ident in there, fault
            assert ("receipt" in here[ident]) != ("waiting" in here[ident]), fault
        waits = sum("waiting" in one for one in here.values())
        assert state["count"] == waits and (state["state"] != "synced" or waits == 0), fault

        proxy.heal()
        phone.page.evaluate(SIGNED_IN)
        phone.sync()
        assert phone.pill() == {"state": "synced", "count": 0}, fault
        made += new
        refused.append(wrong)

    assert visit_ids(server) == sorted(made)
    kept = rows(
        server,
        "select key, person_id, code, sentence, received_at, body from quarantine order by key",
    )
    assert [row[0] for row in kept] == sorted(refused)
    for ident, person, code, sentence, received_at, body in kept:
        assert person == phone.person["id"] and code and sentence and received_at
        assert json.loads(body)["id"] == ident
    assert {one.fault for one in proxy.log} == {"", *NAMES}


# An answered 401 is remembered until the server was asked who is signed in (talk.js does that).
SIGNED_IN = "async () => (await import('/phone/standing.js')).note(person.id, { auth: '' })"


def test_f04_one_item_five_times_at_once_and_again_is_one_row_and_one_receipt(phone, proxy, server):
    phone.sync()
    door = phone.doors()[0]
    [made] = phone.visits(door)
    [text] = [one["text"] for one in phone.operations()]
    cookies = "; ".join(
        f"{one['name']}={one['value']}" for one in phone.page.context.cookies(proxy.origin)
    )
    body = f'{{"protocol":1,"cursors":{{}},"limit":0,"ops":[{text}]}}'
    answers: list[Any] = []

    def push() -> None:
        with closing(HTTPConnection("127.0.0.1", proxy.port, timeout=20)) as link:
            link.request("POST", "/sync", body.encode(), {"Cookie": cookies})
            answers.append(json.loads(link.getresponse().read()))

    five = [threading.Thread(target=push) for _ in range(5)]
    for one in five:
        one.start()
    for one in five:
        one.join()
    proxy.plan = Plan(1, {"cut_answer": 1.0}, path="/sync")
    phone.sync()
    assert phone.pill()["count"] == 1
    proxy.heal()
    phone.sync()
    push()

    receipts = [one for answer in answers for one in answer["receipts"]]
    assert len(receipts) == 6 and {one["id"] for one in receipts} == {made}
    assert sorted(one["outcome"] for one in receipts) == ["accepted", *["duplicate"] * 5]
    assert {one.get("first", "accepted") for one in receipts} == {"accepted"}
    assert len({json.dumps(one["seq"], sort_keys=True) for one in receipts}) == 1
    assert phone.operations()[0]["receipt"]["outcome"] == "accepted"
    assert visit_ids(server) == [made]
    assert rows(server, "select count(*) from operation where id = ?", made) == [(1,)]


def test_f04_two_tabs_without_locks_that_save_and_sync_at_once_make_each_row_once(
    context, proxy, server
):
    context.add_init_script(NO_LOCKS)
    one = Phone(context.new_page(), proxy.origin, "worker1")
    one.sync()
    other = context.new_page()
    other.goto(f"{proxy.origin}/up")
    other.evaluate("(person) => { window.person = person; }", one.person)
    other.evaluate(ENGINE)
    door = one.doors()[0]
    proxy.plan = Plan(4, {"duplicate": 0.3, "drop_after": 0.2, "delay": 0.3}, path="/sync")
    busy = """(door) => { window.busy = (async () => {
        const made = [];
        const data = { type: "routine", method: "door", result: "met", resident_ids: [],
            household_id: door };
        for (let n = 0; n < 8; n += 1) {
            made.push((await outbox.record(person.id, { kind: "visit.record", data })).id);
            await Promise.all([sync(), sync()]);
        }
        return made;
    })(); }"""
    pages: list[Page] = [one.page, other]
    for page in pages:
        page.evaluate(busy, door)
    made = [ident for page in pages for ident in page.evaluate("() => window.busy")]
    proxy.heal()
    one.sync()

    assert [entry["n"] for entry in one.operations()] == list(range(1, 17))
    assert one.pill() == {"state": "synced", "count": 0}
    assert visit_ids(server) == sorted(made) and len(set(made)) == 16
    assert rows(server, "select outcome, count(*) from operation where kind = 'visit.record'"
                " group by 1") == [("accepted", 16)]  # fmt: skip


def test_f05_an_invalid_third_of_fifty_shows_its_reason_and_is_sent_again_corrected(
    context, proxy, server
):
    page, door = signed_in(context, proxy)
    made = page.evaluate(FIFTY, [door, {"note": LONG_NOTE}])

    page.evaluate(SYNC_PAGE)

    shows_alone(page, proxy, server, made)
    page.click(f"#queued-{made[2]} a:has-text('改好再发')")
    choose(page, "result", "met")
    page.fill("textarea[name=note]", "短一点")
    page.click("#visit form button.button--main")
    page.wait_for_selector("section.saved li[id^=visit-]")
    page.goto(f"{proxy.origin}/outbox")
    until_pill(page, "已同步")
    page.goto(f"{proxy.origin}/outbox")

    assert page.locator(f"#queued-{made[2]}").count() == 0
    assert len(visit_ids(server)) == 50
    assert rows(server, "select state from quarantine where key = ?", made[2]) != [("waiting",)]


def test_f05_a_third_of_fifty_that_breaks_a_rule_shows_a_reason_alone(context, made_town, tmp_path):
    server = Breaking(made_town, tmp_path / "data").start()
    try:
        with FaultProxy(server.origin) as proxy:
            page, door = signed_in(context, proxy)
            made = page.evaluate(FIFTY, [door, {"note": WORD}])

            page.evaluate(SYNC_PAGE)

            shows_alone(page, proxy, server, made)
            [(code,)] = rows(server, "select code from quarantine where key = ?", made[2])
            assert code == "operation.failed"
    finally:
        server.stop()


def test_f05_a_third_of_fifty_that_no_request_survives_stays_and_can_be_exported_alone(
    context, proxy, server
):
    page, door = signed_in(context, proxy)
    proxy.plan = When(lambda asked: "status_500" if "毒".encode() in asked.body else "")
    made = page.evaluate(FIFTY, [door, {"note": "毒"}])

    page.evaluate(SYNC_PAGE)

    arrive(page, server, [*made[:2], *made[3:]])
    until_pill_of(page, proxy, "1 条")
    assert page.locator("[id^=queued-]").count() == 1
    assert "服务器没有应" in page.inner_text("main")
    assert page.evaluate(EXPORTED) == [made[2]]

    proxy.heal()
    page.evaluate(SYNC_PAGE)
    arrive(page, server, made)


def arrive(page: Page, server: Server, made: list[str]) -> None:
    """Wait until these are the visits of the server; the worker may be at it already."""
    end = time.monotonic() + ARRIVE_S
    while visit_ids(server) != sorted(made):
        assert time.monotonic() < end, f"{len(visit_ids(server))} of {len(made)} arrived"
        page.wait_for_timeout(100)


def until_pill_of(page: Page, proxy: FaultProxy, word: str) -> None:
    """Show 待同步 once its pill says this."""
    end = time.monotonic() + ARRIVE_S
    while page.goto(f"{proxy.origin}/outbox") and word not in pill(page):
        assert time.monotonic() < end, pill(page)
        page.wait_for_timeout(100)


def signed_in(context: BrowserContext, proxy: FaultProxy) -> tuple[Page, str]:
    """A page of worker1 whose phone draws by itself, and a door of hers."""
    page = context.new_page()
    sign_in(page, proxy.origin, "worker1")
    page.goto(f"{proxy.origin}/today")
    doors = """async () => {
        const replica = await import("/phone/replica.js");
        const person = await (await import("/phone/identity.js")).current();
        return (await replica.snapshot(person.id)).shelf.all("household").map(({ id }) => id);
    }"""
    return page, page.evaluate(doors)[0]


def shows_alone(page: Page, proxy: FaultProxy, server: Server, made: list[str]) -> None:
    """The other 49 have arrived; the third stands on 待同步 with its reason, and in the file."""
    arrive(page, server, [*made[:2], *made[3:]])
    [(sentence, person, received_at, body)] = rows(
        server,
        "select sentence, person_id, received_at, body from quarantine where key = ?",
        made[2],
    )
    assert person == town.ident("person", "worker1") and received_at
    assert json.loads(body)["id"] == made[2]
    until_pill_of(page, proxy, "已同步")
    assert page.locator("[id^=queued-]").count() == 1
    assert sentence in page.inner_text(f"#queued-{made[2]}")
    assert page.evaluate(EXPORTED) == [made[2]]


class Breaking(Server):
    """A server one of whose rules breaks at a word in a note."""

    serve = staticmethod(serve_breaking)
