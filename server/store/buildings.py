"""Buildings with what is behind their doors, in numbers, and who looks after each."""

from typing import Any

from server.store.database import Tx


def listed(tx: Tx, community_id: str, today: str) -> list[dict[str, Any]]:
    """Every building in the order of the streets: doors, people, doors late and due today."""
    return tx.rows(
        """
        select building.id, building.compound, building.name, building.label, building.grid_name,
          building.leader_name,
          count(household.id) as doors,
          sum(case when household.tenure = 'vacant' then 1 else 0 end) as vacant,
          sum(case when household.due_on <> '' and household.due_on < :today
            and (household.rest_until <= :today or household.due_method = 'phone')
            then 1 else 0 end) as late,
          sum(case when household.due_on = :today
            and (household.rest_until <= :today or household.due_method = 'phone')
            then 1 else 0 end) as due,
          sum(case when household.interval > 0 and household.interval <= 7
            then 1 else 0 end) as weekly
        from building
        left join household on household.community_id = building.community_id
          and household.building_id = building.id and household.status = 'active'
        where building.community_id = :community
        group by building.id, building.compound, building.name, building.label,
          building.grid_name, building.leader_name, building."order"
        order by building."order", building.compound, building.name, building.id
        """,
        community=community_id,
        today=today,
    )


def carers(tx: Tx, community_id: str, building_id: str, today: str) -> list[dict[str, Any]]:
    """Who looks after a building today."""
    return tx.rows(
        """
        select person.id, person.name, person.role, person.phone
        from person_building
        join person on person.community_id = person_building.community_id
          and person.id = person_building.person_id
        where person_building.community_id = :community
          and person_building.building_id = :building and person.active = 1
          and person_building.from_on <= :today
          and (person_building.until_on = '' or person_building.until_on >= :today)
        order by person.role, person.name, person.id
        """,
        community=community_id,
        building=building_id,
        today=today,
    )


def field_staff(tx: Tx, community_id: str) -> list[dict[str, Any]]:
    """Everybody who can be asked to look at a door."""
    return tx.rows(
        """
        select id, name, role from person
        where community_id = :community and active = 1 and role in ('worker', 'chief', 'social')
        order by role, name, id
        """,
        community=community_id,
    )


def doors(tx: Tx, community_id: str, limit: int) -> list[dict[str, Any]]:
    """Every door that is in use, in the order of the streets, with how many live there."""
    return tx.rows(
        """
        select household.label, household.building_id, household.tenure, household.categories,
          household.due_on, household.due_method, household.last_visit_at, household.last_result,
          building.label as building, building.grid_name,
          (select count(*) from resident
            where resident.community_id = household.community_id
              and resident.household_id = household.id
              and resident.status not in ('moved_out', 'deceased')) as people
        from household
        join building on building.community_id = household.community_id
          and building.id = household.building_id
        where household.community_id = :community and household.status = 'active'
        order by building."order", building.label, building.id, household.unit,
          household.floor desc, household.door_no, household.id
        limit :limit
        """,
        community=community_id,
        limit=limit,
    )
