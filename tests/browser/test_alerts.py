"""A leader hands a warning on without a network, killed on the way, and every word arrives once."""

import sqlite3
from contextlib import closing

import msgspec
import pytest

from server.intake import now_utc
from server.store import feed
from sync.duties import again
from sync.operations import stamp
from sync.records import Duty
from tests.browser.beside import writing_into
from tests.browser.lent import enter
from tests.browser.rig import Server
from tests.browser.steps import Stops
from tests.browser.test_killed import SAVING
from tests.browser.test_pairs import ENTRIES
from tests.browser.test_refused import rows
from tests.browser.walking import choose, until, until_pill
from tests.browser.warned import INCIDENT, TEXT, alert_of, put, warn
from tests.server.town import COMMUNITY, ident

LEADER, CHIEF = ident("person", "leader1"), ident("person", "chief")
SEEN = "我知道了，马上转发"
TOLD = "我已转发"
HOPS = (
    "select hop, channel, count(*) from alert_event where hop <> 'delivered'"
    " group by hop, channel order by min(at), hop"
)
NO_CLIPBOARD = """
    navigator.clipboard.writeText = async () => { throw new Error("not here"); };
    document.execCommand = () => false;
    delete Navigator.prototype.share;
"""
NEWER = "【雷雨大风橙色预警】风更大了。请不要出门。"


@pytest.fixture
def server(made_town, tmp_path):
    """leader1 leads two buildings and is asked to tell both; the chief is asked after them."""
    running = Server(made_town, tmp_path / "data")
    with closing(sqlite3.connect(running.folder / "jinlin.db")) as db, db:
        db.execute(
            "insert into person_building (community_id, person_id, building_id, from_on)"
            " select community_id, ?, id, '2026-01-01' from building where compound = '凤凰里'",
            (LEADER,),
        )
    with writing_into(running) as intake:
        warn(intake, LEADER, CHIEF)
    running.start()
    yield running
    running.stop()


@pytest.fixture
def stops(network, monkeypatch):
    return Stops(network, monkeypatch)


@pytest.fixture
def page(used, network):
    made = enter(used, network.origin, "leader1")
    made.goto(url(network))
    return made


@pytest.fixture
def leader(owned, network, stops):
    """A browser of the leader's."""
    return owned("leader1")


def url(network) -> str:
    return f"{network.origin}/alerts/{INCIDENT}"


def kinds(page) -> list[str]:
    found: list[str] = page.evaluate(ENTRIES)
    return found


def tell(page, how) -> None:
    """Say how the building that is next was told."""
    choose(page, "channel", how)
    page.click(f"text={TOLD}")


def test_what_was_told_without_a_network_outlives_the_browser_and_arrives_once(
    leader, network, server, stops
):
    page = leader.start()
    page.goto(f"{network.origin}/buildings")
    page.wait_for_selector("a.band")
    network.fails["/sync"] = "down"
    page.click("a.band")
    page.wait_for_selector(f"text={SEEN}")
    assert kinds(page) == []
    page.click(f"text={SEEN}")
    page.wait_for_selector(f"text={TOLD}")
    leader.kill()

    page = leader.start()
    page.goto(url(network))
    assert kinds(page) == ["alert.acknowledge"]
    first = page.inner_text("p.step:has-text('发到')")
    tell(page, "wechat")
    page.wait_for_selector("text=微信群已转发")
    assert "待同步" in page.inner_text("ol.past")
    leader.kill()

    page = leader.start()
    page.goto(url(network))
    assert "微信群已转发" in page.inner_text("main")
    assert page.inner_text("p.step:has-text('发到')") != first
    tell(page, "door")
    page.wait_for_selector("text=都转发了")
    assert rows(server, HOPS) == []
    network.fails.pop("/sync")
    stops.arm_answer()
    page.evaluate("navigator.serviceWorker.controller.postMessage({ type: 'sync', why: 'quiet' })")
    assert stops.reached.wait(10)
    leader.kill()

    network.fails.pop("/sync")
    page = leader.start()
    page.goto(url(network))
    until_pill(page, "已同步")
    assert "都转发了" in page.inner_text("main") and "待同步" not in page.inner_text("main")
    counts = [("acknowledged", "", 2), ("forwarded", "wechat", 1), ("forwarded", "door", 1)]
    assert rows(server, HOPS) == counts
    late = "select count(*) from alert_event where hop <> 'delivered' and at >= received_at"
    assert rows(server, late) == [(0,)]


def test_a_tap_that_was_cut_short_is_told_as_it_was_kept(leader, network, server, stops):
    page = leader.start()
    page.goto(f"{network.origin}/buildings")
    page.wait_for_selector("a.band")
    network.fails["/sync"] = "down"
    page.goto(url(network))
    page.click(f"text={SEEN}")
    page.wait_for_selector(f"text={TOLD}")

    kept = 1
    for step in SAVING[:-1]:
        page.goto(url(network))
        if TOLD not in page.inner_text("#alert"):
            break
        choose(page, "channel", "sms")
        stops.arm(step)
        page.evaluate("document.querySelector('button[form=forward]').click()")
        assert stops.reached.wait(10), step
        leader.kill()
        stops.disarm(step)
        page = leader.start()
        page.goto(url(network))
        now = len(kinds(page))
        assert now - kept in (0, 1), step
        assert page.inner_text("#alert").count("短信已转发") == now - 1, step
        kept = now

    assert kept == 3
    network.fails.pop("/sync")
    page.goto(url(network))
    until_pill(page, "已同步")
    assert rows(server, HOPS) == [("acknowledged", "", 2), ("forwarded", "sms", 2)]


def test_a_second_quick_tap_says_nothing_more(page, server):
    page.dblclick(f"text={SEEN}")
    page.wait_for_selector(f"text={TOLD}")

    until_pill(page, "已同步")
    assert set(kinds(page)) == {"alert.acknowledge"}
    assert [hop for hop, *_ in rows(server, HOPS)] == ["acknowledged"]


def test_the_text_is_copied_and_shared_where_the_browser_can(used, network):
    used.grant_permissions(["clipboard-read", "clipboard-write"], origin=network.origin)
    share = "navigator.share = async (said) => { window.shared = said; };"
    page = enter(used, network.origin, "leader1", share)
    page.goto(url(network))

    page.click("[data-copy=message]")
    page.wait_for_selector("text=已复制")
    assert page.evaluate("navigator.clipboard.readText()") == TEXT
    page.click("[data-share=message]")
    assert page.evaluate("window.shared") == {"text": TEXT}
    assert kinds(page) == []


def test_without_a_clipboard_the_text_is_selected_and_it_is_said(used, network):
    page = enter(used, network.origin, "leader1", NO_CLIPBOARD)
    page.goto(url(network))

    page.click("[data-copy=message]")
    page.wait_for_selector("text=没能复制")
    assert page.evaluate("String(window.getSelection())") == TEXT
    assert not page.is_visible("[data-share=message]")


def test_a_newer_text_takes_the_place_of_the_old_one_under_the_hand(page, server):
    page.click(f"text={SEEN}")
    page.wait_for_selector(f"text={TOLD}")
    tell(page, "wechat")
    page.wait_for_selector("text=微信群已转发")
    until_pill(page, "已同步")

    with writing_into(server) as intake:
        newer = alert_of(intake, colour="orange", edition=2, message=NEWER)
        put(intake, COMMUNITY, newer, again(duty_of(intake), newer, stamp(now_utc())))

    page.wait_for_selector("text=文字改了")
    assert NEWER in page.inner_text("#message")
    page.click(f"text={SEEN}")
    page.wait_for_selector(f"text={TOLD}")
    tell(page, "wechat")
    until(page, "() => document.querySelector('#alert').innerText.includes('微信群已转发')")
    until_pill(page, "已同步")
    editions = "select edition from alert_event where hop = 'forwarded' order by at"
    assert rows(server, editions) == [(1,), (2,)]


def duty_of(intake) -> Duty:
    with intake.store.read() as tx:
        (found,) = feed.shown(tx, COMMUNITY, f"person:{LEADER}", "duty")
    return msgspec.convert(found, Duty)
