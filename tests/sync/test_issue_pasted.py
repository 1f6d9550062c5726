"""Orders and chats as they are pasted, and what is answered."""

import pytest

from sync.issue_answers import answer
from sync.issue_deadlines import Left, left
from sync.issue_pasted import building_in, read

ORDER = """【12345工单】
工单编号：GD20261123-00871
受理时间：2026-11-23 09:12
来电人：王女士
联系电话：13800138000
诉求类型：投诉
事发地址：红棉苑3栋2单元门口
诉求内容：市民反映路灯不亮已有一周，
晚上老人出行不便，要求修复。
办结时限：2026年11月30日
"""
CHAT = """红棉苑3栋业主群
李姐 2026/11/23 08:15
@社区小陈 我们3栋楼下垃圾堆了三天没人清
电话13912345678

周哥：
都招蚊子了
"""


def test_an_order_keeps_its_number_limit_and_words():
    found = read(ORDER)

    assert (found.source, found.number, found.due_on) == (
        "hotline",
        "GD20261123-00871",
        "2026-11-30",
    )
    assert found.place == "红棉苑3栋2单元门口"
    assert found.text == "市民反映路灯不亮已有一周，\n晚上老人出行不便，要求修复。"
    assert found.category == "public_facility"


def test_who_called_is_left_out_and_that_is_said():
    found = read(ORDER)

    assert found.hidden
    assert "王女士" not in repr(found) and "13800138000" not in repr(found)


def test_a_chat_keeps_what_was_said_and_not_by_whom():
    found = read(CHAT)

    assert (found.source, found.number, found.due_on) == ("wechat", "", "")
    assert "李姐" not in found.text and "周哥" not in found.text and "小陈" not in found.text
    assert "垃圾堆了三天没人清" in found.text and "都招蚊子了" in found.text
    assert "13912345678" not in found.text and "［电话］" in found.text
    assert found.category == "environment"
    assert found.hidden


def test_an_order_in_one_line_is_read_too():
    found = read(
        "工单号：2026112300871 地址：红棉苑3栋 诉求内容：楼上漏水 办理时限：2026-12-03 18:00"
    )

    assert found.number == "2026112300871"
    assert (found.place, found.text, found.due_on) == ("红棉苑3栋", "楼上漏水", "2026-12-03")
    assert found.category == "dispute"


@pytest.mark.parametrize(
    ("pasted", "text"),
    [
        ("路灯不亮", "路灯不亮"),
        ("地点：3栋\n内容：井盖松了", "井盖松了"),
        ("张阿姨：楼道灯坏了，麻烦看看", "楼道灯坏了，麻烦看看"),
        ("晚上9:30还在装修", "晚上9:30还在装修"),
        ("看 https://example.org/a:b", "看 https://example.org/a:b"),
        ("", ""),
    ],
)
def test_plain_words_stay_as_they_are(pasted, text):
    assert read(pasted).text == text


def test_papers_are_no_part_of_a_text():
    assert read("身份证 11010519491231002X 要办认证").text == "身份证 ［证件号］ 要办认证"


def test_long_texts_are_cut_and_nothing_hangs():
    found = read("灯：" * 50_000)
    assert len(found.text) <= 1000


BUILDINGS = {
    "a": ("红棉苑", "3栋"),
    "b": ("红棉苑", "13栋"),
    "c": ("榕景园", "3栋"),
}


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("红棉苑3栋2单元", "a"),
        ("红棉苑 3 号楼楼下", "a"),
        ("红棉苑13栋", "b"),
        ("榕景园3幢", "c"),
        ("3栋楼下", ""),
        ("红棉苑3栋和13栋之间", ""),
        ("", ""),
    ],
)
def test_a_building_is_named_by_its_compound_and_name(text, found):
    assert building_in(text, BUILDINGS) == found


def test_an_answer_says_how_far_it_is():
    open_ = answer("doing", "路灯不亮", "GD1", "2026-11-30", "", "清龙社区")
    closed = answer("closed", "路灯不亮" * 20, "", "", "已换新灯泡。", "清龙社区")

    assert open_ == (
        "您反映的“路灯不亮”（工单 GD1），社区已受理，正在办理，11月30日前办结。——清龙社区"
    )
    assert closed.endswith("…”，已办结。已换新灯泡。——清龙社区")


@pytest.mark.parametrize(
    ("due", "now", "found"),
    [
        ("2026-11-30T10:00", "2026-11-23T10:00", Left(False, False, 7, "days")),
        ("2026-11-24T10:00", "2026-11-23T10:00", Left(False, False, 1, "days")),
        ("2026-11-24T09:59", "2026-11-23T10:00", Left(False, True, 23, "hours")),
        ("2026-11-23T10:59", "2026-11-23T10:00", Left(False, True, 59, "minutes")),
        ("2026-11-23T10:00", "2026-11-23T10:00", Left(False, True, 0, "minutes")),
        ("2026-11-23T09:59", "2026-11-23T10:00", Left(True, False, 1, "minutes")),
        ("2026-11-23T09:00", "2026-11-23T10:00", Left(True, False, 1, "hours")),
        ("2026-11-20T10:00", "2026-11-23T10:00", Left(True, False, 3, "days")),
    ],
)
def test_what_is_left(due, now, found):
    assert left(f"{due}:00.000Z", f"{now}:00.000Z") == found
