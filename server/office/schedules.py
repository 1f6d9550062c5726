"""定期报表: which reports are made by themselves, and the files that were made."""

from typing import Any

import uuid_utils
from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, URLEncodedBody

from server import audit
from server.intake import Intake
from server.intake.writing import Writing
from server.office import forms, handing, page
from server.office.forms import FormData
from server.office.page import GUARDS, Asking
from server.office.person import author
from server.office.report_orders import KINDS, report_of
from server.office.schedules_view import MOST, WHEN, title_of, view
from server.reports import nightly, scheduling
from server.reports.catalogue import REPORTS
from server.reports.definition import Report
from server.reports.places import place_of
from server.store import report_files as rows
from server.store import schedules
from server.store.database import Tx
from server.store.schedules import Schedule
from sync.operations import stamp
from sync.refusals import Refusal

URL = "/office/reports/schedules"
FRAGMENT = "office/reports/_schedules.html"
# Report, kind, day, place.
Values = tuple[str, str, int, str]


@post(URL, guards=GUARDS, status_code=200, sync_to_thread=True)
def add_schedule(
    request: Asking, data: URLEncodedBody[FormData], intake: NamedDependency[Intake]
) -> Response[Any]:
    given = forms.one(data, "form_id")
    schedule_id = given if forms.is_id(given) else str(uuid_utils.uuid7())
    values, said = _read(request, intake, data)
    today = page.today_of(request)

    def adding(writing: Writing) -> None:
        home, at = writing.community_id, stamp(writing.now)
        if len(schedules.current(writing.tx, home)) >= MOST:
            raise Refusal("report.too_many", limit=MOST)
        if schedules.add(writing.tx, home, schedule_id, values, today, request.user.id, at):
            audit.note(writing, author(request), "report.schedule", values[0], detail=said)

    intake.do(request.user.community_id, adding)
    return _again(request, intake, "定好了，到那天夜里三点以后做。")


@post(f"{URL}/{{schedule_id:str}}/changes", guards=GUARDS, status_code=200, sync_to_thread=True)
def change_schedule(
    request: Asking,
    schedule_id: FromPath[str],
    data: URLEncodedBody[FormData],
    intake: NamedDependency[Intake],
) -> Response[Any]:
    ident = forms.ident(schedule_id)
    values, said = _read(request, intake, data)
    today = page.today_of(request)

    def changing(writing: Writing) -> bool:
        home, at = writing.community_id, stamp(writing.now)
        _one(writing.tx, home, ident)
        changed = schedules.change(writing.tx, home, ident, values, today, request.user.id, at)
        if changed:
            audit.note(writing, author(request), "report.schedule", values[0], detail=said)
        return changed

    if not intake.do(request.user.community_id, changing):
        raise Refusal("nothing.changed")
    return _again(request, intake, "已改，从下一份起按新的做。")


@post(f"{URL}/{{schedule_id:str}}/ends", guards=GUARDS, status_code=200, sync_to_thread=True)
def end_schedule(
    request: Asking, schedule_id: FromPath[str], intake: NamedDependency[Intake]
) -> Response[Any]:
    ident = forms.ident(schedule_id)

    def ending(writing: Writing) -> None:
        home, at = writing.community_id, stamp(writing.now)
        report = _one(writing.tx, home, ident).report
        schedules.end(writing.tx, home, ident, request.user.id, at)
        audit.note(writing, author(request), "report.unschedule", report)

    intake.do(request.user.community_id, ending)
    return _again(request, intake, "停了，不再自动做。做好的还在下面。")


@get("/office/reports/kept/{schedule_id:str}/{due_on:str}", guards=GUARDS, sync_to_thread=True)
def take_file(
    request: Asking,
    schedule_id: FromPath[str],
    due_on: FromPath[str],
    intake: NamedDependency[Intake],
) -> Response[bytes]:
    home = request.user.community_id
    with intake.store.read() as tx:
        found = rows.file(tx, home, schedule_id, due_on)
    if found is None:
        raise Refusal("record.unknown")
    path = nightly.path_of(intake, home, (schedule_id, due_on))
    if not path.is_file():
        raise Refusal("report.lost")
    content = path.read_bytes()
    told = (found["days"], found["place"] or "全社区", f"{found['lines']} 行", "打码", "定期报表")
    handing.note(request, "export", found["report"], *told)
    return handing.attachment(content, f"{title_of(found)}.xlsx")


HANDLERS: list[Any] = [add_schedule, change_schedule, end_schedule, take_file]


def _read(request: Asking, intake: Intake, form: FormData) -> tuple[Values, str]:
    """What is wanted, and in words for the trail."""
    report = report_of(forms.code(form, "report", "报表", REPORTS))
    whens = [f"{kind}:{day}" for kind, day in WHEN]
    kind, _, day = forms.code(form, "when", "什么时候做", whens).partition(":")
    _fits(report, kind)
    chosen = forms.one(form, "where")
    with intake.store.read() as tx:
        place = place_of(tx, request.user.community_id, chosen)
    said = " · ".join(filter(None, (scheduling.said(kind, int(day)), place.word)))
    return (report.code, kind, int(day), chosen), said


def _fits(report: Report, kind: str) -> None:
    if kind not in report.kinds:
        kinds = "、".join(KINDS[one] for one in report.kinds)
        raise Refusal("report.other_span", title=report.title, kinds=kinds)


def _one(tx: Tx, community_id: str, schedule_id: str) -> Schedule:
    for one in schedules.current(tx, community_id):
        if one.id == schedule_id:
            return one
    raise Refusal("report.stopped")


def _again(request: Asking, intake: Intake, said: str) -> Response[Any]:
    with intake.store.read() as tx:
        community = page.community_of(tx, request.user.community_id)
        shown = view(intake, tx, community, 1, said)
    return page.changed(request, FRAGMENT, "/office/reports", "reports", **shown)
