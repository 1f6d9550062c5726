"""A no on a page of the office stands in the office's own frame, for whoever has a place there."""

from typing import Any

from litestar import Request, Response
from litestar.response import Template

from server import errors
from server.office import page
from sync.refusals import Refusal

WHOLE = "refusal.html"
OUR_FAULT = 500  # then the frame, which reads the database too, may fail as well


def refused(request: Request[Any, Any, Any], refusal: Refusal) -> Response[Any]:
    """An expected no."""
    return _framed(request, errors.refused(request, refusal))


def failed(request: Request[Any, Any, Any], problem: Exception) -> Response[Any]:
    """Everything else, as server/errors.py says it."""
    return _framed(request, errors.failed(request, problem))


def _framed(request: Request[Any, Any, Any], answer: Response[Any]) -> Response[Any]:
    if not _has_frame(request) or not isinstance(answer, Template):
        return answer
    if answer.template_name != WHOLE or (answer.status_code or OUR_FAULT) >= OUR_FAULT:
        return answer
    told = page.page(request, "office/refusal.html", "打不开这一页", "", **answer.context)
    told.status_code = answer.status_code
    return told


def _has_frame(request: Request[Any, Any, Any]) -> bool:
    person = request.scope.get("user")
    at_desk = person and any(person.role in place.roles for place in page.RAIL)
    return bool(at_desk) and request.url.path.startswith("/office")
