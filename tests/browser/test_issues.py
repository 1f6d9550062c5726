"""Issues raised on the phone: in four taps, without a network, once on the server."""

import json
import sqlite3
from contextlib import closing
from typing import Any

import pytest
from playwright.sync_api import Page

from tests.browser.lent import enter
from tests.browser.rig import Server
from tests.browser.test_media import GO_ON, brought, names_in, photo, take
from tests.browser.test_refused import RECORD, assert_settled, redo, sync
from tests.browser.walking import building_of, soon, until, until_pill

MOST_TAPS = 4
KEPT = """async (words) => {
    const done = (asked) => new Promise((resolve) => {
        asked.onsuccess = () => resolve(asked.result);
    });
    const db = await done(indexedDB.open("jinlin-drafts"));
    const found = await done(db.transaction("drafts").objectStore("drafts").getAll());
    db.close();
    return JSON.stringify(found).includes(words);
}"""


class Taps:
    """Taps what is on the page and counts."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.count = 0

    def __call__(self, what: str) -> None:
        self.page.click(what)
        self.count += 1

    def raise_one(self, way: str, quick: str) -> None:
        """From an open page to an issue that is kept."""
        for link in way.split(" > "):
            self(link)
        self.fill_in(quick)

    def raise_one_at(self, address: str, quick: str) -> None:
        self.page.goto(address)
        self.fill_in(quick)

    def fill_in(self, quick: str) -> None:
        self(f"label.pick:has-text('{quick}')")
        self("#issue form button.button--main")
        self.page.wait_for_selector("#issue .notice--green")


def issues(server: Server) -> list[dict[str, Any]]:
    with closing(sqlite3.connect(server.folder / "jinlin.db")) as db:
        db.row_factory = sqlite3.Row
        return [dict(one) for one in db.execute("select * from issue order by reported_at, id")]


@pytest.mark.parametrize(
    ("start", "way"),
    [
        ("/households/{door}", "a[href$='/issue']"),
        ("/buildings/{building}", "a[href$='/issue']"),
        ("/today", "a[href='/me'] > a[href='/issues/new']"),
    ],
)
def test_an_issue_takes_no_more_than_four_taps_without_a_network(page, network, door, start, way):
    building = building_of(network.server, door)
    network.fails["*"] = "down"
    page.goto(network.origin + start.format(door=door, building=building))
    taps = Taps(page)

    taps.raise_one(way, "飞线充电")

    assert taps.count <= MOST_TAPS
    assert "消防隐患 待同步" in page.inner_text("#issue")
    network.fails.clear()
    page.evaluate(GO_ON)
    soon(page, lambda: len(issues(network.server)) == 1)
    (made,) = issues(network.server)
    assert (made["category"], made["text"], made["state"]) == (
        "fire_hazard",
        "飞线充电",
        "reported",
    )
    assert made["household_id"] == (door if "door" in start else "")


def test_a_leader_raises_one_in_the_own_building_and_reads_what_became_of_it(used, network):
    page = enter(used, network.origin, "leader1")
    network.fails["*"] = "down"
    page.goto(f"{network.origin}/buildings")
    taps = Taps(page)

    taps.raise_one("a[href^='/buildings/'] > a[href$='/issue']", "楼上漏水")

    assert taps.count <= MOST_TAPS
    page.goto(f"{network.origin}/issues")
    assert "矛盾纠纷 待同步" in page.inner_text("main")
    network.fails.clear()
    page.evaluate(GO_ON)
    until_pill(page, "已同步")
    page.goto(f"{network.origin}/issues")
    assert "前办结" in page.inner_text("main")
    assert [one["source"] for one in issues(network.server)] == ["leader"]


def test_one_report_at_a_door_arrives_once_and_its_photos_when_they_can(page, network, door):
    network.fails["*"] = "down"
    page.goto(f"{network.origin}/households/{door}/issue")
    page.fill("textarea[name=text]", "楼道堆满纸箱，门都开不了")
    assert page.input_value("select[name=category]") == "fire_hazard"
    page.fill("input[name=place]", "3 楼楼道")
    page.click("summary:has-text('要拍照片')")
    assert "不拍人脸，不拍卧室" in page.inner_text("#issue")
    take(page, photo(800, 600, 1), photo(800, 600, 2))
    _, late = names_in(page)
    page.click("#issue form button.button--main")
    page.wait_for_selector("#issue .notice--green")
    page.goto(f"{network.origin}/outbox")
    assert "报一件事" in page.inner_text("main")
    assert "楼道堆满纸箱" in page.inner_text("main")

    # The answer to the text is lost once, and of the photos only one comes through.
    cuts = iter(["cut"])
    network.fails = {"/sync": lambda _: next(cuts, ""), f"/media/{late}": "down"}
    page.evaluate(GO_ON)
    soon(page, lambda: len(brought(network.server)) == 1)
    first = set(brought(network.server))
    until(page, "async () => (await (await fetch('/issues')).text()).includes('照片已到 1/2')")
    assert len(issues(network.server)) == 1

    network.fails.clear()
    page.evaluate(GO_ON)
    until_pill(page, "已同步")
    (made,) = issues(network.server)
    assert made["text"] == "楼道堆满纸箱，门都开不了"
    assert (made["household_id"], made["place"]) == (door, "3 楼楼道")
    shown = [one["sha256"] for one in json.loads(made["media"])]
    assert sorted(shown) == sorted(brought(network.server))
    assert len(shown) == 2
    assert first == set(shown) - {late}
    until(page, "async () => (await (await fetch('/issues')).text()).includes('照片已到 2/2')")
    page.goto(f"{network.origin}/issues")
    page.wait_for_function("() => document.querySelectorAll('.photo img').length === 2")


def test_a_half_filled_report_survives_a_killed_browser_with_its_photo(
    walker, network, server, door
):
    page = walker.start()
    path = f"{network.origin}/households/{door}/issue"
    server.stop()
    page.goto(path)
    page.click("label.pick:has-text('楼上漏水')")
    page.fill("textarea[name=text]", "厨房顶上")
    page.select_option("select[name=category]", "utility_fault")
    page.click("summary:has-text('要拍照片')")
    take(page, photo(800, 600, 1))
    until(page, f"async () => ({KEPT})('utility_fault')")
    walker.kill()

    page = walker.start()
    page.goto(path)

    page.wait_for_function(
        "() => document.querySelector('textarea[name=text]').value === '厨房顶上'"
    )
    assert page.input_value("select[name=category]") == "utility_fault"
    assert page.locator("#photos li").count() == 1
    page.click("#issue form button.button--main")
    page.wait_for_selector("#issue .notice--green")
    server.start()
    page.goto(f"{network.origin}/issues")
    page.evaluate(GO_ON)
    until_pill(page, "已同步")
    (made,) = issues(server)
    assert (made["category"], made["text"]) == ("utility_fault", "楼上漏水；厨房顶上")
    assert len(json.loads(made["media"])) == 1


def test_what_a_colleague_reported_is_joined_instead_of_reported_again(
    page, network, door, page_of
):
    building = building_of(network.server, door)
    Taps(page).raise_one_at(f"{network.origin}/buildings/{building}/issue", "路灯不亮")
    until_pill(page, "已同步")
    other = page_of("social1")
    network.fails["*"] = "down"

    other.goto(f"{network.origin}/buildings/{building}/issue")
    other.click("label.pick:has-text('乱停车')")
    assert not other.is_visible("[data-nears]")
    other.click("label.pick:has-text('路灯不亮')")
    other.click("[data-near=public_facility]")
    other.click("#issue form button.button--main")
    other.wait_for_selector("#issue .notice--green")

    network.fails.clear()
    other.evaluate(GO_ON)
    until_pill(other, "已同步")
    (made,) = issues(network.server)
    assert len(json.loads(made["joined"])) == 1
    other.goto(f"{network.origin}/issues")
    assert "和别人一起报的" in other.inner_text("main")


def test_a_report_that_was_refused_opens_in_its_form_again(page, network, door):
    building = building_of(network.server, door)
    data = {"building_id": building, "category": "order", "text": "车" * 5001, "place": "门口"}
    made = page.evaluate(RECORD, {"kind": "issue.raise", "data": data})
    sync(page)

    redo(page, network.origin, made)
    assert page.input_value("input[name=place]") == "门口"
    page.fill("textarea[name=text]", "车堵了消防门")
    page.click("#issue form button.button--main")
    page.wait_for_selector("#issue .notice--green")

    assert_settled(page, network, made)
    assert [one["text"] for one in issues(network.server)] == ["车堵了消防门"]


def test_whoever_sees_to_an_issue_says_what_was_done_without_a_network(
    page, network, door, page_of
):
    building = building_of(network.server, door)
    other = page_of("leader1")
    Taps(other).raise_one_at(f"{network.origin}/buildings/{building}/issue", "井盖坏了")
    until_pill(other, "已同步")
    page.goto(f"{network.origin}/today")
    page.evaluate(GO_ON)
    until(page, "async () => (await (await fetch('/today')).text()).includes('/issues/todo')")
    network.fails["*"] = "down"

    page.goto(f"{network.origin}/today")
    page.click("a[href='/issues/todo']")
    page.click("a.door:has-text('井盖坏了')")
    step(page, "收到")
    assert "已上报" in page.inner_text("#matter article")
    step(page, "开始办理", words="围起来了")
    step(page, "办好了", photo=photo(800, 600, 1))
    assert "办好了，等核查" in page.inner_text("#matter article")
    assert page.locator("label.pick:has-text('办好了')").count() == 0

    network.fails.clear()
    page.evaluate(GO_ON)
    until_pill(page, "已同步")
    (made,) = issues(network.server)
    assert (made["state"], made["holder_name"]) == ("done_pending_check", "周晓岚")
    assert [one["arrived"] for one in json.loads(made["media"])] == [1]
    other.goto(f"{network.origin}/issues")
    other.evaluate(GO_ON)
    until(other, "async () => (await (await fetch('/issues')).text()).includes('围起来了')")
    other.goto(f"{network.origin}/issues")
    assert "办好了，等核查" in other.inner_text("main")


def step(page: Page, called: str, words: str = "", photo: Any = None) -> None:
    page.click(f"#matter label.pick:has-text('{called}')")
    if words:
        page.fill("textarea[name=words]", words)
    if photo:
        page.click("summary:has-text('要拍照片')")
        take(page, photo)
    page.click("#matter form button.button--main")
    page.wait_for_selector("#matter .notice--green")
    page.evaluate("document.querySelector('#matter .notice--green').remove()")
