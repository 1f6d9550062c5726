"""事件数字: what became of the issues of a month, by kind, place and level, and month by month."""

from typing import Any

from litestar import get
from litestar.di import NamedDependency
from litestar.response import Template

from server.intake import Intake
from server.office import issue_sums as sums
from server.office import page
from server.office.issue_words import timed
from server.office.page import GUARDS, Asking
from server.store import issue_board, overview
from sync.operations import stamp

LISTED = 500


@get("/office/issues/numbers", guards=GUARDS, sync_to_thread=True)
def show_numbers(request: Asking, intake: NamedDependency[Intake]) -> Template:
    now = stamp(intake.clock())
    with intake.store.read() as tx:
        community = page.community_of(tx, request.user.community_id)
        today = page.today(intake, community)
        found = sums.by_month(tx, community, today, now)
        buildings = overview.buildings(tx, community.id)
    chosen = sums.chosen_in(request.query_params, today)
    begun = next((month for month, some in found.items() if some), today[:7])
    months = [
        {"month": month, **sums.summed(some)}
        for month, some in found.items()
        if month >= min(begun, chosen.month)
    ]
    return page.page(
        request,
        "office/issues/numbers.html",
        "事件",
        "issues",
        month=chosen.month,
        is_open=chosen.month == today[:7],
        by=chosen.by,
        ways=sums.GROUPS,
        levels=sums.LEVELS,
        all=sums.summed(found[chosen.month]),
        groups=sums.groups(chosen.by, found[chosen.month], buildings),
        months=months[::-1],
    )


@get("/office/issues/numbers/records", guards=GUARDS, sync_to_thread=True)
def show_counted(request: Asking, intake: NamedDependency[Intake]) -> Template:
    """The issues behind a number."""
    now = stamp(intake.clock())
    with intake.store.read() as tx:
        community = page.community_of(tx, request.user.community_id)
        today = page.today(intake, community)
        chosen = sums.chosen_in(request.query_params, today)
        buildings = overview.buildings(tx, community.id)
        found = sums.by_month(tx, community, today, now)[chosen.month]
        ids = sums.of(found, chosen, buildings)
        rows = issue_board.lines(tx, community.id, ids[:LISTED])
    return page.page(
        request,
        "office/issues/counted.html",
        f"{sums.SHOWS[chosen.show]}事件",
        "issues",
        chosen=chosen,
        where="" if chosen.key is None else sums.label_of(chosen.by, chosen.key, buildings),
        n=len(ids),
        rows=timed(rows, now),
    )


HANDLERS: list[Any] = [show_numbers, show_counted]
