"""无人应答: the steps over HTTP, the case in the office, and how follow-ups climb."""

import pytest

from tests.server.office import record, rows_of


@pytest.fixture
def door(town):
    return town.household("huang")


def silent(town, name="huang", **more):
    return record(town, "worker1", name, type="elder_care", result="no_answer", **more)


def take(browser, door, step, **more):
    return browser.post(f"/households/{door}/ladder/steps", data={"step": step, **more})


def case(town):
    (one,) = rows_of(town, "followup", item="no_answer")
    return one


def synced(browser, kind):
    changes = browser.post("/sync", json={"ops": []}).json()["changes"]
    return [one["record"] for one in changes if one["kind"] == kind]


def test_the_ladder_opens_with_the_visit_and_ends_with_the_next(town, worker, door, clock):
    assert worker.get(f"/households/{door}/ladder").status_code == 404
    silent(town)

    page = worker.get(f"/households/{door}/ladder").text
    assert "10:10 前" in page and "14:00 前" in page and "黄秀珍" in page
    clock.pass_(minutes=5)
    page = take(worker, door, "contact", who="女儿").text
    assert "10:05" in page and "女儿" in page
    assert f'href="/households/{door}/ladder"' in worker.get("/today").text
    assert f'href="/households/{door}/ladder"' in worker.get("/followups").text
    assert f'href="/households/{door}/ladder"' in worker.get(f"/households/{door}").text

    clock.pass_(minutes=25)
    record(town, "worker1", "huang", result="phone_ok", note="在女儿家")

    page = worker.get(f"/households/{door}/ladder").text
    assert "电话联系上了" in page and "周晓岚" in page and "在女儿家" in page
    assert "还没找到人" not in worker.get("/today").text
    assert case(town)["closed_by"] == "周晓岚"


def test_a_visit_that_is_saved_leads_to_the_ladder(worker, door):
    said = {"type": "elder_care", "method": "door", "result": "no_answer"}

    saved = worker.post(f"/households/{door}/visits", data=said, headers={"HX-Request": "true"})

    assert f'href="/households/{door}/ladder"' in saved.text


def test_a_step_sent_twice_is_one_and_an_unknown_one_is_none(town, worker, door):
    silent(town)
    once = {"form_id": "01990000-0000-7000-8000-000000000001"}

    take(worker, door, "self", **once)
    take(worker, door, "self", **once)
    refused = worker.post(
        f"/households/{door}/ladder/steps", data={"step": "sing"}, headers={"HX-Request": "true"}
    )

    assert refused.status_code == 422
    assert case(town)["steps"].count('"self"') == 1


@pytest.mark.parametrize(("username", "status"), [("worker2", 403), ("leader1", 403)])
def test_only_who_visits_there_takes_steps(town, door, username, status):
    silent(town)

    assert take(town[username], door, "self").status_code == status
    assert town[username].get(f"/households/{door}/ladder").status_code in (403, 404)
    assert case(town)["steps"] == "[]"


def test_the_office_sees_the_case_with_its_steps_and_may_end_it_in_words(town, office, worker):
    door = town.household("huang")
    silent(town)
    take(worker, door, "110")

    for path in ("/office/followups", f"/office/households/{door}"):
        text = office.get(path).text
        assert "无人应答，要找到人" in text and "打 110" in text, path
    office.submit(f"/office/followups/{case(town)['id']}/closings", result="民警开门，送医")

    assert (case(town)["status"], case(town)["closed_by"]) == ("closed", "麦咏诗")
    assert "民警开门，送医" in worker.get(f"/households/{door}/ladder").text


def test_neighbours_and_the_leader_are_at_hand_with_their_numbers(town, worker, door, admin):
    town.submit(
        "office1",
        "contact.add",
        {"household_id": door, "name": "张姐", "relation": "neighbour", "phone": "19900000077"},
    )
    leader = town.person("leader1")
    admin.submit(
        f"/office/people/{leader}/changes",
        name="陈桂枝",
        role="leader",
        phone="19900000088",
        active="1",
    )
    silent(town)

    page = worker.get(f"/households/{door}/ladder").text

    assert 'href="tel:19900000077"' in page and "张姐" in page
    assert 'href="tel:19900000088"' in page and "陈桂枝" in page
    assert 'href="tel:02000001234"' in page and 'href="tel:110"' in page


def test_a_followup_climbs_to_the_chief_and_then_to_the_office(town, office, clock):
    silent(town)
    chief, worker = town["chief"], town["worker1"]
    assert "转到您" not in chief.get("/followups").text
    assert office.get("/office/followups?held=late").text.count("无人应答，要找到人") == 0

    clock.pass_(hours=2, minutes=1)

    assert "1 件转到您" in chief.get("/followups").text
    assert "1 件转到您" in chief.get("/today").text
    assert "转到您" not in worker.get("/followups").text
    assert "网格长跟" in worker.get("/followups").text
    assert "无人应答，要找到人" in office.get("/office/followups?held=chief").text
    assert "无人应答，要找到人" not in office.get("/office/followups?held=office").text

    clock.pass_(days=1)

    assert "转到您" not in chief.get("/followups").text
    assert "无人应答，要找到人" in office.get("/office/followups?held=office&level=now").text
    assert "无人应答，要找到人" not in office.get("/office/followups?level=amber").text


def test_the_worst_comes_first_in_the_office(town, office, clock):
    record(town, "worker1", "liang", followup="换灯泡")
    clock.pass_(minutes=1)
    silent(town)

    text = office.get("/office/followups").text

    assert text.index("无人应答，要找到人") < text.index("换灯泡")


def test_the_gas_companys_number_reaches_the_phones_and_their_cards(town, office, worker, door):
    fields = {
        "office_phone": "02000001234",
        "was_office_phone": "02000001234",
        "gas_phone": "020-0000 5678",
        "knocks_per_week": "2",
        "was_knocks_per_week": "2",
        "refused_rest_days": "30",
        "was_refused_rest_days": "30",
    }

    assert office.submit("/office/settings/changes", **fields).status_code == 200

    (community,) = synced(worker, "community")
    assert community["gas_phone"] == "02000005678"
    assert 'href="tel:02000005678"' in worker.get(f"/households/{door}/visit").text
