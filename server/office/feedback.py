"""意见反馈: whoever sits at a desk may say something; the office reads what all have said."""

from typing import Any

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromQuery, URLEncodedBody
from litestar.response import Template

from server import spans
from server.intake import Intake
from server.office import forms, page
from server.office.forms import FormData
from server.office.page import GUARDS, Asking
from server.store import feedback as reads
from sync.coverage import first_of_month
from sync.scope import OFFICE

MAX_TEXT = 2000
MAX_PAGE = 100
SHOWN = 30
MAX_PAGES = 300
AT_DESKS = {"roles": OFFICE | {"admin", "street"}}


@get("/office/feedback", guards=GUARDS, opt=AT_DESKS, sync_to_thread=True)
def show_feedback(
    request: Asking, intake: NamedDependency[Intake], about: FromQuery[str] = ""
) -> Template:
    view = _view(request, intake, about[:MAX_PAGE])
    return page.page(request, "office/feedback/page.html", "意见反馈", "feedback", **view)


@post("/office/feedback", guards=GUARDS, opt=AT_DESKS, status_code=200, sync_to_thread=True)
def send_feedback(
    request: Asking, data: URLEncodedBody[FormData], intake: NamedDependency[Intake]
) -> Response[Any]:
    told = {
        "text": forms.text(data, "text", "想说什么", MAX_TEXT, needed=True),
        "page": forms.text(data, "about", "页面", MAX_PAGE),
    }
    forms.send(intake, request.user, "feedback.send", told, data)
    view = {**_view(request, intake, ""), "said": "已收到，谢谢。"}
    url = "/office/feedback"
    return page.changed(request, "office/feedback/_feedback.html", url, "feedback", **view)


def _view(request: Asking, intake: Intake, about: str) -> dict[str, Any]:
    reads_all = request.user.role in OFFICE
    number = page.number_of(request, MAX_PAGES)
    with intake.store.read() as tx:
        community = page.community_of(tx, request.user.community_id)
        since = spans.starts_at(first_of_month(page.today(intake, community)), community.timezone)
        skip = (number - 1) * SHOWN
        rows = reads.listed(tx, community.id, SHOWN + 1, skip) if reads_all else []
        this_month = reads.count_since(tx, community.id, since)
    last = number + int(len(rows) > SHOWN)
    return {
        "rows": rows[:SHOWN],
        "reads_all": int(reads_all),
        "this_month": this_month,
        "about": about,
        "said": "",
        "paging": {"page": number, "last": last, "path": "/office/feedback", "query": ""},
    }
