"""F16: a door is merged while a phone without a network works at it."""

import re
import sqlite3
from contextlib import closing

import httpx
import pytest

from tests.browser.lent import enter
from tests.browser.walking import until_pill, visit, visits_on
from tests.server.office import hidden
from tests.server.town import PASSWORD


@pytest.fixture
def office(server):
    """The office's browser, without one."""
    with httpx.Client(base_url=server.origin, timeout=30, follow_redirects=True) as client:
        told = {"username": "office1", "password": PASSWORD}
        client.post("/api/session", json=told).raise_for_status()
        page = client.get("/office/duplicates").text
        client.headers["X-Form-Token"] = re.search(r'X-Form-Token": "(\w+)"', page)[1]
        yield client


def rows(server, sql, *values):
    with closing(sqlite3.connect(server.folder / "jinlin.db")) as db:
        return db.execute(sql, values).fetchall()


def test_f16_a_visit_at_a_door_that_was_merged_meanwhile_is_the_kept_ones(
    used, network, office, server
):
    page = enter(used, network.origin, "worker1")
    home = page.evaluate("async () => (await (await fetch('/api/session')).json()).person.id")
    keep, drop = rows(
        server,
        """
        select one.id, other.id from household as one
        join household as other on other.building_id = one.building_id and other.id > one.id
        join person_building on person_building.building_id = one.building_id
        where person_building.person_id = ? order by one.id, other.id limit 1
        """,
        home,
    )[0]
    network.fails["/sync"] = "down"
    made = visit(page, network.origin, drop)

    url = f"/office/duplicates/households/{keep}/{drop}"
    asked = office.get(url).text
    picks = dict.fromkeys(re.findall(r'name="(pick_\w+)"', asked), "left")
    merged = office.post(f"{url}/merges", data={**hidden(asked, "/merges"), **picks})
    network.fails.clear()
    page.goto(f"{network.origin}/me")
    until_pill(page, "已同步")

    assert "并到了这里" in merged.text
    assert list(visits_on(network.server)) == [made]
    assert rows(server, "select household_id from visit where id = ?", made) == [(keep,)]
    assert rows(server, "select count(*) from quarantine") == [(0,)]
    (number,) = rows(server, "select door_no from household where id = ?", keep)[0]
    page.goto(f"{network.origin}/households/{drop}")
    assert number in page.inner_text("main")
    page.goto(f"{network.origin}/buildings")
    assert rows(server, "select id from household where id = ?", drop) == []
