"""Doors that a warning may ask after, and what became of each."""

from typing import Any

import msgspec

from server.store.database import Tx
from sync.weather_list import LISTED

_ANY = " or ".join(f"household.categories like '%\"{code}\"%'" for code in sorted(LISTED))


def doors(tx: Tx, community_id: str) -> list[str]:
    """Households behind whose door somebody may be on the list."""
    rows = tx.tuples(
        f"""
        select id from household
        where community_id = :community and status = 'active' and ({_ANY})
        order by building_id, id
        """,
        community=community_id,
    )
    return [household_id for (household_id,) in rows]


def paired_doors(tx: Tx, community_id: str) -> set[str]:
    """Households where a building leader looks after somebody."""
    rows = tx.tuples(
        """
        select distinct household_id from pairing
        where community_id = :community and status = 'active' and leader_id <> ''
        """,
        community=community_id,
    )
    return {household_id for (household_id,) in rows}


def asking(tx: Tx, community_id: str) -> list[str]:
    """Warnings that hold now and have drawn up a list."""
    rows = tx.tuples(
        """
        select id from alert
        where community_id = :community and state = 'open' and is_drill = 0 and is_public = 1
          and colour in ('yellow', 'orange', 'red')
        order by id
        """,
        community=community_id,
    )
    return [incident_id for (incident_id,) in rows]


def listed(tx: Tx, community_id: str, incident_id: str) -> list[dict[str, Any]]:
    """Every task of a warning with its door and who is asked after, as one walks."""
    rows = tx.rows(
        """
        select contact_task.id, contact_task.household_id, contact_task.building_id,
          contact_task.resident_ids, contact_task.is_red, contact_task.is_new,
          contact_task.method, contact_task.assigned_to, contact_task.begin_at,
          contact_task.due_at, contact_task.half_at, contact_task.state,
          contact_task.outcome, contact_task.by_name, contact_task.at, contact_task.is_late,
          contact_task.note, json_array_length(contact_task.contacts) as tries,
          household.label, building.label as building, building.grid_id, building.grid_name,
          coalesce(person.name, '') as pair
        from contact_task
        join household on household.community_id = contact_task.community_id
          and household.id = contact_task.household_id
        join building on building.community_id = contact_task.community_id
          and building.id = contact_task.building_id
        left join person on person.community_id = contact_task.community_id
          and person.id = contact_task.assigned_to
        where contact_task.community_id = :community and contact_task.incident_id = :incident
        order by building.grid_id, building."order", building.id, household.unit,
          household.floor desc, household.door_no, household.id
        """,
        community=community_id,
        incident=incident_id,
    )
    names = _names(tx, community_id, incident_id)
    phones = _phones(tx, community_id, incident_id)
    return [
        {
            **row,
            "names": [names.get(one, "") for one in msgspec.json.decode(row["resident_ids"])],
            "phone": phones.get(row["household_id"], ""),
        }
        for row in rows
    ]


def _names(tx: Tx, community_id: str, incident_id: str) -> dict[str, str]:
    rows = tx.tuples(
        """
        select resident.id, resident.name from contact_task
        join resident on resident.community_id = contact_task.community_id
          and resident.household_id = contact_task.household_id
        where contact_task.community_id = :community and contact_task.incident_id = :incident
        """,
        community=community_id,
        incident=incident_id,
    )
    return dict(rows)


def _phones(tx: Tx, community_id: str, incident_id: str) -> dict[str, str]:
    """One number for each door: somebody's own before a relative's."""
    rows = tx.tuples(
        """
        select contact.household_id, contact.phone from contact_task
        join contact on contact.community_id = contact_task.community_id
          and contact.household_id = contact_task.household_id
        where contact_task.community_id = :community and contact_task.incident_id = :incident
        order by contact.relation not in ('self', 'head', ''), contact.id desc
        """,
        community=community_id,
        incident=incident_id,
    )
    return dict(reversed(rows))


def holders(tx: Tx, community_id: str, today: str) -> dict[str, list[str]]:
    """Who goes to each building today; for whoever is on leave, who stands in for them."""
    rows = tx.tuples(
        """
        select distinct person_building.building_id, person.name, person.id from person_building
        join person on person.community_id = person_building.community_id
          and person.id = person_building.person_id
        where person_building.community_id = :community and person.active = 1
          and person.role in ('worker', 'social')
          and person_building.from_on <= :today
          and (person_building.until_on = '' or person_building.until_on >= :today)
          and not exists (
            select 1 from leave
            where leave.community_id = person.community_id and leave.person_id = person.id
              and leave.from_on <= :today and leave.until_on >= :today
          )
        order by person.name, person.id
        """,
        community=community_id,
        today=today,
    )
    found: dict[str, list[str]] = {}
    for building_id, name, _ in rows:
        found.setdefault(building_id, []).append(name)
    return found
