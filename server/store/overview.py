"""The community at a glance: people on the register, doors that are late, contacts, phones."""

from typing import Any, NamedTuple

import msgspec

from server.store.database import Tx
from sync.records import Household, Resident


class Listed(NamedTuple):
    """Somebody with categories, and what of their door decides when they are due."""

    resident: Resident
    label: str
    unit: str
    door_no: str
    household: Household


def totals(tx: Tx, community_id: str) -> dict[str, int]:
    row = tx.row(
        """
        select
          (select count(*) from household
           where community_id = :community and status = 'active' and tenure <> 'vacant')
            as households,
          (select count(*) from building where community_id = :community) as buildings
        """,
        community=community_id,
    )
    assert row is not None
    return row


def people_with_categories(tx: Tx, community_id: str) -> list[Listed]:
    """Everybody who lives here and has a category, by building and door."""
    rows = tx.tuples(
        """
        select resident.id, resident.household_id, resident.building_id, resident.name,
          resident.birth_on, resident.categories, resident.status, resident.status_until,
          resident.last_contact_on, resident.last_method, resident.event, resident.event_on,
          resident.visit_wish, resident.added_on, household.label, household.unit,
          household.door_no, household.door_contact_on, household.door_method
        from resident
        join household on household.community_id = resident.community_id
          and household.id = resident.household_id
        join building on building.community_id = household.community_id
          and building.id = household.building_id
        where resident.community_id = :community and resident.categories <> '[]'
          and resident.status not in ('moved_out', 'deceased') and household.status = 'active'
        order by building."order", building.label, household.unit, household.floor desc,
          household.door_no, resident.id
        """,
        community=community_id,
    )
    return [_listed(*row) for row in rows]


def buildings(tx: Tx, community_id: str) -> list[dict[str, Any]]:
    """In the order of the streets."""
    return tx.rows(
        """
        select id, compound, name, label, grid_name
        from building
        where community_id = :community
        order by "order", compound, name, id
        """,
        community=community_id,
    )


def overdue(tx: Tx, community_id: str, today: str) -> list[dict[str, Any]]:
    """Doors that should have been seen before today and may be knocked at, longest first."""
    return tx.rows(
        """
        select id, building_id, label, door_no, due_on, due_category, interval, last_visit_at,
          last_result
        from household
        where community_id = :community and status = 'active' and due_on <> ''
          and due_on < :today and (rest_until <= :today or due_method = 'phone')
        order by interval > 7, due_on, id
        """,
        community=community_id,
        today=today,
    )


def due_doors(tx: Tx, community_id: str, today: str, until: str) -> dict[str, tuple[int, int]]:
    """By building: doors that may be knocked at and are due up to a day, and the late ones."""
    rows = tx.tuples(
        """
        select building_id, count(*), sum(due_on < :today)
        from household
        where community_id = :community and status = 'active' and due_on <> ''
          and due_on <= :until and (rest_until <= :today or due_method = 'phone')
        group by building_id
        """,
        community=community_id,
        today=today,
        until=until,
    )
    return {building_id: (doors, late) for building_id, doors, late in rows}


def red_flags(tx: Tx, community_id: str, now: str) -> dict[str, Any]:
    """Red follow-ups that nobody closed: all, those past their limit, the next limit."""
    row = tx.row(
        """
        select count(*) as n, coalesce(sum(due_at <> '' and due_at < :now), 0) as late,
          coalesce(min(case when due_at >= :now then due_at end), '') as next_at
        from followup
        where community_id = :community and status = 'open' and level in ('now', 'red')
        """,
        community=community_id,
        now=now,
    )
    assert row is not None
    return row


def oldest_waiting(tx: Tx, community_id: str) -> str:
    """When the visit that waits longest for review arrived; "" when none does."""
    found = tx.value(
        """
        select min(received_at) from visit
        where community_id = :community and review = 'waiting'
        """,
        community=community_id,
    )
    return found or ""


def open_conflicts(tx: Tx, community_id: str, limit: int) -> list[dict[str, Any]]:
    """Disputes that wait longest, with the door they are about."""
    return tx.rows(
        """
        select dispute.id, dispute.kind, dispute.field, dispute.received_at, household.label
        from dispute
        join household on household.community_id = dispute.community_id
          and household.id = dispute.household_id
        where dispute.community_id = :community and dispute.state = 'open'
        order by dispute.received_at, dispute.id
        limit :limit
        """,
        community=community_id,
        limit=limit,
    )


def _listed(*row: Any) -> Listed:
    (
        resident_id,
        household_id,
        building_id,
        name,
        birth_on,
        categories,
        status,
        status_until,
        last_contact_on,
        last_method,
        event,
        event_on,
        visit_wish,
        added_on,
        label,
        unit,
        door_no,
        door_contact_on,
        door_method,
    ) = row
    resident = Resident(
        id=resident_id,
        household_id=household_id,
        building_id=building_id,
        name=name,
        birth_on=birth_on,
        categories=msgspec.json.decode(categories),
        status=status,
        status_until=status_until,
        last_contact_on=last_contact_on,
        last_method=last_method,
        event=event,
        event_on=event_on,
        visit_wish=visit_wish,
        added_on=added_on,
    )
    household = Household(
        id=household_id,
        building_id=building_id,
        door_no=door_no,
        door_contact_on=door_contact_on,
        door_method=door_method,
    )
    return Listed(resident, label, unit, door_no, household)
