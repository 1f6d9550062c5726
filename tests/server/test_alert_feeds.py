"""Feeds: set up and tried out by the office, asked by the job, their state told as it is."""

import re
import threading
import time

import pytest

from server.alerts.polling import Polling
from server.store import alert_feeds
from tests.alerts.messages import INFO, cap
from tests.alerts.station import Page, item, rss, running
from tests.alerts.vendors import qweather_v7
from tests.server.office import rows_of
from tests.server.test_alert_entry import CODE, GALE, filled, read
from tests.server.town import SECRET

PATH = "/office/alert-feeds"
# The town's clock: 2026-09-15 10:00 in the community.
SENT, ENDS = "2026-09-15T09:50:00+08:00", "2026-09-15T15:50:00+08:00"


@pytest.fixture
def station():
    with running() as station:
        yield station


@pytest.fixture
def placed(town):
    """The community has said where it is; its own job does not ask in between."""
    town.app.state.scheduler.pause()
    town.submit("office1", "community.change", {"changes": {"division_code": CODE}})
    return town


def info(code="440304000000", headline="清龙区气象台发布雷雨大风黄色预警"):
    geocode = f"<geocode><valueName>CPEAS</valueName><value>{code}</value></geocode>"
    area = f"<area><areaDesc>清龙区</areaDesc>{geocode if code else ''}</area>"
    return (
        INFO.replace("2026-08-07T15:10:00+08:00", ENDS)
        .replace("<area><areaDesc>清龙区</areaDesc></area>", area)
        .replace("清龙市气象台发布雷雨大风黄色预警", headline)
    )


def message(name, **more):
    return cap(info(**more), identifier=name, sent=SENT)


def add(member, url, **more):
    fields = {"name": "市气象台", "url": url, "scope": "list", "every": "60", "is_on": "1"}
    return member.submit(PATH, **{**fields, "do": "save", **more})


def ask(town):
    return Polling(town.intake, SECRET).run()


def alerts(town):
    return sorted(rows_of(town, "alert"), key=lambda row: row["id"])


def test_what_a_feed_brings_becomes_a_warning_once(placed, office, station):
    link = station.put("/a.xml", message("a"))
    add(office, station.put("/rss.xml", rss(item(link, updated=SENT))))

    assert ask(placed) == 1
    assert ask(placed) == 0  # not due yet
    placed.clock.pass_(minutes=1)
    assert ask(placed) == 1

    (alert,) = alerts(placed)
    assert (alert["kind"], alert["colour"], alert["state"]) == ("雷雨大风", "yellow", "open")
    assert alert["is_verified"] == 1
    (kept,) = rows_of(placed, "alert_message")
    assert (kept["source"], bytes(kept["raw"])) == ("feed", message("a").encode())
    (feed,) = rows_of(placed, "alert_feed")
    assert (kept["feed_id"], feed["taken"]) == (feed["id"], 1)


def test_what_is_for_elsewhere_is_not_taken(placed, office, station):
    add(office, station.put("/a.xml", message("a", code="440305000000")))

    ask(placed)

    assert alerts(placed) == []
    assert rows_of(placed, "alert_message") == []
    assert "还没有本社区的预警" in office.get(PATH).text


def test_a_service_asked_for_one_place_is_bound_to_the_community(placed, office, station):
    row = {"pubTime": "2026-09-15T09:50+08:00", "endTime": "2026-09-15T15:50+08:00"}
    add(office, station.put("/now", qweather_v7(row)), scope="here")

    ask(placed)

    (alert,) = alerts(placed)
    assert alert["state"] == "open"


def test_an_empty_feed_is_normal_and_a_failing_one_never_reads_as_no_alerts(
    placed, office, station
):
    add(office, station.put("/rss.xml", rss()), name="空的")
    add(office, f"{station.origin}/gone.xml", name="坏的")
    ask(placed)

    for path in (PATH, "/office/alerts"):
        page = office.get(path).text
        assert page.count("取不到</") >= 1
        assert "地址上没有内容（404）" in page
        assert "从来没有成功过" in page
        assert "正常" in page
    assert "取不到不等于没有预警" in office.get("/office/alerts").text


def test_a_feed_that_failed_tells_since_when_and_when_it_last_worked(placed, office, station):
    add(office, station.put("/rss.xml", rss()))
    ask(placed)
    station.put("/rss.xml", Page("oops", status=500))
    placed.clock.pass_(minutes=5)
    ask(placed)
    placed.clock.pass_(minutes=20)
    ask(placed)

    page = office.get(PATH).text
    assert "今天 10:05起取不到" in page
    assert "服务器出错（500）" in page
    assert "最后一次成功 今天 10:00" in page

    station.put("/rss.xml", rss())
    placed.clock.pass_(minutes=20)
    ask(placed)
    assert "取不到</" not in office.get(PATH).text


def test_without_a_place_a_list_is_not_asked_and_says_why(town, office, station):
    town.app.state.scheduler.pause()
    add(office, station.put("/rss.xml", rss()))
    ask(town)

    assert not station.asked
    assert "还没有填本社区的区划代码" in office.get(PATH).text


def test_two_runs_at_once_ask_once(placed, office, station):
    add(office, station.put("/rss.xml", rss()))
    (feed,) = rows_of(placed, "alert_feed")

    now, until = "2026-09-15T02:00:00.000+00:00", "2026-09-15T02:03:00.000+00:00"

    def claim(name):
        return placed.intake.do(
            placed.community,
            lambda writing: alert_feeds.claim(
                writing.tx, placed.community, feed["id"], name, now, until
            ),
        )

    assert (claim("one"), claim("two")) == (True, False)
    assert ask(placed) == 0
    placed.clock.pass_(minutes=4)  # whoever held it is gone
    assert ask(placed) == 1


def test_a_server_that_stops_lets_go_of_a_slow_feed(placed, office, station):
    slow = Page(b" " * 1000)
    slow.drip_s = 0.05
    add(office, station.put("/slow", slow))
    polling = Polling(placed.intake, SECRET)
    running_one = threading.Thread(target=polling.run)
    running_one.start()
    until = time.monotonic() + 10
    while not station.asked and time.monotonic() < until:
        time.sleep(0.01)

    polling.stop()
    running_one.join(5)

    assert not running_one.is_alive()
    assert polling.run() == 0
    (feed,) = rows_of(placed, "alert_feed")
    assert feed["claim"], "whoever starts next asks again when the claim is over"


def test_a_round_of_a_feed_that_was_changed_meanwhile_is_forgotten(placed, office, station):
    add(office, station.put("/rss.xml", rss()))
    (feed,) = rows_of(placed, "alert_feed")
    office.submit(f"{PATH}/{feed['id']}/changes", name="新名", scope="list", every="300", do="save")

    (changed,) = rows_of(placed, "alert_feed")
    assert (changed["name"], changed["every_s"], changed["is_on"]) == ("新名", 300, 0)
    assert ask(placed) == 0  # switched off


def test_a_forwarded_text_is_verified_by_the_feed_that_says_the_same(placed, office, station):
    office.submit("/office/alerts", **filled(read(office, GALE).text))
    assert "转发，未核实" in office.get("/office/alerts").text
    asked = len(rows_of(placed, "duty"))
    add(office, station.put("/a.xml", message("a")))
    ask(placed)

    opened = [row for row in alerts(placed) if row["state"] == "open"]
    assert [row["is_verified"] for row in opened] == [1]
    assert len(rows_of(placed, "duty")) == asked, "nobody is asked twice"
    assert {row["edition"] for row in rows_of(placed, "duty")} <= {1}
    assert "转发，未核实" not in office.get("/office/alerts").text
    for row in rows_of(placed, "alert_message"):
        assert "未核实" not in office.get(f"/office/alerts/messages/{row['id']}").text


def test_what_is_forwarded_later_has_to_be_verified_anew(placed, office, station):
    add(office, station.put("/a.xml", message("a")))
    ask(placed)
    orange = GALE.replace("09时50分发布", "09时55分变更发布").replace("黄色", "橙色")
    office.submit("/office/alerts", **filled(read(office, orange).text))

    (alert,) = alerts(placed)
    assert (alert["colour"], alert["is_verified"]) == ("orange", 0)
    shown = [
        office.get(f"/office/alerts/messages/{row['id']}").text
        for row in rows_of(placed, "alert_message")
    ]
    assert sorted("未核实" in page for page in shown) == [False, True]
    said = cap(info(headline="清龙区气象台变更发布雷雨大风橙色预警"), identifier="b")
    said = said.replace("2026-08-07T09:10:00+08:00", "2026-09-15T09:55:00+08:00")
    station.put("/a.xml", said)
    placed.clock.pass_(minutes=2)
    ask(placed)

    (alert,) = alerts(placed)
    assert (alert["colour"], alert["is_verified"]) == ("orange", 1)


def test_a_feed_that_says_something_else_verifies_nothing(placed, office, station):
    office.submit("/office/alerts", **filled(read(office, GALE).text))
    add(office, station.put("/a.xml", message("a", headline="清龙区气象台发布暴雨黄色预警")))
    ask(placed)

    assert sorted(row["is_verified"] for row in alerts(placed)) == [0, 1]


@pytest.fixture
def undecided(placed, office, station):
    """A warning that names its area in words only."""
    add(office, station.put("/a.xml", message("a", code="")))
    ask(placed)
    (alert,) = alerts(placed)
    return alert


def decide(office, alert, decision):
    return office.submit(f"/office/alerts/{alert['id']}/{decision}", reason="不属于本社区")


def test_a_warning_whose_area_nobody_can_tell_waits_and_is_sent_to_nobody(
    placed, office, undecided
):
    assert undecided["state"] == "waiting"
    assert rows_of(placed, "duty") == []
    page = office.get("/office/alerts").text
    assert "属于本社区，启动" in page
    assert re.search(r'href="/office/alerts" aria-current="page">.*?<b>1</b>', page)


@pytest.mark.parametrize(
    ("decision", "state", "said"),
    [("starts", "open", "雷雨大风黄色预警"), ("dismissals", "dismissed", "不属于本社区")],
)
def test_the_office_decides_what_nobody_could_tell_once(
    placed, office, undecided, decision, state, said
):
    page = decide(office, undecided, decision)

    (alert,) = alerts(placed)
    assert alert["state"] == state
    assert bool(rows_of(placed, "duty")) == (decision == "starts")
    assert said in page.text
    assert decide(office, undecided, "dismissals").status_code == 409
    assert alerts(placed) == [alert]


def test_what_was_dismissed_by_mistake_can_still_be_started_once(placed, office, undecided):
    decide(office, undecided, "dismissals")
    first, second = (decide(office, undecided, "starts") for _ in range(2))

    assert (first.status_code, second.status_code) == (200, 409)
    assert [row["state"] for row in alerts(placed)] == ["open"]
    done = [row["action"] for row in placed.audit() if row["action"].startswith("alert.")]
    assert done == ["alert.dismiss", "alert.start"]


def test_what_was_dismissed_stays_so_when_its_sender_goes_on(placed, office, station, undecided):
    decide(office, undecided, "dismissals")
    later = cap(
        info(code="", headline="清龙区气象台继续发布雷雨大风黄色预警"),
        identifier="b",
        sent="2026-09-15T10:00:30+08:00",
        msgType="Update",
    )
    placed.clock.pass_(minutes=2)
    station.put("/a.xml", later)
    ask(placed)

    assert len(rows_of(placed, "alert_message")) == 2
    assert [row["state"] for row in alerts(placed)] == ["dismissed"]
    assert rows_of(placed, "duty") == []


def test_a_trial_shows_what_would_come_and_keeps_nothing(placed, office, station):
    link = station.put("/a.xml", message("a"))
    url = station.put("/rss.xml", rss(item(link, updated=SENT)))
    page = add(office, url, do="try")

    assert "RSS 目录" in page.text
    assert "清龙区气象台发布雷雨大风黄色预警" in page.text
    assert rows_of(placed, "alert_feed") == [] == rows_of(placed, "alert_message")
    assert filled(page.text)["url"] == url


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (rss(), "RSS 目录"),
        ('<feed xmlns="http://www.w3.org/2005/Atom"><title>a</title></feed>', "Atom 目录"),
        (message("a", code="440305000000"), "单条 CAP"),
        (qweather_v7(), "天气服务的 JSON"),
    ],
)
def test_a_trial_finds_out_what_an_address_is(placed, office, station, content, said):
    assert said in add(office, station.put("/x", content), do="try").text


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("<html><body>登录</body></html>", "网页"),
        ("oops", "XML"),
        ('{"code":"402","warning":[]}', "402"),
    ],
)
def test_a_trial_in_vain_says_why(placed, office, station, content, said):
    page = add(office, station.put("/x", content), do="try")

    assert "没有取到" in page.text and said in page.text


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"name": ""}, "起个名字"),
        ({"name": "长" * 41}, "最多 40 个字"),
        ({"url": ""}, "请填写地址"),
        ({"url": "ftp://a.example/x"}, "不是 http"),
        ({"url": "http://"}, "没有主机名"),
        ({"url": "https://a.example/" + "x" * 2000}, "最多 2000"),
        ({"scope": "moon"}, "请选择"),
        ({"every": "1"}, "多久问一次"),
        ({"headers": "no colon"}, "读不懂"),
        ({"headers": "Host: elsewhere"}, "请去掉"),
        ({"headers": "\n".join(f"X-{n}: 1" for n in range(6))}, "最多 5 行"),
    ],
)
def test_wrong_input_is_said_and_nothing_typed_is_lost(placed, office, typed, sentence):
    fields = {"url": "https://a.example/rss", "headers": "X-Key: k", **typed}
    page = add(office, fields.pop("url"), **fields)

    assert page.status_code == 422
    assert sentence in page.text
    assert rows_of(placed, "alert_feed") == []
    kept = filled(page.text)
    for name in typed.keys() - {"scope", "every"}:
        assert kept[name] == typed[name]


def test_keys_lie_sealed_and_are_never_shown_again(placed, office, station):
    url = station.put("/now?location=1&key=s3cret", qweather_v7())
    add(office, url, headers="X-Key: h1dden", scope="here")
    ask(placed)

    (feed,) = rows_of(placed, "alert_feed")
    assert "s3cret" not in str(feed) and "h1dden" not in str(feed)
    pages = office.get(PATH).text + office.get(f"{PATH}/{feed['id']}").text
    assert "s3cret" not in pages and "h1dden" not in pages
    assert "/now?location=••••" in pages
    assert station.keys == ["h1dden"]


def test_a_key_is_kept_through_a_change_but_not_for_another_server(placed, office, station):
    add(office, station.put("/now", qweather_v7()), headers="X-Key: h1dden", scope="here")
    (feed,) = rows_of(placed, "alert_feed")
    same = {"name": "新", "scope": "here", "every": "60", "is_on": "1", "do": "save"}
    office.submit(f"{PATH}/{feed['id']}/changes", **same)
    ask(placed)
    other = station.put("/now", qweather_v7()).replace("127.0.0.1", "localhost")
    office.submit(f"{PATH}/{feed['id']}/changes", **same, url=other)
    ask(placed)

    assert station.keys == ["h1dden", None]


def test_after_another_secret_the_pages_still_open_and_the_address_is_asked_for(
    placed, office, station
):
    url = station.put("/rss.xml", rss())
    add(office, url)
    (feed,) = rows_of(placed, "alert_feed")
    placed.intake.do(
        placed.community,
        lambda writing: writing.tx.run("update alert_feed set sealed = :sealed", sealed=b"x" * 60),
    )
    ask(placed)

    assert "存着的地址和密钥解不开" in office.get("/office/alerts").text
    change = {"name": "新", "scope": "list", "every": "60", "is_on": "1", "do": "save"}
    path = f"{PATH}/{feed['id']}/changes"
    assert office.submit(path, **change).status_code == 422
    assert office.submit(path, **change, url=url).status_code == 200
    ask(placed)
    assert "解不开" not in office.get("/office/alerts").text


def test_a_feed_is_removed_and_what_it_brought_stays(placed, office, station):
    add(office, station.put("/a.xml", message("a")))
    ask(placed)
    (feed,) = rows_of(placed, "alert_feed")
    page = office.submit(f"{PATH}/{feed['id']}/removals")

    assert "已删" in page.text
    assert rows_of(placed, "alert_feed") == []
    assert len(alerts(placed)) == 1
    assert office.get(f"{PATH}/{feed['id']}").status_code == 404
    assert [row["action"] for row in placed.audit() if "alert_feed" in row["action"]] == [
        "alert_feed.add",
        "alert_feed.remove",
    ]


def test_the_administrator_sets_feeds_up_and_sees_no_warnings(placed, admin):
    assert admin.get(PATH).status_code == 200
    assert admin.get("/office/alerts").status_code == 403
