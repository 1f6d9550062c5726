"""Prepares what the people pages show: who works here, on which phones, and whether all arrived."""

from collections import defaultdict
from datetime import datetime, timedelta
from typing import Any

from server.store import cards, devices, team
from server.store import people as rows
from server.store.database import Tx
from server.store.people import PersonRow
from sync.devices import REMEDIES
from sync.operations import instant, stamp
from sync.people import may_manage

# A phone that nobody is signed in to is shown for as long as its owner may ask about it.
LATELY = timedelta(days=60)
# More phones of one person are on that person's page.
PHONES_SHOWN = 3

# After every phone: those that are used as web pages, and people without any.
_NEW_RANK, _NONE_RANK = len(REMEDIES), len(REMEDIES) + 1


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
    "revoked_at": "",
    "erased_at": "",
    "kept": 0,
    "hours": 0,
    "lacking": 0,
    "care": False,
    "rank": _NONE_RANK,
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


def shown_phone(
    tx: Tx, community_id: str, phone: dict[str, Any], now: datetime, version: str = ""
) -> dict[str, Any]:
    """A phone with its ledger line and what to do about it."""
    seen_at = instant(phone["seen_at"])
    found = devices.standing_of(tx, community_id, phone, now, version)
    report = phone["report"]
    oldest = instant(_instant_text(report.get("oldest_at")))
    names = ("id", "name", "seen_at", "created_at", "revoked_at", "erased_at", "kept")
    counts = ("received", "upto", "highest")
    return {
        **{name: phone[name] for name in (*names, *counts)},
        **found._asdict(),
        "sessions": phone["sessions"],
        "care": found.needs_care,
        "rank": _NEW_RANK if found.state == "new" else found.rank,
        "hours": (now - seen_at) // timedelta(hours=1) if seen_at else 0,
        "minutes_off": round(phone["offset_ms"] / 60_000),
        "version": str(report.get("version", ""))[:40],
        "error": str(report.get("error") or "")[:80],
        "oldest_at": _instant_text(report.get("oldest_at")),
        "oldest_hours": (now - oldest) // timedelta(hours=1) if oldest else 0,
        "persisted": {True: "yes", False: "no"}.get(report.get("persisted"), ""),
        "usage": report.get("usage") if isinstance(report.get("usage"), int | float) else 0,
        "lost": report.get("lost") if isinstance(report.get("lost"), int) else 0,
    }


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
    oldest_first = phone["seen_at"] if phone["care"] else ""
    return phone["rank"], oldest_first, row["name"], row["id"], phone["id"]
