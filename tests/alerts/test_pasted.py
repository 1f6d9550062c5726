"""A pasted text or a filled in form becomes a message once a person has confirmed it."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import structs

from server.alerts.pasted import PLAIN, Confirmed, message_of, problems, read_text
from sync.alert_areas import Covers, Place, covers
from sync.alert_signs import sign_of
from sync.alert_times import is_standard
from sync.alerts import MsgType, Status
from sync.incidents import incidents

BEIJING = timezone(timedelta(hours=8))
NOW = "2026-08-07T09:20"
RECEIVED = datetime(2026, 8, 7, 1, 20, tzinfo=UTC)
TEXT = (
    "清龙区气象台2026年08月07日09时10分发布雷雨大风黄色预警信号：预计6小时内，清龙区有8级阵风，"
    "请注意防范。防御指南：1.关好门窗；2.减少外出。"
)
LIFT = "清龙区气象台2026年08月07日12时00分解除雷雨大风黄色预警信号。"
CUT = Confirmed(
    kind="停水",
    station="清龙供水公司",
    issued_at="2026-08-07T09:00",
    effect="8号楼至12号楼停水检修",
    area="向阳社区",
)


def sign(message):
    return sign_of(message, BEIJING, RECEIVED)


def test_a_pasted_text_fills_the_form_in_and_becomes_a_message():
    form = read_text(TEXT, NOW)
    assert problems(form, NOW) == {}

    message = message_of(form, TEXT, BEIJING)

    (info,) = message.infos
    assert (message.sender, message.sent) == ("清龙区气象台", "2026-08-07T09:10:00+08:00")
    assert (message.status, message.msg_type) == (Status.ACTUAL, MsgType.ALERT)
    assert message.references == ()
    assert info.language == "zh-CN"
    assert info.headline == "清龙区气象台发布雷雨大风黄色预警信号"
    assert info.expires == "2026-08-07T15:10:00+08:00"
    assert info.instruction == "1. 关好门窗\n2. 减少外出"
    assert info.parameters == (("colour", "yellow"), ("source", "转发，未核实"))
    assert (sign(message).kind, sign(message).colour) == ("雷雨大风", "yellow")


def test_the_same_text_is_the_same_message_however_it_was_broken_into_lines():
    form = read_text(TEXT, NOW)

    first = message_of(form, TEXT, BEIJING)
    assert message_of(form, TEXT.replace("，", "，\n"), BEIJING).identifier == first.identifier
    assert message_of(form, TEXT + "转发", BEIJING).identifier != first.identifier


def test_a_pasted_lifting_ends_what_was_pasted_before():
    given = [
        sign(message_of(form, text, BEIJING))
        for text in (TEXT, LIFT)
        for form in [read_text(text, "2026-08-07T12:05")]
    ]
    assert problems(read_text(LIFT, "2026-08-07T12:05"), "2026-08-07T12:05") == {}

    for order in (given, given[::-1]):
        (one,) = incidents(order)
        assert one.is_closed


def test_a_drill_is_one_in_status_and_headline():
    form = read_text("【演练】" + TEXT, NOW)
    message = message_of(form, TEXT, BEIJING)

    assert message.status is Status.EXERCISE
    assert message.infos[0].headline.startswith("【演练】")
    assert (sign(message).kind, sign(message).is_drill) == ("雷雨大风", True)


@pytest.mark.parametrize("kind", PLAIN)
def test_the_plain_form_takes_kinds_without_colours(kind):
    form = structs.replace(CUT, kind=kind)
    assert problems(form, NOW) == {}

    message = message_of(form, "", BEIJING)

    assert (sign(message).kind, sign(message).colour) == (kind, "")
    assert message.infos[0].parameters == (("source", "社区填写"),)
    assert message.infos[0].headline == f"清龙供水公司发布{kind}通知"
    lifted = message_of(structs.replace(form, action="lift"), "", BEIJING)
    assert lifted.identifier != message.identifier
    assert sign(lifted).closes


def test_a_power_cut_stays_one_although_its_text_speaks_of_a_storm():
    form = structs.replace(CUT, kind="停电", effect="因清龙区发布暴雨红色预警信号，8号楼停电")
    assert problems(form, NOW) == {}

    found = sign(message_of(form, "", BEIJING))

    assert (found.kind, found.colour) == ("停电", "")


def test_an_area_with_a_code_is_compared_by_it():
    areas = message_of(structs.replace(CUT, area_code="440304012005"), "", BEIJING).infos[0].areas

    assert covers(areas, Place(code="440304012005")) is Covers.YES
    assert covers(areas, Place(code="440304012006")) is Covers.NO


GOOD = read_text(TEXT, NOW)


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"kind": ""}, "请写明是什么预警"),
        ({"kind": "暴雨<b>"}, "只写名称"),
        ({"kind": "雨" * 25}, "太长了"),
        ({"colour": ""}, "请选择预警颜色"),
        ({"colour": "green"}, "白、蓝、黄、橙、红"),
        ({"action": "shout"}, "请选择是发布"),
        ({"station": " "}, "请写明发布单位"),
        ({"issued_at": ""}, "请填写发布时间"),
        ({"issued_at": "soon"}, "读不懂"),
        ({"issued_at": "2026-08-07T10:21"}, "比现在还晚"),
        ({"issued_at": "2026-07-31T09:19", "ends_at": "2026-08-01T00:00"}, "7 天前"),
        ({"ends_at": ""}, "到什么时候为止"),
        ({"ends_at": "later"}, "读不懂"),
        ({"ends_at": "2026-08-07T09:10"}, "晚于发布时间"),
        ({"ends_at": "2026-08-22T09:11"}, "15 天"),
        ({"ends_at": "2026-08-07T15:10:00+08:00"}, "读不懂"),
        ({"area": "区" * 201}, "太长了"),
        ({"area_code": "4403"}, "区划代码"),
        ({"effect": ""}, "预计会怎样"),
        ({"guide": ("关窗",) * 21}, "最多 20 条"),
    ],
)
def test_each_field_says_what_is_wrong_with_it(changed, told):
    found = problems(structs.replace(GOOD, **changed), NOW)

    (name,) = found
    assert name in changed
    assert told in found[name]


def test_what_has_no_colours_gets_none():
    assert problems(structs.replace(CUT, colour="red"), NOW) == {
        "colour": "停水不分颜色，请不要选。"
    }


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=300) | st.lists(st.sampled_from([TEXT, LIFT, "预计", "红色", "24时"])))
def test_whatever_is_pasted_is_read_or_told_what_it_lacks(text):
    text = "".join(text)
    form = read_text(text, NOW)

    if not problems(form, NOW):
        message = message_of(form, text, BEIJING)
        assert is_standard(message.sent) and message.sender
        assert sign(message).kind == form.kind
