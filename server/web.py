"""The files a browser gets: templates, static files, and the shell a phone keeps of them."""

import json
from functools import cache
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from litestar import Request, Response, get
from litestar.exceptions import NotFoundException
from litestar.middleware import ASGIMiddleware
from litestar.params import FromPath
from litestar.types import ASGIApp, Message, Receive, Scope, Send

from server import shell
from server.assets import ASK_AGAIN, OPEN, File, answer, made, of_folder, read
from server.office import words
from server.shell import WEB

SCRIPT = "text/javascript"

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


@get("/static/{file_path:path}", opt=OPEN)
async def static(request: Request[Any, Any, Any], file_path: FromPath[str]) -> Response[bytes]:
    """Styles, scripts and pictures of pages."""
    return of_folder(request, f"static{file_path}")


@get("/locale/{file_path:path}", opt=OPEN)
async def locale(request: Request[Any, Any, Any], file_path: FromPath[str]) -> Response[bytes]:
    """The words of pages in other languages."""
    return of_folder(request, f"locale{file_path}")


@cache
def _worker() -> File:
    return made(shell.worker().encode(), SCRIPT)


@get("/sw.js", opt=OPEN)
async def worker(request: Request[Any, Any, Any]) -> Response[bytes]:
    """The service worker, from the root so that it may answer every page."""
    return answer(request, _worker(), {**ASK_AGAIN, "Content-Security-Policy": WORKER_POLICY})


@cache
def _module(path: str) -> File:
    return made(shell.scripts()[path].encode(), SCRIPT)


@get("/phone/{file_path:path}", opt=OPEN)
async def script(request: Request[Any, Any, Any], file_path: FromPath[str]) -> Response[bytes]:
    """A module of the worker by itself."""
    path = f"/phone{file_path}"
    if path not in shell.scripts():
        raise NotFoundException
    return answer(request, _module(path))


@cache
def _shell_list() -> File:
    text = json.dumps(shell.shell_list(), ensure_ascii=False, separators=(",", ":"))
    return made(text.encode(), "application/json")


@get("/shell.json", opt=OPEN)
async def shell_list(request: Request[Any, Any, Any]) -> Response[bytes]:
    """What a phone fetches, and from what it draws its pages."""
    return answer(request, _shell_list())


@get("/manifest.webmanifest", opt=OPEN)
async def manifest(request: Request[Any, Any, Any]) -> Response[bytes]:
    """How a phone keeps the pages among its apps."""
    return of_folder(request, "manifest.webmanifest")


def pack() -> None:
    """Read and pack what phones fetch of a release, before all of them ask for it at once."""
    _worker()
    _shell_list()
    for path in shell.SHELL_FILES:
        read(path)


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
