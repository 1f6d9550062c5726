"""A category proposed at the door without a network, and decided by the office."""

import re

import httpx
import pytest

from tests.browser.walking import until, until_pill
from tests.server.town import PASSWORD

# The page that is open hears of it and is drawn anew.
DECIDED = """() => {
    const said = document.querySelector("main").innerText;
    return said.includes("残疾") && !said.includes("已提议");
}"""


@pytest.fixture
def office(server):
    """The office's browser, without one."""
    with httpx.Client(base_url=server.origin, timeout=30, follow_redirects=True) as client:
        told = {"username": "office1", "password": PASSWORD}
        client.post("/api/session", json=told).raise_for_status()
        page = client.get("/office/proposals").text
        client.headers["X-Form-Token"] = re.search(r'X-Form-Token": "(\w+)"', page)[1]
        yield client


def test_a_proposal_waits_at_the_door_until_the_office_has_decided(page, network, office, door):
    door = f"{network.origin}/households/{door}"
    network.fails["/sync"] = "down"

    page.goto(door)
    page.click("text=提议类别")
    page.click("label:has(input[value='disability'])")
    page.click("#proposal button")
    page.wait_for_selector("#proposal .notice--green")
    page.goto(door)
    assert "已提议，待社区确认" in page.inner_text("main")
    assert "残疾" not in page.inner_text(".person__badges")

    network.fails.clear()
    page.goto(f"{network.origin}/me")
    until_pill(page, "已同步")
    page.goto(door)
    assert "已提议，待社区确认" in page.inner_text("main")

    (key,) = set(
        re.findall(r"/office/proposals/kept/([\w-]+)", office.get("/office/proposals").text)
    )
    office.post(f"/office/proposals/kept/{key}", data={"decision": "accept"}).raise_for_status()

    until(page, DECIDED)
