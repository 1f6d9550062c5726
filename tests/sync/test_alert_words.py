"""Which signal a title or a text names."""

import pytest

from sync.alert_words import Signal, signals


@pytest.mark.parametrize(
    ("text", "kind", "colour", "action"),
    [
        ("保定市气象台更新雷电黄色预警[Ⅲ级/较重]", "雷电", "yellow", "update"),
        (
            "清龙市气象台2026年08月07日09时10分发布雷雨大风黄色预警信号:预计",
            "雷雨大风",
            "yellow",
            "issue",
        ),
        ("清龙市气象台9时10分继续发布雷雨大风黄色预警信号", "雷雨大风", "yellow", "continue"),
        ("清龙市气象台解除雷雨大风黄色预警[III级/较重]", "雷雨大风", "yellow", "lift"),
        ("【暴雨红色预警】请注意", "暴雨", "red", "issue"),
        ("海上大风蓝色预警", "海上大风", "blue", "issue"),
        ("台风白色预警信号", "台风", "white", "issue"),
        ("清龙市气象台台风蓝色预警信号", "台风", "blue", "issue"),
        ("清龙区气象局变更发布暴雨橙色预警信号", "暴雨", "orange", "change"),
        ("将雷雨大风黄色预警信号升级为橙色", "雷雨大风", "orange", "change"),
        ("暴雨黄色预警信号变更为暴雨橙色预警信号", "暴雨", "orange", "change"),
        ("地质灾害气象风险黄色预警", "地质灾害气象风险", "yellow", "issue"),
        ("暴雨预警信号（橙色）", "暴雨", "orange", "issue"),
        ("全市发布橙色暴雨预警", "暴雨", "orange", "issue"),
        ("清龙市森林火险Ⅱ级橙色预警", "森林火险", "orange", "issue"),
        ("雷雨大风黄色预警信号已解除", "雷雨大风", "yellow", "lift"),
        ("取消高温橙色预警信号", "高温", "orange", "lift"),
        ("深圳市分区雷电预警信号【黄色】", "雷电", "yellow", "issue"),
        ("发布大雾红色(Ⅰ级)预警", "大雾", "red", "issue"),
        ("异常怪风黄色预警", "异常怪风", "yellow", "issue"),
    ],
)
def test_a_signal_is_read(text, kind, colour, action):
    assert signals(text)[:1] == [Signal(kind=kind, colour=colour, action=action)]


def test_two_signals_of_one_text_are_both_told_with_their_own_action():
    text = "清龙市气象台9时10分发布暴雨橙色预警信号。同时解除雷电黄色预警信号。"

    assert signals(text) == [
        Signal(kind="暴雨", colour="orange", action="issue"),
        Signal(kind="雷电", colour="yellow", action="lift"),
    ]


@pytest.mark.parametrize("text", ["", "今天天气很好", "黄色", "预警", "明天停水8小时", "黄" * 5000])
def test_what_names_none_gives_none(text):
    assert signals(text) == []
