"""Reads of issues that are no page's own."""

from typing import Any

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


def to_tell(tx: Tx, until: str, limit: int = 500) -> list[tuple[str, str]]:
    """(community, issue) of which somebody is to be told by then, the earliest first."""
    return tx.tuples(
        """
        select community_id, id from issue
        where tell_at <> '' and tell_at <= :until
        order by tell_at, community_id, id
        limit :limit
        """,
        until=until,
        limit=limit,
    )


def carers(tx: Tx, community_id: str, building_id: str, today: str) -> list[dict[str, Any]]:
    """Workers and chiefs of a building today, in whose role: who stands in for one has that
    one's. Whoever is on leave is left out."""
    return tx.rows(
        """
        select distinct person.id, person.name, coalesce(away.role, person.role) as role
        from person_building as held
        join person on person.community_id = held.community_id and person.id = held.person_id
          and person.active = 1
        left join leave on leave.community_id = held.community_id and leave.id = held.leave_id
          and held.leave_id <> ''
        left join person as away on away.community_id = leave.community_id
          and away.id = leave.person_id
        where held.community_id = :community and held.building_id = :building
          and held.from_on <= :today and (held.until_on = '' or held.until_on >= :today)
          and coalesce(away.role, person.role) in ('worker', 'chief')
          and not exists (
            select 1 from leave as own
            where own.community_id = held.community_id and own.person_id = held.person_id
              and own.from_on <= :today and own.until_on >= :today
          )
        order by person.id
        """,
        community=community_id,
        building=building_id,
        today=today,
    )


def on_phone(tx: Tx, community_id: str, person_id: str) -> list[dict[str, Any]]:
    """This person, when they work with a phone; else nobody."""
    return tx.rows(
        """
        select id, name, role from person
        where community_id = :community and id = :id and active = 1
          and role in ('worker', 'chief', 'social')
        """,
        community=community_id,
        id=person_id,
    )


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
