"""Whose issue is nearly late, or late, hears of it: on the phone, on the list, each once.

Tuesday 15 September 2026, 9:30 in Shanghai; worker1 and the chief look after hongmian.
"""

from datetime import datetime

import pytest

from server import issue_reminders
from server.store import check
from sync import days
from tests.server.office import kept
from tests.server.test_issues import held_by, raised, step
from tests.server.town import SECRET


@pytest.fixture(autouse=True)
def sound(town):
    yield
    with town.store.read() as tx:
        assert list(check.faults(tx, town.clock.now, SECRET)) == []


def look(town, at):
    """What the server does by itself at this moment of the clock in Shanghai; how much it said."""
    town.clock.now = datetime.fromisoformat(f"{at}:00+08:00")
    return issue_reminders.tell_due(town.intake)


def told(town, username):
    found = held_by(town, username, "notice").values()
    return [(one["state"], one["message"]) for one in found if one["outcome"] == "reminder"]


def stages(town, issue_id):
    issue = kept(town, "issue", issue_id)
    return [(one["stage"], [each["name"] for each in one["to"]]) for one in issue.entries]


def test_it_climbs_from_the_worker_to_the_secretary_and_each_hears_once(town, office):
    ident = raised(town, place="二楼")

    assert look(town, "2026-09-16T08:59") == 0
    assert look(town, "2026-09-16T09:00") == 1
    assert told(town, "worker1") == [
        ("told", "事件快到期：“二楼的灯不亮”（红棉苑 3栋 二楼），9月16日 18:00 前要处理。")
    ]
    assert told(town, "chief") == told(town, "worker2") == []
    assert look(town, "2026-09-16T09:01") == 0, "said once"

    assert look(town, "2026-09-16T18:00") == 1
    late = "事件超期：“二楼的灯不亮”（红棉苑 3栋 二楼），该在 9月16日 18:00 前处理。"
    assert told(town, "worker1") == told(town, "chief") == [("told", late)]

    assert look(town, "2026-09-17T18:00") == 1
    assert told(town, "chief") == [("told", f"{late}已报到社区办公室。")]
    assert "已报办公室" in office.get("/office/issues").text
    assert look(town, "2026-09-18T18:00") == 1
    assert told(town, "worker1") == [("told", f"{late}已报到书记。")]
    assert "已报书记" in office.get("/office/issues/columns").text
    assert [name for name, _ in stages(town, ident)] == ["holder", "chief", "office", "secretary"]
    assert "到期提醒" in office.get(f"/office/issues/{ident}").text
    assert told(town, "worker2") == told(town, "leader1") == []


def test_once_somebody_sees_to_it_the_line_goes_from_all_phones(town):
    ident = raised(town)
    look(town, "2026-09-16T18:00")
    assert [state for state, _ in told(town, "chief")] == ["told"]

    step(town, "worker1", ident, "start")

    assert told(town, "worker1") == told(town, "chief") == [("done", "")]
    assert kept(town, "issue", ident).climbed == ""


def test_a_server_that_starts_again_says_nothing_twice(town):
    ident = raised(town)
    assert look(town, "2026-09-17T19:00") == 3
    before = kept(town, "issue", ident)

    for _ in range(3):
        assert look(town, "2026-09-17T19:01") == 0

    assert kept(town, "issue", ident) == before
    assert before.version == 2


def test_whoever_has_it_in_hand_is_told_and_what_rests_is_quiet(town):
    ident = raised(town)
    step(town, "office1", ident, "assign", holder_id=town.person("social1"))
    step(town, "office1", ident, "suspend")
    assert look(town, "2026-10-20T10:00") == 0

    town.clock.now = datetime.fromisoformat("2026-10-20T10:00:00+08:00")
    step(town, "office1", ident, "resume")
    due = kept(town, "issue", ident).close_due
    look(town, days.local(due, "Asia/Shanghai"))

    assert [state for state, _ in told(town, "social1")] == ["told"]
    assert told(town, "worker1") == []


def test_what_is_done_waits_for_the_chief_who_checks(town):
    ident = raised(town, category="utility_fault")
    step(town, "worker1", ident, "done")

    look(town, "2026-09-16T09:29")

    assert told(town, "worker1") == []
    ((state, said),) = told(town, "chief")
    assert state == "told" and said.endswith("前要核查。")


def test_of_what_is_for_the_office_alone_no_phone_hears(town):
    ident = raised(town, building_id="")

    look(town, "2026-09-25T18:00")

    assert {one for one, to in stages(town, ident) if not to} == {
        "holder",
        "chief",
        "office",
        "secretary",
    }
    for username in ("worker1", "chief", "worker2"):
        assert told(town, username) == []


def test_reporters_hear_nothing_of_it(town):
    ident = raised(town, "leader1")
    look(town, "2026-09-18T18:00")

    assert held_by(town, "leader1", "report")[ident]["entries"] == []
