"""总览: how far the month has come, what is late, what waits, and where."""

from typing import Any

from litestar import get
from litestar.di import NamedDependency
from litestar.params import FromQuery
from litestar.response import Template

from server import backup_folder, shell, spans
from server.intake import Intake
from server.office import figures, page, phones_view
from server.office.page import GUARDS, Asking
from server.settings import Settings
from server.store import overview as reads
from server.store.database import Tx
from sync import days
from sync.care import DEFAULT_INTERVALS
from sync.coverage import first_of_month, is_counted
from sync.operations import stamp
from sync.records import Community

TO_DO_SHOWN = 6
LISTED = 500


@get("/office", guards=GUARDS, sync_to_thread=True)
def show_overview(
    request: Asking, intake: NamedDependency[Intake], settings: NamedDependency[Settings]
) -> Template:
    with intake.store.read() as tx:
        community = page.community_of(tx, request.user.community_id)
        now = intake.clock()
        today = days.day(stamp(now), community.timezone)
        view = _overview(tx, community, today)
        phones = phones_view.listed(tx, community.id, request.user.role, now, shell.shell()[0])
        conflicts = reads.open_conflicts(tx, community.id, TO_DO_SHOWN)
    failing = [one for one in phones if one["care"]]
    return page.page(
        request,
        "office/overview/page.html",
        "总览",
        "overview",
        **view,
        phones={
            "all": phones_view.counts(phones)["used"],
            "look": failing[:TO_DO_SHOWN],
            "n": len(failing),
        },
        conflicts=conflicts,
        standing=backup_folder.standing(settings.backups, now),
    )


@get("/office/unseen", guards=GUARDS, sync_to_thread=True)
def show_unseen(request: Asking, intake: NamedDependency[Intake]) -> Template:
    """Older people in special difficulty whom nobody has reached this month."""
    with intake.store.read() as tx:
        community = page.community_of(tx, request.user.community_id)
        today = page.today(intake, community)
        listed = reads.people_with_categories(tx, community.id)
    return page.page(
        request,
        "office/overview/unseen.html",
        "本月没见到的人",
        "overview",
        people=figures.unseen(listed, today)[:LISTED],
        rate=figures.rate(listed, today),
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


def _overview(tx: Tx, community: Community, today: str) -> dict[str, Any]:
    listed = reads.people_with_categories(tx, community.id)
    intervals = {**DEFAULT_INTERVALS, **community.intervals}
    soon = figures.due_soon(listed, intervals, community.festivals, today)
    rate = figures.rate(listed, today)
    counted = {one.resident.id for one in listed if is_counted(one.resident, today)}
    first = first_of_month(today)
    before = spans.month_before(first)
    now_curve = _curve(tx, community, counted, first, today)
    before_curve = _curve(tx, community, counted, before, spans.last_of_month(before))
    return {
        "totals": reads.totals(tx, community.id),
        "rate": rate,
        "late": figures.lateness(reads.overdue(tx, community.id, today), today),
        "oldest_waiting": reads.oldest_waiting(tx, community.id),
        "blocks": figures.blocks(reads.buildings(tx, community.id), soon),
        "soon": {"buildings": len(soon), "people": sum(people for people, _ in soon.values())},
        "chart": figures.drawing(now_curve, before_curve, rate.counted),
        "curve": now_curve,
        "before": before_curve,
    }


def _curve(tx: Tx, community: Community, counted: set[str], first: str, last: str) -> list[int]:
    span = spans.of_days(first, last, community.timezone)
    found = reads.contacts(tx, community.id, *span)
    return figures.by_day(found, counted, first, last, community.timezone)
