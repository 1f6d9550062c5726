"""CAP as it comes: real samples, departures from the standard, what is refused and why."""

import pytest

from server.alerts.documents import MAX_BYTES
from server.alerts.reading import read, shown
from tests.alerts.messages import CAP, INFO, SAMPLES, cap, sample


def one(content):
    reading = read(content.encode() if isinstance(content, str) else content)
    assert reading.outcome != "rejected", reading.reason
    (message,) = reading.messages
    return message


def reason(content):
    reading = read(content.encode() if isinstance(content, str) else content)
    assert reading.outcome == "rejected"
    assert reading.messages == () and reading.reason
    return reading.reason


@pytest.mark.parametrize("path", sorted(SAMPLES.glob("*.xml")), ids=lambda path: path.stem)
def test_every_sample_is_valid_and_read_without_a_warning(path):
    reading = read(path.read_bytes())

    assert reading.outcome == "accepted", shown(reading)
    assert len(reading.messages) == 1


def test_a_message_of_the_chinese_service_keeps_both_languages_and_its_area_code():
    message = one(sample("cn-cma-baoding-lightning-update"))

    assert (message.sender, message.identifier) == (
        "Baoding_Meteorological_Observatory",
        "13060041600000_20240712213138",
    )
    assert message.references == (
        ("Baoding_Meteorological_Observatory", "13060041600000_20240712073642"),
    )
    english, chinese = message.infos
    assert (english.language, chinese.language) == ("en-US", "zh-CN")
    assert chinese.event == "雷电"
    assert chinese.headline == "保定市气象台更新雷电黄色预警[Ⅲ级/较重]"
    assert chinese.areas[0].geocodes == (("CPEAS Geographic Code", "130602000000"),)
    assert message.note == ""


def test_a_byte_order_mark_does_not_matter():
    message = one(sample("tw-wra-reservoir-alert"))

    assert message.infos[0].event == "水庫洩洪"
    assert ("alert_color", "紅色") in message.infos[0].parameters


def test_a_signed_cancel_needs_no_info():
    message = one(sample("ipaws-cancel-noinfo"))

    assert message.is_signed and message.infos == ()
    assert message.references == (("AtHoc", "1017033100951096-517189320160225203219800"),)


def test_the_closed_polygon_of_the_standard_has_its_points_in_order():
    ring = one(sample("oasis-a2-thunderstorm-alert")).infos[0].areas[0].polygons[0]

    assert ring[0] == ring[-1] == (38.47, -120.14)
    assert len(ring) == 5


def test_the_answer_has_the_names_of_the_contract():
    answer = shown(read(cap().encode()))

    assert set(answer) == {"outcome", "alerts"}
    (alert,) = answer["alerts"]
    assert {"sender", "identifier", "sent", "status", "msg_type", "references"} <= set(alert)
    assert {"infos", "warnings"} <= set(alert)
    names = "language event severity urgency certainty expires area_desc polygons circles geocodes"
    assert set(names.split()) <= set(alert["infos"][0])


@pytest.mark.parametrize("version", ["urn:oasis:names:tc:emergency:cap:1.1"])
def test_an_older_version_is_read_with_a_warning(version):
    message = one(cap(namespace=version))

    assert "旧格式" in message.warnings[0]
    assert message.infos[0].event == "雷雨大风"


def test_the_first_version_is_read_with_a_warning():
    message = one(cap(namespace="http://www.incident.com/cap/1.0"))

    assert "1.0" in message.warnings[0]


@pytest.mark.parametrize("name", ["identifier", "sender", "sent", "status", "msgType", "scope"])
def test_a_head_without_one_of_its_six_is_refused_and_the_reason_names_it(name):
    assert name in reason(cap(**{name: ""}))
    assert name in reason(cap(**{name: "  "}))


@pytest.mark.parametrize("name", ["status", "msgType", "scope"])
def test_a_word_outside_the_enumeration_is_refused(name):
    said = reason(cap(**{name: "actual"}))

    assert name in said and "actual" in said


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"   ",
        b"not xml",
        b"<alert",
        cap()[:-20],
        cap().replace(CAP, "urn:somebody:else"),
        cap().replace(f' xmlns="{CAP}"', ""),
        "<WarningMessage>login</WarningMessage>",
        "<html><body>请登录</body></html>",
        "<!DOCTYPE html><html><body>请登录</body></html>",
        '<!DOCTYPE alert SYSTEM "http://127.0.0.1:1/x.dtd">' + cap(),
        '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]>' + cap(identifier="&x;"),
        b"\xff\xfe\x00\xd8",
        cap().encode()[:200] + b"\xff\xff" + cap().encode()[200:],
        "<x>" * 5000 + "</x>" * 5000,
    ],
    ids=lambda content: str(content[:24]),
)
def test_what_is_no_message_is_refused_with_a_reason(content):
    reason(content)


def test_entities_that_multiply_are_refused():
    lots = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10 if n else "lol"}">' for n in range(10))

    reason(f"<!DOCTYPE alert [{lots}]>{cap(identifier='&a9;')}")


def test_more_than_the_limit_is_refused_unread():
    assert "2 MB" in reason(b" " * (MAX_BYTES + 1))


def test_a_national_encoding_is_read():
    text = f'<?xml version="1.0" encoding="GB18030"?>{cap()}'

    assert one(text.encode("gb18030")).infos[0].event == "雷雨大风"


def test_a_file_that_names_no_language_is_in_the_standards_own():
    assert one(cap(INFO.replace("<language>zh-CN</language>", ""))).infos[0].language == "en-US"


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ({"sent": "2026-08-07T01:10:00Z"}, "sent"),
        ({"sent": "2026-08-07 09:10"}, "sent"),
        ({"msgType": "Cancel"}, "references"),
        ({"identifier": "a b"}, "identifier"),
        ({"scope": "Restricted"}, "restriction"),
        ({"scope": "Private"}, "addresses"),
        ({"references": "only-one"}, "only-one"),
        ({"references": "a,b"}, "a,b"),
        ({"surprise": "1"}, "surprise"),
    ],
)
def test_departures_from_the_standard_are_named_and_read(written, told):
    message = one(cap(**written))

    assert any(told in warning for warning in message.warnings), message.warnings


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        ("<severity>Moderate</severity>", "<severity>ORANGE</severity>", "ORANGE"),
        ("<event>雷雨大风</event>", "", "event"),
        ("<urgency>Unknown</urgency>", "", "urgency"),
        ("+08:00</expires>", "</expires>", "expires"),
        ("<areaDesc>清龙区</areaDesc>", "", "areaDesc"),
        (
            "<category>Met</category>",
            "<category>Met</category>" * 2 + "<language>en</language>",
            "顺序",
        ),
        ("<event>雷雨大风</event>", "<event>雷雨大风</event><event>大风</event>", "event"),
    ],
)
def test_departures_inside_are_named_and_read(before, after, told):
    message = one(cap(INFO.replace(before, after)))

    assert any(told in warning for warning in message.warnings), message.warnings


def with_area(inside):
    return one(cap(INFO.replace("</area>", f"{inside}</area>")))


@pytest.mark.parametrize(
    ("written", "points", "told"),
    [
        ("22,114 22,115 23,115 22,114", 4, ""),
        ("22,114 22,115 23,115", 4, "闭合"),
        ("(22,114) (22,115) (23,115) (22,114)", 4, ""),
        ("114,22 115,22 115,23 114,22", 4, "写反"),
        ("22,114 22,114", 0, "三个点"),
        ("", 0, "三个点"),
        ("22 114 22 115", 0, "读不懂"),
        ("nan,114 22,115 23,115 nan,114", 0, "读不懂"),
        ("222,214 22,115 23,115 222,214", 0, "超出"),
    ],
)
def test_polygons_are_mended_or_left_out(written, points, told):
    message = with_area(f"<polygon>{written}</polygon>")

    rings = message.infos[0].areas[0].polygons
    assert [len(ring) for ring in rings] == ([points] if points else [])
    assert (told in "".join(message.warnings)) if told else not message.warnings


@pytest.mark.parametrize(
    ("written", "found"),
    [("22.5,114.1 3", (22.5, 114.1, 3.0)), ("22.5,114.1", None), ("95,114 3", None)],
)
def test_circles_are_read_or_left_out(written, found):
    message = with_area(f"<circle>{written}</circle>")

    assert message.infos[0].areas[0].circles == ((found,) if found else ())
    assert bool(message.warnings) == (found is None)


@pytest.mark.parametrize(
    "around",
    [
        '<feed xmlns="http://www.w3.org/2005/Atom"><entry><content>{}</content></entry></feed>',
        "<rss version='2.0'><channel><item>{}</item></channel></rss>",
        "<EDXLDistribution xmlns='urn:oasis:names:tc:emergency:EDXL:DE:1.0'><contentObject>"
        "<xmlContent><embeddedXMLContent>{}</embeddedXMLContent></xmlContent></contentObject>"
        "</EDXLDistribution>",
    ],
    ids=["atom", "rss", "edxl"],
)
def test_an_envelope_gives_the_alerts_inside_and_a_broken_one_is_a_warning(around):
    empty = read(around.format("").encode())
    two = read(around.format(cap() + cap(sender="")).encode())

    assert (empty.outcome, empty.messages) == ("accepted", ())
    assert two.outcome == "accepted_with_warnings"
    assert [one.sender for one in two.messages] == ["QingLong"]
    assert "sender" in two.warnings[0]


def test_a_file_full_of_faults_has_a_short_list_of_warnings():
    message = one(cap(INFO + "".join(f"<x{n}/>" for n in range(20_000))))

    assert len(message.warnings) == 51
    assert "19950" in message.warnings[-1]
