"""Field forms as the server takes them: the same URLs, fields and fragments as on the phone."""

import asyncio
from typing import Any

from litestar import Request, Response, post
from litestar.params import FromPath, URLEncodedBody
from litestar.response import Redirect

from server.field import contact_forms, forms
from server.field.answering import (
    asked_of,
    asking_of,
    at_home,
    changed,
    draw_again,
    fields_of,
    form_id_of,
    is_swap,
    now_of,
    one,
    page,
    prepare,
    refuse,
    see_other,
    submit,
    today_of,
)
from server.field.forms import Filled
from server.field.photos import MAX_FORM, keep_photos, photos_of
from server.people import Person
from sync.refusals import Refusal
from sync.scope import FIELD, ROLES

Asking = Request[Person, str, Any]
Sent = URLEncodedBody[dict[str, Any]]
Answer = Response[str] | Redirect

WALKERS = {"roles": FIELD}
EVERYBODY = {"roles": ROLES}


@post(
    "/households/{household_id:str}/visits",
    opt=WALKERS,
    status_code=200,
    request_max_body_size=MAX_FORM,
)
async def record_visit(request: Asking, household_id: FromPath[str]) -> Answer:
    """With photos the form comes in parts; without it may come in one line, as from a phone."""
    fields, photos = await photos_of(request)
    return await asyncio.to_thread(_record_visit, request, household_id, fields, photos)


def _record_visit(
    request: Asking, household_id: str, fields: dict[str, list[str]], photos: list[bytes]
) -> Answer:
    household = one(request, "household", household_id)
    residents = at_home(request, household["id"])
    asking = asking_of(request, household, fields.get("list", []))
    now, today = now_of(request), today_of(request)
    filled = forms.visit(fields, household, residents, now, today, asking)
    if asking and not is_swap(request):
        why = forms.look_again(fields, asking)
        if filled.error or why:
            given = {"given": forms.visit_again(fields, asking), "list": _first(fields, "list")}
            said = {"error": filled.error, "field": filled.field}
            return draw_again(request, "visit", {"id": household_id, **given, **said, **why})
    if filled.error:
        return refuse(request, filled, f"/households/{household_id}/visit")
    try:
        filled.data.update(keep_photos(request, photos))
    except Refusal as refusal:
        refused = Filled({}, refusal.sentence, "photo")
        return refuse(request, refused, f"/households/{household_id}/visit")
    replaces = _first(fields, "replaces")
    form_id = form_id_of(fields)
    receipt = submit(request, "visit.record", filled.data, replaces=replaces, form_id=form_id)
    back = f"/households/{household_id}?saved={receipt.id}"
    return changed(request, "_saved", "saved_visit", receipt.id or "", back)


@post("/visits/{visit_id:str}/withdrawals", opt=WALKERS, status_code=200, sync_to_thread=True)
def withdraw_visit(request: Asking, visit_id: FromPath[str]) -> Answer:
    visit = one(request, "visit", visit_id)
    submit(request, "visit.withdraw", {"id": visit_id})
    back = f"/households/{visit['household_id']}"
    return changed(request, "_visit", "changed_visit", visit_id, back)


@post("/visits/{visit_id:str}/corrections", opt=WALKERS, status_code=200, sync_to_thread=True)
def correct_visit(request: Asking, visit_id: FromPath[str], data: Sent) -> Answer:
    visit = one(request, "visit", visit_id)
    fields = fields_of(data)
    residents = at_home(request, visit["household_id"])
    asked = asked_of(request, visit)
    filled = forms.correction(fields, visit, residents, today_of(request), asked)
    if filled.error:
        return refuse(request, filled, f"/visits/{visit_id}/correction")
    submit(request, "visit.correct", filled.data)
    back = f"/households/{visit['household_id']}"
    return changed(request, "_visit", "changed_visit", visit_id, back)


@post("/contacts/{contact_id:str}/changes", opt=WALKERS, status_code=200, sync_to_thread=True)
def change_contact(request: Asking, contact_id: FromPath[str], data: Sent) -> Answer:
    contact = one(request, "contact", contact_id)
    fields = fields_of(data)
    filled = contact_forms.contact_change(fields, contact, today_of(request))
    if filled.error:
        return refuse(request, filled, f"/contacts/{contact_id}/change")
    submit(request, "contact.change", filled.data, _base_of(fields, contact))
    back = f"/households/{contact['household_id']}"
    return changed(request, "_contact", "changed_contact", contact_id, back)


@post("/households/{household_id:str}/contacts", opt=WALKERS, status_code=200, sync_to_thread=True)
def add_contact(request: Asking, household_id: FromPath[str], data: Sent) -> Answer:
    household = one(request, "household", household_id)
    fields = fields_of(data)
    filled = contact_forms.contact_add(fields, household, today_of(request))
    if filled.error:
        return refuse(request, filled, f"/households/{household_id}/contact")
    receipt = submit(request, "contact.add", filled.data, form_id=form_id_of(fields))
    back = f"/households/{household_id}"
    return changed(request, "_contact", "changed_contact", receipt.id or "", back)


@post("/followups/{followup_id:str}/closings", opt=WALKERS, status_code=200, sync_to_thread=True)
def close_followup(request: Asking, followup_id: FromPath[str], data: Sent) -> Answer:
    found = one(request, "followup", followup_id)
    fields = fields_of(data)
    filled = forms.closing(fields, found)
    if filled.error:
        return refuse(request, filled, f"/followups/{followup_id}")
    submit(request, "followup.close", filled.data, form_id=form_id_of(fields))
    back = f"/households/{found['household_id']}"
    return changed(request, "_followup", "followup", followup_id, back)


@post("/households/{household_id:str}/events", opt=WALKERS, status_code=200, sync_to_thread=True)
def record_event(request: Asking, household_id: FromPath[str], data: Sent) -> Answer:
    """Something happened here: a fall, a death, home from hospital."""
    household = one(request, "household", household_id)
    fields = fields_of(data)
    filled = forms.life_event(fields, household, today_of(request))
    if filled.error:
        return refuse(request, filled, f"/households/{household_id}/event")
    submit(request, "life_event.record", filled.data, form_id=form_id_of(fields))
    return changed(request, "_event", "event", household_id, f"/households/{household_id}")


@post("/residents/{resident_id:str}/proposals", opt=WALKERS, status_code=200, sync_to_thread=True)
def propose_category(request: Asking, resident_id: FromPath[str], data: Sent) -> Answer:
    """A category that only the office gives; it is kept for the office to decide."""
    person = one(request, "resident", resident_id)
    fields = fields_of(data)
    filled = forms.proposal(fields, person)
    if filled.error:
        return refuse(request, filled, f"/residents/{resident_id}/proposal")
    form_id, base = form_id_of(fields), _base_of(fields, person)
    submit(request, "resident.change", filled.data, base, form_id=form_id, proposes=True)
    back = f"/households/{person['household_id']}"
    return changed(request, "_proposal", "proposal", resident_id, back)


@post(
    "/pairs/{pairing_id:str}/contacts",
    opt={"roles": frozenset({"leader"})},
    status_code=200,
    sync_to_thread=True,
)
def record_pair_contact(request: Asking, pairing_id: FromPath[str], data: Sent) -> Answer:
    """A leader was in touch with somebody they look after."""
    pair = one(request, "pair", pairing_id)
    fields = fields_of(data)
    filled = forms.pairing_contact(fields, pair)
    if filled.error:
        return refuse(request, filled, "/pairs")
    submit(request, "pairing.contact", filled.data, form_id=form_id_of(fields))
    return changed(request, "_pair", "changed_pair", pairing_id, "/pairs")


@post("/feedback", opt=EVERYBODY, status_code=200, sync_to_thread=True)
def send_feedback(request: Asking, data: Sent) -> Answer:
    fields = fields_of(data)
    filled = forms.feedback(fields)
    if filled.error:
        return refuse(request, filled, "/feedback")
    submit(request, "feedback.send", filled.data, form_id=form_id_of(fields))
    context = prepare(request, "feedback", {"sent": 1})
    assert context is not None
    return page("field/_thanks.html" if is_swap(request) else "field/feedback.html", context)


@post("/outbox/sync", opt=EVERYBODY, status_code=303, sync_to_thread=True)
def nothing_waits() -> Redirect:
    """Pages drawn here have nothing to send: what they save is already on the server."""
    return see_other("/outbox")


def _first(fields: dict[str, list[str]], name: str) -> str:
    return "".join(fields.get(name, [])[:1])


def _base_of(fields: dict[str, list[str]], record: dict[str, Any]) -> int:
    """The version that a form was drawn from."""
    base = "".join(fields.get("base", [])[:1])
    known: int = record["version"]
    return min(int(base), known) if base.isdecimal() and len(base) < 16 else known


HANDLERS: list[Any] = [
    record_visit,
    withdraw_visit,
    correct_visit,
    change_contact,
    add_contact,
    close_followup,
    record_event,
    propose_category,
    record_pair_contact,
    send_feedback,
    nothing_waits,
]
