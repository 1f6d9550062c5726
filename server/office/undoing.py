"""撤销: an edit taken back by an operation of its own that sets what was there before."""

from typing import Any

from server.intake import Intake, Receipt
from server.office import forms
from server.office.forms import FormData
from server.office.history_view import UNDOABLE
from server.office.labels import named
from server.people import Person
from server.pinyin import spelled
from server.store import edits, oplog
from server.store.database import Tx
from server.store.records import Records
from sync.records import Contact, Household, Resident
from sync.refusals import Refusal

MAX_FIELDS = 20


def undo(intake: Intake, person: Person, operation_id: str, form: FormData) -> Receipt | None:
    """Set these fields of a record back; none when this very form was sent before.

    Raises Refusal where somebody set one of them again: that is not to be lost with it.
    """
    record_id = forms.ident(forms.one(form, "record"))
    wanted = forms.many(form, "field", MAX_FIELDS)
    with intake.store.read() as tx:
        if oplog.kind_of(tx, person.community_id, forms.one(form, "form_id")):
            return None
        kind, data, base = _taken_back(tx, person.community_id, operation_id, record_id, wanted)
    return forms.send(intake, person, kind, data, form, base)


def _taken_back(
    tx: Tx, community_id: str, operation_id: str, record_id: str, wanted: list[str]
) -> tuple[str, dict[str, Any], int | None]:
    """Kind, data and base of the operation that undoes."""
    mine = [
        one
        for one in edits.of_operations(tx, community_id, [operation_id])
        if one["record_id"] == record_id
    ]
    chosen = [one for one in mine if not wanted or one["field"] in wanted]
    if not chosen or oplog.kind_of(tx, community_id, operation_id) not in UNDOABLE:
        raise Refusal("undo.nothing")
    last = edits.setters(tx, community_id, record_id)
    for one in chosen:
        setter = last[one["field"]]
        if setter["operation_id"] != operation_id:
            who = setter["person_name"] or "系统"
            raise Refusal("undo.changed_since", field=named(one["field"], "field"), who=who)
    record = Records(tx, community_id).get(chosen[0]["kind"], record_id)
    if record is None:
        return _restored(Records(tx, community_id), mine, operation_id)
    assert isinstance(record, Household | Resident | Contact)
    changes = {_said(one["field"]): one["before"] for one in chosen}
    if isinstance(record, Resident) and "name" in changes:
        changes["pinyin"] = spelled(changes["name"])
    data = {"id": record_id, "changes": changes, "undoes": operation_id}
    return f"{chosen[0]['kind']}.change", data, record.version


def _restored(
    known: Records, gone: list[dict[str, Any]], operation_id: str
) -> tuple[str, dict[str, Any], None]:
    """A number that was deleted, once more."""
    data = {one["field"]: one["before"] for one in gone}
    here = known.of_household("contact", str(data.get("household_id", "")))
    same = [one for one in here if isinstance(one, Contact) and one.phone == data["phone"]]
    if gone[0]["kind"] != "contact" or same:
        raise Refusal("undo.nothing")
    return "contact.add", {**data, "undoes": operation_id}, None


def _said(field: str) -> str:
    return "categories" if field == "own_categories" else field
