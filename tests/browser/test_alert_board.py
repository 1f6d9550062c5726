"""The office's board follows a warning while people answer, and plays it again afterwards."""

from contextlib import contextmanager
from datetime import UTC, datetime

import httpx
import pytest
from playwright.sync_api import expect

from server.people import COOKIE
from tests.server import storms
from tests.server.town import PASSWORD

DESK = {"viewport": {"width": 1280, "height": 800}, "timezone_id": "Asia/Shanghai"}


@contextmanager
def signed_in(origin, username):
    """Somebody's browser, without one."""
    with httpx.Client(base_url=origin, timeout=30, follow_redirects=True) as client:
        client.post("/signin", data={"username": username, "password": PASSWORD})
        client.token = client.cookies[COOKIE]
        yield client


@pytest.fixture
def office(server):
    with signed_in(server.origin, "office1") as client:
        yield client


@pytest.fixture
def page(browser, server, office):
    context = browser.new_context(**DESK)
    context.add_cookies([{"name": COOKIE, "value": office.token, "url": server.origin}])
    yield context.new_page()
    context.close()


def test_the_board_is_started_followed_and_played_again(server, office, page):
    # Orange: it is told at once, whatever the hour of the test is.
    text = storms.storm_at(datetime.now(UTC), colour="橙")
    (warning,) = storms.hand_in(office, text)["incidents"]
    board = f"{server.origin}/office/alerts/{warning}"
    page.goto(board)

    page.get_by_role("button", name="是，启动转发").click()
    expect(page.locator("#silent h2")).to_have_text("还没回音 3 位")
    page.evaluate("window.stays = true")
    with signed_in(server.origin, "leader1") as leader:
        building = leader.get("/buildings").text.split('href="/buildings/')[1].split('"')[0]
        said = {"building_id": building, "edition": "1", "channel": "wechat"}
        leader.post(f"/alerts/{warning}/forwards", data=said).raise_for_status()

    expect(page.locator("#silent h2")).to_have_text("还没回音 2 位")
    assert page.evaluate("window.stays")

    page.locator(".town > .town__cell--claimed").click()
    page.get_by_role("button", name="楼里已收到").click()
    expect(page.locator("#picked")).to_contain_text("已确认")
    expect(page.locator(".town > .town__cell--confirmed")).to_have_count(1)

    page.goto(f"{board}/replay")
    page.get_by_role("button", name="播放").click()
    expect(page.locator("#stage .town > .town__cell--confirmed")).to_have_count(1)
