"""Rounds of asking a feed, against a server that behaves as servers do."""

import asyncio
import gzip
import time
from datetime import UTC, datetime, timedelta

import pytest

from server.alerts.documents import MAX_BYTES
from server.alerts.feed_state import Feed, State, is_due
from server.alerts.feeds import poll
from server.alerts.fetching import new_client
from tests.alerts.messages import INFO, cap
from tests.alerts.station import Page, item, rss, running
from tests.alerts.vendors import qweather_v1

NOW = datetime(2026, 8, 7, 2, 0, tzinfo=UTC)
HERE = "440304012005"


@pytest.fixture
def station():
    with running() as station:
        yield station


def ask(url, state=None, now=NOW, **more):
    async def once():
        async with new_client() as client:
            return await poll(Feed(url=url, **more), state or State(), now, client)

    return asyncio.run(once())


def after(came, minutes=1, **more):
    """The next round of the same feed."""
    now = NOW + timedelta(minutes=minutes)
    return ask(came.url, came.state, now, **more)


class Came:
    """A round and its address, to go on from."""

    def __init__(self, url, round):
        self.url, self.round, self.state = url, round, round.state


def begin(url, **more):
    return Came(url, ask(url, **more))


def numbers(round):
    return [one.reading.messages[0].identifier for one in round.fetched]


def message(name, **fields):
    return cap(identifier=name, **fields)


def test_new_messages_are_fetched_once(station):
    links = [station.put(f"/{name}.xml", message(name)) for name in ("a", "b")]
    feed = station.put("/rss.xml", rss(*map(item, links)))

    first = begin(feed)
    assert (first.round.outcome, sorted(numbers(first.round))) == ("ok", ["a", "b"])
    assert first.round.fetched[0].content == message(numbers(first.round)[0]).encode()

    second = after(first)
    assert (second.outcome, second.fetched) == ("not_changed", ())
    assert station.asked == {"/rss.xml": 2, "/a.xml": 1, "/b.xml": 1}


def test_an_index_that_has_not_changed_is_told_by_its_etag(station):
    link = station.put("/a.xml", message("a"))
    feed = station.put("/rss.xml", Page(rss(item(link))).with_etag())

    second = after(begin(feed))

    assert (second.outcome, station.told_same) == ("not_changed", 1)
    assert station.asked["/a.xml"] == 1


def test_an_empty_index_is_no_fault(station):
    found = ask(station.put("/rss.xml", rss()))

    assert (found.outcome, found.fetched, found.reason) == ("ok", (), "")


def test_three_of_five_hundred_are_fetched(station):
    listed = []
    for number in range(500):
        area = "440304" if number in {7, 250, 499} else f"{110000 + number}"
        guid = f"{area}41600000_202608070910{number:03}"
        station.put(f"/{number}.xml", message(str(number)))
        listed.append(item(f"{station.origin}/{number}.xml", guid=guid))
    feed = station.put("/rss.xml", rss(*listed))

    found = ask(feed, code=HERE)

    assert sorted(numbers(found)) == ["250", "499", "7"]
    assert station.asked.total() == 4


def test_what_has_expired_is_not_fetched_and_what_does_not_say_is(station):
    over, open_, silent = (station.put(f"/{name}.xml", message(name)) for name in "xyz")
    feed = station.put(
        "/rss.xml",
        rss(
            item(over, expires="2026-08-07T09:59:00+08:00"),
            item(open_, expires="2026-08-07T11:00:00+08:00"),
            item(silent),
        ),
    )

    assert sorted(numbers(ask(feed))) == ["y", "z"]


def test_the_newest_come_first_and_the_rest_next_round(station):
    listed = [
        item(
            station.put(f"/{number}.xml", message(str(number))),
            updated=f"2026-08-07T09:{number:02}:00+08:00",
        )
        for number in range(7)
    ]
    feed = station.put("/rss.xml", Page(rss(*listed)).with_etag())

    first = begin(feed, most_new=3)
    assert (numbers(first.round), first.round.left) == (["6", "5", "4"], 4)

    second = Came(feed, after(first, most_new=3))
    assert (numbers(second.round), second.round.left) == (["3", "2", "1"], 1)

    third = Came(feed, after(second, minutes=2, most_new=3))
    assert (numbers(third.round), third.round.left) == (["0"], 0)
    assert after(third, minutes=3, most_new=3).outcome == "not_changed"


@pytest.mark.parametrize("has_etag", [False, True])
def test_an_address_that_is_rewritten_in_place_is_fetched_again(station, has_etag):
    link = station.put("/signal.xml", Page(message("a")))
    station.pages["/signal.xml"].has_etag = has_etag
    index = Page(rss(item(link, updated="")))
    index.has_etag = has_etag
    feed = station.put("/rss.xml", index)
    first = begin(feed)
    second = Came(feed, after(first))
    assert (numbers(first.round), numbers(second.round)) == (["a"], [])

    station.pages["/signal.xml"].content = message("b").encode()
    third = after(second, minutes=2)

    assert (third.outcome, numbers(third)) == ("ok", ["b"])


def test_an_entry_with_a_new_date_is_fetched_again(station):
    link = station.put("/signal.xml", message("a"))
    feed = station.put("/rss.xml", rss(item(link)))
    first = begin(feed)
    station.put("/signal.xml", message("b"))
    station.put("/rss.xml", rss(item(link, updated="2026-08-07T09:20:00+08:00")))

    assert numbers(after(first)) == ["b"]


def test_messages_inside_the_index_are_taken_from_it(station):
    atom = '<feed xmlns="http://www.w3.org/2005/Atom"><entry><content>{}</content></entry></feed>'
    feed = station.put("/atom.xml", atom.format(message("a")))

    first = begin(feed)
    second = Came(feed, after(first))
    station.put("/atom.xml", atom.format(message("b")))

    assert numbers(first.round) == ["a"]
    assert second.round.outcome == "not_changed"
    assert numbers(after(second, minutes=2)) == ["b"]
    assert station.asked.total() == 3


def test_a_service_that_answers_in_json_is_a_feed_too(station):
    feed = station.put("/current", qweather_v1({"id": "a"}))

    first = begin(feed)
    station.put("/current", qweather_v1({"id": "b"}))

    assert numbers(first.round) == ["a"]
    assert numbers(after(first)) == ["b"]


BROKEN = Page(rss())
BROKEN.length = 5000
SLOW = Page(rss() * 20)
SLOW.drip_s = 0.05


@pytest.mark.parametrize(
    ("page", "told"),
    [
        (Page(status=500), "服务器出错（500）"),
        (Page(status=404), "没有内容（404）"),
        (Page(status=304), "从来没有给过内容"),
        (Page(status=403), "不让取（403）"),
        (Page(status=429), "歇一会儿"),
        (Page("<!DOCTYPE html><html><body>登录<p></body></html>"), "这是一个网页"),
        (Page("<html><body>请登录</body></html>"), "这是一个网页"),
        (Page(rss()[:-20]), "不是完整的 XML"),
        (Page(b'{"code":"401"}'), "错误代码 401"),
        (Page(b"x" * (MAX_BYTES + 1)), "超过 2 MB"),
        (Page(rss(*(f"<item><link>{n}</link></item>" for n in range(5001)))), "超过 5000 条"),
        (Page(gzip.compress(b"<a>" * 4_000_000), Content_Encoding="gzip"), "超过 2 MB"),
        (Page(gzip.compress(b"<a/>")[:-9], Content_Encoding="gzip"), "中途断了"),
        (Page(b"zz", Content_Encoding="gzip"), "解压不了"),
        (Page(b"zz", Content_Encoding="br"), "压缩方式"),
        (Page(status=302, Location="/rss.xml"), "转来转去"),
        (Page(status=302, Location="file:///etc/passwd"), "不是 http"),
        (Page(status=302, Location="http://10.1.2.3/"), "内部网络"),
        (Page(status=302, Location="http://169.254.169.254/latest"), "内部网络"),
        (BROKEN, "中途断了"),
        (SLOW, "太慢"),
    ],
)
def test_a_feed_that_fails_says_so_and_since_when(station, page, told):
    feed = station.put("/rss.xml", page)
    began = time.monotonic()

    first = begin(feed, timeout_s=1.5)
    assert time.monotonic() - began < 20
    assert first.round.outcome == "failing"
    assert told in first.round.reason
    assert first.round.failing_since == NOW.isoformat()

    second = Came(feed, after(first, minutes=5, timeout_s=1.5))
    assert (second.round.outcome, second.round.failing_since) == ("failing", NOW.isoformat())

    station.put("/rss.xml", rss())
    third = after(second, minutes=9)
    assert (third.outcome, third.failing_since, third.state.failing_since) == ("ok", "", "")


def test_a_server_that_is_not_there_is_failing_and_asked_less_and_less():
    with running() as station:
        feed = station.origin
    state, waits = State(), []
    for _ in range(7):
        state = ask(feed, state, every_s=60).state
        waits.append((datetime.fromisoformat(state.next_at) - NOW).total_seconds())

    assert waits == [60, 120, 240, 480, 900, 900, 900]
    assert not is_due(state, NOW + timedelta(minutes=14))
    assert is_due(state, NOW + timedelta(minutes=15))


def test_a_server_that_asks_to_be_left_alone_is(station):
    feed = station.put("/rss.xml", Page(status=503, Retry_After="1800"))

    assert not is_due(ask(feed).state, NOW + timedelta(minutes=29))
    for said in ("Fri, 07 Aug 2026 02:20:00 GMT", "999999999", "soon", "-5"):
        station.put("/rss.xml", Page(status=429, Retry_After=said))
        state = ask(feed).state
        assert is_due(state, NOW + timedelta(minutes=61))
        assert is_due(state, NOW + timedelta(minutes=19)) is (said in {"soon", "-5"})


@pytest.mark.parametrize(
    ("page", "told"),
    [
        (Page(status=500), "服务器出错（500）"),
        (Page(status=403), "不让取（403）"),
        (Page("<html>请登录</html>"), "这是一个网页"),
        (Page(cap(sent="")), "缺少 sent"),
        (Page(b"x" * (MAX_BYTES + 1)), "超过 2 MB"),
        (SLOW, "太慢"),
    ],
)
def test_a_message_that_cannot_be_had_leaves_the_feed_failing_and_is_tried_again(
    station, page, told
):
    good, bad = station.put("/a.xml", message("a")), station.put("/b.xml", page)
    feed = station.put("/rss.xml", Page(rss(item(good), item(bad))).with_etag())

    first = begin(feed, timeout_s=1.5)
    assert (first.round.outcome, numbers(first.round)) == ("failing", ["a"])
    assert "有 1 条预警没有取到" in first.round.reason and told in first.round.reason

    second = Came(feed, after(first, minutes=0.5, timeout_s=1.5))
    assert (second.round.outcome, station.asked["/b.xml"]) == ("failing", 1)

    station.put("/b.xml", message("b"))
    third = after(second, minutes=2)
    assert (third.outcome, numbers(third)) == ("ok", ["b"])


def test_a_message_that_is_gone_is_told_but_the_feed_is_well(station):
    feed = station.put("/rss.xml", rss(item(station.origin + "/gone.xml")))

    found = ask(feed)

    assert (found.outcome, found.reason) == ("ok", "")
    assert "404" in found.warnings[0]


def test_a_feed_leads_nowhere_but_to_the_internet_and_its_own_kind_of_network(station):
    feed = station.put(
        "/rss.xml",
        rss(
            item("http://169.254.169.254/latest"),
            item("http://10.1.2.3/a.xml"),
            item("file:///etc/passwd"),
            item("ftp://127.0.0.1/a.xml"),
            item("javascript:alert(1)"),
            item("http://[::1"),
        ),
    )

    found = ask(feed)

    assert (found.outcome, found.fetched) == ("failing", ())
    assert len(found.warnings) == 6
    assert station.asked.total() == 1


def test_a_key_is_told_to_the_feed_and_to_nobody_it_leads_to(station):
    with running() as other:
        there = other.put("/b.xml", message("b"))
        links = [station.put("/a.xml", message("a")), there]
        links.append(station.put("/moved.xml", Page(status=302, Location=there)))
        feed = station.put("/rss.xml", rss(*map(item, links)))

        found = ask(feed, secrets=(("X-Key", "k"),))

        assert len(found.fetched) == 3
        assert station.keys == ["k", "k", "k"]
        assert other.keys == [None, None]


def test_many_slow_messages_take_no_longer_than_the_round(station):
    slow = []
    for number in range(12):
        page = Page(message(str(number)))
        page.drip_s = 0.05
        slow.append(item(station.put(f"/{number}.xml", page)))
    feed = station.put("/rss.xml", rss(*slow))
    began = time.monotonic()

    found = ask(feed, round_s=1.0, timeout_s=30)

    assert time.monotonic() - began < 20
    assert (found.outcome, found.left) == ("ok", 12)


def test_a_feed_in_the_office_of_the_wrong_kind_of_address_fails(station):
    assert "不是 http" in ask("ftp://example.cn/").reason
    assert "主机名" in ask("http://").reason
    assert ask("").outcome == ask("http://[").outcome == "failing"


def test_the_area_inside_a_message_is_left_to_the_reader(station):
    link = station.put("/a.xml", cap(INFO))
    found = ask(station.put("/rss.xml", rss(item(link, guid="no-code"))), code=HERE)

    assert len(found.fetched) == 1
