"""交接单: what whoever takes buildings over must know about them."""

from collections import Counter
from datetime import datetime
from typing import Any, NamedTuple

from server.office import staff
from server.store import devices, followups, handovers, leaves, tasks
from server.store.database import Tx
from server.store.people import PersonRow
from sync.care import RED_DAYS
from sync.followups import urgency

TASKS = 1000
# A door that was promised another day.
PUT_OFF = "rescheduled"


class Package(NamedTuple):
    """Counts by building, then what is open, promised and to be minded, door by door."""

    buildings: list[dict[str, Any]]
    total: dict[str, int]
    followups: list[dict[str, Any]]
    restricted: int
    tasks: list[dict[str, Any]]
    put_off: list[dict[str, Any]]
    weekly: list[dict[str, Any]]
    resting: list[dict[str, Any]]
    phones: list[dict[str, Any]]
    unsent: int
    leaves: list[dict[str, Any]]


def of(
    tx: Tx,
    community_id: str,
    giver: PersonRow,
    taker_id: str,
    buildings: list[dict[str, Any]],
    now: datetime,
    today: str,
) -> Package:
    """As it stands now, of the buildings that go from one to the other."""
    doors = handovers.doors(tx, community_id, [one["id"] for one in buildings])
    here = {one["id"]: one for one in doors}
    asked = [one for one in followups.still_open(tx, community_id) if one["household_id"] in here]
    shown = [one for one in asked if not one["restricted"]]
    counts = [_counted(one, doors, asked, today) for one in buildings]
    phones = [
        staff.shown_phone(tx, community_id, one, now)
        for one in devices.phones(tx, community_id, now, giver.id)
        if not one["revoked_at"]
    ]
    unsent = [one for one in phones if one["lacking"]]
    return Package(
        buildings=counts,
        total={
            name: sum(one[name] for one in counts)
            for name in ("doors", "due", "overdue", "weekly", "red")
        },
        followups=sorted(shown, key=_worst_first),
        restricted=len(asked) - len(shown),
        tasks=[
            one
            for one in tasks.tasks(tx, community_id, False, TASKS)
            if one["household_id"] in here
        ],
        put_off=[one for one in doors if one["last_result"] == PUT_OFF],
        weekly=[one for one in doors if 0 < one["interval"] <= RED_DAYS],
        resting=[one for one in doors if one["rest_until"] > today],
        phones=phones,
        unsent=sum(one["lacking"] for one in unsent),
        leaves=[
            one
            for one in leaves.listed(tx, community_id, today)
            if one["person_id"] in (giver.id, taker_id)
        ],
    )


def _worst_first(one: dict[str, Any]) -> tuple[Any, ...]:
    return -urgency(one["level"]), one["due_at"] or "9999", one["opened_at"], one["id"]


def _counted(
    building: dict[str, Any],
    doors: list[dict[str, Any]],
    asked: list[dict[str, Any]],
    today: str,
) -> dict[str, Any]:
    mine = [one for one in doors if one["building_id"] == building["id"]]
    ids = {one["id"] for one in mine}
    levels = Counter(one["level"] for one in asked if one["household_id"] in ids)
    return {
        **building,
        "doors": len(mine),
        "due": sum(one["due_on"] == today for one in mine),
        "overdue": sum("" < one["due_on"] < today for one in mine),
        "weekly": sum(0 < one["interval"] <= RED_DAYS for one in mine),
        "red": levels["red"] + levels["now"],
    }
