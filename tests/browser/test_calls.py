"""A worker goes through the weather list without a network; every contact arrives once."""

import pytest

from sync.duties import id_of
from tests.browser.beside import writing_into
from tests.browser.rig import Server
from tests.browser.test_pairs import ENTRIES
from tests.browser.test_refused import rows
from tests.browser.walking import choose, until, until_pill
from tests.browser.warned import INCIDENT, alert_of, put
from tests.server.town import COMMUNITY, ident

LIST = f"/alerts/{INCIDENT}/contacts"
TASKS = "select state, outcome, json_array_length(contacts) from contact_task"


@pytest.fixture
def server(made_town, tmp_path):
    """A gale asks after the one door of worker1's where somebody old lives alone."""
    running = Server(made_town, tmp_path / "data")
    with writing_into(running) as intake:
        put(intake, COMMUNITY, alert_of(intake, colour="orange", title="雷雨大风橙色预警"))
    running.start()
    yield running
    running.stop()


@pytest.fixture
def task(server):
    ((home,),) = rows(server, "select household_id from resident where name = '黄秀珍'")
    return f"/contact-tasks/{id_of(INCIDENT, home)}"


def ask(page, outcome, note=""):
    choose(page, "outcome", outcome)
    if note:
        page.fill("textarea[name=note]", note)
    page.click("#visit form button.button--main")
    page.wait_for_selector("section.saved")


def test_contacts_without_a_network_outlive_the_browser_and_arrive_once(
    walker, network, server, task
):
    page = walker.start()
    page.goto(f"{network.origin}/today")
    page.wait_for_selector("text=还要挨户问平安 1 户")
    network.fails["/sync"] = "down"
    page.click("text=去问平安")
    page.wait_for_selector("text=黄秀珍")
    page.click("text=黄秀珍")
    page.wait_for_selector("#visit form")
    ask(page, "no_answer")
    assert "联系不上" in page.inner_text("#visit") and "待同步" in page.inner_text("#visit")
    walker.kill()

    page = walker.start()
    page.goto(network.origin + task)
    assert "联系不上" in page.inner_text("ol.past")
    ask(page, "needs_help", "屋里进水")
    assert "需要帮助：有网络就到办公室。" in page.inner_text("#visit")
    walker.kill()

    page = walker.start()
    page.goto(network.origin + LIST)
    assert "名单上的都问到了" in page.inner_text("main")
    assert page.evaluate(ENTRIES) == ["alert.contact", "alert.contact"]
    assert rows(server, TASKS) == [("open", "", 0)]
    page.goto(f"{network.origin}/followups")
    assert "需要帮助：屋里进水" in page.inner_text("main")

    network.fails.pop("/sync")
    page.goto(network.origin + LIST)
    until_pill(page, "已同步")
    assert "名单上的都问到了" in page.inner_text("main")
    assert rows(server, TASKS) == [("done", "needs_help", 2)]
    cries = "select level, status from followup where item = ''"
    assert rows(server, cries) == [("red", "open")]
    assert rows(server, "select result from visit where type = 'weather' order by at") == [
        ("no_answer",),
        ("phone_ok",),
    ]


def test_what_was_begun_is_there_again(walker, network, server, task):
    page = walker.start()
    page.goto(f"{network.origin}/today")
    page.wait_for_selector("text=去问平安")
    page.goto(network.origin + task)
    choose(page, "outcome", "moved")
    page.fill("textarea[name=note]", "去了小学")
    page.wait_for_timeout(700)
    walker.kill()

    page = walker.start()
    page.goto(network.origin + task)

    until(page, "() => document.querySelector('textarea[name=note]').value === '去了小学'")
    assert page.is_checked("input[name=outcome][value=moved]")
    page.click("#visit form button.button--main")
    page.wait_for_selector("section.saved")
    until_pill(page, "已同步")
    assert rows(server, TASKS) == [("done", "moved", 1)]


def test_the_list_of_the_weather_is_gone_through_in_the_same_form(page, network, server, task):
    page.goto(network.origin + task)

    page.click("a.checkup__row")
    panel = page.locator("[data-checkup]")
    panel.locator("label.pick:has(input[value=yes])").nth(1).click()
    panel.locator("a.button--main").click()
    ask(page, "safe")
    until_pill(page, "已同步")

    ((checkups,),) = rows(server, "select checkups from visit where type = 'weather'")
    assert '"checklist_id":"CK-WIND"' in checkups
    assert ident("person", "worker1") in rows(server, 'select "by" from contact_task')[0]


def test_a_stand_down_takes_off_what_nobody_began(page, network, server, task):
    page.goto(network.origin + LIST)
    assert "黄秀珍" in page.inner_text("main")

    with writing_into(server) as intake:
        put(intake, COMMUNITY, alert_of(intake, colour="orange", title="解除", state="closed"))

    page.evaluate("navigator.serviceWorker.controller.postMessage({ type: 'sync', why: 'quiet' })")
    until(page, "() => document.querySelector('main').innerText.includes('预警已解除或到期')")
    assert "黄秀珍" not in page.inner_text("main")
    assert rows(server, TASKS) == [("cancelled", "", 0)]
