"""Runs the server until it is stopped."""

import uvicorn
from rich.console import Console

from server import certificate
from server.app import build
from server.settings import Settings

GRACE_S = 3

say = Console(stderr=True)


def serve_app(settings: Settings) -> None:
    """Serve until stopped. One worker: the writer lives in one process."""
    pair = certificate.found(settings.data)
    scheme = "https" if pair else "http"
    say.print(
        f"近邻走访在 {scheme}://{settings.host}:{settings.port} （Ctrl+C 停止）", highlight=False
    )
    uvicorn.run(
        build(settings),
        host=settings.host,
        port=settings.port,
        log_level="warning",
        timeout_graceful_shutdown=GRACE_S,
        proxy_headers=False,
        ssl_certfile=str(pair[0]) if pair else None,
        ssl_keyfile=str(pair[1]) if pair else None,
    )
