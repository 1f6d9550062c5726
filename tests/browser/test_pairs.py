"""A leader says on 我的结对 that they were in touch: without a network, killed, and once."""

import re

import httpx
import pytest

from tests.browser.lent import enter
from tests.browser.steps import Stops
from tests.browser.test_killed import SAVED, SAVING, SYNC
from tests.browser.test_refused import rows
from tests.browser.walking import soon, until, until_pill
from tests.server.town import PASSWORD, ident

PHONED = "button[value=phone]"
DONE = "今天已联系"
ENTRIES = """async () => {
    const { read, personal } = await import("/phone/db.js");
    const { current } = await import("/phone/identity.js");
    const all = (tx) => tx.objectStore("operations").getAll();
    const entries = await read(personal((await current()).id), ["operations"], all);
    return entries.map((one) => JSON.parse(one.text).kind);
}"""


@pytest.fixture
def paired(server):
    """The leader of the building looks after an old woman in it."""
    with httpx.Client(base_url=server.origin, timeout=30, follow_redirects=True) as office:
        told = {"username": "office1", "password": PASSWORD}
        office.post("/api/session", json=told).raise_for_status()
        page = office.get("/office/plans").text
        office.headers["X-Form-Token"] = re.search(r'X-Form-Token": "(\w+)"', page)[1]
        ((elder,),) = rows(server, "select id from resident where name = '黄秀珍'")
        url = f"/office/residents/{elder}/pairings"
        form = {"leader_id": ident("person", "leader1"), "name": "", "phone": ""}
        assert office.post(url, data=form).status_code == 200
    ((pairing,),) = rows(server, "select id from pairing")
    return pairing


@pytest.fixture
def stops(network, monkeypatch):
    return Stops(network, monkeypatch)


@pytest.fixture
def leader(paired, owned, network, stops):
    """A browser of the leader's."""
    return owned("leader1")


def made(server):
    return rows(server, "select type, method, result, pairing_id from visit")


def test_a_contact_without_a_network_outlives_the_browser_and_arrives_once(
    paired, leader, network, server, stops
):
    page = leader.start()
    page.goto(f"{network.origin}/pairs")
    page.wait_for_selector(PHONED)
    network.fails["/sync"] = "down"
    page.goto(f"{network.origin}/pairs")
    assert "还没有记过联系" in page.inner_text("main")
    page.click(PHONED)
    page.wait_for_selector(f"text={SAVED}")
    leader.kill()

    page = leader.start()
    page.goto(f"{network.origin}/pairs")
    assert DONE in page.inner_text("main")
    assert page.evaluate(ENTRIES) == ["pairing.contact"]
    stops.arm_answer()
    page.evaluate(SYNC)
    assert stops.reached.wait(10)
    leader.kill()
    assert made(server) == [("phone", "phone", "phone_ok", paired)]

    network.fails.pop("/sync")
    page = leader.start()
    page.goto(f"{network.origin}/pairs")
    until_pill(page, "已同步")
    assert DONE in page.inner_text("main")
    assert made(server) == [("phone", "phone", "phone_ok", paired)]
    assert rows(server, "select contacted_on <> '' from pairing") == [(1,)]


def test_a_contact_that_was_cut_short_is_told_as_it_was_kept(leader, network, server, stops):
    page = leader.start()
    page.goto(f"{network.origin}/pairs")
    page.wait_for_selector(PHONED)
    network.fails["/sync"] = "down"

    kept = 0
    for step in SAVING[:-1]:
        page.goto(f"{network.origin}/pairs")
        stops.arm(step)
        page.evaluate(f"document.querySelector('{PHONED}').click()")
        assert stops.reached.wait(10), step
        was_told = SAVED in page.inner_text("main")
        leader.kill()
        stops.disarm(step)
        page = leader.start()
        page.goto(f"{network.origin}/pairs")
        now = len(page.evaluate(ENTRIES))
        assert now - kept == 1 or (now == kept and not was_told), step
        assert (DONE in page.inner_text("main")) == (now > 0), step
        kept = now

    assert kept
    network.fails.pop("/sync")
    page.goto(f"{network.origin}/pairs")
    until_pill(page, "已同步")
    assert len(made(server)) == kept


def test_two_quick_taps_are_one_contact(paired, used, network, server):
    page = enter(used, network.origin, "leader1")
    page.goto(f"{network.origin}/pairs")

    page.dblclick(PHONED)
    page.wait_for_selector(f"text={DONE}")

    until_pill(page, "已同步")
    assert page.evaluate(ENTRIES) == ["pairing.contact"]
    assert len(made(server)) == 1

    page.click("summary")
    page.click("button[value=door]")
    until(page, f"async () => (await ({ENTRIES})()).length === 2")
    soon(page, lambda: len(made(server)) == 2)
    until_pill(page, "已同步")
