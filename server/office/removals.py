"""删掉的户: a door that was made by mistake goes, with a reason, and can be brought back."""

from typing import Any

from litestar import Response, post
from litestar.di import NamedDependency
from litestar.params import FromPath, URLEncodedBody

from server.intake import Intake
from server.office import forms, page
from server.office.forms import FormData
from server.office.page import GUARDS, Asking
from server.store import edits, oplog, removals
from server.store.database import Tx
from server.store.records import Records
from sync.records import Household
from sync.refusals import Refusal

MAX_REASON = 200
Fields = dict[str, Any]


@post(
    "/office/households/{household_id:str}/removals",
    guards=GUARDS,
    status_code=200,
    sync_to_thread=True,
)
def remove_household(
    request: Asking,
    household_id: FromPath[str],
    data: URLEncodedBody[FormData],
    intake: NamedDependency[Intake],
) -> Response[Any]:
    """Only where nobody lives and nothing was ever done."""
    ident = forms.ident(household_id)
    reason = forms.text(data, "reason", "为什么删", MAX_REASON, needed=True)
    with intake.store.read() as tx:
        found = Records(tx, request.user.community_id).get("household", ident)
        sent = oplog.kind_of(tx, request.user.community_id, forms.one(data, "form_id"))
    if sent:
        return page.go(request, "/office/buildings")
    if not isinstance(found, Household):
        raise Refusal("record.unknown")
    removed = {"id": ident, "reason": reason}
    forms.send(intake, request.user, "household.remove", removed, data)
    return page.go(request, f"/office/buildings/{found.building_id}#removed")


@post(
    "/office/removals/{operation_id:str}/undos",
    guards=GUARDS,
    status_code=200,
    sync_to_thread=True,
)
def bring_back(
    request: Asking,
    operation_id: FromPath[str],
    data: URLEncodedBody[FormData],
    intake: NamedDependency[Intake],
) -> Response[Any]:
    """The door once more, with its telephone numbers, under an id of its own."""
    ident, home = forms.ident(operation_id), request.user.community_id
    with intake.store.read() as tx:
        if removals.brought_back(tx, home, ident):
            raise Refusal("undo.nothing")
        if oplog.kind_of(tx, home, ident) != "household.remove":
            raise Refusal("record.unknown")
        door, numbers = _gone(tx, home, ident)
    receipt = forms.send(intake, request.user, "household.add", door, data)
    for number in numbers:
        again = {**number, "household_id": receipt.id}
        forms.send(intake, request.user, "contact.add", again, {})
    return page.go(request, f"/office/households/{receipt.id}")


HANDLERS: list[Any] = [remove_household, bring_back]


def _gone(tx: Tx, community_id: str, removal_id: str) -> tuple[Fields, list[Fields]]:
    """What a removal took away: the door and its numbers, as they are added again."""
    found: dict[tuple[str, str], Fields] = {}
    for one in edits.of_operations(tx, community_id, [removal_id]):
        record = found.setdefault((one["kind"], one["record_id"]), {"undoes": removal_id})
        record[one["field"]] = one["before"]
    (door,) = [record for (kind, _), record in found.items() if kind == "household"]
    door["categories"] = door.pop("own_categories")
    del door["status"]
    return door, [record for (kind, _), record in found.items() if kind == "contact"]
