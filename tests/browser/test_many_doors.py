"""A phone with a whole community on it: pages stay short and memory bounded (F17)."""

import json
import random
from typing import Any

import pytest
from playwright.sync_api import Page

BUILDINGS, DOORS = 113, 29
RESIDENTS = 3
# A chief's grid beside the whole community.
FEW = 28
MAX_HEAP = 150_000_000

# Records as they come off the wire, three people behind each door, four visits, two contacts.
MAKE = """async ([buildings, doors, residents]) => {
    const { makeTown } = await import("/phone/town.js");
    const { VIEWS } = await import("/phone/views/index.js");
    const id = (kind, n) => `00000000-0000-7000-8${kind}00-${String(n).padStart(12, "0")}`;
    const list = [
        ["community", { id: id(0, 1), version: 1, name: "清龙社区", timezone: "Asia/Shanghai" }],
        ["person", { id: "me", version: 1, name: "周晓岚", role: "worker" }],
    ];
    let n = 0;
    for (let b = 0; b < buildings; b += 1) {
        const building_id = id(1, b);
        const label = `红棉苑 ${b + 1}栋`;
        const name = `${b + 1}栋`;
        const place = { id: building_id, version: 1, compound: "红棉苑", name, label };
        list.push(["building", { ...place, order: b, units: 2, floors: 8, doors: 2 }]);
        for (let d = 0; d < doors; d += 1) {
            n += 1;
            const household_id = id(2, n);
            const door_no = `${(d >> 2) + 1}0${(d & 1) + 1}`;
            const unit = String(((d >> 1) & 1) + 1);
            const at = `2026-09-${String(10 + (n % 15)).padStart(2, "0")}`;
            list.push(["household", { id: household_id, version: 1, building_id, unit, door_no,
                floor: (d >> 2) + 1, label: `${label} ${unit}单元 ${door_no}`, due_on: at,
                due_category: "living_alone", interval: 7, categories: ["living_alone"],
                added_on: "2026-01-01" }]);
            for (let r = 0; r < residents; r += 1) {
                const about = { household_id, building_id, version: 1 };
                const m = n * 10 + r;
                const name = `陈${"秀建丽国"[m % 4]}${"珍华英明"[n % 4]}`;
                const old = { birth_on: "1940-03-02", categories: ["living_alone"] };
                const pinyin = `chen${m} c${m}`;
                list.push(["resident", { id: id(3, m), ...about, name, pinyin, ...old }]);
                if (r > 1) continue;
                const phone = `1400000${String(n).padStart(4, "0")}`;
                list.push(["contact", { id: id(4, m), ...about, resident_id: id(3, m), phone }]);
                for (let v = 0; v < 2; v += 1) {
                    const when = { at: `${at}T02:00:00.000Z`, true_at: `${at}T02:00:00.000Z` };
                    const how = { type: "routine", method: "door", result: "met", by: "me" };
                    const note = "老人精神不错，血压药按时在吃，家里煤气和电线看过没有问题。";
                    const who = { id: id(5, m * 10 + v), resident_ids: [id(3, m)], note };
                    list.push(["visit", { ...about, ...when, ...how, ...who }]);
                }
            }
        }
    }
    window.shelf = makeTown([list.map(([kind, one]) => [kind, JSON.parse(JSON.stringify(one))])]);
    list.length = 0;
    const settings = { place: "phone", data_at: "2026-09-15T01:05:00.000Z", person_id: "me",
        pill: { state: "synced", count: 0 }, waiting: {}, version: "1", recent: [] };
    window.look = (view, params) => {
        const said = VIEWS[view](shelf, params, "2026-09-15T02:12:00.000Z", settings);
        return JSON.stringify(said).length;
    };
    return shelf.all("resident").length;
}"""
PAGES: dict[str, dict[str, Any]] = {
    "today": {},
    "search": {"q": "陈"},
    "search digits": {"q": "1"},
    "building": {"id": "00000000-0000-7000-8100-000000000001"},
    "household": {"id": "00000000-0000-7000-8200-000000000031"},
    "visit": {"id": "00000000-0000-7000-8200-000000000031"},
    "outbox": {},
    "me": {},
}


def lengths(page: Page) -> dict[str, int]:
    """How much each page has to say, in characters."""
    return {
        name: page.evaluate(
            "([view, params]) => look(view, params)", [name.split(maxsplit=1)[0], params]
        )
        for name, params in PAGES.items()
    }


def heap(page: Page) -> int:
    session = page.context.new_cdp_session(page)
    session.send("HeapProfiler.enable")
    session.send("HeapProfiler.collectGarbage")
    used: int = session.send("Runtime.getHeapUsage")["usedSize"]
    return used


@pytest.fixture
def few(blank: Page) -> dict[str, int]:
    blank.evaluate(MAKE, [FEW, DOORS, RESIDENTS])
    return lengths(blank)


def test_f17_pages_of_ten_thousand_residents_are_as_short_and_memory_is_bounded(
    blank: Page, few: dict[str, int]
) -> None:
    residents = blank.evaluate(MAKE, [BUILDINGS, DOORS, RESIDENTS])
    many = lengths(blank)

    assert residents >= 9_800
    for name, length in many.items():
        assert length <= 1.5 * few[name] + 500, (name, json.dumps([few[name], length]))
    assert blank.evaluate("() => look('buildings', {})") <= BUILDINGS * 600
    assert heap(blank) <= MAX_HEAP


# Streams that change at random, as towns made anew and as the same town renewed again and again.
RENEW = """async (steps) => {
    const { makeTown, overlay, renewed } = await import("/phone/town.js");
    const copy = (list) => JSON.parse(JSON.stringify(list));
    const ids = [...Array(8).keys()].map((n) => `h${n}`);
    const said = (town) => [
        town.all("household"),
        ids.map((id) => town.get("household", id)),
        ["b0", "b1", "b2"].map((one) => town.of("household", "building_id", one)),
    ];
    let streams = [[], [], []];
    let town = makeTown(streams);
    return steps.map(({ at, list, put }) => {
        const gone = streams[at];
        streams = streams.map((one, other) => (other === at ? copy(list) : one));
        const before = JSON.stringify(said(town));
        const next = renewed(town, [gone], [streams[at]]) || makeTown(streams);
        const isKept = JSON.stringify(said(town)) === before;
        town = next;
        const shown = overlay(town);
        const anew = makeTown(copy(streams));
        for (const record of put) shown.put("household", record);
        const flat = overlay(makeTown([[...new Map([...anew.all("household"), ...put]
            .map((one) => [one.id, ["household", one]])).values()]]));
        return { isKept, town: [said(town), said(anew)], shown: [said(shown), said(flat)] };
    });
}"""


def household(chance: random.Random, number: int) -> dict[str, Any]:
    return {
        "id": f"h{number}",
        "version": chance.randrange(1, 4),
        "building_id": f"b{chance.randrange(3)}",
    }


def test_a_town_renewed_is_the_town_made_anew(blank: Page) -> None:
    chance = random.Random("town")
    steps = []
    for step in range(200):
        # Most of the time each record is in one stream; on its way elsewhere it may be in two.
        at = chance.randrange(3)
        own = range(8) if step % 20 > 15 else range(at, 8, 3)
        list_ = [["household", household(chance, n)] for n in own if chance.random() < 0.6]
        put = [household(chance, chance.randrange(8)) for _ in range(chance.randrange(4))]
        steps.append({"at": at, "list": list_, "put": put})

    for found in blank.evaluate(RENEW, steps):
        assert found["isKept"]
        assert found["town"][0] == found["town"][1]
        assert found["shown"][0] == found["shown"][1]


# Two buildings on a phone, one of which changes; then a restored server says other things of both.
STORE = """async () => {
    const replica = await import("/phone/replica.js");
    const pulled = await import("/phone/pulled.js");
    const { personal, write } = await import("/phone/db.js");
    const store = async (place, epoch, at, names) => {
        const changes = Object.entries(names).map(([stream, name]) => {
            const record = JSON.stringify({ id: stream, version: 1, name });
            return { stream, kind: "building", id: stream, record };
        });
        const where = { store: place, isFresh: place === "fresh", own: place };
        const plan = await pulled.planned("me", where, changes, at);
        await write(personal("me"), ["streams", "fresh", "state"], async (tx) => {
            await pulled.takeChanges(tx, plan);
            if (place === "fresh") await pulled.swap(tx);
            const state = tx.objectStore("state");
            await state.put({ epoch, complete: 1 }, "sync");
            await state.put(((await state.get("streams_revision")) || 0) + 1, "streams_revision");
        });
    };
    const shown = async () => (await replica.snapshot("me")).shelf.all("building");
    await store("streams", "e1", { a: 1, b: 1 }, { a: "one", b: "two" });
    const first = await shown();
    await store("streams", "e1", { a: 2 }, { a: "three" });
    const second = await shown();
    await store("fresh", "e2", { a: 2, b: 1 }, { a: "four", b: "five" });
    const third = await shown();
    await write(personal("me"), ["streams", "fresh", "state"], async (tx) => {
        await pulled.erase(tx, ["b"]);
        await tx.objectStore("state").put(9, "streams_revision");
    });
    const last = await shown();
    const names = (some) => some.map(({ name }) => name);
    return [...[first, second, third, last].map(names), first[1] === second[1]];
}"""


def test_only_a_stream_that_moved_is_read_again(blank: Page) -> None:
    first, second, third, last, is_same = blank.evaluate(STORE)

    assert (first, second) == (["one", "two"], ["three", "two"])
    assert is_same
    assert (third, last) == (["four", "five"], ["four"])
