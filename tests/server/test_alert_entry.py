"""Warnings that come in by hand: pasted texts are looked over, forms filled in, both sent."""

import re

import pytest

from tests.server.office import rows_of

# The town's clock: 2026-09-15 10:00 in the community.
GALE = (
    "清龙区气象台2026年9月15日09时50分发布雷雨大风黄色预警信号：预计6小时内，清龙区有8级阵风，"
    "请注意防范。防御指南：1.关好门窗；2.减少外出。"
)
RAIN = "清龙区气象台2026年9月15日09时55分发布暴雨橙色预警信号：预计3小时内，清龙区有大雨。"
CODE = "440304012005"


@pytest.fixture
def placed(town):
    """The community has said where it is."""
    town.submit("office1", "community.change", {"changes": {"division_code": CODE}})
    return town


def read(office, text):
    return office.submit("/office/alerts/readings", text=text)


def filled(page, **typed):
    """What a browser would send of the form that a page shows, with what a person typed."""
    found = {}
    for tag in re.findall(r"<input [^>]*>", page):
        name, value = re.search(r'name="([^"]+)"', tag), re.search(r'value="([^"]*)"', tag)
        is_box = 'type="checkbox"' in tag
        if name and (not is_box or " checked" in tag):
            found[name[1]] = (value[1] if value else "").replace("&#34;", '"')
    for name, inside in re.findall(r'<select [^>]*name="([^"]+)">(.*?)</select>', page, re.DOTALL):
        chosen = re.search(r'<option value="([^"]*)" selected', inside)
        found[name] = chosen[1] if chosen else ""
    for name, inside in re.findall(
        r'<textarea [^>]*name="([^"]+)"[^>]*>(.*?)</textarea>', page, re.DOTALL
    ):
        found[name] = inside
    found.pop("form_token", None)
    found.pop("q", None)
    return {**found, **typed}


def messages(town):
    return sorted(rows_of(town, "alert_message"), key=lambda row: row["sent_at"])


def test_a_pasted_text_is_shown_as_understood_beside_its_words(placed, office):
    page = read(office, GALE)

    assert page.status_code == 200
    assert GALE in page.text
    form = filled(page.text)
    assert form["kind_0"] == "雷雨大风"
    assert (form["colour_0"], form["action_0"]) == ("yellow", "issue")
    assert (form["issued_at_0"], form["ends_at_0"]) == ("2026-09-15T09:50", "2026-09-15T15:50")
    assert form["guide_0"] == "关好门窗\n减少外出"
    assert messages(placed) == []


def test_what_was_confirmed_goes_out_and_the_original_is_kept(placed, office):
    form = filled(read(office, GALE).text, effect_0="8 级大风")
    answer = office.submit("/office/alerts", **form)

    (message,) = messages(placed)
    assert (message["source"], bytes(message["raw"]).decode()) == ("paste", GALE)
    assert message["person_id"] == placed.person("office1")
    (alert,) = rows_of(placed, "alert")
    assert (alert["kind"], alert["colour"], alert["state"]) == ("雷雨大风", "yellow", "open")
    assert alert["is_verified"] == 0
    assert "已收下" in answer.text
    assert "转发，未核实" in answer.text


def test_a_text_of_which_a_part_was_left_out_can_be_sent_again(placed, office):
    form = filled(read(office, f"{GALE}\n{RAIN}").text)
    first = {name: value for name, value in form.items() if name != "is_on_1"}
    office.submit("/office/alerts", **first)
    again = office.submit("/office/alerts", **form)

    assert {row["kind"] for row in rows_of(placed, "alert")} == {"雷雨大风", "暴雨"}
    assert len(messages(placed)) == 2
    assert "已收下" in again.text
    for message in messages(placed):
        raw = office.get(f"/office/alerts/messages/{message['id']}/raw").content.decode()
        assert raw == f"{GALE}\n{RAIN}"


def test_the_same_text_sent_twice_is_one_warning(placed, office):
    form = filled(read(office, GALE).text)
    office.submit("/office/alerts", **form)
    again = office.submit("/office/alerts", **form)

    assert len(messages(placed)) == 1
    assert len(rows_of(placed, "alert")) == 1
    assert "已经收到过" in again.text


def test_several_warnings_of_one_text_are_sent_as_ticked(placed, office):
    form = filled(read(office, f"{GALE}\n{RAIN}").text)
    assert form["kind_1"] == "暴雨"
    office.submit("/office/alerts", **form)

    assert {row["kind"] for row in rows_of(placed, "alert")} == {"雷雨大风", "暴雨"}
    assert len(messages(placed)) == 2


def test_what_is_not_ticked_is_not_sent(placed, office):
    form = filled(read(office, f"{GALE}\n{RAIN}").text)
    form.pop("is_on_0")
    office.submit("/office/alerts", **form)

    (alert,) = rows_of(placed, "alert")
    assert alert["kind"] == "暴雨"


def test_nothing_ticked_is_said_and_keeps_the_form(placed, office):
    form = filled(read(office, f"{GALE}\n{RAIN}").text)
    form.pop("is_on_0")
    form.pop("is_on_1")
    page = office.submit("/office/alerts", **form)

    assert page.status_code == 422
    assert "没有勾选" in page.text
    assert filled(page.text)["kind_1"] == "暴雨"
    assert messages(placed) == []


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"kind_0": ""}, "请写明是什么预警"),
        ({"kind_0": "黄" * 30}, "太长了"),
        ({"colour_0": ""}, "请选择预警颜色"),
        ({"colour_0": "purple"}, "白、蓝、黄、橙、红"),
        ({"action_0": "shout"}, "请选择是发布"),
        ({"station_0": " "}, "请写明发布单位"),
        ({"issued_at_0": ""}, "请填写发布时间"),
        ({"issued_at_0": "2026-09-15T23:00"}, "比现在还晚"),
        ({"issued_at_0": "tomorrow"}, "读不懂"),
        ({"ends_at_0": "2026-09-15T09:00"}, "晚于发布时间"),
        ({"effect_0": ""}, "预计会怎样"),
        ({"effect_0": "长" * 2001}, "太长了"),
        ({"guide_0": "长" * 201}, "防御指南最多"),
    ],
)
def test_wrong_input_is_said_at_its_field_and_nothing_typed_is_lost(
    placed, office, typed, sentence
):
    form = filled(read(office, GALE).text, area_0="我写的范围", **typed)
    page = office.submit("/office/alerts", **form)

    assert page.status_code == 422
    assert sentence in page.text
    assert messages(placed) == []
    kept = filled(page.text)
    assert (kept["area_0"], kept["text"]) == ("我写的范围", GALE)
    for name in typed.keys() - {"colour_0", "action_0"}:
        assert kept[name] == typed[name].strip()


def test_a_text_that_says_nothing_or_far_too_much_stays_in_its_box(placed, office):
    empty = read(office, " \n ")
    long = read(office, "字" * 10_001)

    assert (empty.status_code, long.status_code) == (422, 422)
    assert "还没有粘贴" in empty.text
    assert "10,001" in long.text and "字" * 10_001 in long.text


def test_a_text_in_which_nothing_is_understood_can_be_filled_in(placed, office):
    page = read(office, "明天要刮大风，大家注意")

    assert page.status_code == 200
    assert filled(page.text)["kind_0"] == ""


def test_a_text_cannot_break_the_page(placed, office):
    page = read(office, f'"><script>alert(1)</script>{GALE}')

    assert "<script>alert" not in page.text


@pytest.mark.parametrize("kind", ["停水", "停电", "火灾"])
def test_the_plain_form_takes_what_no_station_issues(placed, office, kind):
    blank = office.get("/office/alerts/new").text
    form = filled(blank, kind_0=kind, effect_0="3栋检修")
    assert form["issued_at_0"] == "2026-09-15T10:00"
    office.submit("/office/alerts", **form)

    (message,) = messages(placed)
    assert message["source"] == "form"
    (alert,) = rows_of(placed, "alert")
    assert (alert["kind"], alert["colour"], alert["state"]) == (kind, "", "open")
    assert alert["is_verified"] == 1


def test_a_drill_is_one_everywhere(placed, office):
    form = filled(read(office, GALE).text, is_drill_0="1")
    answer = office.submit("/office/alerts", **form)

    (alert,) = rows_of(placed, "alert")
    assert alert["is_drill"] == 1
    assert "演练" in alert["title"] and "演练" in alert["message"]
    assert "演练" in answer.text


def test_a_message_shows_its_original_its_hash_and_its_chain(placed, office):
    office.submit("/office/alerts", **filled(read(office, GALE).text))
    lift = "清龙区气象台2026年9月15日09时58分解除雷雨大风黄色预警信号。"
    office.submit("/office/alerts", **filled(read(office, lift).text))
    first, second = messages(placed)
    page = office.get(f"/office/alerts/messages/{first['id']}").text

    assert GALE in page
    assert first["sha256"] in page
    assert f"/office/alerts/messages/{second['id']}" in page
    raw = office.get(f"/office/alerts/messages/{first['id']}/raw")
    assert raw.content == GALE.encode()
    assert raw.headers["content-type"] == "application/octet-stream"
    (alert,) = rows_of(placed, "alert")
    assert alert["state"] == "closed"


def test_a_message_of_nobody_is_not_found(placed, office):
    for end in ("", "/raw"):
        path = f"/office/alerts/messages/00000000-0000-7000-8000-000000000000{end}"
        assert office.get(path).status_code == 404


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"effect_0": "红棉苑3栋502起火"}, "不能有门牌"),
        ({"area_0": "黄秀珍家楼下"}, "写了住户的名字“黄秀珍”"),
        ({"guide_0": "看望黄秀珍"}, "写了住户的名字“黄秀珍”"),
    ],
)
def test_words_for_everybody_name_no_resident_and_no_door(placed, office, change, told):
    answer = office.submit("/office/alerts", **filled(read(office, GALE).text, **change))

    assert answer.status_code == 422 and told in answer.text
    assert messages(placed) == []


def test_a_building_and_an_entrance_may_be_named(placed, office):
    where = {"area_0": "红棉苑3栋2单元", "effect_0": "12层以上停水，影响200户"}
    office.submit("/office/alerts", **filled(read(office, GALE).text, **where))

    assert len(messages(placed)) == 1
