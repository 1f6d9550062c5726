"""Requests of the office, across all doors."""

from typing import Any

from server.store.database import Tx


def tasks(tx: Tx, community_id: str, closed: bool, limit: int) -> list[dict[str, Any]]:
    """Open ones by the day they are due; closed ones latest first."""
    return tx.rows(
        """
        select task.id, task.household_id, task.reason, task.due_on, task.by_name, task.status,
          task.done_visit_id, household.label, household.building_id,
          coalesce(person.name, '') as for_name
        from task
        join household on household.community_id = task.community_id
          and household.id = task.household_id
        left join person on person.community_id = task.community_id
          and person.id = task.for_person
        where task.community_id = :community
          and ((:closed = 0 and task.status = 'open') or (:closed = 1 and task.status <> 'open'))
        order by case when :closed = 0 then task.due_on else '' end,
          case when :closed = 1 then task.due_on else '' end desc, task.id
        limit :limit
        """,
        community=community_id,
        closed=int(closed),
        limit=limit,
    )
