"""Times every answer, and writes a line about it where the log is set to tell."""

import logging
import time
from typing import Any

from litestar.enums import ScopeType
from litestar.middleware import ASGIMiddleware
from litestar.types import ASGIApp, Message, Receive, Scope, Send

log = logging.getLogger("jinlin.access")

# An open line is no slow answer.
ENDLESS = "/live"


class Measure(ASGIMiddleware):
    """By the route as it is declared: an address may hold what somebody looked for."""

    async def handle(self, scope: Scope, receive: Receive, send: Send, next_app: ASGIApp) -> None:
        began, status = time.perf_counter(), 500

        async def sending(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await next_app(scope, receive, sending)
        finally:
            route: Any = scope.get("path_template", "")
            if scope["type"] == ScopeType.HTTP and route != ENDLESS:
                seconds = time.perf_counter() - began
                _tell(scope, route, status, seconds)


def _tell(scope: Any, route: str, status: int, seconds: float) -> None:
    method = scope["method"]
    scope["litestar_app"].state.figures.answered(method, route, status, seconds)
    if log.isEnabledFor(logging.INFO):
        person = scope.get("user")
        said = {"method": method, "route": route, "status": status, "ms": round(seconds * 1000)}
        words = f"{method} {route} {status} {said['ms']} ms"
        log.info(words, extra={**said, "person": person.id if person else ""})
