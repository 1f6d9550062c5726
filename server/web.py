"""The files a browser gets: templates, static files, and the shell a phone keeps of them."""

import hashlib
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from litestar import Request, Response, Router, get
from litestar.exceptions import NotFoundException
from litestar.middleware import ASGIMiddleware
from litestar.params import FromPath
from litestar.static_files import create_static_files_router
from litestar.types import ASGIApp, Message, Receive, Scope, Send

from server import shell
from server.office import words
from server.shell import WEB

NO_CACHE = {"Cache-Control": "no-cache"}

PUBLIC = ("/static/", "/phone/", "/locale/", "/sw.js", "/shell.json", "/manifest")

# Pages run no inline script; the worker's templates are compiled, so it alone may evaluate.
PAGE_POLICY = (
    "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:;"
    " connect-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self';"
    " frame-ancestors 'none'"
)
WORKER_POLICY = "default-src 'self'; script-src 'self' 'unsafe-eval'; connect-src 'self'"
PROTECTING = [
    (b"content-security-policy", PAGE_POLICY.encode()),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"same-origin"),
]
PRIVATE = [*PROTECTING, (b"cache-control", b"no-store")]


def environment() -> Environment:
    """The engine of office pages. Field pages are drawn by server/field/drawing.py."""
    engine = Environment(
        loader=FileSystemLoader(WEB / "templates"),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=StrictUndefined,
    )
    engine.filters.update(words.filters())
    engine.globals.update(words.globals_of_pages())
    return engine


@get("/sw.js", media_type="text/javascript")
async def worker(request: Request[Any, Any, Any]) -> Response[str]:
    """The service worker, from the root so that it may answer every page."""
    answer = _once(request, shell.worker())
    answer.headers["Content-Security-Policy"] = WORKER_POLICY
    return answer


@get("/phone/{file_path:path}", media_type="text/javascript")
async def script(request: Request[Any, Any, Any], file_path: FromPath[str]) -> Response[str]:
    """A module of the worker by itself."""
    text = shell.scripts().get(f"/phone{file_path}")
    if text is None:
        raise NotFoundException
    return _once(request, text)


def _once(request: Request[Any, Any, Any], text: str) -> Response[str]:
    """A script; nothing where the browser has it as it is."""
    tag = f'"{hashlib.sha256(text.encode()).hexdigest()[:16]}"'
    headers = {**NO_CACHE, "ETag": tag}
    if request.headers.get("If-None-Match", "") in (tag, f"W/{tag}"):
        return Response("", status_code=304, headers=headers)
    return Response(text, media_type="text/javascript", headers=headers)


@get("/shell.json")
async def shell_list() -> Response[dict[str, Any]]:
    return Response(shell.shell_list(), headers=NO_CACHE)


@get("/manifest.webmanifest", media_type="application/manifest+json")
async def manifest() -> Response[bytes]:
    return Response(
        (WEB / "manifest.webmanifest").read_bytes(), media_type="application/manifest+json"
    )


@get("/up")
async def up() -> str:
    """Answers when the process does; says nothing about anybody."""
    return "up"


class Protect(ASGIMiddleware):
    """Headers of every answer; the worker keeps its own policy, private pages are not stored."""

    async def handle(self, scope: Scope, receive: Receive, send: Send, next_app: ASGIApp) -> None:
        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start":
                said = list(message.get("headers", []))
                known = {name.lower() for name, _ in said}
                wanted = PROTECTING if scope["path"].startswith(PUBLIC) else PRIVATE
                message["headers"] = said + [one for one in wanted if one[0] not in known]
            await send(message)

        await next_app(scope, receive, sending)


def routers() -> list[Router]:
    """Folders served as they are."""
    return [
        create_static_files_router(path=f"/{name}", directories=[WEB / name], name=name)
        for name in ("static", "locale")
    ]
