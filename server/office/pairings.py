"""结对: volunteers and leaders who look after old people, and what they reported."""

from typing import Any

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, URLEncodedBody
from litestar.response import Template

from server.intake import Intake
from server.office import doors, forms, page
from server.office.forms import FormData
from server.office.page import GUARDS, Asking
from server.store import pairings as reads
from server.store.database import Tx
from server.store.records import Records
from sync.records import Pairing, Resident
from sync.refusals import Refusal

MAX_NAME = 60


@get("/office/pairings", guards=GUARDS, sync_to_thread=True)
def show_pairings(request: Asking, intake: NamedDependency[Intake]) -> Template:
    """Every pair that goes on, by door, with when they were last in touch."""
    with intake.store.read() as tx:
        pairs = reads.listed(tx, request.user.community_id)
    return page.page(request, "office/pairings/page.html", "结对", "plans", pairs=pairs)


@post(
    "/office/residents/{resident_id:str}/pairings",
    guards=GUARDS,
    status_code=200,
    sync_to_thread=True,
)
def add_pairing(
    request: Asking,
    resident_id: FromPath[str],
    data: URLEncodedBody[FormData],
    intake: NamedDependency[Intake],
) -> Response[Any]:
    """A volunteer with name and telephone, or a leader with an account."""
    person = forms.ident(resident_id)
    with intake.store.read() as tx:
        home = _home_of(tx, request.user.community_id, person)
        leader = _leader(tx, request.user.community_id, forms.one(data, "leader_id"))
    given = leader or {
        "name": forms.text(data, "name", "志愿者姓名", MAX_NAME, needed=True),
        "phone": forms.phone(data, "phone") if forms.one(data, "phone") else "",
    }
    added = {"resident_id": person, **given}
    receipt = forms.send(intake, request.user, "pairing.add", added, data)
    return doors.again(request, intake, home, f"已和 {given['name']} 结对。", receipt)


@post(
    "/office/pairings/{pairing_id:str}/endings",
    guards=GUARDS,
    status_code=200,
    sync_to_thread=True,
)
def end_pairing(
    request: Asking,
    pairing_id: FromPath[str],
    data: URLEncodedBody[FormData],
    intake: NamedDependency[Intake],
) -> Response[Any]:
    ended = forms.ident(pairing_id)
    with intake.store.read() as tx:
        found = Records(tx, request.user.community_id).get("pairing", ended)
    if not isinstance(found, Pairing):
        raise Refusal("record.unknown")
    receipt = forms.send(intake, request.user, "pairing.end", {"id": ended}, data)
    return doors.again(request, intake, found.household_id, "结对已结束。", receipt)


HANDLERS: list[Any] = [show_pairings, add_pairing, end_pairing]


def _home_of(tx: Tx, community_id: str, resident_id: str) -> str:
    found = Records(tx, community_id).get("resident", resident_id)
    if not isinstance(found, Resident):
        raise Refusal("record.unknown")
    return found.household_id


def _leader(tx: Tx, community_id: str, leader_id: str) -> dict[str, str]:
    """Name, telephone and account of a leader; nothing where none was chosen."""
    if not leader_id:
        return {}
    for one in reads.leaders(tx, community_id):
        if one["id"] == leader_id:
            return {"name": one["name"], "phone": one["phone"], "leader_id": leader_id}
    raise Refusal("person.unknown")
