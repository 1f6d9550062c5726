"""预警 on field pages: what is asked of whom, and that nothing is said by looking."""

import json
from datetime import timedelta

import pytest
from msgspec.structs import replace

from sync.duties import again
from sync.operations import stamp
from tests.server.warned import INCIDENT, NEWER, TEXT, alert_of, begin, duty_of, place_of, put

PATH = f"/alerts/{INCIDENT}"
SWAP = {"HX-Request": "true"}


@pytest.fixture
def alert(town):
    return alert_of(town)


@pytest.fixture
def asked(town, alert):
    """The leader has a building to tell; nobody else is asked yet."""
    duty = duty_of(town, alert, "leader1", "leader", "hongmian", is_own=1)
    put(town, alert, duty)
    return duty


@pytest.fixture
def silent(town, alert, asked):
    """The chief is asked after a leader who says nothing."""
    who = {"leader_name": "陈桂枝", "leader_phone": "19900000003", "silent_since": alert.sent_at}
    duty = duty_of(town, alert, "chief", "chief", "hongmian", **who)
    put(town, duty)
    begin(town, place_of(town, "hongmian"))
    return duty


def duties(town, username):
    with town.store.read() as tx:
        return tx.rows(
            "select acknowledged_at, buildings from duty where person_id = :person",
            person=town.person(username),
        )


def events(town):
    with town.store.read() as tx:
        found = tx.rows("select hop, edition, channel from alert_event order by at, id")
    return [tuple(one.values()) for one in found]


def forward(member, town, **more):
    fields = {"building_id": town.building("hongmian"), "edition": "1", "channel": "wechat", **more}
    return member.post(f"{PATH}/forwards", data=fields, headers=SWAP)


def test_looking_says_nothing_and_the_button_does(town, leader, asked):
    for path in ("/", "/buildings", "/alerts", PATH, PATH):
        assert "雷雨大风黄色预警" in leader.get(path).text
    assert events(town) == []
    assert TEXT in leader.get(PATH).text

    answer = leader.post(f"{PATH}/acknowledgements", data={"edition": "1"}, headers=SWAP)

    assert "我已转发" in answer.text
    assert events(town) == [("acknowledged", 1, "")]
    assert duties(town, "leader1")[0]["acknowledged_at"]


def test_a_leader_tells_a_building_and_says_how(town, leader, asked):
    leader.post(f"{PATH}/acknowledgements", data={"edition": "1"})
    refused = forward(leader, town, channel="")
    assert (refused.status_code, "请选怎么通知的。" in refused.text) == (422, True)

    answer = forward(leader, town, channel="loudspeaker")

    assert "都转发了" in answer.text and "喇叭已转发" in answer.text
    assert "等您转发" not in leader.get("/alerts").text
    assert events(town)[-1] == ("forwarded", 1, "loudspeaker")


def test_residents_who_answered_are_noted_once_it_was_told(town, leader, asked):
    told = {"building_id": town.building("hongmian"), "how": "reply"}
    leader.post(f"{PATH}/acknowledgements", data={"edition": "1"})
    forward(leader, town)

    answer = leader.post(f"{PATH}/confirmations", data=told, headers=SWAP)

    assert "证实居民收到了" in answer.text
    assert [hop for hop, *_ in events(town)] == ["acknowledged", "forwarded", "confirmed"]


def test_an_old_text_is_shown_as_old_and_the_new_one_asked_for(town, leader, alert, asked):
    forward(leader, town)
    newer = replace(alert, edition=2, message=NEWER)
    with town.store.read() as tx:
        row = tx.value("select buildings from duty where id = :id", id=asked.id)
    town.clock.pass_(minutes=20)
    before = replace(asked, buildings=json.loads(row))
    put(town, newer, again(before, newer, stamp(town.clock())))

    page = leader.get(PATH).text

    assert "文字改了" in page and NEWER in page and TEXT not in page
    late = forward(leader, town, edition="1")
    assert "文字改了" in late.text
    assert "都转发了" in forward(leader, town, edition="2").text


def test_the_all_clear_goes_the_same_way(town, leader, alert, asked):
    forward(leader, town)
    over = replace(alert, state="closed", edition=2, message="【解除】风停了。")
    with town.store.read() as tx:
        row = tx.value("select buildings from duty where id = :id", id=asked.id)
    before = replace(asked, buildings=json.loads(row))
    put(town, over, again(before, over, stamp(town.clock()), "stand_down"))

    assert "请转发解除的话，1 栋" in leader.get("/buildings").text
    page = leader.get(PATH).text
    assert "请把解除的话也发到群里" in page and "风停了" in page and "我知道了" not in page
    assert "不用再转发" in forward(leader, town, edition="2").text


def test_whoever_told_nobody_is_not_asked_to_tell_them_that_it_is_over(town, leader, alert, asked):
    over = replace(alert, state="closed", edition=2, message="【解除】风停了。")
    put(town, over, again(asked, over, stamp(town.clock()), "stand_down"))

    assert "不用再转发" in leader.get(PATH).text
    assert "雷雨大风" not in leader.get("/buildings").text


def test_what_is_over_asks_for_nothing(town, leader, alert, asked):
    put(town, replace(alert, ends_at=stamp(town.clock() + timedelta(hours=1))))
    ends = stamp(town.clock() + timedelta(hours=1))
    put(town, replace(asked, ends_at=ends))
    town.clock.pass_(minutes=61)

    page = leader.get(PATH).text

    assert "预警时间已过" in page and "我已转发" not in page and "我知道了" not in page
    assert "雷雨大风" not in leader.get("/buildings").text
    assert "雷雨大风" in leader.get("/alerts").text


def test_a_chief_telephones_who_is_silent_and_says_what_came_of_it(town, silent):
    chief = town["chief"]
    page = chief.get(PATH).text
    assert "tel:19900000003" in page and "打给楼长陈桂枝" in page
    assert "1 栋没有回应" in chief.get("/today").text

    building = {"building_id": town.building("hongmian"), "edition": "1"}
    answer = chief.post(f"{PATH}/silences", data=building, headers=SWAP)
    assert "联系不上" in answer.text

    assert "电话已转发" in forward(chief, town, channel="phone").text
    assert "没有回应" not in chief.get("/today").text
    assert [hop for hop, *_ in events(town)] == ["unreachable", "forwarded"]


def test_who_answers_meanwhile_is_silent_no_more(town, leader, silent):
    leader.post(f"{PATH}/acknowledgements", data={"edition": "1"})

    page = town["chief"].get(PATH).text

    assert "有回应了，还没有转发" in page
    assert "没有回应" not in town["chief"].get("/today").text


def test_a_worker_reads_it_and_nobody_elsewhere_is_told_who_is_silent(town, worker, silent):
    page = worker.get(PATH).text

    assert TEXT in page and "关好门窗" in page
    assert "19900000003" not in page and "陈桂枝" not in page


def test_a_worker_who_has_read_it_says_so_and_is_asked_no_more(town, worker, alert, asked):
    put(town, duty_of(town, alert, "worker1", "worker"))
    assert "我知道了" in worker.get(PATH).text

    worker.post(f"{PATH}/acknowledgements", data={"edition": "1"})

    page = worker.get(PATH).text
    assert "您点了“我知道了”" in page and "社区就知道您看到了" not in page


def test_nobody_tells_a_building_that_is_not_theirs_to_tell(town, leader, worker, asked):
    other = forward(leader, town, building_id=town.building("lixiang"))
    own = forward(worker, town)

    assert (other.status_code, own.status_code) == (422, 422)
    assert events(town) == []


def test_a_drill_says_so_wherever_it_is_shown(town, alert):
    drill = replace(alert, is_drill=1, title="演练雷雨大风黄色预警")
    put(town, drill, duty_of(town, drill, "chief", "chief", "hongmian"))
    chief = town["chief"]

    for path in ("/today", "/alerts", PATH):
        assert "演练" in chief.get(path).text
    assert f"【演练】{TEXT}" in chief.get(PATH).text


def test_a_warning_of_which_nobody_was_told_is_no_page(town, leader, worker, alert):
    put(town, replace(alert, state="waiting"))

    assert leader.get(PATH).status_code == 404
    assert worker.get(PATH).status_code == 404
    assert worker.post(f"{PATH}/acknowledgements", data={}).status_code == 404


def test_a_secretary_gets_the_same_page_from_the_server(town, alert):
    who = {"leader_name": "陈桂枝", "leader_phone": "19900000003"}
    put(town, alert, duty_of(town, alert, "secretary", "secretary", "hongmian", **who))
    secretary = town["secretary"]

    assert "tel:19900000003" in secretary.get(PATH).text
    assert "电话已转发" in forward(secretary, town, channel="phone").text
