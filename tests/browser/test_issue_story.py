"""One issue through all hands: raised at a door without a network, called up, seen to, closed, and
read by whoever raised it."""

from typing import Any

import pytest

from tests.browser import lent
from tests.browser.rig import Network
from tests.browser.test_issues import GO_ON, issues, step
from tests.browser.walking import soon, until, until_pill

SAID = "楼道口的井盖塌了，黄秀珍差点踩空"
ASKED = "井盖塌陷，请市政来换"
SAYS = "async (words) => (await (await fetch('/issues')).text()).includes(words)"


@pytest.fixture
def at_desk(browser, network: Network):
    """Opens a desk of somebody of the office or the street."""
    opened = []

    def open_one(username: str) -> Any:
        opened.append(lent.at_desk(browser, network.origin, "/", username))
        return opened[-1]

    yield open_one
    for page in opened:
        page.context.close()


def test_an_issue_of_a_door_goes_through_all_hands_and_back(page, door, network, at_desk):
    origin = network.origin
    network.fails["*"] = "down"
    page.goto(f"{origin}/households/{door}/issue")
    page.fill("textarea[name=text]", SAID)
    page.select_option("select[name=category]", "utility_fault")
    page.click("#issue form button.button--main")
    page.wait_for_selector("#issue .notice--green")
    assert issues(network.server) == []
    network.fails.clear()
    page.evaluate(GO_ON)
    until_pill(page, "已同步")

    office = at_desk("office1")
    office.goto(f"{origin}/office/issues")
    office.keyboard.press("1")
    said(office, "已受理。")
    give(office, "周晓岚")
    ask_the_street(office)

    street = at_desk("street")
    add_department(street, origin, "市政养护所", "87650009")
    street.goto(f"{origin}/office/calls")
    street.click("table a:has-text('水电气故障')")
    assert ASKED in street.inner_text("main")
    assert "黄秀珍" not in street.content() and "差点踩空" not in street.content()
    street.check("label:has-text('市政养护所') input")
    street.fill("form[action$='/departments'] textarea[name=words]", "两小时内到")
    street.click("button:has-text('记下呼叫')")
    said(street, "已记呼叫 1 个部门。")
    hears(page, "部门呼叫中")
    street.click("button:has-text('到场了')")
    said(street, "已记到场。")
    street.click("summary:has-text('记反馈')")
    street.fill("details[open] textarea[name=words]", "换了新井盖")
    street.click("details[open] button:has-text('记反馈')")
    said(street, "已记反馈。")

    hears(page, "换了新井盖")
    network.fails["*"] = "down"
    page.goto(f"{origin}/issues/todo")
    page.click("a.door:has-text('井盖塌了')")
    step(page, "办好了", words="踩过，很稳")
    network.fails.clear()
    page.evaluate(GO_ON)
    until_pill(page, "已同步")

    office.goto(f"{origin}/office/issues?show=done_pending_check")
    assert "踩过，很稳" in office.inner_text("main")
    office.keyboard.press("1")
    office.click("#decide details[open] button.button--main")
    said(office, "已办结。")
    soon(page, lambda: issues(network.server)[0]["state"] == "closed")
    hears(page, "已办结")
    network.fails["*"] = "down"
    page.goto(f"{origin}/issues")
    read = page.inner_text("main")
    assert "没有在办的事" in read and SAID in read
    told = [read.index(one) for one in ("两小时内到", "换了新井盖", "踩过，很稳")]
    assert told == sorted(told, reverse=True), "the latest first"
    (made,) = issues(network.server)
    assert (made["by_name"], made["done_by_name"], made["checked_by_name"]) == (
        "周晓岚",
        "周晓岚",
        "麦咏诗",
    )
    assert made["household_id"] == door


def said(page: Any, words: str) -> None:
    page.wait_for_selector(f"[role=status]:has-text('{words}')")


def hears(phone: Any, words: str) -> None:
    """The phone fetches what is new until its holder can read these words."""
    phone.evaluate(GO_ON)
    until(phone, f"() => ({SAYS})('{words}')")


def give(office: Any, name: str) -> None:
    office.click("#decide > details > summary:has-text('分派')")
    office.select_option("#decide details[open] select[name=holder_id]", label=f"{name} 网格员")
    office.click("#decide details[open] button.button--main")
    said(office, "已分派")


def ask_the_street(office: Any) -> None:
    office.click("#decide > details > summary:has-text('更多')")
    office.click("#decide details[open] summary:has-text('请街道呼叫部门')")
    office.fill("#decide details details[open] textarea[name=words]", ASKED)
    office.click("#decide details details[open] button.button--main")
    said(office, "已请街道呼叫部门。")


def add_department(street: Any, origin: str, name: str, number: str) -> None:
    street.goto(f"{origin}/office/departments")
    street.fill("form[action='/office/departments'] input[name=name]", name)
    street.fill("form[action='/office/departments'] input[name=phone]", number)
    street.click("form[action='/office/departments'] button.button--main")
    street.wait_for_selector(f"article:has-text('{name}')")
