"""Issues on field pages: the form where something is to be put right, and what became of it."""

import asyncio
from typing import Any

from litestar import Request, Response, get, post
from litestar.params import FromPath, FromQuery
from litestar.response import Redirect

from server.field.answering import (
    form_id_of,
    is_swap,
    missing,
    one,
    page,
    prepare,
    refuse,
    see_other,
    show,
    submit,
)
from server.field.forms import Filled, first
from server.field.issue_forms import raising, stepping
from server.field.photos import MAX_FORM, keep_photos, photos_of
from server.people import Person
from sync.refusals import Refusal
from sync.scope import FIELD

Asking = Request[Person, str, Any]
Answer = Response[str] | Redirect

WALKERS = {"roles": FIELD}
AT_DOORS = {"roles": FIELD | {"leader"}}


@get("/issues", opt=AT_DOORS, sync_to_thread=True)
def show_issues(request: Asking, saved: FromQuery[str] = "") -> Response[str]:
    return show(request, "issues", {"saved": saved})


@get("/issues/new", opt=AT_DOORS, sync_to_thread=True)
def show_new_issue(
    request: Asking, error: FromQuery[str] = "", field: FromQuery[str] = ""
) -> Response[str]:
    return show(request, "issue", {"error": error, "field": field})


@get("/buildings/{building_id:str}/issue", opt=AT_DOORS, sync_to_thread=True)
def show_issue_in_building(
    request: Asking,
    building_id: FromPath[str],
    error: FromQuery[str] = "",
    field: FromQuery[str] = "",
) -> Response[str]:
    here = {"id": building_id, "building_id": building_id}
    return show(request, "issue", {**here, "error": error, "field": field})


@get("/households/{household_id:str}/issue", opt=WALKERS, sync_to_thread=True)
def show_issue_at_door(
    request: Asking,
    household_id: FromPath[str],
    error: FromQuery[str] = "",
    field: FromQuery[str] = "",
) -> Response[str]:
    here = {"id": household_id, "household_id": household_id}
    return show(request, "issue", {**here, "error": error, "field": field})


@get("/issues/todo", opt=WALKERS, sync_to_thread=True)
def show_matters(request: Asking) -> Response[str]:
    return show(request, "matters", {})


@get("/issues/{issue_id:str}", opt=AT_DOORS, sync_to_thread=True)
def show_matter(
    request: Asking,
    issue_id: FromPath[str],
    error: FromQuery[str] = "",
    field: FromQuery[str] = "",
    sent: FromQuery[int] = 0,
) -> Response[str]:
    asked = {"id": issue_id, "error": error, "field": field, "sent": sent}
    return show(request, "matter", asked)


@post(
    "/issues/{issue_id:str}/steps",
    opt=AT_DOORS,
    status_code=200,
    request_max_body_size=MAX_FORM,
)
async def take_step(request: Asking, issue_id: FromPath[str]) -> Answer:
    """What was done about one, or what whoever raised it adds."""
    fields, photos = await photos_of(request)
    return await asyncio.to_thread(_take_step, request, issue_id, fields, photos)


def _take_step(
    request: Asking, issue_id: str, fields: dict[str, list[str]], photos: list[bytes]
) -> Answer:
    if prepare(request, "matter", {"id": issue_id}) is None:
        return missing(request, {"id": issue_id})
    again = f"/issues/{issue_id}"
    filled = stepping(fields, issue_id, len(photos))
    if filled.error:
        return refuse(request, filled, again)
    try:
        filled.data.update(keep_photos(request, photos))
    except Refusal as refusal:
        return refuse(request, Filled({}, refusal.sentence, "photo"), again)
    form_id, replaces = form_id_of(fields), first(fields, "replaces")
    submit(request, "issue.step", filled.data, replaces=replaces, form_id=form_id)
    if not is_swap(request):
        return see_other(f"{again}?sent=1")
    context = prepare(request, "matter", {"id": issue_id, "sent": 1})
    return missing(request, {}) if context is None else page("field/_matter.html", context)


@post("/issues", opt=AT_DOORS, status_code=200, request_max_body_size=MAX_FORM)
async def raise_issue(request: Asking) -> Answer:
    """Raise one, or join one that somebody raised. With photos the form comes in parts."""
    fields, photos = await photos_of(request)
    return await asyncio.to_thread(_raise_issue, request, fields, photos)


def _raise_issue(request: Asking, fields: dict[str, list[str]], photos: list[bytes]) -> Answer:
    door_id, building_id = first(fields, "household_id"), first(fields, "building_id")
    if door_id:
        building_id = one(request, "household", door_id)["building_id"]
    elif building_id:
        one(request, "building", building_id)
    back = f"/households/{door_id}" if door_id else f"/buildings/{building_id}"
    back = back if building_id and not first(fields, "nowhere") else ""
    again = f"{back}/issue" if back else "/issues/new"
    filled = raising(fields, building_id, door_id)
    if filled.error:
        return refuse(request, filled, again)
    try:
        filled.data.update(keep_photos(request, photos))
    except Refusal as refusal:
        return refuse(request, Filled({}, refusal.sentence, "photo"), again)
    kind = "issue.join" if "id" in filled.data else "issue.raise"
    form_id, replaces = form_id_of(fields), first(fields, "replaces")
    receipt = submit(request, kind, filled.data, replaces=replaces, form_id=form_id)
    about = filled.data.get("id") or receipt.id or ""
    if not is_swap(request):
        return see_other(f"/issues?saved={about}")
    context = prepare(request, "saved_issue", {"id": about, "back": back})
    assert context is not None
    return page("field/_issue.html", context)


HANDLERS: list[Any] = [
    show_issues,
    show_new_issue,
    show_issue_in_building,
    show_issue_at_door,
    show_matters,
    show_matter,
    raise_issue,
    take_step,
]
