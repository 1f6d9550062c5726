"""Whom a warning asks after, one by one: the list, one of them, and what came of it."""

from typing import Any

from litestar import Request, Response, get, post
from litestar.params import FromPath, FromQuery, URLEncodedBody
from litestar.response import Redirect

from server.field import forms, weather_forms
from server.field.answering import (
    asking_of,
    changed,
    draw_again,
    fields_of,
    form_id_of,
    is_swap,
    now_of,
    one,
    refuse,
    show,
    submit,
)
from server.field.shelf import Fields
from server.people import Person
from sync.scope import FIELD

Asking = Request[Person, str, Any]

AT_DOORS = {"roles": FIELD | {"leader"}}


@get("/alerts/{incident_id:str}/contacts", opt=AT_DOORS, sync_to_thread=True)
def show_calls(request: Asking, incident_id: FromPath[str]) -> Response[str]:
    return show(request, "calls", {"id": incident_id})


@get("/contact-tasks/{task_id:str}", opt=AT_DOORS, sync_to_thread=True)
def show_call(
    request: Asking,
    task_id: FromPath[str],
    error: FromQuery[str] = "",
    field: FromQuery[str] = "",
) -> Response[str]:
    return show(request, "call", {"id": task_id, "error": error, "field": field})


@post("/contact-tasks/{task_id:str}/contacts", opt=AT_DOORS, status_code=200, sync_to_thread=True)
def record_call(
    request: Asking, task_id: FromPath[str], data: URLEncodedBody[dict[str, Any]]
) -> Response[str] | Redirect:
    """What came of asking after somebody, in the words of the form; without scripts a list that
    lacks answers is shown once more."""
    kind = "pair_task" if request.user.role == "leader" else "contact_task"
    task = one(request, kind, task_id)
    fields = fields_of(data)
    asking = _asking(request, task)
    filled = weather_forms.alert_contact(fields, task, now_of(request), asking)
    if asking and not is_swap(request):
        why = forms.look_again({**fields, "type": ["weather"]}, asking)
        if filled.error or why:
            given = {"given": weather_forms.alert_contact_again(fields, asking)}
            said = {"error": filled.error, "field": filled.field}
            return draw_again(request, "call", {"id": task_id, **given, **said, **why})
    if filled.error:
        return refuse(request, filled, f"/contact-tasks/{task_id}")
    submit(request, "alert.contact", filled.data, form_id=form_id_of(fields))
    return changed(
        request, "_call", "saved_call", task_id, f"/alerts/{task['incident_id']}/contacts"
    )


def _asking(request: Asking, task: Fields) -> list[Fields]:
    """What is gone through with them; a leader asks nothing of health."""
    if request.user.role == "leader" or not task["checklist"]:
        return []
    household = one(request, "household", task["household_id"])
    return asking_of(request, household, [task["checklist"]])


HANDLERS: list[Any] = [show_calls, show_call, record_call]
