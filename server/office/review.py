"""待审: visits with a question, one after the other, decided with keys."""

from typing import Any

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, URLEncodedBody
from litestar.response import Template

from server.intake import Intake
from server.office import corrections, forms, page, visit_view
from server.office.forms import FormData
from server.office.page import GUARDS, Asking
from server.office.questions import GROUPS, asked, groups, is_shown
from server.office.trail import note_view
from server.store import reviews
from server.store.database import Tx
from sync.refusals import Refusal

FRAGMENT = "office/review/_review.html"
MAX_TOGETHER = 100
MAX_REASON = 500


@get("/office/review", guards=GUARDS, sync_to_thread=True)
def show_review(
    request: Asking, intake: NamedDependency[Intake], show: FromQuery[str] = ""
) -> Template:
    view = _view(request, intake, "", show)
    return page.page(request, "office/review/page.html", "待审", "review", **view)


@get("/office/review/{visit_id:str}", guards=GUARDS, sync_to_thread=True)
def show_visit(
    request: Asking,
    visit_id: FromPath[str],
    intake: NamedDependency[Intake],
    show: FromQuery[str] = "",
) -> Template:
    """The list with one visit picked."""
    view = _view(request, intake, visit_id, show)
    return page.page(request, "office/review/page.html", "待审", "review", **view)


@post(
    "/office/review/{visit_id:str}/approvals", guards=GUARDS, status_code=200, sync_to_thread=True
)
def approve_visit(
    request: Asking,
    visit_id: FromPath[str],
    data: URLEncodedBody[FormData],
    intake: NamedDependency[Intake],
) -> Response[Any]:
    approved = {"id": forms.ident(visit_id)}
    forms.send(intake, request.user, "review.approve", approved, data, forms.base_of(data))
    return _next(request, intake, data, "已通过。")


@post("/office/review/{visit_id:str}/returns", guards=GUARDS, status_code=200, sync_to_thread=True)
def return_visit(
    request: Asking,
    visit_id: FromPath[str],
    data: URLEncodedBody[FormData],
    intake: NamedDependency[Intake],
) -> Response[Any]:
    returned = {
        "id": forms.ident(visit_id),
        "reason": forms.text(data, "reason", "要补充什么", MAX_REASON, needed=True),
        "field": forms.code(data, "field", "打开哪一项", corrections.RETURNED),
    }
    forms.send(intake, request.user, "review.return", returned, data, forms.base_of(data))
    return _next(request, intake, data, "已退回，走访人的手机会看到。")


@post(
    "/office/review/{visit_id:str}/corrections", guards=GUARDS, status_code=200, sync_to_thread=True
)
def correct_visit(
    request: Asking,
    visit_id: FromPath[str],
    data: URLEncodedBody[FormData],
    intake: NamedDependency[Intake],
) -> Response[Any]:
    """The office corrects a visit itself; that settles the review."""
    with intake.store.read() as tx:
        change = visit_view.correction(tx, request.user.community_id, visit_id, data)
    forms.send(intake, request.user, "visit.correct", change, data)
    return _next(request, intake, data, "已更正，原来的内容留在历史里。")


@post("/office/review/approvals", guards=GUARDS, status_code=200, sync_to_thread=True)
def approve_visits(
    request: Asking, data: URLEncodedBody[FormData], intake: NamedDependency[Intake]
) -> Response[Any]:
    """Approve those that were ticked, each as it was seen."""
    chosen = forms.many(data, "visits", MAX_TOGETHER)
    if not chosen:
        raise Refusal("field.empty", field="要通过的走访")
    left = _approve_each(request, intake, chosen)
    said = f"已通过 {len(chosen) - len(left)} 条。"
    return _next(request, intake, data, said + "".join(f"有 1 条没有通过：{one}" for one in left))


def _approve_each(request: Asking, intake: Intake, chosen: list[str]) -> list[str]:
    """Sentences of why some could not be approved."""
    refused = []
    for one in chosen:
        visit_id, _, version = one.partition(":")
        try:
            data = {"id": forms.ident(visit_id)}
            base = forms.base_of({"base": version})
            forms.send(intake, request.user, "review.approve", data, {}, base)
        except Refusal as refusal:
            refused.append(refusal.sentence)
    return refused


def _next(request: Asking, intake: Intake, data: FormData, said: str) -> Response[Any]:
    """On to the visit that came after this one."""
    following, show = forms.one(data, "next"), forms.one(data, "show")
    view = _view(request, intake, following, show)
    chosen = view["chosen"].visit.id if view["chosen"] else ""
    url = f"/office/review/{chosen}".rstrip("/") + (f"?show={show}" if show in GROUPS else "")
    return page.changed(request, FRAGMENT, url, "review", **{**view, "said": said})


def _view(request: Asking, intake: Intake, visit_id: str, show: str) -> dict[str, Any]:
    with intake.store.read() as tx:
        view = _read(tx, request.user.community_id, visit_id, show)
    if view["chosen"]:
        note_view(request, "visit", view["chosen"].visit.id)
    return view


def _read(tx: Tx, community_id: str, visit_id: str, show: str) -> dict[str, Any]:
    everything = reviews.waiting(tx, community_id)
    timezone = page.community_of(tx, community_id).timezone
    for one in everything:
        one["asked"] = asked(one, timezone)
    rows = [one for one in everything if is_shown(one["questions"], show)]
    at = next((n for n, one in enumerate(rows) if one["id"] == visit_id), 0)
    return {
        "rows": rows,
        "names": reviews.names_behind(tx, community_id, rows),
        "groups": groups(one["questions"] for one in everything),
        "total": len(everything),
        "show": show,
        "at": at,
        "gone": int(bool(visit_id) and all(one["id"] != visit_id for one in rows)),
        "before_id": rows[at - 1]["id"] if at > 0 else "",
        "next_id": rows[at + 1]["id"] if at + 1 < len(rows) else "",
        "chosen": visit_view.of(tx, community_id, rows[at]["id"]) if rows else None,
        "said": "",
    }
