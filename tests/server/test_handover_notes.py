"""A hand-over on the phones of both: who gave what to whom, and what comes first."""

import uuid

import pytest

from server.jobs import hand_over_buildings
from server.store import feed
from tests.server.office import record


def agree(town, office, on="2026-09-20", note="钥匙在门卫", giver="worker1", taker="worker2"):
    form = {"giver": town.person(giver), "taker": town.person(taker), "from_on": on, "note": note}
    form |= {"building": town.building("hongmian"), "form_id": str(uuid.uuid4())}
    answer = office.submit("/office/handovers", **form)
    assert answer.status_code == 200, answer.text
    return form["form_id"]


def notices(town, username):
    """What the phone of this person is told of hand-overs."""
    with town.store.read() as tx:
        told = feed.shown(tx, town.community, f"person:{town.person(username)}", "notice")
    return [one for one in told if one["outcome"] == "handover"]


@pytest.fixture
def work(town):
    record(town, "worker1", "huang", followup="帮她换灯泡")


def test_both_phones_say_what_goes_to_whom_and_what_comes_first(town, office, work):
    agree(town, office)

    (taken,), (gone,) = notices(town, "worker2"), notices(town, "worker1")

    assert taken["message"].startswith("从9月20日起，周晓岚负责的红棉苑 3栋（")
    assert taken["message"].endswith("交给您。")
    assert "交接说明：钥匙在门卫" in taken["reason"] and "有跟进 1 户。" in taken["reason"]
    assert "接手。" in gone["message"] and gone["reason"] == ""


def test_nobody_is_named_before_the_day(town, office, work):
    agree(town, office)

    (taken,) = notices(town, "worker2")

    assert "先看哪几户，到那天写在这里。" in taken["reason"]
    for word in ("黄秀珍", "帮她换灯泡", "2单元"):
        assert word not in taken["reason"], word


def test_what_is_handed_over_today_is_named_at_once(town, office, work):
    agree(town, office, on="2026-09-15")

    (taken,) = notices(town, "worker2")

    assert "跟进“帮她换灯泡”" in taken["reason"] and "黄秀珍" in taken["reason"]
    assert "先看：" in taken["reason"] and "超期" in taken["reason"]


def test_the_page_of_the_day_shows_it_for_a_week(town, office, work):
    agree(town, office, on="2026-09-15")
    shown = town["worker2"].get("/today").text
    town.clock.pass_(days=8)

    assert "交给您" in shown and "帮她换灯泡" in shown
    assert "交给您" not in town["worker2"].get("/today").text


def test_on_the_day_it_is_told_anew_as_things_stand_then(town, office, work):
    handover = agree(town, office)
    town.clock.pass_(days=5)
    hand_over_buildings(town.intake, town.community)

    (taken,) = notices(town, "worker2")

    assert taken["id"] == handover and taken["message"].startswith("现在，周晓岚负责的")
    assert "黄秀珍" in taken["reason"] and "跟进“帮她换灯泡”" in taken["reason"]


def test_what_is_undone_is_told_to_both(town, office, work):
    handover = agree(town, office)
    office.submit(f"/office/handovers/{handover}/undos")

    for username in ("worker1", "worker2"):
        (told,) = notices(town, username)
        assert "已撤销" in told["message"] and told["reason"] == ""


def test_nobody_else_hears_of_it(town, office, work):
    agree(town, office)

    assert [notices(town, one) for one in ("leader1", "chief1")] == [[], []]
