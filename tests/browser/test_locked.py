"""The phone behind a PIN: nobody reads it, nothing is lost, and what waits still goes out."""

import sqlite3

import pytest

from tests.browser.clock import set_ahead, with_clock
from tests.browser.lent import Lent, at_desk, enter
from tests.browser.locks import (
    IS_LOCKED,
    IS_OPEN,
    OPEN,
    OTHER,
    PIN,
    found_in,
    give_pin,
    lock,
    press,
    secrets_of,
    tap,
    told,
    unlock,
)
from tests.browser.test_killed import notes_on
from tests.browser.test_media import GO_ON, open_form, photo, save, take
from tests.browser.walking import pill, sign_in, soon, until, until_pill, visit, visits_on
from tests.server.town import ident

PERSON = ident("person", "worker1")
NOTE = "门口新装了扶手"
DRAFT = "写到一半的话"
IDLE_S = 301


def arrived(server):
    """How many pictures the server has."""
    with sqlite3.connect(server.folder / "jinlin.db") as db:
        (count,) = db.execute("select count(*) from media where arrived_at != ''").fetchone()
    db.close()
    return count


def test_without_a_pin_the_files_of_the_profile_say_it_all(walker, network, server, tmp_path, door):
    """So that the next test cannot pass by not looking."""
    page = walker.start()
    visit(page, network.origin, door, note=NOTE)
    walker.close()

    words = secrets_of(server.folder) | {NOTE}
    found = set().union(*found_in(tmp_path / "profile", words).values())

    assert {NOTE, "黄秀珍", "梁建国"} <= found


def test_behind_a_pin_the_files_of_the_profile_say_nothing(walker, network, server, tmp_path, door):
    page = walker.start()
    give_pin(page, network.origin)
    server.stop()
    visit(page, network.origin, door, note=NOTE)
    open_form(page, network.origin, door)
    take(page, photo(1600, 1200, 1))
    page.fill("textarea[name=note]", DRAFT)
    page.wait_for_timeout(500)
    page.goto(f"{network.origin}/search")
    page.fill("#q", "黄秀珍")
    page.press("#q", "Enter")
    page.wait_for_selector("#found a")
    page.goto(f"{network.origin}/outbox")
    walker.close()

    words = secrets_of(server.folder) | {NOTE, DRAFT}
    assert len(words) > 8
    assert found_in(tmp_path / "profile", words) == {}

    page = walker.start()
    page.goto(f"{network.origin}/households/{door}/visit")
    unlock(page)
    until(page, f"() => document.querySelector('textarea[name=note]').value === '{DRAFT}'")
    assert page.locator("#photos li img").count() == 1
    page.goto(f"{network.origin}/households/{door}")
    assert NOTE in page.inner_text("#page")
    server.start()
    until_pill(page, "已同步")
    assert notes_on(server)[NOTE] == 1


def test_a_locked_phone_shows_nothing_and_sends_what_it_cannot_read(walker, server, network, door):
    page = walker.start()
    give_pin(page, network.origin)
    network.fails["*"] = "down"
    open_form(page, network.origin, door)
    take(page, photo(800, 600, 2))
    page.fill("textarea[name=note]", NOTE)
    save(page)
    visit(page, network.origin, door, note="第二条")
    walker.kill()

    page = walker.start()
    page.goto(f"{network.origin}/households/{door}")
    until(page, IS_LOCKED)
    assert "黄" not in page.content()
    assert pill(page) == "离线 · 3 条"
    for path in ("/today", "/search?q=1", "/outbox", "/me", "/"):
        page.goto(f"{network.origin}{path}")
        assert page.locator("[data-pin=open]").count() == 1, path
    network.fails.clear()
    page.evaluate(GO_ON)
    until(
        page, f"async () => (await (await import('/phone/standing.js')).unsent('{PERSON}')) === 0"
    )

    assert notes_on(server)[NOTE] == notes_on(server)["第二条"] == 1
    assert arrived(server) == 1
    unlock(page)
    page.goto(f"{network.origin}/households/{door}")
    until(page, f"() => document.body.innerText.includes('{NOTE}')")
    until_pill(page, "已同步")


def wrong(page, origin, pin, count, first=1):
    """Try a wrong PIN this often, each as soon as it may be tried; what the last was answered."""
    for at in range(count):
        set_ahead(page, (first + at) * 1000)
        said = told(page, act="open", pin=pin)
    return said


@pytest.fixture(scope="module")
def lent(browser):
    """A phone whose clock can be moved."""
    made = Lent(browser, with_clock)
    yield made
    made.throw_away()


@pytest.fixture
def locking(page, network):
    """worker1's page, behind a PIN."""
    give_pin(page, network.origin)
    return page


def test_wrong_pins_slow_down_and_the_tenth_erases_what_the_server_has(
    locking, server, network, door
):
    page = locking
    network.fails["/sync"] = network.fails["/live"] = "down"
    made = visit(page, network.origin, door, note=NOTE)
    open_form(page, network.origin, door)
    take(page, photo(800, 600, 3))
    save(page)
    lock(page)
    press(page, OTHER)
    until(page, "() => document.body.innerText.includes('还可以试 9 次')")

    assert "清掉" not in page.inner_text("[data-pin-wrong]")
    assert told(page, act="open", pin=OTHER)["left"] == 8
    third = told(page, act="open", pin=OTHER)
    assert (third["left"], third["wait_s"]) == (7, 30)
    assert told(page, act="open", pin=PIN)["error"] == "wait"
    assert wrong(page, network.origin, OTHER, 1)["wait_s"] == 60
    set_ahead(page, -5_000_000)
    assert 0 < told(page, act="open", pin=PIN)["wait_s"] <= 900
    assert wrong(page, network.origin, OTHER, 4, first=2)["left"] == 2
    set_ahead(page, 8_000)
    press(page, OTHER)
    until(page, "() => document.body.innerText.includes('还可以试 1 次')")
    assert "请等 15 分钟再试" in page.inner_text("[data-pin-wrong]")
    assert "没发出去的不会丢" in page.inner_text("[data-pin-last]")
    set_ahead(page, 9_000)
    press(page, OTHER)
    until(page, "() => document.body.innerText.includes('输错 10 次')")
    assert page.locator("[data-digit]").count() == 0
    page.click("[data-pin-wiped] a")
    page.wait_for_url("**/signin**")

    page.goto(f"{network.origin}/households/{door}")
    until(page, "() => location.pathname === '/signin'")
    set_ahead(page, 0)
    network.fails.clear()
    sign_in(page, network.origin, "worker1")
    until(
        page, f"async () => (await (await import('/phone/standing.js')).unsent('{PERSON}')) === 0"
    )
    assert visits_on(server)[made] == PERSON
    assert len(visits_on(server)) == 2
    assert arrived(server) == 1
    page.goto(f"{network.origin}/households/{door}")
    until(page, f"() => document.body.innerText.includes('{NOTE}')")


def test_five_minutes_without_a_touch_lock_it_and_a_clock_set_back_does_not_open_it(
    locking, network, door
):
    page = locking
    set_ahead(page, IDLE_S - 60)
    page.goto(f"{network.origin}/households/{door}")
    until(page, IS_OPEN)
    set_ahead(page, IDLE_S)
    page.goto(f"{network.origin}/households/{door}")
    until(page, IS_LOCKED)
    set_ahead(page, 0)
    page.goto(f"{network.origin}/today")
    until(page, IS_LOCKED)
    unlock(page)
    set_ahead(page, -3600)
    page.goto(f"{network.origin}/today")
    until(page, IS_LOCKED)


def test_a_page_that_was_left_alone_locks_itself_and_hides_what_it_showed(context, network):
    network.rewrite = with_clock
    page = enter(context, network.origin, "worker1")
    give_pin(page, network.origin)
    page.clock.install()
    page.goto(f"{network.origin}/today")
    until(page, IS_OPEN)
    page.wait_for_timeout(1000)
    set_ahead(page, IDLE_S)
    page.clock.fast_forward(IDLE_S * 1000)
    until(page, IS_LOCKED)


def test_a_worker_that_was_stopped_gets_the_key_back_from_the_page(locking, network, door, used):
    page = locking
    page.goto(f"{network.origin}/today")
    page.wait_for_timeout(500)
    for path in (f"/households/{door}", "/today", "/me"):
        session = used.new_cdp_session(page)
        session.send("ServiceWorker.enable")
        session.send("ServiceWorker.stopAllWorkers")
        page.goto(f"{network.origin}{path}")
        assert page.locator("[data-pin]").count() == 0, path
        page.wait_for_timeout(300)
    other = used.new_page()
    other.goto(f"{network.origin}/today")
    until(other, IS_OPEN)
    page.click("[data-lock]")
    until(page, IS_LOCKED)
    until(other, IS_LOCKED)
    session = used.new_cdp_session(page)
    session.send("ServiceWorker.enable")
    session.send("ServiceWorker.stopAllWorkers")
    page.goto(f"{network.origin}/today")
    until(page, IS_LOCKED)
    unlock(page)
    until(other, IS_OPEN)


def test_after_72_hours_without_the_server_the_pin_opens_nothing_until_it_was_reached(
    locking, server, network, door
):
    page = locking
    network.fails["*"] = "down"
    made = visit(page, network.origin, door)
    for hours in (20, 40, 60, 30):  # set back by half, which takes nothing off
        set_ahead(page, hours * 3600)
        page.goto(f"{network.origin}/today")
        page.wait_for_selector("[data-pin=open]")
    set_ahead(page, 50 * 3600)
    page.goto(f"{network.origin}/today")
    page.wait_for_selector("[data-pin=away]")
    with page.expect_navigation():  # pages that are locked look again once the PIN was given
        page.evaluate(OPEN, PIN)
    page.wait_for_selector("[data-pin=away]")
    page.goto(f"{network.origin}/households/{door}")
    page.wait_for_selector("[data-pin=away]")
    page.click("[data-pin-reach]")
    page.wait_for_selector("[data-pin=away] >> text=还是连不上社区")

    network.fails.clear()
    page.click("[data-pin-reach]")
    page.wait_for_selector("[data-pin=away]", state="detached")
    soon(page, lambda: visits_on(server).get(made) == PERSON)
    page.goto(f"{network.origin}/today")
    if page.locator("[data-pin=open]").count():
        unlock(page)
    until(page, IS_OPEN)


def test_a_pin_is_changed_and_taken_away_and_everything_is_still_there(page, server, network, door):
    network.fails["/sync"] = "down"
    made = [visit(page, network.origin, door, note=NOTE)]
    assert told(page, act="new", pin="123456")["error"] == "weak"
    give_pin(page, network.origin)
    made.append(visit(page, network.origin, door, note="设了以后"))
    page.goto(f"{network.origin}/me/pin?way=change")
    page.wait_for_selector("[data-pin=change]")
    tap(page, PIN)
    tap(page, "111111")
    page.wait_for_selector("text=这个密码太好猜")
    for pin in (OTHER, PIN):
        press(page, pin)
    page.wait_for_selector("text=两次不一样")
    assert page.inner_text("#pin-ask") == "输入新密码"
    for pin in (OTHER, OTHER):
        press(page, pin)
    until(page, "() => document.body.innerText.includes('密码换好了')")
    lock(page)
    page.goto(f"{network.origin}/today")
    assert told(page, act="open", pin=PIN)["error"] == "wrong"
    unlock(page, OTHER)
    page.goto(f"{network.origin}/me/pin?way=remove")
    page.wait_for_selector("[data-pin=remove]")
    press(page, OTHER)
    until(page, "() => document.body.innerText.includes('密码锁取消了')")
    page.goto(f"{network.origin}/outbox")
    assert page.locator("[id^=queued-]").count() == 2

    network.fails.clear()
    page.evaluate(GO_ON)
    until_pill(page, "已同步")
    assert set(made) <= set(visits_on(server))
    assert notes_on(server)[NOTE] == notes_on(server)["设了以后"] == 1


def test_whoever_signs_in_on_a_locked_phone_sees_and_sends_only_their_own(
    locking, server, network, door
):
    page = locking
    network.fails["/sync"] = "down"
    made = visit(page, network.origin, door, note=NOTE)
    lock(page)
    page.evaluate("() => fetch('/signout', { method: 'POST', redirect: 'manual' })")
    network.fails.clear()
    sign_in(page, network.origin, "worker2")
    page.goto(f"{network.origin}/today")
    until(page, IS_OPEN)
    until_pill(page, "已同步")

    assert made not in visits_on(server)
    page.goto(f"{network.origin}/households/{door}")
    assert NOTE not in page.content() and "黄秀珍" not in page.content()


def test_where_the_office_wants_a_pin_a_phone_asks_for_one_first(
    page, browser, server, network, door
):
    desk = at_desk(browser, server.origin, "/office/phones")
    desk.click("#phone-lock button")
    desk.wait_for_selector("#phone-lock button[value='0']")
    desk.context.close()

    page.goto(f"{network.origin}/today")
    page.evaluate(GO_ON)
    until(page, "async () => (await fetch('/today')).ok")
    page.wait_for_timeout(1500)
    page.goto(f"{network.origin}/households/{door}")
    page.wait_for_selector("[data-pin=new]")
    assert "社区要求" in page.inner_text("#page")
    page.goto(f"{network.origin}/outbox")
    assert page.locator("[data-pin]").count() == 0
    give_pin(page, network.origin)
    page.goto(f"{network.origin}/households/{door}")
    until(page, IS_OPEN)
