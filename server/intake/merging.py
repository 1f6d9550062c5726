"""What merges change beside the records: which visits phones show, and where disputes are."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from server.store import held
from sync.reconcile import Follows
from sync.records import Household, Redirect, only

if TYPE_CHECKING:
    from server.intake.writing import Writing


def door_of(follows: Follows) -> str:
    """The door that a merge is about: that of what was kept."""
    merges = [one for one in only(Redirect, follows.changed) if one.version == 1]
    kept = {one.into for one in merges}
    for one in follows.changed:
        if merges and one.id in kept:
            return getattr(one, "household_id", one.id)
    return ""


def follow(writing: Writing, follows: Follows) -> None:
    """After doors were merged or told apart: phones show the last visits of each, and what is in
    dispute behind them stands at its door."""
    doors = only(Household, follows.changed)
    merged = any(one.of == "household" for one in only(Redirect, follows.changed))
    parted = any(kind == "redirect" for kind, _ in follows.removed)
    if not (merged or parted):
        return
    writing.tx.pour()
    held.follow_doors(writing.tx, writing.community_id)
    if parted:
        writing.feed.windows.forget()
        for door in doors:
            found: list[Any] = writing.records.of_household("visit", door.id)
            for visit in sorted(found, key=lambda one: (one.true_at, one.id)):
                writing.feed.show(visit)
