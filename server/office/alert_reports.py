"""A warning afterwards: minute by minute, and as a file or on paper."""

from typing import Any

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, URLEncodedBody
from litestar.response import Template

from server.intake import Intake
from server.office import alert_reading, alert_replay, alert_view, forms, handing, page
from server.office.alert_reading import Read
from server.office.forms import FormData
from server.office.page import GUARDS, Asking
from server.office.report_orders import MASKED, MAX_REASON, OPEN
from server.reports import alerts, workbooks
from server.reports.workbooks import Table


@get("/office/alerts/{alert_id:str}/replay", guards=GUARDS, sync_to_thread=True)
def show_replay(
    request: Asking,
    alert_id: FromPath[str],
    intake: NamedDependency[Intake],
    step: FromQuery[str] = "0",
) -> Template:
    read = _read(request, intake, alert_id)
    minutes = alert_replay.minutes(read.facts)
    at = min(int(step), len(minutes) - 1) if step.isascii() and step.isdigit() else 0
    return page.page(
        request,
        "office/alert_board/replay.html",
        "预警回放",
        "alerts",
        alert=read.alert,
        minutes=minutes,
        at=at,
        stage=alert_replay.stage(read.facts, minutes[at]),
    )


@get("/office/alerts/{alert_id:str}/report", guards=GUARDS, sync_to_thread=True)
def show_report(
    request: Asking, alert_id: FromPath[str], intake: NamedDependency[Intake]
) -> Template:
    read = _read(request, intake, alert_id)
    board = alert_view.board(read.facts, intake.clock())
    return page.page(
        request,
        "office/alert_board/report.html",
        "预警总结",
        "alerts",
        alert=read.alert,
        board=board,
        contacts=alert_reading.contacts_of(read),
        max_reason=MAX_REASON,
    )


@post("/office/alerts/{alert_id:str}/files", guards=GUARDS, status_code=200, sync_to_thread=True)
def make_file(
    request: Asking,
    alert_id: FromPath[str],
    data: URLEncodedBody[FormData],
    intake: NamedDependency[Intake],
) -> Response[bytes]:
    read = _read(request, intake, alert_id)
    tables, mark = _taken(request, intake, read, data, "export")
    return handing.attachment(workbooks.of_tables(tables, mark), f"{read.alert.title} 总结.xlsx")


@post("/office/alerts/{alert_id:str}/prints", guards=GUARDS, status_code=200, sync_to_thread=True)
def make_print(
    request: Asking,
    alert_id: FromPath[str],
    data: URLEncodedBody[FormData],
    intake: NamedDependency[Intake],
) -> Template:
    read = _read(request, intake, alert_id)
    tables, mark = _taken(request, intake, read, data, "print")
    return page.page(
        request,
        "office/alert_board/print.html",
        "预警总结",
        "alerts",
        alert=read.alert,
        tables=tables,
        mark=mark,
    )


HANDLERS: list[Any] = [show_replay, show_report, make_file, make_print]


def _read(request: Asking, intake: Intake, alert_id: str) -> Read:
    community_id, ident = request.user.community_id, forms.ident(alert_id)
    with intake.store.read() as tx:
        return alert_reading.read(tx, community_id, ident, intake.clock())


def _taken(
    request: Asking, intake: Intake, read: Read, form: FormData, action: str
) -> tuple[list[Table], str]:
    """The tables, and who takes them; noted before anybody has them."""
    is_open = forms.code(form, "shown", "姓名电话", (MASKED, OPEN)) == OPEN
    reason = forms.text(form, "reason", "为什么不打码", MAX_REASON, needed=True) if is_open else ""
    about = alert_reading.in_words(read)
    contacts = alert_reading.contacts_of(read)
    zone = read.community.timezone
    tables = alerts.tables(read.facts, about, contacts, zone, not is_open)
    mark = handing.mark(request, read.community, f"{read.alert.title}总结", action, not is_open)
    hidden = f"不打码：{reason}" if is_open else "打码"
    handing.note(request, action, read.alert.id, "预警总结", read.alert.title, hidden)
    return tables, mark
