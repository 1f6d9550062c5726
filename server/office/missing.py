"""待核: people whom a later roster no longer names. Nobody is deleted; somebody looks."""

from typing import Any

from litestar import get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, URLEncodedBody
from litestar.response import Response, Template

from server.intake import Intake
from server.intake.writing import Writing
from server.office import forms, page
from server.office.forms import FormData
from server.office.page import GUARDS, Asking
from server.store import roster_missing
from server.store.records import Records
from sync.care import GONE
from sync.operations import stamp
from sync.records import Resident
from sync.refusals import Refusal

HOW = ("here", "visit", "moved_out", "deceased")
ASKS = "新名册里没有这个人了，请上门核实是否还住在这里。"


@get("/office/missing", guards=GUARDS, sync_to_thread=True)
def show_missing(request: Asking, intake: NamedDependency[Intake]) -> Template:
    with intake.store.read() as tx:
        found = roster_missing.waiting(tx, request.user.community_id)
    return page.page(
        request,
        "office/imports/missing.html",
        "名册里没有了",
        "imports",
        people=found,
        limit=roster_missing.SHOWN,
    )


@post(
    "/office/missing/{resident_id:str}/settlements",
    guards=GUARDS,
    status_code=200,
    sync_to_thread=True,
)
def settle_missing(
    request: Asking,
    resident_id: FromPath[str],
    data: URLEncodedBody[FormData],
    intake: NamedDependency[Intake],
) -> Response[Any]:
    """Still there or gone, as the office knows; or somebody shall go and look."""
    ident, person = forms.ident(resident_id), request.user
    how = forms.code(data, "how", "核实结果", HOW)
    if how != "here":
        with intake.store.read() as tx:
            resident = Records(tx, person.community_id).get("resident", ident)
        if not isinstance(resident, Resident):
            raise Refusal("record.unknown")
        kind, said = _said(resident, how)
        forms.send(intake, person, kind, said, data, resident.version)

    def work(writing: Writing) -> None:
        at = stamp(writing.now)
        roster_missing.settle(writing.tx, person.community_id, ident, person.id, at)

    intake.do(person.community_id, work)
    return page.go(request, "/office/missing")


def _said(resident: Resident, how: str) -> tuple[str, dict[str, Any]]:
    """What the answer records: who has gone is knocked at no more, at once."""
    if how in GONE:
        return "resident.change", {"id": resident.id, "changes": {"status": how}}
    asked = {"household_id": resident.household_id, "resident_ids": [resident.id], "reason": ASKS}
    return "task.add", asked
