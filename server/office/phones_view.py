"""Every phone with what is wrong with it and what to do, the most urgent first."""

from datetime import datetime, timedelta
from typing import Any

from server.office import staff
from server.store import devices
from server.store.database import Tx
from sync.operations import stamp
from sync.people import may_manage

# A phone that nobody is signed in to is shown for as long as its owner may ask about it.
LATELY = timedelta(days=60)
# A phone that was shut out is looked after for so long; by then nobody brings a file any more.
SHUT_OUT_FOR = timedelta(days=30)
SHOWN = ("", "care", "unsent", "quiet", "clock", "all")


def listed(
    tx: Tx, community_id: str, role: str, now: datetime, version: str
) -> list[dict[str, Any]]:
    """A row for each phone, failing ones first. `used`: it belongs to the everyday list."""
    found = []
    for phone in devices.phones(tx, community_id, now):
        shown = staff.shown_phone(tx, community_id, phone, now, version)
        care = shown["care"] and not _is_past(phone, now)
        found.append(
            {
                **shown,
                "care": care,
                "used": care or _is_used(phone, shown, now),
                "person_id": phone["person_id"],
                "person_name": phone["person_name"],
                "person_phone": phone["person_phone"],
                "role": phone["role"],
                "may_manage": may_manage(role, phone["role"]),
            }
        )
    return sorted(found, key=_urgency)


def chosen(rows: list[dict[str, Any]], show: str, q: str) -> list[dict[str, Any]]:
    """The rows of a filter and of a person's name."""
    named = [row for row in rows if q in row["person_name"]]
    return [row for row in named if _fits(row, show)]


def counts(rows: list[dict[str, Any]]) -> dict[str, int]:
    """How many rows each filter shows."""
    return {show or "used": sum(_fits(row, show) for row in rows) for show in SHOWN}


def _fits(row: dict[str, Any], show: str) -> bool:
    if show == "care":
        return bool(row["care"])
    if show == "unsent":
        return bool(row["used"] and row["unsent"])
    if show == "quiet":
        return bool(row["used"] and row["is_silent"])
    if show == "clock":
        return bool(row["used"] and "clock" in row["troubles"])
    return show == "all" or bool(row["used"])


def _is_past(phone: dict[str, Any], now: datetime) -> bool:
    """Shut out long ago, or somebody's who has left."""
    shut_out = phone["revoked_at"]
    return bool(shut_out) and shut_out < stamp(now - SHUT_OUT_FOR)


def _is_used(phone: dict[str, Any], shown: dict[str, Any], now: datetime) -> bool:
    if phone["revoked_at"] or shown["state"] in ("new", "moved"):
        return False
    return bool(phone["sessions"]) or phone["seen_at"] > stamp(now - LATELY)


def _urgency(row: dict[str, Any]) -> tuple[Any, ...]:
    """What cannot wait, silent longest first; then everybody by name."""
    since = row["seen_at"] if row["care"] else ""
    return not row["care"], row["rank"], since, row["person_name"], row["id"]
