"""The weather list: drawn up when a warning begins, kept right while it holds, and gone through."""

import pytest

from server.store import feed
from sync.refusals import Refusal
from tests.server.asked_after import GALE, contact, new_id, task, warn
from tests.server.office import kept, rows_of
from tests.server.test_pairings import led as led  # noqa: PLC0414 a fixture
from tests.server.town import CAST

HX = {"HX-Request": "true"}


def stream(town, name, kind):
    with town.store.read() as tx:
        return feed.shown(tx, town.community, name, kind)


def pair_tasks(town):
    return stream(town, f"person:{town.person('leader1')}", "pair_task")


def test_a_warning_asks_after_whoever_is_on_the_list(town):
    warn(town)

    assert [one["household_id"] for one in rows_of(town, "contact_task")] == [
        town.household("huang")
    ]
    one = task(town)
    assert (one.is_red, one.method, one.checklist, one.assigned_to) == (1, "any", "CK-WIND", "")
    assert one.due_at == "2026-09-15T04:00:00.000Z"
    assert [one.id] == [
        each["id"] for each in stream(town, f"building:{town.building('hongmian')}", "contact_task")
    ]


@pytest.mark.parametrize(
    "more",
    [{"colour": "blue"}, {"is_drill": 1}, {"is_public": 0}, {"state": "waiting"}],
)
def test_these_ask_after_nobody(town, more):
    warn(town, **more)

    assert rows_of(town, "contact_task") == []


def test_it_ends_with_the_warning(town):
    warn(town)

    warn(town, state="closed")

    assert task(town).state == "cancelled"


def test_whom_somebody_has_tried_stays_to_be_reached(town):
    warn(town)
    contact(town, "worker1", "no_answer")

    warn(town, state="expired")

    assert (task(town).state, task(town).checklist) == ("open", "CK-AFTER")


def test_a_new_door_comes_to_the_list_and_one_that_is_empty_leaves_it(town):
    warn(town)
    liang = town.resident("liang")
    version = kept(town, "resident", liang).version
    changes = {"categories": ["living_alone"]}

    town.submit("worker1", "resident.change", {"id": liang, "changes": changes}, version)
    added = task(town, "liang")
    town.submit("worker1", "visit.record", visit_of(town, "liang", "hospital"))

    assert (added.state, added.is_new) == ("open", 1)
    assert task(town, "liang").state == "cancelled"


def visit_of(town, door, result):
    return {
        "household_id": town.household(door),
        "type": "routine",
        "method": "door",
        "result": result,
        "resident_ids": [town.resident(door)],
    }


def test_where_no_warning_holds_nothing_is_asked(town):
    town.submit("worker1", "visit.record", visit_of(town, "huang", "met"))

    assert rows_of(town, "contact_task") == []


def test_a_higher_colour_asks_again(town, clock):
    warn(town, colour="yellow")
    contact(town, "worker1", "safe")
    clock.pass_(minutes=30)

    warn(town, colour="red")

    one = task(town)
    assert (one.state, one.method, one.due_at) == ("open", "phone", "2026-09-15T03:30:00.000Z")
    assert len(one.contacts) == 1


def test_a_contact_is_a_visit_and_a_second_one_is_kept(town, clock):
    warn(town)
    first = contact(town, "worker1", "safe")
    clock.pass_(minutes=3)
    second = contact(town, "social1", "declined")

    assert (task(town).outcome, task(town).by_name) == ("safe", "周晓岚")
    assert kept(town, "visit", first.id).result == "phone_ok"
    assert kept(town, "visit", second.id).result == "refused"
    assert kept(town, "household", town.household("huang")).rest_until


def test_the_same_contact_twice_is_one(town):
    warn(town)
    data = {
        "incident_id": GALE,
        "household_id": town.household("huang"),
        "resident_ids": [town.resident("huang")],
        "outcome": "safe",
        "method": "phone",
    }
    body = {"outcome": "safe", "method": "phone", "form_id": new_id()}

    for _ in range(2):
        town["worker1"].post(f"/contact-tasks/{task(town).id}/contacts", data=body, headers=HX)

    assert data["household_id"] == rows_of(town, "visit", type="weather")[0]["household_id"]
    assert len(rows_of(town, "visit", type="weather")) == len(task(town).contacts) == 1


@pytest.mark.parametrize("username", ["street", "admin"])
def test_who_visits_nobody_asks_after_nobody(town, username):
    warn(town)

    with pytest.raises(Refusal) as refused:
        contact(town, username, "safe")

    assert refused.value.code == "role.not_allowed"


def test_a_worker_of_other_buildings_is_refused(town):
    warn(town)

    with pytest.raises(Refusal) as refused:
        contact(town, "worker2", "safe")

    assert refused.value.code == "scope.outside"


def test_a_cry_for_help_is_red_for_the_office(town, office):
    warn(town)

    made = contact(town, "worker1", "needs_help", note="屋里进水")

    cry = kept(town, "followup", made.id)
    assert (cry.level, cry.status) == ("red", "open")
    assert "需要帮助：屋里进水" in office.get("/office/followups?level=red").text
    (raised,) = rows_of(town, "issue")
    assert (raised["category"], raised["source"]) == ("life_safety", "weather")


def test_a_leader_is_asked_about_whom_they_look_after_and_not_why(town, led):
    warn(town)

    (shown,) = pair_tasks(town)

    assert task(town).assigned_to == town.person("leader1")
    assert (shown["name"], shown["phone"], shown["title"]) == (
        "黄秀珍",
        "19900000502",
        "雷雨大风橙色预警",
    )
    assert not set(shown) & {"is_red", "checklist", "note", "contacts", "categories"}


def test_a_leader_hears_nothing_of_what_is_for_the_staff_alone(town, led):
    warn(town)
    contact(town, "worker1", "no_answer")

    warn(town, title="雷雨大风红色预警", colour="red", is_public=0)

    assert task(town).state == "open"
    assert pair_tasks(town) == []


def test_what_a_leader_says_reaches_everybody(town, leader, led):
    warn(town)
    path = f"/contact-tasks/{task(town).id}"

    assert "黄秀珍" in leader.get(f"/alerts/{GALE}/contacts").text
    assert "CK-" not in leader.get(path).text
    answer = leader.post(f"{path}/contacts", data={"outcome": "safe"}, headers=HX)

    assert "平安" in answer.text
    assert task(town).by_name == "陈桂枝"
    assert kept(town, "pairing", led).contacted_on == "2026-09-15"
    assert [one["state"] for one in pair_tasks(town)] == ["done"]


def test_a_leader_says_nothing_of_others(town, leader):
    warn(town)

    with pytest.raises(Refusal) as refused:
        contact(town, "leader1", "safe")

    assert refused.value.code == "pairing.not_yours"
    assert leader.get(f"/contact-tasks/{task(town).id}").status_code == 403


def test_a_pair_that_ends_gives_the_task_back_to_the_worker(town, led):
    warn(town)

    town.submit("office1", "pairing.end", {"id": led})

    assert task(town).assigned_to == ""
    assert pair_tasks(town) == []


def test_a_worker_goes_through_the_list(town, worker):
    warn(town)
    path = f"/contact-tasks/{task(town).id}"

    assert "雷雨大风橙色预警" in worker.get("/today").text
    assert path in worker.get(f"/alerts/{GALE}/contacts").text
    assert "CK-WIND" in worker.get(path).text
    refused = worker.post(f"{path}/contacts", data={"outcome": ""}, headers=HX)
    assert (refused.status_code, "请先选问到怎样。" in refused.text) == (422, True)
    answer = worker.post(f"{path}/contacts", data={"outcome": "moved"}, headers=HX)

    assert "已转移" in answer.text
    assert task(town).outcome == "moved"
    assert "名单上的都问到了" in worker.get(f"/alerts/{GALE}/contacts").text


def test_the_checklist_of_the_weather_is_kept_with_the_visit(town, worker):
    warn(town)
    key = f"{town.resident('huang')}|CK-WIND"
    page = worker.get(f"/contact-tasks/{task(town).id}").text
    name = next(part.split('"')[0] for part in page.split('name="') if part.startswith(f"a|{key}|"))

    fields = {"outcome": "safe", f"ask|{key}": "1", name: "yes", "again": "1"}
    worker.post(f"/contact-tasks/{task(town).id}/contacts", data=fields, headers=HX)

    (made,) = rows_of(town, "visit", type="weather")
    assert '"CK-WIND"' in made["checkups"]


def test_the_office_sees_who_was_asked_after_and_who_goes(town, office, led):
    warn(town)
    contact(town, "worker1", "no_answer")

    masked = office.get(f"/office/alerts/{GALE}/contacts")
    page = office.submit("/office/reveals", to=f"/office/alerts/{GALE}/contacts")

    assert page.status_code == 200 and "199****0502" in masked.text
    words = ("黄秀珍", "199 0000 0502", "陈桂枝", "周晓岚", "联系不上", "名单 1 户")
    assert not [word for word in words if word not in page.text]
    assert "黄秀珍" in office.get(f"/office/alerts/{GALE}/contacts?show=no_answer&grid=1").text
    assert "黄秀珍" not in office.get(f"/office/alerts/{GALE}/contacts?show=safe").text
    assert "黄秀珍" not in office.get(f"/office/alerts/{GALE}/contacts?grid=2").text


def test_the_office_sees_what_is_late(town, office, clock):
    warn(town)
    page = f"/office/alerts/{GALE}/contacts?show=late"

    assert "黄秀珍" not in office.get(page).text
    clock.pass_(hours=2, minutes=1)

    assert "黄秀珍" in office.get(page).text


def test_who_stands_in_goes(town, office):
    warn(town)
    leave = {"person": town.person("worker1"), "deputy": town.person("worker2")}
    office.submit("/office/leaves", **leave, from_on="2026-09-15", until_on="2026-09-18")

    page = office.get(f"/office/alerts/{GALE}/contacts").text

    assert CAST["worker2"][1] in page
    assert CAST["worker1"][1] not in page
    assert "黄秀珍" in town["worker2"].get(f"/alerts/{GALE}/contacts").text


def test_an_unknown_warning_is_said_so(office):
    assert office.get(f"/office/alerts/{new_id()}/contacts").status_code in (404, 422)


@pytest.mark.parametrize("changes", [{"role": "worker"}, {"role": "leader", "active": "0"}])
def test_who_leads_no_longer_is_not_asked_and_the_worker_is(town, office, led, changes):
    """Else the door would be nobody's to telephone while the warning holds."""
    warn(town)

    path = f"/office/people/{town.person('leader1')}/changes"
    assert office.submit(path, name="陈桂枝", **changes).status_code == 200

    assert task(town).assigned_to == ""
    assert pair_tasks(town) == []
    assert kept(town, "pairing", led).leader_id == ""
    assert stream(town, f"person:{town.person('leader1')}", "pair") == []
