"""Who is away from when until when, and who goes instead."""

from typing import Any, NamedTuple

from server.store.database import Tx

MAX_LEAVES = 500


class Leave(NamedTuple):
    id: str
    person_id: str
    deputy_id: str
    from_on: str
    until_on: str


def add(tx: Tx, community_id: str, leave: Leave, by: str, at: str) -> None:
    tx.run(
        """
        insert into leave (community_id, id, person_id, deputy_id, from_on, until_on, set_by,
          set_at)
        values (:community, :id, :person_id, :deputy_id, :from_on, :until_on, :by, :at)
        """,
        community=community_id,
        by=by,
        at=at,
        **leave._asdict(),
    )


def find(tx: Tx, community_id: str, leave_id: str) -> Leave | None:
    rows = tx.tuples(
        """
        select id, person_id, deputy_id, from_on, until_on from leave
        where community_id = :community and id = :id
        """,
        community=community_id,
        id=leave_id,
    )
    return Leave(*rows[0]) if rows else None


def end(tx: Tx, community_id: str, leave: Leave, last_on: str) -> None:
    """A leave ends earlier than it was to, and with it the days that were lent for it."""
    tx.run(
        """
        update person_building set until_on = :last
        where community_id = :community and person_id = :deputy and from_on = :from_on
          and until_on = :until_on
        """,
        community=community_id,
        deputy=leave.deputy_id,
        from_on=leave.from_on,
        until_on=leave.until_on,
        last=last_on,
    )
    tx.run(
        "update leave set until_on = :last where community_id = :community and id = :id",
        community=community_id,
        id=leave.id,
        last=last_on,
    )


def listed(tx: Tx, community_id: str, since: str) -> list[dict[str, Any]]:
    """Leaves that last until a day or longer, the first to begin first."""
    return tx.rows(
        """
        select leave.id, leave.person_id, leave.deputy_id, leave.from_on, leave.until_on,
          person.name, deputy.name as deputy
        from leave
        join person on person.community_id = leave.community_id and person.id = leave.person_id
        join person as deputy on deputy.community_id = leave.community_id
          and deputy.id = leave.deputy_id
        where leave.community_id = :community and leave.until_on >= :since
          and leave.until_on >= leave.from_on
        order by leave.from_on, person.name, leave.id
        limit :limit
        """,
        community=community_id,
        since=since,
        limit=MAX_LEAVES,
    )


def stood_in_for(tx: Tx, community_id: str, deputy_id: str, today: str) -> list[Leave]:
    """The leaves of others for which this person goes today."""
    rows = tx.tuples(
        """
        select id, person_id, deputy_id, from_on, until_on from leave
        where community_id = :community and deputy_id = :deputy
          and from_on <= :today and until_on >= :today
        order by from_on, id
        """,
        community=community_id,
        deputy=deputy_id,
        today=today,
    )
    return [Leave(*row) for row in rows]


def deputies_between(tx: Tx, community_id: str, after: str, until: str) -> list[str]:
    """Deputies whose days began, or ended, after one day and up to another."""
    rows = tx.tuples(
        """
        select distinct deputy_id from leave
        where community_id = :community
          and ((from_on > :after and from_on <= :until)
            or (until_on >= :after and until_on < :until))
        order by deputy_id
        """,
        community=community_id,
        after=after,
        until=until,
    )
    return [deputy_id for (deputy_id,) in rows]


def is_away(tx: Tx, community_id: str, person_id: str, from_on: str, until_on: str) -> bool:
    """Whether somebody is on leave on any of these days."""
    found = tx.value(
        """
        select 1 from leave
        where community_id = :community and person_id = :person
          and from_on <= :until and until_on >= :from
        limit 1
        """,
        **{"community": community_id, "person": person_id, "until": until_on, "from": from_on},
    )
    return found is not None
