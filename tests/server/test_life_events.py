"""变故: what happened at a door, recorded by a worker or the office, and how soon somebody goes."""

import uuid

import pytest

from tests.server.office import kept

HX = {"HX-Request": "true"}
FALL = {"what": "fall", "on": "2026-09-14", "note": "在卫生间"}


@pytest.fixture
def door(town):
    return town.household("liang")


def fall(town, **more):
    return {**FALL, "resident_id": town.resident("liang"), **more}


def test_a_worker_records_a_fall_and_the_door_is_due(town, worker, door):
    answer = worker.post(f"/households/{door}/events", data=fall(town), headers=HX)

    home = kept(town, "household", door)
    assert answer.status_code == 200
    assert "摔伤" in answer.text and "在卫生间" in answer.text
    assert (home.due_on, home.due_method) == ("2026-09-15", "door")
    assert home.due_reasons == ["fall"]
    page = worker.get("/today").text
    assert "摔伤后看望" in page and "上门" in page
    assert "这次看梁建国" in worker.get(f"/households/{door}").text


def test_what_happened_today_is_on_todays_list(town, worker, door):
    worker.post(f"/households/{door}/events", data=fall(town, on="2026-09-15"))

    assert kept(town, "household", door).due_on == "2026-09-16"
    assert "摔伤后看望" in worker.get("/today").text


def test_contacts_count_and_the_last_ends_it(town, worker, door):
    worker.post(f"/households/{door}/events", data=fall(town))
    person = town.resident("liang")
    visit = {"household_id": door, "type": "event_triggered", "method": "door", "result": "met"}
    days = []
    for wait in (2, 4, 0):
        town.submit("worker1", "visit.record", {**visit, "resident_ids": [person]})
        days.append(kept(town, "household", door).due_on)
        town.clock.pass_(days=wait)

    assert days[:2] == ["2026-09-17", "2026-09-21"]
    assert days[2] > "2026-12-01"


def test_a_mistake_is_taken_back(town, worker, door):
    worker.post(f"/households/{door}/events", data=fall(town))

    worker.post(f"/households/{door}/events", data=fall(town, what="none"))

    assert kept(town, "resident", town.resident("liang")).event == ""
    assert kept(town, "household", door).due_reasons == ["ordinary"]


def test_the_office_records_what_it_hears(town, office, door):
    page = f"/office/households/{door}"
    answer = office.submit(f"{page}/events", **fall(town, what="discharge"))

    assert answer.status_code == 200
    assert "出院后看望" in answer.text
    assert kept(town, "resident", town.resident("liang")).event == "discharge"


def test_the_same_form_twice_is_one_event(town, worker, door):
    form = fall(town, form_id=str(uuid.uuid4()))
    worker.post(f"/households/{door}/events", data=form)
    worker.post(f"/households/{door}/events", data=form)

    with town.store.read() as tx:
        made = tx.value("select count(*) from operation where kind = 'life_event.record'")
    assert made == 1


@pytest.mark.parametrize("username", ["leader1", "street", "admin"])
def test_others_record_nothing(town, username, door):
    assert town[username].post(f"/households/{door}/events", data=fall(town)).status_code == 403
    assert town[username].submit(f"/office/households/{door}/events", **FALL).status_code == 403


def test_a_door_of_somebody_else_is_not_touched(town, door):
    answer = town["worker2"].post(f"/households/{door}/events", data=fall(town), headers=HX)

    assert answer.status_code == 403
    assert kept(town, "resident", town.resident("liang")).event == ""


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"what": ""}, "请先选是什么事"),
        ({"on": "2026-09-16"}, "日期还没到"),
        ({"note": "长" * 201}, "备注最多 200 字"),
    ],
)
def test_what_does_not_fit_is_said_in_words(town, worker, door, changes, said):
    answer = worker.post(f"/households/{door}/events", data=fall(town, **changes), headers=HX)

    assert answer.status_code == 422
    assert said in answer.text


def test_the_office_moves_a_festival(town, office):
    page = office.get("/office/settings").text
    assert "2026 年中秋" in page and 'value="2026-09-25"' in page

    place = [on for _, on in kept(town, "community", town.community).festivals].index("2026-09-25")
    answer = office.submit(
        "/office/settings/changes",
        **{
            "was_office_phone": "02000001234",
            "office_phone": "02000001234",
            "was_knocks_per_week": "2",
            "knocks_per_week": "2",
            "was_refused_rest_days": "30",
            "refused_rest_days": "30",
            f"was_feast_{place}": "2026-09-25",
            f"feast_{place}": "2026-09-26",
        },
    )

    assert answer.status_code == 200
    assert ["mid_autumn", "2026-09-26"] in kept(town, "community", town.community).festivals
