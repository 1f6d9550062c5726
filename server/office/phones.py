"""手机: who fails to send, what lacks, and the one thing to do about it."""

from typing import Any

from litestar import get
from litestar.di import NamedDependency
from litestar.params import FromQuery
from litestar.response import Template

from server import shell
from server.intake import Intake
from server.office import page, phones_view, typed
from server.office.page import GUARDS, Asking
from server.office.person import PEOPLE
from sync.scope import OFFICE

MAX_NAME = 40


@get("/office/phones", guards=GUARDS, opt=PEOPLE, sync_to_thread=True)
def show_phones(
    request: Asking,
    intake: NamedDependency[Intake],
    show: FromQuery[str] = "",
) -> Template:
    """Every phone, failing ones first."""
    version, _ = shell.shell()
    with intake.store.read() as tx:
        person = request.user
        pin_required = page.community_of(tx, person.community_id).pin_required
        rows = phones_view.listed(tx, person.community_id, person.role, intake.clock(), version)
    show, q = show if show in phones_view.SHOWN else "", typed.words(request)[:MAX_NAME]
    return page.page(
        request,
        "office/phones/page.html",
        "手机",
        "phones",
        rows=phones_view.chosen(rows, show, q),
        counts=phones_view.counts(rows),
        show=show,
        q=q,
        may_import=request.user.role in OFFICE,
        pin_required=pin_required,
    )


HANDLERS: list[Any] = [show_phones]
