"""A real storm, handed in and taken back, as the groups of the community and its phones hear it."""

import pytest

from server import jobs
from tests.alerts.channels.service import says
from tests.alerts.channels.test_webpush import Browser
from tests.server.channels import ADDRESSES, add, told
from tests.server.dispatched import look
from tests.server.storms import hand_in, hops, settle, storm, the_alert
from tests.server.test_alert_pushes import subscribe


@pytest.fixture
def home(town, office, service):
    settle(town)
    add(office, "网格员工作群", ADDRESSES["wecom"])
    add(office, "红棉苑楼长群", ADDRESSES["dingtalk"], audience="leaders", grid_id="1")
    return town


def heard(service):
    """By group, in order."""
    found = {"/cgi-bin/webhook/send": [], "/robot/send": []}
    for asked in service.asked:
        found[asked.path.split("?")[0]].append(told(asked).split("\n")[0])
    return found.values()


def ask_on(town, **span):
    town.clock.pass_(**span)
    jobs.take_due_steps(town.intake)
    look(town)


def test_a_storm_from_its_first_word_to_its_end(home, office, service):
    hand_in(office, storm(home))
    look(home)
    alert = the_alert(home)
    reached = {where for where, hop in hops(home, alert.id) if hop == "accepted"}
    assert reached == {home.building("hongmian"), home.building("fenghuang")}
    for _ in range(4):
        ask_on(home, minutes=3)
    hand_in(office, storm(home, "b", msgType="Cancel", refers="a"))
    look(home)

    staff, leaders = heard(service)
    assert staff[0] == leaders[0] == alert.message
    assert staff[-1] == leaders[-1] and "解除雷雨大风黄色预警" in staff[-1]
    asked = [one for one in staff if "回音" in one or "没有楼长" in one]
    assert len(asked) == len(set(asked)) >= 4
    assert all("红棉苑 3栋" in one for one in asked if "发出" in one)
    assert len(leaders) == 3 and "红棉苑 3栋" in leaders[1]


def test_a_renewal_is_told_to_nobody_and_a_higher_colour_to_everybody(home, office, service):
    hand_in(office, storm(home))
    look(home)
    hand_in(office, storm(home, "b", minutes=5, action="继续发布", msgType="Update", refers="a"))
    look(home)
    assert [len(one) for one in heard(service)] == [1 + len(unled(service)), 1]
    hand_in(office, storm(home, "c", minutes=9, colour="橙", msgType="Update", refers="b"))
    look(home)

    staff, leaders = heard(service)
    assert "橙色" in leaders[-1] and len(leaders) == 2
    assert any("橙色" in one for one in staff)


def unled(service):
    return [one for one in service.asked if "没有楼长" in told(one)]


def test_a_drill_never_leaves_the_staff_and_says_so(home, office, service):
    hand_in(office, storm(home, status="Exercise"))
    look(home)

    staff, leaders = heard(service)
    assert leaders == [] and staff
    assert all(one.startswith("【演练】") for one in staff)


def test_the_leaders_phone_is_woken_with_the_short_form(home, office, service):
    service.answers(says({"errcode": 0}, status=201))
    browser = Browser("https://push.example.org")
    subscribe(home, "leader1", browser)

    hand_in(office, storm(home))
    look(home)

    (asked,) = [one for one in service.asked if one.path.startswith("/push/")]
    assert browser.reads(asked.body)["text"] == the_alert(home).short
