"""What the answers of a visit ask for: an entry of a follow-up for each question that is flagged.

Twin: web/phone/entries.js.
"""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from sync.checklist_rules import Flagged, flags
from sync.checklists import Checklist
from sync.followups import Entry, urgency
from sync.newest import Items, earlier, made_at
from sync.operations import instant, stamp
from sync.records import Visit
from sync.wordings import counted


def entries_of(
    visit: Visit,
    checkup: dict[str, Any],
    definition: Checklist,
    items: Items,
    facts: Mapping[str, Any],
) -> dict[str, Entry]:
    """What the answers ask for, by item: one entry for each question, with all its flags."""
    prefix = f"{definition.code}."
    values = {name: one["value"] for name, one in counted(checkup).items()}
    last = {
        name.removeprefix(prefix): found
        for name in items
        if name.startswith(prefix) and (found := earlier(items, name, visit))
    }
    by_item: dict[str, list[Flagged]] = {}
    for one in flags(definition, values, last, facts):
        by_item.setdefault(f"{prefix}{one.question}", []).append(one)
    return {item: _entry(visit, found) for item, found in by_item.items()}


def _entry(visit: Visit, found: list[Flagged]) -> Entry:
    worst = max(found, key=lambda one: urgency(one.level))
    limits = [one.hours for one in found if one.hours]
    at = made_at(visit)
    due = _instant(at) + timedelta(hours=min(limits, default=0))
    return {
        "at": at,
        "by": visit.by,
        "by_name": visit.by_name,
        "visit_id": visit.id,
        "text": "；".join(dict.fromkeys(one.text for one in found)),
        "level": worst.level,
        "kind": worst.kind,
        "due_at": stamp(due) if limits else "",
        "recheck_days": worst.recheck_days,
        "restricted": max(one.office_only for one in found),
    }


def _instant(stamped: str) -> Any:
    at = instant(stamped)
    assert at is not None
    return at
