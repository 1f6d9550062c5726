"""What phones and the office hold of an issue: the issue, and what whoever raised it may read.

What the fields of an issue say follows from what it was raised with and from its entries, in the
order of (at, id): `sync/issue_fold.py` tells how. So any order of arrival ends in one record.
"""

# ruff: noqa: RUF012 a struct copies its defaults; that these are structs is told elsewhere

from typing import Any

from sync.record import Record


class Issue(Record, frozen=True, kw_only=True):
    """Something to be put right, at a door, in a building, or anywhere.

    `state` is how far it has come, `side` what it rests in or ended by ("" for nothing):
    returned, suspended, duplicate, cancelled. `close_limit` is by when it is to be closed, such as
    "24h"; `first_due` and `close_due` are instants, `asked_due` is the latter before any rest or
    extension; `ordered_on` is the day that the order of a hotline names instead. `ended_at` is when
    there was nothing to do any more, `tell_at` when somebody hears next that time runs out, and
    `climbed` the highest who did (`sync/issue_telling.py`). `visit_id` and `item` name the
    answer that raised it.

    `entries` are all that was done and said, oldest first: id, at, by, by_name, role, what, words,
    inner, `moved` (whether it changed the state) and `why` it did not; and, where it is so, holder,
    holder_name, due_at, duplicate_of, level, satisfied; of, limit_at, stage, to; call_id,
    department. Of `media` each says by `of` which operation brought it, and by `by` who did.

    `calls` are the departments that were called, in that order: id, department_id, department, at,
    by, by_name, round, due_at, climb_at, arrived_at, ended_at, `end` (result, withdrawn, lapsed),
    urged. `calls_open` have not ended; by `call_due` the first is to come to which nobody came.
    """

    building_id: str = ""
    household_id: str = ""
    category: str
    place: str = ""
    text: str
    state: str = "reported"
    side: str = ""
    duplicate_of: str = ""
    source: str = ""
    source_number: str = ""
    ordered_on: str = ""
    visit_id: str = ""
    item: str = ""
    restricted: int = 0
    by: str
    by_name: str = ""
    reported_at: str
    received_at: str = ""
    first_limit: str = ""
    close_limit: str = ""
    first_due: str = ""
    asked_due: str = ""
    close_due: str = ""
    extended: int = 0
    suspended_at: str = ""
    first_at: str = ""
    holder: str = ""
    holder_name: str = ""
    level: str = ""
    raised_level: str = ""
    hard: int = 0
    solved_on_spot: int = 0
    done_by: str = ""
    done_by_name: str = ""
    done_at: str = ""
    checked_by: str = ""
    checked_by_name: str = ""
    ended_at: str = ""
    tell_at: str = ""
    climbed: str = ""
    reopened: int = 0
    satisfied: str = ""
    media: list[Any] = []
    joined: list[str] = []
    calls: list[dict[str, Any]] = []
    calls_open: int = 0
    call_due: str = ""
    entries: list[dict[str, Any]] = []
    disputed: list[str] = []


class Report(Record, frozen=True, kw_only=True):
    """An issue, under its id, as those see it who raised or joined it: what was said to them.

    `state` is one of doing, negotiating, calling, done, closed, returned, suspended, duplicate,
    cancelled. `text` is their own. `entries` have id, at, by_name, what, words.
    """

    category: str
    place: str = ""
    text: str = ""
    state: str = "doing"
    is_mine: int = 1
    reported_at: str = ""
    close_due: str = ""
    ended_at: str = ""
    may_reopen_until: str = ""
    media: list[Any] = []
    entries: list[dict[str, Any]] = []
