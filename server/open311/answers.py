"""Answers in the two forms of the standard, XML and JSON, and its shape of an error."""

import re
from collections.abc import Sequence
from typing import Any

import msgspec
from litestar import Response
from litestar.exceptions import HTTPException
from lxml import etree

from server.store import trouble
from sync.refusals import Refusal

# The framework says of a text that it is UTF-8.
FORMATS = {"json": "application/json; charset=utf-8", "xml": "text/xml"}
# What XML cannot say at all.
_UNSAYABLE = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


class Problem(Exception):
    """What cannot be answered: a status, and a sentence for whoever asked."""

    def __init__(self, status: int, description: str) -> None:
        super().__init__(description)
        self.status = status
        self.description = description


def told(form: str, root: str, said: Any, item: str = "", status: int = 200) -> Response[bytes]:
    """JSON is `said` itself; XML has it in `root`, elements of a list as `item`."""
    if form == "json":
        body = msgspec.json.encode(said)
    else:
        tree = _element(root, said, item)
        body = etree.tostring(tree, xml_declaration=True, encoding="utf-8")
    return Response(body, status_code=status, media_type=FORMATS[form])


def failed(path: str, problem: Exception) -> Response[bytes]:
    """An error in the form that the address asks for; a bug says nothing of itself."""
    status, description = _said(problem)
    form = "xml" if path.endswith(".xml") else "json"
    said = [{"code": status, "description": description}]
    return told(form, "errors", said, "error", status)


def _said(problem: Exception) -> tuple[int, str]:
    if isinstance(problem, Problem):
        return problem.status, problem.description
    if isinstance(problem, Refusal):
        return 400, problem.sentence
    if isinstance(problem, HTTPException):
        return problem.status_code, "This address does not answer what was asked of it."
    if trouble.cause(problem):
        return 503, "Nothing can be kept just now. Please ask again later."
    return 500, "The service failed. Please tell whoever runs it."


def _element(name: str, said: Any, item: str = "") -> Any:
    """Elements of a list of things are named by the thing: `values` holds `value`."""
    made = etree.Element(name)
    if isinstance(said, dict):
        made.extend(_element(one, value) for one, value in said.items())
    elif isinstance(said, Sequence) and not isinstance(said, str):
        made.extend(_element(item or name.removesuffix("s"), one) for one in said)
    elif isinstance(said, bool):
        made.text = str(said).lower()
    elif said is not None:
        made.text = _UNSAYABLE.sub("", str(said))
    return made
