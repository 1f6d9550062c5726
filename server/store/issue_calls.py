"""Issues for which the street, or a department, was called up."""

from typing import Any

import msgspec

from server.store.database import Tx

# More than a street ever has waiting at once.
MAX_LISTED = 2_000
_CALLED_UP = "issue.ended_at = '' and (issue.state = 'calling' or issue.calls_open > 0)"


def called_up(tx: Tx, community_id: str) -> list[dict[str, Any]]:
    """Those that are not ended, with their calls and entries, oldest first."""
    rows = tx.rows(
        f"""
        select issue.id, issue.category, issue.restricted, issue.reported_at, issue.close_due,
          issue.calls, issue.entries, coalesce(building.label, '') as building,
          coalesce(building.compound, '') as compound
        from issue
        left join building on building.community_id = issue.community_id
          and building.id = issue.building_id
        where issue.community_id = :community and {_CALLED_UP}
        order by issue.reported_at, issue.id
        limit :limit
        """,
        community=community_id,
        limit=MAX_LISTED,
    )
    return [_decoded(row) for row in rows]


def waiting(tx: Tx, community_id: str) -> list[dict[str, Any]]:
    """Of the same only whether the office keeps them to itself, how many wait, and their calls."""
    rows = tx.rows(
        f"""
        select issue.id, issue.restricted, issue.calls_open, issue.calls from issue
        where issue.community_id = :community and {_CALLED_UP}
        order by issue.reported_at, issue.id
        limit :limit
        """,
        community=community_id,
        limit=MAX_LISTED,
    )
    return [_decoded(row) for row in rows]


def _decoded(row: dict[str, Any]) -> dict[str, Any]:
    read = (name for name in ("calls", "entries") if name in row)
    return {**row, **{name: msgspec.json.decode(row[name]) for name in read}}
