"""居民: one person, the forms that change them, and the whole ID number for a reason."""

from typing import Any

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, URLEncodedBody
from litestar.response import Template

from server import identities
from server.access import write_audit
from server.identities import Vault
from server.intake import Intake
from server.office import finding, forms, page, resident_view, roster_forms, stale
from server.office.doors import DISPUTED
from server.office.forms import FormData
from server.office.page import GUARDS, Asking
from server.office.resident_view import ResidentView
from server.office.stale import NOTHING
from server.office.trail import note_view
from sync.refusals import Refusal

MAX_REASON = 200
FRAGMENT = "office/residents/_resident.html"
PAGE = "office/residents/page.html"


@get("/office/residents/{resident_id:str}", guards=GUARDS, sync_to_thread=True)
def show_resident(
    request: Asking, resident_id: FromPath[str], intake: NamedDependency[Intake]
) -> Template:
    view = _view(request, intake, resident_id)
    return page.page(
        request,
        PAGE,
        view.resident.name,
        "buildings",
        view=view,
        said="",
        number="",
        typed=NOTHING,
    )


@post(
    "/office/residents/{resident_id:str}/changes",
    guards=GUARDS,
    status_code=200,
    sync_to_thread=True,
)
def change_resident(
    request: Asking,
    resident_id: FromPath[str],
    data: URLEncodedBody[FormData],
    intake: NamedDependency[Intake],
) -> Response[Any]:
    today = page.today_of(request)
    changes = roster_forms.resident_changes(data, today)
    wanted = roster_forms.whole_person(data, today)
    typed = stale.typed(intake, request.user, "resident", resident_id, data, wanted, changes)
    if typed.met:
        view = _view(request, intake, resident_id)
        more = {"view": view, "said": "", "number": "", "typed": typed}
        return page.kept(request, FRAGMENT, PAGE, view.resident.name, "buildings", **more)
    return _change(request, intake, data, resident_id, changes, "居民信息已改。")


@post(
    "/office/residents/{resident_id:str}/moves", guards=GUARDS, status_code=200, sync_to_thread=True
)
def move_resident(
    request: Asking,
    resident_id: FromPath[str],
    data: URLEncodedBody[FormData],
    intake: NamedDependency[Intake],
) -> Response[Any]:
    """To another door of the community, named in any spelling."""
    asked = forms.text(data, "door", "搬到哪里", 60, needed=True)
    with intake.store.read() as tx:
        found = finding.one_door(tx, request.user.community_id, asked)
    changes = {"household_id": found["id"]}
    said = f"已搬到 {found['label']}。"
    return _change(request, intake, data, resident_id, changes, said)


@post(
    "/office/residents/{resident_id:str}/new-doors",
    guards=GUARDS,
    status_code=200,
    sync_to_thread=True,
)
def move_to_new_door(
    request: Asking,
    resident_id: FromPath[str],
    data: URLEncodedBody[FormData],
    intake: NamedDependency[Intake],
) -> Response[Any]:
    """To a door that the roster lacked: it is added first, and stays if the move does not apply."""
    added = {"building_id": forms.ident(forms.one(data, "building_id")), **roster_forms.door(data)}
    door_form = {"form_id": forms.one(data, "door_form_id")}
    receipt = forms.send(intake, request.user, "household.add", added, door_form)
    changes = {"household_id": str(receipt.id)}
    said = f"已登记 {added['door_no']} 并搬过去。"
    return _change(request, intake, data, resident_id, changes, said)


@post(
    "/office/residents/{resident_id:str}/returns",
    guards=GUARDS,
    status_code=200,
    sync_to_thread=True,
)
def bring_back(
    request: Asking,
    resident_id: FromPath[str],
    data: URLEncodedBody[FormData],
    intake: NamedDependency[Intake],
) -> Response[Any]:
    """Somebody who was away, had moved or was thought dead lives here again, or at another door."""
    changes = {"status": "living", "status_until": ""}
    asked = forms.text(data, "door", "住在哪里", 60)
    if asked:
        with intake.store.read() as tx:
            changes["household_id"] = finding.one_door(tx, request.user.community_id, asked)["id"]
    return _change(request, intake, data, resident_id, changes, "已改为在住，按类别重新排走访。")


@post(
    "/office/residents/{resident_id:str}/consents",
    guards=GUARDS,
    status_code=200,
    sync_to_thread=True,
)
def record_consent(
    request: Asking,
    resident_id: FromPath[str],
    data: URLEncodedBody[FormData],
    intake: NamedDependency[Intake],
) -> Response[Any]:
    """What somebody said on paper or by telephone to being asked; "no" also takes it back."""
    today = page.today_of(request)
    said = {
        "resident_id": forms.ident(resident_id),
        "consent": forms.code(data, "consent", "愿意不愿意", ("yes", "no")),
        "method": forms.code(data, "method", "怎么说的", ("written", "oral")),
        "on": forms.day(data, "on", "哪天", last=today) or today,
    }
    forms.send(intake, request.user, "consent.record", said, data)
    return _again(request, intake, resident_id, "已记下。各部手机同步后按这个来问。")


@post(
    "/office/residents/{resident_id:str}/identity-views",
    guards=GUARDS,
    status_code=200,
    sync_to_thread=True,
)
def reveal_identity(
    request: Asking,
    resident_id: FromPath[str],
    data: URLEncodedBody[FormData],
    intake: NamedDependency[Intake],
) -> Response[Any]:
    """The whole number, once and for a reason; the reason is in the trail before it is shown."""
    ident = forms.ident(resident_id)
    reason = forms.text(data, "reason", "为什么要看", MAX_REASON, needed=True)
    vault = Vault(request.app.state.settings.secret)
    with intake.store.read() as tx:
        number = identities.reveal(tx, vault, request.user.community_id, ident)
    if not number:
        raise Refusal("record.unknown")
    write_audit(request, request.user, "identity.view", f"resident:{ident}", detail=reason)
    return _again(request, intake, ident, "", number)


def _change(
    request: Asking,
    intake: Intake,
    data: FormData,
    resident_id: str,
    changes: dict[str, Any],
    said: str,
) -> Response[Any]:
    change = {"id": forms.ident(resident_id), "changes": changes}
    base = forms.base_of(data)
    receipt = forms.send(intake, request.user, "resident.change", change, data, base)
    return _again(request, intake, resident_id, DISPUTED if receipt.outcome == "conflict" else said)


def _view(request: Asking, intake: Intake, resident_id: str) -> ResidentView:
    ident = forms.ident(resident_id)
    with intake.store.read() as tx:
        community = page.community_of(tx, request.user.community_id)
        found = resident_view.of(tx, community, ident, page.today(intake, community))
    note_view(request, "resident", ident)
    return found


def _again(
    request: Asking, intake: Intake, resident_id: str, said: str, number: str = ""
) -> Response[Any]:
    view = _view(request, intake, resident_id)
    url = f"/office/residents/{resident_id}"
    more = {"view": view, "said": said, "number": number, "typed": NOTHING}
    return page.changed(request, FRAGMENT, url, "buildings", **more)
