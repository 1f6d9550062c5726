"""What the page of one import shows: counts, rows that were rejected, what would change."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from server.identities import Vault
from server.office.labels import CODED, named
from server.rosters import UNDO_HOURS
from server.rosters.plans import Kept, unlock
from server.store import corrections, roster_steps
from server.store import rosters as rows
from server.store.database import Tx
from server.store.records import Records
from server.store.rosters import Batch
from sync.address_labels import label
from sync.addresses import Address
from sync.operations import instant, stamp
from sync.refusals import Refusal
from sync.roster_plan import Step
from sync.roster_results import Draft, Rejected, Roster

MOST_ROWS = 12
MOST_SHOWN = 300


def of(tx: Tx, vault: Vault, community_id: str, batch_id: str, now: str) -> dict[str, Any]:
    """The names that the page of one import takes."""
    batch = batch_of(tx, community_id, batch_id)
    view: dict[str, Any] = {"batch": batch, "one": batch.summary, "groups": [], "told": []}
    if batch.state == "preview":
        kept = unlock(vault, batch_id, rows.plan_of(tx, community_id, batch_id))
        rejected = [*kept.roster.rejected, *kept.plan.rejected]
        view["groups"] = groups(rejected)
    view["told"] = [
        {"sheet": one.sheet, "row": one.row, "reason": one.reason, "state": state}
        for state in ("refused", "kept")
        for one in roster_steps.of_batch(tx, community_id, batch_id, state)
    ]
    view["waiting"] = len(corrections.waiting(tx, community_id, batch_id))
    view["undo_until"] = undo_until(batch, now)
    view["read"] = _lines(batch.summary["file"])
    return view


def batch_of(tx: Tx, community_id: str, batch_id: str) -> Batch:
    batch = rows.find(tx, community_id, batch_id)
    if batch is None or batch.state == "dropped":
        raise Refusal("record.unknown")
    return batch


def undo_until(batch: Batch, now: str) -> str:
    """Until when a finished import may be taken back; "" when it may not."""
    confirmed = instant(batch.confirmed_at)
    if batch.state != "done" or confirmed is None:
        return ""
    until = stamp(confirmed + timedelta(hours=UNDO_HOURS))
    return until if until > now else ""


def groups(rejected: Iterable[Rejected]) -> list[dict[str, Any]]:
    """Rejected rows by sheet and reason, each with its first row as it was written."""
    found: dict[tuple[str, str], list[Rejected]] = defaultdict(list)
    for one in rejected:
        found[one.place.sheet, one.reason].append(one)
    return [
        {
            "sheet": sheet,
            "rows": [one.place.row for one in members[:MOST_ROWS]],
            "more": max(0, len(members) - MOST_ROWS),
            "n": len(members),
            "why": named(members[0].reason, "reject"),
            "cells": written(members[0].draft, members[0].id_text),
            "sentence": Refusal(members[0].reason, **members[0].facts).sentence,
        }
        for (sheet, _), members in found.items()
    ]


def written(draft: Draft, id_text: str) -> list[tuple[str, str]]:
    """The cells that tell which person and which door a row meant; the number is masked."""
    door = " ".join(filter(None, (draft.compound, draft.building, draft.unit, draft.door)))
    cells = (
        ("姓名", draft.name),
        ("门牌", door or draft.address),
        ("身份证", f"****{id_text.strip()[-4:]}" if id_text.strip() else ""),
    )
    return [(title, text) for title, text in cells if text]


def masked(id_text: str) -> str:
    text = id_text.strip()
    return f"{'*' * max(0, len(text) - 4)}{text[-4:]}" if text else ""


def changes(kept: Kept, tx: Tx, community_id: str, show: str) -> list[dict[str, Any]]:
    """What would be added, or changed from what to what, in the words of a page."""
    wanted = ".add" if show == "added" else ".change"
    records, doors = Records(tx, community_id), _doors(kept.roster)
    homes = {one.place: one.household for one in kept.roster.residents}
    names = {one.place: one.name for one in kept.roster.residents}
    steps = [step for step in kept.plan.steps if step.kind.endswith(wanted)]
    return [
        {
            "kind": named(step.kind, "operation"),
            "name": names.get(step.place, ""),
            "door": doors.get(homes.get(step.place, ""), "") or _where(records, step),
            "fields": _fields(step),
        }
        for step in steps[:MOST_SHOWN]
    ]


def _doors(roster: Roster) -> dict[str, str]:
    named_so = {(one.compound, one.code): one.name for one in roster.buildings}
    return {
        one.key: label(
            Address(one.compound, one.building, one.unit, one.door_no),
            named_so.get((one.compound, one.building), ""),
        )
        for one in (*roster.households, *roster.vacant)
    }


def _where(records: Records, step: Step) -> str:
    noun = step.kind.partition(".")[0]
    found: Any = records.get(noun, step.record_id)
    if found is not None and noun in ("household", "building"):
        return str(found.label)
    data = step.data
    return " ".join(
        str(data[one]) for one in ("compound", "name", "unit", "door_no") if data.get(one)
    )


def _fields(step: Step) -> list[tuple[str, str, str]]:
    """(field, before, after) of a change; what an addition brings."""
    after = step.data.get("changes", {})
    return [
        (named(field, "field"), _said(field, step.before[field]), _said(field, value))
        for field, value in after.items()
        if field != "pinyin"
    ]


def _said(field: str, value: Any) -> str:
    kind = CODED.get(field, "")
    values = value if isinstance(value, list) else [value]
    return "、".join(named(str(one), kind) if kind else str(one) for one in values if one) or "—"


def _lines(counted: dict[str, Any]) -> dict[str, Any]:
    """How every line of the file was taken, so that the office can count after us."""
    skipped = {named(code, "skipped"): n for code, n in counted["skipped"].items()}
    warned = {named(code, "warning"): n for code, n in counted["warnings"].items()}
    total = counted["residents"] + len(counted["rejected"]) + sum(counted["skipped"].values())
    return {"lines": total, "skipped": skipped, "warned": warned}
