"""Signing in with a card. Its link shows one button: a preview of the link burns nothing."""

import asyncio
from typing import Any

from litestar import Request, Response, get, post
from litestar.params import FromPath
from litestar.response import Redirect

from server import cards
from server.access import address_of, from_here
from server.field import frame, signing
from server.intake import Intake
from server.people import Person
from sync.refusals import Refusal

Asking = Request[Person | None, str, Any]

MAX_BODY = 16 * 1024


@get("/card/{code:str}", sync_to_thread=True)
def show_card(request: Asking, code: FromPath[str]) -> Response[str]:
    """Whose card it is, and the button that signs in."""
    intake: Intake = request.app.state.intake
    try:
        with intake.store.read() as tx:
            found = cards.whose(tx, code[:200], intake.clock())
    except Refusal as refusal:
        return _spent(request, refusal)
    here = request.user
    return frame.answer(
        request,
        "entry/card.html",
        "登录卡",
        {
            "id": found["person_id"],
            "name": found["name"],
            "role": found["role"],
            "community_name": found["community_name"],
            "office_phone": found["office_phone"],
        },
        code=code,
        other=here.name if here and here.id != found["person_id"] else "",
    )


@post("/card/{code:str}", guards=[from_here], status_code=303, request_max_body_size=MAX_BODY)
async def use_card(request: Asking, code: FromPath[str]) -> Redirect | Response[str]:
    """Sign in and use the card up."""
    form = await request.form()
    intake: Intake = request.app.state.intake
    device, agent = str(form.get("device", "")), request.headers.get("User-Agent", "")
    try:
        opened = await asyncio.to_thread(
            cards.use,
            intake,
            code[:200],
            device,
            signing.device_name(agent),
            address_of(request),
        )
    except Refusal as refusal:
        return _spent(request, refusal)
    return Redirect("/", status_code=303, cookies=[signing.cookie(request, opened.token)])


HANDLERS: list[Any] = [show_card, use_card]


def _spent(request: Asking, refusal: Refusal) -> Response[str]:
    # In large print: most cards are building leaders'.
    leader = {"id": "", "name": "", "role": "leader"}
    return frame.answer(
        request, "entry/spent.html", "登录卡", leader, 410, sentence=refusal.sentence
    )
