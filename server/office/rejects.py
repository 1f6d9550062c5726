"""待修正: rows of rosters that could not be taken, corrected in place or left out for a reason."""

from collections.abc import Callable
from typing import Any
from urllib.parse import quote

from litestar import get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, URLEncodedBody
from litestar.response import Response, Template

from server import rosters
from server.access import address_of, write_audit
from server.identities import Vault
from server.intake import Intake
from server.office import forms, import_view, page, reject_sheet
from server.office.forms import FormData
from server.office.page import GUARDS, Asking
from server.rosters import Importer
from server.rosters.correcting import tidy_text
from server.store import corrections
from server.store import rosters as rows
from server.store.corrections import Row
from server.store.database import Tx
from sync.refusals import Refusal
from sync.roster_results import Draft

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MAX_CELL, MAX_REASON = 200, 200
# More rows than a roster may have.
MOST = 50_000

# The cells that can be typed anew, in the order of a roster.
CELLS = {
    "compound": "小区",
    "building": "楼栋",
    "unit": "单元",
    "floor": "楼层",
    "door": "门牌",
    "address": "住址",
    "name": "姓名",
    "relation": "与户主关系",
    "sex": "性别",
    "birth": "出生日期",
    "phone": "电话",
    "labels": "类别",
    "tenure": "房屋性质",
    "note": "备注",
}


@get("/office/rejects", guards=GUARDS, sync_to_thread=True)
def show_rejects(
    request: Asking,
    intake: NamedDependency[Intake],
    batch: FromQuery[str] = "",
    done: FromQuery[str] = "",
) -> Template:
    """Every row that waits, or those of one import."""
    chosen = forms.ident(batch) if batch else ""
    vault, community_id = _vault(request), request.user.community_id
    with intake.store.read() as tx:
        found = corrections.waiting(tx, community_id, chosen)
        counted = corrections.count(tx, community_id)
    shown = [
        {"row": row, "cells": import_view.written(_draft(row), _id_text(vault, request, row))}
        for row in found
    ]
    return page.page(
        request,
        "office/imports/rejects.html",
        "待修正",
        "imports",
        shown=shown,
        batch=chosen,
        total=sum(counted.values()),
        said=done if done in ("imported", "skipped", "dismissed") else "",
    )


@get("/office/rejects/{batch_id:str}/{number:str}", guards=GUARDS, sync_to_thread=True)
def show_reject(
    request: Asking, batch_id: FromPath[str], number: FromPath[str], intake: NamedDependency[Intake]
) -> Template:
    """One row with its cells to type into. It shows the whole ID cell, which is written down."""
    ident = forms.ident(batch_id)
    with intake.store.read() as tx:
        row = _row(tx, request, ident, _number(number))
    write_audit(request, request.user, "identity.view", f"{ident}/{number}")
    return _page(request, row)


@post(
    "/office/rejects/{batch_id:str}/{number:str}/corrections",
    guards=GUARDS,
    status_code=200,
    sync_to_thread=True,
)
def correct_reject(
    request: Asking,
    batch_id: FromPath[str],
    number: FromPath[str],
    data: URLEncodedBody[FormData],
    intake: NamedDependency[Intake],
) -> Response[Any]:
    """Read again by the same rules: it goes in, or stays with what is wrong now."""
    ident = forms.ident(batch_id)
    typed = {name: forms.text(data, name, label, MAX_CELL) for name, label in CELLS.items()}
    id_text = forms.text(data, "id_text", "身份证号", MAX_CELL)
    state = rosters.correct(
        intake, _vault(request), _importer(request), ident, _number(number), typed, id_text
    )
    if state == "waiting":
        return page.go(request, f"/office/rejects/{ident}/{number}")
    return page.go(request, f"/office/rejects?done={state}")


@post(
    "/office/rejects/{batch_id:str}/{number:str}/dismissals",
    guards=GUARDS,
    status_code=200,
    sync_to_thread=True,
)
def dismiss_reject(
    request: Asking,
    batch_id: FromPath[str],
    number: FromPath[str],
    data: URLEncodedBody[FormData],
    intake: NamedDependency[Intake],
) -> Response[Any]:
    reason = forms.text(data, "reason", "为什么不收", MAX_REASON, needed=True)
    ident = forms.ident(batch_id)
    rosters.dismiss(intake, _importer(request), ident, _number(number), reason)
    return page.go(request, "/office/rejects?done=dismissed")


@get("/office/rejects/download", guards=GUARDS, sync_to_thread=True)
def download_rejects(
    request: Asking, intake: NamedDependency[Intake], batch: FromQuery[str] = ""
) -> Response[bytes]:
    """The waiting rows as a workbook to be corrected and imported again; ID numbers masked."""
    return _download(request, intake, batch, "", import_view.masked)


@post("/office/rejects/downloads", guards=GUARDS, status_code=200, sync_to_thread=True)
def download_whole_rejects(
    request: Asking, data: URLEncodedBody[FormData], intake: NamedDependency[Intake]
) -> Response[bytes]:
    """The same with whole ID numbers, for a reason that is written down first."""
    asked = forms.text(data, "reason", "为什么要身份证号", MAX_REASON, needed=True)
    reason = tidy_text(asked)
    return _download(request, intake, forms.one(data, "batch"), reason, str)


def _download(
    request: Asking, intake: Intake, batch: str, reason: str, shown: Callable[[str], str]
) -> Response[bytes]:
    chosen = forms.ident(batch) if batch else ""
    vault, community_id = _vault(request), request.user.community_id
    write_audit(request, request.user, "export", "rejects", detail=reason or chosen)
    with intake.store.read() as tx:
        found = corrections.waiting(tx, community_id, chosen, MOST)
        compounds = rows.compounds(tx, community_id)
    lines = [(row, shown(_id_text(vault, request, row))) for row in found]
    name = quote("待修正.xlsx")
    return Response(
        reject_sheet.workbook(lines, compounds),
        media_type=XLSX,
        headers={
            "Content-Disposition": f"attachment; filename=rejects.xlsx; filename*=UTF-8''{name}"
        },
    )


def _page(request: Asking, row: Row) -> Template:
    draft = _draft(row)
    return page.page(
        request,
        "office/imports/reject.html",
        "待修正",
        "imports",
        row=row,
        cells=[(name, label, getattr(draft, name)) for name, label in CELLS.items()],
        id_text=_id_text(_vault(request), request, row),
        above=" ".join(filter(None, draft.above or ())),
    )


def _row(tx: Tx, request: Asking, batch_id: str, number: int) -> Row:
    row = corrections.find(tx, request.user.community_id, batch_id, number)
    if row is None:
        raise Refusal("record.unknown")
    if row.state != "waiting":
        raise Refusal("roster.row_decided")
    return row


def _number(given: str) -> int:
    if not (given.isascii() and given.isdigit() and len(given) < 7):
        raise Refusal("record.unknown")
    return int(given)


def _draft(row: Row) -> Draft:
    return reject_sheet.draft_of(row)


def _id_text(vault: Vault, request: Asking, row: Row) -> str:
    return rosters.id_text_of(vault, request.user.community_id, row)


def _vault(request: Asking) -> Vault:
    return Vault(request.app.state.settings.secret)


def _importer(request: Asking) -> Importer:
    person = request.user
    return Importer(person.community_id, person.id, person.role, address_of(request))
