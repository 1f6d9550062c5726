"""A phone whose clock is wrong (F12)."""

import re
import sqlite3
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from tests.browser.clock import set_ahead, with_clock
from tests.browser.lent import Lent, enter
from tests.browser.rig import Network, Server
from tests.browser.walking import choose, door_of, until, until_pill, visit
from tests.server import town

HOUR_S = 3600
YEAR_S = 365 * 24 * HOUR_S
TO_1970_S = -(datetime.now(UTC) - datetime(1970, 1, 2, tzinfo=UTC)).total_seconds()
WARNED = "() => (document.getElementById('warnings') || document.body).innerText.includes('{}')"


@pytest.fixture(scope="module")
def lent(browser: Browser) -> Iterator[Lent]:
    """A phone whose clock can be moved."""
    made = Lent(browser, with_clock)
    yield made
    made.throw_away()


def test_f12_wrong_clocks_keep_the_order_and_the_month(
    used: BrowserContext, network: Network
) -> None:
    """A visit by each wrong clock, sent by it: three times are kept, the estimate is right."""
    page = enter(used, network.origin, "chief")
    known = [door_of(network.server, name) for name in ("黄秀珍", "梁建国", "吴丽华")]
    offsets = [TO_1970_S, YEAR_S, 12 * HOUR_S, -12 * HOUR_S, 0.0]
    began = datetime.now(UTC)
    made = []
    for at, ahead in enumerate(offsets):
        set_ahead(page, ahead)
        made.append(visit(page, network.origin, known[at % len(known)], note=f"第 {at + 1} 次"))
        until_pill(page, "已同步")
    ended = datetime.now(UTC)

    rows = operations_on(network.server)
    assert [row["id"] for row in rows] == made
    assert [row["n"] for row in rows] == [1, 2, 3, 4, 5]
    slack = timedelta(seconds=30)
    for row, ahead in zip(rows, offsets, strict=True):
        at, true_at, received_at = (moment(row[name]) for name in ("at", "true_at", "received_at"))
        assert began <= received_at <= ended
        assert abs(true_at - received_at) < slack
        assert abs(at - timedelta(seconds=ahead) - received_at) < slack
    assert [row["outcome"] for row in rows] == ["accepted"] * 5
    assert visits_of_the_month(network.server) == 5


def test_f12_a_clock_that_jumps_between_opening_and_saving_a_form_refuses_nothing(
    page: Page, network: Network, door: str
) -> None:
    network.fails["/sync"] = "down"
    first = visit(page, network.origin, door, result="not_home")
    page.goto(f"{network.origin}/households/{door}/visit")
    choose(page, "result", "met")
    set_ahead(page, -12 * HOUR_S)
    page.click("#visit form button.button--main")
    saved = page.wait_for_selector("section.saved li[id^=visit-]")
    second = saved.get_attribute("id").removeprefix("visit-")
    network.fails.clear()
    page.goto(f"{network.origin}/today")
    until_pill(page, "已同步")

    rows = operations_on(network.server)
    assert [(row["n"], row["id"], row["outcome"]) for row in rows] == [
        (1, first, "accepted"),
        (2, second, "accepted"),
    ]
    assert visits_of_the_month(network.server) == 2


def test_f12_a_clock_that_is_off_by_more_than_ten_minutes_is_warned_of(
    page: Page, network: Network, door: str
) -> None:

    for ahead, word in [(26 * 60, "快 26 分钟"), (-45 * 60, "慢 45 分钟")]:
        set_ahead(page, ahead)
        visit(page, network.origin, door)
        until_pill(page, "已同步")
        until(page, WARNED.format(word))
    set_ahead(page, 9 * 60)
    visit(page, network.origin, door)
    until(page, f"() => !({WARNED.format('手机时间')})()")
    until_pill(page, "已同步")
    assert not page.evaluate(WARNED.format("手机时间"))
    page.goto(f"{network.origin}/me")
    assert "比服务器快 9 分钟" in page.inner_text("main")


def operations_on(server: Server) -> list[dict[str, Any]]:
    with sqlite3.connect(server.folder / "jinlin.db") as db:
        db.row_factory = sqlite3.Row
        found = db.execute(
            "select n, id, at, true_at, received_at, outcome from operation"
            " where kind = 'visit.record' order by device_id, n"
        ).fetchall()
    db.close()
    return [dict(row) for row in found]


def visits_of_the_month(server: Server) -> int:
    """What the office's page of counts says in its last line."""
    with httpx.Client(base_url=server.origin, follow_redirects=True) as office:
        office.post("/signin", data={"username": "office1", "password": town.PASSWORD})
        text = office.get("/office/counts").text
    return int(re.findall(r'data-head="本月走访"><b>(\d+)</b>', text)[-1])


def moment(text: str) -> datetime:
    found = datetime.fromisoformat(text)
    return found if found.tzinfo else found.replace(tzinfo=UTC)
