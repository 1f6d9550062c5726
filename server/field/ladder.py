"""The steps of looking for somebody, as the server takes them. Twin: web/phone/posts.js."""

from typing import Any, get_args

from litestar import Request, Response, post
from litestar.params import FromPath, URLEncodedBody
from litestar.response import Redirect

from server.field.answering import (
    changed,
    fields_of,
    form_id_of,
    now_of,
    one,
    refuse,
    settings_of,
    submit,
)
from server.field.forms import Filled
from server.field.held import HeldShelf
from server.field.shelf import Fields
from server.field.views.ladder import case_of
from server.field.views.scene import scene_of
from server.intake import Intake
from server.people import Person
from sync.operations import Step
from sync.refusals import Refusal
from sync.scope import FIELD

Asking = Request[Person, str, Any]

MAX_WHO = 100


@post(
    "/households/{household_id:str}/ladder/steps",
    opt={"roles": FIELD},
    status_code=200,
    sync_to_thread=True,
)
def take_step(
    request: Asking, household_id: FromPath[str], data: URLEncodedBody[dict[str, Any]]
) -> Response[str] | Redirect:
    """Something was done to find somebody who did not answer."""
    one(request, "household", household_id)
    fields = fields_of(data)
    filled = _filled(fields, _looked_for(request, household_id))
    again = f"/households/{household_id}/ladder"
    if filled.error:
        return refuse(request, filled, again)
    submit(request, "ladder.step", filled.data, form_id=form_id_of(fields))
    return changed(request, "_ladder", "ladder", household_id, again)


def _looked_for(request: Asking, household_id: str) -> Fields:
    """The case of a door of this person's where nobody answered."""
    intake: Intake = request.app.state.intake
    with intake.store.read() as tx:
        scene = scene_of(HeldShelf(tx, request.user), now_of(request), settings_of(request))
        case = case_of(scene, household_id)
    if case is None:
        raise Refusal("record.unknown")
    return case


def _filled(fields: dict[str, list[str]], case: Fields) -> Filled:
    step, who = ("".join(fields.get(name, [])[:1]) for name in ("step", "who"))
    if step not in get_args(Step):
        return Filled({}, "这一步没有记下，请再点一次。", "step")
    return Filled({"visit_id": case["visit_id"], "step": step, "who": who[:MAX_WHO]})


HANDLERS: list[Any] = [take_step]
