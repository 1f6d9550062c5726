"""What was changed behind a door, told by the log: the tables only hold how it is now."""

from collections.abc import Sequence
from typing import Any

from server.store import edits
from server.store.database import Tx, listed
from sync.operations import data_as_sent

MAX_CHANGES = 400

# Visits have their own list; these are the changes of the roster and the office's decisions.
_KINDS = (
    "('household.add', 'household.change', 'resident.add', 'resident.change', 'resident.remove',"
    " 'contact.add', 'contact.change', 'contact.remove', 'task.add', 'task.close',"
    " 'followup.close', 'dispute.decide', 'life_event.record', 'resident.merge',"
    " 'resident.unmerge', 'household.merge', 'household.unmerge', 'household.split')"
)


def of_household(
    tx: Tx,
    community_id: str,
    household_id: str,
    limit: int = MAX_CHANGES,
    merged_ids: Sequence[str] = (),
) -> list[dict[str, Any]]:
    """Applied operations about a door and its people, newest first, with who and on what; also
    about the doors that were merged into it."""
    marks, given = listed([household_id, *merged_ids])
    return _told(
        tx,
        f"""
        select id from operation
        where community_id = :community and household_id in ({marks}) and kind in {_KINDS}
        union
        select edit.operation_id from edit
        where edit.community_id = :community and edit.record_id in ({marks})
        union
        select edit.operation_id from edit
        join resident on resident.community_id = edit.community_id and resident.id = edit.record_id
        where edit.community_id = :community and resident.household_id = :household
        """,
        limit,
        community=community_id,
        household=household_id,
        **given,
    )


def of_person(
    tx: Tx, community_id: str, household_id: str, ids: list[str], limit: int = MAX_CHANGES
) -> list[dict[str, Any]]:
    """The same about one person and their numbers, at whatever door they lived."""
    marks, given = listed(ids)
    found = _told(
        tx,
        f"""
        select id from operation where community_id = :community and id in ({marks})
        union
        select operation_id from edit where community_id = :community and record_id in ({marks})
        union
        select id from operation
        where community_id = :community and household_id = :household and kind in {_KINDS}
        """,
        limit,
        community=community_id,
        household=household_id,
        **given,
    )
    edited = {one["operation_id"] for one in edits.of_records(tx, community_id, ids)}
    mine = {*ids, *edited}
    return [
        one
        for one in found
        if mine & {one["id"], *(one["data"].get(name) for name in ("id", "resident_id", "keep"))}
    ]


def _told(tx: Tx, which: str, limit: int, **values: Any) -> list[dict[str, Any]]:
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
        where operation.community_id = :community and operation.state = 'applied'
          and operation.id in ({which})
        order by operation.received_at desc, operation.device_id, operation.n desc
        limit :limit
        """,
        limit=limit,
        **values,
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
