"""What was changed behind a door, told by the log: the tables only hold how it is now."""

from collections.abc import Sequence
from typing import Any

from server.store.database import Tx, listed
from sync.operations import data_as_sent

MAX_CHANGES = 400

# Visits have their own list; these are the changes of the roster and the office's decisions.
_KINDS = (
    "('household.add', 'household.change', 'resident.add', 'resident.change', 'resident.remove',"
    " 'contact.add', 'contact.change', 'contact.remove', 'task.add', 'task.close',"
    " 'followup.close', 'dispute.decide', 'resident.merge', 'resident.unmerge', 'household.merge',"
    " 'household.unmerge', 'household.split')"
)


def of_household(
    tx: Tx, community_id: str, household_id: str, merged_ids: Sequence[str] = ()
) -> list[dict[str, Any]]:
    """Applied operations about a door and its people, newest first, with who and on what; also
    about the doors that were merged into it."""
    marks, given = listed([household_id, *merged_ids])
    rows = tx.rows(
        f"""
        select operation.id, operation.kind, operation.at, operation.received_at,
          operation.device_id, operation.n, operation.body, operation.person_id,
          coalesce(person.name, '') as person_name, coalesce(person.role, '') as role,
          coalesce(device.name, '') as device_name
        from operation
        left join person on person.community_id = operation.community_id
          and person.id = operation.person_id
        left join device on device.community_id = operation.community_id
          and device.id = operation.device_id
        where operation.community_id = :community and operation.household_id in ({marks})
          and operation.state = 'applied' and operation.kind in {_KINDS}
        order by operation.received_at desc, operation.device_id, operation.n desc
        limit :limit
        """,
        community=community_id,
        limit=MAX_CHANGES,
        **given,
    )
    return [{**row, "data": data_as_sent(row.pop("body"))} for row in rows]


def by_number(tx: Tx, community_id: str, device_id: str, n: int) -> dict[str, Any] | None:
    """One operation by its device and number, with its author."""
    row = tx.row(
        """
        select operation.id, operation.kind, operation.at, operation.received_at, operation.body,
          operation.person_id, coalesce(person.name, '') as person_name,
          coalesce(person.role, '') as role, coalesce(device.name, '') as device_name
        from received
        join operation on operation.community_id = received.community_id
          and operation.id = received.operation_id
        left join person on person.community_id = operation.community_id
          and person.id = operation.person_id
        left join device on device.community_id = operation.community_id
          and device.id = operation.device_id
        where received.community_id = :community and received.device_id = :device
          and received.n = :n
        """,
        community=community_id,
        device=device_id,
        n=n,
    )
    return {**row, "data": data_as_sent(row.pop("body"))} if row else None
