"""F1: a building changes hands while somebody is still on the stairs."""

from random import Random

import pytest

from server import team
from tests.simulation import network
from tests.simulation.care import BY
from tests.simulation.cast import PEOPLE
from tests.simulation.field import visit_data
from tests.simulation.town import Town

FIRST_OF_WORKER1, FIRST_OF_WORKER2 = 0, 2
QUEUED = 10


@pytest.mark.parametrize("arrived", [0, 4, QUEUED])
def test_f01_visits_recorded_before_a_hand_over_count_for_who_made_them(tmp_path, arrived):
    """`arrived` of them are stored already, but the answer was lost."""
    town = Town(0, tmp_path, out=[FIRST_OF_WORKER1, FIRST_OF_WORKER2])
    old, new = town.phones
    door = next(one for one in old.all("household") if one["door_no"] == "201")
    building = door["building_id"]
    for _ in range(QUEUED):
        data = {**visit_data(door["id"], Random(0)), "result": "met"}
        old.record(town.backend.clock(), "visit.record", data)
    question = old.question(town.backend.clock(), 500, old.waiting[:arrived])
    town.backend.request(old.token, question)

    asked = team.HandOver(PEOPLE["worker2"].id, [building], town.day(0), instead=True)
    town.backend.do(lambda writing: team.hand_over(writing, BY, asked))
    network.calm(town, old)

    assert [one.receipt.said for one in old.entries.values()] == ["accepted"] * QUEUED
    rows = town.backend.rows(
        'select "by", by_name, before_transfer from visit where household_id = :door',
        door=door["id"],
    )
    assert {(row["by"], row["by_name"]) for row in rows} == {(old.person_id, "worker1")}
    assert len(rows) == QUEUED and sum(row["before_transfer"] for row in rows) == QUEUED - arrived
    assert old.left == [f"building:{building}"] and f"building:{building}" not in old.streams
    assert all(one["building_id"] != building for one in old.all("resident"))
    assert _total(town, old) == len(old.entries) == QUEUED

    town.heal()
    shown = [one for one in new.all("visit") if one["household_id"] == door["id"]]
    assert {one["by"] for one in shown} == {old.person_id} and len(shown) == QUEUED
    town.truths.settled()
    town.close()


def test_f01_an_edit_made_before_a_hand_over_is_not_discarded(tmp_path):
    town = Town(0, tmp_path, out=[FIRST_OF_WORKER1, FIRST_OF_WORKER2])
    old, new = town.phones
    person = old.all("resident")[0]
    change = {"id": person["id"], "changes": {"name": "黄改了"}}
    old.record(town.backend.clock(), "resident.change", change, base=person["version"])

    asked = team.HandOver(PEOPLE["worker2"].id, [person["building_id"]], town.day(0), instead=True)
    town.backend.do(lambda writing: team.hand_over(writing, BY, asked))
    town.heal()

    assert "黄改了" in {one["name"] for one in new.all("resident")}
    assert "黄改了" not in {one["name"] for one in old.all("resident")}
    town.truths.settled()
    town.close()


def _total(town, phone):
    return town.backend.value(
        'select count(*) from visit where "by" = :person and withdrawn = 0', person=phone.person_id
    )
