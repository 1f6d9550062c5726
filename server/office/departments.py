"""部门名录: which departments can be called, who answers there, and by when they come."""

from typing import Any

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, URLEncodedBody
from litestar.response import Template

from server import departments
from server.intake import Intake
from server.office import forms, page
from server.office.call_view import CALLERS, tab_of
from server.office.forms import FormData
from server.office.issue_words import UNITS, worded
from server.office.page import GUARDS, Asking
from server.office.person import author
from server.store import departments as rows
from server.store.departments import Department
from sync.issue_limits import read

URL = "/office/departments"
FRAGMENT = "office/departments/_departments.html"
MAX_NAME, MAX_NOTE = 30, 100
# As long as a call may last that nobody set otherwise.
USUAL = "2h"


@get(URL, guards=GUARDS, opt=CALLERS, sync_to_thread=True)
def show_departments(request: Asking, intake: NamedDependency[Intake]) -> Template:
    view = _view(request, intake, "")
    tab = tab_of(request.user.role)
    return page.page(request, "office/departments/page.html", "部门名录", tab, **view)


@post(URL, guards=GUARDS, opt=CALLERS, status_code=200, sync_to_thread=True)
def add_department(
    request: Asking, data: URLEncodedBody[FormData], intake: NamedDependency[Intake]
) -> Response[Any]:
    by, one = author(request), _said(data, "")
    intake.do(request.user.community_id, lambda writing: departments.add(writing, by, one))
    return _again(request, intake, f"已加“{one.name}”。")


@post(
    f"{URL}/{{department_id:str}}/changes",
    guards=GUARDS,
    opt=CALLERS,
    status_code=200,
    sync_to_thread=True,
)
def change_department(
    request: Asking,
    department_id: FromPath[str],
    data: URLEncodedBody[FormData],
    intake: NamedDependency[Intake],
) -> Response[Any]:
    by, one = author(request), _said(data, forms.ident(department_id))
    intake.do(request.user.community_id, lambda writing: departments.change(writing, by, one))
    return _again(request, intake, f"已改“{one.name}”。以前的呼叫不变。")


HANDLERS: list[Any] = [show_departments, add_department, change_department]


def _said(form: FormData, department_id: str) -> Department:
    unit = forms.code(form, "unit", "多久到场", UNITS)
    amount = "" if unit == "now" else forms.number(form, "amount", "多久到场", 1, 720)
    return Department(
        id=department_id,
        name=forms.text(form, "name", "名称", MAX_NAME, needed=True),
        phone=forms.phone(form, "phone"),
        arrives=f"{amount}{unit}",
        note=forms.text(form, "note", "说明", MAX_NOTE),
        is_on=not department_id or forms.one(form, "is_on") == "1",
    )


def _view(request: Asking, intake: Intake, said: str) -> dict[str, Any]:
    with intake.store.read() as tx:
        found = rows.every(tx, request.user.community_id)
    listed = [
        {"id": one.id, "one": one, "limit": read(one.arrives), "arrives": worded(one.arrives)}
        for one in found
    ]
    return {"departments": listed, "units": UNITS, "usual": read(USUAL), "said": said}


def _again(request: Asking, intake: Intake, said: str) -> Response[Any]:
    view = _view(request, intake, said)
    return page.changed(request, FRAGMENT, URL, tab_of(request.user.role), **view)
