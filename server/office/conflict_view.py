"""One dispute with both values side by side: whose, from when, and how they came about."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any, NamedTuple

from server import spans
from server.field.shelf import empty
from server.office.words import FEW_HOURS, lapse
from server.store import conflicts, histories
from server.store.database import Tx
from server.store.records import Records
from sync import days
from sync.operations import instant
from sync.records import Community, Record, Resident
from sync.refusals import Refusal
from sync.scope import OFFICE

# A phone that found a network within this was as good as online.
OFFLINE_AFTER = timedelta(minutes=10)


class Side(NamedTuple):
    """One of the two values. `late` says how long the change waited for a network."""

    value: Any
    person_name: str
    role: str
    at: str
    received_at: str
    device_name: str
    late: str
    visit: dict[str, Any] | None

    @property
    def title(self) -> str:
        if not self.person_name:
            return "用现在的"
        return "用办公室的" if self.role in OFFICE else f"用{self.person_name}手机上的"


class ConflictView(NamedTuple):
    dispute: dict[str, Any]
    record: Record
    resident: Resident | None
    proposed: Side
    current: Side
    before: Any
    before_known: int
    others: list[dict[str, Any]]


def of(tx: Tx, community: Community, dispute_id: str) -> ConflictView:
    """Raises Refusal when there is no such dispute, or its record is gone."""
    dispute = conflicts.one(tx, community.id, dispute_id)
    if dispute is None:
        raise Refusal("record.unknown")
    known = Records(tx, community.id)
    record = known.get(dispute["kind"], dispute["record_id"])
    if record is None:
        raise Refusal("record.unknown")
    changes = histories.of_household(tx, community.id, dispute["household_id"])
    theirs = next((one for one in changes if one["id"] == dispute["operation_id"]), None)
    ours = histories.by_number(tx, community.id, dispute["current_device"], dispute["current_n"])
    field = dispute["field"]
    before = _before(changes, dispute, ours)
    return ConflictView(
        dispute=dispute,
        record=record,
        resident=_whose(known, record),
        proposed=_side(tx, community, dispute, theirs, dispute["proposed"]),
        current=_side(tx, community, dispute, ours, getattr(record, field)),
        before=before[0] if before else "",
        before_known=int(bool(before)),
        others=_others(record, field, theirs, ours),
    )


def _whose(known: Records, record: Record) -> Resident | None:
    if isinstance(record, Resident):
        return record
    found = known.get("resident", getattr(record, "resident_id", ""))
    return found if isinstance(found, Resident) else None


def _side(
    tx: Tx,
    community: Community,
    dispute: Mapping[str, Any],
    operation: Mapping[str, Any] | None,
    value: Any,
) -> Side:
    if operation is None:
        return Side(value, "", "", "", "", "", "", None)
    at, received = instant(operation["at"]), instant(operation["received_at"])
    late = received - at if at and received else timedelta(0)
    on = days.day(operation["at"], community.timezone)
    span = spans.of_days(on, on, community.timezone)
    return Side(
        value=value,
        person_name=operation["person_name"],
        role=operation["role"],
        at=operation["at"],
        received_at=operation["received_at"],
        device_name=operation["device_name"],
        late=_waited(late) if late > OFFLINE_AFTER else "",
        visit=conflicts.visit_of_that_day(
            tx, community.id, dispute["household_id"], operation["person_id"], *span
        ),
    )


def _waited(late: timedelta) -> str:
    minutes = int(late / timedelta(minutes=1))
    hours, minutes = divmod(minutes, 60)
    if hours >= FEW_HOURS:
        return lapse(hours)
    return f"{hours} 小时 {minutes} 分" if hours else f"{minutes} 分钟"


def _before(
    changes: list[dict[str, Any]], dispute: Mapping[str, Any], ours: Mapping[str, Any] | None
) -> list[Any]:
    """What stood there before either changed it, as a list of none or one."""
    values: list[Any] = []
    for change in reversed(changes):
        if ours is not None and change["id"] == ours["id"]:
            break
        if dispute["record_id"] not in (change["id"], change["data"].get("id")):
            continue
        data = change["data"]
        said = data.get("changes", data)
        name = _name_in_changes(dispute["field"])
        if name in said:
            values = [said[name]]
        elif change["kind"].endswith(".add"):
            values = [empty(dispute["kind"])[dispute["field"]]]
    return values


def _others(
    record: Record,
    field: str,
    theirs: Mapping[str, Any] | None,
    ours: Mapping[str, Any] | None,
) -> list[dict[str, Any]]:
    """The other fields of the disputed change, with what became of each."""
    said = theirs["data"].get("changes", {}) if theirs else {}
    also = ours["data"].get("changes", {}) if ours else {}
    disputed = {field, _name_in_changes(field), "pinyin"}
    return [
        {
            "field": name,
            "proposed": value,
            "current": also.get(name),
            "now": getattr(record, "own_categories" if _is_door_category(record, name) else name),
            "applied": int(
                getattr(record, "own_categories" if _is_door_category(record, name) else name)
                == value
            ),
        }
        for name, value in said.items()
        if name not in disputed
    ]


def _name_in_changes(field: str) -> str:
    return "categories" if field == "own_categories" else field


def _is_door_category(record: Record, name: str) -> bool:
    return name == "categories" and hasattr(record, "own_categories")
