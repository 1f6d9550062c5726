"""A checklist at the door: without a network, killed half-way, two people, and what cannot wait."""

import json
import sqlite3
from typing import Any

import pytest
from playwright.sync_api import Page

from server.people import COOKIE
from tests.browser.beside import submit
from tests.browser.looking import AS_A_PHONE
from tests.browser.rig import Server
from tests.browser.walking import choose, until, until_pill
from tests.server import town

NEVER_DIAL = """() => document.addEventListener("click", (event) => {
    if (event.target.closest(".dial")) event.preventDefault();
})"""


def home(server: Server, name: str = "黄秀珍") -> tuple[str, str]:
    """The door and the id of somebody."""
    with sqlite3.connect(server.folder / "jinlin.db") as db:
        found = db.execute(
            "select household_id, id from resident where name = ?", [name]
        ).fetchone()
    db.close()
    return str(found[0]), str(found[1])


@pytest.fixture
def couple(server: Server) -> tuple[str, str, str]:
    """A door with two who are asked: the door, the wife and the husband."""
    door, wife = home(server)
    who = {"name": "何炳坤", "birth_on": "1938-01-12", "categories": ["oldest_old"]}
    submit(server, "resident.add", {"household_id": door, **who})
    return door, wife, home(server, "何炳坤")[1]


def checkups(server: Server) -> list[dict[str, Any]]:
    """What people were asked at the visits that the server has, oldest first."""
    with sqlite3.connect(server.folder / "jinlin.db") as db:
        rows = db.execute("select checkups from visit order by true_at, id").fetchall()
    db.close()
    return [one for (text,) in rows for one in json.loads(text)]


class Filling:
    """Somebody's checklist on the phone; counts the taps."""

    def __init__(self, page: Page, resident_id: str, code: str = "CK-ELDER") -> None:
        self.page, self.resident_id, self.key = page, resident_id, f"{resident_id}|{code}"
        self.panel = f"#ask-{resident_id}-{code}"
        self.taps = 0

    def tap(self, selector: str) -> None:
        self.taps += 1
        self.page.click(selector)

    def open(self) -> None:
        self.tap(f"a[data-row='{self.panel[1:]}']")
        self.page.wait_for_selector(f"{self.panel}:target")

    def agree(self, said: str = "yes") -> None:
        self.tap(f"{self.panel} label:has(input[name='consent|{self.resident_id}'][value={said}])")

    def answer(self, **said: str) -> None:
        for question, value in said.items():
            name = f"a|{self.key}|{question}"
            self.tap(f"label:has(input[name='{name}'][value={value}])")

    def number(self, question: str, value: int) -> None:
        self.page.fill(f"input[name='a|{self.key}|{question}']", str(value))

    def same(self, section: str) -> None:
        self.tap(f"label:has(input[name='same|{self.key}|{section}'])")

    def shown(self) -> list[str]:
        return self.page.eval_on_selector_all(
            f"{self.panel} [data-question]:not([hidden])",
            "all => all.map((one) => one.dataset.question)",
        )

    def left(self) -> str:
        return self.page.inner_text(f"{self.panel} .checkup__actions small")

    def done(self) -> None:
        self.tap(f"{self.panel} .checkup__actions a:has(small)")

    def save(self) -> None:
        self.tap("#visit form > .actions button.button--main")
        self.page.wait_for_selector("section.saved")


WELL = {"E01": "clear", "E02": "cane", "E04": "none", "E06": "normal", "E08": "calm"}
SAFE = {"E16": "good", "E17": "good", "E24": "yes", "E23": "good"}


def start(page: Page, origin: str, door: str) -> None:
    page.goto(f"{origin}/households/{door}/visit")
    until(page, "async () => Boolean(document.querySelector('[data-checkup]'))")
    choose(page, "result", "met")


def tap_all(filling: Filling) -> None:
    """Everything that is asked for the first time, with nothing to worry about, tap by tap."""
    page = filling.page
    for name in filling.shown():
        one = page.locator(f"{filling.panel} [data-question='{name}']")
        if one.locator("input[inputmode]").count():
            one.locator("button", has_text="0").click()  # the usual number takes no keyboard
        else:
            one.locator("label.pick").first.click()
    assert_answered(filling)


# The same in one go: what the browser does to find and reach what is tapped takes most of a tap.
ALL = """(panel) => {
    const shown = document.querySelectorAll(`${panel} [data-question]:not([hidden])`);
    for (const one of shown) {
        const buttons = [...one.querySelectorAll("button")];
        const isNumber = Boolean(one.querySelector("input[inputmode]"));
        const usual = buttons.find((button) => button.innerText.includes("0"));
        (isNumber ? usual : one.querySelector("label.pick")).click();
    }
}"""


def fill_all(filling: Filling) -> None:
    filling.page.evaluate(ALL, filling.panel)
    assert_answered(filling)


def assert_answered(filling: Filling) -> None:
    assert filling.left() == "都答了"
    assert filling.page.locator(f"{filling.panel} [data-next]").is_hidden()


def test_a_checklist_is_filled_in_without_a_network_and_arrives(page, network, server):
    door, person = home(server)
    server.stop()

    start(page, network.origin, door)
    filling = Filling(page, person)
    filling.open()
    filling.agree()
    tap_all(filling)
    filling.done()
    filling.save()
    server.start()
    until_pill(page, "已同步")

    [checkup] = checkups(server)
    assert checkup["consent"] == "yes"
    assert len(checkup["answers"]) == 26
    assert checkup["answers"]["E01"]["said"] == ["正常"]
    assert checkup["answers"]["E03"]["value"] == 0


def test_nothing_changed_is_told_in_eight_taps(page, network, server):
    door, person = home(server)
    start(page, network.origin, door)
    first = Filling(page, person)
    first.open()
    first.agree()
    fill_all(first)
    first.done()
    first.save()
    until_pill(page, "已同步")

    page.goto(f"{network.origin}/households/{door}")
    again = Filling(page, person)
    again.tap("a[href*='care=1']")
    page.wait_for_selector(f"{again.panel}:target")
    until(page, f"() => document.querySelector('{again.panel} [data-count]') !== null")
    # In the cold months heating is asked every time.
    assert len({*again.shown()} - {"E18"}) == 11
    for section in ("health", "safety", "hygiene", "family"):
        again.same(section)
    assert again.left() == "都答了"
    again.done()
    again.save()

    assert again.taps <= 8
    until_pill(page, "已同步")
    answers = checkups(server)[1]["answers"]
    assert len({*answers} - {"E18"}) == 11
    assert all(one["unchanged"] for one in answers.values())


def test_what_was_tapped_survives_a_killed_browser(walker, network, server):
    door, person = home(server)
    page = walker.start()
    start(page, network.origin, door)
    filling = Filling(page, person)
    filling.open()
    filling.answer(E01="slower", E16="wire")
    filling.number("E03", 1)
    assert "E20" in filling.shown()
    before = filling.left()
    page.wait_for_timeout(400)
    walker.kill()

    page = walker.start()
    page.goto(f"{network.origin}/households/{door}/visit")
    again = Filling(page, person)
    again.open()
    until(
        page,
        f"() => document.querySelector('{again.panel} small[data-left]').innerText === '{before}'",
    )
    flags = page.locator(f"{again.panel} .flag:visible").all_inner_texts()
    assert len(flags) == 3
    assert "用电危险" in " ".join(flags)
    again.done()
    again.save()
    until_pill(page, "已同步")
    assert checkups(server)[0]["answers"]["E03"]["value"] == 1


def test_two_people_of_one_door_are_asked_in_one_visit(couple, page, network, server):
    door, wife, husband = couple

    start(page, network.origin, door)
    for person, legs in ((wife, "cane"), (husband, "free")):
        filling = Filling(page, person)
        filling.open()
        filling.agree()
        filling.answer(**{**WELL, "E02": legs}, **SAFE)
        filling.done()
    filling.save()
    until_pill(page, "已同步")

    asked = {one["resident_id"]: one["answers"] for one in checkups(server)}
    assert asked[wife]["E02"]["value"] == "cane"
    assert asked[husband]["E02"]["value"] == "free"


def test_after_one_of_two_the_next_is_one_tap_away(couple, page, network, server):
    door, wife, husband = couple
    start(page, network.origin, door)
    first, second = Filling(page, wife), Filling(page, husband)
    onward = f"{first.panel} [data-onward]"
    first.open()
    first.agree()
    assert page.is_hidden(onward)

    fill_all(first)
    assert page.inner_text(onward) == "接着问何炳坤"
    first.tap(onward)
    page.wait_for_selector(f"{second.panel}:target")
    second.agree()
    fill_all(second)
    assert page.is_hidden(f"{second.panel} [data-onward]")
    second.done()

    row = page.locator(f"a[data-row='{first.panel[1:]}']")
    until(page, "() => location.hash === '#asked'")
    assert row.bounding_box()["y"] > 0
    assert "都答了" in row.inner_text()


def test_who_was_not_asked_is_said_and_is_one_tap_away(couple, page, network, server):
    door, wife, husband = couple
    second = Filling(page, husband)
    start(page, network.origin, door)
    first = Filling(page, wife)
    first.open()
    first.agree()
    first.answer(**WELL, **SAFE)
    first.done()
    first.save()

    assert "还有何炳坤没问" in page.inner_text("section.saved")
    page.click("section.saved .notice--amber a")
    page.wait_for_selector(f"{second.panel}:target")
    second.agree()
    second.answer(**WELL, **SAFE)
    second.done()
    second.save()
    assert "没问" not in page.inner_text("section.saved")


def test_who_does_not_want_to_be_asked_is_asked_for_safety_only(page, network, server):
    door, person = home(server)
    start(page, network.origin, door)
    filling = Filling(page, person)
    filling.open()
    everything = filling.shown()

    filling.agree("no")

    safety = filling.shown()
    assert len(safety) < len(everything)
    assert {"E01", "E04", "E16", "E17"} <= set(safety)
    assert "E14" not in safety


def test_what_cannot_wait_opens_its_card_offline_and_is_stamped(walker, network, server):
    door, person = home(server)
    page = walker.start()
    page.clock.install()
    server.stop()
    start(page, network.origin, door)
    filling = Filling(page, person)
    filling.open()

    filling.answer(E01="unclear")

    card = f"#card-{person}-CK-ELDER-faint"
    page.wait_for_selector(f"{card}:target")
    assert page.locator(card).bounding_box()["height"] == page.evaluate("innerHeight")
    assert "502" in page.inner_text(f"{card} .redcard__where")
    assert page.get_attribute(f"{card} [data-call='120']", "href") == "tel:120"
    assert page.get_attribute(f"{card} [data-call='office']", "href") == "tel:02000001234"
    assert page.locator(f"{card} [data-ask]").is_hidden()
    page.clock.fast_forward(301_000)
    page.wait_for_selector(f"{card} [data-ask]:not([hidden])")
    # Dialling leaves the page alone; where nothing can dial, only the stamp stays.
    page.evaluate(NEVER_DIAL)
    page.click(f"{card} [data-call='120']")
    assert "已拨" in page.inner_text(f"{card} [data-call='120']")
    assert page.locator(f"{card} [data-ask]").is_hidden()
    page.wait_for_timeout(400)
    walker.kill()

    page = walker.start()
    page.goto(f"{network.origin}/households/{door}/visit")
    page.wait_for_selector(f"{card}:target")
    assert "已拨" in page.inner_text(f"{card} [data-call='120']")
    page.click(f"{card} [data-told]")
    page.wait_for_selector(f"{filling.panel}:target")
    again = Filling(page, person)
    again.done()
    again.save()
    server.start()
    until_pill(page, "已同步")

    [stamped] = checkups(server)[0]["cards"]
    assert stamped["id"] == "faint"
    assert [one["to"] for one in stamped["calls"]] == ["120"]
    assert stamped["opened_at"] < stamped["calls"][0]["at"]
    assert stamped["closed_at"]


def test_a_card_opened_by_mistake_takes_its_answer_back(page, network, server):
    door, person = home(server)
    start(page, network.origin, door)
    filling = Filling(page, person)
    filling.open()
    filling.answer(E17="smell")
    card = f"#card-{person}-CK-ELDER-gas"
    page.wait_for_selector(f"{card}:target")

    page.click(f"{card} [data-mistaken]")

    page.wait_for_selector(f"{filling.panel}:target")
    assert not page.is_checked(f"input[name='a|{filling.key}|E17'][value=smell]")
    assert page.input_value(f"{card} [data-stamps]") == ""
    filling.answer(E17="smell")
    page.wait_for_selector(f"{card}:target")


def test_nothing_and_something_cannot_both_be_ticked(page, network, server):
    door, person = home(server)
    start(page, network.origin, door)
    filling = Filling(page, person)
    filling.open()
    ticked = f"input[name='a|{filling.key}|E16']:checked"
    filling.answer(E16="overload")
    filling.answer(E16="flying")
    assert page.locator(ticked).count() == 2

    filling.answer(E16="good")
    assert page.eval_on_selector_all(ticked, "all => all.map((one) => one.value)") == ["good"]
    filling.answer(E16="overload")
    assert page.eval_on_selector_all(ticked, "all => all.map((one) => one.value)") == ["overload"]


def test_without_scripts_the_server_draws_the_form_again_until_it_is_done(browser, server):
    door, person = home(server)
    signed_in = browser.new_context(**AS_A_PHONE)
    page = signed_in.new_page()
    page.goto(f"{server.origin}/signin")
    page.fill("#username", "worker1")
    page.fill("#password", town.PASSWORD)
    page.click("form button.button--main")
    page.wait_for_url("**/today")
    cookie = next(one for one in signed_in.cookies() if one["name"] == COOKIE)
    signed_in.close()
    plain = browser.new_context(**AS_A_PHONE, java_script_enabled=False)
    plain.add_cookies([cookie])
    page = plain.new_page()

    page.goto(f"{server.origin}/households/{door}/visit")
    choose(page, "result", "met")
    filling = Filling(page, person)
    page.click(f"a[data-row='{filling.panel[1:]}']")
    filling.answer(E01="unclear")
    filling.number("E03", 1)
    filling.done()
    page.click("#visit form > .actions button.button--main")
    assert "清单里还差" in page.inner_text("#visit")
    assert "打开行动卡" in page.inner_text("#visit .notice--red")
    page.click(f"a[data-row='{filling.panel[1:]}']")
    assert page.is_visible(f"{filling.panel} [data-question='E20']")
    filling.done()
    page.click("#visit form > .actions button.button--main")
    page.wait_for_url("**/households/*saved=*")
    plain.close()

    assert checkups(server)[0]["answers"]["E01"]["value"] == "unclear"


def test_what_a_visit_asks_for_is_seen_and_closed_without_a_network(page, network, server):
    door, person = home(server)
    network.fails["/sync"] = "down"
    start(page, network.origin, door)
    filling = Filling(page, person)
    filling.open()
    filling.answer(E16="wire")
    filling.done()
    filling.save()

    page.goto(f"{network.origin}/today")
    page.click("a[href='/followups']")
    page.click("a[href^='/followups/']")
    choose(page, "result", "已办好")
    page.click("#followup button.button--main")
    page.wait_for_selector("#followup .notice--green")
    assert "周晓岚已办结" in page.inner_text("#followup")
    network.fails.clear()
    page.goto(f"{network.origin}/followups")
    until_pill(page, "已同步")

    with sqlite3.connect(server.folder / "jinlin.db") as db:
        found = db.execute("select status, result from followup").fetchall()
    db.close()
    assert found == [("closed", "已办好")]
