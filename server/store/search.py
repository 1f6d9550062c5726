"""Finding people and doors by whatever somebody types."""

from typing import Any

from server.store.database import Tx, listed

MAX_DOORS = 5000


def compounds(tx: Tx, community_id: str) -> list[str]:
    rows = tx.tuples(
        "select distinct compound from building where community_id = :community order by compound",
        community=community_id,
    )
    return [name for (name,) in rows]


def buildings(tx: Tx, community_id: str) -> list[dict[str, Any]]:
    return tx.rows(
        """
        select id, compound, name from building
        where community_id = :community
        order by "order", id
        """,
        community=community_id,
    )


def doors(tx: Tx, community_id: str, building_ids: list[str]) -> list[dict[str, Any]]:
    """Every door of these buildings, in the order of the streets."""
    if not building_ids:
        return []
    marks, given = listed(building_ids)
    return tx.rows(
        f"""
        select household.id, household.label, household.unit, household.door_no,
          household.floor, household.tenure, household.status, building.compound,
          building.name as building
        from household
        join building on building.community_id = household.community_id
          and building.id = household.building_id
        where household.community_id = :community and household.building_id in ({marks})
        order by building."order", building.id, household.unit, household.floor desc,
          household.door_no, household.id
        limit :limit
        """,
        community=community_id,
        limit=MAX_DOORS,
        **given,
    )


def people(tx: Tx, community_id: str, text: str, limit: int, skip: int = 0) -> list[dict[str, Any]]:
    """By name, pinyin or initials: whole ones first, then those that begin so, then the rest."""
    return tx.rows(
        """
        select resident.id, resident.name, resident.birth_on, resident.sex, resident.status,
          resident.categories, resident.household_id, household.label, household.door_no
        from resident
        join household on household.community_id = resident.community_id
          and household.id = resident.household_id
        where resident.community_id = :community
          and (resident.name like :inside escape '!'
            or resident.pinyin like :begins escape '!'
            or resident.pinyin like :initials escape '!')
        order by
          case
            when resident.name = :text or resident.pinyin like :whole escape '!'
              or resident.pinyin like :last escape '!' then 0
            when resident.name like :begins escape '!' then 1
            else 2
          end,
          resident.status in ('moved_out', 'deceased'), resident.name, resident.id
        limit :limit offset :skip
        """,
        community=community_id,
        text=text,
        limit=limit,
        skip=skip,
        **_patterns(text),
    )


def phones(
    tx: Tx, community_id: str, digits: str, limit: int, skip: int = 0
) -> list[dict[str, Any]]:
    """Numbers that end with these digits."""
    return tx.rows(
        """
        select contact.id, contact.name, contact.relation, contact.phone, contact.household_id,
          household.label, household.door_no, coalesce(resident.name, '') as resident_name
        from contact
        join household on household.community_id = contact.community_id
          and household.id = contact.household_id
        left join resident on resident.community_id = contact.community_id
          and resident.id = contact.resident_id
        where contact.community_id = :community and contact.phone like :ends
        order by household.label, contact.id
        limit :limit offset :skip
        """,
        community=community_id,
        ends=f"%{digits}",
        limit=limit,
        skip=skip,
    )


def _patterns(text: str) -> dict[str, str]:
    plain = text.replace("!", "!!").replace("%", "!%").replace("_", "!_")
    letters = plain.lower().replace(" ", "")
    return {
        "inside": f"%{plain}%",
        "begins": f"{letters}%",
        "initials": f"% {letters}%",
        "whole": f"{letters} %",
        "last": f"% {letters}",
    }
