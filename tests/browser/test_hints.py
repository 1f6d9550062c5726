"""Short hints of the first days: each where it belongs, until it was read, for each person anew."""

import pytest

from tests.browser.lent import enter
from tests.browser.walking import ready, sign_in, until
from tests.server.town import PASSWORD

HINT = "aside.tip"
READ = f"{HINT} button"


def hint(page):
    """What the hint of this page says; "" where there is none."""
    found = page.locator(HINT)
    return found.inner_text() if found.count() else ""


def put_away(page):
    page.click(READ)
    until(page, f"() => !document.querySelector('{HINT}')")


def sign_out(page, origin):
    page.goto(f"{origin}/me")
    page.click("form[action='/signout'] button")
    page.wait_for_url("**/signin*")


def test_hints_stand_where_they_belong_until_they_were_read(walker, network, server, door):
    page = walker.start()
    page.goto(f"{network.origin}/today")
    assert "今天去哪几户" in hint(page)
    put_away(page)
    at_door = f"{network.origin}/households/{door}"
    page.goto(at_door)
    assert "开始走访" in hint(page)
    put_away(page)
    server.stop()
    page.goto(f"{network.origin}/outbox")
    assert "已同步" in hint(page)
    put_away(page)
    walker.close()

    page = walker.start()
    for address in (f"{network.origin}/today", at_door, f"{network.origin}/outbox"):
        page.goto(address)
        assert page.locator("h1").count() == 1 and hint(page) == "", address

    page.goto(f"{network.origin}/me")
    page.get_by_text("再看一遍提示").click()
    page.wait_for_url("**/today")
    assert "今天去哪几户" in hint(page)
    page.goto(at_door)
    assert "开始走访" in hint(page)


def test_nobody_has_to_read_them(page, network, door):
    """What one came for works beside them, and no button lies under one."""
    page.goto(f"{network.origin}/households/{door}")

    assert hint(page)
    page.click("a:has-text('开始走访')")  # Playwright taps only what nothing covers
    page.wait_for_url("**/visit")
    assert hint(page) == ""


def test_one_is_put_away_with_the_keyboard_and_has_a_name(page, network):
    page.goto(f"{network.origin}/today")

    assert page.get_by_role("complementary", name="提示").count() == 1
    page.focus(READ)
    page.keyboard.press("Enter")
    until(page, f"() => !document.querySelector('{HINT}')")
    page.reload()
    assert hint(page) == ""


def test_what_one_person_read_the_next_one_still_gets(page, network):
    page.goto(f"{network.origin}/today")
    put_away(page)
    sign_out(page, network.origin)

    sign_in(page, network.origin, "worker2")
    page.goto(f"{network.origin}/today")
    assert hint(page)
    put_away(page)
    sign_out(page, network.origin)

    sign_in(page, network.origin, "worker1")
    page.goto(f"{network.origin}/today")
    assert hint(page) == ""
    page.goto(f"{network.origin}/outbox")
    assert hint(page)


def test_what_was_read_before_the_phone_draws_its_pages_stays_read(context, network):
    page = context.new_page()
    network.fails["/sw.js"] = 500
    page.goto(f"{network.origin}/signin")
    page.fill("#username", "worker1")
    page.fill("#password", PASSWORD)
    page.click("form button.button--main")
    page.wait_for_url("**/today")
    put_away(page)
    page.reload()
    assert hint(page) == ""

    network.fails.clear()
    page.reload()
    ready(page)
    page.goto(f"{network.origin}/today")
    assert hint(page) == ""
    page.goto(f"{network.origin}/outbox")
    assert hint(page)


@pytest.mark.parametrize("mode", ["elder", "normal"])
def test_a_leader_has_other_ones(used, network, mode):
    page = enter(used, network.origin, "leader1")
    page.goto(f"{network.origin}/me")
    page.click(f"button[name=mode][value={mode}]")
    page.goto(f"{network.origin}/")

    assert "您管的楼" in hint(page)
    box = page.locator(READ).bounding_box()
    assert box and box["height"] >= (60 if mode == "elder" else 48)
    put_away(page)
    page.reload()
    assert hint(page) == ""


def test_a_guide_opened_without_a_network_says_the_three_things_that_matter(page, network):
    page.goto(f"{network.origin}/today")
    put_away(page)
    network.fails["*"] = "down"

    page.goto(f"{network.origin}/help/waiting")
    said = page.inner_text("main")
    assert "使用说明要有网络" in said and "现在同步" in said
    assert page.locator("main ol li").count() == 3
    page.click("main form button")
    page.wait_for_url("**/today")
    assert hint(page)
