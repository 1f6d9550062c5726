"""Field pages and forms as the server draws and takes them."""

import pytest

HX = {"HX-Request": "true"}


@pytest.fixture
def door(town):
    return town.household("huang")


def visit(town, **changes):
    return {
        "result": "met",
        "method": "door",
        "type": "elder_care",
        "resident_ids": town.resident("huang"),
        **changes,
    }


@pytest.mark.parametrize(
    "path",
    ["/today", "/buildings", "/search", "/search?q=502", "/outbox", "/me", "/feedback"],
)
def test_a_worker_opens_every_page(worker, path):
    answer = worker.get(path)

    assert answer.status_code == 200
    assert "<h1" in answer.text


def test_a_worker_opens_the_pages_of_a_door(town, worker, door):
    for path in (f"/buildings/{town.building('hongmian')}", f"/households/{door}"):
        assert "502" in worker.get(path).text
    assert "见到本人" in worker.get(f"/households/{door}/visit").text


def test_a_visit_is_recorded_with_a_fragment_and_seen_on_the_door(town, worker, door):
    answer = worker.post(f"/households/{door}/visits", data=visit(town), headers=HX)

    assert answer.status_code == 200
    assert 'id="visit"' in answer.text
    assert "<html" not in answer.text
    assert "见到本人" in worker.get(f"/households/{door}").text


def test_without_scripts_a_form_leads_back_to_the_door(town, worker, door):
    answer = worker.post(f"/households/{door}/visits", data=visit(town), follow_redirects=False)

    assert answer.status_code == 303
    assert answer.headers["location"].startswith(f"/households/{door}?saved=")


def test_what_is_missing_is_said_in_place(town, worker, door):
    swap = worker.post(f"/households/{door}/visits", data=visit(town, result=""), headers=HX)
    plain = worker.post(
        f"/households/{door}/visits", data=visit(town, result=""), follow_redirects=True
    )

    assert swap.status_code == 422
    assert "请先选走访结果" in swap.text
    assert "请先选走访结果" in plain.text


def test_a_note_of_ten_thousand_characters_is_refused_in_words(town, worker, door):
    answer = worker.post(
        f"/households/{door}/visits", data=visit(town, note="长" * 10_000), headers=HX
    )

    assert answer.status_code == 422
    assert "1000 字" in answer.text


def test_a_visit_is_withdrawn_and_counts_no_more(town, worker, door):
    worker.post(f"/households/{door}/visits", data=visit(town), headers=HX)
    with town.store.read() as tx:
        made = tx.value("select id from visit")

    answer = worker.post(f"/visits/{made}/withdrawals", headers=HX)

    assert answer.status_code == 200
    assert "已撤回" in answer.text
    with town.store.read() as tx:
        assert tx.value("select withdrawn from visit") == 1


def test_a_visit_is_corrected(town, worker, door):
    worker.post(f"/households/{door}/visits", data=visit(town), headers=HX)
    with town.store.read() as tx:
        made = tx.value("select id from visit")

    answer = worker.post(
        f"/visits/{made}/corrections", data=visit(town, result="met_family"), headers=HX
    )

    assert answer.status_code == 200
    assert "见到家属" in answer.text


def test_a_number_is_added_and_changed(town, worker, door):
    fields = {"phone": "199 0000 0702", "relation": "self", "name": "", "verified": "1"}
    worker.post(f"/households/{door}/contacts", data=fields, headers=HX)
    with town.store.read() as tx:
        made = tx.value("select id from contact")

    fields = {**fields, "phone": "199 0000 0703", "base": "1"}
    answer = worker.post(f"/contacts/{made}/changes", data=fields, headers=HX)

    assert answer.status_code == 200
    assert "199 0000 0703" in answer.text


def test_a_form_from_an_old_page_is_a_conflict_that_keeps_both(town, worker, door):
    receipt = town.submit("office1", "contact.add", {"household_id": door, "phone": "19900000001"})
    change = {"id": receipt.id, "changes": {"phone": "19900000002"}}
    town.submit("office1", "contact.change", change, 1)

    fields = {"phone": "19900000003", "relation": "", "name": "", "base": "1"}
    worker.post(f"/contacts/{receipt.id}/changes", data=fields, headers=HX)

    with town.store.read() as tx:
        assert tx.value("select phone from contact") == "19900000002"
        assert tx.value("select disputed from contact") == '["phone"]'


def test_another_grids_door_is_refused_and_written_down(town, worker):
    far = town.household("zhong")

    assert worker.get(f"/households/{far}").status_code == 403
    assert worker.post(f"/households/{far}/visits", data=visit(town)).status_code == 403
    assert [row["outcome"] for row in town.audit("denied")] == ["denied", "denied"]


def test_a_door_that_is_not_there_says_so(worker):
    answer = worker.get("/households/00000000-0000-7000-8000-000000000000")

    assert answer.status_code == 404
    assert "<h1" in answer.text


def test_a_leader_sees_names_and_doors_of_the_own_building_only(town, leader):
    own = leader.get(f"/buildings/{town.building('hongmian')}")

    assert own.status_code == 200
    assert "502" in own.text
    for word in ("独居", "living_alone", "82 岁"):
        assert word not in own.text
    assert leader.get(f"/buildings/{town.building('lixiang')}").status_code == 403
    for path in ("/today", "/search", f"/households/{town.household('huang')}/visit"):
        assert leader.get(path).status_code == 403


def test_the_office_works_on_its_own_pages(office):
    assert office.get("/today").status_code == 403


def test_looks_are_kept_in_the_browser(worker):
    worker.post("/me/settings", data={"mode": "elder"}, follow_redirects=False)

    assert 'data-mode="elder"' in worker.get("/me").text


def test_a_hint_that_was_read_does_not_come_again_until_one_asks(town, worker):
    assert "今天去哪几户" in worker.get("/today").text

    answer = worker.post("/me/hints", data={"hint": "today", "back": "/today"}, headers=HX)
    assert (answer.status_code, answer.text) == (200, "")
    assert "今天去哪几户" not in worker.get("/today").text
    assert "都先存在手机里" in worker.get("/outbox").text
    worker.post("/me/hints", data={"hint": "outbox", "back": "/outbox"}, headers=HX)
    assert "都先存在手机里" not in worker.get("/outbox").text

    answer = worker.post("/me/hints", follow_redirects=False)
    assert answer.headers["location"] == "/"
    assert "今天去哪几户" in worker.get("/today").text


def test_hints_that_somebody_else_read_in_this_browser_are_still_new(town, worker):
    worker.cookies.set("jinlin_hints", f"{town.person('worker2')}:today.door.outbox")

    assert "今天去哪几户" in worker.get("/today").text


@pytest.mark.parametrize("back", ["https://else", "//else", "javascript:x"])
def test_putting_a_hint_away_leads_nowhere_else(worker, back):
    said = {"hint": "today", "back": back}

    assert worker.post("/me/hints", data=said, follow_redirects=False).headers["location"] == "/"


def test_english_is_a_choice(worker):
    worker.post("/me/settings", data={"lang": "en"}, follow_redirects=False)

    page = worker.get("/today").text
    assert 'lang="en"' in page
    assert "今日" not in page


def test_feedback_reaches_the_log(town, worker):
    answer = worker.post("/feedback", data={"text": "字太小", "page": "/today"}, headers=HX)

    assert answer.status_code == 200
    with town.store.read() as tx:
        assert tx.value("select count(*) from operation where kind = 'feedback.send'") == 1
    assert worker.post("/feedback", data={"text": ""}, headers=HX).status_code == 422
