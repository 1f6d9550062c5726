"""Who looks after whom, for the office."""

from typing import Any

from server.store.database import Tx

MAX_PAIRS = 2000


def listed(
    tx: Tx, community_id: str, building_id: str = "", limit: int = MAX_PAIRS
) -> list[dict[str, Any]]:
    """Pairs that go on, by door; of one building or of all."""
    return tx.rows(
        """
        select pairing.id, pairing.household_id, pairing.resident_id, pairing.resident_name,
          pairing.resident_phone, pairing.label, pairing.name, pairing.phone, pairing.leader_id,
          pairing.from_on, pairing.contacted_on, pairing.building_id,
          household.due_on, building.label as building
        from pairing
        join household on household.community_id = pairing.community_id
          and household.id = pairing.household_id
        join building on building.community_id = pairing.community_id
          and building.id = pairing.building_id
        where pairing.community_id = :community and pairing.status = 'active'
          and (pairing.building_id = :building or :building = '')
        order by building."order", building.label, household.unit, household.floor desc,
          household.door_no, pairing.id
        limit :limit
        """,
        community=community_id,
        building=building_id,
        limit=limit,
    )


def of_leader(tx: Tx, community_id: str, person_id: str) -> list[str]:
    """Pairs that go on and are this leader's to look after."""
    rows = tx.tuples(
        """
        select id from pairing
        where community_id = :community and leader_id = :person and status = 'active'
        order by id
        """,
        community=community_id,
        person=person_id,
    )
    return [ident for (ident,) in rows]


def leaders(tx: Tx, community_id: str) -> list[dict[str, Any]]:
    """Building leaders with an account, to choose from."""
    return tx.rows(
        """
        select id, name, phone
        from person
        where community_id = :community and role = 'leader' and active = 1
        order by name, id
        """,
        community=community_id,
    )
