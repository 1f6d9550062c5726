"""What people type to find somebody: on to the page that looks for it."""

from typing import Any
from urllib.parse import urlencode

from litestar import Response, post
from litestar.params import URLEncodedBody

from server.office import forms, page, typed
from server.office.forms import FormData
from server.office.page import GUARDS, Asking
from server.office.person import PEOPLE
from sync.refusals import Refusal

MAX_WORDS = 60
MAX_VALUE = 100
# The pages that look for words, and what else their forms may say: codes, ids and days.
PLACES = {
    "/office/search": (),
    "/office/visits": ("first", "last", "building", "person", "result", "review", "household"),
    "/office/people": (),
    "/office/phones": ("show",),
}


@post("/office/finds", guards=GUARDS, opt=PEOPLE, status_code=200, sync_to_thread=True)
def find(request: Asking, data: URLEncodedBody[FormData]) -> Response[Any]:
    """On to the page that the form belongs to."""
    to = forms.one(data, "to")
    if to not in PLACES:
        raise Refusal("record.unknown")
    words = " ".join(forms.one(data, "q").split())[:MAX_WORDS]
    given = {name: forms.one(data, name)[:MAX_VALUE] for name in PLACES[to]}
    asked = {name: value for name, value in given.items() if value}
    if words:
        asked["of"] = typed.locked(request, words)
    return page.go(request, f"{to}?{urlencode(asked)}")


HANDLERS: list[Any] = [find]
