"""事件: what is to be put right, by when it is due, one after the other, with keys."""

from typing import Any

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, URLEncodedBody
from litestar.response import Template

from server.intake import Intake
from server.office import forms, issue_view, page
from server.office.forms import FormData
from server.office.issue_queue import Filter, columns, filter_in, filter_of, view
from server.office.issue_words import STEPS, TOGETHER
from server.office.page import GUARDS, Asking
from server.office.trail import note_view
from server.store.records import Records
from sync.issue_limits import CATEGORIES
from sync.issue_records import Issue
from sync.refusals import Refusal

FRAGMENT = "office/issues/_issues.html"
PATH = "/office/issues"
MAX_TOGETHER = 100
MAX_WORDS = 1000
LEVELS = ("building", "compound", "community", "street")
SATISFIED = ("yes", "partly", "no")


@get(PATH, guards=GUARDS, sync_to_thread=True)
def show_issues(request: Asking, intake: NamedDependency[Intake]) -> Template:
    found = _view(request, intake, "", _asked(request))
    return page.page(request, "office/issues/page.html", "事件", "issues", **found)


@get("/office/issues/columns", guards=GUARDS, sync_to_thread=True)
def show_columns(request: Asking, intake: NamedDependency[Intake]) -> Template:
    """Open ones by how far they are."""
    with intake.store.read() as tx:
        found = columns(tx, request.user.community_id, intake.clock(), _asked(request))
    return page.page(request, "office/issues/columns.html", "事件", "issues", **found)


@get("/office/issues/{issue_id:str}", guards=GUARDS, sync_to_thread=True)
def show_issue(
    request: Asking, issue_id: FromPath[str], intake: NamedDependency[Intake]
) -> Template:
    """The list with one issue picked."""
    found = _view(request, intake, forms.ident(issue_id), _asked(request))
    return page.page(request, "office/issues/page.html", "事件", "issues", **found)


@post("/office/issues/{issue_id:str}/steps", guards=GUARDS, status_code=200, sync_to_thread=True)
def take_step(
    request: Asking,
    issue_id: FromPath[str],
    data: URLEncodedBody[FormData],
    intake: NamedDependency[Intake],
) -> Response[Any]:
    """A step of the table; one that moves nothing is kept, and the page says why."""
    taken = {"id": forms.ident(issue_id), **_step(data)}
    receipt = forms.send(intake, request.user, "issue.step", taken, data)
    with intake.store.read() as tx:
        said = issue_view.said_of(tx, request.user.community_id, issue_id, receipt.id)
    return _again(request, intake, data, issue_id, said)


@post("/office/issues/{issue_id:str}/changes", guards=GUARDS, status_code=200, sync_to_thread=True)
def change_issue(
    request: Asking,
    issue_id: FromPath[str],
    data: URLEncodedBody[FormData],
    intake: NamedDependency[Intake],
) -> Response[Any]:
    """Its kind, its place, whether it is for the meeting; only what was touched."""
    wanted = {
        "category": forms.code(data, "category", "类别", CATEGORIES),
        "place": forms.text(data, "place", "地点", 100),
        "hard": int(forms.one(data, "hard") == "1"),
    }
    changed = {"id": forms.ident(issue_id), "changes": forms.changes(data, wanted)}
    forms.send(intake, request.user, "issue.change", changed, data, forms.base_of(data))
    return _again(request, intake, data, issue_id, "已改。")


@post("/office/issues/{issue_id:str}/ratings", guards=GUARDS, status_code=200, sync_to_thread=True)
def rate_issue(
    request: Asking,
    issue_id: FromPath[str],
    data: URLEncodedBody[FormData],
    intake: NamedDependency[Intake],
) -> Response[Any]:
    """What whoever reported it said on the telephone, asked by somebody else than the doer."""
    rated = {
        "id": forms.ident(issue_id),
        "satisfied": forms.code(data, "satisfied", "满不满意", SATISFIED),
        "words": forms.text(data, "words", "说了什么", MAX_WORDS),
    }
    receipt = forms.send(intake, request.user, "issue.rate", rated, data)
    with intake.store.read() as tx:
        said = issue_view.said_of(tx, request.user.community_id, issue_id, receipt.id)
    return _again(request, intake, data, issue_id, said)


@post("/office/issues/steps", guards=GUARDS, status_code=200, sync_to_thread=True)
def take_steps(
    request: Asking, data: URLEncodedBody[FormData], intake: NamedDependency[Intake]
) -> Response[Any]:
    """One step for all that were ticked. Merged, they go into the one that was reported first."""
    chosen = [forms.ident(one) for one in forms.many(data, "issues", MAX_TOGETHER)]
    step = forms.code(data, "step", "要做什么", TOGETHER)
    if not chosen:
        raise Refusal("field.empty", field="要办的事件")
    if step == "duplicate":
        chosen, more = _into_first(request, intake, chosen)
    else:
        more = {"holder_id": forms.one(data, "holder_id")} if step == "assign" else {}
    refused = _each(request, intake, chosen, {"step": step, **more})
    said = f"{STEPS[step].word}：{len(chosen) - len(refused)} 件。"
    said += "".join(f"有 1 件没有办成：{one}" for one in refused)
    return _again(request, intake, data, forms.one(data, "at"), said)


HANDLERS: list[Any] = [
    show_issues,
    show_columns,
    take_steps,
    show_issue,
    take_step,
    change_issue,
    rate_issue,
]


def _asked(request: Asking) -> Filter:
    return filter_of(request.query_params.multi_items())


def _step(form: FormData) -> dict[str, Any]:
    """What a step's form says; what is not asked is empty."""
    step = STEPS[forms.code(form, "step", "要做什么", STEPS)]
    given: dict[str, Any] = {
        "step": step.code,
        "words": forms.text(form, "words", "给报的人看的话", MAX_WORDS),
        "inner": forms.text(form, "inner", "内部备注", MAX_WORDS),
    }
    if "level" in step.asks and forms.one(form, "level"):
        given["level"] = forms.code(form, "level", "在哪一级解决", LEVELS)
    if "due_on" in step.asks:
        given["due_on"] = forms.day(form, "due_on", "新期限")
    for name in ("holder_id", "duplicate_of"):
        if name in step.asks:
            given[name] = _optional_id(form, name)
    return given


def _optional_id(form: FormData, name: str) -> str:
    """An id, typed alone or pasted with the address of its page; "" for none."""
    value = forms.one(form, name).strip().split("?")[0].rpartition("/")[2]
    return forms.ident(value) if value else ""


def _into_first(
    request: Asking, intake: Intake, chosen: list[str]
) -> tuple[list[str], dict[str, str]]:
    """All but the one that was reported first, and that one as what they repeat."""
    with intake.store.read() as tx:
        known = Records(tx, request.user.community_id)
        found = [known.get("issue", one) for one in chosen]
    issues = sorted(
        (one for one in found if isinstance(one, Issue)), key=lambda one: (one.reported_at, one.id)
    )
    if len(issues) < 2:
        raise Refusal("issue.one_only")
    return [one.id for one in issues[1:]], {"duplicate_of": issues[0].id}


def _each(request: Asking, intake: Intake, chosen: list[str], step: dict[str, str]) -> list[str]:
    """Sentences of why some could not be done."""
    refused = []
    for issue_id in chosen:
        try:
            receipt = forms.send(intake, request.user, "issue.step", {"id": issue_id, **step}, {})
        except Refusal as refusal:
            refused.append(refusal.sentence)
            continue
        with intake.store.read() as tx:
            said = issue_view.said_of(tx, request.user.community_id, issue_id, receipt.id)
        if said != STEPS[step["step"]].does:
            refused.append(said)
    return refused


def _again(
    request: Asking, intake: Intake, data: FormData, issue_id: str, said: str
) -> Response[Any]:
    """The same issue as it is now, on the same list."""
    chosen = filter_in(forms.one(data, "query"))
    picked = forms.ident(issue_id) if issue_id else ""
    found = {**_view(request, intake, picked, chosen), "said": said}
    url = f"{PATH}/{picked}".rstrip("/") + chosen.query
    return page.changed(request, FRAGMENT, url, "issues", **found)


def _view(request: Asking, intake: Intake, issue_id: str, chosen: Filter) -> dict[str, Any]:
    with intake.store.read() as tx:
        found = view(tx, request.user.community_id, intake.clock(), issue_id, chosen)
    if found["chosen"]:
        note_view(request, "issue", found["chosen"].issue.id)
    return found
