"""Draws pages that only the server has, in the frame of the field pages and for any role."""

from typing import Any

from litestar import Request, Response

from server.field.drawing import draw
from server.field.shelf import MemoryShelf
from server.field.views.scene import page_of, scene_of
from server.intake import Intake
from server.store import system
from sync.operations import stamp
from sync.scope import FIELD

# Roles with field pages of their own.
HAS_ME = FIELD | {"leader"}

COOKIES = {name: f"jinlin_{name}" for name in ("lang", "mode", "size", "theme")}


def answer(
    request: Request[Any, Any, Any],
    template: str,
    title: str,
    person: dict[str, Any],
    status: int = 200,
    **more: Any,
) -> Response[str]:
    """A page about `person` (id, name, role), who may be somebody not signed in yet."""
    intake: Intake = request.app.state.intake
    with intake.store.read() as tx:
        community = system.only_community(tx) or {"name": "", "office_phone": ""}
    known = {
        "community_name": community["name"],
        "office_phone": community["office_phone"],
        "timezone": request.app.state.settings.timezone,
        **person,
    }
    settings = {name: request.cookies.get(cookie, "") for name, cookie in COOKIES.items()}
    settings["lang"] = "en" if settings["lang"] == "en" else "zh-CN"
    scene = scene_of(
        MemoryShelf([("person", known)]),
        stamp(intake.clock()),
        {**settings, "person_id": person["id"]},
    )
    back = str(more.pop("back", ""))
    context = {**page_of(scene, title, request.url.path, back=back), **more}
    return Response(draw(template, context), status_code=status, media_type="text/html")
