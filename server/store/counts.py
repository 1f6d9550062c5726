"""Numbers without names, for the subdistrict."""

from typing import Any

from server.store.database import Tx


def by_building(tx: Tx, community_id: str, since: str) -> list[dict[str, Any]]:
    """Doors, people and visits of each building, in the order of the streets; visits since an
    instant."""
    return tx.rows(
        """
        select building.id, building.label, building.compound, building.grid_id,
          building.grid_name, 1 as buildings,
          (
            select count(*) from household
            where household.community_id = building.community_id
              and household.building_id = building.id and household.status = 'active'
              and household.tenure <> 'vacant'
          ) as households,
          (
            select count(*) from resident
            where resident.community_id = building.community_id
              and resident.building_id = building.id
              and resident.status not in ('moved_out', 'deceased')
          ) as residents,
          (
            select count(*) from visit
            where visit.community_id = building.community_id
              and visit.building_id = building.id and visit.withdrawn = 0
              and visit.true_at >= :since
          ) as visits
        from building
        where building.community_id = :community
        order by building."order", building.compound, building.name, building.id
        """,
        community=community_id,
        since=since,
    )
