"""Verifies issues: each was raised by an operation or an answer, and holds each entry once, in
order."""

from collections.abc import Iterator

from server.store.database import Tx
from server.store.records import all_records
from sync.issue_records import Issue

_ENTERED = (
    *("issue.join", "issue.step", "issue.papers", "issue.rate", "issue.call", "issue.call_step"),
)


def faults(tx: Tx, community_id: str) -> Iterator[str]:
    """One sentence for each issue, or operation about one, that does not add up."""
    kinds: dict[str, str] = dict(
        tx.tuples(
            "select id, kind from operation where community_id = :community"
            " and state = 'applied' and kind like 'issue.%'",
            community=community_id,
        )
    )
    visits = {
        visit_id
        for (visit_id,) in tx.tuples(
            "select id from visit where community_id = :community", community=community_id
        )
    }
    entered: set[str] = set()
    found = all_records(tx, community_id, "issue")
    for one in found:
        assert isinstance(one, Issue)
        entered |= {entry["id"] for entry in one.entries}
        if kinds.get(one.id) != "issue.raise" and one.visit_id not in visits:
            yield f"issue: {one.id} comes from no operation and no visit"
        places = [(entry["at"], entry["id"]) for entry in one.entries]
        if places != sorted(set(places)):
            yield f"issue: {one.id} has entries out of order, or twice"
    there = {one.id for one in found}
    for operation_id, kind in sorted(kinds.items()):
        if kind == "issue.raise" and operation_id not in there:
            yield f"issue: {operation_id} of an applied operation is missing"
        if kind in _ENTERED and operation_id not in entered:
            yield f"issue: {operation_id} is an entry of no issue"
