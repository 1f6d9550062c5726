"""Warnings as the office lists them, and the messages they are made of."""

from collections.abc import Collection
from typing import Any

from server.store.database import Tx, listed

_ALERT = """
  alert.id, alert.kind, alert.colour, alert.title, alert.area, alert.effect, alert.sent_at,
  alert.received_at, alert.ends_at, alert.state, alert.is_drill, alert.is_public, alert.source,
  alert.source_id, alert.is_verified, alert.started_at, alert.closes_at, alert.reason,
  coalesce((
    select alert_message.id from alert_message
    where alert_message.community_id = alert.community_id
      and alert_message.incident_id = alert.id
    order by alert_message.sent_at desc, alert_message.received_at desc, alert_message.id desc
    limit 1
  ), '') as message_id
"""


def in_state(
    tx: Tx, community_id: str, states: Collection[str], limit: int, offset: int = 0
) -> list[dict[str, Any]]:
    """The latest first."""
    names, values = listed(states)
    return tx.rows(
        f"""
        select {_ALERT}
        from alert
        where alert.community_id = :community and alert.state in ({names})
        order by alert.sent_at desc, alert.id desc
        limit :limit offset :offset
        """,
        community=community_id,
        limit=limit,
        offset=offset,
        **values,
    )


def count(tx: Tx, community_id: str, states: Collection[str]) -> int:
    names, values = listed(states)
    found = tx.value(
        f"select count(*) from alert where community_id = :community and state in ({names})",
        community=community_id,
        **values,
    )
    return int(found)


_MESSAGE = """
  alert_message.id, alert_message.sha256, alert_message.media_type, alert_message.source,
  alert_message.feed_id, alert_message.received_at, alert_message.sender,
  alert_message.identifier, alert_message.sent_at, alert_message.message,
  alert_message.warnings, alert_message.incident_id,
  alert_message.is_verified, alert_message.sign,
  coalesce(person.name, '') as person_name, coalesce(alert_feed.name, '') as feed_name
"""
_JOINS = """
  left join person on person.community_id = alert_message.community_id
    and person.id = alert_message.person_id
  left join alert_feed on alert_feed.community_id = alert_message.community_id
    and alert_feed.id = alert_message.feed_id
"""


def message(tx: Tx, community_id: str, message_id: str) -> dict[str, Any] | None:
    return tx.row(
        f"""
        select {_MESSAGE}
        from alert_message {_JOINS}
        where alert_message.community_id = :community and alert_message.id = :id
        """,
        community=community_id,
        id=message_id,
    )


def raw(tx: Tx, community_id: str, message_id: str) -> bytes | None:
    """The very bytes that came. What holds several messages is kept with the first."""
    found = tx.value(
        """
        select document.raw
        from alert_message
        join alert_message as document on document.community_id = alert_message.community_id
          and document.sha256 = alert_message.sha256 and document.part = 0
        where alert_message.community_id = :community and alert_message.id = :id
        """,
        community=community_id,
        id=message_id,
    )
    return None if found is None else bytes(found)


def chain(tx: Tx, community_id: str, incident_id: str, limit: int) -> list[dict[str, Any]]:
    """All messages of one incident, in the order in which they were sent."""
    return tx.rows(
        f"""
        select {_MESSAGE}
        from alert_message {_JOINS}
        where alert_message.community_id = :community
          and alert_message.incident_id = :incident and alert_message.incident_id <> ''
        order by alert_message.sent_at, alert_message.received_at, alert_message.id
        limit :limit
        """,
        community=community_id,
        incident=incident_id,
        limit=limit,
    )
