"""The people of a community as the office looks after them: accounts, buildings, hand-overs."""

from typing import Any

from server.store.database import Tx
from server.store.people import PersonRow

MAX_PEOPLE = 2000


def everybody(tx: Tx, community_id: str) -> list[PersonRow]:
    """All accounts, those in use first."""
    rows = tx.tuples(
        """
        select community_id, id, username, name, role, phone, password_hash, active,
          password_until
        from person
        where community_id = :community
        order by active desc, role, name, id
        limit :limit
        """,
        community=community_id,
        limit=MAX_PEOPLE,
    )
    return [PersonRow(*row) for row in rows]


def change_account(tx: Tx, community_id: str, person_id: str, account: dict[str, Any]) -> None:
    """Set name, role, phone and whether the account is in use."""
    tx.run(
        """
        update person set name = :name, role = :role, phone = :phone, active = :active
        where community_id = :community and id = :person
        """,
        community=community_id,
        person=person_id,
        **account,
    )


def set_password(
    tx: Tx, community_id: str, person_id: str, password_hash: str, until: str = ""
) -> None:
    """A new password; one that was given out ends at `until`."""
    tx.run(
        """
        update person set password_hash = :hash, password_until = :until
        where community_id = :community and id = :person
        """,
        community=community_id,
        person=person_id,
        hash=password_hash,
        until=until,
    )


def assignments(tx: Tx, community_id: str, person_id: str) -> list[dict[str, Any]]:
    """Every stretch of time a person has, had or will have a building, latest first."""
    return tx.rows(
        """
        select person_building.building_id, building.label, building.grid_name,
          person_building.from_on, person_building.until_on
        from person_building
        join building on building.community_id = person_building.community_id
          and building.id = person_building.building_id
        where person_building.community_id = :community and person_building.person_id = :person
        order by person_building.from_on desc, building."order", building.label, building.id
        """,
        community=community_id,
        person=person_id,
    )


def held_today(tx: Tx, community_id: str, today: str) -> list[dict[str, Any]]:
    """How many buildings each person has today, and in which grids."""
    return tx.rows(
        """
        select person_building.person_id, building.grid_name,
          count(distinct building.id) as buildings, min(building.label) as label
        from person_building
        join building on building.community_id = person_building.community_id
          and building.id = person_building.building_id
        where person_building.community_id = :community and person_building.from_on <= :today
          and (person_building.until_on = '' or person_building.until_on >= :today)
        group by person_building.person_id, building.grid_name
        order by person_building.person_id, building.grid_name
        """,
        community=community_id,
        today=today,
    )


def visits_made(
    tx: Tx, community_id: str, person_id: str, since: str
) -> list[tuple[str, str, str, str]]:
    """(instant, building, door, result) of what a person recorded since then and still counts."""
    rows = tx.tuples(
        """
        select true_at, building_id, household_id, result from visit
        where community_id = :community and "by" = :person and true_at >= :since
          and withdrawn = 0
        order by true_at, id
        """,
        community=community_id,
        person=person_id,
        since=since,
    )
    return [(true_at, building, door, result) for true_at, building, door, result in rows]


def leaders_of(tx: Tx, community_id: str, building_id: str, today: str) -> list[tuple[str, str]]:
    """Names and telephone numbers of those who lead a building today."""
    rows = tx.tuples(
        """
        select distinct person.name, person.phone
        from person_building
        join person on person.community_id = person_building.community_id
          and person.id = person_building.person_id
        where person_building.community_id = :community
          and person_building.building_id = :building and person.role = 'leader'
          and person.active = 1 and person_building.from_on <= :today
          and (person_building.until_on = '' or person_building.until_on >= :today)
        order by person.name, person.phone
        """,
        community=community_id,
        building=building_id,
        today=today,
    )
    return [(name, phone) for name, phone in rows]


def holders(tx: Tx, community_id: str, building_id: str, role: str, on: str) -> list[str]:
    """People of a role who hold a building on a day or will later."""
    rows = tx.tuples(
        """
        select distinct person.id
        from person_building
        join person on person.community_id = person_building.community_id
          and person.id = person_building.person_id
        where person_building.community_id = :community
          and person_building.building_id = :building and person.role = :role
          and (person_building.until_on = '' or person_building.until_on >= :on)
        order by person.id
        """,
        community=community_id,
        building=building_id,
        role=role,
        on=on,
    )
    return [person_id for (person_id,) in rows]


def handed_over_between(tx: Tx, community_id: str, after: str, until: str) -> list[tuple[str, str]]:
    """(person, building) of stretches that began, or whose last day passed, after one day
    and up to another."""
    return [
        (person_id, building_id)
        for person_id, building_id in tx.tuples(
            """
            select distinct person_id, building_id
            from person_building
            where community_id = :community
              and ((from_on > :after and from_on <= :until)
                or (until_on >= :after and until_on < :until))
            order by person_id, building_id
            """,
            community=community_id,
            after=after,
            until=until,
        )
    ]


def buildings(tx: Tx, community_id: str) -> list[dict[str, Any]]:
    """All buildings in the order of the street, to choose from."""
    return tx.rows(
        """
        select id, label, compound, grid_id, grid_name, leader_name, version
        from building
        where community_id = :community
        order by grid_id, "order", label, id
        """,
        community=community_id,
    )


def held_with_others(tx: Tx, community_id: str, person_id: str, today: str) -> list[dict[str, Any]]:
    """Buildings that a person holds or will, and how many others of the same role hold each."""
    return tx.rows(
        """
        select building.id, building.label, (
          select count(distinct other.person_id)
          from person_building as other
          join person as holder on holder.community_id = other.community_id
            and holder.id = other.person_id
          where other.community_id = mine.community_id and other.building_id = mine.building_id
            and other.person_id <> mine.person_id and holder.role = person.role
            and holder.active = 1
            and (other.until_on = '' or other.until_on >= :today)
        ) as others
        from person_building as mine
        join person on person.community_id = mine.community_id and person.id = mine.person_id
        join building on building.community_id = mine.community_id
          and building.id = mine.building_id
        where mine.community_id = :community and mine.person_id = :person
          and (mine.until_on = '' or mine.until_on >= :today)
        group by building.id, building.label, mine.community_id, mine.building_id,
          mine.person_id, person.role
        order by building."order", building.label, building.id
        """,
        community=community_id,
        person=person_id,
        today=today,
    )


def tasks_of(tx: Tx, community_id: str, person_id: str) -> int:
    """How many requests wait for this person by name."""
    found = tx.value(
        """
        select count(*) from task
        where community_id = :community and for_person = :person and status = 'open'
        """,
        community=community_id,
        person=person_id,
    )
    return int(found or 0)


def held_on(tx: Tx, community_id: str, today: str) -> list[tuple[str, str, str]]:
    """(person, building, its label) of every care that lasts today or will begin."""
    rows = tx.tuples(
        """
        select distinct person_building.person_id, building.id, building.label
        from person_building
        join building on building.community_id = person_building.community_id
          and building.id = person_building.building_id
        where person_building.community_id = :community
          and (person_building.until_on = '' or person_building.until_on >= :today)
        order by person_building.person_id, building.label, building.id
        """,
        community=community_id,
        today=today,
    )
    return [(person_id, building_id, label) for person_id, building_id, label in rows]
