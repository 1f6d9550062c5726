"""Signing in with a code. It stands behind the # of the address, where no log and no link preview
sees it: the page hands it over by itself, and one tap uses it up."""

import asyncio
from typing import Any

from litestar import Request, Response, get, post
from litestar.response import Redirect

from server import cards
from server.access import address_of, from_here
from server.errors import STATUS_OF
from server.field import frame, signing
from server.intake import Intake
from server.people import Person
from server.session import SignInRefused
from sync import masks
from sync.refusals import Refusal

Asking = Request[Person | None, str, Any]

MAX_BODY = 16 * 1024
MAX_CODE = 200
# In large print: most cards are building leaders'.
NOBODY = {"id": "", "name": "", "role": "leader"}
TITLE = "登记这部手机"


@get("/card")
async def show_card(request: Asking) -> Response[str]:
    """The same page for everybody: only the browser knows the code."""
    return frame.answer(request, "entry/card.html", TITLE, NOBODY)


@post("/card/readings", guards=[from_here], status_code=200, request_max_body_size=MAX_BODY)
async def read_card(request: Asking) -> Response[str]:
    """Whose code it is, masked, and the button that signs in."""
    code = await _code(request)
    intake: Intake = request.app.state.intake
    try:
        found = await asyncio.to_thread(cards.whose, intake, code, address_of(request))
    except (Refusal, SignInRefused) as no:
        return _refused(request, "entry/_spent.html", no)
    here = request.user
    person = {name: found[name] for name in ("role", "community_name", "office_phone")}
    return frame.answer(
        request,
        "entry/_card.html",
        TITLE,
        {"id": found["person_id"], "name": masks.name(found["name"]), **person},
        code=code,
        other=masks.name(here.name) if here and here.id != found["person_id"] else "",
    )


@post("/card/uses", guards=[from_here], status_code=303, request_max_body_size=MAX_BODY)
async def use_card(request: Asking) -> Redirect | Response[str]:
    """Sign in and use the code up."""
    code, agent = await _code(request), request.headers.get("User-Agent", "")
    device = str((await request.form()).get("device", ""))
    intake: Intake = request.app.state.intake
    address = address_of(request)
    try:
        opened = await asyncio.to_thread(
            cards.use, intake, code, device, signing.device_name(agent), address
        )
    except Refusal as refusal:
        await asyncio.to_thread(cards.refused, intake, code, refusal, address)
        return _refused(request, "entry/spent.html", refusal)
    except SignInRefused as refused:
        return _refused(request, "entry/spent.html", refused)
    return Redirect("/", status_code=303, cookies=[signing.cookie(request, opened.token)])


HANDLERS: list[Any] = [show_card, read_card, use_card]


async def _code(request: Asking) -> str:
    return str((await request.form()).get("code", ""))[:MAX_CODE]


def _refused(request: Asking, template: str, no: Refusal | SignInRefused) -> Response[str]:
    status = no.status_code if isinstance(no, SignInRefused) else STATUS_OF[no.code]
    return frame.answer(request, template, TITLE, NOBODY, status, sentence=no.sentence)
