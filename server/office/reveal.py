"""Numbers on lists are masked. Whoever needs them whole says so: that list shows them for a while,
and the trail says who saw them.
"""

import re
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from litestar import Response, post
from litestar.params import URLEncodedBody

from server.access import write_audit
from server.office import forms, page
from server.office.forms import FormData
from server.office.page import GUARDS, Asking
from sync.refusals import Refusal

# The lists that hold residents' numbers, and their word in the trail.
LISTS = (
    (re.compile(r"/office/search"), "search"),
    (re.compile(r"/office/pairings"), "pairings"),
    (re.compile(r"/office/numbers/records"), "contacts"),
    (re.compile(r"/office/alerts/[0-9a-f-]{36}/contacts"), "asked"),
)


@post("/office/reveals", guards=GUARDS, status_code=200, sync_to_thread=True)
def reveal(request: Asking, data: URLEncodedBody[FormData]) -> Response[Any]:
    """The same list with whole numbers; the entry stands in the trail before anybody sees them."""
    at = urlsplit(forms.one(data, "to")[:2000])
    word = next((word for pattern, word in LISTS if pattern.fullmatch(at.path)), "")
    if not word:
        raise Refusal("record.unknown")
    asked = {name: value for name, value in parse_qsl(at.query) if name != "shown"}
    write_audit(request, request.user, "reveal", f"list:{word}")
    asked["shown"] = page.shown_token(request, at.path)
    return page.go(request, f"{at.path}?{urlencode(asked)}")


HANDLERS: list[Any] = [reveal]
