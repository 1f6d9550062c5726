"""备份: when the last verified one was made, and which are kept."""

from datetime import timedelta
from typing import Any

from litestar import Request, get
from litestar.di import NamedDependency
from litestar.response import Template

from server import backup_folder
from server.intake import Intake
from server.office import page
from server.office.page import GUARDS
from server.office.person import PEOPLE
from server.people import Person
from server.settings import Settings
from server.store import system
from sync.operations import stamp

LISTED = 30
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
    is_recent = restored_at > stamp(now - TOLD_FOR)
    return page.page(
        request,
        "office/backups/page.html",
        "备份",
        "backups",
        standing=backup_folder.standing(folder, now),
        kept=[one.backup for one in backup_folder.listed(folder)[:LISTED]] if folder else [],
        broken=[one.backup for one in backup_folder.broken(folder)] if folder else [],
        keep=settings.keep,
        restored={"at": restored_at if is_recent else "", "from": restored_from},
    )
