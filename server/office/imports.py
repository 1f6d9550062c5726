"""名册导入: a file is read and shown, then written, and for a day it can be taken back."""

from typing import Any

from litestar import get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, MultipartBody
from litestar.response import Response, Template

from server import rosters
from server.access import address_of
from server.identities import Vault
from server.intake import Intake
from server.office import forms, import_view, page, uploads
from server.office.page import GUARDS, Asking
from server.roster_files import MAX_BYTES
from server.rosters import Importer, plans
from server.store import corrections, duplicates, roster_missing
from server.store import rosters as rows
from sync.operations import stamp
from sync.refusals import Refusal

# Somewhat more than a roster may have, so that the reader itself says what to do.
MAX_UPLOAD = 32 * 1024 * 1024


def importer(request: Asking) -> Importer:
    person = request.user
    return Importer(person.community_id, person.id, person.role, address_of(request))


def vault_of(request: Asking) -> Vault:
    return Vault(request.app.state.settings.secret)


@get("/office/imports", guards=GUARDS, sync_to_thread=True)
def show_imports(request: Asking, intake: NamedDependency[Intake]) -> Template:
    """The way in, what waits for correction, and what was imported before."""
    community_id = request.user.community_id
    with intake.store.read() as tx:
        batches = rows.latest(tx, community_id)
        waiting = sum(corrections.count(tx, community_id).values())
        missing = len(roster_missing.waiting(tx, community_id))
        twins = len(duplicates.people(tx, community_id)) + len(duplicates.doors(tx, community_id))
    return page.page(
        request,
        "office/imports/page.html",
        "名册导入",
        "imports",
        batches=batches,
        waiting=waiting,
        missing=missing,
        twins=twins,
        limit=MAX_BYTES // 1024 // 1024,
    )


@post(
    "/office/imports",
    guards=GUARDS,
    status_code=200,
    sync_to_thread=True,
    request_max_body_size=MAX_UPLOAD,
    exception_handlers=uploads.beyond_measure("roster.too_big", MAX_BYTES),
)
def read_import(
    request: Asking, data: MultipartBody[dict[str, Any]], intake: NamedDependency[Intake]
) -> Response[Any]:
    """Read a file and show what importing it would do. Nothing is written."""
    name, content = uploads.of(data, "roster.no_file", MAX_BYTES)
    batch_id = rosters.preview(intake, vault_of(request), importer(request), name, content)
    return page.go(request, f"/office/imports/{batch_id}")


@get("/office/imports/{batch_id:str}", guards=GUARDS, sync_to_thread=True)
def show_import(
    request: Asking, batch_id: FromPath[str], intake: NamedDependency[Intake]
) -> Template:
    """One import: what it would do, how far it is, or what it did."""
    ident, now = forms.ident(batch_id), stamp(intake.clock())
    with intake.store.read() as tx:
        view = import_view.of(tx, vault_of(request), request.user.community_id, ident, now)
    template = "preview" if view["batch"].state == "preview" else "result"
    return page.page(request, f"office/imports/{template}.html", "名册导入", "imports", **view)


@get("/office/imports/{batch_id:str}/changes", guards=GUARDS, sync_to_thread=True)
def show_changes(
    request: Asking,
    batch_id: FromPath[str],
    intake: NamedDependency[Intake],
    show: FromQuery[str] = "changed",
) -> Template:
    """Whom an import would add, or what it would change from what to what."""
    ident, community_id = forms.ident(batch_id), request.user.community_id
    with intake.store.read() as tx:
        batch = import_view.batch_of(tx, community_id, ident)
        if batch.state != "preview":
            raise Refusal("roster.not_waiting")
        cipher = rows.plan_of(tx, community_id, ident)
        kept = plans.unlock(vault_of(request), ident, cipher)
        found = import_view.changes(kept, tx, community_id, show)
    return page.page(
        request,
        "office/imports/changes.html",
        "名册导入",
        "imports",
        batch=batch,
        changes=found,
        show=show,
        limit=import_view.MOST_SHOWN,
    )


@post(
    "/office/imports/{batch_id:str}/confirmations",
    guards=GUARDS,
    status_code=200,
    sync_to_thread=True,
)
def confirm_import(
    request: Asking, batch_id: FromPath[str], intake: NamedDependency[Intake]
) -> Response[Any]:
    ident, vault = forms.ident(batch_id), vault_of(request)
    rosters.confirm(intake, vault, importer(request), ident)
    rosters.start(intake, vault, request.user.community_id, ident)
    return page.go(request, f"/office/imports/{ident}")


@post("/office/imports/{batch_id:str}/drops", guards=GUARDS, status_code=200, sync_to_thread=True)
def drop_import(
    request: Asking, batch_id: FromPath[str], intake: NamedDependency[Intake]
) -> Response[Any]:
    rosters.drop(intake, importer(request), forms.ident(batch_id))
    return page.go(request, "/office/imports")


@post("/office/imports/{batch_id:str}/undos", guards=GUARDS, status_code=200, sync_to_thread=True)
def undo_import(
    request: Asking, batch_id: FromPath[str], intake: NamedDependency[Intake]
) -> Response[Any]:
    """Take back what nobody has touched since; the rest is listed."""
    ident = forms.ident(batch_id)
    rosters.undo(intake, importer(request), ident)
    rosters.start(intake, vault_of(request), request.user.community_id, ident)
    return page.go(request, f"/office/imports/{ident}")
