"""本人要求: a resident asks to see, correct or delete what is kept, and is answered in time."""

from datetime import date, timedelta
from typing import Any

import uuid_utils
from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, URLEncodedBody
from litestar.response import Template

from server import audit
from server.intake import Intake
from server.intake.writing import Writing
from server.office import forms, page
from server.office.forms import FormData
from server.office.page import GUARDS, Asking
from server.office.person import author
from server.reports.personal_tables import WISH_ANSWERS, WISH_KINDS, WISH_WAYS
from server.store import wishes as rows
from server.store.records import Records
from sync.operations import stamp
from sync.refusals import Refusal

ANSWER_DAYS = 15
MAX_NOTE = 500
URL = "/office/wishes"


@get(URL, guards=GUARDS, sync_to_thread=True)
def show_wishes(request: Asking, intake: NamedDependency[Intake]) -> Template:
    return page.page(
        request, "office/wishes/page.html", "本人要求", "buildings", **_view(request, intake)
    )


@post(
    "/office/residents/{resident_id:str}/wishes",
    guards=GUARDS,
    status_code=200,
    sync_to_thread=True,
)
def add_wish(
    request: Asking,
    resident_id: FromPath[str],
    data: URLEncodedBody[FormData],
    intake: NamedDependency[Intake],
) -> Response[Any]:
    """It is to be answered in fifteen days; nothing of that door is forgotten until then."""
    ident, today = forms.ident(resident_id), page.today_of(request)
    with intake.store.read() as tx:
        if Records(tx, request.user.community_id).get("resident", ident) is None:
            raise Refusal("record.unknown")
    asked_on = forms.day(data, "asked_on", "哪天提出的", last=today) or today
    due = (date.fromisoformat(asked_on) + timedelta(days=ANSWER_DAYS)).isoformat()
    said = {
        "kind": forms.code(data, "kind", "要求什么", WISH_KINDS),
        "how": forms.code(data, "how", "怎么提出的", WISH_WAYS),
        "note": forms.text(data, "note", "具体是什么", MAX_NOTE, needed=True),
        "asked_on": asked_on,
        "due_on": due,
    }
    given = forms.one(data, "form_id")
    wish_id = given if forms.is_id(given) else str(uuid_utils.uuid7())

    def adding(writing: Writing) -> None:
        said_now = {**said, "resident": ident, "by": request.user.id, "at": stamp(writing.now)}
        if rows.add(writing.tx, writing.community_id, wish_id, **said_now):
            audit.note(writing, author(request), "wish.add", f"resident:{ident}", detail=due)

    intake.do(request.user.community_id, adding)
    return page.go(request, f"{URL}?said=added")


@post(f"{URL}/{{wish_id:str}}/answers", guards=GUARDS, status_code=200, sync_to_thread=True)
def answer_wish(
    request: Asking,
    wish_id: FromPath[str],
    data: URLEncodedBody[FormData],
    intake: NamedDependency[Intake],
) -> Response[Any]:
    ident = forms.ident(wish_id)
    answer = forms.code(data, "answer", "办得怎样", WISH_ANSWERS)
    reply = forms.text(data, "reply", "怎么答复的", MAX_NOTE, needed=True)

    def answering(writing: Writing) -> None:
        tx, home, at = writing.tx, writing.community_id, stamp(writing.now)
        whose = rows.answer(tx, home, ident, answer, reply, request.user.id, at)
        if whose:
            audit.note(writing, author(request), "wish.answer", f"resident:{whose}", detail=answer)
        elif not rows.is_known(tx, home, ident):
            raise Refusal("record.unknown")

    intake.do(request.user.community_id, answering)
    return page.changed(
        request,
        "office/wishes/_wishes.html",
        URL,
        "buildings",
        **{**_view(request, intake), "said": "答复记下了。"},
    )


HANDLERS: list[Any] = [show_wishes, add_wish, answer_wish]


def _view(request: Asking, intake: Intake) -> dict[str, Any]:
    with intake.store.read() as tx:
        found = rows.listed(tx, request.user.community_id)
    is_new = request.query_params.get("said") == "added"
    return {
        "rows": found,
        "kinds": WISH_KINDS,
        "ways": WISH_WAYS,
        "answers": WISH_ANSWERS,
        "said": f"记下了，请在 {ANSWER_DAYS} 天内答复。" if is_new else "",
    }
