"""待审规则: what the office asks about is its own to set, says why, and judges nothing anew."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from server.intake import Form
from sync import review_rules as rules
from sync.refusals import Refusal
from tests.server.office import kept, record, visit_of

RULES = "/office/review/rules"


def community(town):
    return kept(town, "community", town.community)


def send(who, action="changes", **changed):
    """The form as it stands for a community with the usual rules, and what is changed in it."""
    if action == "resets":
        return who.submit(f"{RULES}/resets", **changed)
    fields = {}
    for code, value in rules.of({"sample": 0}).items():
        rule = rules.BY_CODE[code]
        shown = value or rule.usual
        is_clock = code in ("time.early", "time.late")
        fields[code] = f"{shown // 60:02}:{shown % 60:02}" if is_clock else shown
        fields[f"was_{code}"] = value
        if value and not rule.least:
            fields[f"on_{code}"] = "1"
    fields |= changed
    return who.submit(f"{RULES}/changes", **{k: v for k, v in fields.items() if v is not None})


def test_every_rule_says_what_it_asks_and_why(office):
    text = office.get(RULES).text

    for said in ("马上要办的", "敲门太晚", "一小时户数很多", "平常的走访也看几条"):
        assert said.replace("一小时户数", "一小时里户数") in text
    assert 'value="20:30"' in text and "不算谁的错" in text


def test_a_rule_turned_off_asks_no_more_and_judges_nothing_anew(town, office):
    before = record(town, "worker1", "huang", result="refused")

    answer = send(office, **{"on_result.refused": None})
    after = record(town, "worker1", "liang", result="refused")

    assert answer.status_code == 200 and "拒访 问→不问" in answer.text
    assert visit_of(town, before).review == "waiting"
    assert (visit_of(town, after).review, visit_of(town, after).questions) == ("none", [])


def test_a_later_hour_is_asked_about_from_then_on(town, office):
    send(office, **{"time.late": "22:00"})
    assert community(town).review_rules["time.late"] == 22 * 60
    send(office, **{"time.late": "18:00", "was_time.late": 22 * 60})
    assert community(town).review_rules["time.late"] == 18 * 60


def test_a_change_is_in_the_trail_with_what_it_was(town, office):
    send(office, **{"pace.doors": 40, "on_flag.amber": None})

    (row,) = town.audit("review.rules")
    assert row["person_id"] == town.person("office1")
    assert "一小时里户数很多 25 户→40 户" in row["detail"]
    assert "黄色的 问→不问" in row["detail"]
    assert "25 户→40 户" in office.get(RULES).text


def test_rules_go_back_to_what_they_usually_are(town, office):
    send(office, **{"pace.doors": 40})

    answer = send(office, "resets")

    assert answer.status_code == 200
    assert community(town).review_rules == {}
    assert send(office, "resets").status_code == 422


def test_one_rule_goes_back_alone(town, office):
    send(office, **{"pace.doors": 40})

    send(office, "resets", code="pace.doors")

    assert community(town).review_rules == {"sample": 0}


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"pace.doors": "0"}, "一小时里户数很多"),
        ({"pace.doors": "x"}, "一小时里户数很多"),
        ({"time.late": "25:00"}, "敲门太晚"),
        ({"time.late": "04:00"}, "没有“time.late 240”这样的取值"),
        ({"time.ahead": "100000"}, "手机时间快了"),
    ],
)
def test_a_number_that_no_rule_can_have_is_refused(town, office, changed, said):
    answer = send(office, **changed)

    assert answer.status_code == 422
    assert said in answer.text
    assert community(town).review_rules == {"sample": 0}


def test_what_cannot_wait_is_always_asked_about(town, office):
    send(office, **{"on_flag.now": None, "pace.doors": 40})

    assert community(town).review_rules == {"sample": 0, "pace.doors": 40}
    with pytest.raises(Refusal, match=r"review\.rule_misfit"):
        town.submit("office1", "community.change", {"changes": {"review_rules": {"flag.now": 0}}})


def test_the_same_change_twice_changes_nothing(town, office):
    send(office, **{"pace.doors": 40})

    again = send(office, **{"was_pace.doors": 40, "pace.doors": 40})

    assert again.status_code == 422 and "没有要改的内容" in again.text
    assert len(town.audit("review.rules")) == 1


def test_two_who_change_different_rules_both_keep_theirs(town, office):
    send(office, **{"pace.doors": 40})

    send(office, **{"time.old": 60})

    assert community(town).review_rules == {"sample": 0, "pace.doors": 40, "time.old": 60}


@pytest.mark.parametrize("username", ["worker1", "leader1", "street", "admin"])
def test_only_the_office_sets_them(town, username):
    assert send(town[username], **{"pace.doors": 40}).status_code == 403
    assert town[username].get(RULES).status_code == 403
    assert community(town).review_rules == {"sample": 0}


def test_ordinary_visits_are_sampled_and_their_author_is_not_told(town, office, worker):
    send(office, on_sample="1", sample="100")

    visit = record(town, "worker1", "huang")

    assert (visit_of(town, visit).review, visit_of(town, visit).questions) == (
        "waiting",
        ["sample"],
    )
    text = office.get("/office/review").text
    assert "抽查，没有疑问" in text
    changes = worker.post("/sync", json={"ops": []}).json()["changes"]
    (told,) = [one["record"] for one in changes if one["id"] == visit]
    assert (told["review"], told["questions"]) == ("none", [])


def test_a_sample_is_no_question_in_the_numbers(town, office):
    send(office, on_sample="1", sample="100")
    record(town, "worker1", "huang")

    assert "要办公室看的 0 条" in office.get("/office/numbers").text


def test_a_sample_that_is_sent_back_counts_as_nobody_s_fault(town, office):
    asked = record(town, "worker1", "liang", result="refused")
    send(office, on_sample="1", sample="100")
    sampled = record(town, "worker1", "huang")
    for visit in (asked, sampled):
        back = {"id": visit, "reason": "请补一句", "field": "note"}
        town.submit("office1", "review.return", back, 1)
    town.submit("worker1", "visit.correct", {"id": sampled, "changes": {"note": "都好"}}, 2)

    assert "要办公室看的 1 条，退回 1 次" in office.get("/office/numbers").text
    listed = office.get("/office/numbers/records?show=returned").text
    assert asked in listed and sampled not in listed


def test_phones_are_not_told_the_rules(town, office, worker):
    send(office, **{"pace.doors": 40})

    changes = worker.post("/sync", json={"ops": []}).json()["changes"]
    (told,) = [one["record"] for one in changes if one["kind"] == "community"]
    assert told["review_rules"] == {}


def test_two_who_change_one_rule_see_both_values(town, office):
    send(office, **{"pace.doors": 40})

    answer = send(office, **{"pace.doors": 30})

    assert answer.status_code == 409
    assert "40 户" in answer.text and "30 户" in answer.text
    assert community(town).review_rules["pace.doors"] == 40
    assert send(office, **{"pace.doors": 40, "time.old": 9}).status_code == 200


def ruled(doors):
    return {"changes": {"review_rules": {"pace.doors": doors}}}


def test_rules_made_from_older_ones_are_not_taken(town):
    by = (town.community, town.person("office1"), "page")
    base = community(town).version
    town.intake.submit(Form(*by, "community.change", ruled(40), base))

    with pytest.raises(Refusal, match=r"review\.rules_changed"):
        town.intake.submit(Form(*by, "community.change", ruled(30), base))

    assert community(town).review_rules == {"pace.doors": 40}


def test_what_a_colleague_set_since_is_not_set_back_unseen(town, office):
    send(office, **{"pace.doors": 40})
    drawn = {"was_pace.doors": 40, "was_time.old": 30}
    send(town["secretary"], **{"time.old": 9})

    answer = send(office, "resets", **drawn)

    assert answer.status_code == 409
    assert "“补记很久以前”刚刚由何书记改成9 天，您填的是30 天" in answer.text
    assert community(town).review_rules["time.old"] == 9
    assert 'name="was_time.old" value="9"' in office.get(RULES).text
    send(office, "resets", **drawn | {"was_time.old": 9})
    assert "time.old" not in community(town).review_rules


def test_colleagues_in_the_same_instant_both_keep_their_rule(town, office):
    """Each form is drawn first; whoever is second is worked out anew."""
    with ThreadPoolExecutor(2) as pool:
        sent = [
            pool.submit(send, office, **{"pace.doors": 40}),
            pool.submit(send, office, **{"time.old": 9}),
        ]
        assert [one.result().status_code for one in sent] == [200, 200]

    found = community(town).review_rules
    assert (found["pace.doors"], found["time.old"]) == (40, 9)
