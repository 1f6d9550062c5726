"""`POST /api/alerts`: a service or a neighbouring system hands a warning in."""

import asyncio
import secrets
from typing import Any

from litestar import Request, Response, post

from server.access import deny, refuse_foreign_write
from server.alerts.documents import MAX_BYTES
from server.alerts.reading import Reading, read, shown
from server.alerts.taking import Source, take
from server.errors import SignInNeeded
from server.intake import Intake
from server.people import Person
from server.settings import Settings
from server.store import system

ROLES = frozenset({"office", "secretary", "street", "admin"})
TOO_BIG = Reading(outcome="rejected", reason=f"超过 {MAX_BYTES // 1024 // 1024} MB，没有读。")


@post("/api/alerts", request_max_body_size=None)
async def hand_in(request: Request[Any, Any, Any]) -> Response[dict[str, Any]]:
    """Answers what the message was understood as and what became of it; 422 when rejected."""
    community_id, person_id = await asyncio.to_thread(_sender, request)
    body = await _body(request)
    if body is None:
        return Response(shown(TOO_BIG), status_code=413)
    reading = await asyncio.to_thread(read, body)
    if reading.outcome == "rejected":
        return Response(shown(reading), status_code=422)
    intake: Intake = request.app.state.intake
    media_type = request.headers.get("Content-Type", "")[:100]
    source = Source(kind="api", media_type=media_type, person_id=person_id)
    taken = await asyncio.wrap_future(
        intake.later(community_id, lambda writing: take(writing, reading, body, source))
    )
    answer = {**shown(reading), "outcome": taken.outcome}
    warnings = [*reading.warnings, *taken.warnings]
    answer |= {"warnings": warnings} if warnings else {}
    answer["incidents"] = [one.id for one in taken.alerts]
    return Response(answer, status_code=200)


def _sender(request: Request[Any, Any, Any]) -> tuple[str, str]:
    """Whose community it is for, and who hands it in; "" for a token of the settings."""
    refuse_foreign_write(request)
    person: Person | None = request.user
    if person is not None:
        if person.role not in ROLES:
            deny(request, person)
        return person.community_id, person.id
    settings: Settings = request.app.state.settings
    for community_id, token in settings.alert_tokens.items():
        if request.auth and secrets.compare_digest(token.encode(), request.auth.encode()):
            with request.app.state.intake.store.read() as tx:
                known = system.community_ids(tx)
            if community_id in known or (not community_id and len(known) == 1):
                return community_id or known[0], ""
    raise SignInNeeded


async def _body(request: Request[Any, Any, Any]) -> bytes | None:
    """None when it is too big: no more than that is ever held."""
    parts: list[bytes] = []
    size = 0
    async for chunk in request.stream():
        size += len(chunk)
        if size > MAX_BYTES:
            return None
        parts.append(chunk)
    return b"".join(parts)
