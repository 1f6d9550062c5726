"""定过的: what the office decided about visits, as a list and as a workbook."""

from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

from litestar import Response, get
from litestar.di import NamedDependency
from litestar.response import Template

from server import spans
from server.intake import Intake
from server.office import forms, handing, page
from server.office.labels import named
from server.office.page import GUARDS, Asking
from server.office.questions import DECIDED
from server.reports import workbooks
from server.store import decisions, reviews
from server.store.database import Tx
from server.store.decisions import Wanted
from sync import days
from sync.records import Community

URL = "/office/review/decisions"
PAGE_SIZE = 50
MAX_PAGES = 2000
MAX_LINES = 20_000
DEFAULT_DAYS = 30


@get(URL, guards=GUARDS, sync_to_thread=True)
def show_decisions(request: Asking, intake: NamedDependency[Intake]) -> Template:
    with intake.store.read() as tx:
        community = page.community_of(tx, request.user.community_id)
        asked = _asked(request, page.today(intake, community))
        view = _list(tx, community, asked, page.number_of(request, MAX_PAGES))
    return page.page(
        request, "office/decisions/page.html", "定过的走访", "review", asked=asked, **view
    )


@get(f"{URL}.xlsx", guards=GUARDS, sync_to_thread=True)
def export_decisions(request: Asking, intake: NamedDependency[Intake]) -> Response[bytes]:
    """The same list whole. Doors stand in it, names of residents do not; it is written down."""
    with intake.store.read() as tx:
        community = page.community_of(tx, request.user.community_id)
        asked = _asked(request, page.today(intake, community))
        rows = decisions.some(tx, community.id, _wanted(asked, community), MAX_LINES)
    title = f"定过的走访 {asked['first']} 至 {asked['last']}"
    mark = handing.mark(request, community, title, "export")
    table = workbooks.tabled("定过的走访", HEADS, [_line(one, community.timezone) for one in rows])
    content = workbooks.of_tables([table], mark)
    handing.note(request, "export", "review.decisions", title, f"{len(rows)} 行")
    return handing.attachment(content, f"{title}.xlsx")


HANDLERS: list[Any] = [show_decisions, export_decisions]

HEADS = "时间 18,谁 12,原来 8,定为 14,住处 28,原因 40,打开或改了 20,走访编号 38"


def _line(one: dict[str, Any], timezone: str) -> list[Any]:
    at = days.local(one["received_at"], timezone)[:16].replace("T", " ")
    fields = [one["field"]] if one["field"] else one["changed"]
    touched = "、".join(named(name, "field") for name in fields)
    decided = DECIDED[one["kind"]]
    visit = one["visit_id"]
    return [at, one["name"], "待审", decided, one["label"], one["reason"], touched, visit]


def _asked(request: Asking, today: str) -> dict[str, str]:
    given = dict(request.query_params)
    first = (date.fromisoformat(today) - timedelta(days=DEFAULT_DAYS - 1)).isoformat()
    first = forms.day(given, "first", "从哪天") or first
    last = forms.day(given, "last", "到哪天") or today
    kind = forms.one(given, "kind")
    return {
        "first": min(first, last),
        "last": max(first, last),
        "person": forms.one(given, "person")[:64],
        "kind": kind if kind in DECIDED else "",
    }


def _wanted(asked: dict[str, str], community: Community) -> Wanted:
    span = spans.of_days(asked["first"], asked["last"], community.timezone)
    return Wanted(*span, asked["person"], asked["kind"])


def _list(tx: Tx, community: Community, asked: dict[str, str], number: int) -> dict[str, Any]:
    wanted = _wanted(asked, community)
    total = decisions.count(tx, community.id, wanted)
    last = max(-(-total // PAGE_SIZE), 1)
    number = min(number, last)
    kept = urlencode({name: value for name, value in asked.items() if value})
    return {
        "total": total,
        "rows": decisions.some(tx, community.id, wanted, PAGE_SIZE, (number - 1) * PAGE_SIZE),
        "paging": {"page": number, "last": last, "path": URL, "query": f"{kept}&"},
        "export": f"{URL}.xlsx?{kept}",
        "reviewers": reviews.reviewers(tx, community.id),
        "kinds": DECIDED,
    }
