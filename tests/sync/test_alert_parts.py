"""Several warnings in one pasted text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.alert_parts import MOST_PARTS, parts

GALE = (
    "清龙区气象台2026年8月7日09时10分发布雷雨大风黄色预警信号：预计6小时内有8级阵风。\n"
    "防御指南：1.关好门窗；2.遇暴雨红色预警信号时不外出。\n"
)
RAIN = "清龙区气象台09时20分发布暴雨橙色预警信号：预计3小时内有大雨。"
LIFT = "9时40分清龙区气象台解除雷电黄色预警信号。"


def test_one_warning_stays_whole_with_what_stands_around_it():
    text = "各位楼长：\n【雷雨大风黄色预警】\n" + GALE + "收到请回复"

    assert parts(text) == [text.strip()]


@pytest.mark.parametrize("between", ["", "\n", "\n\n转发：\n"])
def test_each_station_that_issues_another_signal_begins_a_part(between):
    found = parts(GALE + between + RAIN + between + LIFT)

    assert [part.count("预警信号") for part in found] == [2, 1, 1]
    assert found[0].startswith("清龙区气象台2026年")
    assert "暴雨橙色" in found[1] and "雷电黄色" in found[2]


def test_what_only_goes_on_or_is_advice_is_no_part():
    assert len(parts(RAIN + "此前高温黄色预警信号继续生效。")) == 1
    assert len(parts(RAIN + "暴雨橙色预警信号发布后，请不要外出。")) == 1


def test_a_text_without_a_warning_is_one_part_and_an_empty_one_none():
    assert parts("明天上午停水，请提前储水。") == ["明天上午停水，请提前储水。"]
    assert parts(" \n ") == []


def test_no_more_parts_than_a_page_can_show():
    signals = [kind + colour for kind in "风雨雪雷雾霾" for colour in "黄红"]
    text = "\n".join(f"清龙区气象台发布{one}色预警信号。" for one in signals)

    assert len(parts(text)) == MOST_PARTS
    assert "".join(parts(text)).count("预警信号") == 12


@given(st.text(alphabet="清龙气象台发布暴雨雷黄橙红色预警信号。\n 0910时分解除", max_size=300))
def test_nothing_is_lost(text):
    assert "".join("".join(parts(text)).split()) == "".join(text.split())
