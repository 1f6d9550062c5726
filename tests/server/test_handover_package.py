"""交接: looked at before it is agreed, a package for the new worker, a way back until the day.

Tuesday 15 September 2026: worker1 has hongmian, worker2 lixiang.
"""

import uuid

import pytest

from server.jobs import hand_over_buildings
from server.store import people as rows
from tests.server.office import record, rows_of
from tests.server.test_sync import Phone


def form(town, giver="worker1", taker="worker2", place="hongmian", on="2026-09-20", **more):
    return {
        "giver": town.person(giver),
        "taker": town.person(taker),
        "building": town.building(place),
        "from_on": on,
        "note": "",
        "form_id": str(uuid.uuid4()),
        **more,
    }


def agree(town, office, **more):
    answer = office.submit("/office/handovers", **form(town, **more))
    assert answer.status_code == 200, answer.text
    return answer


def stretches(town):
    """Who holds what from when until when, in any order."""
    return {tuple(row.values()) for row in rows_of(town, "person_building")}


def held(town, username, on):
    with town.store.read() as tx:
        return set(rows.buildings_now(tx, town.community, town.person(username), on))


@pytest.fixture
def hongmian(town):
    return town.building("hongmian")


def test_the_preview_shows_the_package_and_changes_nothing(town, office, hongmian):
    record(town, "worker1", "huang", followup="帮她换灯泡")
    task = {"household_id": town.household("liang"), "reason": "送残疾证"}
    town.submit("office1", "task.add", task)
    record(town, "worker1", "liang", result="rescheduled")
    before = rows_of(town, "person_building")

    text = office.submit("/office/handovers/previews", **form(town, note="钥匙在门卫")).text

    for said in ("帮她换灯泡", "送残疾证", "约好改天再去", "黄秀珍", "每周看望", "钥匙在门卫"):
        assert said in text
    assert "吴丽华" not in text and "在那以前可以撤销" in text
    assert rows_of(town, "person_building") == before
    assert not rows_of(town, "handover")


def test_on_the_day_the_buildings_change_hands_and_not_before(town, office, hongmian):
    agree(town, office)

    assert hongmian in held(town, "worker1", "2026-09-19")
    assert hongmian not in held(town, "worker2", "2026-09-19")
    assert hongmian not in held(town, "worker1", "2026-09-20")
    assert hongmian in held(town, "worker2", "2026-09-20")


def test_it_is_undone_until_the_day_comes_and_everything_is_as_it_was(town, office, hongmian):
    before = stretches(town)
    url = agree(town, office).url.path

    undone = office.submit(f"{url}/undos")
    twice = office.submit(f"{url}/undos")

    assert "分工和原来一样" in undone.text
    assert twice.status_code == 409 and "已经撤销" in twice.text
    assert stretches(town) == before
    assert [row["action"] for row in town.audit() if "handover" in row["action"]] == [
        "handover.set",
        "handover.undo",
    ]


def test_once_it_took_effect_it_is_not_undone(town, office):
    url = agree(town, office).url.path
    town.clock.pass_(days=5)

    answer = office.submit(f"{url}/undos")

    assert answer.status_code == 409 and "已经生效" in answer.text


def test_what_somebody_changed_since_is_not_swept_away(town, office):
    url = agree(town, office).url.path
    office.submit(
        f"/office/people/{town.person('worker2')}/ends",
        building=town.building("hongmian"),
        last_on="2026-12-31",
    )

    answer = office.submit(f"{url}/undos")

    assert answer.status_code == 409 and "又改过分工" in answer.text


def test_the_same_form_twice_is_one_hand_over(town, office):
    given = form(town)

    first, second = (office.submit("/office/handovers", **given) for _ in range(2))

    assert first.url == second.url
    assert len(rows_of(town, "handover")) == 1


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"taker": "worker1"}, "不能是自己"),
        ({"taker": "leader1"}, "接不了这些楼栋"),
        ({"on": "2026-09-14"}, "不能早于今天"),
        ({"place": "lixiang"}, "已经不负责"),
        ({"building": ""}, "已经不负责"),
        ({"note": "字" * 501}, "最多 500 个字"),
    ],
)
def test_what_cannot_be_handed_over_is_said_before_and_at_the_end(town, office, wrong, said):
    for url in ("/office/handovers/previews", "/office/handovers"):
        answer = office.submit(url, **form(town, **wrong))
        assert answer.status_code == 422 and said in answer.text
    assert not rows_of(town, "handover")


@pytest.mark.parametrize("username", ["worker1", "chief", "leader1", "street", "admin"])
def test_only_the_office_hands_over(town, username):
    for url in ("/office/handovers/previews", "/office/handovers"):
        assert town[username].submit(url, **form(town)).status_code == 403
    assert not rows_of(town, "handover")


def test_work_of_the_old_worker_that_comes_later_is_kept_marked_and_told(town, office):
    phone = Phone(town, "worker1")
    phone.pull()
    queued = [phone.visit() for _ in range(3)]
    url = agree(town, office, on="2026-09-15").url.path

    told = phone.sync(*queued)

    assert [one["outcome"] for one in told["receipts"]] == ["accepted"] * 3
    assert {row["before_transfer"] for row in rows_of(town, "visit")} == {1}
    assert "交接前记的走访 3 次" in office.get(url).text


def test_what_lies_unsent_on_the_old_phone_is_told_as_last_heard(town, office):
    phone = Phone(town, "worker1")
    phone.sync(phone={"recorded": 4, "waiting": 4, "version": "0.1.0"})

    text = office.submit("/office/handovers/previews", **form(town)).text

    assert "还有 4 条没到" in text


def test_who_was_told_stands_on_the_page_with_by_whom(town, office):
    url = agree(town, office).url.path

    office.submit(f"{url}/tellings", who="taker")
    answer = office.submit(f"{url}/tellings", who="taker")

    assert "麦咏诗 今天 10:00 告知" in answer.text
    assert office.submit(f"{url}/tellings", who="nobody").status_code == 422
    assert len(town.audit("handover.told")) == 1


def test_the_sheet_is_for_the_new_worker_and_its_printing_is_in_the_trail(town, office):
    url = agree(town, office, note="钥匙在门卫").url.path

    text = office.get(f"{url}/sheet").text

    assert "楼栋交接单" in text and "黄秀珍" in text and "钥匙在门卫" in text
    assert [row["target"] for row in town.audit("print")] == [f"handover:{url.rsplit('/', 1)[1]}"]


def test_what_is_for_the_office_alone_is_only_counted(town, office):
    home = town.household("huang")
    town.intake.do(
        town.community,
        lambda writing: writing.tx.run(
            """
            insert into followup (community_id, id, version, household_id, building_id, visit_id,
              what, status, opened_at, "by", restricted, stamps)
            select community_id, id, 1, id, building_id, id, '怀疑受虐待', 'open',
              '2026-09-15T00:00:00.000Z', '', 1, '{}' from household where id = :home
            """,
            home=home,
        ),
    )

    text = office.submit("/office/handovers/previews", **form(town)).text

    assert "怀疑受虐待" not in text and "另有 1 件由办公室办" in text


def test_phones_get_and_lose_the_buildings_on_the_day(town, office, hongmian):
    old, new = Phone(town, "worker1"), Phone(town, "worker2")
    old.pull()
    new.pull()
    agree(town, office)
    stream = f"building:{hongmian}"
    assert stream in old.sync()["cursors"] and stream not in new.sync()["cursors"]
    town.clock.pass_(days=5)
    hand_over_buildings(town.intake, town.community)

    assert stream in old.sync()["left"]
    assert stream in new.sync()["cursors"]
