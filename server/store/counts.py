"""Numbers without names, for the subdistrict."""

from typing import Any

from server.store.database import Tx


def by_grid(tx: Tx, community_id: str, since: str) -> list[dict[str, Any]]:
    """Doors, people and visits of each grid; visits since an instant."""
    return tx.rows(
        """
        select building.grid_id, max(building.grid_name) as grid_name,
          count(*) as buildings,
          coalesce(sum((
            select count(*) from household
            where household.community_id = building.community_id
              and household.building_id = building.id and household.status = 'active'
              and household.tenure <> 'vacant'
          )), 0) as households,
          coalesce(sum((
            select count(*) from resident
            where resident.community_id = building.community_id
              and resident.building_id = building.id
              and resident.status not in ('moved_out', 'deceased')
          )), 0) as residents,
          coalesce(sum((
            select count(*) from visit
            where visit.community_id = building.community_id
              and visit.building_id = building.id and visit.withdrawn = 0
              and visit.true_at >= :since
          )), 0) as visits
        from building
        where building.community_id = :community
        group by building.grid_id
        order by building.grid_id
        """,
        community=community_id,
        since=since,
    )
