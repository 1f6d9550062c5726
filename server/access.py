"""Who may come in: reads the token of every request, checks where writes come from, and roles."""

import asyncio
import secrets
from typing import Any
from urllib.parse import urlsplit

import uuid_utils
from litestar import Request
from litestar.connection import ASGIConnection
from litestar.exceptions import PermissionDeniedException
from litestar.handlers import BaseRouteHandler
from litestar.middleware import ASGIMiddleware
from litestar.types import ASGIApp, Receive, Scope, Send

from server import people
from server.errors import SignInNeeded
from server.intake import Intake
from server.people import COOKIE, Person
from server.store import audit
from sync.scope import OFFICE

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


class ReadToken(ASGIMiddleware):
    """Puts the signed-in Person, or None, into `request.user`; not where all get the same file."""

    exclude_opt_key = "is_public"

    async def handle(self, scope: Scope, receive: Receive, send: Send, next_app: ASGIApp) -> None:
        connection: Request[Any, Any, Any] = Request(scope)
        token = token_of(connection)
        scope["auth"] = token
        scope["user"] = None
        if token:
            intake: Intake = connection.app.state.intake
            with intake.store.read() as tx:
                scope["user"] = people.of_token(tx, token, intake.clock())
            if scope["user"]:
                people.keep_session(intake, token, scope["user"])
        await next_app(scope, receive, send)


def token_of(connection: ASGIConnection[Any, Any, Any, Any]) -> str:
    """The bearer token, else the cookie's; "" without either."""
    return _bearer(connection) or connection.cookies.get(COOKIE, "")


def _bearer(connection: ASGIConnection[Any, Any, Any, Any]) -> str:
    """The token of the header; its scheme is read without regard to case (RFC 9110)."""
    scheme, _, token = connection.headers.get("Authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" else ""


# A guard that is no coroutine would be sent to another thread, with every request.
async def signed_in(connection: ASGIConnection[Any, Any, Any, Any], _: BaseRouteHandler) -> None:
    """Guard: somebody is signed in, and a write comes from our own pages."""
    if connection.user is None:
        intake: Intake = connection.app.state.intake
        with intake.store.read() as tx:
            raise SignInNeeded(people.why_out(tx, connection.auth))
    refuse_foreign_write(connection)


async def from_here(connection: ASGIConnection[Any, Any, Any, Any], _: BaseRouteHandler) -> None:
    """Guard of what works without a session: a write comes from our own pages."""
    refuse_foreign_write(connection)


def is_https(connection: ASGIConnection[Any, Any, Any, Any]) -> bool:
    """Whether the browser's end of the line is encrypted, also behind a proxy we trust."""
    if connection.app.state.settings.trust_proxy:
        forwarded = connection.headers.get("X-Forwarded-Proto", "")
        return (forwarded or connection.url.scheme) == "https"
    return connection.url.scheme == "https"


def address_of(connection: ASGIConnection[Any, Any, Any, Any]) -> str:
    """Where a request comes from; the proxy's word for it if we trust the proxy."""
    direct = connection.client.host if connection.client else ""
    if connection.app.state.settings.trust_proxy:
        # Each proxy appends whom it saw; only the last entry is our own proxy's word.
        return connection.headers.get("X-Forwarded-For", direct).rsplit(",", 1)[-1].strip()
    return direct


def refuse_foreign_write(connection: ASGIConnection[Any, Any, Any, Any]) -> None:
    """A cookie's write must come from our own pages; a bearer token is carried on purpose."""
    method = connection.scope.get("method", "GET")
    if method in SAFE or _bearer(connection):
        return
    site = connection.headers.get("Sec-Fetch-Site", "")
    if site:
        if site not in ("same-origin", "none"):
            raise PermissionDeniedException
        return
    origin = connection.headers.get("Origin", "")
    if origin and urlsplit(origin).netloc != connection.headers.get("Host", ""):
        raise PermissionDeniedException


async def has_role(
    connection: ASGIConnection[Any, Any, Any, Any], handler: BaseRouteHandler
) -> None:
    """Guard: the person's role is one of the handler's `roles`; else 403 and an audit row."""
    await signed_in(connection, handler)
    person: Person = connection.user
    if person.role in handler.opt.get("roles", OFFICE):
        return
    # Guards run where every request begins: a writer that waits for the disk must not stop it.
    await asyncio.to_thread(deny, connection, person)


async def has_form_token(
    connection: ASGIConnection[Any, Any, Any, Any], _: BaseRouteHandler
) -> None:
    """Guard: a write of an office page carries the token its page was given."""
    if connection.scope.get("method", "GET") in SAFE:
        return
    expected = people.form_token(connection.app.state.settings.secret, connection.auth)
    given = connection.headers.get("X-Form-Token", "")
    if not given and isinstance(connection, Request):
        given = str((await connection.form()).get("form_token", ""))
    if not secrets.compare_digest(expected.encode(), given.encode()):
        raise PermissionDeniedException


def deny(connection: ASGIConnection[Any, Any, Any, Any], person: Person, target: str = "") -> None:
    """Write down that somebody tried what is not theirs, and refuse."""
    write_audit(connection, person, "denied", target or connection.url.path, "denied")
    raise PermissionDeniedException


def write_audit(
    connection: ASGIConnection[Any, Any, Any, Any],
    person: Person,
    action: str,
    target: str,
    outcome: str = "done",
    detail: str = "",
) -> None:
    """One row in the trail that nobody changes."""
    intake: Intake = connection.app.state.intake
    address = address_of(connection)
    intake.do(
        person.community_id,
        lambda writing: audit.add(
            writing.tx,
            person.community_id,
            str(uuid_utils.uuid7()),
            intake.clock(),
            person.id,
            person.role,
            action,
            target,
            outcome,
            address,
            detail,
        ),
    )
