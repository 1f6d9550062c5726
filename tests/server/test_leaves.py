"""Leaves that meet: two of them and one deputy, a deputy who is away, buildings that change hands.

Tuesday 15 September 2026: worker1 has hongmian, worker2 lixiang, the chief hongmian and fenghuang.
"""

import pytest

from server.jobs import hand_over_buildings
from server.store import people as rows
from tests.server.test_sync import Phone


@pytest.fixture
def spans(town):
    """Buildings of a person on a day, by name."""

    def held(username, on):
        with town.store.read() as tx:
            found = rows.buildings_now(tx, town.community, town.person(username), on)
        names = {town.building(name): name for name in ("hongmian", "fenghuang", "lixiang")}
        return {names[one] for one in found}

    return held


def leave(town, person, deputy, first, last):
    form = {"person": town.person(person), "deputy": town.person(deputy)}
    answer = town["office1"].submit("/office/leaves", **form, from_on=first, until_on=last)
    assert "请假已记" in answer.text
    with town.store.read() as tx:
        found = tx.value("select id from leave order by id desc limit 1")
    return found


def back(town, leave_id):
    town["office1"].submit(f"/office/leaves/{leave_id}/endings")


def test_one_deputy_of_two_keeps_the_buildings_of_who_is_still_away(town, spans):
    first = leave(town, "worker2", "worker1", "2026-09-15", "2026-09-18")
    leave(town, "chief", "worker1", "2026-09-15", "2026-09-18")
    assert spans("worker1", "2026-09-16") == {"hongmian", "fenghuang", "lixiang"}

    back(town, first)

    assert spans("worker1", "2026-09-16") == {"hongmian", "fenghuang"}
    assert spans("worker1", "2026-09-19") == {"hongmian"}


def test_what_two_absent_people_share_stays_until_both_are_back(town, spans):
    first = leave(town, "chief", "worker2", "2026-09-15", "2026-09-18")
    second = leave(town, "worker1", "worker2", "2026-09-15", "2026-09-18")

    back(town, first)
    assert spans("worker2", "2026-09-16") == {"lixiang", "hongmian"}
    back(town, second)
    assert spans("worker2", "2026-09-16") == {"lixiang"}


def test_a_deputy_who_goes_on_leave_passes_on_what_was_lent(town, spans):
    """worker2 stands in for the chief from Thursday on, and is away from Wednesday to Friday."""
    chief = leave(town, "chief", "worker2", "2026-09-17", "2026-09-22")
    leave(town, "worker2", "worker1", "2026-09-16", "2026-09-18")

    assert spans("worker1", "2026-09-16") == {"hongmian", "lixiang"}
    assert spans("worker1", "2026-09-17") == {"hongmian", "lixiang", "fenghuang"}
    assert spans("worker1", "2026-09-19") == {"hongmian"}
    assert spans("worker2", "2026-09-19") == {"lixiang", "hongmian", "fenghuang"}

    back(town, chief)
    assert spans("worker1", "2026-09-17") == {"hongmian", "lixiang"}
    assert spans("worker2", "2026-09-19") == {"lixiang"}


def test_a_deputy_who_has_half_of_it_keeps_their_own(town, spans):
    one = leave(town, "chief", "worker1", "2026-09-15", "2026-09-18")
    assert spans("worker1", "2026-09-16") == {"hongmian", "fenghuang"}

    back(town, one)

    assert spans("worker1", "2026-09-16") == {"hongmian"}
    assert spans("worker1", "2026-12-31") == {"hongmian"}


def give(town, person, building, from_on, instead=""):
    form = {"building": town.building(building), "from_on": from_on, "instead": instead}
    url = f"/office/people/{town.person(person)}/buildings"
    assert town["office1"].submit(url, **form).status_code < 400


def test_a_building_that_comes_to_somebody_away_goes_to_the_deputy(town, spans):
    leave(town, "worker2", "worker1", "2026-09-15", "2026-09-18")

    give(town, "worker2", "fenghuang", "2026-09-17")

    assert spans("worker1", "2026-09-16") == {"hongmian", "lixiang"}
    assert spans("worker1", "2026-09-17") == {"hongmian", "lixiang", "fenghuang"}
    assert spans("worker1", "2026-09-19") == {"hongmian"}


def test_a_building_that_is_the_deputys_own_from_then_on_is_not_taken_back(town, spans):
    one = leave(town, "worker2", "worker1", "2026-09-16", "2026-09-18")

    give(town, "worker1", "lixiang", "2026-09-16")
    back(town, one)

    assert spans("worker1", "2026-09-17") == {"hongmian", "lixiang"}
    assert spans("worker1", "2026-12-31") == {"hongmian", "lixiang"}


def test_two_leaves_of_one_person_do_not_overlap(town):
    leave(town, "worker2", "worker1", "2026-09-16", "2026-09-18")
    form = {"person": town.person("worker2"), "deputy": town.person("chief")}

    meets = town["office1"].submit(
        "/office/leaves", **form, from_on="2026-09-18", until_on="2026-09-20"
    )

    assert meets.status_code == 422
    assert "温家栋 在 2026-09-16 到 2026-09-18 已经请了假" in meets.text
    leave(town, "worker2", "chief", "2026-09-19", "2026-09-20")


def test_a_leave_that_was_called_off_leaves_its_days_free(town):
    back(town, leave(town, "worker2", "worker1", "2026-09-16", "2026-09-18"))

    leave(town, "worker2", "chief", "2026-09-16", "2026-09-18")


def test_the_deputys_phone_gets_the_buildings_on_the_first_day_and_loses_them_after_the_last(
    town,
):
    leave(town, "worker2", "worker1", "2026-09-17", "2026-09-18")
    phone, stream = Phone(town, "worker1"), f"building:{town.building('lixiang')}"
    phone.pull()
    seen = []
    for _ in range(5):  # Tuesday to Saturday
        hand_over_buildings(town.intake, town.community)
        seen.append(stream in phone.sync()["cursors"])
        town.clock.pass_(days=1)

    assert seen == [False, False, True, True, False]
    assert not [key for key in phone.records if key[0] == stream]
