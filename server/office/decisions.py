"""定过的: what the office decided about visits."""

from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

from litestar import get
from litestar.di import NamedDependency
from litestar.response import Template

from server import spans
from server.intake import Intake
from server.office import forms, page
from server.office.labels import named
from server.office.page import GUARDS, Asking
from server.office.questions import DECIDED
from server.store import decisions, reviews
from server.store.database import Tx
from server.store.decisions import Wanted
from sync import days
from sync.records import Community

URL = "/office/review/decisions"
PAGE_SIZE = 50
MAX_PAGES = 2000
DEFAULT_DAYS = 30


@get(URL, guards=GUARDS, sync_to_thread=True)
def show_decisions(request: Asking, intake: NamedDependency[Intake]) -> Template:
    with intake.store.read() as tx:
        community = page.community_of(tx, request.user.community_id)
        asked = asked_for(request, page.today(intake, community))
        view = _list(tx, community, asked, page.number_of(request, MAX_PAGES))
    return page.page(
        request, "office/decisions/page.html", "定过的走访", "review", asked=asked, **view
    )


HANDLERS: list[Any] = [show_decisions]


def line(one: dict[str, Any], timezone: str) -> list[Any]:
    at = days.local(one["received_at"], timezone)[:16].replace("T", " ")
    fields = [one["field"]] if one["field"] else one["changed"]
    touched = "、".join(named(name, "field") for name in fields)
    decided = DECIDED[one["kind"]]
    visit = one["visit_id"]
    before = "定过" if one["kind"] == "review.reopen" else "待审"
    return [at, one["name"], before, decided, one["label"], one["reason"], touched, visit]


def asked_for(request: Asking, today: str) -> dict[str, str]:
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


def wanted_of(asked: dict[str, str], community: Community) -> Wanted:
    span = spans.of_days(asked["first"], asked["last"], community.timezone)
    return Wanted(*span, asked["person"], asked["kind"])


def _list(tx: Tx, community: Community, asked: dict[str, str], number: int) -> dict[str, Any]:
    wanted = wanted_of(asked, community)
    total = decisions.count(tx, community.id, wanted)
    last = max(-(-total // PAGE_SIZE), 1)
    number = min(number, last)
    kept = urlencode({name: value for name, value in asked.items() if value})
    return {
        "total": total,
        "rows": decisions.some(tx, community.id, wanted, PAGE_SIZE, (number - 1) * PAGE_SIZE),
        "paging": {"page": number, "last": last, "path": URL, "query": f"{kept}&"},
        "reviewers": reviews.reviewers(tx, community.id),
        "kinds": DECIDED,
    }
