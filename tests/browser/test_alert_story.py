"""A storm from its first message to its last, on the phones of those who hand it on."""

import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from types import SimpleNamespace

import httpx
import pytest

from tests.browser.rig import Server
from tests.browser.test_alerts import SEEN, TOLD, tell
from tests.browser.test_refused import rows
from tests.browser.walking import until, until_pill
from tests.server.storms import PLACE, hand_in, storm
from tests.server.town import PASSWORD

BAND = "a.band"


@pytest.fixture
def server(made_town, tmp_path):
    """The community knows where it is."""
    running = Server(made_town, tmp_path / "data")
    with closing(sqlite3.connect(running.folder / "jinlin.db")) as db, db:
        db.execute("update community set division_code = ?", (PLACE,))
    running.start()
    yield running
    running.stop()


@pytest.fixture
def office(server):
    with httpx.Client(base_url=server.origin, timeout=30) as member:
        told = {"username": "office1", "password": PASSWORD}
        member.token = member.post("/api/session", json=told).json()["token"]
        member.cookies.clear()
        yield member


def send(office, name, **more):
    """What the weather service says now."""
    now = SimpleNamespace(clock=SimpleNamespace(now=datetime.now(UTC)))
    (incident,) = hand_in(office, storm(now, name, **more))["incidents"]
    return incident


def test_a_storm_reaches_a_leader_is_told_grows_worse_and_ends(server, office, page_of):
    leader, worker = page_of("leader1"), page_of("worker1")
    assert not leader.is_visible(BAND) and not worker.is_visible(BAND)

    incident = send(office, "a", colour="橙")

    leader.wait_for_selector(f"{BAND} >> text=雷雨大风橙色预警")
    worker.wait_for_selector(f"{BAND} >> text=雷雨大风橙色预警")
    leader.click(BAND)
    leader.click(f"text={SEEN}")
    leader.wait_for_selector(f"text={TOLD}")
    tell(leader, "wechat")
    leader.wait_for_selector("text=都转发了")
    until_pill(leader, "已同步")

    assert send(office, "b", msgType="Update", refers="a", colour="红") == incident
    leader.wait_for_selector("text=文字改了")
    assert "雷雨大风红色预警" in leader.inner_text("#message")
    leader.click(f"text={SEEN}")
    tell(leader, "loudspeaker")
    leader.wait_for_selector("text=都转发了")
    until_pill(leader, "已同步")

    assert send(office, "c", msgType="Cancel", refers="a b") == incident
    leader.wait_for_selector("text=请把解除的话也发到群里")
    assert "解除" in leader.inner_text("#message")
    tell(leader, "notice")
    leader.wait_for_selector("text=不用再转发")
    until_pill(leader, "已同步")
    until(worker, f"() => !document.querySelector('{BAND}')")
    said = "select edition, hop, channel from alert_event where person_id <> '' and hop in"
    assert rows(server, f"{said} ('acknowledged', 'forwarded') order by at") == [
        (1, "acknowledged", ""),
        (1, "forwarded", "wechat"),
        (2, "acknowledged", ""),
        (2, "forwarded", "loudspeaker"),
        (3, "forwarded", "notice"),
    ]


def test_a_drill_reaches_the_chief_alone_and_says_what_it_is(server, office, page_of):
    chief, leader = page_of("chief"), page_of("leader1")

    send(office, "drill", status="Exercise")

    chief.wait_for_selector(f"{BAND} >> text=演练")
    chief.click(BAND)
    chief.wait_for_selector("text=我知道了")
    assert all("演练" in chief.inner_text(one) for one in (".band", "#message"))
    until_pill(leader, "已同步")
    assert not leader.is_visible(BAND)
