"""议事: hard issues make the agenda; what is decided goes back into each and into the minutes."""

import io
import re

import pytest
from openpyxl import load_workbook

from server import emptied, forgetting
from server.store import meetings
from tests.server.office import kept, rows_of
from tests.server.test_office_issues import raised
from tests.server.town import COMMUNITY, SECRET

URL = "/office/meetings"
FRIDAY = "2026-09-18"


def hard(town, **more):
    issue = raised(town, **more)
    town.submit("office1", "issue.change", {"id": issue, "changes": {"hard": 1}}, 1)
    return issue


def meet(who, kind="friday", on=FRIDAY, **more):
    """A meeting that is begun; where its page is."""
    people = {"chair": "何书记", "present": "两委、物业经理", **more}
    return who.submit(URL, kind=kind, held_on=on, **people).url.path


def decide(who, url, issue, decision="先装一盏临时灯", **more):
    return who.submit(f"{url}/decisions", issue=issue, decision=decision, **more)


@pytest.fixture
def lamp(town):
    return hard(town)


def test_only_open_hard_issues_are_on_the_agenda(town, office, lamp):
    raised(town, text="井盖松了")
    cancelled = hard(town, text="树挡住了窗")
    town.submit("office1", "issue.step", {"id": cancelled, "step": "cancel", "words": "已砍"})

    text = office.get(URL).text

    assert "1 件要议" in text and "路灯不亮" in text
    assert "井盖松了" not in text and "树挡住了窗" not in text
    assert f'value="{FRIDAY}"' in text, "the Friday that comes"


def test_what_is_decided_goes_into_the_issue_with_who_and_by_when(town, office, lamp):
    worker, url = town.person("worker1"), meet(office)

    answer = decide(office, url, lamp, holder_id=worker, due_on="2026-10-30")

    issue = kept(town, "issue", lamp)
    said = "周五议事日（9月18日）定：先装一盏临时灯，由周晓岚办，10月30日前办好。"
    assert (issue.state, issue.holder_name) == ("assigned", "周晓岚")
    assert said in [one["words"] for one in issue.entries]
    assert issue.close_due.startswith("2026-10-30") and issue.extended == 1
    assert "先装一盏临时灯" in answer.text and "10月30日前" in answer.text
    (report,) = [one for one in town["worker1"].post("/sync", json={"ops": []}).json()["changes"]
                 if one["kind"] == "report" and one["id"] == lamp]  # fmt: skip
    assert said in [one["words"] for one in report["record"]["entries"]]


@pytest.mark.parametrize(("rest", "goes_on"), [("suspend", "resume"), ("return", "resubmit")])
def test_what_rests_goes_on_when_somebody_is_to_do_it(town, office, lamp, rest, goes_on):
    said = {"id": lamp, "step": rest, "words": "等配件"}
    town.submit("office1", "issue.step", said)
    url = meet(office)

    decide(office, url, lamp, "先等配件")
    assert [one["what"] for one in kept(town, "issue", lamp).entries] == [rest, "note"]
    decide(office, url, lamp, holder_id=town.person("worker1"))

    issue = kept(town, "issue", lamp)
    assert [one["what"] for one in issue.entries][2:] == [goes_on, "assign"]
    assert (issue.state, issue.side, issue.holder_name) == ("assigned", "", "周晓岚")


def test_a_decision_sent_twice_is_one_and_one_said_anew_takes_its_place(town, office, lamp):
    url, form_id = meet(office), "01a20977-27f4-7315-acef-728c8ca3d0ad"
    decide(office, url, lamp, form_id=form_id)
    decide(office, url, lamp, form_id=form_id)
    assert len(kept(town, "issue", lamp).entries) == 1

    decide(office, url, lamp, "换整根灯杆。")

    (item,) = rows_of(town, "meeting_item")
    assert (item["decision"], item["holder_name"], item["due_on"]) == ("换整根灯杆", "", "")
    assert len(kept(town, "issue", lamp).entries) == 2


def test_a_community_puts_a_day_off_once(town, office, lamp):
    first, second = meet(office), meet(office, "monthly")
    decide(office, first, lamp, due_on="2026-10-30")
    decide(office, second, lamp, due_on="2026-12-30")

    issue = kept(town, "issue", lamp)
    assert issue.extended == 1 and issue.close_due.startswith("2026-10-30")
    assert "12月30日前办好" in issue.entries[-1]["words"]


def test_the_next_meeting_sees_what_the_last_one_decided_and_that_it_is_past(town, office, lamp):
    url = meet(office)
    decide(office, url, lamp, due_on="2026-09-22")
    office.submit(f"{url}/closings")
    town.clock.pass_(days=10)

    text = town["office1"].get(URL).text

    assert "定过：先装一盏临时灯" in text and "已过" in text


def test_minutes_are_closed_with_what_was_left(town, office, lamp):
    wish = hard(town, category="suggestion", text="想多几个车位")
    url = meet(office)
    decide(office, url, lamp)
    office.submit(f"{url}/changes", chair="何书记", was_chair="何书记", present="全体",
                  was_present="两委、物业经理", note="下次请物业来", was_note="")  # fmt: skip
    closed = office.submit(f"{url}/closings")
    later = hard(town, text="后来才报的")

    assert "已散会" in closed.text and "还没定" not in closed.text
    paper = office.get(f"{url}/minutes").text
    assert "先装一盏临时灯" in paper and "想多几个车位" in paper and "没有定" in paper
    assert "全体" in paper and "下次请物业来" in paper and "后来才报的" not in paper
    assert decide(office, url, wish).status_code == 409
    assert len(kept(town, "issue", wish).entries) == 0
    assert office.submit(f"{url}/changes", note="改", was_note="x").status_code == 409
    assert later in office.get(URL).text and wish in office.get(URL).text


def test_the_workbook_masks_residents(town, office):
    issue = hard(town, text="黄秀珍说楼道灯不亮")
    url = meet(office)
    decide(office, url, issue, holder_id=town.person("worker1"), due_on="2026-10-30")

    book = load_workbook(io.BytesIO(office.get(f"{url}/minutes.xlsx").content))

    cells = [str(cell.value) for row in book["纪要"].iter_rows() for cell in row]
    assert "先装一盏临时灯" in cells and "2026-10-30" in cells and "周晓岚" in cells
    assert not [one for one in cells if "黄秀珍" in one]
    people = [str(cell.value) for row in book["会议"].iter_rows() for cell in row]
    assert {"周五议事日", FRIDAY, "何书记", "两委、物业经理"} <= set(people)
    (taken,) = [row for row in town.audit("export") if row["target"].startswith("meeting:")]
    assert "打码" in taken["detail"]


def test_of_one_kind_there_is_one_meeting_a_day(town, office):
    first = meet(office)

    again = office.submit(URL, kind="friday", held_on=FRIDAY)
    other = office.submit(URL, kind="monthly", held_on=FRIDAY)

    assert again.status_code == 422 and "这一天已经有一次周五议事日" in again.text
    assert other.status_code == 200 and first != other.url.path
    assert len(rows_of(town, "meeting")) == 2


def test_whom_it_cannot_be_given_to_changes_nothing(town, office, lamp):
    url = meet(office)

    answer = decide(office, url, lamp, holder_id=town.person("worker2"))

    assert answer.status_code == 422
    assert kept(town, "issue", lamp).entries == [] and rows_of(town, "meeting_item") == []


@pytest.mark.parametrize("username", ["worker1", "leader1", "street", "admin"])
def test_only_the_office_meets(town, office, lamp, username):
    url = meet(office)

    assert town[username].get(URL).status_code == 403
    assert decide(town[username], url, lamp).status_code == 403
    assert rows_of(town, "meeting_item") == []


def test_what_was_decided_goes_with_the_words_of_the_issue_and_with_the_trail(town, office, lamp):
    url = meet(office)
    decide(office, url, lamp)
    meeting = re.sub(".*/", "", url)
    town.clock.pass_(days=1000)
    forgetting.every_rule(town.intake, COMMUNITY, SECRET)
    with town.store.read() as tx:
        assert meetings.find(tx, COMMUNITY, meeting)

    town.clock.pass_(days=200)
    forgetting.every_rule(town.intake, COMMUNITY, SECRET)

    assert rows_of(town, "meeting") == rows_of(town, "meeting_item") == []


def test_the_minutes_do_not_keep_what_an_issue_lost(town, office, lamp):
    url = meet(office)
    decide(office, url, lamp)

    town.intake.do(COMMUNITY, lambda writing: emptied.issue(writing, lamp))

    assert "临时灯" not in office.get(f"{url}/minutes").text
    assert [one["decision"] for one in rows_of(town, "meeting_item")] == ["…"]
