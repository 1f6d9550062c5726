"""走访记录: every visit of the community, one of them, and the work diary as a workbook."""

from datetime import date, timedelta
from typing import Any
from urllib.parse import quote, urlencode

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, URLEncodedBody
from litestar.response import Template

from server import spans
from server.access import write_audit
from server.intake import Intake
from server.office import diary, forms, page, visit_view
from server.office.forms import FormData
from server.office.page import GUARDS, Asking
from server.office.trail import note_view
from server.store import overview
from server.store import visits as reads
from server.store.database import Tx
from server.store.visits import Wanted
from sync import days
from sync.operations import stamp
from sync.records import Community
from sync.refusals import Refusal

PAGE_SIZE = 50
MAX_PAGES = 2000
MAX_EXPORT = 20_000
DEFAULT_DAYS = 30
MAX_TEXT = 60
REVIEWS = ("none", "waiting", "approved", "returned")
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


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
    """The visits of the same filters as a workbook; taking it is written down."""
    person = request.user
    with intake.store.read() as tx:
        community = page.community_of(tx, person.community_id)
        asked = asked_for(request, page.today(intake, community))
        source = _source(tx, community, asked, page.today(intake, community))
    write_audit(request, person, "export", "diary", detail=urlencode(asked))
    now = days.local(stamp(intake.clock()), community.timezone).replace("T", " ")
    mark = f"{community.name} 民情日志 · {person.name}（{person.username}）{now} 导出 · 电话已打码"
    name = quote(f"民情日志 {asked['first']} 至 {asked['last']}.xlsx")
    return Response(
        diary.workbook(source, mark),
        media_type=XLSX,
        headers={
            "Content-Disposition": f"attachment; filename=diary.xlsx; filename*=UTF-8''{name}"
        },
    )


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
        "text": forms.text(given, "text", "备注、姓名、门牌", MAX_TEXT),
    }


def wanted_of(asked: dict[str, str], timezone: str) -> Wanted:
    span = spans.of_days(asked["first"], asked["last"], timezone)
    return Wanted(
        *span,
        building_id=asked["building"],
        person_id=asked["person"],
        result=asked["result"],
        review=asked["review"],
        household_id=asked["household"],
        text=asked["text"],
    )


def _list(tx: Tx, community: Community, asked: dict[str, str], number: int) -> dict[str, Any]:
    wanted = wanted_of(asked, community.timezone)
    total = reads.count(tx, community.id, wanted)
    last = max(-(-total // PAGE_SIZE), 1)
    number = min(number, last)
    rows = reads.some(tx, community.id, wanted, PAGE_SIZE, (number - 1) * PAGE_SIZE)
    kept = {name: value for name, value in asked.items() if value}
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


def _source(tx: Tx, community: Community, asked: dict[str, str], today: str) -> diary.Source:
    wanted = wanted_of(asked, community.timezone)
    total = reads.count(tx, community.id, wanted)
    if total > MAX_EXPORT:
        raise Refusal("export.too_large", limit=MAX_EXPORT, count=total)
    return diary.Source(
        visits=reads.for_diary(tx, community.id, wanted, MAX_EXPORT),
        people=reads.people(tx, community.id),
        phones=reads.phones(tx, community.id),
        reasons=reads.task_reasons(tx, community.id),
        timezone=community.timezone,
        today=today,
    )


def _again(request: Asking, intake: Intake, visit_id: str) -> Response[Any]:
    with intake.store.read() as tx:
        view = visit_view.of(tx, request.user.community_id, visit_id)
    url = f"/office/visits/{visit_id}"
    return page.changed(request, "office/visits/_visit_page.html", url, "visits", chosen=view)
