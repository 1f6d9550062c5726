"""What authors are told about their work, in their own streams."""

from datetime import datetime
from typing import Any

from msgspec import to_builtins

from server.intake.receiving import names_household
from server.store.feed import Feed
from sync.operations import Operation, stamp
from sync.reconcile import Follows
from sync.records import Notice, kind_of

_DECIDED = {
    "review.return": "returned",
    "review.approve": "approved",
    "review.reopen": "recalled",
}


class Notices:
    """Writes notices into person streams; the feed numbers them with their operation."""

    def __init__(self, feed: Feed, now: datetime) -> None:
        self.feed = feed
        self.now = now

    def tell_author(self, item: dict[str, Any], state: str, reason: str) -> None:
        if item["operation_id"]:
            self.tell(
                item["operation_id"],
                item["person_id"],
                item["kind"],
                "quarantined",
                names_household(bytes(item["body"])),
                item["code"],
                item["sentence"],
                state=state,
                reason=reason,
            )

    def tell_returned(self, operation: Operation, follows: Follows, before: set[str]) -> None:
        """The author of a visit learns that it was sent back, later that this is settled or was
        taken back, and what the office said to it when they had put something right."""
        for record in follows.changed:
            if kind_of(record) != "visit":
                continue
            visit: Any = record
            state = _DECIDED.get(operation.kind)
            if visit.id in before or state == "returned" or (state and visit.corrected):
                self.tell(
                    visit.id,
                    visit.by,
                    "visit.record",
                    "returned",
                    visit.household_id,
                    state=state or "done",
                    reason=visit.returned_reason,
                    field=visit.returned_field,
                    visit_id=visit.id,
                )

    def tell(
        self,
        operation_id: str,
        person_id: str,
        kind: str,
        outcome: str,
        household_id: str,
        code: str = "",
        message: str = "",
        **more: str,
    ) -> None:
        notice = Notice(
            id=operation_id,
            operation_kind=kind,
            outcome=outcome,
            code=code,
            message=message,
            household_id=household_id,
            at=stamp(self.now),
            state=more.get("state", "waiting"),
            visit_id=more.get("visit_id", ""),
            field=more.get("field", ""),
            reason=more.get("reason", ""),
        )
        self.feed.tell(person_id, "notice", operation_id, to_builtins(notice))
