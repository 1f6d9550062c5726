"""A phone that was shut out says that it has erased itself. Its token opens nothing else."""

import asyncio
from typing import Annotated, Any

import msgspec
from litestar import Request, Response, post
from msgspec import Meta

from server import audit, people
from server.access import address_of, from_here
from server.audit import Author
from server.field import signing
from server.intake import Intake
from server.intake.writing import Writing
from server.people import Person
from server.store import devices
from server.store import people as rows

MAX_BODY = 4 * 1024
MOST_KEPT = 1_000_000


class Erased(msgspec.Struct, frozen=True):
    """How much the phone still keeps because it was never sent."""

    kept: Annotated[int, Meta(ge=0, le=MOST_KEPT)] = 0


@post("/api/erasures", guards=[from_here], status_code=200, request_max_body_size=MAX_BODY)
async def erase(request: Request[Person | None, str, Any]) -> Response[dict[str, bool]]:
    """Noted once; the cookie goes, so that the phone is one that nobody is signed in to."""
    said = _read(await request.body())
    intake: Intake = request.app.state.intake
    address = address_of(request)
    noted = await asyncio.to_thread(_note, intake, request.auth, said.kept, address)
    over = signing.cookie(request, "")
    over.max_age = 0
    return Response({"noted": noted}, cookies=[over] if noted else [])


HANDLERS: list[Any] = [erase]


def _read(body: bytes) -> Erased:
    try:
        return msgspec.json.decode(body, type=Erased)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return Erased()


def _note(intake: Intake, token: str, kept: int, address: str) -> bool:
    with intake.store.read() as tx:
        found = rows.whose_token(tx, people.token_hash(token)) if token else None
    if found is None or not found["device_revoked_at"]:
        return False
    by = Author(found["person_id"], found["role"], address)

    def noting(writing: Writing) -> None:
        if devices.erased(writing.tx, writing.community_id, found["device_id"], kept, writing.now):
            audit.note(writing, by, "device.erased", found["device_id"], detail=str(kept))

    intake.do(found["community_id"], noting)
    return True
