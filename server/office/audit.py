"""日志: who did or tried what. Nobody can change it."""

from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from litestar import get
from litestar.di import NamedDependency
from litestar.params import FromQuery
from litestar.response import Template

from server.intake import Intake
from server.office import page
from server.office.page import GUARDS, Asking
from server.office.person import PEOPLE
from server.reports.catalogue import REPORTS
from server.store import audit, team
from sync.operations import stamp
from sync.scope import OFFICE

PAGE = 100
PAGES = {
    "household": ("住户", "households"),
    "resident": ("居民", "residents"),
    "visit": ("走访", "visits"),
    "building": ("楼栋", "buildings"),
}
MAX_TEXT = 100


@get("/office/audit", guards=GUARDS, opt=PEOPLE, sync_to_thread=True)
def show_audit(
    request: Asking,
    intake: NamedDependency[Intake],
    who: FromQuery[str] = "",
    action: FromQuery[str] = "",
    on: FromQuery[str] = "",
    before: FromQuery[str] = "",
) -> Template:
    """The trail, latest first, filtered by person, action and day."""
    community_id = request.user.community_id
    with intake.store.read() as tx:
        since, until = _day(on, page.community_of(tx, community_id).timezone)
        wanted = {
            "person": who[:MAX_TEXT],
            "action": action[:MAX_TEXT],
            "since": since,
            "until": until,
            "before": before[:MAX_TEXT],
        }
        found = audit.trail(tx, community_id, wanted, PAGE + 1)
        actions = audit.actions(tx, community_id)
        people = [(one.id, one.name) for one in team.everybody(tx, community_id)]
    last = found[PAGE - 1] if len(found) > PAGE else None
    return page.page(
        request,
        "office/audit/page.html",
        "日志",
        "audit",
        rows=[{**row, **_about(row, request.user.role)} for row in found[:PAGE]],
        actions=actions,
        people=people,
        who=who,
        action=action,
        on=on if since else "",
        older=f"{last['at']} {last['id']}" if last else "",
    )


HANDLERS: list[Any] = [show_audit]


def _about(row: dict[str, Any], role: str) -> dict[str, str]:
    """What an entry is about in words, and its page for those who may open it."""
    if row["target"] in REPORTS:
        return {"about": REPORTS[row["target"]].title, "link": ""}
    kind, _, record_id = str(row["target"]).partition(":")
    if row["about_name"] or kind not in PAGES:
        return {"about": row["about_name"] or row["target"], "link": ""}
    word, folder = PAGES[kind]
    link = f"/office/{folder}/{record_id}" if role in OFFICE else ""
    return {"about": f"{word} {record_id[-8:]}", "link": link}


def _day(on: str, timezone: str) -> tuple[str, str]:
    """A calendar day of the community as two instants; empty when it is no day."""
    try:
        first = datetime.combine(date.fromisoformat(on), time(), ZoneInfo(timezone))
        return stamp(first), stamp(first + timedelta(days=1))
    except (ValueError, OverflowError):
        return "", ""
