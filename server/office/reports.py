"""报表: what the street asks for, from the records alone, as a file or on paper."""

from typing import Any

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import URLEncodedBody
from litestar.response import Template

from server.intake import Intake
from server.office import handing, page, report_orders, schedules_view
from server.office.forms import FormData
from server.office.page import GUARDS, Asking
from server.office.report_orders import KINDS, MAX_REASON, Asked
from server.reports import taking, workbooks
from server.reports.taking import Taken
from server.store import report_columns
from server.store.database import Tx

# What a browser still lays out in one go.
MAX_PRINTED = 3000
# From here on a page is laid across.
WIDE = 90
# Up to here a column holds a day, a number or a name; these and doors are not broken.
TIGHT = 17


@get("/office/reports", guards=GUARDS, sync_to_thread=True)
def show_reports(request: Asking, intake: NamedDependency[Intake]) -> Template:
    with intake.store.read() as tx:
        community = page.community_of(tx, request.user.community_id)
        changed = report_columns.all_of(tx, community.id)
        number = page.number_of(request, schedules_view.MOST_PAGES)
        shown = schedules_view.view(intake, tx, community, number, "")
    return page.page(
        request,
        "office/reports/page.html",
        "报表",
        "reports",
        kinds=KINDS,
        changed=changed,
        max_reason=MAX_REASON,
        **shown,
    )


@post("/office/reports/files", guards=GUARDS, status_code=200, sync_to_thread=True)
def make_file(
    request: Asking, data: URLEncodedBody[FormData], intake: NamedDependency[Intake]
) -> Response[bytes]:
    with intake.store.read() as tx:
        asked, taken = _taken(request, intake, tx, data, "export")
        written = workbooks.of_report(taken)
    _note(request, "export", asked, written.lines)
    name = " ".join(filter(None, (taken.title, asked.days, asked.place)))
    return handing.attachment(written.content, f"{name}.xlsx")


@post("/office/reports/prints", guards=GUARDS, status_code=200, sync_to_thread=True)
def make_print(
    request: Asking, data: URLEncodedBody[FormData], intake: NamedDependency[Intake]
) -> Template:
    with intake.store.read() as tx:
        asked, taken = _taken(request, intake, tx, data, "print")
        lines = list(taking.at_most(taken.lines, MAX_PRINTED))
    _note(request, "print", asked, len(lines))
    across = sum(one.width for one in taken.columns) > WIDE
    return page.page(
        request,
        "office/reports/print.html",
        taken.title,
        "reports",
        taken=taken,
        lines=lines,
        days=asked.days,
        place=asked.place,
        across=across,
        tight=[one.width <= TIGHT or one.code == "label" for one in taken.columns],
    )


HANDLERS: list[Any] = [show_reports, make_file, make_print]


def _taken(
    request: Asking, intake: Intake, tx: Tx, data: FormData, action: str
) -> tuple[Asked, Taken]:
    community = page.community_of(tx, request.user.community_id)
    today = page.today(intake, community)
    asked = report_orders.read(tx, community.id, data, today)
    what = " ".join(filter(None, (asked.report.title, asked.days, asked.place)))
    mark = handing.mark(request, community, what, action, asked.masked)
    taken = taking.take(tx, community, asked.report, asked.order, today, mark, asked.masked)
    return asked, taken


def _note(request: Asking, action: str, asked: Asked, lines: int) -> None:
    hidden = "打码" if asked.masked else f"不打码：{asked.reason}"
    place = asked.place or "全社区"
    handing.note(request, action, asked.report.code, asked.days, place, f"{lines} 行", hidden)
