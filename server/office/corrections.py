"""A visit corrected at the desk: the form becomes the fields that really changed."""

from collections.abc import Sequence
from typing import Any, get_args

from server.office import forms
from server.office.forms import FormData
from sync import days
from sync.operations import Method, Result, VisitType
from sync.records import Resident, Visit
from sync.refusals import Refusal

TYPES: tuple[str, ...] = get_args(VisitType)
METHODS: tuple[str, ...] = get_args(Method)
RESULTS: tuple[str, ...] = get_args(Result)
MAX_NOTE, MAX_FOLLOWUP, MAX_REASON = 1000, 200, 200

# Where a visit that is sent back opens on the phone.
FIELDS = ("note", "result", "resident_ids", "method", "type", "away_until", "followup")
RETURNED = (*FIELDS, "checkups")


def data_of(
    form: FormData, visit: Visit, people: Sequence[Resident], timezone: str
) -> dict[str, Any]:
    """The data of `visit.correct`. Refuses when nothing changed or something does not fit."""
    here = {one.id for one in people} | set(visit.resident_ids)
    on = days.day(visit.true_at, timezone)
    wanted: dict[str, Any] = {
        "result": forms.code(form, "result", "结果", RESULTS),
        "type": forms.code(form, "type", "类型", TYPES),
        "method": forms.code(form, "method", "方式", METHODS),
        "note": forms.text(form, "note", "备注", MAX_NOTE),
        "followup": forms.text(form, "followup", "要跟进", MAX_FOLLOWUP),
        "resident_ids": forms.codes(form, "resident_ids", "见到谁", here),
        "away_until": forms.day(form, "away_until", "到哪天", first=on),
    }
    before = {**visit_fields(visit), "resident_ids": sorted(visit.resident_ids)}
    changes = {name: value for name, value in wanted.items() if value != before[name]}
    if not changes:
        raise Refusal("nothing.changed")
    reason = forms.text(form, "reason", "为什么改", MAX_REASON, needed=True)
    return {"id": visit.id, "changes": changes, "reason": reason}


def visit_fields(visit: Visit) -> dict[str, Any]:
    return {name: getattr(visit, name) for name in FIELDS}
