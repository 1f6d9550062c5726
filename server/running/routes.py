"""/health and /metrics, for machines that watch."""

import secrets
from typing import Any

from litestar import Request, Response, get
from litestar.di import NamedDependency
from litestar.exceptions import NotAuthorizedException, NotFoundException
from prometheus_client import CONTENT_TYPE_LATEST

from server.access import token_of
from server.running import standing
from server.settings import Settings


@get("/health", sync_to_thread=True)
def health(request: Request[Any, Any, Any]) -> Response[dict[str, str]]:
    """200 while records can be read and kept, 503 when not; no word about why or about whom."""
    found = standing.signs(request.app)
    state = standing.worst(found)
    return Response(
        {"status": state, **{one.name: one.state for one in found}},
        status_code=503 if state == "bad" else 200,
    )


@get("/metrics", sync_to_thread=True)
def metrics(
    request: Request[Any, Any, Any], settings: NamedDependency[Settings]
) -> Response[bytes]:
    """Figures for Prometheus, for whoever shows JINLIN_METRICS_TOKEN as a bearer token."""
    if not settings.metrics_token:
        raise NotFoundException
    if not secrets.compare_digest(token_of(request).encode(), settings.metrics_token.encode()):
        raise NotAuthorizedException
    return Response(request.app.state.figures.text(), media_type=CONTENT_TYPE_LATEST)


HANDLERS: list[Any] = [health, metrics]
