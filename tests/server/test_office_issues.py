"""事件 in the office: listed by when they are due, taken step by step, merged, pasted, answered."""

import csv
import io
import re

import pytest

from sync import issue_limits
from tests.server.office import hidden, kept, rows_of

HX = {"HX-Request": "true"}


def raised(town, who="worker1", building="hongmian", **more):
    data = {"category": "public_facility", "text": "路灯不亮", **more}
    if building:
        data["building_id"] = town.building(building)
    return str(town.submit(who, "issue.raise", data).id)


def step(who, issue, code, **fields):
    return who.submit(f"/office/issues/{issue}/steps", step=code, **fields)


def status(town, issue):
    found = kept(town, "issue", issue)
    return found.side or found.state


@pytest.fixture
def lamp(town):
    return raised(town)


def test_what_is_due_first_stands_first(town, office, lamp):
    gas = raised(town, category="life_safety", text="闻到煤气味")
    wish = raised(town, category="suggestion", text="想多几个车位")

    text = office.get("/office/issues").text

    places = [
        text.index(f'class="queue__row" href="/office/issues/{one}') for one in (gas, lamp, wish)
    ]
    assert places == sorted(places)
    assert "3 件没办结" in text
    assert "处理还剩 10 分钟" in text
    assert 'id="issue-' + gas in text, "what is due first is open"


def test_a_list_without_issues_says_so(office):
    assert "这里没有事件" in office.get("/office/issues").text


def test_an_issue_goes_its_way_to_the_end_and_another_checks(town, office, lamp):
    worker = town.person("worker1")

    assert "已受理。" in step_hx(office, lamp, "accept").text
    assert status(town, lamp) == "accepted"
    step(office, lamp, "assign", holder_id=worker)
    assert kept(town, "issue", lamp).holder_name == "周晓岚"
    step(town["secretary"], lamp, "start")
    step(office, lamp, "done", words="换了灯泡", level="community")
    own = step_hx(office, lamp, "check")
    assert "办理的人不能自己核查" in own.text
    assert status(town, lamp) == "done_pending_check"
    step(town["secretary"], lamp, "check")

    issue = kept(town, "issue", lamp)
    assert (issue.state, issue.level, issue.checked_by_name) == ("closed", "community", "何书记")
    assert [one["what"] for one in issue.entries] == [
        "accept",
        "assign",
        "start",
        "done",
        "check",
        "check",
    ]
    text = office.get(f"/office/issues/{lamp}").text
    assert "换了灯泡" in text and "没有改动进度" in text


def step_hx(who, issue, code, **fields):
    data = {"form_token": who.form_token, "step": code, **fields}
    return who.post(f"/office/issues/{issue}/steps", data=data, headers=HX)


def test_the_same_form_twice_is_one_step(town, office, lamp):
    page = office.get(f"/office/issues/{lamp}").text
    fields = next(iter(re.findall(r'name="form_id" value="([0-9a-f-]+)"', page)))

    for _ in range(2):
        step(office, lamp, "note", words="看过了", form_id=fields)

    assert [one["words"] for one in kept(town, "issue", lamp).entries] == ["看过了"]


def test_what_a_step_lacks_is_asked_for(town, office, lamp):
    answer = step(office, lamp, "suspend")

    assert answer.status_code in (400, 409, 422)
    assert "说明" in answer.text
    assert status(town, lamp) == "reported"


def test_a_rest_and_an_extension_move_the_limit(town, office, lamp, clock):
    due = kept(town, "issue", lamp).close_due
    step(office, lamp, "suspend", words="等路灯所的配件", inner="老王在催")
    assert "期限停着" in office.get("/office/issues").text
    clock.pass_(days=2)
    step(office, lamp, "resume")
    assert kept(town, "issue", lamp).close_due > due

    step(office, lamp, "extend", due_on="2026-10-20", words="配件要到月中")
    again = step_hx(office, lamp, "extend", due_on="2026-10-30", words="还要等")

    issue = kept(town, "issue", lamp)
    assert issue.close_due == "2026-10-20T10:00:00.000Z"
    assert "再延要由街道定" in again.text


def test_filters_choose_and_unknown_ones_are_left_out(town, office, lamp, clock):
    noise = raised(town, "worker2", "lixiang", category="order", text="半夜装修")

    assert "半夜装修" not in listed(office, "?category=public_facility")
    assert "路灯不亮" not in listed(office, "?grid=2")
    assert "半夜装修" in listed(office, "?grid=2")
    assert "路灯不亮" in listed(office, "?category=nonsense&show=nonsense&due=nonsense")
    step(office, noise, "assign", holder_id=town.person("worker2"))
    assert "路灯不亮" not in listed(office, f"?holder={town.person('worker2')}")
    assert "半夜装修" not in listed(office, "?holder=nobody")
    assert "半夜装修" in listed(office, "?show=assigned")
    assert "这里没有事件" in listed(office, "?due=late")
    clock.pass_(days=30)
    assert "超期" in listed(office, "?due=late")


def listed(who, query):
    text = who.get(f"/office/issues{query}").text
    return text[text.index('id="body"') : text.index("review-keys")]


def test_columns_show_how_far_they_are(town, office, lamp):
    second = raised(town, text="垃圾桶破了")
    step(office, second, "accept")

    text = office.get("/office/issues/columns").text

    lanes = dict(re.findall(r'id="lane-(\w+)".*?<b>(\d+)</b>', text))
    assert (lanes["reported"], lanes["accepted"], lanes["assigned"]) == ("1", "1", "0")
    assert text.index("垃圾桶破了") > text.index('id="lane-accepted"')


def test_many_are_taken_together(town, office, lamp):
    second = raised(town, text="垃圾桶破了")

    answer = together(office, [lamp, second], "assign", holder_id=town.person("worker1"))

    assert "分派：2 件。" in answer.text
    assert {status(town, one) for one in (lamp, second)} == {"assigned"}


def together(who, issues, code, **more):
    data = {"form_token": who.form_token, "issues": issues, "step": code, **more}
    return who.post("/office/issues/steps", data=data, headers=HX)


def test_those_that_repeat_one_go_into_the_first(town, office, lamp, clock):
    clock.pass_(minutes=5)
    second = raised(town, "leader1", text="楼下灯黑了")
    assert "可能是同一件事" in office.get(f"/office/issues/{second}").text

    answer = together(office, [second, lamp], "duplicate")

    assert "合并" not in answer.text or "1 件" in answer.text
    assert status(town, lamp) == "reported"
    assert kept(town, "issue", second).duplicate_of == lamp
    assert "已并入" in office.get(f"/office/issues/{second}").text
    assert "只勾了一件" in together(office, [lamp], "duplicate").text


def test_what_came_much_later_is_not_taken_for_the_same(town, office, lamp, clock):
    clock.pass_(days=9)
    second = raised(town, "leader1", text="楼下灯黑了")
    assert "楼下灯黑了" in office.get(f"/office/issues/{lamp}").text.split('id="issue"')[1]
    clock.pass_(days=2)
    raised(town, "leader1", text="灯还是黑的")

    first = office.get(f"/office/issues/{lamp}").text.split('id="issue"')[1]

    assert "楼下灯黑了" in first and "灯还是黑的" not in first
    assert "灯还是黑的" in office.get(f"/office/issues/{second}").text.split('id="issue"')[1]


def test_one_that_cannot_be_done_does_not_stop_the_others(town, office, lamp):
    second = raised(town, text="垃圾桶破了")
    step(office, second, "cancel", words="报错了")

    answer = together(office, [lamp, second], "accept")

    assert "受理：1 件。" in answer.text and "有 1 件没有办成" in answer.text
    assert (status(town, lamp), status(town, second)) == ("accepted", "cancelled")


def test_kind_place_and_meeting_are_changed_and_the_limits_follow(town, office, lamp):
    page = office.get(f"/office/issues/{lamp}").text
    fields = hidden(page, f"/{lamp}/changes")

    answer = office.submit(
        f"/office/issues/{lamp}/changes",
        **{**fields, "category": "utility_fault", "place": "北门", "hard": "1"},
    )

    issue = kept(town, "issue", lamp)
    assert answer.status_code == 200
    assert (issue.category, issue.place, issue.hard) == ("utility_fault", "北门", 1)
    assert issue.close_due == "2026-09-16T02:00:00.000Z"


def test_whoever_did_it_does_not_ask_whether_it_was_good(town, office, lamp):
    step(office, lamp, "done", words="好了")
    step(town["secretary"], lamp, "check")

    own = office.submit(f"/office/issues/{lamp}/ratings", satisfied="yes")
    assert kept(town, "issue", lamp).satisfied == ""
    assert own.status_code == 200
    town["secretary"].submit(f"/office/issues/{lamp}/ratings", satisfied="partly", words="灯偏暗")

    assert kept(town, "issue", lamp).satisfied == "partly"


ORDER = (
    "工单编号：GD20260915-001\n来电人：王女士\n联系电话：13800138000\n"
    "事发地址：红棉苑3栋\n诉求内容：楼上漏水没人管\n办结时限：2026-09-20"
)


def test_an_order_of_the_hotline_becomes_an_issue_with_its_answer(town, office):
    read = office.submit("/office/issues/readings", pasted=ORDER).text
    assert "GD20260915-001" in read and "楼上漏水没人管" in read
    assert "没有收进来" in read
    form = read[read.index('action="/office/issues"') :]
    assert "王女士" not in form and "13800138000" not in form
    assert f'<option value="{town.building("hongmian")}" selected>' in form
    assert '<option value="dispute" selected>' in form

    answer = office.submit(
        "/office/issues",
        text="楼上漏水没人管",
        category="dispute",
        building_id=town.building("hongmian"),
        source="hotline",
        source_number="GD20260915-001",
        due_on="2026-09-20",
    )

    (row,) = rows_of(town, "issue", source="hotline")
    assert row["close_due"] == "2026-09-20T10:00:00.000Z"
    assert "（工单 GD20260915-001），社区已受理，正在办理，9月20日前办结。" in answer.text


def test_words_alone_say_which_kind_it_is(town, office):
    office.submit("/office/issues", text="三栋楼梯口堆满纸箱", source="phone")

    (row,) = rows_of(town, "issue")
    assert (row["category"], row["building_id"], row["by_name"]) == ("fire_hazard", "", "麦咏诗")


def test_nothing_is_kept_of_what_was_only_read(town, office):
    office.submit("/office/issues/readings", pasted=ORDER)

    assert rows_of(town, "issue") == []


def test_limits_of_the_community_count_from_then_on(town, office, lamp):
    due = kept(town, "issue", lamp).close_due
    fields = limit_fields(office)
    fields |= {"n_public_facility_close": "2", "unit_public_facility_close": "wd"}
    fields |= {"until_1": "17:30"}

    answer = office.submit("/office/issues/limits/changes", **fields)
    later = raised(town)

    assert answer.status_code == 200
    assert kept(town, "issue", lamp).close_due == due
    # Reported on Tuesday: Wednesday and Thursday, till 17:30.
    assert kept(town, "issue", later).close_due == "2026-09-17T09:30:00.000Z"
    (noted,) = town.audit("issue.limits")
    assert noted["detail"] == "公共设施 1 个工作日、2 个工作日；09:00–12:00；14:00–17:30"
    again = office.submit("/office/issues/limits/changes", **limit_fields(office))
    assert "nothing.changed" in again.text


def test_limits_that_cannot_be_are_not_kept(town, office):
    for wrong in (
        {"n_order_close": "1", "unit_order_close": "h"},
        {"from_1": "11:00"},
        {"from_0": "", "until_0": "", "from_1": "", "until_1": ""},
    ):
        answer = office.submit("/office/issues/limits/changes", **{**limit_fields(office), **wrong})
        assert answer.status_code in (400, 409, 422), wrong
    community = kept(town, "community", town.community)
    assert community.issue_limits == {}
    assert community.working_hours == [["09:00", "12:00"], ["14:00", "18:00"]]


def limit_fields(office):
    page = office.get("/office/issues/limits").text
    fields = hidden(page, "/limits/changes")
    for code in issue_limits.CATEGORIES:
        for name, text in zip(("first", "close"), issue_limits.of(code, {}), strict=True):
            was = fields.get(f"was_{code}_{name}", text)
            limit = issue_limits.read(was)
            fields[f"n_{code}_{name}"] = str(limit.amount or "")
            fields[f"unit_{code}_{name}"] = limit.unit
    clocks = re.findall(r'name="((?:from|until)_\d)" type="time" value="([\d:]*)"', page)
    return {**fields, **dict(clocks)}


def test_an_unknown_issue_is_not_found(office):
    assert office.get("/office/issues/00000000-0000-7000-8000-000000000009").status_code == 404
    assert office.get("/office/issues/../x").status_code == 404


def test_the_list_is_taken_along_as_it_is_filtered(town, office, lamp):
    raised(town, "worker2", "lixiang", category="order", text="半夜装修")

    taken = office.get("/office/lists/issues/csv?category=order").content.decode("utf-8-sig")
    lines = list(csv.DictReader(io.StringIO(taken)))

    assert [(one["类别"], one["进度"], one["什么事"]) for one in lines] == [
        ("秩序", "已上报", "半夜装修")
    ]
    assert office.get("/office/lists/issues/xlsx").status_code == 200


def test_the_rail_counts_what_waits(town, office, lamp):
    assert re.search(r"事件<b>1</b>", office.get("/office").text)
    step(office, lamp, "accept")
    assert not re.search(r"事件<b>", office.get("/office").text)


def test_what_rests_is_not_late_and_stands_last(town, office, lamp, clock):
    wish = raised(town, category="suggestion", text="想多几个车位")
    step(office, lamp, "suspend", words="等配件")
    clock.pass_(days=30)

    text = office.get("/office/issues").text

    assert text.index(f'class="queue__row" href="/office/issues/{wish}') < text.index(
        f'class="queue__row" href="/office/issues/{lamp}'
    )
    assert "已超期<b>1</b>" in text
    assert "路灯不亮" not in listed(office, "?due=late")


def test_those_are_found_whom_nobody_asked_whether_it_was_good(town, office, lamp):
    bin_ = raised(town, text="垃圾桶破了")
    for one in (lamp, bin_):
        step(office, one, "done", words="好了")
        step(town["secretary"], one, "check")
    town["secretary"].submit(f"/office/issues/{lamp}/ratings", satisfied="yes")

    assert "还没回访" in listed(office, "?show=ended")
    unasked = listed(office, "?show=ended&asked=no")
    assert "垃圾桶破了" in unasked and "路灯不亮" not in unasked


def test_the_overview_counts_issues_and_leads_to_the_late_ones(town, office, lamp, clock):
    assert "没有超期的" in tile(office)
    clock.pass_(days=30)
    raised(town, text="垃圾桶破了")

    found = tile(office)

    assert 'href="/office/issues?due=late"' in found
    assert "2<small>件</small>" in found and "1 件已超期" in found


def tile(office):
    text = office.get("/office").text
    tiles = text[text.index('id="tiles"') :]
    return next(one for one in tiles.split('<a class="tile') if ">事件<" in one)


def test_the_map_of_the_overview_shows_issues_by_building(town, office, lamp, clock):
    clock.pass_(days=30)
    noise = raised(town, "worker2", "lixiang", category="order", text="半夜装修")
    step(office, noise, "cancel", words="报错了")

    text = office.get("/office?map=issues").text
    blocks = text[text.index('id="blocks"') : text.index('id="trends"')]

    home = town.building("hongmian")
    assert "没办结的事件" in blocks and "有已超期的" in blocks
    cell = re.search(rf'<a class="([^"]*)" href="/office/issues\?building={home}".*?</a>', blocks)
    assert cell and "bcell--2" in cell[1] and cell[0].endswith("1件</a>")
    assert blocks.count("1件</a>") == 1
    assert f'href="/office/issues?building={home}">没办结的事件<b>1</b>' in (
        office.get(f"/office/buildings/{home}").text
    )
    only = listed(office, f"?building={home}")
    assert "路灯不亮" in only and "看全部楼栋" in only


def test_an_errand_at_the_window_keeps_its_papers_till_they_went_back(town, office):
    place = {"building_id": town.building("hongmian"), "source": "window"}
    made = office.submit("/office/issues", errand="allowance", text="", **place)
    ident = made.url.path.rpartition("/")[2]
    issue = kept(town, "issue", ident)
    assert (issue.category, issue.text, issue.source) == (
        "policy_service",
        "代办：高龄津贴",
        "window",
    )
    assert made.text.count("还差") == 3

    def hand(who, **fields):
        return who.submit(f"/office/issues/{ident}/papers", **fields).text

    text = hand(office, taken=["身份证", "户口簿"], more="存折、委托书", whom="女儿")
    assert text.count("在社区") == 4 and text.count("另带") == 2 and text.count("还差") == 1
    assert "收到身份证、户口簿、存折、委托书（女儿）" in text
    text = hand(town["secretary"], returned="身份证", whom="本人")
    assert "何书记退，本人领" in text
    hand(office, needed="照片，结婚证")

    sheet = office.get(f"/office/issues/{ident}/receipt").text
    assert "高龄津贴" in sheet and "现在有 3 样材料在社区" in sheet
    assert sheet.count("还没交来") == 3
    (printed,) = town.audit("print")
    assert printed["target"] == f"issue:{ident}"


def test_a_hand_over_of_nothing_is_asked_again_and_other_matters_have_no_sheet(office, lamp):
    assert office.submit(f"/office/issues/{lamp}/papers", whom="本人").status_code == 422
    assert office.get(f"/office/issues/{lamp}/receipt").status_code == 404
    assert "代办材料" not in office.get(f"/office/issues/{lamp}").text
