"""计数: what the subdistrict sees of a community. No names, no doors."""

from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from litestar import get
from litestar.di import NamedDependency
from litestar.response import Template

from server.intake import Intake
from server.office import page
from server.office.page import GUARDS, Asking
from server.store import counts
from server.store import people as rows
from sync.operations import stamp
from sync.scope import OFFICE

COUNTED = ("buildings", "households", "residents", "visits")


@get("/office/counts", guards=GUARDS, opt={"roles": OFFICE | {"street"}}, sync_to_thread=True)
def show_counts(request: Asking, intake: NamedDependency[Intake]) -> Template:
    """Doors, people and this month's visits by grid."""
    community_id = request.user.community_id
    with intake.store.read() as tx:
        community = page.community_of(tx, community_id)
        today = rows.today_of(tx, community_id, intake.clock())
        first = date.fromisoformat(f"{today[:7]}-01")
        since = stamp(datetime.combine(first, time(), ZoneInfo(community.timezone)))
        grids = counts.by_grid(tx, community_id, since)
    total = {name: sum(grid[name] for grid in grids) for name in COUNTED}
    return page.page(request, "office/counts/page.html", "计数", "counts", grids=grids, total=total)


HANDLERS: list[Any] = [show_counts]
