"""交办与跟进: what the office asks to be seen, and what visitors asked to be done."""

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
from server.store.database import Tx

MAX_REASON = 200
MAX_RESULT, MAX_NOTE = 200, 1000
LISTED = 300
AT_LIST = "office/tasks/_lists.html"


@get("/office/tasks", guards=GUARDS, sync_to_thread=True)
def show_tasks(
    request: Asking, intake: NamedDependency[Intake], show: FromQuery[str] = ""
) -> Template:
    return page.page(
        request, "office/tasks/page.html", "交办与跟进", "tasks", **_lists(request, intake, show)
    )


@get("/office/followups", guards=GUARDS, sync_to_thread=True)
def show_followups(request: Asking, intake: NamedDependency[Intake]) -> Template:
    lists = _lists(request, intake, "followups")
    return page.page(request, "office/tasks/page.html", "跟进", "tasks", **lists)


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


@post(
    "/office/followups/{followup_id:str}/closings",
    guards=GUARDS,
    status_code=200,
    sync_to_thread=True,
)
def close_followup(
    request: Asking,
    followup_id: FromPath[str],
    data: URLEncodedBody[FormData],
    intake: NamedDependency[Intake],
) -> Response[Any]:
    closed = {
        "id": forms.ident(followup_id),
        "result": forms.text(data, "result", "办得怎样", MAX_RESULT, needed=True),
        "note": forms.text(data, "note", "备注", MAX_NOTE),
    }
    forms.send(intake, request.user, "followup.close", closed, data)
    return _where_it_was(request, intake, data, "跟进已办结。")


def _where_it_was(request: Asking, intake: Intake, data: FormData, said: str) -> Response[Any]:
    """The door's page or the list, wherever the form stood."""
    home = forms.one(data, "household")
    if home:
        return doors.again(request, intake, forms.ident(home), said)
    lists = _lists(request, intake, forms.one(data, "show"))
    return page.changed(request, AT_LIST, "/office/tasks", "tasks", **{**lists, "said": said})


def _lists(request: Asking, intake: Intake, show: str) -> dict[str, Any]:
    with intake.store.read() as tx:
        return _read(tx, request.user.community_id, show)


def _read(tx: Tx, community_id: str, show: str) -> dict[str, Any]:
    closed = show == "closed"
    return {
        "tasks": reads.tasks(tx, community_id, closed, LISTED) if show != "followups" else [],
        "followups": reads.followups(tx, community_id, closed, LISTED),
        "show": show,
        "said": "",
    }
