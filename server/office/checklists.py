"""清单: what visitors ask, made in a spreadsheet: upload, look at it as on a phone, publish."""

from typing import Any
from urllib.parse import quote

import msgspec
from litestar import get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, MultipartBody, URLEncodedBody
from litestar.response import Response, Template

from server.checklists import xlsform
from server.checklists.workbooks import MAX_BYTES
from server.intake import Intake
from server.office import checklist_view, forms, page, uploads
from server.office.forms import FormData
from server.office.page import GUARDS, Asking
from server.store.database import Tx
from server.store.records import Records
from sync.checklists import Checklist
from sync.refusals import Refusal

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
# More than a list may be, so that the reader itself says what to do.
MAX_UPLOAD = 16 * 1024 * 1024
TAB, TITLE = "checklists", "清单"


@get("/office/checklists", guards=GUARDS, sync_to_thread=True)
def show_checklists(request: Asking, intake: NamedDependency[Intake]) -> Template:
    with intake.store.read() as tx:
        kept = Records(tx, request.user.community_id).checklists()
    lists = checklist_view.editions(kept, page.today_of(request))
    limit = MAX_BYTES // 1024 // 1024
    return page.page(request, "office/checklists/page.html", TITLE, TAB, lists=lists, limit=limit)


@post(
    "/office/checklists",
    guards=GUARDS,
    status_code=200,
    sync_to_thread=True,
    request_max_body_size=MAX_UPLOAD,
    exception_handlers=uploads.beyond_measure("checklist.too_big", MAX_BYTES),
)
def read_checklist(
    request: Asking, data: MultipartBody[dict[str, Any]], intake: NamedDependency[Intake]
) -> Template:
    """What a file holds and what is wrong with it. Nothing is kept."""
    name, content = uploads.of(data, "checklist.no_file", MAX_BYTES)
    report = xlsform.read(content, name)
    found = report.checklist
    with intake.store.read() as tx:
        kept = Records(tx, request.user.community_id).checklists()
    return page.page(
        request,
        "office/checklists/report.html",
        TITLE,
        TAB,
        report=report,
        counts=checklist_view.counted(report.findings),
        checklist=found,
        edition=checklist_view.next_edition(kept, found.code) if found else 0,
        look=checklist_view.look(found) if found else {},
        definition=msgspec.json.encode(found).decode() if found else "",
    )


@post(
    "/office/checklists/editions",
    guards=GUARDS,
    status_code=200,
    sync_to_thread=True,
    request_max_body_size=MAX_UPLOAD,
)
def publish_checklist(
    request: Asking, data: URLEncodedBody[FormData], intake: NamedDependency[Intake]
) -> Response[Any]:
    """One more edition, used from a day on."""
    edition = checklist_view.edition_of(data, page.today_of(request))
    forms.send(intake, request.user, "checklist.publish", edition, data)
    return page.go(request, "/office/checklists")


@get("/office/checklists/{checklist_id:str}", guards=GUARDS, sync_to_thread=True)
def show_checklist(
    request: Asking, checklist_id: FromPath[str], intake: NamedDependency[Intake]
) -> Template:
    with intake.store.read() as tx:
        found = _kept(tx, request.user.community_id, checklist_id)
    return page.page(
        request,
        "office/checklists/checklist.html",
        TITLE,
        TAB,
        checklist=found,
        look=checklist_view.look(found),
    )


@get("/office/checklists/{checklist_id:str}/file.xlsx", guards=GUARDS, sync_to_thread=True)
def download_checklist(
    request: Asking, checklist_id: FromPath[str], intake: NamedDependency[Intake]
) -> Response[bytes]:
    with intake.store.read() as tx:
        found = _kept(tx, request.user.community_id, checklist_id)
    name = quote(f"{found.title} {found.code} 第{found.edition}版.xlsx")
    disposition = f"attachment; filename=checklist.xlsx; filename*=UTF-8''{name}"
    return Response(
        xlsform.write(found), media_type=XLSX, headers={"Content-Disposition": disposition}
    )


def _kept(tx: Tx, community_id: str, checklist_id: str) -> Checklist:
    found = Records(tx, community_id).get("checklist", checklist_id)
    if not isinstance(found, Checklist):
        raise Refusal("record.unknown")
    return found


HANDLERS: list[Any] = [
    show_checklists,
    read_checklist,
    publish_checklist,
    show_checklist,
    download_checklist,
]
