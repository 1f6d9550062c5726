"""One's own password, for every role."""

from typing import Any

from litestar import Request, Response, get, post

from server import password, session
from server.access import address_of, signed_in
from server.field import frame
from server.field.signing import cookie
from server.intake import Intake
from server.password import Chosen
from server.people import Person
from server.session import SignInRefused
from server.store import people as rows
from sync.refusals import Refusal

Asking = Request[Person, str, Any]

MAX_BODY = 64 * 1024


@get("/me/password", guards=[signed_in])
async def password_page(request: Asking) -> Response[str]:
    """The form for a new password."""
    return _page(request)


@post("/me/password", guards=[signed_in], status_code=200, request_max_body_size=MAX_BODY)
async def change_password(request: Asking) -> Response[str]:
    """Take a new password, or say on the page what is wrong with it."""
    form = await request.form()
    chosen = Chosen(*(str(form.get(name, "")) for name in Chosen._fields))
    intake: Intake = request.app.state.intake
    try:
        token = await session.apart(
            password.choose, intake, request.user, chosen, address_of(request)
        )
    except Refusal as refusal:
        return _page(request, 422, refusal.sentence)
    except SignInRefused as refused:
        return _page(request, refused.status_code, refused.sentence)
    answer = _page(request, done=1)
    answer.set_cookie(cookie(request, token))
    return answer


HANDLERS: list[Any] = [password_page, change_password]


def _page(request: Asking, status: int = 200, error: str = "", done: int = 0) -> Response[str]:
    intake: Intake = request.app.state.intake
    person = request.user
    with intake.store.read() as tx:
        row = rows.find(tx, person.community_id, person.id)
    assert row is not None
    return frame.answer(
        request,
        "entry/password.html",
        "改密码",
        {"id": person.id, "name": person.name, "role": person.role},
        status,
        back="/me" if person.role in frame.HAS_ME else "/",
        error=error,
        done=done,
        needs_current=int(password.needs_current(row)),
        given_out=int(bool(row.password_until)),
        username=row.username,
    )
