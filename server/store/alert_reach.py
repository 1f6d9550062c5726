"""What happened to a warning on its way, and how far each building has come.

Every event is kept; of each hop a building also keeps its earliest, so that nobody has to fold tens
of thousands of events to show where a warning is.
"""

from collections.abc import Iterable
from typing import Any

import msgspec
from msgspec import structs

from server.store.database import Tx
from sync.cascade import Event
from sync.operations import stamp

_EVENT = """
    insert into alert_event (community_id, id, building_id, incident_id, hop, person_id, at,
      received_at, edition, channel)
    values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
    on conflict (community_id, id, building_id) do nothing
"""
# The first event of a hop stays, by its own time. `last_at` is the latest, `newest` the highest
# edition it spoke of, and `heard_at` when that was first heard.
_IS_FIRST = "(excluded.at, excluded.event_id) < (alert_hop.at, alert_hop.event_id)"
_OF_FIRST = ",\n      ".join(
    f"{name} = case when {_IS_FIRST} then excluded.{name} else alert_hop.{name} end"
    for name in ("event_id", "at", "received_at", "person_id", "edition", "channel")
)
_HOP = f"""
    insert into alert_hop (community_id, incident_id, building_id, hop, event_id, at, received_at,
      person_id, edition, channel, last_at, newest, heard_at)
    values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
    on conflict (community_id, incident_id, building_id, hop) do update set
      {_OF_FIRST},
      last_at = case when excluded.last_at > alert_hop.last_at
        then excluded.last_at else alert_hop.last_at end,
      heard_at = case when excluded.newest > alert_hop.newest
          or (excluded.newest = alert_hop.newest and excluded.heard_at < alert_hop.heard_at)
        then excluded.heard_at else alert_hop.heard_at end,
      newest = case when excluded.newest > alert_hop.newest
        then excluded.newest else alert_hop.newest end
"""


def add(tx: Tx, community_id: str, events: Iterable[Event]) -> None:
    """Remember events; one that is known changes nothing."""
    for one in events:
        at, received_at = stamp(one.at), stamp(one.received_at)
        key = one.id, one.building_id
        told = one.person_id, at, received_at, one.edition, one.channel
        tx.later(_EVENT, key, (community_id, *key, one.incident_id, one.hop, *told))
        if one.building_id:
            place = community_id, one.incident_id, one.building_id, one.hop, one.id
            first = at, received_at, one.person_id, one.edition, one.channel
            tx.later(_HOP, key, (*place, *first, at, one.edition, received_at))


def hops(tx: Tx, community_id: str, incident_id: str) -> list[dict[str, Any]]:
    """How far each building has come, by building and hop."""
    return tx.rows(
        """
        select building_id, hop, event_id, at, received_at, person_id, edition, channel, last_at,
          newest, heard_at
        from alert_hop
        where community_id = :community and incident_id = :incident
        order by building_id, hop
        """,
        community=community_id,
        incident=incident_id,
    )


def events(tx: Tx, community_id: str, incident_id: str) -> list[Event]:
    """Everything that happened, by true time."""
    rows = tx.rows(
        """
        select id, building_id, incident_id, hop, person_id, at, received_at, edition, channel
        from alert_event
        where community_id = :community and incident_id = :incident
        order by at, id, building_id
        """,
        community=community_id,
        incident=incident_id,
    )
    return [msgspec.convert(row, Event) for row in rows]


def has(tx: Tx, community_id: str, event_id: str) -> bool:
    found = tx.value(
        "select 1 from alert_event where community_id = :community and id = :id limit 1",
        community=community_id,
        id=event_id,
    )
    return found is not None


def move(tx: Tx, community_id: str, incident_id: str, into: str, edition: int) -> list[Event]:
    """What happened to one incident happened to another; these events.

    Nothing of it speaks of an `edition` that the other has still to come to.
    """
    moved = [
        structs.replace(one, incident_id=into, edition=min(one.edition, edition))
        for one in events(tx, community_id, incident_id)
    ]
    for sql in (
        "delete from alert_event where community_id = :community and incident_id = :incident",
        "delete from alert_hop where community_id = :community and incident_id = :incident",
    ):
        tx.run(sql, community=community_id, incident=incident_id)
    add(tx, community_id, moved)
    return moved
