"""部门呼叫: what is called up, by department and age; calling departments, and who came."""

from typing import Any

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, URLEncodedBody
from litestar.response import Template

from server.intake import Intake
from server.office import call_view, forms, issue_view, page
from server.office.call_view import AGES, CALLERS, Sight, tab_of
from server.office.forms import FormData
from server.office.issue_words import UNITS
from server.office.page import GUARDS, Asking
from server.office.trail import note_view
from sync.followups import flagged_id
from sync.issue_calls import STEPS
from sync.refusals import Refusal

PATH = "/office/calls"
FRAGMENT = "office/calls/_matter.html"
MAX_WORDS, MAX_TOGETHER = 1000, 20
DID = {
    "arrived": "已记到场。",
    "result": "已记反馈。",
    "withdrawn": "已撤回，不再等这个部门。",
    "urged": "已记催办。",
}


@get(PATH, guards=GUARDS, opt=CALLERS, sync_to_thread=True)
def show_calls(request: Asking, intake: NamedDependency[Intake]) -> Template:
    with intake.store.read() as tx:
        found = call_view.overview(tx, request.user.community_id, _sight(request, intake))
    ages, tab = [word for _, word in AGES], tab_of(request.user.role)
    return page.page(request, "office/calls/page.html", "部门呼叫", tab, ages=ages, **found)


@get(f"{PATH}/{{issue_id:str}}", guards=GUARDS, opt=CALLERS, sync_to_thread=True)
def show_matter(
    request: Asking, issue_id: FromPath[str], intake: NamedDependency[Intake]
) -> Template:
    """One matter with its rounds of calls."""
    found = _view(request, intake, issue_id, "")
    tab = tab_of(request.user.role)
    return page.page(request, "office/calls/matter.html", "部门呼叫", tab, **found)


@post(
    f"{PATH}/{{issue_id:str}}/departments",
    guards=GUARDS,
    opt=CALLERS,
    status_code=200,
    sync_to_thread=True,
)
def call_departments(
    request: Asking,
    issue_id: FromPath[str],
    data: URLEncodedBody[FormData],
    intake: NamedDependency[Intake],
) -> Response[Any]:
    """Each department that was ticked is a call of its own, in one round."""
    chosen = [forms.ident(one) for one in forms.many(data, "departments", MAX_TOGETHER)]
    if not chosen:
        raise Refusal("field.empty", field="部门")
    call = {"id": _open(request, intake, issue_id), "within": _within(data), **_words(data)}
    last_id = _each(request, intake, data, call, list(dict.fromkeys(chosen)))
    return _again(request, intake, issue_id, last_id, f"已记呼叫 {len(set(chosen))} 个部门。")


@post(
    f"{PATH}/{{issue_id:str}}/steps",
    guards=GUARDS,
    opt=CALLERS,
    status_code=200,
    sync_to_thread=True,
)
def tell_of_call(
    request: Asking,
    issue_id: FromPath[str],
    data: URLEncodedBody[FormData],
    intake: NamedDependency[Intake],
) -> Response[Any]:
    """That somebody came, what they did, that they were reminded, or need not come."""
    step, call_id = forms.code(data, "step", "要做什么", STEPS), forms.one(data, "call")
    about = {"id": _open(request, intake, issue_id), "call_id": forms.ident(call_id)}
    told = {**about, "step": step, **_words(data)}
    receipt = forms.send(intake, request.user, "issue.call_step", told, data)
    return _again(request, intake, issue_id, receipt.id, DID[step])


HANDLERS: list[Any] = [show_calls, show_matter, call_departments, tell_of_call]


def _sight(request: Asking, intake: Intake) -> Sight:
    return Sight(request.user.id, request.user.role, intake.clock())


def _open(request: Asking, intake: Intake, issue_id: str) -> str:
    """The id of a matter that this person may see."""
    with intake.store.read() as tx:
        home, sight = request.user.community_id, _sight(request, intake)
        return call_view.matter(tx, home, sight, forms.ident(issue_id)).issue.id


def _each(
    request: Asking, intake: Intake, form: FormData, call: dict[str, str], chosen: list[str]
) -> str | None:
    """The last call's id. Each has one made of the form's: sent twice, each is one call."""
    given, last_id = forms.one(form, "form_id"), None
    for department_id in chosen:
        one = flagged_id(given, "", department_id) if forms.is_id(given) else ""
        told = {**call, "department_id": department_id}
        last_id = forms.send(intake, request.user, "issue.call", told, {"form_id": one}).id
    return last_id


def _words(form: FormData) -> dict[str, str]:
    return {
        "words": forms.text(form, "words", "给报的人看的话", MAX_WORDS),
        "inner": forms.text(form, "inner", "内部备注", MAX_WORDS),
    }


def _within(form: FormData) -> str:
    """How long this call has; "" for what is usual at the department."""
    unit = forms.one(form, "unit")
    if not unit:
        return ""
    forms.code(form, "unit", "多久到场", UNITS)
    return unit if unit == "now" else f"{forms.number(form, 'amount', '多久到场', 1, 720)}{unit}"


def _view(request: Asking, intake: Intake, issue_id: str, said: str) -> dict[str, Any]:
    home, sight = request.user.community_id, _sight(request, intake)
    with intake.store.read() as tx:
        found = call_view.matter(tx, home, sight, forms.ident(issue_id))
    note_view(request, "issue", found.issue.id)
    return {"matter": found, "is_office": sight.is_office, "units": UNITS, "said": said}


def _again(
    request: Asking, intake: Intake, issue_id: str, entry_id: str | None, does: str
) -> Response[Any]:
    """The same matter as it is now; a word that counts for nothing says why."""
    with intake.store.read() as tx:
        why = issue_view.why_not(tx, request.user.community_id, issue_id, entry_id)
    view = _view(request, intake, issue_id, why or does)
    url, tab = f"{PATH}/{issue_id}", tab_of(request.user.role)
    return page.changed(request, FRAGMENT, url, tab, **view)
