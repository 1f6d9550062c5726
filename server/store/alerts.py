"""Incidents: what messages chain into, how each is handed on, and when it has to be looked at."""

import msgspec

from server.store.database import Tx
from sync.cascade import Roster


class Cascade(msgspec.Struct, frozen=True, kw_only=True):
    """How an incident is handed on: to whom, with which text, and when somebody is asked next."""

    id: str
    head: str  # identifier of the message that was told last
    roster: Roster
    minutes: dict[str, float]
    edition: int
    told_at: str
    next_at: str = ""


def roster(tx: Tx, community_id: str, incident_id: str) -> Roster | None:
    """The people and doors of an incident as they were when it began; None before that."""
    found = tx.value(
        "select roster from incident where community_id = :community and id = :id",
        community=community_id,
        id=incident_id,
    )
    return msgspec.json.decode(found, type=Roster) if found else None


def cascade(tx: Tx, community_id: str, incident_id: str) -> Cascade | None:
    row = tx.row(
        """
        select id, head, roster, minutes, edition, told_at, next_at
        from incident
        where community_id = :community and id = :id
        """,
        community=community_id,
        id=incident_id,
    )
    if row is None:
        return None
    return Cascade(
        **{
            **row,
            "roster": msgspec.json.decode(row["roster"], type=Roster),
            "minutes": msgspec.json.decode(row["minutes"]),
        }
    )


def save_cascade(tx: Tx, community_id: str, one: Cascade) -> None:
    tx.run(
        """
        insert into incident (community_id, id, head, roster, minutes, edition, told_at, next_at)
        values (:community, :id, :head, :roster, :minutes, :edition, :told_at, :next_at)
        on conflict (community_id, id) do update set
          head = excluded.head, roster = excluded.roster, minutes = excluded.minutes,
          edition = excluded.edition, told_at = excluded.told_at, next_at = excluded.next_at
        """,
        **{
            **msgspec.structs.asdict(one),
            "community": community_id,
            "roster": msgspec.json.encode(one.roster).decode(),
            "minutes": msgspec.json.encode(one.minutes).decode(),
        },
    )


def look_at(tx: Tx, community_id: str, incident_id: str, at: str) -> None:
    """Somebody has to look at this incident then; "" for never."""
    tx.run(
        "update incident set next_at = :at where community_id = :community and id = :id",
        community=community_id,
        id=incident_id,
        at=at,
    )


def due(tx: Tx, at: str) -> list[tuple[str, str, str]]:
    """(instant, community, incident) that have to be looked at by then, the earliest first."""
    rows = tx.tuples(
        """
        select next_at, community_id, id from incident
        where next_at <> '' and next_at <= :at
        order by next_at, community_id, id
        """,
        at=at,
    )
    return [(next_at, community_id, incident_id) for next_at, community_id, incident_id in rows]


def past(tx: Tx, community_id: str, before: str) -> list[str]:
    """Warnings that were over before an instant and still lie on phones."""
    rows = tx.tuples(
        """
        select id from alert
        where community_id = :community and state in ('closed', 'expired') and is_past = 0
          and closes_at < :before
        order by id
        """,
        community=community_id,
        before=before,
    )
    return [incident_id for (incident_id,) in rows]


def open_for_all(tx: Tx, community_id: str) -> list[str]:
    """Warnings that hold now and are for households, the first to come first."""
    rows = tx.tuples(
        """
        select id from alert
        where community_id = :community and state = 'open' and is_drill = 0 and is_public = 1
        order by started_at, id
        """,
        community=community_id,
    )
    return [incident_id for (incident_id,) in rows]
