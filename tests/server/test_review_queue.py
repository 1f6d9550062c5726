"""The queue of 待审: by urgency and age, filtered, shared out, decided once, and remembered."""

import io
import time

import msgspec
import pytest
from openpyxl import load_workbook

from server.setup import add_community
from server.store.records import Records
from sync.records import Community, Visit
from tests.server.office import record, rows_of, visit_of

HX = {"HX-Request": "true"}
DECISIONS = "/office/review/decisions"


@pytest.fixture
def refused(town):
    return record(town, "worker1", "huang", result="refused", note="说不方便")


def send(who, visit, action, **fields):
    data = {"form_token": who.form_token, "base": 1, **fields}
    return who.post(f"/office/review/{visit}/{action}", data=data, headers=HX)


def bulk(who, *visits, reason="已电话核实"):
    data = {
        "form_token": who.form_token,
        "visits": [f"{one}:1" for one in visits],
        "reason": reason,
    }
    return who.post("/office/review/approvals", data=data, headers=HX)


def test_what_is_urgent_comes_first_and_of_two_alike_the_older(town, office, refused):
    second = record(town, "worker1", "liang", result="refused")
    town.submit("worker1", "visit.correct", {"id": refused, "changes": {"note": "改过"}})
    silent = record(town, "worker1", "liang", result="no_answer")

    text = office.get("/office/review").text

    order = [text.index(f'class="queue__row" href="/office/review/{one}') for one in
             (silent, refused, second)]  # fmt: skip
    assert order == sorted(order)


def test_a_filter_goes_along_from_visit_to_visit(town, office, refused):
    worker = town.person("worker1")
    query = f"?show=refused&by={worker}"

    text = office.get(f"/office/review{query}").text

    assert f"/office/review/{refused}?show=refused&amp;by={worker}" in text
    assert "都审完了" not in text
    nobody = office.get(f"/office/review?by={town.person('office1')}").text
    assert "换一个筛选，还有 1 条在等" in nobody


def test_what_waits_long_is_found(town, office, refused):
    assert "这里没有了" in office.get("/office/review?age=3").text

    town.clock.pass_(minutes=3 * 24 * 60 + 1)

    assert refused in office.get("/office/review?age=3").text


def test_nonsense_in_a_filter_filters_nothing(town, office, refused):
    text = office.get("/office/review?show=zz&age=x&other=1&grid=").text

    assert f"/office/review/{refused}" in text


def test_a_visit_is_given_to_a_colleague_who_finds_it(town, office, refused):
    secretary = town.person("secretary")

    answer = send(office, refused, "assignments", person_id=secretary, next=refused)

    assert answer.status_code == 200 and "交给何书记看" in answer.text
    assert "何书记看" in office.get("/office/review").text
    assert refused in town["secretary"].get(f"/office/review?to={secretary}").text
    assert "这里没有了" in office.get("/office/review?to=nobody").text
    (row,) = town.audit("review.assign")
    assert (row["target"], row["detail"]) == (f"visit:{refused}", secretary)


def test_an_assignment_is_no_lock_and_can_be_taken_back(town, office, refused):
    send(office, refused, "assignments", person_id=town.person("secretary"))
    send(office, refused, "assignments", person_id="")
    send(office, refused, "assignments", person_id="")

    assert refused in office.get("/office/review?to=nobody").text
    assert len(town.audit("review.assign")) == 2
    send(office, refused, "assignments", person_id=town.person("secretary"))
    assert send(office, refused, "approvals").status_code == 200


@pytest.mark.parametrize("username", ["worker1", "admin", "nobody"])
def test_only_who_may_decide_is_asked(town, office, refused, username):
    person = town.person(username) if username != "nobody" else "x"

    answer = send(office, refused, "assignments", person_id=person)

    assert answer.status_code == 422 and "没有这位可以审的同事" in answer.text
    assert rows_of(town, "review_assignment") == []


def test_what_is_decided_is_given_to_nobody(town, office, refused):
    send(office, refused, "approvals")

    answer = send(office, refused, "assignments", person_id=town.person("secretary"))

    assert answer.status_code == 409
    assert rows_of(town, "review_assignment") == []


def test_the_second_of_two_reviewers_is_told_who_was_first(town, office, refused):
    send(office, refused, "approvals")

    for action, fields in (
        ("approvals", {}),
        ("returns", {"reason": "请写明", "field": "note"}),
        ("returns", {"ready": "1"}),
    ):
        answer = send(town["secretary"], refused, action, **fields)
        assert answer.status_code == 409
        assert "这条 麦咏诗" in answer.text and "已通过，不用再定" in answer.text
    assert visit_of(town, refused).review == "approved"
    assert len(rows_of(town, "operation", kind="review.approve")) == 1
    assert rows_of(town, "operation", kind="review.return") == []


def test_several_are_approved_for_one_reason_that_each_remembers(town, office, refused):
    second = record(town, "worker1", "liang", result="refused")

    answer = bulk(office, refused, second)

    assert "已通过 2 条。" in answer.text
    for one in (refused, second):
        assert visit_of(town, one).review == "approved"
        assert "已电话核实" in office.get(f"/office/visits/{one}").text


def test_together_nothing_is_approved_without_a_reason(town, office, refused):
    answer = bulk(office, refused, reason="  ")

    assert answer.status_code == 422 and "请写一句为什么一起通过" in answer.text
    assert visit_of(town, refused).review == "waiting"


def share(who, person, *visits):
    data = {
        "form_token": who.form_token,
        "visits": [f"{one}:1" for one in visits],
        "person_id": person,
    }
    return who.post("/office/review/assignments", data=data, headers=HX)


def test_several_are_given_to_a_colleague_at_once(town, office, refused):
    other = record(town, "worker1", "liang", result="refused")
    done = record(town, "worker1", "liang", result="no_answer")
    town.submit("office1", "review.approve", {"id": done}, 1)
    secretary = town.person("secretary")

    answer = share(office, secretary, refused, other, done)

    assert "2 条交给何书记看。有 1 条别人已经定了。" in answer.text
    rows = rows_of(town, "review_assignment")
    assert {(one["visit_id"], one["person_id"]) for one in rows} == {
        (refused, secretary),
        (other, secretary),
    }
    assert len(town.audit("review.assign")) == 2
    assert "2 条不再指定谁看" in share(office, "", refused, other).text


def test_nothing_ticked_and_nobody_who_reviews_changes_nothing(town, office, refused):
    assert share(office, town.person("secretary")).status_code == 422
    assert share(office, town.person("worker1"), refused).status_code == 422
    assert rows_of(town, "review_assignment") == []
    assert share(town["worker1"], town.person("secretary"), refused).status_code == 403


def test_red_ones_are_never_approved_together(town, office, refused):
    silent = record(town, "worker1", "liang", result="no_answer")

    answer = bulk(office, silent, refused)

    assert "已通过 1 条。有 1 条没有通过：红色的要一条一条看" in answer.text
    assert visit_of(town, silent).review == "waiting"
    assert f'value="{silent}:1" disabled' in office.get("/office/review").text


def test_a_ready_sentence_sends_a_visit_back_to_its_field(town, office, refused):
    answer = send(office, refused, "returns", ready="2")

    visit = visit_of(town, refused)
    assert answer.status_code == 200
    assert (visit.review, visit.returned_field) == ("returned", "result")
    assert visit.returned_reason == "请核对结果，和备注说的不一样"
    assert send(office, refused, "returns", ready="9").status_code == 422


def test_what_was_put_right_comes_back_to_who_asked(town, office, refused):
    send(town["secretary"], refused, "returns", ready="1")
    town.submit("worker1", "visit.correct", {"id": refused, "changes": {"note": "下周三再去"}})

    text = office.get(f"/office/review/{refused}?to={town.person('secretary')}").text

    assert "何书记看" in text
    assert "说不方便" in text and "下周三再去" in text
    assert visit_of(town, refused).review == "waiting"


def test_its_author_is_told_when_it_was_approved(town, office, worker, refused):
    send(office, refused, "returns", ready="1")
    town.submit("worker1", "visit.correct", {"id": refused, "changes": {"note": "下周三再去"}})
    send(office, refused, "approvals", base=3)

    changes = worker.post("/sync", json={"ops": []}).json()["changes"]
    (notice,) = [one["record"] for one in changes if one["kind"] == "notice"]
    assert (notice["state"], notice["visit_id"]) == ("approved", refused)


def test_nobody_is_told_of_an_approval_that_asked_nothing_of_them(town, office, worker, refused):
    send(office, refused, "approvals")

    changes = worker.post("/sync", json={"ops": []}).json()["changes"]
    assert [one for one in changes if one["kind"] == "notice"] == []


def recall(who, *visits, base=2):
    data = {"form_token": who.form_token, "visits": [f"{one}:{base}" for one in visits]}
    return who.post("/office/review/reopenings", data=data, headers=HX)


def test_a_slip_of_the_finger_is_taken_back_at_once(town, office, refused):
    decided = send(office, refused, "approvals")
    assert f'name="visits" value="{refused}:2"' in decided.text and "收回" in decided.text

    answer = recall(office, refused)

    assert "收回了 1 条，还在这里等。" in answer.text
    assert visit_of(town, refused).review == "waiting"
    steps = office.get(f"/office/visits/{refused}").text
    assert "<b>通过</b>" in steps and "<b>收回决定</b>" in steps
    told = office.get(DECISIONS).text
    assert "<b>已通过</b>" in told and "<b>收回重看</b>" in told
    again = recall(office, refused)
    assert "收回了 0 条" in again.text and "没有可收回的" in again.text


def test_all_that_were_approved_together_are_taken_back_together(town, office, refused):
    second = record(town, "worker1", "liang", result="refused")
    bulk(office, refused, second)

    assert "收回了 2 条" in recall(office, refused, second).text
    assert {visit_of(town, one).review for one in (refused, second)} == {"waiting"}


def test_a_return_that_is_taken_back_is_told_and_is_no_return(town, office, worker, refused):
    send(office, refused, "returns", ready="1")
    assert "退回 1 次" in office.get("/office/numbers").text
    page = office.get(f"/office/visits/{refused}").text
    assert "收回“已退回”" in page

    office.submit(f"/office/visits/{refused}/reopenings", base=2, reason="看错了户")

    changes = worker.post("/sync", json={"ops": []}).json()["changes"]
    (notice,) = [one["record"] for one in changes if one["kind"] == "notice"]
    assert (notice["state"], notice["reason"]) == ("recalled", "")
    assert "退回的走访" not in worker.get("/today").text
    assert "办公室收回了，不用改" in worker.get("/outbox").text
    assert "退回 0 次" in office.get("/office/numbers").text
    assert refused not in office.get("/office/numbers/records?show=returned").text
    assert "看错了户" in office.get(f"/office/visits/{refused}").text


def test_what_was_put_right_meanwhile_is_not_taken_back(town, office, refused):
    send(office, refused, "returns", ready="1")
    town.submit("worker1", "visit.correct", {"id": refused, "changes": {"note": "下周三再去"}})

    answer = office.submit(f"/office/visits/{refused}/reopenings", base=2)

    assert answer.status_code == 409
    assert visit_of(town, refused).note == "下周三再去"


def test_only_the_office_takes_decisions_back(town, office, refused):
    send(office, refused, "approvals")

    assert recall(town["worker1"], refused).status_code == 403
    assert visit_of(town, refused).review == "approved"


def test_decisions_are_listed_with_who_and_why(town, office, refused):
    second = record(town, "worker1", "liang", result="refused")
    send(office, refused, "approvals")
    send(town["secretary"], second, "returns", ready="1")

    text = office.get(DECISIONS).text

    assert "2 次" in text and "请补一句：当时怎么联系的" in text and "打开“备注”" in text
    only = office.get(f"{DECISIONS}?kind=review.approve").text
    assert "1 次" in only and "请补一句" not in only
    assert "1 次" in office.get(f"{DECISIONS}?person={town.person('secretary')}").text
    assert "这段时间没有定过" in office.get(f"{DECISIONS}?first=2020-01-01&last=2020-01-02").text


def test_a_workers_correction_is_no_decision(town, office, refused):
    town.submit("worker1", "visit.correct", {"id": refused, "changes": {"note": "改过"}})

    assert "这段时间没有定过" in office.get(DECISIONS).text


def test_decisions_leave_as_a_workbook_and_that_is_written_down(town, office, refused):
    send(office, refused, "returns", ready="1")

    answer = office.get("/office/lists/decisions/xlsx")

    book = load_workbook(io.BytesIO(answer.content))
    lines = [[cell for cell in row if cell] for row in book.active.iter_rows(values_only=True)]
    assert any("请补一句：当时怎么联系的，下次什么时候再去" in line for line in lines)
    (row,) = town.audit("export")
    assert row["target"] == "list.decisions" and "1 行" in row["detail"]


@pytest.mark.parametrize("username", ["worker1", "leader1", "street", "admin"])
def test_none_of_it_is_for_others(town, refused, username):
    who = town[username]

    answers = [
        who.get(DECISIONS),
        who.get("/office/lists/decisions/xlsx"),
        send(who, refused, "assignments", person_id=town.person("office1")),
        bulk(who, refused),
    ]

    assert [one.status_code for one in answers] == [403] * 4
    assert visit_of(town, refused).review == "waiting"


def test_another_community_is_never_reached(town, office, refused):
    far = "0199bbbb-0000-7000-8000-000000000001"
    elsewhere = "0199bbbb-0000-7000-8000-000000000002"

    def settle(writing):
        add_community(writing, Community(id=elsewhere, name="别处"))
        first = visit_of(town, refused)
        writing.records.add(msgspec.structs.replace(first, id=far))

    town.intake.do(elsewhere, settle)

    assert [
        send(office, far, "approvals").status_code,
        send(office, far, "returns", ready="1").status_code,
        send(office, far, "assignments", person_id=town.person("office1")).status_code,
    ] == [404] * 3
    assert "没有通过" in bulk(office, far).text
    assert far not in office.get("/office/review").text
    (kept,) = rows_of(town, "visit", id=far)
    assert kept["review"] == "waiting"
    assert rows_of(town, "review_assignment") == []


def test_five_thousand_that_wait_are_shown_in_a_fifth_of_a_second(town, office, refused):
    def fill(writing):
        known = Records(writing.tx, town.community)
        first = known.get("visit", refused)
        assert isinstance(first, Visit)
        for number in range(5000):
            other = f"0199aaaa-0000-7000-8000-{number:012x}"
            known.add(msgspec.structs.replace(first, id=other))

    town.intake.seed(town.community, fill)
    spent = []
    for _ in range(3):  # the first draws templates for the first time
        begun = time.process_time()
        text = office.get("/office/review").text
        spent.append(time.process_time() - begun)

    assert "第 1 条，共 5001 条" in text and text.count('class="queue__row"') == 50
    assert min(spent) <= 0.2, f"{min(spent):.3f} s of processor time"
