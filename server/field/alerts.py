"""Warnings on field pages, and what people tap about them.

Twins: web/phone/alert_forms.js and posts.js.
Staff without a phone of their own, as the secretary, get the same pages from the server.
"""

from typing import Any

from litestar import Request, Response, get, post
from litestar.params import FromPath, FromQuery, URLEncodedBody
from litestar.response import Redirect

from server.field.answering import (
    changed,
    fields_of,
    form_id_of,
    now_of,
    refuse,
    settings_of,
    show,
    submit,
)
from server.field.forms import Filled
from server.field.held import HeldShelf
from server.field.shelf import Fields
from server.field.views.scene import scene_of
from server.field.views.warnings import warning
from server.intake import Intake
from server.people import Person
from sync.refusals import Refusal
from sync.scope import FIELD, OFFICE

Asking = Request[Person, str, Any]
Sent = URLEncodedBody[dict[str, Any]]
Answer = Response[str] | Redirect
Said = dict[str, list[str]]

TOLD = {"roles": FIELD | OFFICE | {"leader"}}
CHANNELS = ("wechat", "sms", "loudspeaker", "door", "notice", "phone")
HOWS = ("reply", "visit", "call")
MAX_DIGITS = 6


@get("/alerts", opt=TOLD, sync_to_thread=True)
def show_alerts(request: Asking) -> Response[str]:
    return show(request, "alerts", {})


@get("/alerts/{incident_id:str}", opt=TOLD, sync_to_thread=True)
def show_alert(
    request: Asking, incident_id: FromPath[str], error: FromQuery[str] = ""
) -> Response[str]:
    return show(request, "alert", {"id": incident_id, "error": error})


@post("/alerts/{incident_id:str}/acknowledgements", opt=TOLD, status_code=200, sync_to_thread=True)
def acknowledge(request: Asking, incident_id: FromPath[str], data: Sent) -> Answer:
    """I have read it: never said by opening a page, only by the button."""
    fields, alert = fields_of(data), _warning(request, incident_id)
    return _take(request, "alert.acknowledge", fields, acknowledging(fields, alert), alert)


@post("/alerts/{incident_id:str}/forwards", opt=TOLD, status_code=200, sync_to_thread=True)
def forward(request: Asking, incident_id: FromPath[str], data: Sent) -> Answer:
    """The households of a building were told."""
    fields, alert = fields_of(data), _warning(request, incident_id)
    return _take(request, "alert.forward", fields, forwarding(fields, alert), alert)


@post("/alerts/{incident_id:str}/confirmations", opt=TOLD, status_code=200, sync_to_thread=True)
def confirm(request: Asking, incident_id: FromPath[str], data: Sent) -> Answer:
    """Somebody of a building said that it arrived."""
    fields, alert = fields_of(data), _warning(request, incident_id)
    return _take(request, "alert.confirm", fields, confirming(fields, alert), alert)


@post("/alerts/{incident_id:str}/silences", opt=TOLD, status_code=200, sync_to_thread=True)
def call_in_vain(request: Asking, incident_id: FromPath[str], data: Sent) -> Answer:
    """The leader of a building was telephoned and did not answer."""
    fields, alert = fields_of(data), _warning(request, incident_id)
    return _take(request, "alert.unreachable", fields, unreached(fields, alert), alert)


def acknowledging(fields: Said, alert: Fields) -> Filled:
    """Data of `alert.acknowledge`; the edition is of the text that was on the page."""
    return Filled({"incident_id": alert["id"], "edition": _edition(fields, alert)})


def forwarding(fields: Said, alert: Fields) -> Filled:
    """Data of `alert.forward`."""
    channel = _one(fields, "channel")
    if channel not in CHANNELS:
        return Filled({}, "请选怎么通知的。", "channel")
    return _on_building(fields, alert, {"channel": channel})


def confirming(fields: Said, alert: Fields) -> Filled:
    """Data of `alert.confirm`."""
    how = _one(fields, "how")
    if how not in HOWS:
        return Filled({}, "请选居民是怎么回应的。", "how")
    return _on_building(fields, alert, {"how": how})


def unreached(fields: Said, alert: Fields) -> Filled:
    """Data of `alert.unreachable`."""
    return _on_building(fields, alert, {})


def _on_building(fields: Said, alert: Fields, said: Fields) -> Filled:
    building_id = _one(fields, "building_id")
    if building_id not in [one["id"] for one in alert["buildings"]]:
        return Filled({}, "这一栋不在您的名单里。", "building_id")
    named = {"incident_id": alert["id"], "building_id": building_id}
    return Filled({**named, "edition": _edition(fields, alert), **said})


def _edition(fields: Said, alert: Fields) -> int:
    """Nobody hands on a text that is not there yet."""
    said, newest = _one(fields, "edition"), int(alert["edition"])
    is_number = said.isascii() and said.isdigit() and len(said) <= MAX_DIGITS
    return max(1, min(int(said), newest)) if is_number else newest


def _take(request: Asking, kind: str, fields: Said, filled: Filled, alert: Fields) -> Answer:
    path = f"/alerts/{alert['id']}"
    if filled.error:
        return refuse(request, filled, path)
    submit(request, kind, filled.data, form_id=form_id_of(fields))
    return changed(request, "_alert", "alert", alert["id"], path)


def _warning(request: Asking, incident_id: str) -> Fields:
    """A warning that this person was told of."""
    intake: Intake = request.app.state.intake
    with intake.store.read() as tx:
        scene = scene_of(HeldShelf(tx, request.user), now_of(request), settings_of(request))
        found = warning(scene, incident_id)
    if found is None:
        raise Refusal("record.unknown")
    return found


def _one(fields: Said, name: str) -> str:
    return "".join(fields.get(name, [])[:1])


HANDLERS: list[Any] = [show_alerts, show_alert, acknowledge, forward, confirm, call_in_vain]
