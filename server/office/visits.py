"""走访记录: every visit of the community, one of them, and the work diary as a workbook."""

from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, URLEncodedBody
from litestar.response import Template

from server.intake import Intake
from server.office import forms, handing, page, reopening, typed, visit_view
from server.office.forms import FormData
from server.office.page import GUARDS, Asking
from server.office.trail import note_view
from server.reports import taking, workbooks
from server.reports.definition import Order
from server.reports.visits import DIARY, wanted_of
from server.store import overview
from server.store import visits as reads
from server.store.database import Tx
from sync.records import Community

PAGE_SIZE = 50
MAX_PAGES = 2000
DEFAULT_DAYS = 30
MAX_TEXT = 60
# What the trail says of a list that was taken, beside its days. Words that were typed may be names.
FILTERS = ("building", "person", "result", "review", "household")


@get("/office/visits", guards=GUARDS, sync_to_thread=True)
def show_visits(request: Asking, intake: NamedDependency[Intake]) -> Template:
    with intake.store.read() as tx:
        community = page.community_of(tx, request.user.community_id)
        asked = asked_for(request, page.today(intake, community))
        view = _list(tx, community, asked, page.number_of(request, MAX_PAGES))
        choices = {
            "buildings": overview.buildings(tx, community.id),
            "visitors": reads.visitors(tx, community.id),
        }
    return page.page(
        request, "office/visits/page.html", "走访记录", "visits", asked=asked, **view, **choices
    )


@get("/office/visits/diary.xlsx", guards=GUARDS, sync_to_thread=True)
def export_diary(request: Asking, intake: NamedDependency[Intake]) -> Response[bytes]:
    """The visits of the same filters as 民情日志, masked; taking it is written down."""
    with intake.store.read() as tx:
        community = page.community_of(tx, request.user.community_id)
        today = page.today(intake, community)
        asked = asked_for(request, today)
        order = order_of(asked)
        span = f"{order.first} 至 {order.last}"
        mark = handing.mark(request, community, f"{DIARY.title} {span}", "export", True)
        taken = taking.take(tx, community, DIARY, order, today, mark, True)
        written = workbooks.of_report(taken)
    filters = (f"{name}={asked[name]}" for name in FILTERS if asked[name])
    handing.note(request, "export", DIARY.code, span, *filters, f"{written.lines} 行", "打码")
    return handing.attachment(written.content, f"{DIARY.title} {span}.xlsx")


@get("/office/visits/{visit_id:str}", guards=GUARDS, sync_to_thread=True)
def show_visit(
    request: Asking, visit_id: FromPath[str], intake: NamedDependency[Intake]
) -> Template:
    with intake.store.read() as tx:
        view = visit_view.of(tx, request.user.community_id, forms.ident(visit_id))
    note_view(request, "visit", visit_id)
    return page.page(request, "office/visits/visit.html", "一次走访", "visits", chosen=view)


@post(
    "/office/visits/{visit_id:str}/corrections", guards=GUARDS, status_code=200, sync_to_thread=True
)
def correct_visit(
    request: Asking,
    visit_id: FromPath[str],
    data: URLEncodedBody[FormData],
    intake: NamedDependency[Intake],
) -> Response[Any]:
    with intake.store.read() as tx:
        change = visit_view.correction(tx, request.user.community_id, visit_id, data)
    forms.send(intake, request.user, "visit.correct", change, data)
    return _again(request, intake, visit_id)


@post(
    "/office/visits/{visit_id:str}/withdrawals", guards=GUARDS, status_code=200, sync_to_thread=True
)
def withdraw_visit(
    request: Asking,
    visit_id: FromPath[str],
    data: URLEncodedBody[FormData],
    intake: NamedDependency[Intake],
) -> Response[Any]:
    """Take a visit back that was never made: it stays to be seen and counts no more."""
    reason = forms.text(data, "reason", "为什么撤回", 200, needed=True)
    withdrawn = {"id": forms.ident(visit_id), "reason": reason}
    forms.send(intake, request.user, "visit.withdraw", withdrawn, data)
    return _again(request, intake, visit_id)


@post(
    "/office/visits/{visit_id:str}/reopenings", guards=GUARDS, status_code=200, sync_to_thread=True
)
def reopen_visit(
    request: Asking,
    visit_id: FromPath[str],
    data: URLEncodedBody[FormData],
    intake: NamedDependency[Intake],
) -> Response[Any]:
    """What the office decided is taken back: the visit waits again."""
    reopening.reopen(request, intake, visit_id, data, forms.base_of(data))
    return _again(request, intake, visit_id)


def asked_for(request: Asking, today: str) -> dict[str, str]:
    """The filters of a list as the person set them."""
    given = dict(request.query_params)
    first = (date.fromisoformat(today) - timedelta(days=DEFAULT_DAYS - 1)).isoformat()
    household_id = forms.one(given, "household")
    if household_id:
        first = forms.FIRST_DAY
    first = forms.day(given, "first", "从哪天") or first
    last = forms.day(given, "last", "到哪天") or today
    return {
        "first": min(first, last),
        "last": max(first, last),
        "building": forms.one(given, "building")[:64],
        "person": forms.one(given, "person")[:64],
        "result": forms.one(given, "result")[:40],
        "review": forms.one(given, "review")[:40],
        "household": household_id[:64],
        "text": typed.words(request)[:MAX_TEXT],
        "of": forms.one(given, "of"),
    }


def order_of(asked: dict[str, str]) -> Order:
    return Order(
        asked["first"],
        asked["last"],
        building_id=asked["building"],
        person_id=asked["person"],
        result=asked["result"],
        review=asked["review"],
        household_id=asked["household"],
        text=asked["text"],
    )


def _list(tx: Tx, community: Community, asked: dict[str, str], number: int) -> dict[str, Any]:
    wanted = wanted_of(order_of(asked), community.timezone)
    total = reads.count(tx, community.id, wanted)
    last = max(-(-total // PAGE_SIZE), 1)
    number = min(number, last)
    rows = reads.some(tx, community.id, wanted, PAGE_SIZE, (number - 1) * PAGE_SIZE)
    kept = {name: value for name, value in asked.items() if value and name != "text"}
    return {
        "total": total,
        "rows": rows,
        "names": reads.names(tx, community.id, rows),
        "paging": {
            "page": number,
            "last": last,
            "path": "/office/visits",
            "query": urlencode(kept) + "&",
        },
        "export": f"/office/visits/diary.xlsx?{urlencode(kept)}",
    }


def _again(request: Asking, intake: Intake, visit_id: str) -> Response[Any]:
    with intake.store.read() as tx:
        view = visit_view.of(tx, request.user.community_id, visit_id)
    url = f"/office/visits/{visit_id}"
    return page.changed(request, "office/visits/_visit_page.html", url, "visits", chosen=view)
