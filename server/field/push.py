"""Telling a phone of warnings while nobody looks at the app: its browser asks for it here."""

import asyncio
from typing import Any

import msgspec
from litestar import Request, Response, get, post

from server.alerts.channels.webpush import is_public
from server.alerts.push_keys import application_server_key
from server.intake import Intake
from server.people import Person
from server.store import pushes
from sync.scope import FIELD, OFFICE

Asking = Request[Person, str, Any]

TOLD = {"roles": FIELD | OFFICE | {"leader"}}
MAX_BODY = 8 * 1024


class Keys(msgspec.Struct, frozen=True):
    p256dh: str
    auth: str


class Subscription(msgspec.Struct, frozen=True):
    """As the browser gives it, `toJSON()` of its PushSubscription; the rest is ignored."""

    endpoint: str
    keys: Keys


@get("/push/key", opt=TOLD, sync_to_thread=True)
def show_key(request: Asking) -> dict[str, str]:
    """What a browser subscribes with."""
    return {"key": application_server_key(request.app.state.settings.secret)}


@post("/push/subscriptions", opt=TOLD, status_code=200, request_max_body_size=MAX_BODY)
async def subscribe(request: Asking) -> Response[dict[str, str]]:
    """From now on this phone is told, too."""
    try:
        asked = msgspec.json.decode(await request.body(), type=Subscription)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return _refused("body.unreadable", "请求读不出来。")
    if not is_public(asked.endpoint):
        return _refused("push.endpoint", "这个推送地址不能用。")
    await _write(request, asked)
    return Response({})


@post("/push/removals", opt=TOLD, status_code=200)
async def unsubscribe(request: Asking) -> dict[str, str]:
    """This phone is told no more."""
    await _write(request, None)
    return {}


async def _write(request: Asking, asked: Subscription | None) -> None:
    intake: Intake = request.app.state.intake
    person, now = request.user, intake.clock()
    whose = (person.community_id, person.id, person.device_id)

    def work(writing: Any) -> None:
        if asked is None:
            pushes.forget(writing.tx, *whose)
        else:
            keys = msgspec.to_builtins(asked.keys)
            pushes.keep(writing.tx, *whose, asked.endpoint, keys, now)

    await asyncio.to_thread(intake.do, person.community_id, work)


def _refused(code: str, sentence: str) -> Response[dict[str, str]]:
    return Response({"code": code, "message": sentence}, status_code=400)


HANDLERS: list[Any] = [show_key, subscribe, unsubscribe]
