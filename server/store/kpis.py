"""Numbers of a stretch of time that are not about who was reached (DOMAIN §6)."""

from typing import Any

from server.store.database import Tx

VERIFIED_DAYS = 90


def flags(tx: Tx, community_id: str, since: str, until: str) -> dict[str, int]:
    """Red flags that were raised: how many, how many of them closed inside their limit, and how
    many still stand open beyond it."""
    row = tx.row(
        """
        select count(*) as raised,
          coalesce(sum(status = 'closed' and closed_at <= due_at), 0) as in_time,
          coalesce(sum(status = 'open'), 0) as open
        from followup
        where community_id = :community and item <> '' and level in ('now', 'red')
          and opened_at >= :since and opened_at < :until and result <> 'withdrawn'
        """,
        community=community_id,
        since=since,
        until=until,
    )
    assert row is not None
    return row


def delays(tx: Tx, community_id: str, since: str, until: str) -> dict[str, int]:
    """Minutes from a visit to its arrival: the middle one and the longest but one in twenty."""
    minutes = [
        found
        for (found,) in tx.tuples(
            """
            select cast(max(0, (julianday(received_at) - julianday(true_at)) * 1440) as integer)
              as minutes
            from visit
            where community_id = :community and true_at >= :since and true_at < :until
            order by minutes
            """,
            community=community_id,
            since=since,
            until=until,
        )
    ]
    if not minutes:
        return {"visits": 0, "median": 0, "p95": 0}
    last = len(minutes) - 1
    return {
        "visits": len(minutes),
        "median": minutes[last // 2],
        "p95": minutes[last * 95 // 100],
    }


def reviews(tx: Tx, community_id: str, since: str, until: str) -> dict[str, int]:
    """Visits that arrived: all, those the office was asked to look at, those it sent back."""
    row = tx.row(
        """
        select count(*) as visits, coalesce(sum(review <> 'none'), 0) as asked,
          coalesce(sum(review = 'waiting'), 0) as waiting,
          coalesce(sum(review = 'returned'), 0) as returned
        from visit
        where community_id = :community and true_at >= :since and true_at < :until
        """,
        community=community_id,
        since=since,
        until=until,
    )
    assert row is not None
    return row


def verified(tx: Tx, community_id: str, on: str) -> dict[str, Any]:
    """Telephone numbers that were checked in the 90 days up to a day, out of all."""
    row = tx.row(
        """
        select count(*) as numbers,
          coalesce(sum(verified_on >= date(:on, :back) and verified_on <= :on), 0) as fresh
        from contact
        where community_id = :community
        """,
        community=community_id,
        on=on,
        back=f"-{VERIFIED_DAYS} days",
    )
    assert row is not None
    return row
