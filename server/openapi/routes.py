"""/api/openapi.json: says how to speak to the server, nothing about anybody."""

from typing import Any

from litestar import get

from server.openapi.document import document


@get("/api/openapi.json", sync_to_thread=False)
def show_document() -> dict[str, Any]:
    return document()


HANDLERS: list[Any] = [show_document]
