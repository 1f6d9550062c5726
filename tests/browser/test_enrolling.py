"""A new phone: from the code on the office's screen to the first visit that the office has."""

import re
import time
from typing import Any

import pytest

from tests.browser.lent import at_desk
from tests.browser.walking import IS_READY, until, until_pill, visits_on

MOST_TAPS = 10
MOST_S = 180
PEOPLE = "/office/people?show=all"


class Hand:
    """Somebody's finger: it knows only what can be seen, and every tap is counted."""

    def __init__(self, page: Any) -> None:
        self.page = page
        self.taps = 0

    def tap(self, words: str) -> None:
        found = self.page.get_by_text(re.compile(words)).locator("visible=true").first
        found.scroll_into_view_if_needed()
        found.tap()
        self.taps += 1

    def touch(self, selector: str) -> None:
        self.page.locator(selector).first.click()
        self.taps += 1


@pytest.fixture
def desk(browser, network):
    """The office's browser, signed in."""
    page = at_desk(browser, network.origin, PEOPLE)
    yield page
    page.context.close()


def code_for(desk: Any, origin: str, name: str) -> str:
    """What the camera reads from the screen."""
    if not desk.url.endswith(PEOPLE):
        desk.goto(origin + PEOPLE)
    desk.get_by_role("link", name=name, exact=True).first.click()
    desk.get_by_role("button", name="登记手机").click()
    desk.wait_for_selector(".enrol__qr")
    address: str = desk.inner_text(".enrol__url")
    return address


def test_a_new_user_enrols_a_phone_and_sends_a_first_visit_in_ten_taps(
    context, network, server, desk
):
    """Three minutes are allowed: ten taps of a person who reads, and what the machine takes."""
    address = code_for(desk, network.origin, "周晓岚")
    page = context.new_page()
    hand = Hand(page)
    began = time.monotonic()

    page.goto(address)  # the camera opened the link
    hand.taps += 1
    page.wait_for_selector("form[action='/card/uses']")
    assert "周**" in page.inner_text("main") and "周晓岚" not in page.inner_text("main")
    hand.tap("是我，登录这部手机")
    page.wait_for_url("**/today")
    until(page, IS_READY, 30)
    page.reload()
    hand.tap("黄秀珍")
    page.wait_for_url("**/households/*")
    hand.tap("^\\s*开始走访\\s*$")
    page.wait_for_url("**/visit*")
    hand.touch("label.pick:has(input[name=result][value=met])")
    hand.touch("#visit form button.button--main")
    page.wait_for_selector("section.saved li[id^=visit-]")
    until_pill(page, "已同步")
    took = time.monotonic() - began

    assert len(visits_on(server)) == 1
    assert hand.taps <= MOST_TAPS, hand.taps
    assert took + hand.taps * 10 <= MOST_S, took  # ten seconds of reading before each tap
    desk.wait_for_selector("text=登记好了", timeout=10_000)


def test_the_code_leaves_no_trace_in_addresses(context, network, desk):
    address = code_for(desk, network.origin, "周晓岚")
    code = address.split("#")[1]
    page = context.new_page()
    sent = []
    page.on("request", lambda one: sent.append((one.url, one.headers)))

    page.goto(address)
    page.wait_for_selector("form[action='/card/uses']")
    assert page.url == f"{network.origin}/card"
    page.get_by_text("是我，登录这部手机").tap()
    page.wait_for_url("**/today")
    page.go_back()
    page.wait_for_selector("text=这里没有码")

    assert all(code not in str(one) for one in sent)
    assert code not in page.evaluate("JSON.stringify([location.href, document.referrer])")


def test_a_code_that_does_not_work_says_why(context, page_of, network, desk):
    gone, spent = (code_for(desk, network.origin, "周晓岚") for _ in range(2))
    first = page_of("worker2")
    first.goto(spent)
    first.get_by_text("是我，登录这部手机").tap()
    first.wait_for_url("**/today")
    foreign = f"{network.origin}/card#of-another-town"
    page = context.new_page()

    said = {spent: "已经用过", gone: "已经作废", foreign: "不是近邻走访发的码"}
    for address, why in said.items():
        page.goto("about:blank")
        page.goto(address)
        page.wait_for_selector(f"[role=alert] >> text={why}")
        assert page.get_by_text("是我，登录这部手机").count() == 0, why


def test_another_code_in_the_same_tab_is_read_too(context, network, desk):
    page = context.new_page()
    page.goto(f"{network.origin}/card")
    page.wait_for_selector("text=这里没有码")
    address = code_for(desk, network.origin, "周晓岚")

    page.evaluate("(to) => { location.href = to; }", address)

    page.wait_for_selector("form[action='/card/uses']")
