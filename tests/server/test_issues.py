"""Issues through the one door: streams, what the reporter reads, pictures, raised by themselves."""

from datetime import timedelta

import pytest

from server import jobs
from server.store import check
from server.store.records import all_records
from sync import errands
from sync.followups import flagged_id
from sync.refusals import Refusal
from sync.visits import WINDOW_DAYS
from tests import pictures
from tests.server.spine import visit_data
from tests.server.test_media import bring
from tests.server.test_sync import Phone
from tests.server.town import COMMUNITY, SECRET


@pytest.fixture(autouse=True)
def sound(town):
    yield
    with town.store.read() as tx:
        assert list(check.faults(tx, town.clock.now, SECRET)) == []


def lamp(town, **more):
    said = {"category": "public_facility", "text": "二楼的灯不亮", **more}
    return {"building_id": town.building("hongmian"), **said} if "building_id" not in more else said


def raised(town, by="worker1", **more):
    return town.submit(by, "issue.raise", lamp(town, **more)).id


def step(town, by, issue_id, name, **more):
    data = {"id": issue_id, "step": name, "words": "说一句", **more}
    return town.submit(by, "issue.step", data)


def issues(town):
    with town.store.read() as tx:
        return {one.id: one for one in all_records(tx, COMMUNITY, "issue")}


def held_by(town, username, kind):
    phone = Phone(town, username)
    phone.pull()
    return {name: one for (_, found, name), one in phone.records.items() if found == kind}


def close(town, issue_id):
    step(town, "worker1", issue_id, "done")
    step(town, "office1", issue_id, "check")


def test_it_travels_with_its_building_and_to_nobody_else(town):
    ident = raised(town, household_id=town.household("huang"))
    step(town, "worker1", ident, "start", words="已经叫了电工", inner="这家不好说话")

    for username in ("worker1", "chief", "social1"):
        assert held_by(town, username, "issue")[ident]["entries"][0]["inner"] == "这家不好说话"
    for username in ("worker2", "leader1", "street", "office1"):
        assert ident not in held_by(town, username, "issue"), username
        assert held_by(town, username, "report") == {}, username


def test_who_raised_it_reads_what_was_said_to_them_and_no_more(town):
    ident = raised(town, "leader1")
    step(town, "worker1", ident, "start", words="已经叫了电工", inner="楼长又来催")
    step(town, "worker1", ident, "note", words="", inner="内部的话")

    told = held_by(town, "leader1", "report")[ident]

    assert (told["state"], told["text"], told["is_mine"]) == ("doing", "二楼的灯不亮", 1)
    assert [(one["what"], one["words"]) for one in told["entries"]] == [("start", "已经叫了电工")]
    phone = Phone(town, "leader1")
    phone.pull()
    assert not any(word in str(phone.records) for word in ("催", "内部"))
    close(town, ident)
    assert held_by(town, "leader1", "report")[ident]["state"] == "closed"


def test_what_only_the_staff_said_moves_no_report(town):
    ident = raised(town, "leader1")
    before = held_by(town, "leader1", "report")[ident]["version"]

    step(town, "worker1", ident, "note", words="", inner="内部的话")

    assert held_by(town, "leader1", "report")[ident]["version"] == before


def test_who_joins_is_told_like_who_raised_it(town):
    ident = raised(town)
    town.submit("leader1", "issue.join", {"id": ident, "text": "三楼也不亮"})

    told = held_by(town, "leader1", "report")[ident]

    assert (told["is_mine"], told["text"]) == (0, "三楼也不亮")
    assert issues(town)[ident].joined == [town.person("leader1")]


def test_the_readers_of_a_repeated_one_follow_the_first(town):
    first = raised(town)
    town.clock.pass_(minutes=5)
    second = raised(town, "leader1", text="楼道黑")
    step(town, "office1", second, "duplicate", duplicate_of=first)
    town.clock.pass_(minutes=5)

    close(town, first)

    told = held_by(town, "leader1", "report")[second]
    assert (told["state"], told["text"]) == ("closed", "楼道黑")
    assert [one["what"] for one in told["entries"]][-2:] == ["done", "check"]


def test_a_step_that_moves_nothing_is_kept_and_its_doer_hears_why(town):
    ident = raised(town)
    close(town, ident)
    phone = Phone(town, "worker1")
    late = phone.operation("issue.step", {"id": ident, "step": "negotiate"})

    told = phone.sync(late)

    assert told["receipts"][0]["outcome"] == "accepted"
    entry = issues(town)[ident].entries[-1]
    assert (entry["id"], entry["moved"], entry["why"]) == (late["id"], 0, "state")
    phone.pull()
    (notice,) = [one for (_, kind, _), one in phone.records.items() if kind == "notice"]
    assert (notice["id"], notice["outcome"], notice["state"]) == (late["id"], "unmoved", "told")
    assert "已办结" in notice["message"]


def test_a_step_that_came_too_late_for_another_takes_its_place_and_says_so(town):
    """The worker negotiated before the office closed it, and was without a network until now."""
    ident = raised(town)
    phone = Phone(town, "worker1")
    step(town, "chief", ident, "done")
    early = phone.operation("issue.step", {"id": ident, "step": "reject", "words": "没修好"})
    town.clock.pass_(minutes=30)
    step(town, "office1", ident, "check")
    assert issues(town)[ident].state == "closed"

    refused = phone.sync(early)
    assert refused["receipts"][0]["outcome"] == "quarantined"  # no worker checks
    again = Phone(town, "chief")
    again.n = 5
    late = again.operation("issue.step", early["data"])
    late["at"] = early["at"]
    again.sync(late)

    now = issues(town)[ident]
    assert (now.state, now.ended_at) == ("in_progress", "")
    notices = held_by(town, "office1", "notice")
    check_id = next(one["id"] for one in now.entries if one["what"] == "check")
    assert notices[check_id]["code"] == "issue.step_state"


def test_the_same_report_three_times_with_a_picture_that_comes_a_day_later(town, worker):
    one, other = pictures.jpeg(seed=1), pictures.jpeg(seed=2)
    phone = Phone(town, "worker1")
    data = lamp(town, media=[pictures.said_of(one), pictures.said_of(other)])
    report = phone.operation("issue.raise", data)

    bring(worker, one)
    outcomes = [phone.sync(report)["receipts"][0]["outcome"] for _ in range(2)]
    outcomes += [found["outcome"] for found in phone.sync(report, report)["receipts"]]
    assert [each["arrived"] for each in issues(town)[report["id"]].media] == [1, 0]
    town.clock.pass_(days=1)
    bring(worker, other)

    assert outcomes == ["accepted", "duplicate", "duplicate", "duplicate"]
    (found,) = issues(town).values()
    assert [each["arrived"] for each in found.media] == [1, 1]
    assert [each["sha256"] for each in found.media] == [
        pictures.name_of(one),
        pictures.name_of(other),
    ]
    told = held_by(town, "worker1", "report")[found.id]
    assert [each["arrived"] for each in told["media"]] == [1, 1]


def test_a_picture_is_seen_where_the_issue_is_and_by_who_brought_it(town):
    photo = pictures.jpeg()
    url = f"/media/{pictures.name_of(photo)}"
    assert bring(town["leader1"], photo).status_code == 200
    raised(town, "leader1", media=[pictures.said_of(photo)])

    seen = {one: town[one].get(url).status_code for one in ("leader1", "worker1", "office1")}
    refused = {one: town[one].get(url).status_code for one in ("worker2", "street")}

    assert set(seen.values()) == {200}
    assert set(refused.values()) == {403}
    town.clock.pass_(days=40)
    jobs.every_night(town.intake, SECRET)
    assert town["worker1"].get(url).status_code == 200


def asked(town, **answers):
    values = {name: {"value": value} for name, value in answers.items()}
    checkup = {"checklist_id": "CK-ELDER", "version": 1, "consent": "yes"}
    checkup |= {"resident_id": town.resident("huang"), "consent_method": "oral", "answers": values}
    return {"checkups": [checkup], "resident_ids": [town.resident("huang")]}


def test_a_red_answer_raises_one_however_often_it_is_sent_or_corrected(town):
    phone = Phone(town, "worker1")
    visit = phone.visit(**asked(town, E16=["wire"]))
    for _ in range(3):
        phone.sync(visit)
    (one,) = issues(town).values()
    assert (one.category, one.source, one.item, one.visit_id) == (
        "fire_hazard",
        "checklist",
        "CK-ELDER.E16",
        visit["id"],
    )
    assert one.id == flagged_id(
        flagged_id(visit["id"], town.resident("huang"), "CK-ELDER.E16"), "", "issue"
    )

    def correct(**answers):
        data = {"id": visit["id"], "changes": {"checkups": asked(town, **answers)["checkups"]}}
        town.submit("worker1", "visit.correct", data)
        (found,) = issues(town).values()
        return found

    assert correct(E16=["good"]).side == "cancelled"
    again = correct(E16=["wire"])
    assert (again.id, again.side, again.state) == (one.id, "", "reported")
    town.submit("worker1", "visit.withdraw", {"id": visit["id"]})
    (gone,) = issues(town).values()
    assert gone.side == "cancelled"


def test_an_amber_answer_raises_none_and_a_second_visit_no_second(town):
    phone = Phone(town, "worker1")
    phone.sync(phone.visit(**asked(town, E16=["overload"])))
    assert issues(town) == {}
    phone.sync(phone.visit(**asked(town, E16=["wire"])))
    town.clock.pass_(days=1)
    phone.sync(phone.visit(**asked(town, E16=["wire"])))

    assert len(issues(town)) == 1


def test_what_is_for_the_office_alone_raises_one_that_no_phone_holds(town):
    phone = Phone(town, "worker1")
    phone.sync(phone.visit(**asked(town, E13="suspected")))

    (one,) = issues(town).values()

    assert one.restricted == 1
    for username in ("worker1", "chief", "social1", "leader1"):
        assert held_by(town, username, "issue") == {}
        assert held_by(town, username, "report") == {}


def test_closing_the_followup_says_that_it_is_done(town):
    phone = Phone(town, "worker1")
    phone.sync(phone.visit(**asked(town, E16=["wire"])))
    (one,) = issues(town).values()
    with town.store.read() as tx:
        (followup,) = all_records(tx, COMMUNITY, "followup")

    data = {"id": followup.id, "result": "电工换了线", "note": "孙女在家"}
    town.submit("worker1", "followup.close", data)

    now = issues(town)[one.id]
    assert now.state == "done_pending_check"
    assert (now.entries[-1]["words"], now.entries[-1]["inner"]) == ("电工换了线", "孙女在家")


def test_an_issue_goes_with_its_door_when_doors_are_merged(town):
    home = town.household("huang")
    data = {"building_id": town.building("hongmian"), "unit": "2", "floor": 5, "door_no": "502A"}
    twin = town.submit("office1", "household.add", data).id
    ident = raised(town, household_id=twin)
    town.submit("office1", "household.merge", {"keep": home, "drop": twin})
    assert issues(town)[ident].household_id == home

    under_the_old_name = raised(town, household_id=twin)
    assert issues(town)[under_the_old_name].household_id == home
    town.submit("office1", "household.unmerge", {"id": twin})

    assert {issues(town)[one].household_id for one in (ident, under_the_old_name)} == {twin}


def test_one_that_ended_long_ago_leaves_the_phones(town):
    ident = raised(town, "leader1")
    close(town, ident)
    town.clock.pass_(days=WINDOW_DAYS - 1)
    jobs.every_night(town.intake, SECRET)
    assert ident in held_by(town, "worker1", "issue")
    assert ident in held_by(town, "leader1", "report")

    town.clock.pass_(days=2)
    jobs.every_night(town.intake, SECRET)

    assert held_by(town, "worker1", "issue") == {}
    assert held_by(town, "leader1", "report") == {}
    step(town, "office1", ident, "reopen")
    assert ident in held_by(town, "worker1", "issue")
    assert ident in held_by(town, "leader1", "report")


def test_who_sees_to_one_that_lies_in_no_building_has_it_on_the_phone(town):
    ident = raised(town, "office1", building_id="", source="hotline", source_number="A-7")
    assert held_by(town, "worker2", "issue") == {}

    step(town, "office1", ident, "assign", holder_id=town.person("worker2"))
    assert ident in held_by(town, "worker2", "issue")
    step(town, "worker2", ident, "start")
    step(town, "office1", ident, "assign", holder_id=town.person("worker1"))

    assert held_by(town, "worker2", "issue") == {}
    assert ident in held_by(town, "worker1", "issue")


def test_two_edits_of_one_field_are_in_dispute(town):
    ident = raised(town)
    for username, place in (("office1", "二楼"), ("chief", "三楼")):
        change = {"id": ident, "changes": {"place": place}}
        town.submit(username, "issue.change", change, base=1)

    now = issues(town)[ident]
    assert (now.place, now.disputed) == ("二楼", ["place"])
    with town.store.read() as tx:
        dispute = tx.value("select id from dispute where state = 'open'")
    town.submit("office1", "dispute.decide", {"id": dispute, "value": "三楼"})
    now = issues(town)[ident]
    assert (now.place, now.disputed) == ("三楼", [])


def test_what_ends_it_undone_stands_in_the_trail(town):
    ident = raised(town)
    step(town, "worker1", ident, "start")
    step(town, "office1", ident, "extend", due_on="2026-10-30")
    step(town, "office1", ident, "cancel")

    found = [(one["target"], one["detail"]) for one in town.audit("issue.step")]
    assert found == [(f"issue:{ident}", "extend"), (f"issue:{ident}", "cancel")]


def test_its_words_go_when_their_time_is_over_and_what_was_done_stays(town):
    photo = pictures.jpeg()
    bring(town["worker1"], photo)
    ident = raised(town, media=[pictures.said_of(photo)], household_id=town.household("huang"))
    close(town, ident)
    town.clock.pass_(days=5 * 365 + 2)
    jobs.every_night(town.intake, SECRET)

    now = issues(town)[ident]
    assert (now.text, now.media, now.state) == ("", [], "closed")
    assert [(one["what"], one["words"]) for one in now.entries] == [("done", ""), ("check", "")]
    with town.store.read() as tx:
        text = "\n".join(tx.connection.iterdump())
    assert "二楼的灯不亮" not in text
    assert "说一句" not in text


def test_an_open_one_holds_what_belongs_to_its_door(town):
    visit = visit_data(town.household("huang"), note="都好")
    town.submit("worker1", "visit.record", visit)
    raised(town, household_id=town.household("huang"))
    town.clock.pass_(days=5 * 365 + 2)
    jobs.every_night(town.intake, SECRET)

    with town.store.read() as tx:
        assert tx.value("select note from visit") == "都好"


@pytest.mark.parametrize("days", [1])
def test_a_phone_that_is_wrong_about_the_time_is_put_right(town, days):
    """Its clock is a day ahead: the entry stands when it was made."""
    ident = raised(town)
    phone = Phone(town, "worker1")
    ahead = town.clock.now + timedelta(days=days)
    one = phone.operation("issue.step", {"id": ident, "step": "start"})
    one["at"] = ahead.isoformat()

    phone.sync(one, sent_at=ahead.isoformat())

    assert issues(town)[ident].entries[0]["at"] == issues(town)[ident].reported_at


def test_a_door_with_an_issue_is_not_removed(town):
    data = {"building_id": town.building("hongmian"), "unit": "1", "door_no": "101"}
    empty = town.submit("office1", "household.add", data).id
    raised(town, household_id=empty)

    with pytest.raises(Refusal, match=r"household\.has_work"):
        town.submit("office1", "household.remove", {"id": empty})


def test_an_answer_that_asks_for_an_errand_raises_one_with_its_papers(town):
    """What is ticked differently later changes what is to be got; it is one errand all the time."""
    phone = Phone(town, "worker1")
    visit = phone.visit(**asked(town, E15=["allowance", "insurance"]))
    for _ in range(3):
        phone.sync(visit)
    (one,) = issues(town).values()
    assert (one.category, one.text) == ("policy_service", "代办：医保、高龄津贴")
    assert errands.of(one.entries) == ["insurance", "allowance"]
    assert [each.name for each in errands.papers(one.entries)] == [
        *("身份证", "社保卡", "户口簿", "银行卡")
    ]
    town.submit("worker1", "issue.papers", {"id": one.id, "taken": ["身份证"], "whom": "本人"})

    def correct(*ticked):
        changes = {"checkups": asked(town, E15=list(ticked))["checkups"]}
        town.submit("worker1", "visit.correct", {"id": visit["id"], "changes": changes})
        (found,) = issues(town).values()
        return found

    now = correct("subsistence")
    assert (now.category, now.text, now.close_limit) == ("relief", "代办：低保申请", "7d")
    assert [each.is_here for each in errands.papers(now.entries)] == [1, 0, 0, 0]
    assert correct("none").side == "cancelled"
    assert correct("subsistence").side == ""


def test_who_asks_for_nothing_raises_no_errand(town):
    phone = Phone(town, "worker1")
    phone.sync(phone.visit(**asked(town, E15=["none"])))
    assert issues(town) == {}
