"""Checklists in the form of a visit, and the follow-ups they lead to, as the server takes them."""

import pytest

HX = {"HX-Request": "true"}


@pytest.fixture
def door(town):
    return town.household("huang")


def asked(town, **said):
    """A visit's form in which somebody was asked: question → answer."""
    person = town.resident("huang")
    key = f"{person}|CK-ELDER"
    answers = {f"a|{key}|{name}": value for name, value in said.items()}
    who = {f"ask|{key}": "1", f"consent|{person}": "yes"}
    return {"result": "met", "method": "door", "type": "elder_care", **who, **answers}


def open_ids(town):
    with town.store.read() as tx:
        rows = tx.rows("select id from followup where status = 'open' order by id")
    return [row["id"] for row in rows]


def close(member, followup_id, **fields):
    path = f"/followups/{followup_id}/closings"
    return member.post(path, data={"result": "已办好", **fields}, headers=HX)


def test_a_visit_keeps_what_was_asked_and_opens_what_must_follow(town, worker, door):
    form = asked(town, E01="clear", E03="1", E16=["wire", "overload"])

    answer = worker.post(f"/households/{door}/visits", data=form, headers=HX)

    assert answer.status_code == 200
    assert len(open_ids(town)) == 2
    page = worker.get(f"/households/{door}").text
    assert "用电危险" in page
    assert "跌倒" in page
    assert "红色 2 件" in worker.get("/today").text


def test_the_same_visit_sent_twice_opens_each_once(town, worker, door):
    form = {**asked(town, E03="1"), "form_id": "01990000-0000-7000-8000-000000000001"}

    for _ in range(3):
        worker.post(f"/households/{door}/visits", data=form, headers=HX)

    assert len(open_ids(town)) == 1


def test_an_answer_that_is_none_is_said_and_nothing_is_kept(town, worker, door):
    answer = worker.post(f"/households/{door}/visits", data=asked(town, E03="两次"), headers=HX)

    assert answer.status_code == 422
    assert "填的不对" in answer.text
    assert "还没有走访记录" in worker.get(f"/households/{door}").text


def test_without_scripts_the_form_comes_back_once_with_what_it_held(town, worker, door):
    form = asked(town, E01="unclear")

    first = worker.post(f"/households/{door}/visits", data=form, follow_redirects=False)
    again = worker.post(
        f"/households/{door}/visits", data={**form, "again": "1"}, follow_redirects=False
    )

    assert first.status_code == 422
    assert "项没答" in first.text
    assert 'value="unclear" checked' in first.text
    assert again.status_code == 303


def test_a_follow_up_is_closed_with_a_result_and_a_name(town, worker, door):
    worker.post(f"/households/{door}/visits", data=asked(town, E03="1"), headers=HX)
    [followup_id] = open_ids(town)

    assert "请选办得怎样" in close(worker, followup_id, result="").text
    assert "写一句" in close(worker, followup_id, result="其他").text
    answer = close(worker, followup_id, note="陪去社区医院看过")

    assert "周晓岚已办结：已办好" in answer.text
    assert open_ids(town) == []
    assert "没有要跟进的" in worker.get("/followups").text


def test_a_follow_up_is_closed_once(town, worker, door):
    worker.post(f"/households/{door}/visits", data=asked(town, E03="1"), headers=HX)
    [followup_id] = open_ids(town)
    close(worker, followup_id)

    assert close(worker, followup_id, result="本人不需要").status_code == 409
    assert "已办好" in worker.get(f"/followups/{followup_id}").text


def test_who_has_nothing_to_do_with_a_door_neither_sees_nor_closes_its_follow_ups(
    town, worker, leader, door
):
    worker.post(f"/households/{door}/visits", data=asked(town, E03="1"), headers=HX)
    [followup_id] = open_ids(town)

    for member in (town["worker2"], leader):
        assert member.get(f"/followups/{followup_id}").status_code in (403, 404)
        assert close(member, followup_id).status_code in (403, 404, 409, 422)
    assert open_ids(town) == [followup_id]


def test_a_follow_up_climbs_when_its_limit_has_passed(town, worker, clock, door):
    worker.post(f"/households/{door}/visits", data=asked(town, E03="1"), headers=HX)

    assert "超期" not in worker.get("/followups").text
    clock.pass_(hours=73)
    assert "网格长跟" in worker.get("/followups").text
    clock.pass_(hours=24)
    assert "社区办公室跟" in worker.get("/followups").text


def test_the_office_reads_what_was_asked_in_the_words_that_were_seen(town, worker, office, door):
    key = f"{town.resident('huang')}|CK-ELDER"
    stamps = "open@2026-09-15T02:00:00.000Z 120@2026-09-15T02:01:00.000Z"
    form = asked(town, E01="unclear", E13="suspected", E24="no")
    form[f"card|{key}|faint"] = stamps
    saved = worker.post(f"/households/{door}/visits", data=form, headers=HX)
    visit_id = saved.text.split('id="visit-')[1].split('"')[0]

    page = office.get(f"/office/visits/{visit_id}").text

    for said in ("神志反应怎么样？", "叫不清、意识不清", "马上：", "行动卡", "只有办公室可见"):
        assert said in page
    assert "120 9月15日 10:01" in page or "10:01" in page


def test_the_office_sees_the_newest_answers_and_that_is_written_down(town, worker, office, door):
    worker.post(f"/households/{door}/visits", data=asked(town, E02="cane"), headers=HX)

    page = office.get(f"/office/households/{door}").text

    assert "清单上的近况" in page
    assert "拄杖" in page
    assert [row for row in town.audit("view") if row["target"] == f"household:{door}"]


def test_a_phone_never_reads_back_what_is_for_the_office(town, worker, door):
    worker.post(f"/households/{door}/visits", data=asked(town, E13="suspected"), headers=HX)

    assert "疑似" not in worker.get(f"/households/{door}").text
    assert worker.get("/followups").text.count("/followups/") == 0
