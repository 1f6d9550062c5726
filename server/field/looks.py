"""What a browser keeps about pages: how they look, and which hints of the first days were read.

Cookies, no operations. The cookie of hints names one person: on a shared browser the next one
begins with all of them, as everybody does on a new phone. Phones keep them for each person
(`web/phone/hints.js`).
"""

from typing import Any

from litestar import Request, Response, post
from litestar.datastructures import Cookie
from litestar.params import URLEncodedBody
from litestar.response import Redirect

from server.access import is_https
from server.field.answering import HINTS, fields_of, hints_left, is_swap, see_other
from server.field.signing import safe_path
from server.people import Person
from sync.scope import FIELD, ROLES

Asking = Request[Person, str, Any]
Sent = URLEncodedBody[dict[str, Any]]

LOOKS = ("mode", "size", "theme", "lang")
A_YEAR_S = 365 * 24 * 3600


@post("/me/settings", opt={"roles": ROLES}, status_code=303, sync_to_thread=True)
def change_looks(request: Asking, data: Sent) -> Redirect:
    """How pages look on this browser."""
    fields = fields_of(data)
    answer = see_other("/me")
    for name in LOOKS:
        for value in fields.get(name, [])[:1]:
            answer.set_cookie(_kept(request, name, value[:20]))
    return answer


@post("/me/hints", opt={"roles": FIELD | {"leader"}}, status_code=200, sync_to_thread=True)
def put_hint_away(request: Asking, data: Sent) -> Response[Any]:
    """A hint that was read does not come again; where none is named, all do."""
    fields = fields_of(data)
    left = hints_left(request)
    named = fields.get("hint", [])
    read = [one for one in HINTS if one not in left or one in named] if named else []
    back = safe_path("".join(fields.get("back", [])[:1]))
    answer: Response[Any] = Response("", media_type="text/html")
    if not is_swap(request):
        answer = see_other(back)
    answer.set_cookie(_kept(request, "hints", f"{request.user.id}:{'.'.join(read)}"))
    return answer


HANDLERS: list[Any] = [change_looks, put_hint_away]


def _kept(request: Asking, name: str, value: str) -> Cookie:
    return Cookie(
        f"jinlin_{name}",
        value=value,
        max_age=A_YEAR_S,
        path="/",
        samesite="lax",
        secure=is_https(request),
    )
