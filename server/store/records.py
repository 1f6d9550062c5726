"""Records in their tables: one table per kind, one column per field, lists as JSON."""

from collections.abc import Callable, Iterable, Mapping
from operator import attrgetter
from typing import Any, get_origin

import msgspec
from msgspec.structs import astuple, fields

from server.store import (
    alert_people,
    alerts,
    checkups,
    departments,
    holidays,
    media,
    people,
    weather_list,
)
from server.store.database import Tx, listed
from server.store.rounds import Rounds
from sync.cascade import Roster
from sync.issue_calls import Department
from sync.known import Actor
from sync.merge import Stamp
from sync.operations import (
    BuildingChanges,
    ContactChanges,
    HouseholdChanges,
    IssueChanges,
    ResidentChanges,
)
from sync.records import (
    KINDS,
    Alert,
    Building,
    Checklist,
    ContactTask,
    Duty,
    Followup,
    Record,
    Visit,
    kind_of,
)

STORED = (
    "building",
    "household",
    "resident",
    "contact",
    "visit",
    "task",
    "followup",
    "pairing",
    "answers",
    "checklist",
    "community",
    "alert",
    "duty",
    "contact_task",
    "redirect",
    "issue",
)

# Of which fields it is known who set them last: those that a phone may change, and one that tells
# that somebody was there. The others are worked out from them, or never merged.
_STAMPED = {
    "building": BuildingChanges.__struct_fields__,
    "household": (
        *(one for one in HouseholdChanges.__struct_fields__ if one != "categories"),
        "own_categories",
        "last_visit_at",
    ),
    "resident": (*ResidentChanges.__struct_fields__, "last_contact_on"),
    "contact": ContactChanges.__struct_fields__,
    "issue": IssueChanges.__struct_fields__,
}

_STAMPED_OF: dict[str, Callable[[Record], tuple[Any, ...]]] = {
    kind: attrgetter(*names) for kind, names in _STAMPED.items()
}
_FIELDS = {kind: [field.name for field in fields(KINDS[kind])] for kind in STORED}
_JSON = {
    kind: {
        field.name: msgspec.json.Decoder(field.type).decode
        for field in fields(KINDS[kind])
        if get_origin(field.type) in (list, dict)
    }
    for kind in STORED
}
_JSON_AT = {
    kind: [place for place, name in enumerate(names) if name in _JSON[kind]]
    for kind, names in _FIELDS.items()
}
_COLUMNS = {kind: ", ".join(f'"{name}"' for name in names) for kind, names in _FIELDS.items()}
_GET = {
    kind: f"select {_COLUMNS[kind]}, stamps from {kind}"
    " where community_id = :community and id = :id"
    for kind in STORED
}
# What almost every operation asks for behind its door, read for many doors at once.
_LISTED = ("resident", "followup", "issue")
# What is remembered from one transaction to the next: few records, asked for again and again.
_LASTING = (*("building", "household", "resident", "followup", "issue", "community", "checklist"),)
_MOST_KEPT = 40_000
_OF_HOUSEHOLD = {
    kind: f"select {_COLUMNS[kind]}, stamps from {kind}"
    " where community_id = :community and household_id = :household order by id"
    for kind in (
        *("resident", "contact", "visit", "task", "followup", "pairing", "contact_task", "issue"),
    )
}
_OF_INCIDENT = {
    kind: f"select {_COLUMNS[kind]}, stamps from {kind}"
    " where community_id = :community and incident_id = :incident order by id"
    for kind in ("duty", "contact_task")
}
_OF_HOUSEHOLDS = {
    kind: f"select {_COLUMNS[kind]}, stamps from {kind}"
    f" where community_id = :community and {key} in"
    for kind, key in (("household", "id"), *((kind, "household_id") for kind in _LISTED))
}
_WRITE = {
    kind: f"insert into {kind} (community_id, {_COLUMNS[kind]}, stamps)"
    f" values (?, {', '.join('?' for _ in names)}, ?)"
    " on conflict (community_id, id) do update set "
    + ", ".join(f'"{name}" = excluded."{name}"' for name in [*names, "stamps"] if name != "id")
    for kind, names in _FIELDS.items()
}


Stamps = str | Mapping[str, Stamp]


class Records:
    """The records of one community inside one transaction, cached until it ends.

    Nobody else writes them meanwhile. What was read or written here is known here, so the tables
    are only asked for what is not, without pouring what is still put aside.
    """

    def __init__(self, tx: Tx, community_id: str) -> None:
        self.tx = tx
        self.community_id = community_id
        # By kind and id; and by kind and door.
        self._known: dict[str, dict[str, Record | None]] = {kind: {} for kind in STORED}
        # As their column has them, until somebody looks at them.
        self._stamps: dict[str, dict[str, Stamps]] = {kind: {} for kind in STORED}
        self._behind: dict[str, dict[str, dict[str, Record]]] = {kind: {} for kind in STORED}
        # Records written here by the door they lie behind, for lists that are read later.
        self._written: dict[tuple[str, str], set[str]] = {}
        self._rounds: dict[str, Rounds] = {}
        self._unborn: set[str] = set()
        self._checklists: list[Checklist] | None = None
        self._rosters: dict[str, Roster | None] = {}
        self._asking: list[str] | None = None
        tx.pour()

    def expect_new(self, operation_id: str) -> None:
        """Nothing has this id: an operation of this transaction will make it, if any does.

        Only the community itself came from no operation, whatever a phone calls its own.
        """
        if operation_id != self.community_id:
            self._unborn.add(operation_id)

    def expect(self, household_ids: Iterable[str]) -> None:
        """Read these doors and their people in one go, before each is asked for."""
        behind = self._behind["resident"]
        wanted = [one for one in household_ids if one not in behind]
        if not wanted:
            return
        names, given = listed(wanted)
        for kind in _LISTED:
            self._behind[kind].update({household_id: {} for household_id in wanted})
        for kind, start in _OF_HOUSEHOLDS.items():
            sql = f"{start} ({names}) order by id"
            for row in self.tx.beneath(sql, community=self.community_id, **given):
                record = self._read(kind, row)
                if kind != "household":
                    self._put_behind(kind, record)
        for kind in _LISTED:
            for household_id in wanted:
                self._add_written(kind, household_id)

    def get(self, kind: str, record_id: str) -> Record | None:
        known = self._known[kind]
        if record_id not in known:
            if record_id in self._unborn:
                return None
            rows = self.tx.beneath(_GET[kind], community=self.community_id, id=record_id)
            if not rows:
                known[record_id] = None
                return None
            return self._read(kind, rows[0])
        return known[record_id]

    def of_household(self, kind: str, household_id: str) -> list[Record]:
        behind = self._behind[kind]
        if household_id not in behind:
            rows = self.tx.beneath(
                _OF_HOUSEHOLD[kind], community=self.community_id, household=household_id
            )
            behind[household_id] = {}
            for row in rows:
                record = self._read(kind, row)
                self._put_behind(kind, record)
            self._add_written(kind, household_id)
        return list(behind[household_id].values())

    def stamps(self, kind: str, record_id: str) -> Mapping[str, Stamp]:
        if self.get(kind, record_id) is None:
            return {}
        known = self._stamps[kind][record_id]
        if isinstance(known, str):
            found: dict[str, list[Any]] = msgspec.json.decode(known)
            known = {field: Stamp(*values) for field, values in found.items()}
            self._stamps[kind][record_id] = known
        return known

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

    def doors_of(self, building_id: str) -> list[str]:
        """Ids of all households of a building, closed ones included."""
        rows = self.tx.tuples(
            """
            select id from household
            where community_id = :community and building_id = :building
            order by id
            """,
            community=self.community_id,
            building=building_id,
        )
        return [household_id for (household_id,) in rows]

    def arrived_media(self, person_id: str, names: list[str]) -> set[str]:
        """Those of these pictures that this person has brought."""
        return media.brought(self.tx, self.community_id, person_id, names)

    def checklists(self) -> list[Checklist]:
        """Every edition of every checklist, by id."""
        if self._checklists is None:
            found = all_records(self.tx, self.community_id, "checklist")
            self._checklists = [one for one in found if isinstance(one, Checklist)]
        return self._checklists

    def checked(self, resident_id: str) -> list[Visit]:
        """The visits that asked a person about themselves, wherever they lived then."""
        ids = checkups.of_resident(self.tx, self.community_id, resident_id)
        found = [self.get("visit", visit_id) for visit_id in ids]
        return [one for one in found if isinstance(one, Visit)]

    def naming(self, kind: str, resident_id: str) -> list[Record]:
        """The visits, tasks or weather contacts that name a person, at whatever door, by id."""
        self.tx.pour()
        column = "checkups" if kind == "visit" else "resident_ids"
        ids = self.tx.tuples(
            f"""
            select id from {kind}
            where community_id = :community
              and (resident_ids like :named or {column} like :named)
            order by id
            """,
            community=self.community_id,
            named=f'%"{resident_id}"%',
        )
        found = [self.get(kind, record_id) for (record_id,) in ids]
        return [one for one in found if one is not None]

    def followups_like(self, record_id: str) -> list[Followup]:
        """Follow-ups that a visit was added to whose id begins as this one does."""
        ids = checkups.followups_of_visits_like(self.tx, self.community_id, record_id)
        found = [self.get("followup", one) for one in ids]
        return [one for one in found if isinstance(one, Followup)]

    def roster(self, incident_id: str) -> Roster | None:
        """The people and doors of a warning as they were when it began."""
        if incident_id not in self._rosters:
            self._rosters[incident_id] = alerts.roster(self.tx, self.community_id, incident_id)
        return self._rosters[incident_id]

    def asking(self) -> list[str]:
        """Warnings that hold now and have drawn up a list."""
        if self._asking is None:
            self._asking = weather_list.asking(self.tx, self.community_id)
        return self._asking

    def holders(self, building_id: str) -> list[str]:
        """Everybody who holds a building, held it or will."""
        return alert_people.ever(self.tx, self.community_id, building_id)

    def colleague(self, person_id: str, today: str) -> Actor | None:
        """Who works here and may sign in, with the buildings of a day; None for nobody."""
        return people.colleague(self.tx, self.community_id, person_id, today)

    def department(self, department_id: str) -> Department | None:
        """One that may be called."""
        found = departments.find(self.tx, self.community_id, department_id)
        return Department(found.id, found.name, found.arrives) if found and found.is_on else None

    def duties(self, incident_id: str) -> list[Duty]:
        found = self._of_incident("duty", incident_id)
        return [one for one in found if isinstance(one, Duty)]

    def contact_tasks(self, incident_id: str) -> list[ContactTask]:
        found = self._of_incident("contact_task", incident_id)
        return [one for one in found if isinstance(one, ContactTask)]

    def _of_incident(self, kind: str, incident_id: str) -> list[Record]:
        sql = _OF_INCIDENT[kind]
        rows = self.tx.tuples(sql, community=self.community_id, incident=incident_id)
        return [self._read(kind, row) for row in rows]

    def visited_since(self, person_id: str, since: str, until: str) -> list[Mapping[str, Any]]:
        """Door, start and end of what a person visited last between two instants."""
        if person_id not in self._rounds:
            self._rounds[person_id] = Rounds(self.tx, self.community_id, person_id)
        return self._rounds[person_id].between(since, until)

    def own_days(self) -> Mapping[str, bool]:
        """Whether a day is worked, where the office decided it."""
        return holidays.own(self.tx, self.community_id, "")

    def add(self, record: Record, stamps: Mapping[str, Any] | None = None) -> None:
        """Write a record that is new, or back with `stamps`, who set its fields last."""
        kind = kind_of(record)
        self._stamps[kind][record.id] = msgspec.json.encode(stamps).decode() if stamps else "{}"
        self._write(kind, record)

    def change(self, before: Record, after: Record, by: Stamp) -> None:
        """Write a record that changed; `by` says who did, of what can come into dispute."""
        kind = kind_of(after)
        changed = _newly_set(kind, before, after)
        if changed:
            stamps = self.stamps(kind, after.id)
            self._stamps[kind][after.id] = {**stamps, **dict.fromkeys(changed, by)}
        self._write(kind, after, before)

    def remove(self, kind: str, record_id: str) -> None:
        self.tx.run(
            f"delete from {kind} where community_id = :community and id = :id",
            community=self.community_id,
            id=record_id,
        )
        self._known[kind][record_id] = None
        for records in self._behind[kind].values():
            records.pop(record_id, None)

    def forget(self) -> None:
        """Drop the cache: a savepoint was rolled back."""
        self.tx.pour()
        self._drop(STORED)

    def go_on(self, tx: Tx) -> None:
        """Go on in the next transaction, when nobody wrote in between."""
        self.tx = tx
        is_much = sum(map(len, self._known.values())) > _MOST_KEPT
        self._drop(STORED if is_much else [one for one in STORED if one not in _LASTING])

    def _drop(self, kinds: Iterable[str]) -> None:
        for kind in kinds:
            for cache in (self._known, self._stamps, self._behind):
                cache[kind] = {}
        self._written.clear()
        self._rounds.clear()
        self._unborn.clear()
        self._checklists = None
        self._asking = None
        self._rosters.clear()

    def _read(self, kind: str, row: tuple[Any, ...]) -> Record:
        """A row as a record, unless it is known better already."""
        record_id = row[0]
        known = self._known[kind].get(record_id)
        if known is not None:
            return known
        record = _record(kind, row[:-1])
        self._known[kind][record_id] = record
        self._stamps[kind][record_id] = row[-1]
        return record

    def _write(self, kind: str, record: Record, before: Record | None = None) -> None:
        row = self.community_id, record, self._stamps[kind][record.id]
        self.tx.later(_WRITE[kind], record.id, row, _ROW[kind])
        self._remember(kind, record, before)
        if type(record) is Visit:
            if record.by in self._rounds:
                self._rounds[record.by].put(record)
            if record.checkups:
                checkups.refer(self.tx, self.community_id, record)
        elif type(record) is Checklist:
            self._checklists = None
        elif type(record) is Alert:
            self._asking = None

    def _remember(self, kind: str, record: Record, before: Record | None) -> None:
        self._known[kind][record.id] = record
        moved = getattr(before, "household_id", "")
        household_id = getattr(record, "household_id", "")
        if moved and moved != household_id:
            self._behind[kind].get(moved, {}).pop(record.id, None)
        if household_id:
            self._written.setdefault((kind, household_id), set()).add(record.id)
            self._put_behind(kind, record)

    def _put_behind(self, kind: str, record: Record) -> None:
        """Put a record into the list of its door, if that list was read."""
        behind = self._behind[kind].get(record.household_id)  # type: ignore[attr-defined]
        if behind is not None:
            behind[record.id] = record

    def _add_written(self, kind: str, household_id: str) -> None:
        for record_id in self._written.get((kind, household_id), ()):
            record = self._known[kind][record_id]
            if record is not None:
                self._put_behind(kind, record)


def _newly_set(kind: str, before: Record, after: Record) -> list[str]:
    """The fields that somebody set, of those that can come into dispute."""
    names = _STAMPED.get(kind)
    if names is None:
        return []
    old, new = _STAMPED_OF[kind](before), _STAMPED_OF[kind](after)
    return [name for name, one, other in zip(names, old, new, strict=True) if one != other]


def _row_of(kind: str) -> Callable[[tuple[str, Record, Stamps]], list[Any]]:
    """How a record of this kind is written: community, its fields in order, stamps."""
    places = [place + 1 for place in _JSON_AT[kind]]

    def render(given: tuple[str, Record, Stamps]) -> list[Any]:
        community_id, record, stamps = given
        text = stamps if isinstance(stamps, str) else msgspec.json.encode(stamps).decode()
        row = [community_id, *astuple(record), text]
        for place in places:
            row[place] = "[]" if row[place] == [] else msgspec.json.encode(row[place]).decode()
        return row

    return render


_ROW = {kind: _row_of(kind) for kind in STORED}


def building_of(record: Record) -> str:
    """The building behind whose doors a record lies; "" for reference data."""
    return record.id if type(record) is Building else getattr(record, "building_id", "")


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
        union all
        select building_id from contact_task where community_id = :community and id = :id
        union all
        select building_id from issue where community_id = :community and id = :id
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


def of_person(tx: Tx, community_id: str, kind: str, column: str, resident_id: str) -> list[Record]:
    """Records of a kind whose `column` is this person or a list that holds them, by id."""
    rows = tx.tuples(
        f"""
        select {_COLUMNS[kind]} from {kind}
        where community_id = :community
          and ({column} = :resident or {column} like :listed)
        order by id
        """,
        community=community_id,
        resident=resident_id,
        listed=f'%"{resident_id}"%',
    )
    return [_record(kind, row) for row in rows]


def _record(kind: str, row: tuple[Any, ...]) -> Record:
    values = dict(zip(_FIELDS[kind], row, strict=True))
    for name, read in _JSON[kind].items():
        text = values[name]
        values[name] = [] if text == "[]" else read(text)
    return KINDS[kind](**values)
