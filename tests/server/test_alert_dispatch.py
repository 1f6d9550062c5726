"""A warning goes out to groups: one text at each turn, and what was answered is kept."""

import base64
import hashlib
import hmac
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest

from sync.operations import stamp
from tests.alerts.channels.service import says
from tests.server.channels import ADDRESSES, YES, add, told
from tests.server.dispatched import (
    PLACES,
    accepted,
    attempts,
    changed,
    lifted,
    look,
    states,
    step,
    warn,
)
from tests.server.town import CAST, DOORS

SECRET = "SEC+of/the=group"


@pytest.mark.parametrize("kind", ADDRESSES)
def test_each_group_gets_one_text_signed_as_its_service_wants(town, office, service, kind):
    secret = "" if kind == "wecom" else SECRET
    add(office, "楼长群", ADDRESSES[kind], secret=secret, audience="leaders")

    alert = warn(town)
    look(town)
    look(town)

    (asked,) = service.asked
    assert told(asked).split("\n") == [
        alert.message,
        "来源：示范市气象台（440300）。以气象部门发布为准。",
    ]
    assert SIGNED[kind](asked)
    assert attempts(town) == [("accepted", "0")]
    assert accepted(town) == set(PLACES)


def is_dingtalk(asked):
    query = parse_qs(urlsplit(asked.path).query, strict_parsing=True)
    (stamped,), (sign,) = query["timestamp"], query["sign"]
    text = f"{stamped}\n{SECRET}".encode()
    return base64.b64decode(sign) == hmac.new(SECRET.encode(), text, hashlib.sha256).digest()


def is_feishu(asked):
    key = f"{asked.told['timestamp']}\n{SECRET}".encode()
    return base64.b64decode(asked.told["sign"]) == hmac.new(key, b"", hashlib.sha256).digest()


SIGNED = {
    "wecom": lambda asked: parse_qs(urlsplit(asked.path).query)["key"][0] in ADDRESSES["wecom"],
    "dingtalk": is_dingtalk,
    "feishu": is_feishu,
}


def test_an_update_and_the_end_are_told_once_each_and_nothing_else_is(town, office, service):
    add(office, "楼长群", ADDRESSES["wecom"], audience="leaders")
    alert = warn(town)
    look(town)
    alert = changed(town, alert, ends_at=stamp(town.clock() + timedelta(hours=9)))  # 继续发布
    look(town)
    town.clock.pass_(minutes=1)
    alert = changed(town, alert, edition=2, message="【雷雨大风橙色预警】更大了。")
    look(town)
    town.clock.pass_(minutes=1)
    alert = lifted(town, alert)
    look(town)
    changed(town, alert, is_past=1)
    look(town)

    first_lines = [told(one).split("\n")[0] for one in service.asked]
    assert first_lines[1:] == ["【雷雨大风橙色预警】更大了。", "【解除雷雨大风黄色预警】现已解除。"]
    assert "请以这一条为准" in told(service.asked[1])
    assert states(town) == [(why, "accepted") for why in ("begun", "changed", "stood_down")]


def test_a_step_is_one_text_with_the_silent_buildings_of_the_grid(town, office, service):
    add(office, "社区工作群", ADDRESSES["wecom"])
    add(office, "二网格工作群", ADDRESSES["dingtalk"], grid_id="2")
    add(office, "居民群", ADDRESSES["feishu"], audience="residents")
    warn(town)
    look(town)
    service.asked.clear()
    town.clock.pass_(minutes=5)
    step(town, "deputy", "hongmian")
    step(town, "deputy", "fenghuang")
    look(town)

    (asked,) = service.asked
    assert asked.path.startswith("/cgi-bin/")
    assert told(asked) == (
        "【雷雨大风黄色预警】发出 5 分钟，还没有回音：红棉苑 3栋、凤凰里 1栋。"
        "楼长没有回音的，请副楼长接手转发。"
    )
    assert accepted(town) == set(PLACES)  # the residents' group, not the staff's


def test_leaders_are_reminded_and_not_told_of_what_follows(town, office, service):
    add(office, "楼长群", ADDRESSES["wecom"], audience="leaders")
    warn(town)
    look(town)
    for kind in ("repeat", "chief"):
        town.clock.pass_(minutes=3)
        step(town, kind, "hongmian")
        look(town)

    assert states(town) == [("begun", "accepted"), ("repeat", "accepted")]


@pytest.mark.parametrize("more", [{"is_drill": 1, "title": "【演练】雷雨大风"}, {"is_public": 0}])
def test_drills_and_what_is_not_public_stay_with_the_staff(town, office, service, more):
    add(office, "工作群", ADDRESSES["wecom"])
    add(office, "楼长群", ADDRESSES["dingtalk"], audience="leaders")
    add(office, "居民群", ADDRESSES["feishu"], audience="residents")

    warn(town, **more)
    look(town)

    assert [one.path.split("?")[0] for one in service.asked] == ["/cgi-bin/webhook/send"]
    assert accepted(town) == set()


def test_at_night_the_staff_hears_at_once_and_the_others_in_the_morning(town, office, service):
    add(office, "工作群", ADDRESSES["wecom"])
    add(office, "楼长群", ADDRESSES["dingtalk"], audience="leaders")
    morning = town.clock() + timedelta(hours=5)

    warn(town, from_at=stamp(morning))
    look(town)
    assert len(service.asked) == 1
    town.clock.now = morning
    look(town)

    assert [one.path.split("?")[0] for one in service.asked[1:]] == ["/robot/send"]


@pytest.mark.parametrize(
    ("answer", "outcome", "wait_s"),
    [
        (says({"errcode": 45009, "errmsg": "api freq out of limit"}), ("busy", "45009"), 60),
        (says(b"", status=429, Retry_After="17"), ("busy", "http_429"), 17),
        (says(b"oops", status=500), ("unreachable", "http_500"), 10),
        (says(b"<html>please sign in</html>"), ("unreachable", "not_an_answer"), 10),
    ],
)
def test_what_was_not_taken_is_tried_again_when_it_may(
    town, office, service, answer, outcome, wait_s
):
    add(office, "楼长群", ADDRESSES["wecom"], audience="leaders")
    service.answers(answer, says(YES))

    warn(town)
    look(town)
    assert attempts(town) == [outcome] and accepted(town) == set()
    town.clock.pass_(seconds=wait_s - 1)
    look(town)
    assert len(service.asked) == 1
    town.clock.pass_(seconds=1)
    look(town)

    assert attempts(town) == [outcome, ("accepted", "0")]
    assert accepted(town) == set(PLACES)


def test_a_refusal_with_200_is_not_tried_again_and_the_office_reads_why(town, office, service):
    add(office, "楼长群", ADDRESSES["dingtalk"], secret=SECRET, audience="leaders")
    service.answers(says({"errcode": 310000, "errmsg": "sign not match"}))

    warn(town)
    look(town)
    town.clock.pass_(hours=1)
    look(town)

    assert len(service.asked) == 1 and accepted(town) == set()
    assert states(town) == [("begun", "refused")]
    page = office.get("/office/alert-channels").text
    assert "签名不对（310000）" in page and "拒收" in page


def test_a_text_that_waits_is_not_sent_after_another_took_its_place(town, office, service):
    add(office, "楼长群", ADDRESSES["wecom"], audience="leaders")
    service.answers(says(b"", status=500), says(YES))
    alert = warn(town)
    look(town)
    town.clock.pass_(minutes=1)
    changed(town, alert, edition=2, message="【雷雨大风橙色预警】更大了。")
    look(town)

    assert told(service.asked[-1]).startswith("【雷雨大风橙色预警】")
    assert sorted(states(town)) == [("begun", "over"), ("changed", "accepted")]


def test_who_was_never_told_is_not_told_that_it_is_over(town, office, service):
    add(office, "楼长群", ADDRESSES["wecom"], audience="leaders")
    alert = warn(town, from_at=stamp(town.clock() + timedelta(hours=5)))
    look(town)
    lifted(town, alert)
    look(town)

    assert service.asked == []


def test_nobody_is_tried_for_ever(town, office, service):
    add(office, "楼长群", ADDRESSES["wecom"], audience="leaders")
    service.answers(says(b"", status=500))
    warn(town)
    for _ in range(20):
        look(town)
        town.clock.pass_(minutes=6)

    assert len(service.asked) == 12
    assert states(town) == [("begun", "given_up")]


def test_no_text_that_goes_out_names_a_person_or_a_door(town, office, service):
    for place, audience in enumerate(("staff", "leaders", "residents")):
        add(office, f"{place}", [*ADDRESSES.values()][place], audience=audience)
    alert = warn(town)
    look(town)
    for kind in ("repeat", "deputy", "chief", "secretary"):
        town.clock.pass_(minutes=3)
        step(town, kind, *PLACES)
        look(town)
    lifted(town, alert)
    look(town)

    assert len(service.asked) == 3 + 4 + 1 + 3
    words = [word for (_, _, _, door, name, *_) in DOORS.values() for word in (door, name)]
    words += [name for _, name, _ in CAST.values()]
    for asked in service.asked:
        assert not [word for word in words if word in told(asked)]
        assert len(told(asked).encode()) <= 2048
