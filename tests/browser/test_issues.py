"""Issues raised on the phone: in four taps, without a network, once on the server."""

import json
import sqlite3
from contextlib import closing
from typing import Any

import pytest
from playwright.sync_api import Page

from tests.browser.rig import Network, Server
from tests.browser.test_media import GO_ON, brought, names_in, photo, take
from tests.browser.walking import doors, sign_in, soon, until, until_pill

MOST_TAPS = 4


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
        self(f"label.pick:has-text('{quick}')")
        self("#issue form button.button--main")
        self.page.wait_for_selector("#issue .notice--green")


def issues(server: Server) -> list[dict[str, Any]]:
    with closing(sqlite3.connect(server.folder / "jinlin.db")) as db:
        db.row_factory = sqlite3.Row
        return [dict(one) for one in db.execute("select * from issue order by reported_at, id")]


@pytest.fixture
def page(context, network: Network) -> Page:
    made = context.new_page()
    sign_in(made, network.origin, "worker1")
    return made


@pytest.mark.parametrize(
    ("start", "way"),
    [
        ("/households/{door}", "a[href$='/issue']"),
        ("/buildings/{building}", "a[href$='/issue']"),
        ("/today", "a[href='/me'] > a[href='/issues/new']"),
    ],
)
def test_an_issue_takes_no_more_than_four_taps_without_a_network(page, network, start, way):
    building, door = doors(page, network.origin)[0]
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


def test_a_leader_raises_one_in_the_own_building_and_reads_what_became_of_it(context, network):
    page = context.new_page()
    sign_in(page, network.origin, "leader1")
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


def test_one_report_at_a_door_arrives_once_and_its_photos_when_they_can(page, network):
    door = doors(page, network.origin)[0][1]
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
    page.goto(f"{network.origin}/issues")
    assert "照片已到 2/2" in page.inner_text("main")
    page.wait_for_function("() => document.querySelectorAll('.photo img').length === 2")
