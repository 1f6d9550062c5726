"""Signing in and out, for phones in JSON and for people on a page."""

import asyncio
from typing import Any

import msgspec
from litestar import Request, Response, get, post
from litestar.di import NamedDependency
from litestar.response import Redirect

from server import session
from server.access import address_of, from_here, signed_in
from server.field.drawing import draw
from server.field.shelf import MemoryShelf
from server.field.signing import cookie, device_name, safe_path
from server.field.views import plain
from server.intake import Intake
from server.people import Person
from server.session import Asked, Opened, SignInRefused
from server.store import system
from sync.operations import stamp

MAX_BODY = 64 * 1024

Asking = Request[Person | None, str, Any]


@post("/api/session", guards=[from_here], status_code=200, request_max_body_size=MAX_BODY)
async def open_session(request: Asking) -> Response[dict[str, Any]]:
    """A token for a username and a password, for the device given or for a new one."""
    opened = await _sign_in(request, _read(await request.body()))
    seal = request.app.state.seals.told
    told = _told(opened.device_id, opened.person, opened.epoch, seal)
    body = {"token": opened.token, **told}
    return Response(body, cookies=[cookie(request, opened.token)])


@get("/api/session", guards=[signed_in])
async def show_session(
    request: Request[Person, str, Any], intake: NamedDependency[Intake]
) -> dict[str, Any]:
    """Who is signed in on this device."""
    with intake.store.read() as tx:
        epoch = system.epoch(tx)
    seal = request.app.state.seals.told
    return _told(request.user.device_id, request.user, epoch, seal)


@get("/signin")
async def sign_in_page(request: Asking) -> Response[Any]:
    """The sign-in page; whoever is signed in already goes on."""
    goal = safe_path(request.query_params.get("next", ""))
    if request.user:
        return Redirect(goal)
    return _page(request, "", goal)


@post("/signin", guards=[from_here], status_code=200, request_max_body_size=MAX_BODY)
async def sign_in(request: Asking) -> Response[Any]:
    """Sign in from the page: on to where the person was going, or the page again with why not."""
    form = await request.form()
    goal = safe_path(str(form.get("next", "")))
    username = str(form.get("username", ""))
    try:
        asked = msgspec.convert(
            {
                "username": username,
                "password": str(form.get("password", "")),
                "device": str(form.get("device", "")),
                "device_name": device_name(request.headers.get("User-Agent", "")),
            },
            Asked,
        )
        opened = await _sign_in(request, asked)
    except msgspec.ValidationError:
        return _page(request, username[:200], goal, 401, "账号或密码不对。再试一次。")
    except SignInRefused as refused:
        return _page(request, username, goal, refused.status_code, refused.sentence)
    if opened.person.password_until:
        goal = "/me/password"
    return Redirect(goal, status_code=303, cookies=[cookie(request, opened.token)])


@post("/signout", guards=[signed_in], status_code=303)
async def sign_out(request: Request[Person, str, Any], intake: NamedDependency[Intake]) -> Redirect:
    """End this device's session."""
    await asyncio.to_thread(session.sign_out, intake, request.user, address_of(request))
    return gone(request)


@post("/me/signouts", guards=[signed_in], status_code=303)
async def sign_out_everywhere(
    request: Request[Person, str, Any], intake: NamedDependency[Intake]
) -> Redirect:
    """End all sessions of the person, this one included."""
    await asyncio.to_thread(session.sign_out_everywhere, intake, request.user, address_of(request))
    return gone(request)


HANDLERS: list[Any] = [
    open_session,
    show_session,
    sign_in_page,
    sign_in,
    sign_out,
    sign_out_everywhere,
]


def gone(request: Request[Any, Any, Any]) -> Redirect:
    """Back to the sign-in page, without a cookie."""
    over = cookie(request, "")
    over.max_age = 0
    return Redirect("/signin", status_code=303, cookies=[over])


async def _sign_in(request: Asking, asked: Asked) -> Opened:
    intake: Intake = request.app.state.intake
    return await session.apart(session.sign_in_with_password, intake, asked, address_of(request))


def _read(body: bytes) -> Asked:
    try:
        return msgspec.json.decode(body, type=Asked)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise SignInRefused(
            400, "body.unreadable", "请求读不出来：要有 username 和 password。"
        ) from None


def _told(device_id: str, person: Any, epoch: str, seal: dict[str, str]) -> dict[str, Any]:
    shown = {"id": person.id, "name": person.name, "role": person.role}
    return {"device": device_id, "person": shown, "epoch": epoch, "seal": seal}


def _page(
    request: Asking, username: str, goal: str, status: int = 200, wrong: str = ""
) -> Response[str]:
    intake: Intake = request.app.state.intake
    with intake.store.read() as tx:
        community = system.only_community(tx) or {"name": "", "office_phone": ""}
    context = plain.signin(
        MemoryShelf([]),
        {
            "username": username,
            "next": goal,
            "error": wrong,
            "community_name": community["name"],
            "office_phone": community["office_phone"],
        },
        stamp(intake.clock()),
        {"lang": "en" if request.cookies.get("jinlin_lang") == "en" else "zh-CN"},
    )
    return Response(draw("field/signin.html", context), status_code=status, media_type="text/html")
