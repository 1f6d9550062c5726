"""变更记录: who changed what, from where, old and new; and what of it can be taken back."""

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from server.store import edits, quarantine
from server.store.database import Tx
from sync.scope import OFFICE

# Decided as an edit, so they can be undone as one. What a visit said is put right at the visit.
UNDOABLE = frozenset({"household.change", "resident.change", "contact.change", "contact.remove"})
IMPORT = "名册导入"
PAGES = "网页"
_NAMED = ("household_id", "resident_id", "building_id")


class Field(NamedTuple):
    """One field of one record. `may_undo`: nobody set it again; `since` is who did."""

    name: str
    before: Any
    after: Any
    is_gone: int
    may_undo: int
    since: str


class Part(NamedTuple):
    """One record that an operation changed."""

    record_id: str
    about: str
    fields: list[Field]

    @property
    def undoable(self) -> list[Field]:
        return [one for one in self.fields if one.may_undo]


class Line(NamedTuple):
    """One operation. `undoes` and `undone_by` are (who, when) of the other, or empty."""

    id: str
    kind: str
    at: str
    received_at: str
    who: str
    source: str
    about: str
    note: str
    what: str
    parts: list[Part]
    undoes: dict[str, str]
    undone_by: dict[str, str]


class History(NamedTuple):
    lines: list[Line]
    names: dict[str, str]


def of(tx: Tx, community_id: str, operations: list[dict[str, Any]]) -> History:
    """These operations as people read them, in the order given."""
    changed = edits.of_operations(tx, community_id, [one["id"] for one in operations])
    ids = sorted({one["record_id"] for one in changed})
    last = {
        (one["record_id"], one["field"]): one for one in edits.of_records(tx, community_id, ids)
    }
    names = quarantine.names(tx, community_id, _ids(operations, changed))
    known = {one["id"]: one for one in operations}
    undone = {one["data"]["undoes"]: one for one in operations if one["data"].get("undoes")}
    by_operation: dict[str, list[dict[str, Any]]] = {}
    for one in changed:
        by_operation.setdefault(one["operation_id"], []).append(one)
    lines = []
    for one in operations:
        may_undo = one["kind"] in UNDOABLE and one["id"] not in undone
        found = _parts(by_operation.get(one["id"], []), last, known, names, may_undo)
        lines.append(_line(one, found, names, known, undone))
    return History(lines, names)


def _line(
    one: Mapping[str, Any],
    parts: list[Part],
    names: Mapping[str, str],
    known: Mapping[str, Mapping[str, Any]],
    undone: Mapping[str, Mapping[str, Any]],
) -> Line:
    data = one["data"]
    about = data.get("resident_id") or data.get("id") or data.get("keep") or one["id"]
    return Line(
        id=one["id"],
        kind=one["kind"],
        at=one["at"],
        received_at=one["received_at"],
        who=one["person_name"] or "系统",
        source=source(one),
        about=names.get(str(about), "") or str(data.get("name", "")),
        note=str(data.get("reason") or data.get("note") or data.get("result") or ""),
        what=str(data.get("what", "")) if one["kind"] == "life_event.record" else "",
        parts=parts,
        undoes=_other(known.get(data.get("undoes", ""))),
        undone_by=_other(undone.get(one["id"])),
    )


def source(operation: Mapping[str, Any]) -> str:
    """Which device, import or visit an operation came from."""
    device = operation["device_name"]
    if IMPORT in device:
        return IMPORT
    where = "办公室电脑" if operation["role"] in OFFICE else PAGES
    told = where if device in ("", PAGES) else f"手机 {device}"
    return f"走访 · {told}" if operation["kind"].startswith("visit.") else told


def _parts(
    changed: Iterable[Mapping[str, Any]],
    last: Mapping[tuple[str, str], Mapping[str, Any]],
    known: Mapping[str, Mapping[str, Any]],
    names: Mapping[str, str],
    may_undo: bool,
) -> list[Part]:
    found: dict[str, list[Field]] = {}
    for one in changed:
        latest = last[one["record_id"], one["field"]]
        is_last = latest["operation_id"] == one["operation_id"]
        later = known.get(latest["operation_id"]) if not is_last else None
        found.setdefault(one["record_id"], []).append(
            Field(
                one["field"],
                one["before"],
                one["after"],
                one["is_gone"],
                int(may_undo and is_last),
                (later["person_name"] or "系统") if later else "",
            )
        )
    return [
        Part(record_id, names.get(record_id, ""), fields) for record_id, fields in found.items()
    ]


def _ids(operations: list[dict[str, Any]], changed: list[dict[str, Any]]) -> list[str]:
    found = {one["id"] for one in operations} | {one["record_id"] for one in changed}
    for operation in operations:
        found |= {str(operation["data"].get(name, "")) for name in ("id", "keep", *_NAMED)}
    for one in changed:
        if one["field"] in _NAMED:
            found |= {str(one["before"]), str(one["after"])}
    return sorted(found - {""})


def _other(operation: Mapping[str, Any] | None) -> dict[str, str]:
    return {"who": operation["person_name"] or "系统", "at": operation["at"]} if operation else {}
