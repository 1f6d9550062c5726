"""待审: visits with a question, one after the other, decided with keys."""

from collections.abc import Sequence
from typing import Any

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, URLEncodedBody
from litestar.response import Template

from server.intake import Intake
from server.office import assigning, corrections, forms, page, reopening, visit_view
from server.office.forms import FormData
from server.office.page import GUARDS, Asking
from server.office.questions import DECIDED, READY, is_red
from server.office.review_queue import Filter, filter_in, filter_of, view
from server.office.trail import note_view
from server.store import decisions
from server.store.records import Records
from sync import days
from sync.records import Visit
from sync.refusals import Refusal

FRAGMENT = "office/review/_review.html"
MAX_TOGETHER = 100
MAX_REASON = 500


@get("/office/review", guards=GUARDS, sync_to_thread=True)
def show_review(request: Asking, intake: NamedDependency[Intake]) -> Template:
    found = _view(request, intake, "", _asked(request))
    return page.page(request, "office/review/page.html", "待审", "review", **found)


@get("/office/review/{visit_id:str}", guards=GUARDS, sync_to_thread=True)
def show_visit(
    request: Asking, visit_id: FromPath[str], intake: NamedDependency[Intake]
) -> Template:
    """The list with one visit picked."""
    found = _view(request, intake, visit_id, _asked(request))
    return page.page(request, "office/review/page.html", "待审", "review", **found)


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
    _decide(request, intake, "review.approve", approved, data)
    return _next(request, intake, data, "已通过。", [visit_id])


@post("/office/review/{visit_id:str}/returns", guards=GUARDS, status_code=200, sync_to_thread=True)
def return_visit(
    request: Asking,
    visit_id: FromPath[str],
    data: URLEncodedBody[FormData],
    intake: NamedDependency[Intake],
) -> Response[Any]:
    """Its author is told what to put right; what they send comes back to who asked."""
    returned = {"id": forms.ident(visit_id), **_asked_for(data)}
    _decide(request, intake, "review.return", returned, data)
    assigning.assign(request, visit_id, request.user.id)
    said = "已退回，走访人的手机会看到，改好后还由您看。"
    return _next(request, intake, data, said, [visit_id])


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
    return _next(request, intake, data, "已更正，原来的内容留在历史里。", [visit_id])


@post("/office/review/approvals", guards=GUARDS, status_code=200, sync_to_thread=True)
def approve_visits(
    request: Asking, data: URLEncodedBody[FormData], intake: NamedDependency[Intake]
) -> Response[Any]:
    """Approve those that were ticked, each as it was seen, for one reason. Never red ones."""
    chosen = forms.many(data, "visits", MAX_TOGETHER)
    if not chosen:
        raise Refusal("field.empty", field="要通过的走访")
    reason = forms.text(data, "reason", "为什么一起通过", MAX_REASON)
    if not reason:
        raise Refusal("review.no_reason")
    done, left = _approve_each(request, intake, chosen, reason)
    said = f"已通过 {len(done)} 条。" + "".join(f"有 1 条没有通过：{one}" for one in left)
    return _next(request, intake, data, said, done)


@post("/office/review/reopenings", guards=GUARDS, status_code=200, sync_to_thread=True)
def reopen_visits(
    request: Asking, data: URLEncodedBody[FormData], intake: NamedDependency[Intake]
) -> Response[Any]:
    """Take back what was just decided about these; they wait again."""
    chosen = forms.many(data, "visits", MAX_TOGETHER)
    if not chosen:
        raise Refusal("review.not_decided")
    left = reopening.reopen_each(request, intake, chosen)
    said = f"收回了 {len(chosen) - len(left)} 条，还在这里等。"
    return _next(request, intake, data, said + "".join(f"有 1 条没有收回：{one}" for one in left))


@post("/office/review/assignments", guards=GUARDS, status_code=200, sync_to_thread=True)
def assign_visits(
    request: Asking, data: URLEncodedBody[FormData], intake: NamedDependency[Intake]
) -> Response[Any]:
    """Ask a colleague, or oneself, to look at all that were ticked."""
    chosen = forms.many(data, "visits", MAX_TOGETHER)
    if not chosen:
        raise Refusal("field.empty", field="要交出去的走访")
    ids = [forms.ident(one.partition(":")[0]) for one in chosen]
    name, left = assigning.choose_each(request, ids, forms.one(data, "person_id"))
    said = f"{len(ids) - left} 条" + (f"交给{name}看。" if name else "不再指定谁看。")
    return _next(request, intake, data, said + (f"有 {left} 条别人已经定了。" if left else ""))


@post(
    "/office/review/{visit_id:str}/assignments", guards=GUARDS, status_code=200, sync_to_thread=True
)
def assign_visit(
    request: Asking,
    visit_id: FromPath[str],
    data: URLEncodedBody[FormData],
    intake: NamedDependency[Intake],
) -> Response[Any]:
    """Ask a colleague, or oneself, to look at a visit. It locks nothing: anybody may decide."""
    name = assigning.choose(request, forms.ident(visit_id), forms.one(data, "person_id"))
    return _next(request, intake, data, f"交给{name}看。" if name else "谁先看到谁定。")


HANDLERS: list[Any] = [
    show_review,
    approve_visits,
    reopen_visits,
    show_visit,
    approve_visit,
    return_visit,
    correct_visit,
    assign_visit,
    assign_visits,
]


def _asked(request: Asking) -> Filter:
    return filter_of(request.query_params.multi_items())


def _asked_for(form: FormData) -> dict[str, str]:
    """A ready sentence with its field, or what was typed."""
    ready = forms.one(form, "ready")
    if ready:
        forms.code(form, "ready", "要补充什么", READY)
        return {"reason": READY[ready][0], "field": READY[ready][1]}
    return {
        "reason": forms.text(form, "reason", "要补充什么", MAX_REASON, needed=True),
        "field": forms.code(form, "field", "打开哪一项", corrections.RETURNED),
    }


def _approve_each(
    request: Asking, intake: Intake, chosen: list[str], reason: str
) -> tuple[list[str], list[str]]:
    """Those that were approved, and sentences of why others could not be."""
    done, refused = [], []
    for one in chosen:
        visit_id, _, version = one.partition(":")
        try:
            data = {"id": _not_red(request, intake, forms.ident(visit_id)), "reason": reason}
            _decide(request, intake, "review.approve", data, {"base": version})
        except Refusal as refusal:
            refused.append(refusal.sentence)
        else:
            done.append(visit_id)
    return done, refused


def _not_red(request: Asking, intake: Intake, visit_id: str) -> str:
    with intake.store.read() as tx:
        visit = Records(tx, request.user.community_id).get("visit", visit_id)
    if isinstance(visit, Visit) and is_red(visit.questions):
        raise Refusal("review.red")
    return visit_id


def _next(
    request: Asking, intake: Intake, data: FormData, said: str, decided: Sequence[str] = ()
) -> Response[Any]:
    """On to the visit that came after this one; what was decided can be taken back at once."""
    chosen = filter_in(forms.one(data, "query"))
    view = _view(request, intake, forms.one(data, "next"), chosen)
    view |= {"said": said, "recall": reopening.as_decided(request, intake, decided)}
    picked = view["chosen"].visit.id if view["chosen"] else ""
    url = f"/office/review/{picked}".rstrip("/") + chosen.query
    return page.changed(request, FRAGMENT, url, "review", **view)


def _view(request: Asking, intake: Intake, visit_id: str, chosen: Filter) -> dict[str, Any]:
    with intake.store.read() as tx:
        found = view(tx, request.user.community_id, intake.clock(), visit_id, chosen)
    if found["chosen"]:
        note_view(request, "visit", found["chosen"].visit.id)
    return found


def _decide(
    request: Asking, intake: Intake, kind: str, data: dict[str, Any], form: FormData
) -> None:
    """Send a decision; one that somebody else made meanwhile is told with their name."""
    try:
        forms.send(intake, request.user, kind, data, form, forms.base_of(form))
    except Refusal as refusal:
        if refusal.code != "review.not_waiting":
            raise
        raise _decided(request, intake, data["id"]) or refusal from None


def _decided(request: Asking, intake: Intake, visit_id: str) -> Refusal | None:
    community_id = request.user.community_id
    with intake.store.read() as tx:
        timezone = page.community_of(tx, community_id).timezone
        visit = Records(tx, community_id).get("visit", visit_id)
        assert isinstance(visit, Visit), "what is not waiting is there"
        last = decisions.last(tx, community_id, visit.household_id, visit_id)
    if last is None:
        return None
    at = days.local(last["received_at"], timezone)[11:16]
    return Refusal("review.decided", who=last["name"], at=at, what=DECIDED[last["kind"]])
