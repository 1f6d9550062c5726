"""Draws the guides: in the frame of field pages for phones, in the office's for desks."""

from typing import Any

from litestar import Request, Response, get
from litestar.exceptions import NotFoundException
from litestar.params import FromPath
from litestar.response import Template

from server.access import has_role
from server.field import frame
from server.guides import GUIDES
from server.guides.topic import Topic
from server.office import page
from server.people import Person
from sync.scope import FIELD, OFFICE

Asking = Request[Person, str, Any]

AT_DOORS = {"roles": FIELD | {"leader"}}
AT_DESKS = {"roles": OFFICE | {"street", "admin"}}
TITLE = "使用说明"


@get("/help", guards=[has_role], opt=AT_DOORS, sync_to_thread=True)
def show_guide(request: Asking) -> Response[str]:
    """What a phone's guide has, in the order in which it is needed."""
    return _on_phone(request, "help/topics.html", TITLE, "/me", topics=_guide(request))


@get("/help/{name:str}", guards=[has_role], opt=AT_DOORS, sync_to_thread=True)
def show_topic(request: Asking, name: FromPath[str]) -> Response[str]:
    topic, following = _topic(request, name)
    more = {"topic": topic, "following": following}
    return _on_phone(request, "help/topic.html", topic.title, "/help", **more)


@get("/office/help", guards=[has_role], opt=AT_DESKS, sync_to_thread=True)
def show_desk_guide(request: Asking) -> Template:
    topics = _guide(request)
    return page.page(request, "office/help/page.html", TITLE, "help", topics=topics)


@get("/office/help/{name:str}", guards=[has_role], opt=AT_DESKS, sync_to_thread=True)
def show_desk_topic(request: Asking, name: FromPath[str]) -> Template:
    topic, _ = _topic(request, name)
    more = {"topic": topic, "topics": _guide(request)}
    return page.page(request, "office/help/topic.html", topic.title, "help", **more)


HANDLERS: list[Any] = [show_guide, show_topic, show_desk_guide, show_desk_topic]


def _guide(request: Asking) -> tuple[Topic, ...]:
    return GUIDES[request.user.role]


def _topic(request: Asking, name: str) -> tuple[Topic, tuple[Topic, ...]]:
    """The topic of this name in one's own guide, and the one after it."""
    guide = _guide(request)
    for at, topic in enumerate(guide):
        if topic.name == name:
            return topic, guide[at + 1 : at + 2]
    raise NotFoundException


def _on_phone(request: Asking, template: str, title: str, back: str, **more: Any) -> Response[str]:
    one = request.user
    person = {"id": one.id, "name": one.name, "role": one.role}
    return frame.answer(request, template, title, person, back=back, **more)
