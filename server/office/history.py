"""变更记录 of a door or a person as a page of its own, and the form that takes an edit back."""

from typing import Any

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, URLEncodedBody
from litestar.response import Template

from server.intake import Intake
from server.office import forms, history_view, page, undoing
from server.office.forms import FormData
from server.office.page import GUARDS, Asking
from server.office.trail import note_view
from server.store import histories
from server.store.database import Tx
from server.store.records import Records
from sync.records import Contact, Household, Resident
from sync.refusals import Refusal

FRAGMENT = "office/history/_history.html"
UNDONE = "已撤销，改回了原来的内容。这一次撤销也记在下面。"
DISPUTED = "撤销的同时别处又改了这一项，两个值都留着，请在“冲突”里定。"


@get("/office/households/{household_id:str}/changes", guards=GUARDS, sync_to_thread=True)
def show_door_history(
    request: Asking, household_id: FromPath[str], intake: NamedDependency[Intake]
) -> Template:
    view = _view(request, intake, "households", forms.ident(household_id))
    return page.page(request, "office/history/page.html", "变更记录", "buildings", **view)


@get("/office/residents/{resident_id:str}/changes", guards=GUARDS, sync_to_thread=True)
def show_person_history(
    request: Asking, resident_id: FromPath[str], intake: NamedDependency[Intake]
) -> Template:
    view = _view(request, intake, "residents", forms.ident(resident_id))
    return page.page(request, "office/history/page.html", "变更记录", "buildings", **view)


@post("/office/edits/{operation_id:str}/undos", guards=GUARDS, status_code=200, sync_to_thread=True)
def undo_edit(
    request: Asking,
    operation_id: FromPath[str],
    data: URLEncodedBody[FormData],
    intake: NamedDependency[Intake],
) -> Response[Any]:
    """Take one edit back, whole or some of its fields."""
    receipt = undoing.undo(intake, request.user, forms.ident(operation_id), data)
    noun = forms.code(data, "noun", "页面", ("households", "residents"))
    view = _view(request, intake, noun, forms.ident(forms.one(data, "of")))
    disputed = receipt is not None and receipt.outcome == "conflict"
    view["said"] = DISPUTED if disputed else UNDONE
    return page.changed(request, FRAGMENT, f"{view['home']}/changes", "buildings", **view)


HANDLERS: list[Any] = [show_door_history, show_person_history, undo_edit]


def _view(request: Asking, intake: Intake, noun: str, record_id: str) -> dict[str, Any]:
    community_id = request.user.community_id
    with intake.store.read() as tx:
        read = _of_door if noun == "households" else _of_person
        title, operations = read(tx, community_id, record_id)
        history = history_view.of(tx, community_id, operations)
    note_view(request, noun.removesuffix("s"), record_id)
    home = f"/office/{noun}/{record_id}"
    return {
        "noun": noun,
        "of": record_id,
        "about": title,
        "home": home,
        "history": history,
        "limit": histories.MAX_CHANGES,
        "said": "",
    }


def _of_door(tx: Tx, community_id: str, household_id: str) -> tuple[str, list[dict[str, Any]]]:
    household = Records(tx, community_id).get("household", household_id)
    if not isinstance(household, Household):
        raise Refusal("record.unknown")
    merged = household.merged_ids
    return household.label, histories.of_household(
        tx, community_id, household_id, merged_ids=merged
    )


def _of_person(tx: Tx, community_id: str, resident_id: str) -> tuple[str, list[dict[str, Any]]]:
    known = Records(tx, community_id)
    resident = known.get("resident", resident_id)
    if not isinstance(resident, Resident):
        raise Refusal("record.unknown")
    numbers = known.of_household("contact", resident.household_id)
    mine = [
        one.id for one in numbers if isinstance(one, Contact) and one.resident_id == resident_id
    ]
    ids = [resident_id, *resident.merged_ids, *mine]
    found = histories.of_person(tx, community_id, resident.household_id, ids)
    return resident.name, found
