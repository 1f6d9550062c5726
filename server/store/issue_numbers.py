"""Issues as the numbers of a month need them, without what was said and done."""

from typing import NamedTuple

from server.store.database import Tx


class Counted(NamedTuple):
    """One issue: when it was reported, seen to and ended, by when, and where it was solved."""

    id: str
    building_id: str
    category: str
    source: str
    reported_at: str
    first_due: str
    first_at: str
    close_due: str
    suspended_at: str
    ended_at: str
    level: str
    reopened: int
    satisfied: str
    solved_on_spot: int


def reported(tx: Tx, community_id: str, since: str) -> list[Counted]:
    """All that were reported since an instant, oldest first, but those that repeat another one or
    were none."""
    rows = tx.tuples(
        f"""
        select {", ".join(Counted._fields)} from issue
        where community_id = :community and reported_at >= :since
          and side not in ('duplicate', 'cancelled')
        order by reported_at, id
        """,
        community=community_id,
        since=since,
    )
    return [Counted(*row) for row in rows]
