"""备份: when the last verified one was made, and which are kept."""

from datetime import timedelta
from typing import Any

from litestar import Request, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, URLEncodedBody
from litestar.response import Template

from server import backup_folder
from server.access import write_audit
from server.backup_job import BackupJob
from server.intake import Intake
from server.office import forms, page
from server.office.forms import FormData
from server.office.page import GUARDS
from server.office.person import PEOPLE
from server.people import Person
from server.running.restarting import Restarts
from server.settings import Settings
from server.store import system
from sync.operations import stamp
from sync.refusals import Refusal

LISTED = 30
# What is typed to show that a restore is meant.
WORD = "恢复"
# By then every phone that is still carried has been heard of.
TOLD_FOR = timedelta(days=30)


@get("/office/backups", guards=GUARDS, opt=PEOPLE, sync_to_thread=True)
def show_backups(
    request: Request[Person, str, Any],
    intake: NamedDependency[Intake],
    settings: NamedDependency[Settings],
) -> Template:
    with intake.store.read() as tx:
        restored_at, restored_from = system.restored(tx)
    folder, now = settings.backups, intake.clock()
    job: BackupJob = request.app.state.backup
    restarts: Restarts = request.app.state.restarts
    is_recent = restored_at > stamp(now - TOLD_FOR)
    return page.page(
        request,
        "office/backups/page.html",
        "备份",
        "server",
        standing=backup_folder.standing(folder, now),
        kept=[(one.path.name, one.backup) for one in backup_folder.listed(folder)[:LISTED]]
        if folder
        else [],
        broken=[one.backup for one in backup_folder.broken(folder)] if folder else [],
        keep=settings.keep,
        making={"is_running": job.is_running, "said": job.said},
        restarts=restarts,
        may_restore=restarts.can and request.user.role == "admin",
        restored={"at": restored_at if is_recent else "", "from": restored_from},
    )


@post("/office/backups", guards=GUARDS, opt=PEOPLE, status_code=200, sync_to_thread=True)
def make_backup(request: Request[Person, str, Any]) -> Response[Any]:
    """One more at once; it is made beside the server, and the page looks until it is there."""
    if request.app.state.settings.backups is None:
        raise Refusal("backup.off")
    write_audit(request, request.user, "server.backup", "backups")
    request.app.state.backup.start()
    return page.go(request, "/office/backups")


@post(
    "/office/backups/{name:str}/restores",
    guards=GUARDS,
    opt={"roles": {"admin"}},
    status_code=200,
    sync_to_thread=True,
)
def restore_backup(
    request: Request[Person, str, Any],
    name: FromPath[str],
    data: URLEncodedBody[FormData],
    settings: NamedDependency[Settings],
) -> Response[Any] | Template:
    """Serve this backup from now on: the server stops and starts again by itself."""
    restarts: Restarts = request.app.state.restarts
    listed = backup_folder.listed(settings.backups) if settings.backups else []
    chosen = next((one for one in listed if one.path.name == name), None)
    if chosen is None or not restarts.can:
        raise Refusal("backup.unknown" if chosen is None else "backup.by_command")
    if forms.text(data, "word", "确认", 20) != WORD:
        raise Refusal("backup.unconfirmed")
    write_audit(request, request.user, "server.restore_asked", "backups", detail=name)
    answer = page.page(
        request, "office/backups/restoring.html", "正在恢复", "server", backup=chosen.backup
    )
    restarts.ask(chosen.path)
    return answer


HANDLERS: list[Any] = [show_backups, make_backup, restore_backup]
