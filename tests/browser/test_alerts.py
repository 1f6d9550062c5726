"""A leader hands a warning on without a network, killed on the way, and every word arrives once."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager

import msgspec
import pytest

from server.intake import Intake, now_utc
from server.store import feed
from server.store.database import Store
from sync.duties import again
from sync.operations import stamp
from sync.records import Duty
from tests.browser.rig import Server
from tests.browser.steps import Stops
from tests.browser.test_killed import SAVING
from tests.browser.test_pairs import ENTRIES, signed_in
from tests.browser.test_refused import rows
from tests.browser.walking import choose, sign_in, until, until_pill
from tests.browser.warned import INCIDENT, TEXT, alert_of, put, warn
from tests.server.town import COMMUNITY, ident

LEADER, CHIEF = ident("person", "leader1"), ident("person", "chief")
SEEN = "我知道了，马上转发"
TOLD = "我已转发"
HOPS = (
    "select hop, channel, count(*) from alert_event where hop <> 'delivered'"
    " group by hop, channel order by min(at), hop"
)
NEWER = "【雷雨大风橙色预警】风更大了。请不要出门。"


@contextmanager
def writing_into(server) -> Iterator[Intake]:
    """As the command line does, beside a server or before it."""
    store = Store(server.folder / "jinlin.db")
    intake = Intake(store, now_utc)
    try:
        yield intake
    finally:
        intake.stop()
        store.close()


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
def page(context, network):
    made = context.new_page()
    sign_in(made, network.origin, "leader1")
    made.goto(url(network))
    return made


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
    phone_browser, network, server, stops
):
    page = signed_in(phone_browser, network)
    network.fails["/sync"] = "down"
    page.goto(f"{network.origin}/buildings")
    page.click("a.band")
    page.wait_for_selector(f"text={SEEN}")
    assert kinds(page) == []
    page.click(f"text={SEEN}")
    page.wait_for_selector(f"text={TOLD}")
    phone_browser.kill()

    page = phone_browser.start()
    page.goto(url(network))
    assert kinds(page) == ["alert.acknowledge"]
    first = page.inner_text("p.step:has-text('发到')")
    tell(page, "wechat")
    page.wait_for_selector("text=微信群已转发")
    assert "待同步" in page.inner_text("ol.past")
    phone_browser.kill()

    page = phone_browser.start()
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
    phone_browser.kill()

    network.fails.pop("/sync")
    page = phone_browser.start()
    page.goto(url(network))
    until_pill(page, "已同步")
    assert "都转发了" in page.inner_text("main") and "待同步" not in page.inner_text("main")
    counts = [("acknowledged", "", 2), ("forwarded", "wechat", 1), ("forwarded", "door", 1)]
    assert rows(server, HOPS) == counts
    late = "select count(*) from alert_event where hop <> 'delivered' and at >= received_at"
    assert rows(server, late) == [(0,)]


def test_a_tap_that_was_cut_short_is_told_as_it_was_kept(phone_browser, network, server, stops):
    page = signed_in(phone_browser, network)
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
        phone_browser.kill()
        stops.disarm(step)
        page = phone_browser.start()
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


def test_the_text_is_copied_and_shared_where_the_browser_can(context, network):
    context.grant_permissions(["clipboard-read", "clipboard-write"], origin=network.origin)
    context.add_init_script("navigator.share = async (said) => { window.shared = said; };")
    page = context.new_page()
    sign_in(page, network.origin, "leader1")
    page.goto(url(network))

    page.click("[data-copy=message]")
    page.wait_for_selector("text=已复制")
    assert page.evaluate("navigator.clipboard.readText()") == TEXT
    page.click("[data-share=message]")
    assert page.evaluate("window.shared") == {"text": TEXT}
    assert kinds(page) == []


def test_without_a_clipboard_the_text_is_selected_and_it_is_said(context, network):
    context.add_init_script(
        "navigator.clipboard.writeText = async () => { throw new Error('not here'); };"
        "document.execCommand = () => false; delete Navigator.prototype.share;"
    )
    page = context.new_page()
    sign_in(page, network.origin, "leader1")
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
