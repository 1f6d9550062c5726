"""交办、跟进、楼栋图、查找、设置、意见: what else the office does at its desk."""

import pytest

from tests.server.office import hidden, kept, record, rows_of
from tests.server.town import ident


@pytest.fixture
def door(town):
    return town.household("huang")


def ask(office, door, **more):
    fields = {"reason": "女儿来电，请去看看", **more}
    return office.submit(f"/office/households/{door}/tasks", **fields)


def test_what_the_office_asks_reaches_the_workers_phone(town, office, worker, door):
    answer = ask(office, door)

    assert answer.status_code == 200
    changes = worker.post("/sync", json={"ops": []}).json()["changes"]
    (task,) = [one["record"] for one in changes if one["kind"] == "task"]
    assert (task["reason"], task["due_on"], task["by_name"]) == (
        "女儿来电，请去看看",
        "2026-09-15",
        "麦咏诗",
    )
    assert "女儿来电，请去看看" in office.get("/office/tasks").text


def test_one_form_sent_twice_asks_once(town, office, door):
    page = office.get(f"/office/households/{door}").text
    fields = {**hidden(page, f"{door}/tasks"), "reason": "请去看看"}
    url = f"/office/households/{door}/tasks"

    office.post(url, data=fields)
    office.post(url, data=fields)
    office.post(url, data={**fields, "reason": "还有一件"})

    assert sorted(one["reason"] for one in rows_of(town, "task")) == ["请去看看", "还有一件"]


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"reason": ""}, "请填写“为什么要去”"),
        ({"reason": "字" * 10_000}, "最多 200 个字，现在有 10000 个"),
        ({"due_on": "1970-01-01"}, "“哪天前”应在 2026-09-15"),
        ({"for_person": "nobody"}, "找不到"),
        ({"resident_ids": ident("resident", "nobody")}, "找不到"),
    ],
)
def test_a_request_that_does_not_fit_is_refused_plainly(town, office, door, fields, said):
    answer = ask(office, door, **fields)

    assert answer.status_code in (404, 422)
    assert said in answer.text
    assert not rows_of(town, "task")


def test_a_request_is_closed_once(town, office, door):
    ask(office, door)
    (task,) = rows_of(town, "task")
    url = f"/office/tasks/{task['id']}/closings"

    assert office.submit(url, status="open").status_code == 422
    done = office.submit(url, status="cancelled", household=door)
    again = office.submit(url, status="done")

    assert (done.status_code, again.status_code) == (200, 409)
    assert kept(town, "task", task["id"]).status == "cancelled"
    assert "已取消" in office.get("/office/tasks?show=closed").text


def test_a_request_is_not_taken_back_by_one_tap(office, door):
    ask(office, door)

    for path in ("/office/tasks", f"/office/households/{door}"):
        before, after = office.get(path).text.split('value="cancelled"')
        fold = before.rsplit("<details", 1)[1]
        assert "不用去了</summary>" in fold and "</details>" not in fold
        assert "撤下这件" in after.split("</details>")[0]


def test_a_followup_is_closed_with_a_result(town, office):
    visit = record(town, "worker1", "huang", followup="换厨房灯管")
    assert "换厨房灯管" in office.get("/office/followups").text
    url = f"/office/followups/{visit}/closings"

    assert "请填写“办得怎样”" in office.submit(url, result="").text
    done = office.submit(url, result="已换好", note="物业去的")
    again = office.submit(url, result="已换好")

    assert (done.status_code, again.status_code) == (200, 409)
    assert kept(town, "followup", visit).closed_by == "麦咏诗"
    assert "已换好 · 物业去的" in office.get("/office/followups?show=closed").text


@pytest.mark.parametrize("path", ["tasks/{}/closings", "followups/{}/closings"])
def test_only_the_office_closes_here_and_only_what_is_there(town, office, path):
    url = "/office/" + path.format(ident("record", "nothing"))

    assert town["worker1"].submit(url, status="done", result="x").status_code == 403
    assert office.submit(url, status="done", result="x").status_code == 404


def test_a_building_is_a_map_and_a_tap_picks_a_door(town, office, door):
    building = town.building("hongmian")
    record(town, "worker1", "liang", result="refused")

    text = office.get(f"/office/buildings/{building}?door={door}").text

    assert "2单元" in text and text.count('class="cell cell--') == 2
    assert "cell--picked" in text and f'href="/office/households/{door}"' in text
    assert "黄秀珍" in text
    assert '<b class="door__late"' not in office.get("/office/buildings").text


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("黄秀珍", "黄秀珍"),
        ("秀珍", "黄秀珍"),
        ("3-2-502", "红棉苑 3栋 2单元 502"),
        ("三栋二单元502", "红棉苑 3栋 2单元 502"),
        ("红棉苑3栋2单元502", "红棉苑 3栋 2单元 502"),
        ("0702", "199****0702"),
    ],
)
def test_people_doors_and_numbers_are_found_as_people_write_them(town, office, asked, found):
    town.submit(
        "office1",
        "contact.add",
        {"household_id": town.household("wu"), "phone": "19900000702"},
    )

    assert found in find(office, asked).text


def find(office, asked):
    """The page that the form of search leads to."""
    return office.submit("/office/finds", to="/office/search", q=asked)


def test_pinyin_and_initials_find_who_was_spelled(town, office, door):
    office.submit(f"/office/households/{door}/residents", name="区焕章", sex="")

    for asked in ("ouhuanzhang", "ohz", "OHZ"):
        assert "区焕章" in find(office, asked).text


@pytest.mark.parametrize("asked", ["%", "_", "!", "' or 1=1 --", "字" * 2_000, "🀄", "<script>"])
def test_odd_words_find_nothing_and_break_nothing(office, asked):
    answer = find(office, asked)

    assert answer.status_code == 200
    assert "没有找到" in answer.text
    assert "<script>" not in answer.text.replace('<script src="', "")


def settings(office, **more):
    text = office.get("/office/settings").text
    fields = hidden(text, "/office/settings/changes")
    was = {name[4:]: value for name, value in fields.items() if name.startswith("was_")}
    return office.post("/office/settings/changes", data={**fields, **was, **more})


def test_the_community_sets_its_own_numbers(town, office, worker):
    answer = settings(office, every_high_risk_elder="5", knocks_per_week="3")

    community = kept(town, "community", town.community)
    assert answer.status_code == 200
    assert (community.intervals, community.knocks_per_week) == ({"high_risk_elder": 5}, 3)
    assert kept(town, "household", town.household("huang")).interval == 5
    settings(office, every_high_risk_elder="7")
    assert kept(town, "community", town.community).intervals == {}


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"every_dementia": "0"}, "“隔几天”应是 1 到 1000 的整数"),
        ({"every_dementia": "often"}, "“隔几天”应是"),
        ({"knocks_per_week": "100"}, "“每周最多敲门”应是 1 到 20"),
        ({"refused_rest_days": ""}, "“拒访后歇”应是 0 到 365"),
        ({"office_phone": "请打电话"}, "电话应是"),
        ({}, "没有要改的内容"),
    ],
)
def test_a_setting_that_does_not_fit_is_refused_plainly(town, office, fields, said):
    answer = settings(office, **fields)

    assert answer.status_code == 422
    assert said in answer.text
    assert kept(town, "community", town.community).version == 1


def test_two_people_who_change_different_numbers_both_keep_theirs(town, office):
    text = office.get("/office/settings").text
    fields = hidden(text, "/office/settings/changes")
    was = {name[4:]: value for name, value in fields.items() if name.startswith("was_")}
    settings(town["secretary"], knocks_per_week="4")

    office.post("/office/settings/changes", data={**fields, **was, "refused_rest_days": "20"})

    community = kept(town, "community", town.community)
    assert (community.knocks_per_week, community.refused_rest_days) == (4, 20)


@pytest.mark.parametrize("username", ["worker1", "leader1", "street", "admin"])
def test_only_the_office_changes_the_settings(town, username):
    answer = town[username].submit("/office/settings/changes", knocks_per_week="9")

    assert answer.status_code == 403


def test_what_people_say_is_read_and_counted(town, office, worker):
    town.submit("worker1", "feedback.send", {"text": "按钮太小", "page": "/today"})
    office.submit("/office/feedback", text="导出很好用", about="/office/visits")

    text = office.get("/office/feedback").text

    assert "按钮太小" in text and "周晓岚" in text and "导出很好用" in text
    assert "本月 2 条" in text
    assert "请填写“想说什么”" in office.submit("/office/feedback", text="").text


@pytest.mark.parametrize("username", ["street", "admin"])
def test_who_is_not_the_office_may_speak_but_not_read(town, username):
    town.submit("worker1", "feedback.send", {"text": "按钮太小"})
    browser = town[username]

    assert "按钮太小" not in browser.get("/office/feedback").text
    assert browser.submit("/office/feedback", text="看不清").status_code == 200
