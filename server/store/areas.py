"""Grids, compounds and buildings with who holds them, for the pages that look after places."""

from collections import defaultdict
from collections.abc import Collection
from typing import Any

from server.store.database import Tx, listed


def grids(tx: Tx, community_id: str, today: str) -> list[dict[str, Any]]:
    """Every grid with its buildings in number and whoever is its chief today."""
    found = tx.rows(
        """
        select grid_id, max(grid_name) as grid_name, count(*) as buildings
        from building where community_id = :community
        group by grid_id order by length(grid_id), grid_id
        """,
        community=community_id,
    )
    chiefs = tx.tuples(
        """
        select distinct building.grid_id, person.name
        from person_building
        join building on building.community_id = person_building.community_id
          and building.id = person_building.building_id
        join person on person.community_id = person_building.community_id
          and person.id = person_building.person_id
        where person_building.community_id = :community and person.role = 'chief'
          and person.active = 1 and person_building.from_on <= :today
          and (person_building.until_on = '' or person_building.until_on >= :today)
        order by building.grid_id, person.name
        """,
        community=community_id,
        today=today,
    )
    named: dict[str, list[str]] = defaultdict(list)
    for grid_id, name in chiefs:
        named[grid_id].append(name)
    return [{**one, "chiefs": "、".join(named[one["grid_id"]])} for one in found]


def buildings(tx: Tx, community_id: str) -> list[dict[str, Any]]:
    """Every building in the order of the streets, with how many doors it has."""
    return tx.rows(
        """
        select building.id, building.compound, building.name, building.grid_id,
          building.grid_name, building."order", count(household.id) as doors
        from building
        left join household on household.community_id = building.community_id
          and household.building_id = building.id
        where building.community_id = :community
        group by building.id, building.compound, building.name, building.grid_id,
          building.grid_name, building."order"
        order by building."order", building.compound, building.name, building.id
        """,
        community=community_id,
    )


def of_role(tx: Tx, community_id: str, role: str) -> list[str]:
    """The names of those who have an account with a role."""
    rows = tx.tuples(
        """
        select name from person
        where community_id = :community and role = :role and active = 1
        order by name, id
        """,
        community=community_id,
        role=role,
    )
    return [name for (name,) in rows]


def of_grid(tx: Tx, community_id: str, grid_id: str) -> list[str]:
    rows = tx.tuples(
        """
        select id from building
        where community_id = :community and grid_id = :grid order by id
        """,
        community=community_id,
        grid=grid_id,
    )
    return [building_id for (building_id,) in rows]


def field_staff(tx: Tx, community_id: str, today: str) -> list[tuple[dict[str, Any], set[str]]]:
    """Everybody who walks, with the buildings they hold today."""
    rows = tx.rows(
        """
        select person.id, person.name, person.role, person_building.building_id
        from person
        left join person_building on person_building.community_id = person.community_id
          and person_building.person_id = person.id and person_building.from_on <= :today
          and (person_building.until_on = '' or person_building.until_on >= :today)
        where person.community_id = :community and person.active = 1
          and person.role in ('worker', 'chief', 'social')
        order by person.role, person.name, person.id
        """,
        community=community_id,
        today=today,
    )
    people: dict[str, tuple[dict[str, Any], set[str]]] = {}
    for row in rows:
        building_id = row.pop("building_id")
        _, held = people.setdefault(row["id"], (row, set()))
        held.update({building_id} - {None})
    return list(people.values())


def holders(tx: Tx, community_id: str, building_ids: Collection[str]) -> list[str]:
    """Everybody who holds, held or will hold one of these buildings."""
    if not building_ids:
        return []
    names, given = listed(sorted(building_ids))
    rows = tx.tuples(
        f"""
        select distinct person_id from person_building
        where community_id = :community and building_id in ({names})
        order by person_id
        """,
        community=community_id,
        **given,
    )
    return [person_id for (person_id,) in rows]


def forget(tx: Tx, community_id: str, building_id: str) -> int:
    """End every care of a building that is no more."""
    return tx.run(
        "delete from person_building where community_id = :community and building_id = :building",
        community=community_id,
        building=building_id,
    )
