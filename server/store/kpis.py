"""Numbers of a stretch of time that are not about who was reached (DOMAIN §6).

Each has the records behind it in `kpi_lists.py`. None is of one person who works here.
"""

from typing import Any, NamedTuple

import msgspec

from server.store.database import Tx

VERIFIED_DAYS = 90
# What an office sent back and then took back itself was no return.
NOT_RECALLED = """
  not exists (
    select 1 from operation recalling
    where recalling.community_id = operation.community_id
      and recalling.kind = 'review.reopen' and recalling.state = 'applied'
      and recalling.received_at >= operation.received_at
      and json_extract(cast(recalling.body as text), '$.data.undoes') = operation.id)
"""


class Flag(NamedTuple):
    """A red follow-up: when it was opened, its limit, and when it was done; "" while it is open."""

    level: str
    opened_at: str
    due_at: str
    closed_at: str


def flags(tx: Tx, community_id: str, since: str, until: str) -> list[Flag]:
    """What was red or could not wait, oldest first; without what was taken back."""
    rows = tx.tuples(
        """
        select level, opened_at, due_at, case when status = 'open' then '' else closed_at end
        from followup
        where community_id = :community and item <> '' and level in ('now', 'red')
          and opened_at >= :since and opened_at < :until and result <> 'withdrawn'
        order by opened_at, id
        """,
        community=community_id,
        since=since,
        until=until,
    )
    return [Flag(*row) for row in rows]


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
    """Visits that arrived: all, those with a question for the office, those that still wait.

    An ordinary one that is only looked at as a sample has none.
    """
    row = tx.row(
        """
        select count(*) as visits,
          coalesce(sum(review <> 'none' and questions not like '%"sample"%'), 0) as asked,
          coalesce(sum(review = 'waiting' and questions not like '%"sample"%'), 0) as waiting
        from visit
        where community_id = :community and true_at >= :since and true_at < :until
        """,
        community=community_id,
        since=since,
        until=until,
    )
    assert row is not None
    return row


def visits(tx: Tx, community_id: str, since: str, until: str) -> int:
    found: int = tx.value(
        """
        select count(*) from visit
        where community_id = :community and true_at >= :since and true_at < :until
        """,
        community=community_id,
        since=since,
        until=until,
    )
    return found


def returns(tx: Tx, community_id: str, since: str, until: str) -> list[str]:
    """When the office sent visits back and stood by it, each time it did; not of those it saw as
    a sample."""
    rows = tx.tuples(
        f"""
        select operation.received_at from operation
        where operation.community_id = :community and operation.kind = 'review.return'
          and operation.state = 'applied' and operation.received_at >= :since
          and operation.received_at < :until
          and not exists (
            select 1 from visit
            where visit.community_id = operation.community_id
              and visit.id = json_extract(cast(operation.body as text), '$.data.id')
              and visit.questions like '%"sample"%')
          and {NOT_RECALLED}
        order by operation.received_at
        """,
        community=community_id,
        since=since,
        until=until,
    )
    return [at for (at,) in rows]


def conflicts(tx: Tx, community_id: str, since: str, until: str) -> list[tuple[str, str]]:
    """(arrived, decided) of fields that two people changed; decided "" while it is open."""
    return tx.tuples(
        """
        select received_at, decided_at from dispute
        where community_id = :community and received_at >= :since and received_at < :until
        order by received_at, id
        """,
        community=community_id,
        since=since,
        until=until,
    )


def waiting_since(tx: Tx, community_id: str) -> list[str]:
    """When each visit arrived that waits for the office."""
    rows = tx.tuples(
        """
        select received_at from visit
        where community_id = :community and review = 'waiting'
        order by received_at
        """,
        community=community_id,
    )
    return [at for (at,) in rows]


def unsent_since(tx: Tx, community_id: str) -> list[str]:
    """Of each phone that has something unsent, by its own word, since when."""
    rows = tx.tuples(
        """
        select report from device
        where community_id = :community and revoked_at = '' and moved_to = '' and seen_at <> ''
        """,
        community=community_id,
    )
    reports = [msgspec.json.decode(report) for (report,) in rows]
    return sorted(str(one["oldest_at"]) for one in reports if one.get("oldest_at"))


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


def imports(tx: Tx, community_id: str, since: str, until: str) -> dict[str, int]:
    """Rosters that were taken in: how many, the lines in them about people, those turned down."""
    rows = tx.tuples(
        """
        select summary from import_batch
        where community_id = :community and confirmed_at >= :since and confirmed_at < :until
          and state = 'done'
        """,
        community=community_id,
        since=since,
        until=until,
    )
    found = [msgspec.json.decode(summary) for (summary,) in rows]
    rejected = sum(one["rejected"] for one in found)
    taken = sum(one["file"]["residents"] + one["file"]["vacant_dwellings"] for one in found)
    return {"rosters": len(found), "lines": taken + rejected, "rejected": rejected}
