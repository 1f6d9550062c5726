"""预警板: who was told of one warning and who was not, while it happens, and what to do."""

from typing import Any

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, URLEncodedBody
from litestar.response import Template

from server.access import write_audit
from server.alerts import deciding
from server.intake import Intake
from server.office import alert_reading, alert_view, alert_words, forms, page
from server.office.forms import FormData
from server.office.page import GUARDS, Asking

MAX_REASON = 200
AT_BOARD = "office/alert_board/_board.html"


@get("/office/alerts/{alert_id:str}", guards=GUARDS, sync_to_thread=True)
def show_board(
    request: Asking,
    alert_id: FromPath[str],
    intake: NamedDependency[Intake],
    building: FromQuery[str] = "",
) -> Template:
    view = _view(request, intake, forms.ident(alert_id), building)
    return page.page(request, "office/alert_board/page.html", "预警板", "alerts", **view)


@post(
    "/office/alerts/{alert_id:str}/buildings/{building_id:str}/forwards",
    guards=GUARDS,
    status_code=200,
    sync_to_thread=True,
)
def record_forward(
    request: Asking,
    alert_id: FromPath[str],
    building_id: FromPath[str],
    data: URLEncodedBody[FormData],
    intake: NamedDependency[Intake],
) -> Response[Any]:
    """The office told a building itself, or heard by telephone that somebody has."""
    said = {"channel": forms.code(data, "channel", "转到哪里", alert_words.CHANNELS)}
    return _record(request, intake, "alert.forward", alert_id, building_id, data, said)


@post(
    "/office/alerts/{alert_id:str}/buildings/{building_id:str}/confirmations",
    guards=GUARDS,
    status_code=200,
    sync_to_thread=True,
)
def record_confirmation(
    request: Asking,
    alert_id: FromPath[str],
    building_id: FromPath[str],
    data: URLEncodedBody[FormData],
    intake: NamedDependency[Intake],
) -> Response[Any]:
    said = {"how": forms.code(data, "how", "怎么确认的", alert_words.HOWS)}
    return _record(request, intake, "alert.confirm", alert_id, building_id, data, said)


@post(
    "/office/alerts/{alert_id:str}/buildings/{building_id:str}/failures",
    guards=GUARDS,
    status_code=200,
    sync_to_thread=True,
)
def record_failure(
    request: Asking,
    alert_id: FromPath[str],
    building_id: FromPath[str],
    data: URLEncodedBody[FormData],
    intake: NamedDependency[Intake],
) -> Response[Any]:
    """Whoever should tell a building did not answer the telephone."""
    return _record(request, intake, "alert.unreachable", alert_id, building_id, data, {})


@post("/office/alerts/{alert_id:str}/starts", guards=GUARDS, status_code=200, sync_to_thread=True)
def start(
    request: Asking,
    alert_id: FromPath[str],
    data: URLEncodedBody[FormData],
    intake: NamedDependency[Intake],
) -> Response[Any]:
    """It is ours, whatever could be read of its area: everybody is told."""
    ident, home = forms.ident(alert_id), request.user.community_id
    reason = forms.text(data, "reason", "为什么是本社区的", MAX_REASON)
    intake.do(home, lambda writing: deciding.accept(writing, ident))
    write_audit(request, request.user, "alert.start", ident, detail=reason)
    return page.go(request, f"/office/alerts/{ident}")


@post(
    "/office/alerts/{alert_id:str}/dismissals", guards=GUARDS, status_code=200, sync_to_thread=True
)
def dismiss(
    request: Asking,
    alert_id: FromPath[str],
    data: URLEncodedBody[FormData],
    intake: NamedDependency[Intake],
) -> Response[Any]:
    """It is not ours: nobody is told. One that somebody has started meanwhile goes on."""
    ident, person = forms.ident(alert_id), request.user
    reason = forms.text(data, "reason", "为什么不发", MAX_REASON, needed=True)
    intake.do(
        person.community_id,
        lambda writing: deciding.dismiss(writing, ident, person.name, reason),
    )
    write_audit(request, person, "alert.dismiss", ident)
    return page.go(request, "/office/alerts")


@post(
    "/office/alerts/{alert_id:str}/stand-downs",
    guards=GUARDS,
    status_code=200,
    sync_to_thread=True,
)
def stand_down(
    request: Asking,
    alert_id: FromPath[str],
    data: URLEncodedBody[FormData],
    intake: NamedDependency[Intake],
) -> Response[Any]:
    ident = forms.ident(alert_id)
    reason = forms.text(data, "reason", "为什么解除", MAX_REASON, needed=True)
    told = {"incident_id": ident, "reason": reason}
    forms.send(intake, request.user, "alert.stand_down", told, data)
    return _again(request, intake, ident, "", "已解除，通知沿原路发出。")


HANDLERS: list[Any] = [
    show_board,
    record_forward,
    record_confirmation,
    record_failure,
    start,
    dismiss,
    stand_down,
]


def _record(
    request: Asking,
    intake: Intake,
    kind: str,
    alert_id: str,
    building_id: str,
    form: FormData,
    more: dict[str, Any],
) -> Response[Any]:
    ident, building = forms.ident(alert_id), forms.ident(building_id)
    edition = forms.number(form, "edition", "第几版文字", 1, 10_000)
    said = {"incident_id": ident, "building_id": building, "edition": edition, **more}
    forms.send(intake, request.user, kind, said, form)
    return _again(request, intake, ident, building, "已记下。")


def _again(
    request: Asking, intake: Intake, alert_id: str, building_id: str, said: str
) -> Response[Any]:
    view = _view(request, intake, alert_id, building_id)
    url = f"/office/alerts/{alert_id}" + (f"?building={building_id}" if building_id else "")
    return page.changed(request, AT_BOARD, url, "alerts", **{**view, "said": said})


def _view(request: Asking, intake: Intake, alert_id: str, building_id: str) -> dict[str, Any]:
    now = intake.clock()
    with intake.store.read() as tx:
        read = alert_reading.read(tx, request.user.community_id, alert_id, now)
    return {
        "alert": read.alert,
        "edition": read.facts.edition,
        "state": alert_words.STATES.get(read.alert.state, ""),
        "waits": read.alert.state == "open" and read.facts.roster.from_at > now,
        "board": alert_view.board(read.facts, now),
        "picked": alert_view.picked(read.facts, building_id, now) if building_id else None,
        "contacts": alert_reading.contacts_of(read, f"/office/alerts/{read.alert.id}/contacts"),
        "message_ids": read.message_ids,
        "staff": read.staff,
        "sendings": alert_view.sendings(read.sendings, read.pushes),
        "channels": alert_words.CHANNELS,
        "hows": alert_words.HOWS,
        "said": "",
    }
