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


def lasting(tx: Tx, community_id: str, since: str) -> list[Leave]:
    """Leaves that last until a day or longer, or ended before they began, in the order they were
    set."""
    rows = tx.tuples(
        """
        select id, person_id, deputy_id, from_on, until_on from leave
        where community_id = :community and until_on >= :since
        order by set_at, id
        """,
        community=community_id,
        since=since,
    )
    return [Leave(*row) for row in rows]


def held(tx: Tx, community_id: str, person_id: str) -> list[tuple[str, str, str]]:
    """(building, first day, last day or "") of all that somebody holds, held or will hold."""
    return [
        (building_id, from_on, until_on)
        for building_id, from_on, until_on in tx.tuples(
            """
            select building_id, from_on, until_on from person_building
            where community_id = :community and person_id = :person
            order by building_id, from_on
            """,
            community=community_id,
            person=person_id,
        )
    ]


def lend(tx: Tx, community_id: str, leave: Leave, building_id: str, span: tuple[str, str]) -> None:
    """A building for these days, because of a leave."""
    tx.run(
        """
        insert into person_building
          (community_id, person_id, building_id, from_on, until_on, leave_id)
        values (:community, :deputy, :building, :from_on, :until_on, :leave)
        on conflict (community_id, person_id, building_id, from_on) do update set
          until_on = excluded.until_on, leave_id = excluded.leave_id
        """,
        community=community_id,
        deputy=leave.deputy_id,
        building=building_id,
        from_on=span[0],
        until_on=span[1],
        leave=leave.id,
    )


def take_back(tx: Tx, community_id: str, leave_id: str) -> None:
    tx.run(
        "delete from person_building where community_id = :community and leave_id = :leave",
        community=community_id,
        leave=leave_id,
    )


def end(tx: Tx, community_id: str, leave: Leave, last_on: str) -> None:
    """A leave ends earlier than it was to."""
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


def overlapping(
    tx: Tx, community_id: str, person_id: str, from_on: str, until_on: str
) -> tuple[str, str] | None:
    """First and last day of a leave of somebody that has a day of these."""
    rows = tx.tuples(
        """
        select from_on, until_on from leave
        where community_id = :community and person_id = :person
          and from_on <= :until and until_on >= :from and from_on <= until_on
        order by from_on, id limit 1
        """,
        **{"community": community_id, "person": person_id, "until": until_on, "from": from_on},
    )
    return (rows[0][0], rows[0][1]) if rows else None


def is_away(tx: Tx, community_id: str, person_id: str, from_on: str, until_on: str) -> bool:
    """Whether somebody is on leave on any of these days."""
    return overlapping(tx, community_id, person_id, from_on, until_on) is not None
