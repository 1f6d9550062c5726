"""Two records side by side: where they differ somebody chooses, and what lies behind each."""

from typing import Any, NamedTuple

from msgspec import to_builtins

from server.store import duplicates
from server.store.database import Tx
from server.store.records import Records
from sync.records import Household, Resident
from sync.refusals import Refusal

# What is chosen, in the order in which it is shown.
FIELDS = {
    "resident": ("name", "sex", "birth_on", "relation_to_head", "status", "categories"),
    "household": ("unit", "door_no", "floor", "tenure", "categories"),
}
COUNTED = {
    "visit": "走访",
    "contact": "电话",
    "task": "没办完的交办",
    "followup": "没办结的跟进",
    "pairing": "结对",
}


class Line(NamedTuple):
    """One field of both. `may_join` where both values can be kept."""

    field: str
    left: Any
    right: Any
    may_join: bool

    @property
    def differs(self) -> bool:
        return bool(self.left != self.right)


class Sides(NamedTuple):
    kind: str
    left: Any
    right: Any
    lines: list[Line]
    facts: dict[str, dict[str, Any]]
    counts: dict[str, dict[str, int]]
    reasons: list[str]


def of(tx: Tx, community_id: str, kind: str, left_id: str, right_id: str) -> Sides:
    """Raises Refusal when one of the two is not there."""
    if kind not in FIELDS:
        raise Refusal("record.unknown")
    known = Records(tx, community_id)
    left, right = known.get(kind, left_id), known.get(kind, right_id)
    if left is None or right is None:
        raise Refusal("record.unknown")
    if left_id == right_id:
        raise Refusal("merge.itself")
    ids = [left_id, right_id]
    is_person = kind == "resident"
    found = duplicates.people if is_person else duplicates.doors
    pair = min(ids), max(ids)
    return Sides(
        kind=kind,
        left=left,
        right=right,
        lines=[
            Line(name, value(left, name), value(right, name), name == "categories")
            for name in FIELDS[kind]
        ],
        facts=(duplicates.residents if is_person else duplicates.households)(tx, community_id, ids),
        counts={one: _behind(known, kind, one) for one in ids},
        reasons=found(tx, community_id).get(pair, []),
    )


def value(record: Any, name: str) -> Any:
    """What a field is called in a form; the categories of a door are its own."""
    if name == "categories" and isinstance(record, Household):
        return record.own_categories
    return to_builtins(getattr(record, name))


def _behind(known: Records, kind: str, record_id: str) -> dict[str, int]:
    """How much of each lies with a person or behind a door."""
    record = known.get(kind, record_id)
    household_id = record.household_id if isinstance(record, Resident) else record_id
    found: dict[str, int] = {}
    for what in COUNTED:
        if what == "visit" and kind == "resident":
            behind: list[Any] = known.naming("visit", record_id)
        else:
            behind = known.of_household(what, household_id)
            behind = [one for one in behind if kind == "household" or _is_of(one, record_id)]
        if what in ("task", "followup"):
            behind = [one for one in behind if one.status == "open"]
        found[what] = len(behind)
    return found


def _is_of(one: Any, resident_id: str) -> bool:
    named = getattr(one, "resident_ids", [])
    return bool(getattr(one, "resident_id", "") == resident_id or resident_id in named)
