"""总览: how far the month has come, what is late, what waits, and where."""

from datetime import datetime
from typing import Any

from litestar import get
from litestar.di import NamedDependency
from litestar.params import FromQuery
from litestar.response import Template

from server import backup_folder, months, shell, spans
from server.intake import Intake
from server.office import alert_running, figures, kpis, page, phones_view, trends
from server.office.page import GUARDS, Asking
from server.running import standing as running
from server.settings import Settings
from server.store import issue_board
from server.store import months as kept
from server.store import overview as reads
from server.store.database import Tx
from sync import days
from sync.care import DEFAULT_INTERVALS
from sync.coverage import first_of_month
from sync.months import total
from sync.operations import stamp
from sync.records import Community

TO_DO_SHOWN = 6
LISTED = 500
# What the map of buildings counts, and how many late ones make a building stand out.
MAPS = {"people": 1, "doors": 3, "issues": 1}
UNITS = {"people": "人", "doors": "户", "issues": "件"}


@get("/office", guards=GUARDS, sync_to_thread=True)
def show_overview(
    request: Asking,
    intake: NamedDependency[Intake],
    settings: NamedDependency[Settings],
    map: FromQuery[str] = "",
) -> Template:
    shown = map if map in MAPS else "people"
    with intake.store.read() as tx:
        community = page.community_of(tx, request.user.community_id)
        now = intake.clock()
        today = days.day(stamp(now), community.timezone)
        view = _overview(tx, community, now, shown)
        alerts = alert_running.running(tx, community.id, now)
        issues = issue_board.standing(tx, community.id, stamp(now))
        flags = reads.red_flags(tx, community.id, stamp(now))
        curves = trends.trends(tx, community, kpis.Moment(now, today))
        phones = phones_view.listed(tx, community.id, request.user.role, now, shell.shell()[0])
        conflicts = reads.open_conflicts(tx, community.id, TO_DO_SHOWN)
    failing = [one for one in phones if one["care"]]
    return page.page(
        request,
        "office/overview/page.html",
        "总览",
        "overview",
        **view,
        alerts=alerts,
        flags=flags,
        issues=issues,
        trends=curves,
        phones={
            "all": phones_view.counts(phones)["used"],
            "look": failing[:TO_DO_SHOWN],
            "n": len(failing),
        },
        conflicts=conflicts,
        standing=backup_folder.standing(settings.backups, now),
        disk=running.disk(settings),
    )


@get("/office/unseen", guards=GUARDS, sync_to_thread=True)
def show_unseen(request: Asking, intake: NamedDependency[Intake]) -> Template:
    """Older people in special difficulty whom nobody has reached this month."""
    with intake.store.read() as tx:
        community = page.community_of(tx, request.user.community_id)
        today = page.today(intake, community)
        listed = reads.people_with_categories(tx, community.id)
        found = months.month_of(tx, community, today[:7], today)
    return page.page(
        request,
        "office/overview/unseen.html",
        "本月没见到的人",
        "overview",
        people=figures.unseen(listed, found)[:LISTED],
        rate=total(found),
    )


@get("/office/overdue", guards=GUARDS, sync_to_thread=True)
def show_overdue(
    request: Asking, intake: NamedDependency[Intake], building: FromQuery[str] = ""
) -> Template:
    """Doors that should have been seen before today, everywhere or in one building."""
    with intake.store.read() as tx:
        community = page.community_of(tx, request.user.community_id)
        today = page.today(intake, community)
        doors = [
            one
            for one in reads.overdue(tx, community.id, today)
            if building in ("", one["building_id"])
        ]
    return page.page(
        request,
        "office/overview/overdue.html",
        "超期的户",
        "overview",
        doors=doors[:LISTED],
        late=figures.lateness(doors, today),
    )


def _overview(tx: Tx, community: Community, now: datetime, shown: str) -> dict[str, Any]:
    today = days.day(stamp(now), community.timezone)
    found = months.month_of(tx, community, today[:7], today)
    rate = total(found)
    counted = {one.resident_id for one in found if not one.apart}
    first = first_of_month(today)
    before = spans.month_before(first)
    now_curve = figures.by_day(found, first, today)
    last_month = kept.read(tx, community.id, before[:7])
    before_curve = figures.by_day(last_month, before, spans.last_of_month(before))
    return {
        "totals": reads.totals(tx, community.id),
        "rate": rate,
        "late": figures.lateness(reads.overdue(tx, community.id, today), today),
        "oldest_waiting": reads.oldest_waiting(tx, community.id),
        "map": _map(tx, community, now, shown, counted),
        "chart": figures.drawing(now_curve, before_curve, rate.counted),
        "curve": now_curve,
        "before": before_curve,
    }


def _map(
    tx: Tx, community: Community, now: datetime, shown: str, counted: set[str]
) -> dict[str, Any]:
    """Every building with whom or what to see there within a week, older people or all doors; or
    with its open issues."""
    today = days.day(stamp(now), community.timezone)
    if shown == "issues":
        soon = issue_board.by_building(tx, community.id, stamp(now))
    elif shown == "doors":
        soon = reads.due_doors(tx, community.id, today, days.after(today, figures.SOON_DAYS))
    else:
        intervals = {**DEFAULT_INTERVALS, **community.intervals}
        listed = reads.people_with_categories(tx, community.id)
        soon = figures.due_soon(listed, counted, intervals, community.festivals, today)
    return {
        "shows": shown,
        "unit": UNITS[shown],
        "blocks": figures.blocks(reads.buildings(tx, community.id), soon, MAPS[shown]),
        "many": MAPS[shown],
        "buildings": len(soon),
        "n": sum(n for n, _ in soon.values()),
    }
