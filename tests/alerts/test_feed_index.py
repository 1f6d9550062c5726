"""What an index lists, and what of it can be left alone before it is fetched."""

from datetime import UTC, datetime
from html import escape

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from server.alerts.feed_index import Link, age, concerns, is_over, links
from tests.alerts.messages import CAP, cap
from tests.alerts.station import item, rss

HERE = "https://alerts.example/v2/rss.xml"
NOW = datetime(2026, 8, 7, 2, 0, tzinfo=UTC)
GUID = "44030441600000_20260807091000"

ATOM = f"""<feed xmlns="http://www.w3.org/2005/Atom" xmlns:cap="{CAP}">
<link rel="self" href="{HERE}"/>
<entry><id>{GUID}</id><updated>2026-08-07T09:10:00+08:00</updated><title>暴雨</title>
<link rel="alternate" type="text/html" href="page.html"/>
<link type="application/cap+xml" href="one.xml"/>
<cap:expires>2026-08-07T15:10:00+08:00</cap:expires><cap:areaDesc>清龙区</cap:areaDesc></entry>
<entry><id>2</id><content>{cap()}</content><link href="inside.xml"/></entry>
<entry><id>3</id><title>没有链接</title></entry>
</feed>"""


def test_an_atom_entry_leads_to_its_cap_and_says_what_it_says():
    (link,) = links(ATOM.encode(), HERE)

    assert link == Link(
        url="https://alerts.example/v2/one.xml",
        id=GUID,
        updated="2026-08-07T09:10:00+08:00",
        expires="2026-08-07T15:10:00+08:00",
        title="暴雨",
        area="清龙区",
        code="440304",
    )


def test_an_rss_item_is_read_with_its_extensions():
    given = """<item><guid>urn:oid:1.2</guid><pubDate>Fri, 07 Aug 2026 01:10:00 GMT</pubDate>
    <enclosure type="application/cap+xml" url="/a.xml"/><link>/page</link>
    <cap:expires>Fri, 07 Aug 2026 01:30:00 +0000</cap:expires></item>
    <item><guid>https://alerts.example/b.xml</guid></item>"""
    first, second = links(rss(given).encode(), HERE)

    assert first.url == "https://alerts.example/a.xml"
    assert first.mark and is_over(first, NOW)
    assert (second.url, second.mark) == ("https://alerts.example/b.xml", "")


TEXTS = st.text(alphabet="2026-08-07T09:10+Z ,FriAugGMT/[]:htp.&#%\u00e9", max_size=40)


@settings(max_examples=600, deadline=None)
@given(TEXTS, TEXTS, TEXTS)
@example("", "http://[::1", "")
@example("Fri, 07 Aug 99999 01:10:00 +9999", "x", "0001-01-01T00:00+23:59")
@example("9999-12-31T23:59-23:59", "x", "9999-12-31T23:59-23:59")
def test_whatever_an_entry_says_is_read(updated, url, expires):
    said = [escape(text) for text in (url, updated, expires)]

    for link in links(rss(item(said[0], updated=said[1], expires=said[2])).encode(), HERE):
        assert is_over(link, NOW) in {True, False}
        assert age(link, UTC) is not None
        assert concerns(link, "440304012005") in {True, False}


@pytest.mark.parametrize(
    ("expires", "over"),
    [
        ("2026-08-07T09:59:00+08:00", True),
        ("2026-08-07T10:01:00+08:00", False),
        ("Fri, 07 Aug 2026 01:59:00 +0000", True),
        ("Fri, 07 Aug 2026 02:01:00 +0000", False),
        ("", False),
        ("soon", False),
    ],
)
def test_only_what_says_so_is_over(expires, over):
    assert is_over(Link(url="x", expires=expires), NOW) is over


@pytest.mark.parametrize(
    ("guid", "code"),
    [
        (GUID, "440304"),
        ("urn:cma:" + GUID, "440304"),
        ("https://alerts.example/2026/08/07/" + GUID + ".xml", "440304"),
        ("440304-storm", "440304"),
        ("202608070910001234", ""),
        ("https://alerts.example/2026/08/07/130600-ab.xml", ""),
        ("13:06:00", ""),
        ("998877-x", ""),
        ("2.49.0.1.156.0", ""),
    ],
)
def test_a_code_is_guessed_only_from_what_looks_like_one(guid, code):
    (link,) = links(rss(item("https://alerts.example/x", guid=guid)).encode(), HERE)

    assert link.code == code


@pytest.mark.parametrize(
    ("code", "here", "concerned"),
    [
        ("440304", "440304012005", True),
        ("440300", "440304012005", True),
        ("440000", "440304012005", True),
        ("440305", "440304012005", False),
        ("110000", "440304012005", False),
        ("", "440304012005", True),
        ("440305", "", True),
        ("440305", "440300", True),
    ],
)
def test_an_area_is_told_by_its_prefix_and_kept_where_it_is_not_known(code, here, concerned):
    assert concerns(Link(url="x", code=code), here) is concerned
