"""告知同意一览: who was told, when, by whom and how, who took it back, and who is missing."""

from collections import Counter
from typing import Any

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromQuery, URLEncodedBody
from litestar.response import Template

from server.intake import Intake
from server.office import forms, handing, page
from server.office.forms import FormData
from server.office.page import GUARDS, Asking
from server.office.trail import note_view
from server.reports import consents, workbooks
from server.reports.consents import METHODS, STANDINGS
from server.store import overview

LISTED = 300
MAX_REASON = 200
TITLE = "告知同意一览"


@get("/office/consents", guards=GUARDS, sync_to_thread=True)
def show_consents(
    request: Asking,
    intake: NamedDependency[Intake],
    building: FromQuery[str] = "",
    show: FromQuery[str] = "missing",
) -> Template:
    view = _view(request, intake, building, show)
    note_view(request, "list", "consents")
    return page.page(
        request,
        "office/consents/page.html",
        TITLE,
        "buildings",
        **{**view, "rows": view["rows"][:LISTED], "total": len(view["rows"])},
        standings=STANDINGS,
        methods=METHODS,
        max_reason=MAX_REASON,
    )


@post("/office/consents/files", guards=GUARDS, status_code=200, sync_to_thread=True)
def make_consents_file(
    request: Asking, data: URLEncodedBody[FormData], intake: NamedDependency[Intake]
) -> Response[bytes]:
    """The list that is open, masked unless somebody says why not; taking it is written down."""
    view = _view(request, intake, forms.one(data, "building"), forms.one(data, "show"))
    reason = forms.text(data, "reason", "为什么不打码", MAX_REASON)
    with intake.store.read() as tx:
        community = page.community_of(tx, request.user.community_id)
    mark = handing.mark(request, community, TITLE, "export", not reason)
    lines = [consents.line(one, not reason) for one in view["rows"]]
    content = workbooks.of_tables([workbooks.tabled(TITLE, consents.HEADS, lines)], mark)
    hidden = f"不打码：{reason}" if reason else "打码"
    handing.note(request, "export", "consents", view["word"], f"{len(lines)} 行", hidden)
    return handing.attachment(content, f"{TITLE}.xlsx")


HANDLERS: list[Any] = [show_consents, make_consents_file]


def _view(request: Asking, intake: Intake, building: str, show: str) -> dict[str, Any]:
    show = show if show in STANDINGS else "all"
    with intake.store.read() as tx:
        community = page.community_of(tx, request.user.community_id)
        today = page.today(intake, community)
        found = consents.standings(tx, community.id, building[:64], today)
        buildings = overview.buildings(tx, community.id)
    return {
        "rows": [one for one in found if show in ("all", one["standing"])],
        "counts": {**Counter(one["standing"] for one in found), "all": len(found)},
        "buildings": buildings,
        "building": building,
        "show": show,
        "word": STANDINGS.get(show, "全部"),
    }
