"""Group robots against servers that check the signature themselves and answer as they do."""

import base64
import hashlib
import hmac
import json
import socket
from datetime import datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import msgspec
import pytest

from server.alerts.channels import Notice, Outcome
from server.alerts.channels.dingtalk import DingTalk
from server.alerts.channels.feishu import Feishu
from server.alerts.channels.pace import Pace
from server.alerts.channels.robots import Robot
from server.alerts.channels.wecom import WeCom
from tests.alerts.channels.service import (
    NOON,
    Clock,
    drips,
    hangs_up,
    over_wire,
    pours,
    says,
)

SECRET = "SECof+the/group="
NOTICE = Notice(title="雷雨大风黄色预警", text="预计6小时内有8级阵风⛈️，请关好门窗。")
LONG = msgspec.structs.replace(NOTICE, text="请关好门窗，注意高空坠物。👨‍👩‍👧‍👦\n" * 60)

KINDS = {
    "wecom": lambda url: WeCom(key="k+1/2", base_url=url),
    "dingtalk": lambda url: DingTalk(token="t1", secret=SECRET, base_url=url),
    "feishu": lambda url: Feishu(token="t1", secret=SECRET, base_url=url),
}
YES = {"wecom": {"errcode": 0}, "dingtalk": {"errcode": 0, "errmsg": "ok"}, "feishu": {"code": 0}}


@pytest.fixture(params=list(KINDS))
def kind(request):
    return request.param


@pytest.fixture
def robot_of(service):
    """Sends to one kind of robot at the test's server, all with one pace and one clock."""
    pace, clock = Pace(), Clock()

    def send(kind, notice=NOTICE, whole_s=8.0, url=""):
        robot = KINDS[kind](url or service.url)
        return over_wire(lambda wire: Robot(robot, wire, pace).send(notice), clock, whole_s)

    send.clock = clock
    return send


def text_of(kind, asked):
    return asked.told["content"]["text"] if kind == "feishu" else asked.told["text"]["content"]


def test_what_it_took_is_accepted_and_no_more(kind, service, robot_of):
    service.answers(says(YES[kind]))

    done = robot_of(kind)

    assert (done.outcome, done.parts_accepted, done.parts) == (Outcome.ACCEPTED, 1, 1)
    assert done.sentence.endswith("已接收。接收不等于有人看到。")
    (asked,) = service.asked
    assert text_of(kind, asked) == f"{NOTICE.title}\n{NOTICE.text}"
    assert asked.headers["content-type"].startswith("application/json")


def test_wecom_is_asked_by_its_key(service, robot_of):
    service.answers(says(YES["wecom"]))
    robot_of("wecom")

    where = urlsplit(service.asked[0].path)
    assert where.path == "/cgi-bin/webhook/send"
    assert parse_qs(where.query) == {"key": ["k+1/2"]}


def test_dingtalk_is_signed_and_the_signature_encoded_once(service, robot_of):
    """Over many moments, so that plus, slash and equals sign all occur in signatures."""
    service.answers(says(YES["dingtalk"]))
    for _ in range(30):
        robot_of.clock.at += timedelta(seconds=61, milliseconds=7)
        assert robot_of("dingtalk").outcome == Outcome.ACCEPTED
        query = parse_qs(urlsplit(service.asked[-1].path).query, strict_parsing=True)
        (stamp,), (sign,) = query["timestamp"], query["sign"]
        made = hmac.new(SECRET.encode(), f"{stamp}\n{SECRET}".encode(), hashlib.sha256).digest()
        assert base64.b64decode(sign, validate=True) == made
        assert int(stamp) == round(robot_of.clock.at.timestamp() * 1000)
        assert query["access_token"] == ["t1"]

    raw = "".join(asked.path for asked in service.asked)
    assert "%2B" in raw
    assert "%252B" not in raw


def test_feishu_is_signed_in_the_body_in_seconds(service, robot_of):
    service.answers(says(YES["feishu"]))
    robot_of("feishu")

    (asked,) = service.asked
    assert asked.path == "/open-apis/bot/v2/hook/t1"
    stamp = asked.told["timestamp"]
    made = hmac.new(f"{stamp}\n{SECRET}".encode(), digestmod=hashlib.sha256).digest()
    assert base64.b64decode(asked.told["sign"], validate=True) == made
    assert stamp == str(int(NOON.timestamp()))


def test_without_a_secret_nothing_is_signed(service):
    service.answers(says({"errcode": 0, "code": 0}))
    for robot in (
        DingTalk(token="t", base_url=service.url),
        Feishu(token="t", base_url=service.url),
    ):
        over_wire(lambda wire, one=robot: Robot(one, wire, Pace()).send(NOTICE))

    ding, fei = service.asked
    assert ding.path == "/robot/send?access_token=t"
    assert fei.told.keys() == {"msg_type", "content"}


REFUSALS = [
    ("wecom", {"errcode": 93000, "errmsg": "invalid webhook url"}, "机器人地址无效（93000）"),
    ("wecom", {"errcode": 40058, "errmsg": "exceed max length"}, "缩短文字"),
    ("wecom", {"errcode": "45002"}, "文字太长（45002）"),
    ("dingtalk", {"errcode": 310000, "errmsg": "sign not match, more at…"}, "签名不对（310000）"),
    ("dingtalk", {"errcode": 310000, "errmsg": "invalid timestamp"}, "校准"),
    ("dingtalk", {"errcode": 310000, "errmsg": "keywords not in content"}, "关键词"),
    ("dingtalk", {"errcode": 310000, "errmsg": "ip 1.2.3.4 not in whitelist"}, "白名单"),
    (
        "dingtalk",
        {
            "errcode": 310000,
            "errmsg": "description:机器人发送签名不匹配;solution:请确认签名和生成签名的时间戳…",
        },
        "签名不对（310000）",
    ),
    ("dingtalk", {"errcode": 310000, "errmsg": "description:机器人发送签名过期;…"}, "校准"),
    ("dingtalk", {"errcode": 310000, "errmsg": "description:关键词不匹配;solution:…"}, "关键词"),
    ("dingtalk", {"errcode": 310000, "errmsg": "?"}, "安全设置没有通过（310000）"),
    ("dingtalk", {"errcode": 400102, "errmsg": "…"}, "重新启用"),
    ("dingtalk", {"errcode": 300005, "errmsg": "token is not exist"}, "机器人地址无效（300005）"),
    ("feishu", {"code": 19001, "msg": "token invalid"}, "重新添加"),
    ("feishu", {"code": 19021, "msg": "sign match fail"}, "签名不对（19021）"),
    ("feishu", {"code": 19022, "msg": "Ip Not Allowed"}, "白名单"),
    ("feishu", {"code": 19024, "msg": "Key Words Not Found"}, "关键词（19024）"),
    ("feishu", {"code": 9499, "msg": "Bad Request"}, "格式不对（9499）"),
    ("feishu", {"StatusCode": 9499, "StatusMessage": "Bad Request"}, "格式不对（9499）"),
]


@pytest.mark.parametrize("status", [200, 400])
@pytest.mark.parametrize(("kind", "answer", "told"), REFUSALS)
def test_a_code_other_than_zero_is_a_refusal_with_advice(
    kind, answer, told, status, service, robot_of
):
    service.answers(says(answer, status=status))

    done = robot_of(kind)

    assert done.outcome == Outcome.REFUSED
    assert done.code in {str(value) for value in answer.values()}
    assert done.sentence.startswith("机器人拒收：")
    assert told in done.sentence
    assert done.parts_accepted == 0


def test_a_refused_signature_says_what_to_check(service, robot_of):
    service.answers(says({"errcode": 310000, "errmsg": "sign not match"}))

    assert robot_of("dingtalk").sentence == "机器人拒收：签名不对（310000）。检查密钥和服务器时间。"


def test_an_unknown_code_is_refused_in_the_services_words_without_the_key(service, robot_of):
    service.answers(says({"errcode": 12345, "errmsg": "bad k+1/2\n " + "x" * 500}))

    done = robot_of("wecom")

    assert done.outcome == Outcome.REFUSED
    assert "（12345）" in done.sentence
    assert "k+1/2" not in done.sentence
    assert len(done.sentence) < 150


CROWDS = [
    ("wecom", {"errcode": 45009, "errmsg": "api freq out of limit"}, 60),
    ("wecom", {"errcode": -1, "errmsg": "system busy"}, 60),
    ("dingtalk", {"errcode": 130101, "errmsg": "send too fast"}, 600),
    ("dingtalk", {"errcode": 410100, "errmsg": "…"}, 600),
    ("feishu", {"code": 11232, "msg": "frequency limited psm[…]"}, 60),
    ("feishu", {"code": 9499, "msg": "too many request"}, 60),
]


@pytest.mark.parametrize(("kind", "answer", "wait_s"), CROWDS)
def test_a_robot_that_was_too_fast_is_busy_and_left_in_peace(
    kind, answer, wait_s, service, robot_of
):
    service.answers(says(answer), says(YES[kind]))

    first = robot_of(kind)
    robot_of.clock.at += timedelta(seconds=wait_s - 1)
    second = robot_of(kind)
    asked = len(service.asked)
    robot_of.clock.at += timedelta(seconds=1)

    assert (first.outcome, first.retry_after_s) == (Outcome.BUSY, wait_s)
    assert f"约 {wait_s} 秒后再发" in first.sentence
    assert (second.outcome, asked) == (Outcome.BUSY, 1)
    assert robot_of(kind).outcome == Outcome.ACCEPTED


@pytest.mark.parametrize(
    ("header", "wait_s"),
    [
        ({"Retry_After": "17"}, 17),
        ({}, 60),
        ({"Retry_After": "soon"}, 60),
        ({"Retry_After": "999999999999"}, 600),
        ({"Retry_After": "Tue, 21 Jul 2026 04:10:47 GMT"}, pytest.approx(39.75)),
    ],
)
def test_429_is_busy_for_as_long_as_it_says(header, wait_s, kind, service, robot_of):
    service.answers(says(b"", status=429, **header))

    done = robot_of(kind)

    assert (done.outcome, done.code) == (Outcome.BUSY, "http_429")
    assert done.retry_after_s == wait_s


@pytest.mark.parametrize(
    ("status", "body", "outcome", "code"),
    [
        (500, b"oops", Outcome.UNREACHABLE, "http_500"),
        (502, b"<html>Bad Gateway</html>", Outcome.UNREACHABLE, "http_502"),
        (500, b'{"errcode":0,"code":0}', Outcome.UNREACHABLE, "http_500"),
        (404, b"", Outcome.REFUSED, "http_404"),
        (403, b'{"errcode":0,"code":0}', Outcome.REFUSED, "http_403"),
        (200, b"<html>please sign in</html>", Outcome.UNREACHABLE, "not_an_answer"),
        (200, b"", Outcome.UNREACHABLE, "not_an_answer"),
        (200, b"[]", Outcome.UNREACHABLE, "not_an_answer"),
        (200, b'{"ok":true}', Outcome.UNREACHABLE, "not_an_answer"),
        (200, b'{"errcode":false,"code":null}', Outcome.UNREACHABLE, "not_an_answer"),
        (200, b'{"errcode":"\xff"}', Outcome.UNREACHABLE, "not_an_answer"),
        (204, b"", Outcome.UNREACHABLE, "http_204"),
    ],
)
def test_nothing_but_a_zero_with_200_is_accepted(
    status, body, outcome, code, kind, service, robot_of
):
    service.answers(says(body, status=status))

    done = robot_of(kind)

    assert (done.outcome, done.code) == (outcome, code)
    assert done.parts_accepted == 0


def test_nobody_is_followed_to_another_place(kind, service, robot_of):
    service.answers(says(b"", status=307, Location=f"{service.url}/elsewhere"))

    done = robot_of(kind)

    assert (done.outcome, done.code) == (Outcome.UNREACHABLE, "http_307")
    assert len(service.asked) == 1


def test_an_answer_that_drips_is_given_up(kind, service, robot_of):
    service.answers(drips(service))

    done = robot_of(kind, whole_s=0.3)

    assert (done.outcome, done.code) == (Outcome.UNREACHABLE, "timeout")
    assert "不知道发出没有" in done.sentence


def test_an_answer_without_end_is_not_read_to_its_end(kind, service, robot_of):
    service.answers(pours(service))

    assert robot_of(kind).code == "too_big"


def test_an_answer_that_breaks_off_is_not_believed(kind, service, robot_of):
    service.answers(hangs_up)

    assert (done := robot_of(kind)).outcome == Outcome.UNREACHABLE
    assert done.code == "broken"


def test_where_nobody_listens_is_unreachable(kind, robot_of):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]

    done = robot_of(kind, url=f"http://127.0.0.1:{port}")

    assert (done.outcome, done.code) == (Outcome.UNREACHABLE, "connect")
    assert str(port) not in done.sentence


@pytest.mark.parametrize("url", ["ftp://127.0.0.1", "127.0.0.1", "http://a:port"])
def test_a_wrong_address_is_said_to_be_one(url, kind, robot_of):
    assert robot_of(kind, url=url).code == "address"


def test_a_name_no_resolver_takes_is_unreachable(kind, robot_of):
    assert robot_of(kind, url=f"http://{'a' * 70}.example").outcome == Outcome.UNREACHABLE


def test_a_long_text_goes_in_numbered_parts_within_the_limit(kind, service, robot_of):
    service.answers(says(YES[kind]))

    done = robot_of(kind, LONG)

    texts = [text_of(kind, asked) for asked in service.asked]
    assert (done.outcome, done.parts_accepted) == (Outcome.ACCEPTED, done.parts)
    assert done.parts == len(texts) >= 2
    heads = [f"（{n}/{len(texts)}）{LONG.title}\n" for n in range(1, len(texts) + 1)]
    assert all(one.startswith(head) for one, head in zip(texts, heads, strict=True))
    limit = KINDS[kind]("").max_bytes
    assert all(len(one.encode()) <= limit for one in texts)
    said = (one.removeprefix(head) for one, head in zip(texts, heads, strict=True))
    assert "".join(said) == LONG.text


def test_a_second_try_says_only_what_was_not_accepted(kind, service, robot_of):
    service.answers(says(YES[kind]), says(b"", status=500), says(YES[kind]))

    first = robot_of(kind, LONG)
    again = msgspec.structs.replace(LONG, parts_accepted=first.parts_accepted)
    second = robot_of(kind, again)

    texts = [text_of(kind, asked) for asked in service.asked]
    assert (first.outcome, first.parts_accepted) == (Outcome.UNREACHABLE, 1)
    assert second.outcome == Outcome.ACCEPTED
    assert second.parts_accepted == second.parts
    assert texts[1] == texts[2]
    assert len({*texts}) == second.parts


def test_far_too_long_and_empty_texts_are_refused_unsent(kind, service, robot_of):
    book = msgspec.structs.replace(NOTICE, text="风" * 9000)

    assert robot_of(kind, book).code == "too_long"
    assert robot_of(kind, Notice(title="", text=" \n")).code == "empty"
    assert service.asked == []


def test_feishu_bodies_stay_below_twenty_kilobytes_whatever_is_in_them(service, robot_of):
    service.answers(says(YES["feishu"]))
    for text in ("\x01" * 2000, '"' * 2000, "<at >" * 400):
        everybody = tuple(f"ou_{n:061}" for n in range(80))
        robot_of("feishu", Notice(title="", text=text, to_all=True, user_ids=everybody))

    assert len(service.asked) == 3
    assert max(len(asked.body) for asked in service.asked) <= 20_000


@pytest.mark.parametrize(("kind", "most", "wait_s"), [("wecom", 20, 62), ("dingtalk", 20, 62)])
def test_twenty_a_minute_and_not_one_more(kind, most, wait_s, service, robot_of):
    service.answers(says(YES[kind]))

    done = [robot_of(kind) for _ in range(most + 1)]

    assert {one.outcome for one in done[:most]} == {Outcome.ACCEPTED}
    assert (done[-1].outcome, done[-1].code) == (Outcome.BUSY, "pace")
    assert done[-1].retry_after_s == pytest.approx(wait_s)
    assert len(service.asked) == most
    robot_of.clock.at += timedelta(seconds=wait_s)
    assert robot_of(kind).outcome == Outcome.ACCEPTED


def test_feishu_takes_five_in_a_second(service, robot_of):
    service.answers(says(YES["feishu"]))

    done = [robot_of("feishu").outcome for _ in range(6)]

    assert done == [Outcome.ACCEPTED] * 5 + [Outcome.BUSY]


@pytest.mark.parametrize(
    ("minute", "is_urgent", "outcome"),
    [
        (0, False, Outcome.BUSY),
        (30, False, Outcome.BUSY),
        (0, True, Outcome.ACCEPTED),
        (30, True, Outcome.ACCEPTED),
        (1, False, Outcome.ACCEPTED),
        (29, False, Outcome.ACCEPTED),
    ],
)
def test_feishu_is_spared_at_full_and_half_hours_unless_it_is_urgent(
    minute, is_urgent, outcome, service, robot_of
):
    service.answers(says(YES["feishu"]))
    robot_of.clock.at = NOON.replace(minute=minute, second=15)

    done = robot_of("feishu", msgspec.structs.replace(NOTICE, is_urgent=is_urgent))

    assert done.outcome == outcome
    if outcome == Outcome.BUSY:
        assert done.retry_after_s == 45
        assert "整点" in done.sentence


CALLED = msgspec.structs.replace(
    NOTICE, mobiles=("13900000001",), user_ids=("zhang-1",), to_all=True
)


def test_people_are_called_where_the_service_can(service, robot_of):
    service.answers(says({"errcode": 0, "code": 0}))
    for kind in KINDS:
        robot_of(kind, CALLED)

    wecom, ding, fei = (asked.told for asked in service.asked)
    assert wecom["text"]["mentioned_list"] == ["@all", "zhang-1"]
    assert wecom["text"]["mentioned_mobile_list"] == ["13900000001"]
    assert ding["at"] == {
        "atMobiles": ["13900000001"],
        "atUserIds": ["zhang-1"],
        "isAtAll": True,
    }
    assert fei["content"]["text"].startswith(
        '<at user_id="all">所有人</at> <at user_id="zhang-1"></at>\n'
    )
    assert "13900000001" not in json.dumps(fei)


def test_people_are_called_once_for_all_parts(service, robot_of):
    service.answers(says({"errcode": 0, "code": 0}))
    robot_of("wecom", msgspec.structs.replace(LONG, to_all=True))

    first, *others = (asked.told["text"]["mentioned_list"] for asked in service.asked)
    assert first == ["@all"]
    assert others
    assert not any(others)


def test_a_pasted_text_calls_nobody_in_feishu(service, robot_of):
    service.answers(says(YES["feishu"]))
    robot_of(
        "feishu",
        Notice(
            title="预警",
            text='<at user_id="all">x</at><AT user_id="all"></AT> 风力<8级',
            user_ids=('x"></at><at user_id="all',),
        ),
    )

    text = text_of("feishu", service.asked[0]).lower()
    assert "<at" not in text
    assert "</at" not in text
    assert "风力<8级" in text


def test_the_clock_in_signatures_is_the_injected_one(service, robot_of):
    service.answers(says(YES["dingtalk"]))
    robot_of.clock.at = datetime.fromisoformat("2026-07-21T09:10:00+08:00")
    robot_of("dingtalk")

    assert "timestamp=1784596200000" in service.asked[0].path
