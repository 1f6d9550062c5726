"""The phone's outbox and sync against a real server, without its pages."""

import sqlite3
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page

from sync.digest import stream_digest
from tests.browser.rig import Network, Server
from tests.server import town

SIGN_IN = """async ([username, password]) => {
    const asked = { username, password, device_name: "测试" };
    const headers = { "Content-Type": "application/json" };
    const init = { method: "POST", headers, body: JSON.stringify(asked) };
    const answer = await (await fetch("/api/session", init)).json();
    window.person = { id: answer.person.id, device: answer.device };
    return (ENGINE)();
}"""
ENGINE = """async () => {
    window.outbox = await import("/phone/outbox.js");
    window.replica = await import("/phone/replica.js");
    window.standing = await import("/phone/standing.js");
    const { sync } = await import("/phone/sync.js");
    window.sync = () => sync(window.person, "test");
    return window.person;
}"""
SIGN_IN = SIGN_IN.replace("ENGINE", ENGINE)
SIGN_IN_AGAIN = """async ([username, password, device]) => {
    const headers = { "Content-Type": "application/json" };
    const body = JSON.stringify({ username, password, device });
    await fetch("/api/session", { method: "POST", headers, body });
}"""
VISIT = """async ([household_id, count]) => {
    const ROUTINE = { type: "routine", method: "door", result: "met", resident_ids: [] };
    const made = [];
    for (let n = 0; n < count; n += 1) {
        const data = { ...ROUTINE, household_id };
        made.push((await outbox.record(person.id, { kind: "visit.record", data })).id);
    }
    return made;
}"""
PILL = "async () => standing.pill(person.id, await standing.known(person.id))"


class Phone:
    """A page with the engine of the phone in it, signed in."""

    def __init__(self, page: Page, origin: str, username: str) -> None:
        self.page = page
        page.goto(f"{origin}/up")
        self.person = page.evaluate(SIGN_IN, [username, town.PASSWORD])

    def visits(self, household_id: str, count: int = 1) -> list[str]:
        made: list[str] = self.page.evaluate(VISIT, [household_id, count])
        return made

    def record(self, kind: str, data: Any, **more: Any) -> str:
        """The id of an operation, made without a form."""
        made: str = self.page.evaluate(
            "async (asked) => (await outbox.record(person.id, asked)).id",
            {"kind": kind, "data": data, **more},
        )
        return made

    def operations(self) -> Any:
        return self.page.evaluate(
            """async () => {
                const { read, personal } = await import("/phone/db.js");
                const every = (tx) => tx.objectStore("operations").getAll();
                return read(personal(person.id), ["operations"], every);
            }"""
        )

    def sync(self) -> Any:
        return self.page.evaluate("() => sync()")

    def pill(self) -> Any:
        return self.page.evaluate(PILL)

    def doors(self) -> list[str]:
        found: list[str] = self.page.evaluate(
            """async () => {
                const { shelf } = await replica.snapshot(person.id);
                return shelf.all("household").map(({ id }) => id);
            }"""
        )
        return found


@pytest.fixture
def phone(used: BrowserContext, network: Network) -> Phone:
    return Phone(used.new_page(), network.origin, "worker1")


def test_a_first_sync_brings_the_doors_of_this_person_only(phone):
    state = phone.sync()

    assert state["complete"] == 1 and state["error"] == ""
    assert len(phone.doors()) == 2
    assert phone.pill() == {"state": "synced", "count": 0}


def test_what_is_saved_shows_at_once_and_arrives_once(phone, network):
    phone.sync()
    network.fails["*"] = "down"
    door = phone.doors()[0]

    made = phone.visits(door, 3)
    state = phone.sync()

    assert state["error"] == "network"
    assert phone.pill() == {"state": "offline", "count": 3}
    shown = phone.page.evaluate(
        """async (door) => {
            const { shelf, waiting } = await replica.snapshot(person.id);
            const visits = shelf.of("visit", "household_id", door);
            return [visits.map(({ id }) => id), Object.keys(waiting)];
        }""",
        door,
    )
    assert shown == [made, made]

    network.fails.clear()
    phone.sync()

    assert phone.pill() == {"state": "synced", "count": 0}
    ledger = phone.page.evaluate(
        "async () => standing.ledger(person.id, await standing.known(person.id))"
    )
    assert (ledger["recorded"], ledger["received"], ledger["agrees"]) == (3, 3, 1)


def test_f4_a_lost_answer_makes_no_second_visit(phone, network):
    phone.sync()
    phone.visits(phone.doors()[0], 2)
    network.fails["/sync"] = "cut"
    phone.sync()
    assert phone.pill()["count"] == 2

    network.fails.clear()
    phone.sync()

    assert [one["receipt"]["outcome"] for one in phone.operations()] == ["accepted", "accepted"]
    assert phone.pill() == {"state": "synced", "count": 0}


def test_f4_two_tabs_that_record_and_sync_at_once_make_each_visit_once(phone, used, network):
    phone.sync()
    other = used.new_page()
    other.goto(f"{network.origin}/up")
    other.evaluate("(person) => { window.person = person; }", phone.person)
    other.evaluate(ENGINE)
    door = phone.doors()[0]

    start = f"([door, n]) => {{ window.made = ({VISIT})([door, n]).then(sync); }}"
    for page in (phone.page, other):
        page.evaluate(start, [door, 12])
    for page in (phone.page, other):
        page.evaluate("() => window.made")
    phone.sync()

    numbers = [one["n"] for one in phone.operations()]
    assert numbers == list(range(1, 25))
    assert {one["receipt"]["outcome"] for one in phone.operations()} == {"accepted"}
    assert phone.pill() == {"state": "synced", "count": 0}


def test_f5_one_item_that_breaks_the_server_does_not_stop_its_neighbours(phone, network):
    phone.sync()
    door = phone.doors()[0]
    made = phone.visits(door, 20)
    poison = made[2].encode()
    network.fails["/sync"] = lambda body: 500 if poison in body else ""

    phone.sync()

    left = [one["id"] for one in phone.operations() if "receipt" not in one]
    assert left == [made[2]]
    assert phone.pill() == {"state": "waiting", "count": 1}

    network.fails.clear()
    phone.sync()
    assert phone.pill() == {"state": "synced", "count": 0}


def test_a_batch_that_is_too_large_is_halved_until_it_passes(phone, network):
    phone.sync()
    phone.visits(phone.doors()[0], 30)
    network.fails["/sync"] = lambda body: 413 if body.count(b"visit.record") > 8 else ""

    phone.sync()

    assert phone.pill() == {"state": "synced", "count": 0}


def test_f9_a_gateway_without_a_server_is_asked_once_and_with_everything(phone, network):
    """Half a batch would reach nobody either: the backoff doubles, and then all goes at once."""
    phone.sync()
    for status in (502, 503, 504):
        phone.visits(phone.doors()[0], 20)
        network.fails["/sync"] = status
        before, waits = network.seen.count("POST /sync"), []

        for _ in range(10):
            state = phone.sync()
            waits.append(state["next_at"] - phone.page.evaluate("Date.now()"))

        assert network.seen.count("POST /sync") - before == 10, status
        assert 1_000 < waits[0] < 2_500 and 230_000 < waits[-1] <= 360_000, status
        network.fails.clear()
        phone.sync()
        assert network.seen.count("POST /sync") - before == 11, status
        assert phone.pill() == {"state": "synced", "count": 0}, status


SLOW_CUT = """async (count) => {
    const [real, now] = [window.fetch, Date.now];
    const sizes = [];
    window.fetch = async (url, init) => {
        const { ops } = JSON.parse(init.body);
        sizes.push(ops.length);
        if (ops.length <= count) return real(url, init);
        Date.now = () => now() + 3_000 * sizes.length;
        throw new TypeError("network");
    };
    while (await outbox.count(person.id)) await sync();
    [window.fetch, Date.now] = [real, now];
    return sizes;
}"""


def test_a_batch_that_is_cut_while_it_goes_out_is_half_as_large_the_next_time(phone):
    phone.sync()
    phone.visits(phone.doors()[0], 20)

    sizes = phone.page.evaluate(SLOW_CUT, 6)

    assert sizes[:4] == [20, 10, 5, 10]
    assert phone.pill() == {"state": "synced", "count": 0}


ASKED = """async ([status, said, body]) => {
    const { exchange } = await import("/phone/roundtrip.js");
    const headers = { "Retry-After": said.startsWith("+") ? inSeconds(Number(said)) : said };
    window.fetch = async () => new Response(body, { status, headers });
    const { kind, code, retry_ms } = await exchange({}, []);
    return [kind, code, Math.round(retry_ms / 10_000) * 10];
    function inSeconds(count) {
        return new Date(Date.now() + count * 1000).toUTCString();
    }
}"""
FULL_DISK = '{"code":"storage.unavailable","message":""}'


LEFT_ALONE: list[tuple[list[Any], list[Any]]] = [
    ([503, "60", FULL_DISK], ["busy", "storage.unavailable", 60]),
    ([503, "60", "trouble"], ["away", "http.503", 60]),
    ([503, "+120", "trouble"], ["away", "http.503", 120]),
    ([503, "+86400", "trouble"], ["away", "http.503", 300]),
    ([503, "-60", "trouble"], ["away", "http.503", 0]),
    ([503, "soon", "trouble"], ["away", "http.503", 0]),
    ([502, "60", "trouble"], ["away", "http.502", 0]),
    ([429, "99999", "slow down"], ["busy", "http.503", 300]),
    ([429, "60", '{"code":"http.429","message":""}'], ["busy", "http.429", 60]),
    ([500, "60", "trouble"], ["trouble", "http.500", 0]),
]


def test_how_long_a_server_asks_to_be_left_alone(blank):
    for asked, understood in LEFT_ALONE:
        assert blank.evaluate(ASKED, asked) == understood, asked


def test_a_server_that_names_a_time_is_not_asked_before_it(phone):
    phone.sync()
    phone.visits(phone.doors()[0], 3)
    phone.page.evaluate(
        """() => {
            const headers = { "Retry-After": "90" };
            window.fetch = async () => new Response("trouble", { status: 503, headers });
        }"""
    )

    state = phone.sync()

    left = state["next_at"] - phone.page.evaluate("Date.now()")
    assert 85_000 < left <= 90_000


def test_f9_only_an_answer_of_ours_counts(phone, network):
    phone.sync()
    phone.visits(phone.doors()[0], 1)
    for failures, how in enumerate(("down", "portal", 502), 1):
        network.fails["/sync"] = how

        state = phone.sync()

        assert phone.pill()["count"] == 1, how
        assert phone.pill()["state"] != "synced", how
        assert state["next_at"] > 0 and state["failures"] == failures, how


def test_f8_an_ended_session_keeps_everything_and_asks_to_sign_in(phone, used, network):
    phone.sync()
    phone.visits(phone.doors()[0], 2)
    used.clear_cookies()

    phone.sync()
    assert phone.pill() == {"state": "signin", "count": 2}

    phone.page.evaluate(SIGN_IN_AGAIN, ["worker1", town.PASSWORD, phone.person["device"]])
    phone.sync()
    assert phone.pill() == {"state": "synced", "count": 0}


def test_f8_nobody_sends_what_somebody_else_recorded(phone, used, network):
    phone.sync()
    phone.visits(phone.doors()[0], 1)
    phone.page.evaluate(SIGN_IN_AGAIN, ["worker2", town.PASSWORD, phone.person["device"]])

    phone.sync()

    assert phone.pill() == {"state": "signin", "count": 1}
    assert "receipt" not in phone.operations()[0]


def test_refused_work_goes_to_the_tray_with_the_reason(phone):
    phone.sync()
    wrong = phone.record("contact.change", {"id": phone.doors()[0], "changes": {"phone": "123"}})
    held = phone.record("visit.withdraw", {"id": "00000000-0000-7000-8000-00000000dead"})

    phone.sync()

    kept = {one["id"]: one for one in phone.operations() if "tray" in one}
    assert kept[wrong]["receipt"]["outcome"] == "quarantined"
    assert kept[wrong]["receipt"]["code"] == "base.missing"
    assert kept[wrong]["receipt"]["message"]
    assert kept[held]["receipt"]["outcome"] == "held"
    assert phone.pill() == {"state": "synced", "count": 0}


def test_what_the_office_decided_leaves_the_tray(phone, server):
    phone.sync()
    door = phone.doors()[0]
    [made] = phone.visits(door)
    phone.sync()
    early = phone.record("visit.withdraw", {"id": "00000000-0000-7000-8000-00000000dead"})
    phone.sync()
    server.stop()
    with sqlite3.connect(server.folder / "jinlin.db") as db:
        db.execute(
            "update feed set record = replace(record, '\"waiting\"', '\"done\"'), seq = seq + 1"
            " where kind = 'notice' and id = ?",
            (early,),
        )
        db.execute("update stream set seq = seq + 1 where stream like 'person:%'")
    db.close()
    server.start()
    phone.sync()

    assert [one["id"] for one in phone.operations() if "tray" in one] == []
    assert made


def test_f1_work_at_a_door_that_was_handed_over_arrives_before_the_door_leaves(phone, server):
    phone.sync()
    door = phone.doors()[0]
    made = phone.visits(door, 10)
    server.stop()
    with sqlite3.connect(server.folder / "jinlin.db") as db:
        db.execute(
            "update person_building set until_on = '2026-09-16' where person_id = ?",
            (phone.person["id"],),
        )
    db.close()
    server.start()

    phone.sync()

    assert phone.pill() == {"state": "synced", "count": 0}
    assert phone.doors() == []
    with sqlite3.connect(server.folder / "jinlin.db") as db:
        found = db.execute("select id, before_transfer from visit order by id").fetchall()
    db.close()
    assert found == [(one, 1) for one in sorted(made)]


def test_f12_a_clock_that_is_off_is_known_and_told(phone):
    phone.page.evaluate("() => { const now = Date.now; Date.now = () => now() + 26 * 60_000; }")

    phone.sync()

    device = phone.page.evaluate(
        "async () => standing.device(person.id, await standing.known(person.id), Date.now())"
    )
    assert device["ahead_minutes"] == 26


def test_f11_the_replica_is_what_the_server_holds_for_this_person(phone, server):
    phone.sync()
    door = phone.doors()[0]
    phone.visits(door, 3)
    phone.record("visit.withdraw", {"id": phone.operations()[0]["id"]})
    phone.sync()

    mine = phone.page.evaluate("async () => replica.digests(person.id)")

    assert len(mine) == 3
    assert mine == {stream: digest_of(server, stream) for stream in mine}


def digest_of(server: Server, stream: str) -> str:
    with sqlite3.connect(server.folder / "jinlin.db") as db:
        rows = db.execute(
            "select kind, id, record from feed where stream = ? and record is not null", (stream,)
        ).fetchall()
    db.close()
    return stream_digest(rows)
