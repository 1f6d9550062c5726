"""What may be done about an issue, by whom, and what it moves: the table.

A status is `side` if there is one, else `state`. A step whose status is not in its row is kept as
an entry and moves nothing.
"""

from collections.abc import Mapping
from typing import NamedTuple

from sync.operations import IssueStepName

STATES = (
    *("reported", "accepted", "assigned", "in_progress", "negotiating", "calling"),
    *("done_pending_check", "closed"),
)
SIDES = ("returned", "suspended", "duplicate", "cancelled")
STATUSES = (*STATES, *SIDES)
WORDS = {
    "reported": "已上报",
    "accepted": "已受理",
    "assigned": "已分派",
    "in_progress": "办理中",
    "negotiating": "事项协商中",
    "calling": "部门呼叫中",
    "done_pending_check": "待核查",
    "closed": "已办结",
    "returned": "退回",
    "suspended": "挂起",
    "duplicate": "重复",
    "cancelled": "作废",
}
# Somebody is to do something about it.
OPEN = STATES[:6]
# Nothing is to be done any more.
ENDED = ("closed", "duplicate", "cancelled")
# The clock stands still.
RESTS = ("returned", "suspended")

# Who raised it, or joined, whatever their role.
CONCERNED = "concerned"
STAFF = frozenset({"worker", "chief", "social", "office", "secretary"})
MANAGE = frozenset({"chief", "office", "secretary"})
_STREET = MANAGE | {"street"}
_ASKING = MANAGE | {CONCERNED}


class Row(NamedTuple):
    """From which status to which; `who` may do it. `needs` are fields that must not be empty."""

    moves: Mapping[str, str]
    who: frozenset[str]
    needs: tuple[str, ...] = ()


def _all(froms: tuple[str, ...], to: str) -> dict[str, str]:
    return {one: to for one in froms if one != to}


TABLE: Mapping[IssueStepName, Row] = {
    "received": Row({}, STAFF),
    "note": Row({}, STAFF | {CONCERNED}),
    "revisit": Row({}, STAFF),
    "accept": Row({"reported": "accepted"}, MANAGE),
    "assign": Row({**_all(OPEN, "assigned"), "assigned": "assigned"}, MANAGE, ("holder_id",)),
    "start": Row(_all(OPEN, "in_progress"), STAFF),
    "negotiate": Row(_all(OPEN, "negotiating"), STAFF),
    "call": Row(_all(OPEN, "calling"), _STREET),
    "done": Row(_all(OPEN, "done_pending_check"), STAFF),
    "check": Row({"done_pending_check": "closed"}, MANAGE),
    "reject": Row({"done_pending_check": "in_progress"}, MANAGE, ("words",)),
    "return": Row(_all(OPEN, "returned"), MANAGE, ("words",)),
    "resubmit": Row({"returned": "reported"}, _ASKING),
    "suspend": Row(_all(OPEN, "suspended"), MANAGE, ("words",)),
    "resume": Row({"suspended": ""}, MANAGE),
    "extend": Row({one: "" for one in (*OPEN, "done_pending_check")}, _STREET, ("words", "due_on")),
    "duplicate": Row(
        _all((*OPEN, "done_pending_check", *RESTS), "duplicate"), MANAGE, ("duplicate_of",)
    ),
    "cancel": Row(_all((*OPEN, "done_pending_check", *RESTS), "cancelled"), MANAGE, ("words",)),
    "reopen": Row(_all(ENDED, "accepted"), _ASKING, ("words",)),
}
# Entries of these names come from operations of their own, and move nothing.
JOINED, RATED = "joined", "rated"


def status_of(state: str, side: str) -> str:
    return side or state


def may(step: IssueStepName, role: str, *, concerned: bool) -> bool:
    """Whether somebody of this role may take a step, wherever the issue is."""
    who = TABLE[step].who
    return role in who or (concerned and CONCERNED in who)
