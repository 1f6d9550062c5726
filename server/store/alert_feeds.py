"""Where warnings are fetched from: how each feed is set up, what is remembered, who asks it now."""

from typing import Any

from server.store.database import Tx

_COLUMNS = "id, name, shown_url, sealed, scope, every_s, is_on, state, next_at, taken, taken_at"


def add(tx: Tx, community_id: str, **feed: Any) -> None:
    """Keys: id, name, shown_url, sealed, scope, every_s, is_on, by, at."""
    tx.run(
        """
        insert into alert_feed (community_id, id, name, shown_url, sealed, scope, every_s, is_on,
          state, set_by, set_at)
        values (:community, :id, :name, :shown_url, :sealed, :scope, :every_s, :is_on, '{}', :by,
          :at)
        """,
        community=community_id,
        **feed,
    )


def change(tx: Tx, community_id: str, **feed: Any) -> int:
    """The same keys. It is asked at once, as if for the first time; nobody's round counts then."""
    return tx.run(
        """
        update alert_feed set name = :name, shown_url = :shown_url, sealed = :sealed,
          scope = :scope, every_s = :every_s, is_on = :is_on, state = '{}', next_at = '',
          claim = '', set_by = :by, set_at = :at
        where community_id = :community and id = :id
        """,
        community=community_id,
        **feed,
    )


def remove(tx: Tx, community_id: str, feed_id: str) -> int:
    return tx.run(
        "delete from alert_feed where community_id = :community and id = :id",
        community=community_id,
        id=feed_id,
    )


def all_of(tx: Tx, community_id: str) -> list[dict[str, Any]]:
    """In the order in which they were named."""
    return tx.rows(
        f"select {_COLUMNS} from alert_feed where community_id = :community order by name, id",
        community=community_id,
    )


def find(tx: Tx, community_id: str, feed_id: str) -> dict[str, Any] | None:
    return tx.row(
        f"select {_COLUMNS} from alert_feed where community_id = :community and id = :id",
        community=community_id,
        id=feed_id,
    )


def due(tx: Tx, community_id: str, now: str) -> list[str]:
    """Ids of those to be asked now, which nobody asks."""
    rows = tx.tuples(
        """
        select id from alert_feed
        where community_id = :community and is_on = 1 and next_at <= :now and claimed_until <= :now
        order by next_at, id
        """,
        community=community_id,
        now=now,
    )
    return [str(one) for (one,) in rows]


def claim(tx: Tx, community_id: str, feed_id: str, claim: str, now: str, until: str) -> bool:
    """Whether the feed is ours to ask until then."""
    changed = tx.run(
        """
        update alert_feed set claim = :claim, claimed_until = :until
        where community_id = :community and id = :id and is_on = 1
          and next_at <= :now and claimed_until <= :now
        """,
        community=community_id,
        id=feed_id,
        claim=claim,
        now=now,
        until=until,
    )
    return changed == 1


def keep(
    tx: Tx,
    community_id: str,
    feed_id: str,
    claim: str,
    state: str,
    next_at: str,
    taken: int,
    taken_at: str,
) -> bool:
    """What a round left behind, if the feed is still as it was when the round began."""
    changed = tx.run(
        """
        update alert_feed set state = :state, next_at = :next_at, claim = '', claimed_until = '',
          taken = taken + :taken, taken_at = case when :taken > 0 then :taken_at else taken_at end
        where community_id = :community and id = :id and claim = :claim
        """,
        community=community_id,
        id=feed_id,
        claim=claim,
        state=state,
        next_at=next_at,
        taken=taken,
        taken_at=taken_at,
    )
    return changed == 1
