"""总览: every number is counted from what happened, and leads to its list."""

import json
import re
import uuid
from html import unescape

import pytest

from server import months
from tests.server.office import record
from tests.server.storms import hand_in, settle, storm


def add_elder(town, door, name, **changes):
    data = {
        "household_id": town.household(door),
        "name": name,
        "birth_on": "1941-01-01",
        "categories": ["living_alone"],
        **changes,
    }
    return town.submit("office1", "resident.add", data).id


def answer_red(town, door):
    """A check-up with an answer that must be seen to at once."""
    resident_id = town.resident(door)
    stroke = {"E04": {"value": ["stroke"], "asked": "", "said": []}}
    checkup = {"resident_id": resident_id, "checklist_id": "CK-ELDER", "version": 1}
    checkups = [{**checkup, "answers": stroke}]
    record(town, "worker1", door, resident_ids=[resident_id], checkups=checkups)


def test_the_monthly_rate_counts_people_reached_this_month(town, office):
    seen = add_elder(town, "liang", "何见")
    add_elder(town, "zhong", "何未见")
    away = add_elder(town, "wu", "何外出")
    record(town, "worker1", "liang", resident_ids=[seen])
    record(town, "worker1", "liang", resident_ids=[seen], result="phone_ok", method="phone")
    record(town, "social1", "wu", resident_ids=[away], result="hospital")

    text = office.get("/office").text

    # 黄秀珍 of the town, 何见 and 何未见; 何外出 is in hospital and stands apart.
    assert "33.3<small>%</small>" in text
    assert "见到 1 / 3 人" in text
    unseen = office.get("/office/unseen").text
    assert "何未见" in unseen and "黄秀珍" in unseen
    assert "何见<" not in unseen and "何外出" not in unseen
    assert "不计入：住院 1 人" in unseen


def test_an_effort_without_contact_does_not_count(town, office):
    record(town, "worker1", "huang", resident_ids=[town.resident("huang")], result="not_home")

    assert "见到 0 / 1 人" in office.get("/office").text


def test_a_new_month_begins_with_nobody_reached(town, office):
    record(town, "worker1", "huang", resident_ids=[town.resident("huang")])
    assert "100.0<small>%</small>" in office.get("/office").text

    town.clock.pass_(days=16)

    assert "见到 0 / 1 人" in office.get("/office").text


def test_the_curve_ends_where_the_rate_stands(town, office):
    record(town, "worker1", "huang", resident_ids=[town.resident("huang")])

    text = office.get("/office").text

    assert "本月累计见到 1 人，上月到月底 0 人，应访 1 人" in text


def test_a_door_is_overdue_from_the_day_after_it_was_due(town, office):
    town.clock.pass_(days=7)
    assert "没有超期的户" in office.get("/office").text

    town.clock.pass_(days=1)

    text = office.get("/office").text
    assert "最久 1 天，每周看望的 1 户" in text
    overdue = office.get("/office/overdue").text
    assert "红棉苑 3栋 2单元 502" in overdue
    assert "1 户 · 最久 1 天" in overdue


def test_a_door_that_declined_is_overdue_for_a_call_only(town, office):
    for door in ("huang", "liang"):
        record(town, "worker1", door, result="refused")

    town.clock.pass_(days=10)

    overdue = office.get("/office/overdue").text
    assert "红棉苑 3栋 2单元 502" in overdue  # seen every week, so by telephone
    assert "红棉苑 3栋 2单元 301" not in overdue


def test_blocks_show_who_is_due_soon_and_was_not_seen(town, office):
    def block():
        found = re.search(r"<b>3</b>(\d+人)?", office.get("/office").text)
        return found[1] or ""

    record(town, "worker1", "huang", resident_ids=[town.resident("huang")])
    assert block() == ""  # seen today: due in a week, and no news

    town.clock.pass_(days=7)

    assert block() == "1人"


def test_a_phone_that_is_silent_or_lacks_numbers_is_named(town, office, worker):
    worker.post("/sync", json={"ops": [], "phone": {"recorded": 3}})

    text = office.get("/office").text
    assert "还有 3 条在发" in text and "1 台要看一下" in text
    assert "/office/phones?show=care" in text

    town.clock.pass_(hours=25)
    assert "请周晓岚打开应用并联网：还有 3 条未上传" in office.get("/office").text

    visits = [
        {"id": str(uuid.uuid4()), "n": n, "kind": "feedback.send", "data": {"text": "好"}}
        for n in (1, 2, 3)
    ]
    at = "2026-09-15T10:00:00+08:00"
    worker.post("/sync", json={"ops": [{**one, "at": at} for one in visits]})
    assert "没有要处理的" in office.get("/office").text


def test_parts_that_stay_fresh_have_a_name_each(office):
    text = office.get("/office").text

    parts = re.findall(r"<[^>]*\bdata-live\b[^>]*>", text)
    assert parts and all(' id="' in part for part in parts)
    assert 'href="/office/review"' in text


@pytest.mark.parametrize("username", ["office1", "secretary", "admin", "street"])
def test_every_entry_of_the_rail_opens(town, username):
    browser = town[username]
    page = browser.get("/office/feedback").text
    entries = re.findall(r'<a href="(/office[^"]*)"', page)

    assert entries
    assert {entry: browser.get(entry).status_code for entry in entries} == dict.fromkeys(
        entries, 200
    )


def test_whoever_is_not_signed_in_is_sent_to_sign_in(nobody):
    answer = nobody.get("/office", follow_redirects=False)
    inside = nobody.get("/office", headers={"HX-Request": "true"}, follow_redirects=False)

    assert answer.headers["location"] == "/signin?next=/office"
    assert inside.headers["hx-redirect"] == "/signin"


def test_every_error_is_a_page_and_inside_a_page_a_fragment(office):
    page = office.get("/office/households/nonsense")
    inside = office.get("/office/households/nonsense", headers={"HX-Request": "true"})

    assert page.status_code == inside.status_code == 404
    assert page.text.lstrip().startswith("<!doctype html>")
    assert inside.text.lstrip().startswith('<div id="refusal"')
    assert "找不到" in page.text and "找不到" in inside.text


def test_an_error_stands_in_the_offices_frame_for_whoever_has_a_place_there(town, office):
    missing = office.get("/office/households/nonsense").text
    closed = town["admin"].get("/office/tasks")
    foreign = town["worker1"].get("/office/tasks")

    assert 'href="/office/review"' in missing and "按姓名、门牌查找" in missing
    assert closed.status_code == foreign.status_code == 403
    assert 'href="/office/people"' in closed.text and 'href="/office/review"' not in closed.text
    assert 'id="rail"' not in foreign.text


def test_a_running_warning_stands_on_top_and_leads_to_its_board(town, office):
    assert 'class="band' not in office.get("/office").text
    settle(town)
    (incident,) = hand_in(office, storm(town))["incidents"]

    text = office.get("/office").text

    band = text.split('id="alerts"')[1].split("</div>")[0]
    assert f'href="/office/alerts/{incident}"' in band
    assert "楼长自报" in band and "看预警板" in band


def test_a_warning_that_waits_for_the_office_says_so(town, office):
    hand_in(office, storm(town))  # the community does not know where it is

    band = office.get("/office").text.split('id="alerts"')[1].split("</div>")[0]

    assert "等您决定" in band and "楼长自报" not in band


def test_red_follow_ups_are_counted_by_their_limits(town, office):
    answer_red(town, "huang")
    text = office.get("/office").text
    assert '红色跟进</span><span class="tile__value">1<small>件</small>' in text
    assert "都在时限内" in text

    town.clock.pass_(days=30)

    assert "1 件过了时限" in office.get("/office").text


def test_the_map_counts_older_people_or_all_doors(town, office):
    town.clock.pass_(days=40)

    people, doors = office.get("/office").text, office.get("/office?map=doors").text

    assert "还没见到的特殊困难老年人" in people and "7 天内到期的户" in doors
    assert re.search(r"还有 \d+ 户", doors) and "3 户以上超期" in doors
    assert office.get("/office?map=nonsense").text.count("还没见到的特殊困难老年人") == 1


def test_both_pages_say_the_same_of_the_month(town, office):
    elder = add_elder(town, "liang", "何谢绝")
    said = {"resident_id": elder, "consent": "no", "method": "written"}
    town.submit("worker1", "consent.record", said)

    overview, numbers = office.get("/office").text, office.get("/office/numbers").text

    assert "见到 0 / 1 人" in overview and "见到 0 / 1 人" in numbers
    unseen = office.get("/office/unseen").text
    assert "何谢绝" not in unseen and "书面谢绝 1 人" in unseen


def test_the_curves_hold_the_months_and_weeks_that_are_over(town, office):
    assert "过完第一个月" in office.get("/office").text
    record(town, "worker1", "huang", resident_ids=[town.resident("huang")])
    town.clock.pass_(days=48)
    months.keep(town.intake, town.community)
    record(town, "worker1", "huang", resident_ids=[town.resident("huang")])

    text = office.get("/office").text

    charts = [json.loads(unescape(one)) for one in re.findall(r"data-trend='([^']*)'", text)]
    rates, weeks, flags = charts
    assert rates["on"] == ["2026-10-01"] and rates["unit"] == "%"
    assert rates["series"][0]["values"] == [0.0]
    assert weeks["on"][0] == "2026-09-14" and len(weeks["on"]) == 7
    assert [one["values"][0] for one in weeks["series"]] == [1, 0, 0]
    assert sum(weeks["series"][0]["values"]) == 1  # this week is not over
    assert [one["name"] for one in flags["series"]] == ["新发现", "过了时限"]
