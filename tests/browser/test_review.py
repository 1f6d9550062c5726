"""Exceptions decided with keys alone, and what was sent back as its author finds it."""

import json
import sqlite3
import uuid
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest

from tests.browser.lent import at_desk
from tests.browser.rig import Server
from tests.browser.walking import soon, until, until_pill, visit
from tests.server.town import PASSWORD, ident

SHOWN = "() => document.querySelector('main[id^=visit-]')?.id ?? ''"
WAITING, TOGETHER = 50, 5


class Keys:
    """A keyboard that counts."""

    def __init__(self, page: Any) -> None:
        self.page, self.pressed = page, 0

    def press(self, key: str) -> None:
        self.pressed += 1
        self.page.keyboard.press(key)

    def type(self, words: str) -> None:
        self.pressed += len(words)
        self.page.keyboard.insert_text(words)

    def decide(self, *keys: str) -> int:
        """Press keys until another visit is shown; how many that took."""
        shown, before = self.page.evaluate(SHOWN), self.pressed
        for key in keys:
            self.press(key)
        until(self.page, f"() => ({SHOWN})() !== '{shown}'")
        return self.pressed - before


@pytest.fixture
def desk(browser, server):
    """Opens pages of the office."""
    opened = []

    def of(path: str) -> Any:
        opened.append(at_desk(browser, server.origin, path))
        return opened[-1]

    yield of
    for page in opened:
        page.context.close()


def rows(server: Server, sql: str) -> list[tuple[Any, ...]]:
    with sqlite3.connect(server.folder / "jinlin.db") as db:
        found = db.execute(sql).fetchall()
    db.close()
    return found


def home(server: Server) -> str:
    """A door that worker1 looks after."""
    ((door,),) = rows(server, "select household_id from resident where name = '黄秀珍'")
    return str(door)


def exceptions(server: Server, count: int) -> None:
    """Visits by worker1 at one door, each declined but the last, where nobody answered."""
    door = home(server)
    with httpx.Client(base_url=server.origin, timeout=60) as client:
        told = {"username": "worker1", "password": PASSWORD, "device_name": "测试"}
        session = client.post("/api/session", json=told).json()
        now = datetime.now(UTC).isoformat(timespec="milliseconds")
        said = [("refused", n) for n in range(1, count)] + [("no_answer", count)]
        ops = [
            {
                "id": str(uuid.uuid4()),
                "n": n,
                "kind": "visit.record",
                "at": now,
                "data": {
                    "household_id": door,
                    "type": "phone",
                    "method": "phone",
                    "result": result,
                    "resident_ids": [],
                },
            }
            for result, n in said
        ]
        body = {"protocol": 1, "sent_at": now, "cursors": {}, "limit": 0, "ops": ops}
        client.headers["Authorization"] = f"Bearer {session['token']}"
        answer = client.post("/sync", content=json.dumps(body))
        assert [one["outcome"] for one in answer.json()["receipts"]] == ["accepted"] * count


def test_fifty_exceptions_are_decided_with_two_keys_each_at_most(desk, server):
    exceptions(server, WAITING)
    page = desk("/office/review")
    keys = Keys(page)

    # What is red comes first and cannot be ticked: it is looked at alone.
    keys.press("x")
    assert page.inner_text("[data-picked]") == "0"
    taken = [keys.decide("a")]
    taken += [keys.decide("r", "1") for _ in range(5)]
    taken += [keys.decide("a") for _ in range(WAITING - TOGETHER - 6)]
    for left in range(TOGETHER - 1, -1, -1):
        keys.press("x")
        if left:
            keys.decide("j")
    assert page.inner_text("[data-picked]") == str(TOGETHER)
    keys.press("b")
    keys.type("已电话核实")
    keys.press("Enter")
    page.wait_for_selector("text=都审完了")

    assert max(taken) == 2
    assert keys.pressed == 67
    decided = dict(rows(server, "select review, count(*) from visit group by review"))
    assert decided == {"approved": WAITING - 5, "returned": 5}
    said = rows(server, "select cast(body as text) from operation where kind = 'review.approve'")
    assert sum("已电话核实" in body for (body,) in said) == TOGETHER


def test_a_key_held_down_decides_once_and_words_are_only_words(desk, server):
    exceptions(server, 4)
    page = desk("/office/review")
    keys = Keys(page)
    keys.decide("a")

    page.evaluate(
        "() => document.body.dispatchEvent("
        "new KeyboardEvent('keydown', {key: 'a', repeat: true, bubbles: true}))"
    )
    keys.press("r")
    assert page.evaluate("() => document.activeElement.value") == "1"
    page.keyboard.press("Escape")
    assert page.evaluate("() => document.activeElement.tagName") == "SUMMARY"
    keys.press("b")
    page.keyboard.type("aaa")
    assert page.input_value("#bulk [name=reason]") == "aaa"

    waiting = rows(server, "select count(*) from visit where review = 'waiting'")
    assert waiting == [(3,)]


def test_m_takes_a_visit_and_o_opens_it(desk, server):
    exceptions(server, 2)
    page = desk("/office/review")

    page.keyboard.press("m")
    page.wait_for_selector("text=交给麦咏诗看")
    page.keyboard.press("m")
    page.wait_for_selector("text=谁先看到谁定")
    page.keyboard.press("?")
    assert page.is_visible("dl.keys")
    page.keyboard.press("Escape")
    assert not page.is_visible("dl.keys")
    page.keyboard.press("o")
    page.wait_for_url("**/office/visits/*")


def test_what_was_sent_back_opens_at_its_field_and_comes_back_corrected(
    desk, page_of, door, network, server
):
    phone = page_of("worker1")
    made = visit(phone, network.origin, door, "refused", "说不方便")
    soon(phone, lambda: bool(rows(server, f"select 1 from visit where id = '{made}'")))
    page = desk(f"/office/review/{made}")
    keys = Keys(page)
    keys.press("r")
    keys.press("2")
    page.wait_for_selector("text=已退回")

    phone.goto(f"{network.origin}/today")
    phone.click("p.notice:has-text('请核对结果') a")
    phone.wait_for_selector("form[action$='/corrections']")
    asked = phone.evaluate("() => document.activeElement.innerText")
    assert asked.startswith("结果") and "请核对结果，和备注说的不一样" in asked
    box = phone.evaluate("() => document.activeElement.getBoundingClientRect().toJSON()")
    assert 0 <= box["top"] < 740
    server.stop()
    phone.click("label:has(input[name=result][value=met_family])")
    phone.click("form[action$='/corrections'] button.button--main")
    phone.wait_for_selector("li[id^=visit-]:not(:has(form[action$=corrections]))")
    phone.goto(f"{network.origin}/today")
    assert phone.locator("p.notice:has-text('请核对结果')").count() == 0
    server.start()
    until_pill(phone, "已同步")

    me = ident("person", "office1")
    page.goto(f"{server.origin}/office/review/{made}?to={me}")
    changes = page.inner_text("#changes")
    assert "拒访" in changes and "见到家属" in changes
    keys.press("a")
    page.wait_for_selector("text=已通过。")
    phone.goto(f"{network.origin}/outbox")
    until(phone, "() => document.body.innerText.includes('办公室看过，通过了')")


def test_a_slip_of_the_finger_is_taken_back_with_one_key(desk, server):
    exceptions(server, 3)
    page = desk("/office/review")
    shown = page.evaluate(SHOWN)
    keys = Keys(page)

    assert keys.decide("a") == 1
    assert keys.decide("u") == 1

    assert page.evaluate(SHOWN) == shown, "the one that was taken back is open again"
    assert rows(server, "select distinct review from visit") == [("waiting",)]
    keys.press("x")
    assert page.evaluate("() => document.querySelector('[data-key=u]')") is None
