"""Lists that change while answers wait on a phone: nothing is refused, and words stay."""

import sqlite3
from typing import Any

import msgspec
from msgspec.structs import replace

from sync.checklists import Question
from sync.default_checklists import default_checklist
from tests.browser.beside import submit
from tests.browser.rig import Server
from tests.browser.test_correcting import open_correction
from tests.browser.test_filling import Filling, checkups, fill_all, home, start
from tests.browser.walking import until_pill

TAKEN = ("code", "title", "purpose", "sections", "questions", "cards")


def changed(question: Question) -> Question:
    """E02 says other words for "cane" and has no "helped"; the rest as it was."""
    if question.id != "E02":
        return question
    kept = [one for one in question.options if one.code != "helped"]
    options = [replace(one, label="用助行器") if one.code == "cane" else one for one in kept]
    return replace(question, ask="走得稳不稳？", options=options)


def publish(server: Server) -> None:
    """The second edition: an option renamed, one taken out, a question taken out."""
    first = default_checklist("CK-ELDER")
    left = [changed(one) for one in first.questions if one.id != "E23"]
    made: dict[str, Any] = msgspec.to_builtins(replace(first, questions=left))
    data = {name: made[name] for name in TAKEN} | {"edition": 2, "from_on": ""}
    assert submit(server, "checklist.publish", data).outcome == "accepted"
    server.start()


def quarantined(server: Server) -> int:
    with sqlite3.connect(server.folder / "jinlin.db") as db:
        (found,) = db.execute(
            "select count(*) from operation where outcome = 'quarantined'"
        ).fetchone()
    db.close()
    return int(found)


def test_f18_answers_that_wait_keep_their_words_when_options_are_renamed_and_taken_out(
    page, network, server
):
    door, person = home(server)
    server.stop()
    start(page, network.origin, door)
    filling = Filling(page, person)
    filling.open()
    filling.agree()
    fill_all(filling)
    filling.answer(E02="helped", E23="poor")
    filling.done()
    filling.save()

    publish(server)
    until_pill(page, "已同步")

    (one,) = checkups(server)
    assert (one["version"], quarantined(server)) == (1, 0)
    told = {name: one["answers"][name] for name in ("E02", "E23")}
    assert [(said["value"], said["said"]) for said in told.values()] == [
        ("helped", ["需人扶"]),
        ("poor", ["差"]),
    ]

    start(page, network.origin, door)
    filling.open()
    asked = page.inner_text(f"{filling.panel} [data-question='E02']")
    assert "走得稳不稳？" in asked and "用助行器" in asked
    assert "上次：需人扶" in asked and asked.count("需人扶") == 1
    assert "E23" not in filling.shown()

    open_correction(filling, network.origin, door)
    asked = page.inner_text(f"{filling.panel} [data-question='E02']")
    assert "需人扶" in asked and "用助行器" not in asked
    assert "E23" in filling.shown()
    filling.answer(E02="cane")
    filling.done()
    page.click("form[action$='/corrections'] button.button--main")
    page.wait_for_selector("ol.past > li[id^=visit-]:not(:has(form[action$=corrections]))")
    until_pill(page, "已同步")

    (one,) = checkups(server)
    assert (one["version"], one["answers"]["E02"]["said"]) == (1, ["拄杖"])
    assert one["answers"]["E23"]["said"] == ["差"]
