"""What the demo's phones said of themselves the last time: most are well, some have a story."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from server import shell
from server.demo.ids import MINUTE_MS, instant_ms, iso
from server.demo.shapes import Town
from server.demo.stream import Entry

_HOUR_MS = 60 * MINUTE_MS
_OLD_VERSION = "2f91c07ab3de"
_UNSENT = 12
_LOST = 3


@dataclass(slots=True)
class Handset:
    """When a phone was last heard of, how far its clock is off, and what it said."""

    seen_at: int
    report: dict[str, Any] = field(default_factory=dict)
    offset_ms: int = 0


def handsets(town: Town, last: dict[str, Entry], today: date) -> dict[str, Handset]:
    """By device. Of the field staff's phones, the one heard of longest ago never got its last
    work out, the next has a slow clock, then an old version, then one that the server refuses."""
    found = {device_id: _well(entry) for device_id, entry in last.items()}
    walkers = {one.id for one in town.people if one.role in ("worker", "chief", "social")}
    phones = sorted(
        (entry.received_at, device_id, entry)
        for device_id, entry in last.items()
        if entry.person_id in walkers
    )
    for (_, device_id, entry), story in zip(phones, (_silent, _slow, _old, _stuck), strict=False):
        story(found[device_id], entry, instant_ms(today, 0))
    return found


def emptied(today: date) -> list[Handset]:
    """A phone that was wiped: what it said before, and what it said then."""
    seen_at = instant_ms(today, 0) - 9 * 24 * _HOUR_MS
    before = {"recorded": _LOST, "waiting": _LOST}
    return [Handset(seen_at, before), Handset(seen_at + _HOUR_MS, {"recorded": 0, "waiting": 0})]


def _well(entry: Entry) -> Handset:
    version, _ = shell.shell()
    report = {
        "version": version,
        "recorded": entry.n,
        "waiting": 0,
        "oldest_at": "",
        "persisted": True,
        "usage": 9_000_000 + entry.n * 4_000,
        "error": "",
    }
    return Handset(entry.received_at, report)


def _silent(phone: Handset, entry: Entry, midnight: int) -> None:
    phone.seen_at = min(entry.received_at, midnight - 26 * _HOUR_MS)
    oldest = iso(phone.seen_at - 5 * _HOUR_MS)
    phone.report |= {"recorded": entry.n + _UNSENT, "waiting": _UNSENT, "oldest_at": oldest}
    phone.report["error"] = "network"


def _slow(phone: Handset, entry: Entry, midnight: int) -> None:
    phone.offset_ms = 26 * MINUTE_MS


def _old(phone: Handset, entry: Entry, midnight: int) -> None:
    phone.report |= {"version": _OLD_VERSION, "persisted": False}


def _stuck(phone: Handset, entry: Entry, midnight: int) -> None:
    oldest = iso(entry.received_at - 2 * _HOUR_MS)
    phone.report |= {"recorded": entry.n + 1, "waiting": 1, "oldest_at": oldest}
    phone.report["error"] = "operation.stuck"
