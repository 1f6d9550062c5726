"""报表的列: which columns the street wants, in what order and under which words."""

from typing import Any

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, URLEncodedBody
from litestar.response import Template

from server import audit
from server.audit import Author
from server.intake import Intake
from server.intake.writing import Writing
from server.office import forms, page
from server.office.forms import FormData
from server.office.page import GUARDS, Asking
from server.office.person import author
from server.office.report_orders import report_of
from server.reports.definition import Column, Report
from server.reports.taking import columns_of
from server.store import report_columns as rows
from server.store.report_columns import Chosen
from sync.operations import stamp
from sync.refusals import Refusal

MAX_HEAD = 20
MAX_PLACE = 99
FRAGMENT = "office/reports/_columns.html"


@get("/office/reports/{report:str}/columns", guards=GUARDS, sync_to_thread=True)
def show_columns(
    request: Asking, report: FromPath[str], intake: NamedDependency[Intake]
) -> Template:
    found = report_of(report)
    return page.page(
        request,
        "office/reports/columns.html",
        f"{found.title}的列",
        "reports",
        **_view(request, intake, found, ""),
    )


@post("/office/reports/{report:str}/columns", guards=GUARDS, status_code=200, sync_to_thread=True)
def choose_columns(
    request: Asking,
    report: FromPath[str],
    data: URLEncodedBody[FormData],
    intake: NamedDependency[Intake],
) -> Response[Any]:
    found = report_of(report)
    chosen = _chosen(found, data)
    by = author(request)

    def work(writing: Writing) -> None:
        at = stamp(writing.now)
        rows.choose(writing.tx, writing.community_id, found.code, chosen, by.id, at)
        _note(writing, by, found, "、".join(head for _, head in chosen))

    intake.do(request.user.community_id, work)
    return _again(request, intake, found, "已改。以后这张表都按这些列出。")


@post(
    "/office/reports/{report:str}/column-resets",
    guards=GUARDS,
    status_code=200,
    sync_to_thread=True,
)
def reset_columns(
    request: Asking, report: FromPath[str], intake: NamedDependency[Intake]
) -> Response[Any]:
    found = report_of(report)
    by = author(request)

    def work(writing: Writing) -> None:
        if rows.reset(writing.tx, writing.community_id, found.code):
            _note(writing, by, found, "改回原来的列")

    intake.do(request.user.community_id, work)
    return _again(request, intake, found, "已改回原来的列。")


HANDLERS: list[Any] = [show_columns, choose_columns, reset_columns]


def _chosen(report: Report, form: FormData) -> Chosen:
    """The ticked columns by their numbers; equal numbers stay in our order."""
    found = []
    for place, one in enumerate(report.columns):
        if not forms.one(form, f"use_{one.code}"):
            continue
        number = forms.number(form, f"place_{one.code}", f"{one.head}的顺序", 1, MAX_PLACE)
        head = forms.text(form, f"head_{one.code}", f"{one.head}的列名", MAX_HEAD, needed=True)
        found.append((number, place, (one.code, head)))
    if not found:
        raise Refusal("report.no_column")
    return [pair for _, _, pair in sorted(found)]


def _note(writing: Writing, by: Author, report: Report, detail: str) -> None:
    audit.note(writing, by, "report.columns", report.code, detail=detail)


def _again(request: Asking, intake: Intake, report: Report, said: str) -> Response[Any]:
    view = _view(request, intake, report, said)
    url = f"/office/reports/{report.code}/columns"
    return page.changed(request, FRAGMENT, url, "reports", **view)


def _view(request: Asking, intake: Intake, report: Report, said: str) -> dict[str, Any]:
    """Those that are used come first, in their order; then the others in ours."""
    with intake.store.read() as tx:
        chosen = rows.of(tx, request.user.community_id, report.code)
    used = columns_of(report, chosen)
    codes = {one.code for one in used}
    left = [one for one in report.columns if one.code not in codes]
    ours = {one.code: one.head for one in report.columns}
    lines = [_line(one, ours, place) for place, one in enumerate(used, 1)]
    lines += [_line(one, ours, 0, len(used) + place) for place, one in enumerate(left, 1)]
    return {"report": report, "lines": lines, "is_own": int(bool(chosen)), "said": said}


def _line(column: Column, ours: dict[str, str], place: int, offered: int = 0) -> dict[str, Any]:
    return {
        "code": column.code,
        "head": column.head,
        "ours": ours[column.code],
        "place": place or offered,
        "is_used": int(bool(place)),
        "is_private": int(column.is_private),
    }
