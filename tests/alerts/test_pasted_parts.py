"""A pasted text with several warnings becomes a form, and a message, for each."""

from datetime import timedelta, timezone

from server.alerts.pasted import message_of, problems
from server.alerts.pasted_parts import found_in

NOW = "2026-08-07T09:30"
ZONE = timezone(timedelta(hours=8))
TEXT = (
    "【演练】清龙区气象台2026年8月7日09时10分发布雷雨大风黄色预警信号：预计6小时内，清龙区有8级阵风。\n"
    "09时20分发布暴雨橙色预警信号：预计3小时内，清龙区有大雨。高温黄色预警信号继续生效。"
)


def test_every_warning_gets_a_form_and_what_is_mentioned_too():
    gale, rain, heat = found_in(TEXT, NOW)

    assert (gale.form.kind, gale.form.colour, gale.form.ends_at) == (
        *("雷雨大风", "yellow"),
        "2026-08-07T15:10",
    )
    assert (rain.form.kind, rain.form.colour, rain.form.issued_at) == (
        *("暴雨", "orange"),
        "2026-08-07T09:20",
    )
    assert [one.is_mention for one in (gale, rain, heat)] == [False, False, True]
    assert heat.form.kind == "高温"


def test_the_head_of_a_text_stands_for_all_of_it():
    _, rain, _ = found_in(TEXT, NOW)

    assert (rain.form.station, rain.form.is_drill) == ("清龙区气象台", True)
    assert problems(rain.form, NOW) == {}


def test_two_warnings_of_one_text_are_two_messages():
    found = found_in(TEXT, NOW)

    ids = {message_of(one.form, one.text, ZONE).identifier for one in found}
    assert len(ids) == 3


def test_a_text_in_which_nothing_is_understood_gives_an_empty_form():
    (one,) = found_in("你好", NOW)

    assert (one.form.kind, one.form.colour, one.text, one.is_mention) == ("", "", "你好", False)
