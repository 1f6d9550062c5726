"""The phone's own modules against a server that a backup was restored under."""

import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext

from server import backups
from server.restore import restore
from server.store import check
from server.store.database import Store
from tests.browser.rig import Network, Server
from tests.browser.test_engine import SIGN_IN_AGAIN, Phone, digest_of
from tests.server import town

FIFTEEN_DAYS_MS = 15 * 86_400_000
PASS = "(ms) => { const now = Date.now; Date.now = () => now() + ms; }"
# Pages of two changes instead of five hundred, so that a small town takes several.
SMALL_PAGES = """async () => {
    const real = window.fetch;
    window.fetch = (url, init) => {
        const body = init && init.body;
        if (url !== "/sync" || !body) return real(url, init);
        return real(url, { ...init, body: body.replace('"limit":500', '"limit":2') });
    };
}"""


class Machine:
    """The server's data folder: backed up while it serves, restored while it does not."""

    def __init__(self, server: Server) -> None:
        self.server = server
        self.folder = server.folder.parent / "backups"

    def back_up(self) -> Path:
        made = backups.make(self.server.folder, self.folder, datetime.now(UTC))
        assert made.backup.faults == []
        return made.path

    def restore(self, backup: Path) -> None:
        self.server.stop()
        restore(backup, self.server.folder, datetime.now(UTC))
        self.server.start()

    def visits(self) -> set[str]:
        return {one for (one,) in self.rows("select id from visit")}

    def rows(self, sql: str) -> list[tuple[object, ...]]:
        with closing(sqlite3.connect(self.server.folder / "jinlin.db")) as db:
            return db.execute(sql).fetchall()

    def faults(self) -> list[str]:
        self.server.stop()
        store = Store(self.server.folder / "jinlin.db")
        with store.read() as tx:
            found = list(check.faults(tx, datetime.now(UTC)))
        store.close()
        return found


@pytest.fixture
def machine(server: Server) -> Machine:
    return Machine(server)


@pytest.fixture
def phone(used: BrowserContext, network: Network) -> Phone:
    made = Phone(used.new_page(), network.origin, "worker1")
    made.sync()
    return made


def assert_whole(phone: Phone, machine: Machine) -> None:
    """The phone says synced, and both sides have the same records and the same operations."""
    assert phone.pill() == {"state": "synced", "count": 0}
    mine = phone.page.evaluate("async () => replica.digests(person.id)")
    assert mine == {stream: digest_of(machine.server, stream) for stream in mine}
    line = phone.page.evaluate(
        "async () => standing.ledger(person.id, await standing.known(person.id))"
    )
    assert (line["recorded"], line["agrees"]) == (line["received"], 1)
    assert machine.faults() == []


def test_f19_work_since_the_backup_and_work_done_offline_both_arrive(phone, machine, network):
    door = phone.doors()[0]
    kept = phone.visits(door, 2)
    phone.sync()
    backup = machine.back_up()
    lost = phone.visits(door, 3)
    phone.sync()
    network.fails["*"] = "down"
    waiting = phone.visits(door, 2)
    phone.sync()

    machine.restore(backup)
    network.fails.clear()
    phone.sync()

    assert machine.visits() == {*kept, *lost, *waiting}
    assert {one["receipt"]["outcome"] for one in phone.operations()} == {"accepted"}
    assert_whole(phone, machine)


def test_f19_a_server_restored_under_a_phone_that_is_online(phone, machine, network):
    """The pull of the new history is cut after two pages: what was received does not vanish."""
    phone.page.evaluate(SMALL_PAGES)
    door = phone.doors()[0]
    kept = phone.visits(door, 2)
    phone.sync()
    backup = machine.back_up()
    lost = phone.visits(door, 3)
    phone.sync()

    machine.restore(backup)
    new = phone.visits(door, 1)
    answers = iter(["", "", *["down"] * 100])
    network.fails["/sync"] = lambda body: next(answers)
    phone.sync()
    seen = phone.page.evaluate(
        """async (door) => {
            const { shelf, state } = await replica.snapshot(person.id);
            const ids = shelf.of("visit", "household_id", door).map(({ id }) => id);
            const waiting = (await outbox.waiting(person.id)).map(({ id }) => id);
            return { ids, waiting, filling: state.fresh_epoch !== "" };
        }""",
        door,
    )
    network.fails.clear()
    phone.sync()

    assert seen["filling"] and seen["waiting"] == []
    assert set(seen["ids"]) == {*kept, *lost, *new}
    assert machine.visits() == {*kept, *lost, *new}
    assert_whole(phone, machine)


def test_f19_a_phone_that_the_backup_does_not_know_signs_in_and_sends(phone, machine, used):
    """Its session and its device are newer than the backup: the queue stays, under the same id."""
    other = used.browser.new_context()
    page = other.new_page()
    backup = machine.back_up()
    late = Phone(page, phone.page.url.removesuffix("/up"), "worker1")
    late.sync()
    door = late.doors()[0]
    lost = late.visits(door, 2)
    late.sync()
    waiting = late.visits(door, 1)

    machine.restore(backup)
    late.sync()
    asked = late.pill()
    late.page.evaluate(SIGN_IN_AGAIN, ["worker1", town.PASSWORD, late.person["device"]])
    late.sync()

    assert asked == {"state": "signin", "count": 1}
    assert machine.visits() == {*lost, *waiting}
    [(device,)] = machine.rows("select distinct device_id from operation where kind like 'visit%'")
    assert device == late.person["device"]
    assert_whole(late, machine)
    other.close()


def test_f19_what_was_sent_over_14_days_ago_is_named_by_its_numbers(phone, machine):
    door = phone.doors()[0]
    backup = machine.back_up()
    phone.visits(door, 3)
    phone.sync()
    phone.page.evaluate(PASS, FIFTEEN_DAYS_MS)
    late = phone.visits(door, 1)
    phone.sync()

    machine.restore(backup)
    phone.sync()

    told = phone.page.evaluate(
        "async () => standing.device(person.id, await standing.known(person.id), Date.now())"
    )
    assert (told["lost"], told["lost_numbers"]) == (3, "1–3")
    assert machine.visits() == set(late)
    [(report,)] = machine.rows("select report from device where received = 1 and upto = 0")
    assert '"lost":3' in str(report)


def test_f19_an_old_database_put_there_by_hand_is_told_again_too(phone, machine):
    door = phone.doors()[0]
    backup = machine.back_up()
    lost = phone.visits(door, 3)
    phone.sync()
    machine.server.stop()
    for leftover in machine.server.folder.glob("jinlin.db-*"):
        leftover.unlink()
    (machine.server.folder / "jinlin.db").write_bytes((backup / "jinlin.db").read_bytes())
    machine.server.start()

    phone.sync()

    assert machine.visits() == set(lost)
    assert phone.pill() == {"state": "synced", "count": 0}


KNOWN = "async () => (await import('/phone/identity.js')).refresh('worker1')"
CURRENT = "async () => { person = await (await import('/phone/identity.js')).current(); }"
ARCHIVE = """async () => {
    const { read, personal } = await import("/phone/db.js");
    const every = (tx) => tx.objectStore("archive").getAll();
    return read(personal(person.id), ["archive"], every);
}"""


def sign_in_again(phone: Phone) -> str:
    """As the page does it: the device that this phone gets, which may be another."""
    phone.page.evaluate(SIGN_IN_AGAIN, ["worker1", town.PASSWORD, phone.person["device"]])
    assert phone.page.evaluate(KNOWN) == "ok"
    phone.page.evaluate(CURRENT)
    phone.person = phone.page.evaluate("() => person")
    device: str = phone.person["device"]
    return device


def replace_device(phone: Phone, machine: Machine) -> None:
    """The office shuts the phone out, and its owner signs in again."""
    before = phone.person["device"]
    assert phone.page.evaluate(KNOWN) == "ok"
    with closing(sqlite3.connect(machine.server.folder / "jinlin.db")) as db, db:
        for table, key in (("device", "id"), ("session", "device_id")):
            db.execute(
                f"update {table} set revoked_at = '2026-09-16T00:00:00.000Z' where {key} = ?",
                (before,),
            )
    assert sign_in_again(phone) != before


def test_f19_work_of_a_device_that_was_replaced_is_sent_again_under_the_new_one(phone, machine):
    door = phone.doors()[0]
    kept = phone.visits(door, 1)
    phone.sync()
    backup = machine.back_up()
    lost = phone.visits(door, 3)
    phone.sync()
    replace_device(phone, machine)
    later = phone.visits(door, 2)
    phone.sync()
    waiting = phone.visits(door, 1)

    machine.restore(backup)
    phone.sync()
    assert phone.pill() == {"state": "signin", "count": 1}
    sign_in_again(phone)
    phone.sync()

    assert machine.visits() == {*kept, *lost, *later, *waiting}
    mine = phone.operations()
    assert [one["id"] for one in mine] == [*kept, *lost, *later, *waiting]
    assert [one["receipt"]["outcome"] for one in mine] == ["accepted"] * 7
    assert [one for one in phone.page.evaluate(ARCHIVE) if "text" in one] == []
    assert_whole(phone, machine)


def test_f19_an_edit_of_the_replaced_device_does_not_overwrite_a_later_one(phone, machine):
    """Both go out again under one device, where the higher number is the last word."""
    backup = machine.back_up()
    shown = "(await replica.snapshot(person.id)).shelf.all('resident')[0]"
    someone = phone.page.evaluate(f"async () => {shown}.id")
    for name in ("黄甲", "黄乙"):
        base = phone.page.evaluate(f"async () => {shown}.version")
        data = {"id": someone, "changes": {"name": name}}
        phone.record("resident.change", data, base=base)
        phone.sync()
        if name == "黄甲":
            replace_device(phone, machine)
            phone.sync()

    machine.restore(backup)
    sign_in_again(phone)
    phone.sync()

    assert machine.rows(f"select name from resident where id = '{someone}'") == [("黄乙",)]
    assert machine.rows("select count(*) from dispute") == [(0,)]
    assert_whole(phone, machine)


def test_f19_a_new_device_sends_nothing_twice_that_the_backup_has(phone, machine):
    door = phone.doors()[0]
    made = phone.visits(door, 2)
    phone.sync()
    replace_device(phone, machine)
    later = phone.visits(door, 1)
    phone.sync()
    backup = machine.back_up()

    machine.restore(backup)
    sign_in_again(phone)
    phone.sync()

    assert [one["id"] for one in phone.operations()] == later
    assert machine.visits() == {*made, *later}
    assert_whole(phone, machine)


def test_the_words_of_a_replaced_device_are_forgotten_after_14_days(phone, machine):
    phone.visits(phone.doors()[0], 2)
    phone.sync()
    replace_device(phone, machine)
    assert len([one for one in phone.page.evaluate(ARCHIVE) if "text" in one]) == 2

    phone.page.evaluate(PASS, FIFTEEN_DAYS_MS)
    phone.sync()

    left = phone.page.evaluate(ARCHIVE)
    assert len(left) == 2 and not any("text" in one for one in left)


GAPS = """async ([device, count]) => {
    const { write, personal } = await import("/phone/db.js");
    const { takeUpAgain, ranges } = await import("/phone/restored.js");
    const text = (n) => (n % 2 ? { text: "{}" } : {});
    const kept = (n) => ({ n, id: `${n}`, hash: "", receipt: {}, ...text(n) });
    return write(personal("p"), ["operations"], async (tx) => {
        const all = tx.objectStore("operations");
        for (let n = 1; n <= count; n += 1) await all.put(kept(n));
        const { again, lost } = await takeUpAgain(tx, device, "new");
        const twice = await takeUpAgain(tx, device, "new");
        return [again, ranges(lost), lost.length, twice.again];
    });
}"""


@pytest.mark.parametrize(
    ("device", "count", "expected"),
    [
        ({"received": 3, "upto": 3, "missing": []}, 6, [1, "4、6", 2, 0]),
        ({"received": 3, "upto": 2, "missing": [3, 4]}, 5, [1, "4", 1, 0]),
        ({"received": 0, "upto": 0, "missing": []}, 4, [2, "2、4", 2, 0]),
        # No more than a thousand are named: what lies beyond is sent, and not called lost.
        ({"received": 100, "upto": 0, "missing": [*range(1, 1001)]}, 1100, [550, None, 500, 0]),
    ],
    ids=["behind", "between", "everything", "beyond"],
)
def test_f19_what_goes_out_again_and_what_is_named(blank, device, count, expected):
    found = blank.evaluate(GAPS, [device, count])

    assert found == [expected[0], expected[1] or found[1], *expected[2:]]


AGAIN = """async (outcomes) => {
    const { read, write, personal } = await import("/phone/db.js");
    const { takeIn } = await import("/phone/answers.js");
    const entry = (outcome, at) => ({
        n: at + 1, id: `${at}`, hash: "", text: "{}", text_until: 1,
        receipt: { outcome, seq: {}, epoch: "old" },
        ...(outcome === "accepted" ? {} : { tray: 1 }),
    });
    await write(personal("q"), ["operations", "state"], async (tx) => {
        const operations = tx.objectStore("operations");
        for (const [at, one] of outcomes.entries()) await operations.put(entry(one, at));
        await tx.objectStore("state").put({ epoch: "old", complete: 1 }, "sync");
    });
    const device = { received: 0, upto: 0, missing: [], ledger: "" };
    const rest = { receipts: [], left: [], cursors: {}, more: true, server_at: "" };
    await takeIn("q", { answer: { ...rest, epoch: "new", device }, changes: [], ahead: 0 });
    const every = (tx) => tx.objectStore("operations").getAll();
    const all = await read(personal("q"), ["operations"], every);
    return all.map((one) => ["waiting", "effect", "tray", "text"].filter((name) => one[name]));
}"""


def test_f19_refused_work_is_not_shown_as_done_while_it_goes_out_again(blank):
    """Nor is a text forgotten whose fourteen days end while it waits."""
    found = blank.evaluate(AGAIN, ["accepted", "held", "conflict", "quarantined"])

    assert found == [["waiting", "effect", "text"]] * 3 + [["waiting", "text"]]
