"""手机文件导入: the outbox of a phone that cannot send, brought in by the office."""

from typing import Any

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, MultipartBody
from litestar.response import Template

from server import outboxes
from server.intake import Intake
from server.office import forms, outbox_view, page, uploads
from server.office.page import GUARDS, Asking
from server.office.person import author
from server.store import outboxes as rows
from sync.outboxes import MAX_BYTES

TITLE, TAB = "手机文件导入", "phones"
# Somewhat more than a file may have, so that the reader itself says what to do.
MAX_UPLOAD = MAX_BYTES + 1024 * 1024


@get("/office/outboxes", guards=GUARDS, sync_to_thread=True)
def show_outboxes(request: Asking, intake: NamedDependency[Intake]) -> Template:
    """The way in, and what was imported before."""
    with intake.store.read() as tx:
        found = rows.latest(tx, request.user.community_id)
    return page.page(request, "office/outboxes/page.html", TITLE, TAB, files=found)


@post(
    "/office/outboxes",
    guards=GUARDS,
    status_code=200,
    sync_to_thread=True,
    request_max_body_size=MAX_UPLOAD,
    exception_handlers=uploads.beyond_measure("outbox.too_big", MAX_BYTES),
)
def read_outbox(
    request: Asking, data: MultipartBody[dict[str, Any]], intake: NamedDependency[Intake]
) -> Response[Any]:
    """Read a file and show what importing it would do. Nothing is written."""
    _, content = uploads.of(data, "outbox.no_file", MAX_BYTES)
    file_id = outboxes.preview(intake, request.user.community_id, author(request), content)
    return page.go(request, f"/office/outboxes/{file_id}")


@get("/office/outboxes/{file_id:str}", guards=GUARDS, sync_to_thread=True)
def show_outbox(
    request: Asking, file_id: FromPath[str], intake: NamedDependency[Intake]
) -> Template:
    """One file: what it would bring, or what it brought."""
    ident = forms.ident(file_id)
    with intake.store.read() as tx:
        view = outbox_view.of(tx, request.user.community_id, ident)
    template = "result" if view["file"]["state"] == "imported" else "preview"
    return page.page(request, f"office/outboxes/{template}.html", TITLE, TAB, **view)


@post(
    "/office/outboxes/{file_id:str}/confirmations",
    guards=GUARDS,
    status_code=200,
    sync_to_thread=True,
)
def confirm_outbox(
    request: Asking, file_id: FromPath[str], intake: NamedDependency[Intake]
) -> Response[Any]:
    ident = forms.ident(file_id)
    outboxes.apply(intake, request.user.community_id, author(request), ident)
    return page.go(request, f"/office/outboxes/{ident}")


@post("/office/outboxes/{file_id:str}/drops", guards=GUARDS, status_code=200, sync_to_thread=True)
def drop_outbox(
    request: Asking, file_id: FromPath[str], intake: NamedDependency[Intake]
) -> Response[Any]:
    outboxes.drop(intake, request.user.community_id, author(request), forms.ident(file_id))
    return page.go(request, "/office/outboxes")


HANDLERS: list[Any] = [show_outboxes, read_outbox, show_outbox, confirm_outbox, drop_outbox]
