"""户: a door with everything behind it, and the forms that change it."""

from typing import Any

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, URLEncodedBody
from litestar.response import Template

from server.intake import Intake
from server.office import doors, forms, page, roster_forms, stale
from server.office.forms import FormData
from server.office.page import GUARDS, Asking
from server.office.stale import NOTHING
from server.office.trail import note_view
from server.store.records import Records
from sync.records import Contact
from sync.refusals import Refusal


@get("/office/households/{household_id:str}", guards=GUARDS, sync_to_thread=True)
def show_household(
    request: Asking, household_id: FromPath[str], intake: NamedDependency[Intake]
) -> Template:
    view = doors.view(request, intake, forms.ident(household_id))
    if view.answers:
        note_view(request, "household", view.household.id)
    more = {"view": view, "said": "", "typed": NOTHING}
    return page.page(request, doors.PAGE, doors.title_of(view), "buildings", **more)


@post(
    "/office/households/{household_id:str}/changes",
    guards=GUARDS,
    status_code=200,
    sync_to_thread=True,
)
def change_household(
    request: Asking,
    household_id: FromPath[str],
    data: URLEncodedBody[FormData],
    intake: NamedDependency[Intake],
) -> Response[Any]:
    changes = roster_forms.household_changes(data)
    wanted = roster_forms.whole_door(data)
    typed = stale.typed(intake, request.user, "household", household_id, data, wanted, changes)
    if typed.met:
        return doors.not_saved(request, intake, household_id, typed)
    change = {"id": forms.ident(household_id), "changes": changes}
    base = forms.base_of(data)
    receipt = forms.send(intake, request.user, "household.change", change, data, base)
    return doors.again(request, intake, household_id, "户信息已改。", receipt)


@post(
    "/office/households/{household_id:str}/residents",
    guards=GUARDS,
    status_code=200,
    sync_to_thread=True,
)
def add_resident(
    request: Asking,
    household_id: FromPath[str],
    data: URLEncodedBody[FormData],
    intake: NamedDependency[Intake],
) -> Response[Any]:
    home = forms.ident(household_id)
    added = roster_forms.new_resident(data, home, page.today_of(request))
    receipt = forms.send(intake, request.user, "resident.add", added, data)
    return doors.again(request, intake, home, f"已加 {added['name']}。", receipt)


@post(
    "/office/households/{household_id:str}/contacts",
    guards=GUARDS,
    status_code=200,
    sync_to_thread=True,
)
def add_contact(
    request: Asking,
    household_id: FromPath[str],
    data: URLEncodedBody[FormData],
    intake: NamedDependency[Intake],
) -> Response[Any]:
    home = forms.ident(household_id)
    added = roster_forms.new_contact(data, home, page.today_of(request))
    receipt = forms.send(intake, request.user, "contact.add", added, data)
    return doors.again(request, intake, home, "电话已加。", receipt)


@post(
    "/office/contacts/{contact_id:str}/changes", guards=GUARDS, status_code=200, sync_to_thread=True
)
def change_contact(
    request: Asking,
    contact_id: FromPath[str],
    data: URLEncodedBody[FormData],
    intake: NamedDependency[Intake],
) -> Response[Any]:
    home = _household_of(intake, request.user.community_id, contact_id)
    changes = roster_forms.contact_changes(data, page.today_of(request))
    wanted = roster_forms.contact(data)
    typed = stale.typed(intake, request.user, "contact", contact_id, data, wanted, changes)
    if typed.met:
        return doors.not_saved(request, intake, home, typed)
    change = {"id": contact_id, "changes": changes}
    base = forms.base_of(data)
    receipt = forms.send(intake, request.user, "contact.change", change, data, base)
    return doors.again(request, intake, home, "电话已改。", receipt)


@post(
    "/office/contacts/{contact_id:str}/removals",
    guards=GUARDS,
    status_code=200,
    sync_to_thread=True,
)
def remove_contact(
    request: Asking,
    contact_id: FromPath[str],
    data: URLEncodedBody[FormData],
    intake: NamedDependency[Intake],
) -> Response[Any]:
    home = _household_of(intake, request.user.community_id, contact_id)
    receipt = forms.send(intake, request.user, "contact.remove", {"id": contact_id}, data)
    return doors.again(request, intake, home, "电话已删。", receipt)


@post(
    "/office/households/{household_id:str}/visits",
    guards=GUARDS,
    status_code=200,
    sync_to_thread=True,
)
def record_call(
    request: Asking,
    household_id: FromPath[str],
    data: URLEncodedBody[FormData],
    intake: NamedDependency[Intake],
) -> Response[Any]:
    """A telephone call that the office made itself."""
    called = {
        "household_id": forms.ident(household_id),
        "type": "phone",
        "method": "phone",
        "result": forms.code(data, "result", "结果", ("phone_ok", "not_home", "no_answer")),
        "resident_ids": forms.many(data, "resident_ids", 50),
        "note": forms.text(data, "note", "备注", 1000),
    }
    if forms.one(data, "pairing_id"):
        called["pairing_id"] = forms.ident(forms.one(data, "pairing_id"))
    receipt = forms.send(intake, request.user, "visit.record", called, data)
    return doors.again(request, intake, household_id, "电话已记。", receipt)


def _household_of(intake: Intake, community_id: str, contact_id: str) -> str:
    with intake.store.read() as tx:
        found = Records(tx, community_id).get("contact", forms.ident(contact_id))
    if not isinstance(found, Contact):
        raise Refusal("record.unknown")
    return found.household_id
