"""What a warning says to people fits, whatever it is filled in with."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.alert_checks import example_of, guide_problems, measured, problems
from sync.alert_texts import (
    MAX_BYTES,
    MAX_MESSAGE,
    MAX_SHORT,
    MESSAGE,
    SHORT,
    Facts,
    Guide,
    Own,
    defaults,
    guide_of,
    say,
    texts_for,
)

WIND = ("大风", "yellow")
GALE = Facts(
    kind="雷雨大风",
    colour="yellow",
    at="8月7日9时10分",
    area="清龙区",
    effect="6小时内将出现雷雨天气，伴有7级以上阵风",
    guide=("关好门窗", "车辆离开大树", "老人小孩不外出"),
    phone="0755-12345678",
    community="清龙社区",
)


def changed(**more):
    return Facts(**{name: getattr(GALE, name) for name in GALE.__struct_fields__} | more)


def test_a_message_says_all_of_it():
    said = say(GALE)

    assert said.message == (
        "【雷雨大风黄色预警】8月7日9时10分起清龙区6小时内将出现雷雨天气，伴有7级以上阵风。"
        "请：关好门窗；车辆离开大树；老人小孩不外出。有困难请打社区0755-12345678。——清龙社区"
    )
    assert said.short == (
        "【雷雨大风黄色预警】6小时内将出现雷雨天气，伴有7级以上阵风。关好门窗。"
        "困难请打0755-12345678。清龙社区"
    )


def test_a_drill_says_so_first_everywhere():
    said = say(changed(is_drill=True))

    assert said.message.startswith("【演练】") and said.short.startswith("【演练】")


def test_a_lifting_says_that_it_is_over_and_asks_for_nothing():
    said = say(changed(closes=True, at="8月7日14时"))

    assert said.message == (
        "【解除雷雨大风黄色预警】8月7日14时起解除。有困难仍可打社区0755-12345678。——清龙社区"
    )
    assert said.short == said.message


def test_what_has_no_colour_is_a_notice():
    said = say(changed(kind="停水", colour="", effect="停水8小时", area=""))

    assert said.message.startswith("【停水通知】8月7日9时10分起停水8小时。")


def test_a_sentence_about_what_is_not_known_is_left_out():
    said = say(changed(phone="", guide=(), effect=""))

    assert said.message == "【雷雨大风黄色预警】8月7日9时10分起清龙区有雷雨大风。——清龙社区"


def test_what_does_not_fit_is_left_out_from_its_least_part():
    long = "，".join(f"第{n}个小时有大雨" for n in range(1, 9))
    said = say(changed(effect=long))

    assert len(said.message) <= MAX_MESSAGE
    assert "关好门窗" in said.message and "车辆离开大树" not in said.message
    assert "第1个小时有大雨" in said.short and "0755-12345678" in said.short


@given(
    st.builds(
        Facts,
        kind=st.text(min_size=1, max_size=20),
        colour=st.sampled_from(["", "white", "red"]),
        at=st.text(max_size=20),
        area=st.text(max_size=200),
        effect=st.text(max_size=400),
        guide=st.lists(st.text(max_size=200), max_size=9).map(tuple),
        phone=st.text(max_size=20),
        community=st.text(max_size=30),
        is_drill=st.booleans(),
        closes=st.booleans(),
    )
)
def test_everything_fits(facts):
    said = say(facts)

    assert len(said.message) <= MAX_MESSAGE
    assert len(said.message.encode()) <= MAX_BYTES
    assert len(said.short) <= MAX_SHORT


@pytest.mark.parametrize("guide", defaults().guides, ids=lambda one: f"{one.kind}-{one.colour}")
def test_every_guide_that_comes_along_fits_with_three_points(guide):
    said = say(changed(kind=guide.kind or "怪风", area="", effect="", guide=guide.points))

    assert len(guide.points) == 3
    assert guide.points[2] in said.message


def test_the_nearest_guide_is_taken():
    own = (Guide(kind="暴雨", colour="", points=("本社区的话",)),)

    assert guide_of("暴雨", "red", own) == ("本社区的话",)
    assert guide_of("雷雨大风", "red") != guide_of("雷雨大风", "yellow")
    assert guide_of("雷雨大风", "blue") == guide_of("雷雨大风", "yellow")
    assert guide_of("海上大风", "yellow") == guide_of("大风", "yellow")
    assert guide_of("强雷雨大风", "yellow") == guide_of("雷雨大风", "yellow")
    assert guide_of("从没见过", "red")[0] == "不要出门"


@pytest.mark.parametrize(
    ("template", "told"),
    [
        (MESSAGE, ""),
        ("{名称}请注意", ""),
        ("请注意", "{名称}"),
        ("{名称}{姓名}", "{姓名}"),
        ("{名称}" + "长" * 130, "130"),
        ("{名称}请注意{", "成对"),
        ("{名称}请到3栋502避险", "栋502"),
        ("{名称}请到2单元 502 避险", "单元 502"),
        ("{名称}2单元停水，3栋12层以上停电", ""),
        ("{名称}3栋和5栋停水，影响200户", ""),
    ],
)
def test_a_text_of_the_office_is_looked_over(template, told):
    found = problems(template, MAX_MESSAGE)

    assert bool(found) == bool(told)
    assert told in "".join(found)


def test_the_words_of_the_office_come_from_the_nearest_that_has_them():
    own = [
        Own(kind="暴雨", message="{名称}来了", points=("看好地漏",), source="本街道"),
        Own(kind="暴雨", colour="red", short="{名称}，快"),
        Own(message="{名称}，各家注意", points=("照看老人",)),
    ]

    red, other, wind = (texts_for(*spot, own) for spot in (("暴雨", "red"), ("大暴雨", ""), WIND))

    assert (red.message, red.short, red.guide) == ("{名称}来了", "{名称}，快", ("看好地漏",))
    assert (other.message, other.source, other.short) == ("{名称}来了", "本街道", SHORT)
    assert (wind.message, wind.guide) == ("{名称}，各家注意", guide_of(*WIND))
    assert wind.source == defaults().source
    assert (red.is_own_guide, wind.is_own_guide) == (True, False)
    assert texts_for("怪事", "", own).guide == ("照看老人",)


def test_a_lifting_never_says_what_the_office_says_of_the_warning():
    said = say(changed(closes=True), "{名称}来了，快回家", "{名称}来了")

    assert said == say(changed(closes=True))


def test_a_preview_tells_how_long_it_is_and_what_is_left_out():
    short, long = (measured(MESSAGE, changed(area=area), MAX_MESSAGE) for area in ("", "区" * 32))

    assert (short.characters, short.points_left_out) == (len(short.text), 0)
    assert short.bytes == len(short.text.encode())
    assert long.characters > MAX_MESSAGE >= len(long.text)
    assert long.points_left_out == 1


@pytest.mark.parametrize("kind", ["", "暴雨", "停水", "从没见过"])
def test_every_kind_has_an_example(kind):
    facts = example_of(kind, "yellow", ("关好门窗",), "", "清龙社区")

    assert facts.kind in say(facts).message and facts.effect in say(facts).message


@pytest.mark.parametrize(
    ("points", "told"),
    [
        (["关好门窗"], ""),
        (["条"] * 9, "9 条"),
        (["长" * 61], "61 个字"),
        (["看望3栋502"], "门牌"),
        (["打{电话}"], "花括号"),
    ],
)
def test_a_guide_of_the_office_is_looked_over(points, told):
    found = guide_problems(points)

    assert bool(found) == bool(told)
    assert told in "".join(found)
