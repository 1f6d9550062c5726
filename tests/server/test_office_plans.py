"""计划与分工: what is due against what people can do, who is away, and cards to print."""

import pytest

from server import jobs
from server.cards import picture
from server.office import workload
from server.store import feed
from sync.holidays import Day
from tests.server.office import kept, rows_of

DOOR = {"due_on": "2026-09-15", "interval": 7, "due_method": "door"}


@pytest.mark.parametrize(
    ("due_on", "interval", "in_7", "in_31"),
    [
        ("2026-09-15", 7, 1, 5),
        ("2026-09-01", 7, 1, 5),
        ("2026-09-21", 31, 1, 1),
        ("2026-09-22", 31, 0, 1),
        ("2026-10-15", 15, 0, 1),
        ("2026-10-16", 15, 0, 0),
    ],
)
def test_contacts_are_those_until_the_last_day(due_on, interval, in_7, in_31):
    door = {**DOOR, "due_on": due_on, "interval": interval}

    assert len(workload.contact_days(door, "2026-09-15", 7)) == in_7
    assert len(workload.contact_days(door, "2026-09-15", 31)) == in_31


def test_a_weekend_and_a_leave_are_no_workdays():
    assert workload.workdays("2026-09-15", 7) == 5
    assert workload.workdays("2026-09-15", 7, [("2026-09-16", "2026-09-17")]) == 3


def test_a_holiday_is_no_workday_and_a_sunday_that_is_worked_for_it_is_one():
    special = {"2026-09-18": Day(worked=False, name=""), "2026-09-20": Day(worked=True, name="")}

    assert workload.workdays("2026-09-15", 7, special=special) == 5
    assert workload.workdays("2026-09-15", 5, special=special) == 3
    assert workload.workdays("2026-09-15", 7, [("2026-09-20", "2026-09-20")], special) == 4


def holder(who, building, from_on="2026-01-01", until_on=""):
    return {"id": who, "building_id": building, "from_on": from_on, "until_on": until_on}


def test_during_a_leave_the_deputy_goes_and_before_and_after_it_who_always_does():
    held = [holder("w", "b"), holder("d", "b", "2026-09-16", "2026-09-25"), holder("c", "b")]
    goers = workload.Goers(held, {"w": [("2026-09-16", "2026-09-25")]})
    door = {**DOOR, "building_id": "b", "due_on": "2026-09-15", "interval": 7, "due_method": "door"}

    assert goers.days_of(door, "2026-09-15", 31) == {
        "w": ["2026-09-15", "2026-09-29", "2026-10-06", "2026-10-13"],
        "d": ["2026-09-22"],
    }
    assert {
        who: [one.contacts for one in both]
        for who, both in goers.loads([door], "2026-09-15").items()
    } == {"w": [1, 4], "d": [0, 1]}
    assert goers.load([door], "2026-09-15", 31, "d").contacts == 1
    assert goers.load([door], "2026-09-15", 31, "").contacts == 5


def test_where_everybody_is_away_or_nobody_goes_the_contacts_are_nobodys():
    goers = workload.Goers([holder("w", "b")], {"w": [("2026-09-01", "2026-12-31")]})
    door = {**DOOR, "building_id": "b", "due_on": "2026-09-15", "interval": 31}

    assert goers.days_of(door, "2026-09-15", 7) == {"": ["2026-09-15"]}
    assert goers.days_of({**door, "building_id": "else"}, "2026-09-15", 7) == {"": ["2026-09-15"]}


def test_the_page_counts_doors_and_leads_to_them(town, office):
    text = office.get("/office/plans").text

    assert "计划与分工" in text and "周晓岚" in text and "没有人请假" in text
    doors = office.get(f"/office/plans/doors?building={town.building('hongmian')}&days=31").text
    assert "红棉苑 3栋 2单元 502" in doors and "中秋前看望" in doors
    mine = office.get(f"/office/plans/doors?who={town.person('worker2')}&days=31").text
    assert "红棉苑" not in mine


def leave(town, office, **more):
    form = {
        "person": town.person("worker2"),
        "deputy": town.person("worker1"),
        "from_on": "2026-09-16",
        "until_on": "2026-09-18",
    }
    return office.submit("/office/leaves", **{**form, **more})


def test_what_is_due_during_a_leave_is_counted_for_the_deputy(town, office):
    def doors_of(who):
        text = office.get(f"/office/plans/doors?who={town.person(who)}&days=31").text
        return text.split("31 天内 ")[1].split(" 户")[0]

    before = int(doors_of("worker1")), int(doors_of("worker2"))
    leave(
        town,
        office,
        person=town.person("worker1"),
        deputy=town.person("worker2"),
        from_on="2026-09-15",
        until_on="2026-12-31",
    )

    assert before[0] > 0
    assert (int(doors_of("worker1")), int(doors_of("worker2"))) == (0, sum(before))


def test_a_deputy_has_the_buildings_for_those_days_and_the_list_says_for_whom(town, office):
    answer = leave(town, office)
    assert "请假已记" in answer.text and "周晓岚 代" in answer.text
    home = town.household("zhong")
    assert town["worker1"].get(f"/households/{home}").status_code == 403

    town.clock.pass_(days=1)
    jobs.every_night(town.intake)

    worker = town["worker1"]
    assert worker.get(f"/households/{home}").status_code == 200
    person = town.person("worker1")
    with town.store.read() as tx:
        (told,) = feed.shown(tx, town.community, f"person:{person}", "person")
    assert told["standing_in"] == [["温家栋", "2026-09-18", [town.building("lixiang")]]]
    town.submit(
        "office1", "task.add", {"household_id": home, "reason": "看看", "due_on": "2026-09-15"}
    )
    assert "代 温家栋" in worker.get("/today").text

    town.clock.pass_(days=3)
    jobs.every_night(town.intake)
    assert town["worker1"].get(f"/households/{home}").status_code == 403


def test_who_is_back_earlier_takes_the_buildings_back(town, office):
    leave(town, office, from_on="2026-09-15")
    assert town["worker1"].get(f"/households/{town.household('zhong')}").status_code == 200
    text = office.get("/office/plans").text
    leave_id = text.split("/office/leaves/")[1].split("/")[0]

    answer = office.submit(f"/office/leaves/{leave_id}/endings")

    assert "已销假" in answer.text
    assert town["worker1"].get(f"/households/{town.household('zhong')}").status_code == 403
    assert town["worker1"].get(f"/households/{town.household('huang')}").status_code == 200


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"deputy": "worker2"}, "代班的人不能是自己"),
        ({"until_on": "2026-09-15"}, "最后一天不能早于第一天"),
        ({"from_on": ""}, "请填写"),
    ],
)
def test_a_leave_that_does_not_fit_is_refused_plainly(town, office, changes, said):
    if "deputy" in changes:
        changes = {"deputy": town.person(changes["deputy"])}

    answer = leave(town, office, **changes)

    assert answer.status_code == 422
    assert said in answer.text


def test_nobody_stands_in_while_away(town, office):
    leave(town, office)

    answer = leave(town, office, person=town.person("chief"), deputy=town.person("worker2"))

    assert answer.status_code == 422
    assert "那几天也请假" in answer.text


@pytest.mark.parametrize("username", ["worker1", "leader1", "street", "admin"])
def test_only_the_office_sets_a_leave(town, username):
    assert leave(town, town[username]).status_code == 403


def holiday(office, first, last, kind):
    form = {"from_on": first, "until_on": last, "kind": kind}
    return office.submit("/office/holidays", **form)


def days_of_work(office):
    """Of one person in seven and in 31 days from Tuesday 15 September 2026 on."""
    text = office.get("/office/plans").text
    line = text.split("周晓岚")[1].split("</tr>")[0]
    return [int(cell.split("<")[0]) // 8 for cell in line.split('data-head="能做">')[1:]]


def test_public_holidays_are_no_days_of_work_and_the_office_may_move_them(town, office):
    # Of 23 weekdays six are off (mid-autumn, national day); a Sunday and a Saturday are worked.
    assert days_of_work(office) == [6, 19]
    text = office.get("/office/plans").text
    assert "10月1日 到 10月7日" in text and "国庆" in text and "中秋" in text
    assert "2027 年先按法定假日算" in text and "2026 年先按法定假日算" not in text

    assert "人手重新算过" in holiday(office, "2026-09-17", "2026-09-20", "off").text
    assert days_of_work(office) == [3, 16]
    holiday(office, "2026-09-19", "2026-09-19", "work")
    assert days_of_work(office) == [4, 17]
    assert "办公室定的" in office.get("/office/plans").text

    holiday(office, "2026-09-17", "2026-09-20", "rule")
    assert days_of_work(office) == [6, 19]
    assert "办公室定的" not in office.get("/office/plans").text
    done = [row["detail"] for row in rows_of(town, "audit", action="holiday.set")]
    assert done[-1] == "2026-09-17 2026-09-20 rule"


@pytest.mark.parametrize(
    ("first", "last", "kind", "said"),
    [
        ("2026-09-18", "2026-09-17", "off", "最后一天不能早于第一天"),
        ("2026-09-01", "2026-10-02", "off", "一次最多 31 天"),
        ("2026-09-31", "2026-10-02", "off", "不存在"),
        ("", "2026-10-02", "off", "请填写"),
        ("2026-10-02", "2026-10-02", "party", "没有“party”这一项"),
    ],
)
def test_days_off_that_do_not_fit_are_refused_plainly(town, office, first, last, kind, said):
    answer = holiday(office, first, last, kind)

    assert answer.status_code == 422
    assert said in answer.text
    assert not rows_of(town, "holiday")


@pytest.mark.parametrize("username", ["worker1", "chief", "leader1", "street", "admin"])
def test_only_the_office_decides_about_days_off(town, username):
    answer = holiday(town[username], "2026-09-17", "2026-09-17", "off")

    assert answer.status_code == 403
    assert not rows_of(town, "holiday")


def test_the_day_of_work_is_a_setting(town, office):
    fields = {"office_phone": "02000001234", "knocks_per_week": "2", "refused_rest_days": "30"}
    was = {f"was_{name}": value for name, value in fields.items()}
    office.submit(
        "/office/settings/changes",
        **{**fields, **was, "was_contacts_per_day": "8", "contacts_per_day": "6"},
    )

    assert kept(town, "community", town.community).contacts_per_day == 6
    assert "每个工作日 6 次" in office.get("/office/plans").text


def test_cards_of_a_building_say_door_and_numbers_and_nothing_of_people(town, office):
    assert "红棉苑 3栋" in office.get("/office/contact-cards").text

    text = office.get(f"/office/contact-cards?building={town.building('hongmian')}").text

    assert text.count('class="ten"') == 2
    assert "红棉苑 3栋 2单元 502" in text and "周晓岚" in text and "020-0000 1234" in text
    assert "黄秀珍" not in text and "独居" not in text
    assert picture(f"{office.base_url}/households/{town.household('huang')}")["path"] in text


def test_cards_of_pairs_carry_the_volunteers_number(town, office):
    data = {"resident_id": town.resident("huang"), "name": "冯日华", "phone": "19900007001"}
    town.submit("office1", "pairing.add", data)

    text = office.get("/office/contact-cards?pairings=1").text

    assert "志愿者 冯日华" in text and "199 0000 7001" in text
    assert "黄秀珍" not in text
