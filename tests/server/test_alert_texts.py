"""预警文字: the office writes its own words, sees what they come out as, and may go back."""

import html

import pytest

from server.alerts.texts import texts_of
from server.store import alert_texts as rows
from sync.alert_texts import MESSAGE, SHORT, defaults, guide_of

GALE = {"kind": "雷雨大风", "colour": "yellow"}
OWN = {
    "message": "【{名称}】{时间}起{影响}，请：{指南}。电话{电话}。",
    "short": "【{名称}】{首条}。{电话}",
    "guide": "收好花盆。\n\n关好门窗\n不要出门；",
    "source": "清龙街道防御指南",
    "dated_on": "2026-08-01",
}


def words(town, kind="雷雨大风", colour="yellow"):
    with town.store.read() as tx:
        return texts_of(tx, town.community, kind, colour)


def said(answer):
    return html.unescape(answer.text)


def test_what_the_office_writes_is_what_a_warning_says(town, office):
    answer = office.submit("/office/alert-texts/wordings", **GALE, **OWN)

    assert answer.status_code == 200 and "社区写的" in office.get("/office/alert-texts").text
    now = words(town)
    assert (now.message, now.short) == (OWN["message"], OWN["short"])
    assert now.guide == ("收好花盆", "关好门窗", "不要出门")
    assert (now.source, now.dated_on, now.is_own_guide) == ("清龙街道防御指南", "2026-08-01", True)
    assert words(town, "暴雨").message == MESSAGE
    assert [row["detail"] for row in town.audit("alert.text")] == ["雷雨大风 yellow"]


def test_a_field_that_is_left_alone_stays_ours(town, office):
    page = office.get("/office/alert-texts/wording", params=GALE)
    assert MESSAGE in page.text and SHORT in page.text
    ours = {
        "guide": "\n".join(guide_of(*GALE.values())),
        "source": defaults().source,
        "dated_on": defaults().dated_on,
    }

    office.submit("/office/alert-texts/wordings", **GALE, **{**OWN, **ours})

    with town.store.read() as tx:
        (kept,) = rows.own(tx, town.community)
    assert (kept.points, kept.source, kept.dated_on) == ((), "", "")
    assert kept.message == OWN["message"]
    again = office.submit("/office/alert-texts/wordings", **GALE, **{**OWN, **ours})
    assert again.status_code == 422 and "没有要改的内容" in again.text


def test_a_kind_that_nobody_knew_has_words_of_its_own(town, office):
    flood = {"kind": "内涝", "colour": "red"}

    assert office.get("/office/alert-texts/wording", params=flood).status_code == 200
    office.submit("/office/alert-texts/wordings", **flood, **OWN)

    assert words(town, "内涝", "red").short == OWN["short"]
    assert "内涝" in office.get("/office/alert-texts").text


def test_back_to_ours(town, office):
    before = words(town)
    office.submit("/office/alert-texts/wordings", **GALE, **OWN)
    answer = office.submit("/office/alert-texts/resets", **GALE)

    assert "改回原来的文字" not in answer.text
    assert words(town) == before
    assert office.submit("/office/alert-texts/resets", **GALE).status_code == 422


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"message": "【{名称}】{姓名}请下楼"}, "没有“{姓名}”这一项"),
        ({"message": "大家当心"}, "加上 {名称}"),
        ({"short": "【{名称}】" + "长" * 70}, "最多 67 个"),
        ({"guide": "看望黄秀珍"}, "写了住户的名字“黄秀珍”"),
        ({"short": "【{名称}】黄秀珍请下楼"}, "写了住户的名字“黄秀珍”"),
        ({"message": "【{名称}】红棉苑3栋502请转移"}, "写了具体门牌"),
        ({"guide": "\n".join(f"第{n}条" for n in range(9))}, "最多 8 条"),
        ({"source": "来" * 61}, "“指南的来源”最多 60 个字"),
        ({"dated_on": "2026-02-30"}, "不存在"),
        ({"colour": "purple"}, "没有“purple”这一项"),
        ({"kind": "<b>"}, "种类只能用文字"),
    ],
)
def test_what_cannot_be_said_to_everybody_is_not_kept(town, office, change, told):
    before = words(town)

    answer = office.submit("/office/alert-texts/wordings", **{**GALE, **OWN, **change})

    assert answer.status_code == 422
    assert told in said(answer)
    assert words(town) == before


def test_the_preview_counts_and_names_what_is_wrong_while_one_writes(town, office):
    long = {**OWN, "message": "【{名称}】" + "请收好花盆" * 15 + "：{指南}。看望黄秀珍"}

    answer = office.submit("/office/alert-texts/previews", **GALE, **long)

    shown = said(answer)
    assert "【雷雨大风黄色预警】请收好花盆" in shown
    assert "/ 120 字" in shown and "/ 2048 字节" in shown and "/ 67 字" in shown
    assert "写了住户的名字“黄秀珍”" in shown
    assert "02000001234" in shown
    assert "【解除雷雨大风黄色预警】" in shown
    assert words(town).message == MESSAGE


def test_what_is_too_long_with_an_example_is_said_to_be_cut(office):
    long = {**OWN, "message": "【{名称}】" + "请大家当心" * 20 + "：{指南}"}

    shown = said(office.submit("/office/alert-texts/previews", **GALE, **long))

    assert "超过了，发出时省去 1 条指南" in shown
