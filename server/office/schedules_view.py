"""定期报表 as it stands on 报表: what is made by itself, and the files that were made."""

from typing import Any

from server import storage
from server.intake import Intake
from server.office import page
from server.office.report_orders import KINDS
from server.reports import nightly, scheduling
from server.reports.catalogue import REPORTS
from server.reports.definition import MONTH, WEEK
from server.store import overview, schedules
from server.store import report_files as rows
from server.store.database import Tx
from server.store.schedules import Schedule
from sync.records import Community

MOST = 20
SHOWN = 30
MOST_PAGES = 1000
PROBLEMS = {
    "place.gone": "原来选的网格或楼栋已经没有了。请在上面点“改”，重新选范围。",
    "export.too_large": "行数太多，一张表装不下。请在上面点“改”，只选一个网格或一栋楼。",
    "unexpected": "没有做成，原因在服务器的记录里。请告诉社区管理员；每小时会自动再试。",
}
WHEN = [(kind, day) for kind in (WEEK, MONTH) for day in scheduling.days_of(kind)]


def view(intake: Intake, tx: Tx, community: Community, number: int, said: str) -> dict[str, Any]:
    """What `_schedules.html` takes beside the desk."""
    home, today = community.id, page.today(intake, community)
    buildings = overview.buildings(tx, home)
    places = {f"grid:{one['grid_name']}": one["grid_name"] for one in buildings}
    places |= {f"building:{one['id']}": one["label"] for one in buildings}
    found = rows.files(tx, home, SHOWN + 1, (number - 1) * SHOWN)
    more = number + (len(found) > SHOWN)
    return {
        "reports": list(REPORTS.values()),
        "grids": list(dict.fromkeys(one["grid_name"] for one in buildings if one["grid_name"])),
        "buildings": buildings,
        "schedules": [_schedule(one, places, today) for one in schedules.current(tx, home)],
        "is_full": int(len(schedules.current(tx, home)) >= MOST),
        "whens": {KINDS[kind]: _whens(kind) for kind in (WEEK, MONTH)},
        "files": [_file(intake, home, one) for one in found[:SHOWN]],
        "pages": {"page": number, "last": more, "path": "/office/reports", "query": ""},
        "said": said,
    }


def title_of(row: dict[str, Any]) -> str:
    """What a file is called."""
    title = REPORTS[row["report"]].title if row["report"] in REPORTS else row["report"]
    return " ".join(filter(None, (title, row["days"], row["place"])))


def _whens(kind: str) -> list[tuple[str, str]]:
    return [(f"{kind}:{day}", scheduling.said(kind, day)) for one, day in WHEN if one == kind]


def _schedule(one: Schedule, places: dict[str, str], today: str) -> dict[str, Any]:
    return {
        "id": one.id,
        "report": one.report,
        "title": REPORTS[one.report].title if one.report in REPORTS else one.report,
        "when": f"{one.kind}:{one.day}",
        "when_said": scheduling.said(one.kind, one.day),
        "span_said": "上一周" if one.kind == WEEK else "上个月",
        "place": one.place,
        "place_said": places.get(one.place, "已经没有的地方") if one.place else "全社区",
        "next_on": scheduling.next_day(one, today),
        "by_name": one.by_name,
        "set_at": one.set_at,
    }


def _file(intake: Intake, community_id: str, row: dict[str, Any]) -> dict[str, Any]:
    path = nightly.path_of(intake, community_id, (row["schedule_id"], row["due_on"]))
    is_there = row["state"] == "done" and path.is_file()
    return {
        **row,
        "title": title_of(row),
        "kb": -(-path.stat().st_size // 1000) if is_there else 0,
        "wrong": "" if row["state"] == "done" else _wrong(row["problem"]),
    }


def _wrong(problem: str) -> str:
    if problem in storage.WHAT:
        return f"{storage.WHAT[problem]}，没有做成。请告诉社区管理员；每小时会自动再试。"
    return PROBLEMS.get(problem, PROBLEMS["unexpected"])
