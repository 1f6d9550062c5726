"""Who hands a warning on in each building today, and how many doors it has."""

from collections.abc import Iterable
from typing import Any

from server.store.database import Tx, listed


def buildings(tx: Tx, community_id: str) -> list[dict[str, Any]]:
    """Every building with the doors that are lived in, in the order of the streets."""
    return tx.rows(
        """
        select building.id, building.label, building.grid_id, count(household.id) as households
        from building
        left join household on household.community_id = building.community_id
          and household.building_id = building.id and household.status = 'active'
          and household.tenure <> 'vacant'
        where building.community_id = :community
        group by building.id, building.label, building.grid_id, building."order"
        order by building.grid_id, building."order", building.label, building.id
        """,
        community=community_id,
    )


def holders(tx: Tx, community_id: str, today: str) -> list[dict[str, Any]]:
    """Leaders and chiefs of buildings today; who stands in for one has that one's role.

    `is_away` are on leave themselves. Those whose own building it is come first.
    """
    return tx.rows(
        """
        select held.building_id, person.id as person_id,
          coalesce(away.role, person.role) as role,
          exists (
            select 1 from leave as own
            where own.community_id = held.community_id and own.person_id = held.person_id
              and own.from_on <= :today and own.until_on >= :today
          ) as is_away
        from person_building as held
        join person on person.community_id = held.community_id and person.id = held.person_id
        left join leave on leave.community_id = held.community_id and leave.id = held.leave_id
          and held.leave_id <> ''
        left join person as away on away.community_id = leave.community_id
          and away.id = leave.person_id
        where held.community_id = :community and person.active = 1
          and coalesce(away.role, person.role) in ('leader', 'chief')
          and held.from_on <= :today and (held.until_on = '' or held.until_on >= :today)
        order by held.building_id, case when held.leave_id = '' then 0 else 1 end, held.from_on,
          person.name, person.id
        """,
        community=community_id,
        today=today,
    )


def ever(tx: Tx, community_id: str, building_id: str) -> list[str]:
    """Everybody who holds a building, held it or will."""
    rows = tx.tuples(
        """
        select distinct person_id from person_building
        where community_id = :community and building_id = :building
        order by person_id
        """,
        community=community_id,
        building=building_id,
    )
    return [person_id for (person_id,) in rows]


def staff(tx: Tx, community_id: str) -> list[dict[str, Any]]:
    """Everybody on duty, by role and name."""
    return tx.rows(
        """
        select id, name, phone, role from person
        where community_id = :community and active = 1
          and role in ('secretary', 'chief', 'office', 'worker', 'social')
        order by role, name, id
        """,
        community=community_id,
    )


def names(tx: Tx, community_id: str, ids: Iterable[str]) -> dict[str, dict[str, Any]]:
    """Name and telephone of people, by id."""
    wanted, given = listed(sorted(set(ids)))
    rows = tx.rows(
        f"""
        select id, name, phone from person
        where community_id = :community and id in ({wanted})
        """,
        community=community_id,
        **given,
    )
    return {row["id"]: row for row in rows}
