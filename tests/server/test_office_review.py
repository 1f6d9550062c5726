"""待审: what waits is decided once, as it was seen, and its author hears of it."""

import pytest

from server.store.records import Records
from tests.server.office import hidden, record, rows_of, visit_of

HX = {"HX-Request": "true"}


@pytest.fixture
def refused(town):
    """A visit that waits, because the household declined."""
    return record(town, "worker1", "huang", result="refused", note="说不方便")


def decide(office, visit, action, **more):
    fields = {"base": 1, **more}
    return office.submit(f"/office/review/{visit}/{action}", **fields)


def test_the_list_says_why_each_visit_waits(town, office, refused):
    record(town, "worker1", "liang", result="no_answer")
    record(town, "worker1", "liang", result="met")

    text = office.get("/office/review").text

    assert "2 条 · 绿色的走访不用审" in text
    assert text.index("无人应答，请确认找到人没有") < text.index("拒访，之后先打电话")
    assert "说不方便" in office.get(f"/office/review/{refused}").text


def test_an_approved_visit_leaves_the_list(town, office, refused):
    answer = decide(office, refused, "approvals")

    assert answer.status_code == 200
    assert visit_of(town, refused).review == "approved"
    assert "都审完了" in office.get("/office/review").text


def test_a_decision_goes_to_the_next_visit(town, office, refused):
    following = record(town, "worker1", "liang", result="refused")

    answer = office.post(
        f"/office/review/{refused}/approvals",
        data={"form_token": office.form_token, "base": 1, "next": following},
        headers=HX,
    )

    assert answer.status_code == 200
    assert answer.text.lstrip().startswith('<div class="three" id="body"')
    assert f'action="/office/review/{following}/approvals"' in answer.text


def test_the_same_approval_twice_changes_nothing(town, office, refused):
    decide(office, refused, "approvals")

    again = decide(office, refused, "approvals")

    assert again.status_code == 409
    assert "这条 麦咏诗" in again.text and "已通过，不用再定" in again.text
    assert visit_of(town, refused).version == 2


def test_one_form_sent_twice_is_answered_twice_and_applied_once(town, office, refused):
    fields = hidden(office.get(f"/office/review/{refused}").text, f"{refused}/approvals")

    first = office.post(f"/office/review/{refused}/approvals", data=fields)
    second = office.post(f"/office/review/{refused}/approvals", data=fields)

    assert (first.status_code, second.status_code) == (200, 200)
    assert len(rows_of(town, "operation", kind="review.approve")) == 1


def test_a_visit_corrected_meanwhile_is_not_approved_unseen(town, office, refused):
    town.submit("worker1", "visit.correct", {"id": refused, "changes": {"note": "改过"}})

    answer = decide(office, refused, "approvals")

    assert answer.status_code == 409
    assert "刚刚改过" in answer.text
    assert visit_of(town, refused).review == "waiting"
    assert "改过" in office.get(f"/office/review/{refused}").text


def test_a_visit_goes_back_to_its_author_with_the_field_to_open(town, office, worker, refused):
    answer = decide(office, refused, "returns", reason="请写明下次什么时候去", field="note")

    visit = visit_of(town, refused)
    assert answer.status_code == 200
    assert (visit.review, visit.returned_reason, visit.returned_field) == (
        "returned",
        "请写明下次什么时候去",
        "note",
    )
    changes = worker.post("/sync", json={"ops": []}).json()["changes"]
    (notice,) = [one["record"] for one in changes if one["kind"] == "notice"]
    assert (notice["state"], notice["field"], notice["visit_id"]) == ("returned", "note", refused)


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"reason": "", "field": "note"}, "请填写“要补充什么”"),
        ({"reason": " \n ", "field": "note"}, "请填写“要补充什么”"),
        ({"reason": "字" * 10_000, "field": "note"}, "最多 500 个字，现在有 10000 个"),
        ({"reason": "缺", "field": "secret"}, "没有“secret”这一项"),
    ],
)
def test_a_return_without_a_usable_reason_is_refused(town, office, refused, fields, said):
    answer = decide(office, refused, "returns", **fields)

    assert answer.status_code == 422
    assert said in answer.text
    assert visit_of(town, refused).review == "waiting"


def test_the_office_corrects_a_visit_and_that_settles_it(town, office, refused):
    answer = decide(
        office,
        refused,
        "corrections",
        result="met_family",
        type="routine",
        method="door",
        note="说不方便",
        followup="",
        away_until="",
        reason="走访人来电更正",
    )

    visit = visit_of(town, refused)
    assert answer.status_code == 200
    assert (visit.result, visit.review, visit.corrected) == ("met_family", "approved", 1)
    text = office.get(f"/office/visits/{refused}").text
    assert "更正了什么" in text and "走访人来电更正" in text


def test_a_correction_that_corrects_nothing_is_refused(town, office, refused):
    same = {"result": "refused", "type": "routine", "method": "door", "note": "说不方便"}

    answer = decide(office, refused, "corrections", **same, reason="没变")

    assert answer.status_code == 422
    assert "没有要改的内容" in answer.text


def test_ticked_visits_are_approved_together_and_the_rest_say_why(town, office, refused):
    second = record(town, "worker1", "liang", result="refused")
    town.submit("worker1", "visit.correct", {"id": second, "changes": {"note": "改过"}})

    answer = office.post(
        "/office/review/approvals",
        data={
            "form_token": office.form_token,
            "visits": [f"{refused}:1", f"{second}:1"],
            "reason": "已电话核实",
        },
        headers=HX,
    )

    assert "已通过 1 条。有 1 条没有通过：这条走访刚刚改过" in answer.text
    assert visit_of(town, refused).review == "approved"
    assert visit_of(town, second).review == "waiting"


def test_ticking_nothing_is_said(office):
    answer = office.submit("/office/review/approvals")

    assert answer.status_code == 422
    assert "请填写“要通过的走访”" in answer.text


@pytest.mark.parametrize("visit", ["00000000-0000-7000-8000-000000000009", "nonsense"])
def test_an_unknown_visit_is_not_found(office, visit):
    assert decide(office, visit, "approvals").status_code == 404
    assert office.get(f"/office/visits/{visit}").status_code == 404


def test_a_filter_shows_its_questions_only(town, office, refused):
    record(town, "worker1", "liang", result="moved_out")

    text = office.get("/office/review?show=moved").text

    assert "迁出，等办公室确认" in text
    assert "拒访，之后先打电话" not in text


@pytest.mark.parametrize("username", ["worker1", "leader1", "street", "admin"])
def test_only_the_office_decides(town, refused, username):
    answer = decide(town[username], refused, "approvals")

    assert answer.status_code == 403
    assert visit_of(town, refused).review == "waiting"
    assert town.audit("denied")[-1]["person_id"] == town.person(username)


def test_a_write_from_a_page_that_is_not_ours_is_refused(town, office, refused):
    without = office.post(f"/office/review/{refused}/approvals", data={"base": 1})
    foreign = office.post(
        f"/office/review/{refused}/approvals",
        data={"base": 1, "form_token": office.form_token},
        headers={"Sec-Fetch-Site": "cross-site"},
    )

    assert (without.status_code, foreign.status_code) == (403, 403)
    assert visit_of(town, refused).review == "waiting"


def test_looking_at_a_visit_is_written_down_once(town, office, refused):
    office.get(f"/office/review/{refused}")
    office.get(f"/office/review/{refused}")
    town.clock.pass_(minutes=11)
    office.get(f"/office/review/{refused}")

    assert [row["target"] for row in town.audit("view")] == [f"visit:{refused}"] * 2


def test_the_count_on_the_rail_is_what_waits(town, office, refused):
    def waiting():
        with town.store.read() as tx:
            Records(tx, town.community)
            return tx.value("select count(*) from visit where review = 'waiting'")

    record(town, "worker1", "liang", result="refused")

    assert waiting() == 2
    assert "待审<b>2</b>" in office.get("/office").text
    decide(office, refused, "approvals")
    assert "待审<b>1</b>" in office.get("/office").text


def test_answers_are_sent_back_to_be_put_right(town, office):
    person = town.resident("huang")
    asked = {"resident_id": person, "checklist_id": "CK-ELDER", "version": 1}
    said = [{**asked, "answers": {"E04": {"value": ["stroke"]}}}]
    visit_id = record(town, "worker1", "huang", resident_ids=[person], checkups=said)
    page = office.get(f"/office/review/{visit_id}").text

    answer = decide(office, visit_id, "returns", reason="请再核对今天有无不适", field="checkups")

    assert "答出马上要办的" in page and 'value="checkups"' in page
    assert answer.status_code == 200
    visit = visit_of(town, visit_id)
    assert (visit.review, visit.returned_field) == ("returned", "checkups")
