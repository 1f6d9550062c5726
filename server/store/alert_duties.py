"""What warnings ask of people, as far as the streams of their phones carry it."""

from server.store.database import Tx


def undelivered(tx: Tx) -> dict[tuple[str, str], int]:
    """(community, person) with something open, and the number in their stream that brings it."""
    rows = tx.tuples(
        """
        select duty.community_id, duty.person_id, max(feed.seq)
        from duty
        join feed on feed.community_id = duty.community_id and feed.kind = 'duty'
          and feed.id = duty.id and feed.stream = 'person:' || duty.person_id
        where duty.state = 'open'
        group by duty.community_id, duty.person_id
        order by duty.community_id, duty.person_id
        """
    )
    return {(community_id, person_id): seq for community_id, person_id, seq in rows}


def fetched(tx: Tx, community_id: str, person_id: str, cursor: int) -> list[str]:
    """Duties of somebody that lie up to this number in their stream and are not over."""
    rows = tx.tuples(
        """
        select duty.id
        from duty
        join feed on feed.community_id = duty.community_id and feed.kind = 'duty'
          and feed.id = duty.id and feed.stream = :stream
        where duty.community_id = :community and duty.person_id = :person
          and duty.is_past = 0 and feed.seq <= :cursor
        order by duty.id
        """,
        community=community_id,
        person=person_id,
        stream=f"person:{person_id}",
        cursor=cursor,
    )
    return [duty_id for (duty_id,) in rows]
