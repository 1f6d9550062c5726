"""What is planned at every door, and who goes there."""

from typing import Any

from server.store.database import Tx


def doors(tx: Tx, community_id: str, building_id: str = "") -> list[dict[str, Any]]:
    """Doors with a plan in the order of the streets, of one building or of all."""
    return tx.rows(
        """
        select household.id, household.building_id, household.label, household.door_no,
          household.due_on, household.due_category, household.interval, household.due_method,
          household.due_reasons, household.rest_until, building.label as building
        from household
        join building on building.community_id = household.community_id
          and building.id = household.building_id
        where household.community_id = :community and household.status = 'active'
          and household.due_on <> '' and (household.building_id = :building or :building = '')
        order by building."order", building.label, building.id, household.unit,
          household.floor desc, household.door_no, household.id
        """,
        community=community_id,
        building=building_id,
    )


def holders(tx: Tx, community_id: str, first: str, last: str) -> list[dict[str, Any]]:
    """Workers and chiefs with each building they hold on some day of a span, and from when until
    when; workers first."""
    return tx.rows(
        """
        select person_building.building_id, person_building.from_on, person_building.until_on,
          person.id, person.name, person.role, person.phone
        from person_building
        join person on person.community_id = person_building.community_id
          and person.id = person_building.person_id
        where person_building.community_id = :community and person.active = 1
          and person.role in ('worker', 'chief')
          and person_building.from_on <= :last
          and (person_building.until_on = '' or person_building.until_on >= :first)
        order by person.role desc, person_building.from_on, person.name, person.id
        """,
        community=community_id,
        first=first,
        last=last,
    )
