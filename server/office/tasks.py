"""交办: what the office asks to be seen."""

from typing import Any

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, URLEncodedBody
from litestar.response import Template

from server.intake import Intake
from server.office import doors, forms, page
from server.office.forms import FormData
from server.office.page import GUARDS, Asking
from server.store import tasks as reads

MAX_REASON = 200
LISTED = 300
AT_LIST = "office/tasks/_lists.html"


@get("/office/tasks", guards=GUARDS, sync_to_thread=True)
def show_tasks(
    request: Asking, intake: NamedDependency[Intake], show: FromQuery[str] = ""
) -> Template:
    return page.page(
        request, "office/tasks/page.html", "交办", "tasks", **_lists(request, intake, show)
    )


@post(
    "/office/households/{household_id:str}/tasks",
    guards=GUARDS,
    status_code=200,
    sync_to_thread=True,
)
def add_task(
    request: Asking,
    household_id: FromPath[str],
    data: URLEncodedBody[FormData],
    intake: NamedDependency[Intake],
) -> Response[Any]:
    """Please see this door, today or by a day."""
    home, person_id = forms.ident(household_id), forms.one(data, "for_person")
    asked = {
        "household_id": home,
        "reason": forms.text(data, "reason", "为什么要去", MAX_REASON, needed=True),
        "due_on": forms.day(data, "due_on", "哪天前", first=page.today_of(request)),
        "resident_ids": forms.many(data, "resident_ids", 50),
        "for_person": forms.ident(person_id) if person_id else "",
    }
    forms.send(intake, request.user, "task.add", asked, data)
    return doors.again(request, intake, home, "已交办，走访人的手机同步后会看到。")


@post("/office/tasks/{task_id:str}/closings", guards=GUARDS, status_code=200, sync_to_thread=True)
def close_task(
    request: Asking,
    task_id: FromPath[str],
    data: URLEncodedBody[FormData],
    intake: NamedDependency[Intake],
) -> Response[Any]:
    status = forms.code(data, "status", "怎么结", ("done", "cancelled"))
    closed = {"id": forms.ident(task_id), "status": status}
    forms.send(intake, request.user, "task.close", closed, data)
    return _where_it_was(request, intake, data, "交办已结。")


def _where_it_was(request: Asking, intake: Intake, data: FormData, said: str) -> Response[Any]:
    """The door's page or the list, wherever the form stood."""
    home = forms.one(data, "household")
    if home:
        return doors.again(request, intake, forms.ident(home), said)
    lists = _lists(request, intake, forms.one(data, "show"))
    return page.changed(request, AT_LIST, "/office/tasks", "tasks", **{**lists, "said": said})


def _lists(request: Asking, intake: Intake, show: str) -> dict[str, Any]:
    with intake.store.read() as tx:
        found = reads.tasks(tx, request.user.community_id, show == "closed", LISTED)
    return {"tasks": found, "show": show, "said": ""}
