"""The JSON of weather services becomes the same messages as CAP."""

import json
from datetime import UTC, datetime

import pytest

from server.alerts.documents import MAX_BYTES
from server.alerts.reading import read
from server.alerts.vendor_codes import meaning
from sync.alert_areas import Covers, Place, covers
from sync.alert_signs import sign_of
from sync.alerts import MsgType, Status
from tests.alerts.test_command import run
from tests.alerts.vendors import (
    TITLE,
    caiyun,
    city_page,
    map_of,
    packed,
    page_list,
    qweather_v1,
    qweather_v7,
    site_index,
)

NOW = datetime(2026, 8, 7, 1, 12, tzinfo=UTC)
FILE = "1012806-20260807091000-9302.html"
FULL = {
    "v7": qweather_v7({}),
    "v1": qweather_v1({}),
    "city": city_page({}),
    "index": site_index(["广东省清龙市清龙区", FILE, "114.1", "22.6"]),
    "map": map_of({}),
    "page": page_list({}),
    "caiyun": caiyun({}),
}


def one(content):
    reading = read(content)
    assert reading.outcome != "rejected", reading.reason
    (message,) = reading.messages
    return message


def reason(content):
    reading = read(content)
    assert reading.outcome == "rejected", reading
    return reading.reason


@pytest.mark.parametrize("content", FULL.values(), ids=FULL)
def test_every_shape_says_kind_colour_moment_and_place(content):
    message = one(content)
    sign = sign_of(message, UTC, NOW)

    assert (sign.kind, sign.colour, sign.closes) == ("雷雨大风", "yellow", False)
    assert sign.sent == datetime(2026, 8, 7, 1, 10, tzinfo=UTC)
    assert message.sent == "2026-08-07T09:10:00+08:00"
    assert (message.status, message.msg_type) == (Status.ACTUAL, MsgType.ALERT)
    (info,) = message.infos
    assert info.language == "zh-CN"
    assert ("colour", "yellow") in info.parameters
    assert info.areas[0].description.endswith("清龙区")
    assert message.sender and message.identifier


@pytest.mark.parametrize("name", ["v7", "v1", "city", "map", "caiyun"])
def test_a_full_answer_has_nothing_to_remark(name):
    assert read(FULL[name]).outcome == "accepted"


def test_what_v1_says_is_kept():
    (info,) = one(FULL["v1"]).infos

    assert info.expires == "2026-08-07T15:10:00+08:00"
    assert info.onset == "2026-08-07T10:10:00+08:00"
    assert info.instruction == "1. 关好门窗。\n2. 减少外出。"
    assert ("criteria", "6小时内可能受雷雨大风影响。") in info.parameters
    assert info.sender_name == "清龙区气象台"


def test_both_spellings_of_the_end_are_read():
    (info,) = one(qweather_v1({"expireTime": None, "expiredTime": "2026-08-07T07:10Z"})).infos

    assert info.expires == "2026-08-07T07:10:00+00:00"


def test_an_update_speaks_of_what_it_takes_the_place_of():
    newer = qweather_v1({"messageType": {"code": "update", "supersedes": ["a", "b"]}})
    older = qweather_v1({"messageType": None, "msgType": "Update", "relatedAlertIds": ["a", "b"]})
    seventh = qweather_v7({"status": "update", "related": "a,b"})

    for content in (newer, older, seventh):
        message = one(content)
        assert message.msg_type is MsgType.UPDATE
        assert message.references == (("清龙区气象台", "a"), ("清龙区气象台", "b"))


LIFTED = "清龙区气象台解除雷雨大风黄色预警信号"


@pytest.mark.parametrize(
    "content",
    [
        qweather_v1({"messageType": {"code": "cancel", "supersedes": ["a"]}}),
        qweather_v1({"headline": LIFTED}),
        qweather_v7({"status": "cancel"}),
        page_list({"title": LIFTED}),
        caiyun({"title": LIFTED}),
        map_of({"headline": LIFTED}),
    ],
)
def test_a_lifting_closes_whether_the_field_says_it_or_the_title(content):
    message = one(content)

    assert message.msg_type is MsgType.CANCEL
    assert sign_of(message, UTC, NOW).closes


def test_the_two_orders_of_colours_run_opposite():
    assert meaning("map", "p0015001") == ("雷雨大风", "red")
    assert meaning("map", "p0015004") == ("雷雨大风", "blue")
    assert meaning("site", "9301") == ("雷雨大风", "blue")
    assert meaning("site", "9304") == ("雷雨大风", "red")
    assert meaning("site", "0191") == ("台风", "white")
    assert meaning("compact", "11B2004") == ("雷雨大风", "red")
    assert meaning("compact", "11B20_yellow") == ("雷雨大风", "yellow")
    assert meaning("compact", "1020") == meaning("", "9301") == ("", "")
    assert meaning("map", "p0000003") == ("", "yellow")


@pytest.mark.parametrize(
    "content",
    [
        map_of({"type": "p0015001"}),
        qweather_v7({"severityColor": "Red", "typeName": "大风"}),
        qweather_v1({"color": {"code": "red"}, "eventType": {"name": "大风"}}),
        caiyun({"code": "0204"}),
        city_page({"w5": "大风", "w7": "红色"}),
    ],
)
def test_the_title_is_believed_before_the_code(content):
    message = one(content)
    sign = sign_of(message, UTC, NOW)

    assert (sign.kind, sign.colour) == ("雷雨大风", "yellow")
    assert message.infos[0].severity == "Moderate"
    assert any("以标题为准" in said and "红色" in said for said in message.warnings)


def test_kind_and_colour_come_from_the_code_where_no_title_says_them():
    message = one(caiyun({"title": "广东清龙", "description": ""}))
    sign = sign_of(message, UTC, NOW)

    assert (sign.kind, sign.colour) == ("雷雨大风", "yellow")
    assert "没有正文。" in message.warnings


def test_a_kind_nobody_has_heard_of_stays_what_it_is():
    message = one(qweather_v7({"title": "", "text": "", "typeName": "沙丘移动", "type": "9999"}))

    assert message.infos[0].event == "沙丘移动"


def test_missing_pieces_are_said():
    message = one(qweather_v7({"id": "", "sender": "", "pubTime": "", "title": "暴雨红色预警"}))

    assert {"没有编号，按内容编了一个。", "没有写发布时间。"} <= set(message.warnings)
    assert message.sender == "清龙区气象台"  # the text names it
    assert len(message.identifier) == 32
    assert (
        "没有写发布单位。"
        in one(qweather_v7({"sender": "", "title": "暴雨红色预警", "text": ""})).warnings
    )


def test_an_item_that_says_nothing_is_left_out_and_all_of_them_are_refused():
    reading = read(page_list({}, {"title": ""}))
    assert len(reading.messages) == 1
    assert reading.warnings == ("里面的第 2 条预警没有采用：没有标题，也看不出是什么预警。",)

    assert "1 条预警都读不懂" in reason(page_list({"title": ""}))


def test_the_same_message_twice_is_one():
    assert len(read(caiyun({}, {})).messages) == 1


def test_a_drill_is_a_drill():
    assert (
        one(page_list({"title": "【演练】清龙区气象台发布暴雨红色预警"})).status is Status.EXERCISE
    )
    assert one(page_list({"title": "测试：清龙区气象台发布暴雨红色预警"})).status is Status.TEST


def test_the_area_is_the_code_that_is_said_or_that_the_number_begins_with():
    here, there = Place(code="440304012005"), Place(code="440305012005")

    for content in (FULL["caiyun"], FULL["map"], FULL["page"]):
        areas = one(content).infos[0].areas
        assert covers(areas, here) is Covers.YES
        assert covers(areas, there) is Covers.NO
    assert covers(one(FULL["v7"]).infos[0].areas, here) is Covers.UNKNOWN


@pytest.mark.parametrize(
    "content",
    [
        qweather_v7(),
        qweather_v1(),
        packed({"metadata": {"zeroResult": True}}),
        city_page(),
        site_index(),
        map_of(),
        page_list(),
        caiyun(),
        b"\xef\xbb\xbf" + caiyun(),
        b" \n" + qweather_v1(),
    ],
)
def test_an_empty_list_is_no_alert_and_no_fault(content):
    reading = read(content)

    assert (reading.outcome, reading.messages) == ("accepted", ())


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b'{"code":"402"}', "错误代码 402"),
        (qweather_v7({}, code="204"), "错误代码 204"),
        (b'{"error":{"status":403,"title":"Invalid Host","detail":"no"}}', "Invalid Host"),
        (b'{"status":"failed","error":"token is invalid"}', "token is invalid"),
        (page_list({}, code=500), "错误代码 500"),
        (packed({"status": "ok", "result": {"alert": {"status": "error"}}}), "状态"),
        (packed({"status": "ok", "result": {"alert": {"status": "ok"}}}), "alert.content"),
        (b'{"code":"200","warning":null}', "warning"),
        (b'{"metadata":{"zeroResult":false}}', "alerts"),
        (b'{"metadata":true}', "不是认得的"),
        (b'{"data":{"page":true}}', "不是认得的"),
        (b'{"weather":"sunny"}', "不是认得的"),
        (b"[]", "不是认得的"),
        (b"[1,2]", "不是认得的"),
        (b'{"alerts":["x"]}', "不是预警"),
        (b'{"alerts":[', "第 1 行"),
        (b'{"alerts":[NaN]}', "不是完整的 JSON"),
        (b'var alarminfo={"count":"0","data":[]};alert(1)', "不是完整的 JSON"),
        (b'{"alerts":[]} trailing', "不是完整的 JSON"),
        (b'{"a":' * 100_000, "嵌套太深"),
        (b"[" * 100_000, "嵌套太深"),
        (b'{"a":"' + b"x" * MAX_BYTES + b'"}', "超过 2 MB"),
        (b'{"a":"\xff\xff\xff"}', "编码"),
    ],
)
def test_errors_and_strange_shapes_are_refused_with_a_reason(content, told):
    assert told in reason(content)


def test_an_integer_of_a_million_digits_is_not_worked_out():
    many = b"9" * 1_000_000

    assert "读不懂" in " ".join(one(FULL["caiyun"].replace(b"1786065000", many)).warnings)
    assert "不是认得的" in reason(b'{"a":' + many + b"}")


def test_an_answer_in_gb18030_is_read():
    assert one(FULL["city"].decode().encode("gb18030")).infos[0].headline == TITLE


def test_a_call_around_the_answer_is_taken_off():
    assert one(b"back(" + FULL["v1"] + b");").sender == "清龙区气象台"


def test_the_command_reads_it_too():
    done = run("-", given=FULL["v1"])

    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["alerts"][0]["infos"][0]["event"] == "雷雨大风"
