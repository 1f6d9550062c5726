"""记一件: an issue from the telephone or the window, or pasted from a chat or the hotline."""

from typing import Any

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import URLEncodedBody
from litestar.response import Template

from server.intake import Intake
from server.office import forms, page
from server.office.forms import FormData
from server.office.page import GUARDS, Asking
from server.store import overview
from sync import issue_pasted
from sync.errands import ERRANDS, category_of, said
from sync.issue_limits import CATEGORIES
from sync.issue_pasted import Pasted
from sync.issue_words import QUICK, proposed

PATH = "/office/issues/new"
SOURCES = ("phone", "window", "wechat", "hotline")
MAX_PASTED = 5000
_BLANK = Pasted("phone", "", "", "", "", "", hidden=False)


@get(PATH, guards=GUARDS, sync_to_thread=True)
def show_entry(request: Asking, intake: NamedDependency[Intake]) -> Template:
    view = _view(request, intake, _BLANK, "")
    return page.page(request, "office/issues/new.html", "记一件", "issues", **view)


@post("/office/issues/readings", guards=GUARDS, status_code=200, sync_to_thread=True)
def read_issue(
    request: Asking, data: URLEncodedBody[FormData], intake: NamedDependency[Intake]
) -> Response[Any]:
    """Show what a text is understood as. Nothing is kept."""
    text = forms.text(data, "pasted", "原文", MAX_PASTED, needed=True)
    view = _view(request, intake, issue_pasted.read(text), text)
    whole, fragment = "office/issues/new.html", "office/issues/_new.html"
    return page.kept(request, fragment, whole, "记一件", "issues", **view)


@post("/office/issues", guards=GUARDS, status_code=200, sync_to_thread=True)
def raise_issue(
    request: Asking, data: URLEncodedBody[FormData], intake: NamedDependency[Intake]
) -> Response[Any]:
    """On to its page, where it can be accepted and given to somebody."""
    ticked = [forms.code(data, "errand", "代办什么", ERRANDS)] if forms.one(data, "errand") else []
    text = forms.text(data, "text", "什么事", 1000, needed=not ticked) or said(ticked)
    raised: dict[str, Any] = {
        "category": category_of(ticked) if ticked else proposed(text),
        "text": text,
        "place": forms.text(data, "place", "地点", 100),
        "source": forms.code(data, "source", "怎么来的", SOURCES),
        "source_number": forms.text(data, "source_number", "工单号", 100),
        "due_on": forms.day(data, "due_on", "工单要求"),
        "errands": ticked,
    }
    if forms.one(data, "category"):
        raised["category"] = forms.code(data, "category", "类别", CATEGORIES)
    if forms.one(data, "building_id"):
        raised["building_id"] = forms.ident(forms.one(data, "building_id"))
    receipt = forms.send(intake, request.user, "issue.raise", raised, data)
    return page.go(request, f"/office/issues/{receipt.id}")


HANDLERS: list[Any] = [show_entry, read_issue, raise_issue]


def _view(request: Asking, intake: Intake, found: Pasted, pasted: str) -> dict[str, Any]:
    with intake.store.read() as tx:
        buildings = overview.buildings(tx, request.user.community_id)
    names = {one["id"]: (one["compound"], one["name"]) for one in buildings}
    return {
        "found": found,
        "pasted": pasted,
        "building_id": issue_pasted.building_in(f"{found.place} {found.text}", names),
        "buildings": buildings,
        "categories": CATEGORIES,
        "sources": SOURCES,
        "quick": QUICK,
        "errands": tuple(ERRANDS),
    }
