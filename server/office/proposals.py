"""待定: what workers propose and the office decides: who died or moved away, and who is given a
category that money hangs on."""

from typing import Any

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, URLEncodedBody
from litestar.response import Template

from server.intake import Intake
from server.office import forms, page
from server.office.forms import FormData
from server.office.page import GUARDS, Asking
from server.store import proposals as reads
from server.store import quarantine
from server.store.database import Tx
from server.store.records import Records
from sync.records import Household, Resident
from sync.refusals import Refusal

PATH = "/office/proposals"
FRAGMENT = "office/proposals/_proposals.html"
MAX_REASON = 500
MAX_KEY = 64


@get(PATH, guards=GUARDS, sync_to_thread=True)
def show_proposals(request: Asking, intake: NamedDependency[Intake]) -> Template:
    view = _view(request, intake)
    return page.page(request, "office/proposals/page.html", "等办公室定的", "buildings", **view)


@post(f"{PATH}/visits/{{visit_id:str}}", guards=GUARDS, status_code=200, sync_to_thread=True)
def decide_departure(
    request: Asking,
    visit_id: FromPath[str],
    data: URLEncodedBody[FormData],
    intake: NamedDependency[Intake],
) -> Response[Any]:
    """So it is; or it is not, for a reason that the worker reads, and the person is back."""
    ident, person = forms.ident(visit_id), request.user
    if forms.code(data, "decision", "怎么定", ("confirm", "reject")) == "confirm":
        base = forms.base_of(data)
        forms.send(intake, person, "review.approve", {"id": ident}, data, base)
        return _again(request, intake, "已确认，以后不再走访。")
    reason = forms.text(data, "reason", "为什么不是", MAX_REASON, needed=True)
    with intake.store.read() as tx:
        told = [one for one in reads.departures(tx, person.community_id) if one["id"] == ident]
    returned = {"id": ident, "reason": reason, "field": "result"}
    forms.send(intake, person, "review.return", returned, data, forms.base_of(data))
    for one in (somebody for line in told for somebody in line["residents"]):
        _bring_back(request, intake, one["id"])
    return _again(request, intake, "已退回，人仍算在住；走访人的手机会看到原因。")


@post(f"{PATH}/kept/{{key:str}}", guards=GUARDS, status_code=200, sync_to_thread=True)
def decide_category(
    request: Asking,
    key: FromPath[str],
    data: URLEncodedBody[FormData],
    intake: NamedDependency[Intake],
) -> Response[Any]:
    """Give or take the category as proposed, or say why not."""
    if not 8 <= len(key) <= MAX_KEY or not key.replace("-", "").isalnum():
        raise Refusal("record.unknown")
    decided = {"key": key, "decision": "accept"}
    if forms.code(data, "decision", "怎么定", ("accept", "refuse")) == "refuse":
        reason = forms.text(data, "reason", "为什么不改", MAX_REASON, needed=True)
        decided = {"key": key, "decision": "refuse", "reason": reason}
    forms.send(intake, request.user, "quarantine.decide", decided, data)
    said = {"accept": "已照提议改好。", "refuse": "没有改，提的人会看到原因。"}
    return _again(request, intake, said[decided["decision"]])


HANDLERS: list[Any] = [show_proposals, decide_departure, decide_category]


def _bring_back(request: Asking, intake: Intake, resident_id: str) -> None:
    with intake.store.read() as tx:
        found = Records(tx, request.user.community_id).get("resident", resident_id)
    assert isinstance(found, Resident)
    change = {"id": resident_id, "changes": {"status": "living", "status_until": ""}}
    forms.send(intake, request.user, "resident.change", change, {}, found.version)


def _again(request: Asking, intake: Intake, said: str) -> Response[Any]:
    view = {**_view(request, intake), "said": said}
    return page.changed(request, FRAGMENT, PATH, "buildings", **view)


def _view(request: Asking, intake: Intake) -> dict[str, Any]:
    community_id = request.user.community_id
    with intake.store.read() as tx:
        return {
            "departures": reads.departures(tx, community_id),
            "proposed": compared(tx, community_id),
            "said": "",
        }


def compared(tx: Tx, community_id: str) -> list[dict[str, Any]]:
    """The categories that are proposed, each with what it would give and take."""
    return [_compared(tx, community_id, one) for one in reads.categories(tx, community_id)]


def _compared(tx: Tx, community_id: str, one: dict[str, Any]) -> dict[str, Any]:
    """A proposal with what it would give and take, and whom it is about."""
    data, known = one["data"], Records(tx, community_id)
    said = data.get("changes", data)
    record_id = str(data.get("id") or data.get("household_id", ""))
    kind = "household" if one["kind"] == "household.change" else "resident"
    record = known.get(kind, record_id)
    before: set[str] = set()
    if isinstance(record, Resident):
        before = set(record.categories)
    if isinstance(record, Household):
        before = set(record.own_categories)
    wanted = {str(code) for code in said.get("categories", [])}
    names = quarantine.names(tx, community_id, [record_id] if record_id else [])
    return {
        **one,
        "about": names.get(record_id, "") or str(data.get("name", "")),
        "is_door": int(kind == "household"),
        "href": f"/office/{kind}s/{record_id}" if record else "",
        "given": sorted(wanted - before),
        "taken": sorted(before - wanted),
    }
