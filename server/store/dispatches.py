"""Every attempt to hand a warning to a channel: when, what the service said."""

from typing import Any

import msgspec

from server.store.database import Tx


def note(tx: Tx, community_id: str, row: dict[str, Any]) -> None:
    """`row` is one whole attempt; its id says whose and the how manieth."""
    tx.run(
        """
        insert into dispatch (community_id, id, incident_id, channel_id, edition, why, attempt, at,
          outcome, code, words)
        values (:community, :id, :incident_id, :channel_id, :edition, :why, :attempt, :at,
          :outcome, :code, :words)
        on conflict (community_id, id) do nothing
        """,
        community=community_id,
        **row,
    )


def concerning(tx: Tx, community_id: str, since: str) -> list[str]:
    """Warnings that hold, and those that ended since; by when they began."""
    found = tx.tuples(
        """
        select id from alert
        where community_id = :community
          and (state = 'open' or (state = 'closed' and max(closes_at, from_at) > :since))
        order by started_at, id
        """,
        community=community_id,
        since=since,
    )
    return [incident_id for (incident_id,) in found]


def steps(
    tx: Tx, community_id: str, incident_id: str, edition: int, since: str
) -> list[dict[str, Any]]:
    """The steps of an edition that were taken since, by when they were due."""
    rows = tx.rows(
        """
        select at, kind, building_ids from alert_step
        where community_id = :community and incident_id = :incident and edition = :edition
          and taken_at > :since
        order by at, kind, to_id
        """,
        community=community_id,
        incident=incident_id,
        edition=edition,
        since=since,
    )
    for row in rows:
        row["building_ids"] = msgspec.json.decode(row["building_ids"])
    return rows


def last_of(tx: Tx, community_id: str, channel_id: str, limit: int) -> list[dict[str, Any]]:
    """The latest attempts of a channel, with the title of what it was about."""
    return tx.rows(
        """
        select dispatch.at, dispatch.why, dispatch.attempt, dispatch.outcome, dispatch.code,
          dispatch.words, coalesce(alert.title, '') as title
        from dispatch
        left join alert on alert.community_id = dispatch.community_id
          and alert.id = dispatch.incident_id
        where dispatch.community_id = :community and dispatch.channel_id = :channel
        order by dispatch.at desc, dispatch.id desc
        limit :limit
        """,
        community=community_id,
        channel=channel_id,
        limit=limit,
    )


def pushes_since(tx: Tx, community_id: str, since: str) -> dict[str, int]:
    """Attempts to reach people's browsers by what became of them."""
    found = tx.tuples(
        """
        select outcome, count(*) from dispatch
        where community_id = :community and channel_id = 'push' and at >= :since
        group by outcome
        """,
        community=community_id,
        since=since,
    )
    return dict(found)
