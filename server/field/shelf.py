"""The records a person may hold, as a page reads them.

A shelf is a small read interface over the JSON that a phone of that person would hold. Records
come complete: what the wire left out (a leader's reduced forms) has its empty value, so a page
never asks whether a name is there. Twin: web/phone/shelf.js.
"""

from collections.abc import Iterable
from functools import cache
from typing import Any, Protocol

import msgspec

from sync.records import KINDS

Fields = dict[str, Any]


class Shelf(Protocol):
    def all(self, kind: str) -> list[Fields]:
        """Every record of a kind, ordered by id."""

    def get(self, kind: str, record_id: str) -> Fields | None: ...

    def of(self, kind: str, field: str, value: str) -> list[Fields]:
        """Those whose `field` (building_id, household_id, resident_id) is `value`, by id."""


class MemoryShelf:
    """A shelf over records that are already in memory."""

    def __init__(self, records: Iterable[tuple[str, Fields]]) -> None:
        self._kinds: dict[str, dict[str, Fields]] = {}
        for kind, record in sorted(records, key=lambda one: str(one[1]["id"])):
            self._kinds.setdefault(kind, {})[record["id"]] = complete(kind, record)
        self._indexes: dict[tuple[str, str], dict[str, list[Fields]]] = {}

    def all(self, kind: str) -> list[Fields]:
        return list(self._kinds.get(kind, {}).values())

    def get(self, kind: str, record_id: str) -> Fields | None:
        return self._kinds.get(kind, {}).get(record_id)

    def of(self, kind: str, field: str, value: str) -> list[Fields]:
        return self._index(kind, field).get(value, [])

    def _index(self, kind: str, field: str) -> dict[str, list[Fields]]:
        if (kind, field) not in self._indexes:
            found: dict[str, list[Fields]] = {}
            for record in self.all(kind):
                found.setdefault(record[field], []).append(record)
            self._indexes[kind, field] = found
        return self._indexes[kind, field]


def complete(kind: str, record: Fields) -> Fields:
    """The record with an empty value for every name it does not carry."""
    return {**empty(kind), **record}


@cache
def empty(kind: str) -> Fields:
    """What a record of this kind holds when nothing is known."""
    fields: Fields = {"attention": 0} if kind == "household" else {}
    for field in msgspec.structs.fields(KINDS[kind]):
        fields[field.name] = _default(field)
    return fields


def _default(field: msgspec.structs.FieldInfo) -> Any:
    if field.default is not msgspec.NODEFAULT:
        return field.default
    if field.default_factory is not msgspec.NODEFAULT:
        return field.default_factory()
    return ""
