"""Reads of issues for neighbouring systems: no texts, no doors, no people."""

from typing import NamedTuple

import msgspec

from server.store.database import Tx, listed
from sync.issue_steps import ENDED

MAX_REQUESTS = 1000
_STATUS = "case when issue.side <> '' then issue.side else issue.state end"


class Wanted(NamedTuple):
    """Which requests; an empty list or "" means any. `public` are kinds that everybody may see,
    `key_id` the key that may see what it filed of every kind."""

    key_id: str
    public: list[str]
    ids: list[str]
    codes: list[str]
    since: str
    until: str
    status: str


class Request(NamedTuple):
    """An issue as the public may know it; `area` is its compound, "" for none."""

    id: str
    category: str
    status: str
    reported_at: str
    moved_at: str
    close_due: str
    area: str


def requests(tx: Tx, community_id: str, wanted: Wanted) -> list[Request]:
    """The latest first. What an answer at a door raised is nobody's to see."""
    public, public_names = _some(wanted.public, "p")
    ids, id_names = _some(wanted.ids, "i")
    codes, code_names = _some(wanted.codes, "c")
    rows = tx.tuples(
        f"""
        select issue.id, issue.category, {_STATUS}, issue.reported_at, issue.ended_at,
          issue.entries, issue.close_due, coalesce(building.compound, '')
        from issue
        left join building on building.community_id = issue.community_id
          and building.id = issue.building_id
        where issue.community_id = :community
          and issue.restricted = 0
          and (
            (issue.category in ({public}) and issue.visit_id = ''
              and issue.source not in ('checklist', 'weather'))
            or (:key <> '' and issue."by" = :key)
          )
          and (:since = '' or issue.reported_at >= :since)
          and (:until = '' or issue.reported_at <= :until)
          and (:ids = 0 or issue.id in ({ids}))
          and (:codes = 0 or issue.category in ({codes}))
          and (:status = '' or (:status = 'closed') = ({_STATUS} in ({_ENDED})))
        order by issue.reported_at desc, issue.id
        limit :most
        """,
        community=community_id,
        key=wanted.key_id,
        since=wanted.since,
        until=wanted.until,
        ids=len(wanted.ids),
        codes=len(wanted.codes),
        status=wanted.status,
        most=MAX_REQUESTS,
        **public_names,
        **id_names,
        **code_names,
    )
    return [_request(*row) for row in rows]


_ENDED = ", ".join(f"'{one}'" for one in ENDED)


def _some(values: list[str], letter: str) -> tuple[str, dict[str, str]]:
    """Marks of a list, and what stands for each; a list of its own for each letter."""
    marks, given = listed(values)
    named = {f"{letter}_{name}": value for name, value in given.items()}
    return marks.replace(":", f":{letter}_") or "''", named


def _request(
    issue_id: str,
    category: str,
    status: str,
    reported_at: str,
    ended_at: str,
    entries: str,
    close_due: str,
    area: str,
) -> Request:
    moved = [one["at"] for one in msgspec.json.decode(entries) if one["moved"]]
    moved_at = ended_at or max(moved, default=reported_at)
    return Request(issue_id, category, status, reported_at, moved_at, close_due, area)
