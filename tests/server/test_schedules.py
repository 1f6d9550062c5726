"""自动做的报表: each is made once for its day by whoever is awake, and it is said when not."""

import re
import subprocess
import sys
from io import BytesIO

import pytest
from openpyxl import load_workbook

from server import forgetting
from server.reports import nightly, scheduling
from server.reports.catalogue import REPORTS
from server.store import check
from server.store.schedules import Schedule
from tests.server.office import record, rows_of
from tests.server.town import COMMUNITY, SECRET

URL = "/office/reports/schedules"


def one(kind, day, since="2026-09-15"):
    return Schedule("id", "ledger", kind, day, "", since, "", "", "")


@pytest.mark.parametrize(
    ("schedule", "today", "due"),
    [
        (one("week", 3), "2026-09-15", []),
        (one("week", 2), "2026-09-15", []),
        (one("week", 3), "2026-09-16", ["2026-09-16"]),
        (one("week", 1), "2026-09-29", ["2026-09-21", "2026-09-28"]),
        (one("month", 1), "2026-11-02", ["2026-10-01", "2026-11-01"]),
        (one("month", 28), "2027-03-01", ["2027-01-28", "2027-02-28"]),
    ],
)
def test_due_days_are_all_since_it_was_set_and_not_older_than_two_months(schedule, today, due):
    assert scheduling.due_days(schedule, today) == due


@pytest.mark.parametrize(
    ("kind", "on", "span"),
    [
        ("week", "2026-09-14", ("2026-09-07", "2026-09-13")),
        ("week", "2026-09-20", ("2026-09-07", "2026-09-13")),
        ("month", "2026-03-05", ("2026-02-01", "2026-02-28")),
        ("month", "2027-01-28", ("2026-12-01", "2026-12-31")),
    ],
)
def test_it_tells_of_the_whole_week_or_month_before(kind, on, span):
    assert scheduling.span_before(kind, on) == span


def test_each_next_day_is_due_when_it_comes():
    for kind in ("week", "month"):
        for day in scheduling.days_of(kind):
            on = scheduling.next_day(one(kind, day), "2026-09-15")
            assert scheduling.due_days(one(kind, day), on) == [on]


@pytest.fixture
def weekly(town, office):
    """The ledger, each Wednesday; a visit in the week before."""
    record(town, "worker1", "huang", resident_ids=[town.resident("huang")], note="黄秀珍都好")
    answer = office.submit(URL, report="ledger", when="week:3", where="")
    assert "每周三，做上一周的" in answer.text, answer.text
    return town


def night_of(town, days):
    """Half past three, so many days later."""
    town.clock.now = town.clock.now.replace(hour=19, minute=30)
    town.clock.pass_(days=days - 1)


def made(town):
    return [
        (row["due_on"], row["state"], row["problem"], row["days"])
        for row in rows_of(town, "report_file")
    ]


def links(browser):
    return re.findall(r'href="(/office/reports/kept/[^"]+)"', browser.get("/office/reports").text)


def test_on_its_day_a_file_is_made_masked_and_can_be_taken(weekly):
    night_of(weekly, 1)
    weekly.clock.pass_(hours=-1)
    assert nightly.make_due(weekly.intake) == 0
    weekly.clock.pass_(hours=1)
    assert nightly.make_due(weekly.intake) == 1
    assert nightly.make_due(weekly.intake) == 0
    night_of(weekly, 8)
    assert nightly.make_due(weekly.intake) == 1

    office = weekly["office1"]
    assert [one for one, *_ in made(weekly)] == ["2026-09-16", "2026-09-23"]
    newest, first = links(office)
    answer = office.get(newest)
    mark, heads, *lines = load_workbook(BytesIO(answer.content)).active.iter_rows(values_only=True)
    assert "2026-09-14 至 2026-09-20" in mark[0] and "麦咏诗（office1）定的" in mark[0]
    assert "姓名、电话已打码" in mark[0]
    assert [line[heads.index("姓名")] for line in lines] == ["黄**"]
    assert not [cell for line in lines for cell in line if "黄秀珍" in str(cell)]
    assert len(list(load_workbook(BytesIO(office.get(first).content)).active.iter_rows())) == 2
    assert "KB" in office.get("/office/reports").text


def test_the_trail_tells_who_set_it_that_it_ran_and_who_took_it(weekly):
    night_of(weekly, 8)
    nightly.make_due(weekly.intake)
    weekly["secretary"].get(links(weekly["office1"])[0])

    (was_set,), (ran, _) = weekly.audit("report.schedule"), weekly.audit("report.made")
    assert (was_set["target"], was_set["detail"]) == ("ledger", "每周三")
    assert (ran["person_id"], ran["target"], ran["outcome"]) == ("", "ledger", "done")
    (took,) = weekly.audit("export")
    assert took["person_id"] == weekly.person("secretary") and "定期报表" in took["detail"]
    page = weekly["office1"].get("/office/audit").text
    title = REPORTS["ledger"].title
    assert f"自动做报表“{title}”" in page and f"定了自动做报表“{title}”" in page
    with weekly.store.read() as tx:
        assert list(check.faults(tx, weekly.clock.now, SECRET)) == []


def test_nights_that_were_missed_are_caught_up(weekly):
    night_of(weekly, 23)

    assert nightly.make_due(weekly.intake) == 4
    assert [one for one, *_ in made(weekly)] == [
        *("2026-09-16", "2026-09-23", "2026-09-30", "2026-10-07"),
    ]


def test_a_restarted_server_takes_up_what_a_killed_one_had_begun(weekly):
    night_of(weekly, 1)
    with weekly.store.write() as tx:
        tx.run(
            "insert into report_file (community_id, schedule_id, due_on, report, at, claimed_until)"
            " select community_id, id, '2026-09-16', report, '2026-09-15T19:10:00.000Z',"
            " '2026-09-15T19:40:00.000Z' from report_schedule"
        )
    assert nightly.make_due(weekly.intake) == 0
    weekly.clock.pass_(hours=1)

    assert nightly.make_due(weekly.intake) == 1
    assert [state for _, state, *_ in made(weekly)] == ["done"]


def test_two_servers_make_each_file_once(weekly):
    night_of(weekly, 23)
    run = [sys.executable, "-c", MAKES, str(weekly.store.path), weekly.clock.now.isoformat()]
    servers = [subprocess.Popen(run, stdout=subprocess.PIPE, text=True) for _ in range(2)]
    counts = [int(one.communicate()[0]) for one in servers]

    assert sum(counts) == 4 and len(made(weekly)) == 4
    assert len(weekly.audit("report.made")) == 4


MAKES = """
import sys
from datetime import datetime
from pathlib import Path
from server.intake import Intake
from server.reports import nightly
from server.store.database import Store

store = Store(Path(sys.argv[1]))
intake = Intake(store, lambda: datetime.fromisoformat(sys.argv[2]))
print(nightly.make_due(intake))
intake.stop()
store.close()
"""
FULL_DISK = """
import resource
from server.reports import nightly

keep, infinity = nightly.files.keep, resource.RLIM_INFINITY

def keep_on_a_full_disk(path, data):
    resource.setrlimit(resource.RLIMIT_FSIZE, (1024, infinity))
    try:
        keep(path, data)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (infinity, infinity))

nightly.files.keep = keep_on_a_full_disk
"""


def test_a_full_disk_is_said_and_tried_again(weekly):
    """A process whose files may not grow: the kernel refuses as it does on a full disk."""
    night_of(weekly, 1)
    at = weekly.clock.now.isoformat()
    run = [sys.executable, "-c", FULL_DISK + MAKES, str(weekly.store.path), at]
    told = subprocess.run(run, capture_output=True, text=True, check=True)

    assert told.stdout == "0\n"
    assert made(weekly) == [("2026-09-16", "failed", "full", "2026-09-07 至 2026-09-13")]
    page = weekly["office1"].get("/office/reports").text
    assert "服务器的磁盘满了，没有做成。请告诉社区管理员；每小时会自动再试。" in page
    folder = weekly.store.path.parent / nightly.FOLDER
    assert not [path for path in folder.rglob("*") if path.is_file()]
    weekly.clock.pass_(hours=1)
    assert nightly.make_due(weekly.intake) == 1
    assert "没做成" not in weekly["office1"].get("/office/reports").text
    assert [one["outcome"] for one in weekly.audit("report.made")] == ["failed", "done"]


def test_one_that_cannot_be_made_leaves_the_others(weekly, office):
    grid = "grid:第二网格"
    office.submit(URL, report="diary", when="week:3", where=grid)
    with weekly.store.write() as tx:
        tx.run("update building set grid_name = '第三网格' where grid_name = '第二网格'")
    night_of(weekly, 1)

    assert nightly.make_due(weekly.intake) == 1
    weekly.clock.pass_(hours=1)
    assert nightly.make_due(weekly.intake) == 0

    assert sorted(problem for _, _, problem, _ in made(weekly)) == ["", "place.gone"]
    page = weekly["office1"].get("/office/reports").text
    assert "原来选的网格或楼栋已经没有了" in page
    assert len(weekly.audit("report.made")) == 2


def test_it_can_be_changed_and_stopped(weekly, office):
    (row,) = rows_of(weekly, "report_schedule")
    change = {"report": "months", "when": "month:5", "where": "grid:第一网格"}
    answer = office.submit(f"{URL}/{row['id']}/changes", **change)
    assert "每月 5 号，做上个月的" in answer.text and "第一网格" in answer.text
    assert office.submit(f"{URL}/{row['id']}/changes", **change).status_code == 422
    night_of(weekly, 30)
    assert nightly.make_due(weekly.intake) == 1
    assert made(weekly)[0][3] == "2026-09-01 至 2026-09-30"

    office = weekly["office1"]
    office.headers["HX-Request"] = "true"
    assert "停了，不再自动做" in office.submit(f"{URL}/{row['id']}/ends").text
    assert "已经停了" in office.submit(f"{URL}/{row['id']}/ends").text
    weekly.clock.pass_(days=60)
    assert nightly.make_due(weekly.intake) == 0
    assert len(links(weekly["office1"])) == 1
    assert len(weekly.audit("report.unschedule")) == 1


def test_the_same_form_twice_is_one(town, office):
    form = "00000000-0000-7000-8000-000000000001"
    for _ in range(2):
        office.submit(URL, report="months", when="month:1", where="", form_id=form)

    assert len(rows_of(town, "report_schedule")) == len(town.audit("report.schedule")) == 1


@pytest.mark.parametrize(
    "wrong",
    [
        {"report": "months", "when": "week:1"},
        {"when": "month:29"},
        {"when": "day:1"},
        {"report": "none"},
        {"where": "grid:无"},
    ],
)
def test_what_cannot_be_made_is_not_taken(town, office, wrong):
    answer = office.submit(URL, **{"report": "ledger", "when": "week:1", "where": "", **wrong})

    assert answer.status_code in (404, 422)
    assert rows_of(town, "report_schedule") == []


def test_there_is_an_end_to_it(town, office):
    for number in range(20):
        office.submit(URL, report="months", when=f"month:{number + 1}", where="")

    assert "先停掉不用的才能再加" in office.get("/office/reports").text
    assert office.submit(URL, report="months", when="month:28", where="").status_code == 422
    assert len(rows_of(town, "report_schedule")) == 20


def test_files_go_when_their_time_is_over_and_so_do_strangers(weekly):
    night_of(weekly, 1)
    nightly.make_due(weekly.intake)
    folder = weekly.store.path.parent / nightly.FOLDER / COMMUNITY
    (kept,) = folder.iterdir()
    (folder / "of-another-database.xlsx").write_bytes(b"names")
    (link,) = links(weekly["office1"])
    forgetting.every_rule(weekly.intake, COMMUNITY, SECRET)
    assert list(folder.iterdir()) == [kept]
    weekly.clock.pass_(days=366)

    went = forgetting.every_rule(weekly.intake, COMMUNITY, SECRET)

    assert went["reports"] == {"reports": 1}
    assert not kept.exists() and made(weekly)[0][1] == "gone"
    assert weekly["office1"].get(link).status_code == 404
    assert not links(weekly["office1"])


def test_a_file_that_was_lost_is_said_and_made_again(weekly):
    night_of(weekly, 1)
    nightly.make_due(weekly.intake)
    (link,) = links(weekly["office1"])
    (kept,) = (weekly.store.path.parent / nightly.FOLDER / COMMUNITY).iterdir()
    kept.unlink()
    assert "这份文件不在服务器上了" in weekly["office1"].get(link).text
    assert "文件不在了" in weekly["office1"].get("/office/reports").text

    assert nightly.make_due(weekly.intake) == 1
    assert kept.is_file() and kept.stat().st_mode & 0o077 == 0


def test_nobody_else_may_take_or_set_them(weekly):
    night_of(weekly, 1)
    nightly.make_due(weekly.intake)
    (link,) = links(weekly["office1"])

    for username in ("worker1", "chief", "social1", "leader1", "street", "admin"):
        assert weekly[username].get(link).status_code == 403
        answer = weekly[username].submit(URL, report="ledger", when="week:1", where="")
        assert answer.status_code == 403
    strange = link.rpartition("/")[0] + "/..%2f..%2fjinlin.db"
    assert weekly["office1"].get(strange).status_code == 404


def test_every_report_can_be_made_by_itself(town, office):
    for code, report in REPORTS.items():
        office.submit(URL, report=code, when=f"{report.kinds[-1]}:1", where="")
    night_of(town, 30)

    assert nightly.make_due(town.intake) == len(REPORTS)
    assert {problem for _, _, problem, _ in made(town)} == {""}
