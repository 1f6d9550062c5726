"""计数: what the subdistrict sees of a community. No names, no doors, nothing about health."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from litestar import get
from litestar.di import NamedDependency
from litestar.response import Template

from server import months, spans
from server.intake import Intake
from server.office import page
from server.office.numbers_view import trend
from server.office.page import GUARDS, Asking
from server.store import counts, overview
from server.store import months as kept
from server.store.database import Tx
from sync.coverage import first_of_month
from sync.months import total
from sync.operations import stamp
from sync.records import Community
from sync.scope import OFFICE

COUNTED = ("buildings", "households", "residents", "visits", "late", "counted", "reached")
GROUPS = {"grid": "按网格", "compound": "按小区", "building": "按楼栋"}
NAMED = {"grid": "grid_name", "compound": "compound", "building": "label"}
# Of fewer people a share tells about somebody.
FEW = 5
MONTHS_BACK = 12


@get("/office/counts", guards=GUARDS, opt={"roles": OFFICE | {"street"}}, sync_to_thread=True)
def show_counts(request: Asking, intake: NamedDependency[Intake]) -> Template:
    """Doors, people, what is late and this month's visits, down to the building."""
    by = request.query_params.get("by", "")
    by = by if by in GROUPS else "grid"
    with intake.store.read() as tx:
        community = page.community_of(tx, request.user.community_id)
        today = page.today(intake, community)
        places = _places(tx, community, today)
        all_ = _summed("", places)
        before = kept.by_month(tx, community.id, _since(today))
    return page.page(
        request,
        "office/counts/page.html",
        "计数",
        "counts",
        area=community,
        by=by,
        kinds=GROUPS,
        lines=_grouped(places, by),
        all=all_,
        months=[one for one in trend(before, None, today[:7])[:-1] if one["counted"]],
    )


HANDLERS: list[Any] = [show_counts]


def _places(tx: Tx, community: Community, today: str) -> list[dict[str, Any]]:
    """Each building with its numbers."""
    first = date.fromisoformat(first_of_month(today))
    since = stamp(datetime.combine(first, time(), ZoneInfo(community.timezone)))
    due = overview.due_doors(tx, community.id, today, today)
    people = defaultdict(list)
    for one in months.standings(tx, community, today[:7], today):
        people[one.building_id].append(one)
    found = []
    for place in counts.by_building(tx, community.id, since):
        here = total(people[place["id"]])
        late = due.get(place["id"], (0, 0))[1]
        found.append({**place, "late": late, "counted": here.counted, "reached": here.reached})
    return found


def _grouped(places: Iterable[dict[str, Any]], by: str) -> list[dict[str, Any]]:
    parts: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for one in places:
        parts[one["id"] if by == "building" else one[NAMED[by]]].append(one)
    return [_summed(some[0][NAMED[by]], some) for some in parts.values()]


def _summed(word: str, places: list[dict[str, Any]]) -> dict[str, Any]:
    """`rate` is per mille; -1 where nobody is counted, -2 where it would tell about somebody."""
    found: dict[str, Any] = {name: sum(one[name] for one in places) for name in COUNTED}
    counted, reached = found["counted"], found["reached"]
    rate = reached * 1000 // counted if counted else -1
    if 0 < counted < FEW:
        rate = -2
    return {**found, "word": word, "rate": rate}


def _since(today: str) -> str:
    first = first_of_month(today)
    for _ in range(MONTHS_BACK):
        first = spans.month_before(first)
    return first[:7]
