"""数字: what each month came to, by grid, building and category, down to the names behind it."""

import re
from collections.abc import Iterable
from typing import Any

from litestar import get
from litestar.di import NamedDependency
from litestar.response import Template

from server import months, spans
from server.intake import Intake
from server.office import kpis, page
from server.office import numbers_view as view
from server.office.page import GUARDS, Asking
from server.store import months as rows
from server.store import overview
from server.store.database import Tx
from sync.coverage import first_of_month
from sync.months import Standing
from sync.operations import stamp
from sync.records import Community

LISTED = 500
MONTH = re.compile(r"20[0-9]{2}-(0[1-9]|1[0-2])")


@get("/office/numbers", guards=GUARDS, sync_to_thread=True)
def show_numbers(request: Asking, intake: NamedDependency[Intake]) -> Template:
    """A month added up, the months before it, and where people were not reached."""
    with intake.store.read() as tx:
        community = page.community_of(tx, request.user.community_id)
        today = page.today(intake, community)
        month = month_in(request, today)
        found = months.month_of(tx, community, month, today)
        kept = rows.by_month(tx, community.id, _since(today))
        buildings = overview.buildings(tx, community.id)
        now = kpis.Moment(intake.clock(), today)
        other = kpis.of_month(tx, community, month, now)
        trend = view.trend(kept, found if month == today[:7] else None, today[:7])
        by_month = kpis.by_month(tx, community, [one["month"] for one in trend], now)
        present, overdue = None, None
        if month == today[:7]:
            present = kpis.as_of_now(tx, community, now)
            overdue = kpis.overdue(tx, community, buildings, today)
    by = request.query_params.get("by", "")
    by = by if by in view.GROUPS else "grid"
    return page.page(
        request,
        "office/numbers/page.html",
        "数字",
        "numbers",
        month=month,
        months=[one["month"] for one in trend][::-1],
        is_open=month == today[:7],
        counted_on=next((one["counted_on"] for one in kept if one["month"] == month), ""),
        late_count=_is_late(kept, month),
        all=view.summed(found),
        by=by,
        groups=view.groups(by, found, buildings),
        trend=trend,
        chart=view.drawing(trend),
        other=other,
        by_month=by_month,
        present=present,
        overdue=overdue,
    )


@get("/office/numbers/people", guards=GUARDS, sync_to_thread=True)
def show_people(request: Asking, intake: NamedDependency[Intake]) -> Template:
    """The names behind a number."""
    asked = request.query_params
    show = asked.get("show", "")
    show = show if show in view.SHOWS else "unseen"
    with intake.store.read() as tx:
        community = page.community_of(tx, request.user.community_id)
        today = page.today(intake, community)
        month = month_in(request, today)
        buildings = overview.buildings(tx, community.id)
        found = asked_for(tx, community, month, today, asked, buildings)
        names = rows.names(tx, community.id)
    people = view.listed(found, show, names, buildings)
    return page.page(
        request,
        "office/numbers/people.html",
        view.SHOWS[show],
        "numbers",
        month=month,
        show=show,
        where=view.place_of(asked, buildings),
        n=len(people),
        people=people[:LISTED],
        query={name: asked[name] for name in ("grid", "building", "category") if name in asked},
    )


@get("/office/numbers/records", guards=GUARDS, sync_to_thread=True)
def show_records(request: Asking, intake: NamedDependency[Intake]) -> Template:
    """The records behind a number that is not about who was reached."""
    show = request.query_params.get("show", "")
    show = show if show in kpis.SHOWS else "red"
    with intake.store.read() as tx:
        community = page.community_of(tx, request.user.community_id)
        today = page.today(intake, community)
        month = month_in(request, today)
        found = kpis.records(tx, community, month, show, today)
        delays = kpis.delays(tx, community, _months(tx, community, today)) if show == "slow" else []
    return page.page(
        request,
        "office/numbers/records.html",
        kpis.SHOWS[show],
        "numbers",
        month="" if show in kpis.PRESENT else month,
        show=show,
        shows=kpis.SHOWS,
        records=found,
        most=kpis.LISTED,
        now=stamp(intake.clock()),
        delays=delays,
        chart=view.drawing_of_delays(delays),
    )


def asked_for(
    tx: Tx,
    community: Community,
    month: str,
    today: str,
    asked: Any,
    buildings: Iterable[dict[str, Any]],
) -> list[Standing]:
    grids = {one["id"]: one["grid_name"] for one in buildings}
    return [
        one
        for one in months.month_of(tx, community, month, today)
        if asked.get("grid", grids.get(one.building_id, "")) == grids.get(one.building_id, "")
        and asked.get("building", one.building_id) == one.building_id
        and ("category" not in asked or asked["category"] in one.categories)
    ]


def month_in(request: Asking, today: str) -> str:
    """The month that is asked for; the one that runs when it is none."""
    asked = request.query_params.get("month", "")
    return asked if MONTH.fullmatch(asked) and asked <= today[:7] else today[:7]


def _months(tx: Tx, community: Community, today: str) -> list[str]:
    """The months that the page goes through, the one that runs last."""
    kept = rows.by_month(tx, community.id, _since(today))
    return [one["month"] for one in view.trend(kept, None, today[:7])]


def _since(today: str) -> str:
    first = first_of_month(today)
    for _ in range(months.MONTHS):
        first = spans.month_before(first)
    return first[:7]


def _is_late(kept: Iterable[dict[str, Any]], month: str) -> bool:
    """Whether a month was only counted from the register of a later one."""
    found = next((one for one in kept if one["month"] == month), None)
    return found is not None and months.was_late(month, found["counted_on"])
