"""Answers put right from the phone, without a network."""

import sqlite3

from tests.browser.rig import Server
from tests.browser.test_filling import Filling, checkups, fill_all, home, start
from tests.browser.walking import until, until_pill


def followups(server: Server) -> list[tuple[str, ...]]:
    with sqlite3.connect(server.folder / "jinlin.db") as db:
        rows = db.execute(
            "select item, status, note, closed_by from followup where item <> '' order by item"
        ).fetchall()
    db.close()
    return rows


def open_correction(filling: Filling, origin: str, door: str) -> None:
    page = filling.page
    page.goto(f"{origin}/households/{door}")
    page.click("a[href^='/visits/'][href$='/correction']")
    until(page, "async () => Boolean(document.querySelector('[data-checkup]'))")
    filling.open()


def test_answers_are_put_right_without_a_network_and_their_flags_follow(page, network, server):
    door, person = home(server)
    server.stop()
    start(page, network.origin, door)
    filling = Filling(page, person)
    filling.open()
    filling.agree()
    fill_all(filling)
    filling.answer(E19="blocked")
    filling.done()
    filling.save()
    page.goto(f"{network.origin}/followups")
    blocked = page.locator("a.followup", has_text="逃生")
    assert "待同步" in blocked.inner_text()
    link = blocked.get_attribute("href")

    open_correction(filling, network.origin, door)
    asked = filling.shown()
    filling.answer(E19="clear", E02="helped")
    filling.done()
    page.click("form[action$='/corrections'] button.button--main")
    page.wait_for_selector("ol.past > li[id^=visit-]:not(:has(form[action$=corrections]))")

    page.goto(f"{network.origin}{link}")
    assert "更正后不再成立 · 周晓岚" in page.inner_text("#followup")
    assert len(asked) == 26
    server.start()
    until_pill(page, "已同步")
    (one,) = checkups(server)
    answers = one["answers"]
    assert [answers[name]["value"] for name in ("E19", "E02")] == ["clear", "helped"]
    assert (len(answers), answers["E02"]["said"]) == (26, ["需人扶"])
    closed = [one for one in followups(server) if one[1] == "closed"]
    assert closed == [("CK-ELDER.E19", "closed", "更正后不再成立", "周晓岚")]
