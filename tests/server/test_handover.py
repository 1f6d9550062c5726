"""F1: a building is handed over while its worker is out of reach with unsent work."""

import json
import re

import pytest

from tests.server.test_sync import Phone


@pytest.fixture
def phone(town):
    found = Phone(town, "worker1")
    found.pull()
    return found


def hand_over(office, town, place="hongmian", to="worker2", from_on="2026-09-15"):
    answer = office.submit(
        f"/office/people/{town.person(to)}/buildings",
        building=town.building(place),
        from_on=from_on,
        instead="1",
    )
    assert "已分好" in answer.text


def own_total(town):
    """What A's own page says of this month."""
    text = town["worker1"].get("/me").text
    return int(re.search(r"本月 (\d+) 次", text)[1])


def office_total(town, office):
    """What the office's list says of A's visits this month."""
    asked = {"person": town.person("worker1"), "first": "2026-09-01", "last": "2026-09-30"}
    text = office.get("/office/visits", params=asked).text
    return int(re.search(r"(\d+) 次 · 9月1日", text)[1])


def test_f01_ten_visits_of_a_building_handed_over_meanwhile_are_kept_and_counted(
    town, office, phone
):
    sent = [phone.visit() for _ in range(2)]
    phone.sync(*sent)
    queued = [phone.visit(("huang", "liang")[n % 2], note=f"第 {n} 次") for n in range(10)]
    hand_over(office, town)

    told = phone.sync(*queued)

    assert [one["outcome"] for one in told["receipts"]] == ["accepted"] * 10
    with town.store.read() as tx:
        rows = tx.rows('select "by", before_transfer, note from visit order by true_at, id')
    assert {row["by"] for row in rows} == {town.person("worker1")}
    assert sorted(row["before_transfer"] for row in rows) == [0] * 2 + [1] * 10
    building = f"building:{town.building('hongmian')}"
    assert building in told["left"] and building not in told["cursors"]
    assert not [key for key in phone.records if key[0] == building]
    assert own_total(town) == office_total(town, office) == 12


def test_f01_the_residents_are_gone_from_the_phone_and_its_pages(town, office, phone):
    hand_over(office, town)
    phone.sync(phone.visit())

    answer = town["worker1"].get(f"/households/{town.household('huang')}")

    assert "黄秀珍" not in json.dumps(list(phone.records.values()), ensure_ascii=False)
    assert answer.status_code == 403


def test_f01_nothing_is_discarded_whatever_the_office_changes_later(town, office, phone):
    hand_over(office, town)
    visits = [phone.visit(), phone.visit("liang")]
    phone.sync(*visits)
    assert own_total(town) == 2

    withdrawn = office.submit(f"/office/visits/{visits[0]['id']}/withdrawals", reason="记错户了")

    assert withdrawn.status_code == 200
    assert own_total(town) == office_total(town, office) - 1 == 1


def test_f01_a_hand_over_on_a_later_day_counts_the_same(town, office, phone):
    phone.sync(phone.visit(), phone.visit("liang"))
    hand_over(office, town, from_on="2026-09-16")
    assert own_total(town) == 2
    town.clock.pass_(days=1)
    from server.jobs import hand_over_buildings

    hand_over_buildings(town.intake, town.community)

    assert own_total(town) == 2
    assert "已经交出去的楼里" in town["worker1"].get("/me").text


def test_f01_the_new_worker_sees_the_old_ones_work(town, office, phone):
    queued = phone.visit()
    hand_over(office, town)
    phone.sync(queued)
    other = Phone(town, "worker2")
    other.pull()

    seen = [one for key, one in other.records.items() if key[1] == "visit"]

    assert [(one["id"], one["by_name"], one["before_transfer"]) for one in seen] == [
        (queued["id"], "周晓岚", 1)
    ]


def test_f01_a_building_that_comes_back_is_counted_once(town, office, phone):
    hand_over(office, town)
    phone.sync(phone.visit())
    hand_over(office, town, to="worker1")

    assert own_total(town) == office_total(town, office) == 1
    assert "已经交出去的楼里" not in town["worker1"].get("/me").text
