"""Prepares what the people pages show: who works here, on which phones, and whether all arrived."""

from collections import defaultdict
from datetime import datetime, timedelta
from typing import Any

from server.store import cards, devices, oplog, team
from server.store import people as rows
from server.store.database import Tx
from server.store.people import PersonRow
from sync.devices import Device, Standing, spans, standing
from sync.operations import instant, stamp
from sync.people import may_manage

# A phone that nobody is signed in to is shown for as long as its owner may ask about it.
LATELY = timedelta(days=60)
# More phones of one person are on that person's page.
PHONES_SHOWN = 3
MAX_MISSING = 100
SPANS_SHOWN = 5

RANK = {"behind": 0, "silent": 1, "gap": 2, "even": 4, "new": 5, "none": 6}
_CLOCK_RANK = 3


def listed(tx: Tx, community_id: str, role: str, now: datetime) -> list[dict[str, Any]]:
    """A row for each phone in use and for each person without one; troubles first."""
    today = rows.today_of(tx, community_id, now)
    held = held_words(team.held_today(tx, community_id, today))
    carded = cards.waiting(tx, community_id, now)
    phones: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for phone in devices.phones(tx, community_id, now):
        if not phone["revoked_at"]:
            shown = shown_phone(tx, community_id, phone, now)
            if phone["sessions"] or shown["lacking"] or phone["seen_at"] > stamp(now - LATELY):
                phones[phone["person_id"]].append(shown)
    found = []
    for person in team.everybody(tx, community_id):
        if not person.active:
            continue
        theirs = phones[person.id]
        synced = [phone for phone in theirs if phone["state"] != "new"][:PHONES_SHOWN]
        shown_now = synced or theirs[:1] or [NO_PHONE]
        for phone in shown_now:
            found.append(
                {
                    **account(person),
                    "held": held.get(person.id, ""),
                    "card_until": carded.get(person.id, ""),
                    "may_manage": may_manage(role, person.role),
                    "phone_": phone,
                    "more": max(len(theirs) - len(shown_now), 0),
                }
            )
    return sorted(found, key=_urgency)


NO_PHONE: dict[str, Any] = {
    "id": "",
    "name": "",
    "version": "",
    "state": "none",
    "seen_at": "",
    "hours": 0,
    "lacking": 0,
    "care": False,
    "rank": RANK["none"],
}


def account(person: PersonRow) -> dict[str, Any]:
    """What may be shown of an account."""
    return {
        "id": person.id,
        "username": person.username,
        "name": person.name,
        "role": person.role,
        "phone": person.phone,
        "active": person.active,
        "has_password": bool(person.password_hash),
        "password_until": person.password_until,
    }


def shown_phone(tx: Tx, community_id: str, phone: dict[str, Any], now: datetime) -> dict[str, Any]:
    """A phone with its ledger line and what to do about it."""
    missing: list[int] = []
    if phone["highest"] > phone["upto"]:
        missing = oplog.missing_numbers(tx, community_id, phone["id"], phone["upto"], MAX_MISSING)
    seen_at = instant(phone["seen_at"])
    device = Device(
        seen_at,
        phone["offset_ms"],
        phone["report"],
        phone["received"],
        phone["upto"],
        phone["highest"],
        missing,
        phone["head"],
    )
    found = standing(device, now)
    return {
        **{name: phone[name] for name in ("id", "name", "seen_at", "created_at", "revoked_at")},
        **found._asdict(),
        "sessions": phone["sessions"],
        "received": phone["received"],
        "upto": phone["upto"],
        "highest": phone["highest"],
        "care": found.needs_care,
        "hours": (now - seen_at) // timedelta(hours=1) if seen_at else 0,
        "minutes_off": round(phone["offset_ms"] / 60_000),
        "lacks": lacks_words(found, device),
        "version": str(phone["report"].get("version", ""))[:40],
        "error": str(phone["report"].get("error") or "")[:80],
        "oldest_at": _instant_text(phone["report"].get("oldest_at")),
        "rank": min(RANK[found.state], _CLOCK_RANK if "clock" in found.troubles else 9),
    }


def lacks_words(found: Standing, device: Device) -> str:
    """Which numbers lack: 86–97."""
    if not found.lacking:
        return ""
    numbers = list(device.missing)
    tail = range(device.highest + 1, min(found.recorded, device.highest + MAX_MISSING) + 1)
    stretches = spans([*numbers, *tail])
    words = [f"{first}–{last}" if last > first else f"{first}" for first, last in stretches]
    return "、".join(words[:SPANS_SHOWN]) + ("…" if len(words) > SPANS_SHOWN else "")


def held_words(held: list[dict[str, Any]]) -> dict[str, str]:
    """第一网格 12 栋, by person; the building itself when it is one."""
    grids: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in held:
        grids[row["person_id"]].append(row)
    return {person_id: _held(found) for person_id, found in grids.items()}


def _held(found: list[dict[str, Any]]) -> str:
    count = sum(row["buildings"] for row in found)
    if count == 1:
        return str(found[0]["label"])
    return f"{'、'.join(row['grid_name'] for row in found if row['grid_name'])} {count} 栋".strip()


def _instant_text(value: Any) -> str:
    return value if isinstance(value, str) and instant(value) else ""


def _urgency(row: dict[str, Any]) -> tuple[Any, ...]:
    phone = row["phone_"]
    oldest_first = phone["seen_at"] if phone["rank"] < RANK["even"] else ""
    return phone["rank"], oldest_first, row["name"], row["id"], phone["id"]
