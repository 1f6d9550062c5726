"""What every operation did to the roster, field by field: the value before and the value after."""

from collections.abc import Iterable
from operator import attrgetter
from typing import Any

import msgspec

from server.store.database import Tx, listed
from sync.operations import ContactChanges, HouseholdChanges, ResidentChanges
from sync.records import Record, kind_of

# The fields that people set. How a name is spelled follows from the name.
FIELDS: dict[str, tuple[str, ...]] = {
    "household": (
        *(one for one in HouseholdChanges.__struct_fields__ if one != "categories"),
        "own_categories",
    ),
    "resident": tuple(one for one in ResidentChanges.__struct_fields__ if one != "pinyin"),
    "contact": ContactChanges.__struct_fields__,
}
_VALUES = {kind: attrgetter(*names) for kind, names in FIELDS.items()}
# Of what was deleted, also whose it was: it may be wanted back.
_OF_GONE = {"contact": ("household_id", "resident_id"), "household": ("building_id",)}
GONE = "null"

_WRITE = (
    "insert into edit (community_id, record_id, version, field, kind, operation_id, before, after)"
    " values (?, ?, ?, ?, ?, ?, ?, ?)"
    " on conflict (community_id, record_id, version, field) do update set"
    " operation_id = excluded.operation_id, before = excluded.before, after = excluded.after"
)


def add(
    tx: Tx, community_id: str, operation_id: str, changed: Iterable[tuple[Record, Record | None]]
) -> None:
    """Write down what an operation changed; records other than the roster's are left out."""
    for before, after in changed:
        kind = kind_of(before)
        values = _VALUES.get(kind)
        if after and (values is None or values(before) == values(after)):
            continue  # a visit, which sets nothing of these
        more = () if after else _OF_GONE.get(kind, ())
        for field in (*FIELDS.get(kind, ()), *more):
            was = getattr(before, field)
            now = getattr(after, field) if after else None
            if was != now:
                version = after.version if after else before.version + 1
                row = (community_id, before.id, version, field, kind, operation_id, _text(was))
                tx.later(_WRITE, (before.id, version, field), (*row, _text(now)))


def of_operations(tx: Tx, community_id: str, operation_ids: list[str]) -> list[dict[str, Any]]:
    """What these operations set, record by record in the order of their versions."""
    if not operation_ids:
        return []
    marks, given = listed(operation_ids)
    return _read(
        tx,
        f"operation_id in ({marks})",
        {"community": community_id, **given},
    )


def of_records(tx: Tx, community_id: str, record_ids: list[str]) -> list[dict[str, Any]]:
    """Everything that was ever set on these records, in the order of their versions."""
    if not record_ids:
        return []
    marks, given = listed(record_ids)
    return _read(tx, f"record_id in ({marks})", {"community": community_id, **given})


def told(tx: Tx, community_id: str, record_ids: list[str]) -> list[dict[str, Any]]:
    """What was set on these records, by whom and when, oldest first."""
    marks, given = listed(record_ids)
    rows = tx.rows(
        f"""
        select edit.record_id, edit.kind, edit.field, edit.before, edit.after, operation.at,
          coalesce(person.name, '') as by_name
        from edit
        join operation on operation.community_id = edit.community_id
          and operation.id = edit.operation_id
        left join person on person.community_id = operation.community_id
          and person.id = operation.person_id
        where edit.community_id = :community and edit.record_id in ({marks})
        order by operation.at, edit.record_id, edit.version, edit.field
        """,
        community=community_id,
        **given,
    )
    return [_decoded(row) for row in rows]


def setters(tx: Tx, community_id: str, record_id: str) -> dict[str, dict[str, Any]]:
    """By field: the last edit of it, with who made it and when."""
    rows = tx.rows(
        """
        select edit.field, edit.operation_id, edit.version, operation.at, operation.kind,
          coalesce(person.name, '') as person_name
        from edit
        join operation on operation.community_id = edit.community_id
          and operation.id = edit.operation_id
        left join person on person.community_id = operation.community_id
          and person.id = operation.person_id
        where edit.community_id = :community and edit.record_id = :record
        order by edit.version, edit.field
        """,
        community=community_id,
        record=record_id,
    )
    return {row["field"]: row for row in rows}


def _read(tx: Tx, where: str, values: dict[str, Any]) -> list[dict[str, Any]]:
    rows = tx.rows(
        f"""
        select record_id, version, field, kind, operation_id, before, after
        from edit
        where community_id = :community and {where}
        order by record_id, version, field
        """,
        **values,
    )
    return [{**_decoded(row), "is_gone": int(row["after"] == GONE)} for row in rows]


def _decoded(row: dict[str, Any]) -> dict[str, Any]:
    return {**row, **{name: msgspec.json.decode(row[name]) for name in ("before", "after")}}


def _text(value: Any) -> str:
    return msgspec.json.encode(value).decode()
