"""Records in their tables: one table per kind, one column per field, lists as JSON."""

from collections.abc import Mapping
from typing import Any

import msgspec
from msgspec.structs import fields

from server.store import media
from server.store.database import Tx
from sync.merge import Stamp
from sync.records import KINDS, Building, Record, kind_of

STORED = (
    "building",
    "household",
    "resident",
    "contact",
    "visit",
    "task",
    "followup",
    "community",
)

# Enough to tell a pace from; a person who visits more is no person.
MOST_VISITS = 100

_FIELDS = {kind: [field.name for field in fields(KINDS[kind])] for kind in STORED}
_JSON = {
    kind: frozenset(
        field.name
        for field in fields(KINDS[kind])
        if isinstance(field.default, (list, dict)) or field.default_factory is not msgspec.NODEFAULT
    )
    for kind in STORED
}
_COLUMNS = {kind: ", ".join(f'"{name}"' for name in names) for kind, names in _FIELDS.items()}
_GET = {
    kind: f"select {_COLUMNS[kind]} from {kind} where community_id = :community and id = :id"
    for kind in STORED
}
_OF_HOUSEHOLD = {
    kind: f"select {_COLUMNS[kind]} from {kind}"
    " where community_id = :community and household_id = :household order by id"
    for kind in ("resident", "contact", "visit", "task", "followup")
}
_INSERT = {
    kind: f"insert into {kind} (community_id, {_COLUMNS[kind]}, stamps)"
    f" values (:community, {', '.join(f':{name}' for name in _FIELDS[kind])}, :stamps)"
    for kind in STORED
}


class Records:
    """The records of one community inside one transaction, cached until it ends."""

    def __init__(self, tx: Tx, community_id: str) -> None:
        self.tx = tx
        self.community_id = community_id
        self._known: dict[tuple[str, str], Record | None] = {}
        self._behind: dict[tuple[str, str], dict[str, Record]] = {}

    def get(self, kind: str, record_id: str) -> Record | None:
        key = kind, record_id
        if key not in self._known:
            rows = self.tx.tuples(_GET[kind], community=self.community_id, id=record_id)
            self._known[key] = _record(kind, rows[0]) if rows else None
        return self._known[key]

    def of_household(self, kind: str, household_id: str) -> list[Record]:
        key = kind, household_id
        if key not in self._behind:
            rows = self.tx.tuples(
                _OF_HOUSEHOLD[kind], community=self.community_id, household=household_id
            )
            self._behind[key] = {}
            for one in (_record(kind, row) for row in rows):
                self._behind[key][one.id] = one
                self._known[kind, one.id] = one
        return list(self._behind[key].values())

    def stamps(self, kind: str, record_id: str) -> Mapping[str, Stamp]:
        text = self.tx.value(
            f"select stamps from {kind} where community_id = :community and id = :id",
            community=self.community_id,
            id=record_id,
        )
        found: dict[str, list[Any]] = msgspec.json.decode(text) if text else {}
        return {field: Stamp(*values) for field, values in found.items()}

    def has_door(self, building_id: str, unit: str, door_no: str) -> str:
        """Id of the household at this door; "" when there is none."""
        found = self.tx.value(
            """
            select id from household
            where community_id = :community and building_id = :building
              and unit = :unit and door_no = :door_no
            """,
            community=self.community_id,
            building=building_id,
            unit=unit,
            door_no=door_no,
        )
        return found or ""

    def has_building(self, compound: str, name: str) -> str:
        found = self.tx.value(
            """
            select id from building
            where community_id = :community and compound = :compound and name = :name
            """,
            community=self.community_id,
            compound=compound,
            name=name,
        )
        return found or ""

    def has_households(self, building_id: str) -> bool:
        found = self.tx.value(
            """
            select 1 from household
            where community_id = :community and building_id = :building
            limit 1
            """,
            community=self.community_id,
            building=building_id,
        )
        return found is not None

    def arrived_media(self, person_id: str, names: list[str]) -> set[str]:
        """Those of these pictures that this person has brought."""
        return media.brought(self.tx, self.community_id, person_id, names)

    def visited_since(self, person_id: str, since: str, until: str) -> list[Mapping[str, Any]]:
        """Door, start and end of what a person visited last between two instants."""
        return list(
            self.tx.rows(
                """
                select household_id, started_at, ended_at
                from visit
                where community_id = :community and "by" = :person
                  and true_at >= :since and true_at <= :until and withdrawn = 0
                order by true_at desc, id desc
                limit :most
                """,
                community=self.community_id,
                person=person_id,
                since=since,
                until=until,
                most=MOST_VISITS,
            )
        )

    def add(self, record: Record, device: str, n: int) -> None:
        kind = kind_of(record)
        values = _values(kind, record, _FIELDS[kind])
        self.tx.run(_INSERT[kind], community=self.community_id, stamps="{}", **values)
        self._remember(kind, record)

    def change(self, before: Record, after: Record, changed: list[str], by: Stamp) -> None:
        """Write the fields that changed of a record believed to be at `before.version`."""
        kind = kind_of(after)
        stamps = {**self.stamps(kind, after.id), **dict.fromkeys(changed, by)}
        sets = ", ".join(f'"{name}" = :{name}' for name in changed)
        written = self.tx.run(
            f"update {kind} set {sets}, version = :version, stamps = :stamps"
            " where community_id = :community and id = :id and version = :believed",
            community=self.community_id,
            id=after.id,
            version=after.version,
            believed=before.version,
            stamps=msgspec.json.encode(stamps).decode(),
            **_values(kind, after, changed),
        )
        assert written == 1, f"{kind} {after.id} moved under its own transaction"
        self._remember(kind, after, before)

    def remove(self, kind: str, record_id: str) -> None:
        self.tx.run(
            f"delete from {kind} where community_id = :community and id = :id",
            community=self.community_id,
            id=record_id,
        )
        self._known[kind, record_id] = None
        for (held, _), records in self._behind.items():
            if held == kind:
                records.pop(record_id, None)

    def forget(self) -> None:
        """Drop the cache: a savepoint was rolled back."""
        self._known.clear()
        self._behind.clear()

    def _remember(self, kind: str, record: Record, before: Record | None = None) -> None:
        self._known[kind, record.id] = record
        for one in (before, record):
            household_id = getattr(one, "household_id", "")
            if household_id and (kind, household_id) in self._behind:
                self._behind[kind, household_id].pop(record.id, None)
        household_id = getattr(record, "household_id", "")
        if household_id and (kind, household_id) in self._behind:
            self._behind[kind, household_id][record.id] = record


def building_of(record: Record) -> str:
    """The building behind whose doors a record lies; "" for reference data."""
    return record.id if isinstance(record, Building) else getattr(record, "building_id", "")


def building_of_id(tx: Tx, community_id: str, record_id: str) -> str:
    """The building behind whose doors anything with this id lies; "" when nothing does."""
    found = tx.value(
        """
        select id from building where community_id = :community and id = :id
        union all
        select building_id from household where community_id = :community and id = :id
        union all
        select building_id from resident where community_id = :community and id = :id
        union all
        select building_id from contact where community_id = :community and id = :id
        union all
        select building_id from visit where community_id = :community and id = :id
        """,
        community=community_id,
        id=record_id,
    )
    return found or ""


def all_records(tx: Tx, community_id: str, kind: str) -> list[Record]:
    """Every record of a kind, by id."""
    rows = tx.tuples(
        f"select {_COLUMNS[kind]} from {kind} where community_id = :community order by id",
        community=community_id,
    )
    return [_record(kind, row) for row in rows]


def _record(kind: str, row: tuple[Any, ...]) -> Record:
    lists = _JSON[kind]
    values = {
        name: msgspec.json.decode(value) if name in lists else value
        for name, value in zip(_FIELDS[kind], row, strict=True)
    }
    return KINDS[kind](**values)


def _values(kind: str, record: Record, names: list[str]) -> dict[str, Any]:
    lists = _JSON[kind]
    return {
        name: msgspec.json.encode(getattr(record, name)).decode()
        if name in lists
        else getattr(record, name)
        for name in names
    }
