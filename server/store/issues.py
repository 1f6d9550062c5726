"""Reads of issues that are no page's own."""

from server.store.database import Tx, listed


def repeating(tx: Tx, community_id: str, ids: list[str]) -> list[str]:
    """Issues that were found to repeat one of these, themselves or through another, by id."""
    found: set[str] = set()
    asked = set(ids)
    while asked:
        marks, given = listed(sorted(asked))
        rows = tx.tuples(
            f"""
            select id from issue
            where community_id = :community and side = 'duplicate' and duplicate_of <> ''
              and duplicate_of in ({marks})
            order by id
            """,
            community=community_id,
            **given,
        )
        asked = {record_id for (record_id,) in rows} - found
        found |= asked
    return sorted(found)


def aged(tx: Tx, community_id: str, before: str) -> list[str]:
    """Issues of which phones are still told though they ended before an instant, by id."""
    rows = tx.tuples(
        """
        select distinct issue.id
        from issue
        join feed on feed.community_id = issue.community_id and feed.id = issue.id
          and feed.kind in ('issue', 'report') and feed.record is not null
        where issue.community_id = :community and issue.ended_at <> ''
          and issue.ended_at < :before
        order by issue.id
        """,
        community=community_id,
        before=before,
    )
    return [record_id for (record_id,) in rows]
