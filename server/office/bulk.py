"""成批改: people and buildings as one workbook, down as it stands and up as it should be."""

from base64 import b64decode, b64encode
from binascii import Error as NotBase64
from typing import Any

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromQuery, MultipartBody, URLEncodedBody
from litestar.response import Template

from server import bulk, bulk_writing
from server.bulk import Plan
from server.bulk_sheets import HEADS
from server.intake import Intake
from server.office import forms, handing, page, uploads
from server.office.forms import FormData
from server.office.page import GUARDS, Asking
from server.office.person import PEOPLE, author
from server.reports.workbooks import Head, add_sheet, content_of
from server.store import people as rows
from sync.refusals import Refusal

MAX_BYTES = 1024 * 1024
MAX_UPLOAD = 4 * 1024 * 1024
WIDTHS = {"楼栋": 30, "小区": 16, "姓名": 12, "电话": 16}


@get("/office/bulk", guards=GUARDS, opt=PEOPLE, sync_to_thread=True)
def show_bulk(request: Asking) -> Template:
    return _page(request, None, "")


@get("/office/bulk/file.xlsx", guards=GUARDS, opt=PEOPLE, sync_to_thread=True)
def download_bulk(
    request: Asking, intake: NamedDependency[Intake], empty: FromQuery[str] = ""
) -> Response[bytes]:
    """What there is, in the shape in which it is taken back; or its heads alone."""
    from openpyxl import Workbook

    home = request.user.community_id
    with intake.store.read() as tx:
        community = page.community_of(tx, home)
        found = bulk.state(tx, home, page.today(intake, community))
    mark = handing.mark(request, community, "人员和楼栋", "export")
    book = Workbook(write_only=True)
    for name, heads in HEADS.items():
        wide = [Head(head, WIDTHS.get(head, 10)) for head in heads]
        add_sheet(book, name, mark, wide, [] if empty else found[name])
    if not empty:
        handing.note(request, "export", "bulk")
    return handing.attachment(content_of(book), "空表.xlsx" if empty else "人员和楼栋.xlsx")


@post(
    "/office/bulk",
    guards=GUARDS,
    opt=PEOPLE,
    status_code=200,
    sync_to_thread=True,
    request_max_body_size=MAX_UPLOAD,
    exception_handlers=uploads.beyond_measure("roster.too_big", MAX_BYTES),
)
def read_bulk(
    request: Asking, intake: NamedDependency[Intake], data: MultipartBody[dict[str, Any]]
) -> Template:
    """What a file would change, row by row. Nothing is written."""
    _, content = uploads.of(data, "roster.no_file", MAX_BYTES)
    if len(content) > MAX_BYTES:
        raise Refusal("roster.too_big", limit=MAX_BYTES // 1024 // 1024)
    return _page(request, _plan(request, intake, content), b64encode(content).decode())


@post(
    "/office/bulk/confirmations",
    guards=GUARDS,
    opt=PEOPLE,
    status_code=200,
    sync_to_thread=True,
    request_max_body_size=MAX_UPLOAD,
)
def confirm_bulk(
    request: Asking, intake: NamedDependency[Intake], data: URLEncodedBody[FormData]
) -> Template:
    """Do what was shown; when it is no longer the same, it is shown anew."""
    kept = forms.one(data, "content")
    content, by, device = _content(kept), author(request), request.user.page_device

    def writing_it(writing: Any) -> int:
        today = rows.today_of(writing.tx, writing.community_id, writing.now)
        planned = bulk.plan(writing.tx, writing.community_id, by, content, today)
        if planned.digest != forms.one(data, "digest"):
            return -1
        return bulk_writing.apply(writing, by, device, planned.lines)

    done = intake.do(request.user.community_id, writing_it)
    return _page(request, _plan(request, intake, content), kept, done)


HANDLERS: list[Any] = [show_bulk, download_bulk, read_bulk, confirm_bulk]


def _plan(request: Asking, intake: Intake, content: bytes) -> Plan:
    home = request.user.community_id
    with intake.store.read() as tx:
        today = rows.today_of(tx, home, intake.clock())
        return bulk.plan(tx, home, author(request), content, today)


def _content(kept: str) -> bytes:
    try:
        return b64decode(kept, validate=True)
    except (NotBase64, ValueError):
        raise Refusal("roster.no_file") from None


def _page(request: Asking, planned: Plan | None, content: str, done: int | None = None) -> Template:
    order = {"error": 0, "new": 1, "change": 2, "same": 3}
    lines = sorted(planned.lines, key=lambda line: order[line.state]) if planned else []
    return page.page(
        request,
        "office/people/bulk.html",
        "成批改",
        "people",
        planned=planned is not None,
        lines=[line for line in lines if line.state != "same"],
        counts={one: planned.count(one) if planned else 0 for one in order},
        digest=planned.digest if planned else "",
        content=content,
        done=-2 if done is None else done,
    )
