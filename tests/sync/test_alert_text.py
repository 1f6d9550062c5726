"""Texts as people paste them from chat groups."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.alert_text import understand

NOW = "2026-08-07T09:20"
WHOLE = (
    "清龙市气象台2026年08月07日09时10分发布雷雨大风黄色预警信号：预计6小时内，清龙区、山前区"
    "大部分地区将出现雷雨天气，伴有7级以上阵风，请注意防范。防御指南：1.关好门窗，收好阳台花盆衣架；"
    "2.车辆离开低洼和大树；3.老人小孩不外出。"
)


def test_a_whole_text_needs_nothing_added():
    found = understand(WHOLE, NOW)

    assert found.missing == ()
    assert (found.signal.kind, found.signal.colour, found.signal.action) == (
        "雷雨大风",
        "yellow",
        "issue",
    )
    assert found.station == "清龙市气象台"
    assert found.issued_at == "2026-08-07T09:10"
    assert found.ends_at == "2026-08-07T15:10"
    assert found.area == "清龙区、山前区大部分地区"
    assert found.effect.startswith("6小时内") and found.effect.endswith("7级以上阵风")
    assert found.guide == (
        "关好门窗,收好阳台花盆衣架",
        "车辆离开低洼和大树",
        "老人小孩不外出",
    )
    assert not found.is_drill


@pytest.mark.parametrize(
    ("written", "at"),
    [
        ("2026年8月7日9时10分", "2026-08-07T09:10"),
        ("2026年08月07日09:10", "2026-08-07T09:10"),
        ("2026-08-07 09:10", "2026-08-07T09:10"),
        ("８月７日９时１０分", "2026-08-07T09:10"),
        ("今日9时10分", "2026-08-07T09:10"),
        ("今天上午9点半", "2026-08-07T09:30"),
        ("8月6日下午3点", "2026-08-06T15:00"),
        ("8月6日24时", "2026-08-07T00:00"),
        ("12月31日23时50分", "2025-12-31T23:50"),
        ("23时50分", "2026-08-06T23:50"),
        ("2月30日9时10分", "2026-08-07T09:10"),
        ("", ""),
        ("99时99分", ""),
    ],
)
def test_hours_are_read_in_every_spelling(written, at):
    assert understand(f"清龙市气象台{written}发布暴雨红色预警信号", NOW).issued_at == at


@pytest.mark.parametrize(
    ("written", "at"),
    [
        ("预计未来2小时内我区有雨", "2026-08-07T11:10"),
        ("预计1-2小时我区有雨", "2026-08-07T11:10"),
        ("预计24小时内有雨", "2026-08-08T09:10"),
        ("预计大风持续到今天20时", "2026-08-07T20:00"),
        ("预计大风持续到今晚8时", "2026-08-07T20:00"),
        ("预计大风持续到明天8时", "2026-08-08T08:00"),
        ("预计大风持续到明天20时", "2026-08-08T20:00"),
        ("预计大风持续至20时", "2026-08-07T20:00"),
        ("预计大风持续至8日08时", "2026-08-08T08:00"),
        ("预计有雨", ""),
    ],
)
def test_the_end_is_read_from_hours_or_a_clock(written, at):
    text = f"清龙市气象台8月7日9时10分发布暴雨红色预警信号：{written}"

    assert understand(text, NOW).ends_at == at


def test_a_lifting_needs_no_end():
    found = understand("清龙市气象台2026年8月7日14时解除雷雨大风黄色预警信号。", NOW)

    assert found.signal.action == "lift"
    assert found.missing == ()


def test_what_is_not_there_is_named():
    found = understand("各位邻居，快下暴雨了，大家关好窗！", NOW)

    assert found.missing == ("signal", "station", "issued_at", "ends_at", "effect")


def test_a_forwarded_text_with_greetings_is_read():
    text = "转发\n@所有人 【紧急通知】\n" + WHOLE + "\n收到请回复"

    found = understand(text, NOW)
    assert (found.missing, found.station) == ((), "清龙市气象台")


def test_a_drill_is_a_drill():
    assert understand("【演练】" + WHOLE, NOW).is_drill


def test_two_signals_are_told():
    text = "清龙市气象台9时10分发布暴雨橙色预警信号，解除雷电黄色预警信号"

    found = understand(text, NOW)
    assert (found.signal.kind, [one.kind for one in found.others]) == ("暴雨", ["雷电"])


LETTERS = (
    "清龙市气象台发布解除雷雨大风黄橙红色预警信号0129年月日时分:：至到小时内，。1.;【】预计 \n"
)


@given(st.text(alphabet=LETTERS))
def test_any_text_is_answered(text):
    understand(text, NOW)


def test_a_very_long_text_is_answered_at_once():
    for piece in ("预警", "黄色", "1.", "清龙市", "预计至8日08时", "防御指南:", "、区", "(" * 9):
        understand(piece * 20_000, NOW)
