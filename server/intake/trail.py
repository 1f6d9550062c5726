"""Operations that stand in the trail, too: settings, merges, what was taken away, what was said,
and what ends an issue without its being done, or gives it longer.

Written in the transaction that applies them, from whatever page or phone they come.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import uuid_utils
from msgspec import to_builtins

from server.store import audit

if TYPE_CHECKING:
    from server.intake.writing import Writing
    from sync.known import Actor
    from sync.operations import Operation

SETTINGS = "community.change"
STEP = "issue.step"
KINDS = (SETTINGS, "consent.record", "issue.change", STEP)
# Steps that end an issue without its being done, open it again, or move its limit.
STEPS = frozenset({"cancel", "duplicate", "reopen", "extend"})
# Whatever noun they are about.
VERBS = ("merge", "unmerge", "split", "remove")


def follow(writing: Writing, operation: Operation, actor: Actor) -> None:
    """One row for an operation of these kinds. Of settings the names stand there, not the values:
    the operation has them."""
    noun, _, verb = operation.kind.partition(".")
    if writing.seeding or (operation.kind not in KINDS and verb not in VERBS):
        return
    data: dict[str, Any] = to_builtins(operation.data)
    if operation.kind == STEP and data["step"] not in STEPS:
        return
    about = data.get("keep") or data.get("resident_id") or data.get("id") or ""
    if operation.kind == SETTINGS:
        action, target, detail = "settings.change", "", " ".join(sorted(data["changes"]))
    elif operation.kind == "consent.record":
        action, target, detail = operation.kind, f"resident:{about}", data["consent"]
    elif noun == "issue":
        detail = data["step"] if operation.kind == STEP else " ".join(sorted(data["changes"]))
        action, target = operation.kind, f"issue:{about}"
    else:
        action, target, detail = operation.kind, f"{noun}:{about}", data.get("drop", "")
    audit.add(
        writing.tx,
        writing.community_id,
        str(uuid_utils.uuid7()),
        writing.now,
        actor.person_id,
        actor.role,
        action,
        target,
        "done",
        detail=str(detail),
    )
