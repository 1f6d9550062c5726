"""Field pages as the server draws them, for browsers without the worker and for the first visit."""

from typing import Any

from litestar import Request, Response, get, post
from litestar.params import FromPath, FromQuery, URLEncodedBody

from server.field.answering import show
from server.people import Person
from sync.scope import FIELD, OFFICE

Asking = Request[Person, str, Any]
Page = Response[str]

WALKERS = {"roles": FIELD}
AT_DOORS = {"roles": FIELD | {"leader"}}
EVERYBODY = {"roles": FIELD | OFFICE | {"leader", "street", "admin"}}


@get("/today", opt=WALKERS, sync_to_thread=True)
def show_today(request: Asking) -> Page:
    return show(request, "today", {})


@get("/buildings", opt=AT_DOORS, sync_to_thread=True)
def show_buildings(request: Asking) -> Page:
    return show(request, "buildings", {})


@get("/buildings/{building_id:str}", opt=AT_DOORS, sync_to_thread=True)
def show_building(
    request: Asking,
    building_id: FromPath[str],
    door: FromQuery[str] = "",
) -> Page:
    shown = request.query_params.get("show", "")
    return show(request, "building", {"id": building_id, "door": door, "show": shown})


@get("/households/{household_id:str}", opt=AT_DOORS, sync_to_thread=True)
def show_household(
    request: Asking, household_id: FromPath[str], saved: FromQuery[str] = ""
) -> Page:
    return show(request, "household", {"id": household_id, "saved": saved})


@get("/households/{household_id:str}/visit", opt=WALKERS, sync_to_thread=True)
def show_visit_form(
    request: Asking,
    household_id: FromPath[str],
    error: FromQuery[str] = "",
    field: FromQuery[str] = "",
) -> Page:
    asked = request.query_params
    again = {name: asked.get(name, "") for name in ("from", "care", "list")}
    params = {"id": household_id, "error": error, "field": field, **again}
    return show(request, "visit", params)


@get("/households/{household_id:str}/contact", opt=WALKERS, sync_to_thread=True)
def show_new_contact(
    request: Asking,
    household_id: FromPath[str],
    error: FromQuery[str] = "",
    field: FromQuery[str] = "",
) -> Page:
    params = {"household_id": household_id, "id": household_id, "error": error, "field": field}
    return show(request, "contact", params)


@get("/households/{household_id:str}/ladder", opt=WALKERS, sync_to_thread=True)
def show_ladder(request: Asking, household_id: FromPath[str], error: FromQuery[str] = "") -> Page:
    return show(request, "ladder", {"id": household_id, "error": error})


@get("/households/{household_id:str}/event", opt=WALKERS, sync_to_thread=True)
def show_event_form(
    request: Asking,
    household_id: FromPath[str],
    error: FromQuery[str] = "",
    field: FromQuery[str] = "",
) -> Page:
    return show(request, "event", {"id": household_id, "error": error, "field": field})


@get("/residents/{resident_id:str}/proposal", opt=WALKERS, sync_to_thread=True)
def show_proposal(
    request: Asking,
    resident_id: FromPath[str],
    error: FromQuery[str] = "",
    field: FromQuery[str] = "",
) -> Page:
    return show(request, "proposal", {"id": resident_id, "error": error, "field": field})


@get("/contacts/{contact_id:str}/change", opt=WALKERS, sync_to_thread=True)
def show_contact(
    request: Asking,
    contact_id: FromPath[str],
    error: FromQuery[str] = "",
    field: FromQuery[str] = "",
) -> Page:
    params = {"id": contact_id, "error": error, "field": field}
    return show(request, "contact", params)


@get("/visits/{visit_id:str}/correction", opt=WALKERS, sync_to_thread=True)
def show_correction(
    request: Asking,
    visit_id: FromPath[str],
    error: FromQuery[str] = "",
    field: FromQuery[str] = "",
) -> Page:
    params = {"id": visit_id, "error": error, "field": field}
    return show(request, "correction", params)


@get("/followups", opt=WALKERS, sync_to_thread=True)
def show_followups(request: Asking) -> Page:
    return show(request, "followups", {})


@get("/followups/{followup_id:str}", opt=WALKERS, sync_to_thread=True)
def show_followup(
    request: Asking,
    followup_id: FromPath[str],
    error: FromQuery[str] = "",
    field: FromQuery[str] = "",
) -> Page:
    return show(request, "followup", {"id": followup_id, "error": error, "field": field})


@get("/pairs", opt={"roles": frozenset({"leader"})}, sync_to_thread=True)
def show_pairs(request: Asking, error: FromQuery[str] = "") -> Page:
    return show(request, "pairs", {"error": error})


@get("/search", opt=WALKERS, sync_to_thread=True)
def show_search(request: Asking, q: FromQuery[str] = "") -> Page:
    return show(request, "search", {"q": q})


@post("/search", opt=WALKERS, status_code=200, sync_to_thread=True)
def find(request: Asking, data: URLEncodedBody[dict[str, Any]]) -> Page:
    """The same where no phone answers: what is typed stays out of addresses."""
    return show(request, "search", {"q": str(data.get("q", ""))})


@get("/outbox", opt=AT_DOORS, sync_to_thread=True)
def show_outbox(request: Asking) -> Page:
    return show(request, "outbox", {})


@get("/me", opt=EVERYBODY, sync_to_thread=True)
def show_me(request: Asking, said: FromQuery[str] = "", error: FromQuery[str] = "") -> Page:
    return show(request, "me", {"said": said, "error": error})


@get("/feedback", opt=EVERYBODY, sync_to_thread=True)
def show_feedback(
    request: Asking,
    page: FromQuery[str] = "",
    error: FromQuery[str] = "",
    sent: FromQuery[int] = 0,
) -> Page:
    return show(request, "feedback", {"page": page, "error": error, "sent": sent})


HANDLERS: list[Any] = [
    show_today,
    show_buildings,
    show_building,
    show_household,
    show_visit_form,
    show_new_contact,
    show_event_form,
    show_proposal,
    show_ladder,
    show_contact,
    show_correction,
    show_followups,
    show_followup,
    show_pairs,
    show_search,
    find,
    show_outbox,
    show_me,
    show_feedback,
]
