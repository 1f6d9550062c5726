"""The warnings of this hour in one line each: how far buildings and households were told."""

from datetime import datetime
from typing import Any

from server.office import alert_reading
from server.store import alert_lists
from server.store.database import Tx
from sync import reach

SHOWN = 3


def running(tx: Tx, community_id: str, now: datetime) -> list[dict[str, Any]]:
    """The latest first; what waits for a decision was not sent to anybody yet."""
    rows = alert_lists.in_state(tx, community_id, ("open", "waiting"), SHOWN)
    return [_line(tx, community_id, one, now) for one in rows]


def _line(tx: Tx, community_id: str, row: dict[str, Any], now: datetime) -> dict[str, Any]:
    line = {
        "id": row["id"],
        "title": row["title"],
        "colour": row["colour"],
        "state": row["state"],
        "sent_at": row["sent_at"],
    }
    if row["state"] == "waiting":
        return line
    read = alert_reading.read(tx, community_id, row["id"], now)
    buildings = reach.buildings(read.facts.reached())
    return {**line, "buildings": buildings, "contacts": alert_reading.contacts_of(read)}
