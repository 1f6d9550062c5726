"""Doors that were removed, from the log and from what was set on them."""

from typing import Any

import msgspec

from server.store.database import Tx
from sync.operations import data_as_sent

MAX_LISTED = 20


def of_building(tx: Tx, community_id: str, building_id: str) -> list[dict[str, Any]]:
    """Doors of a building that somebody removed for a reason, the latest first; those that are
    back are left out."""
    rows = tx.rows(
        """
        select operation.id, operation.at, operation.body, coalesce(person.name, '') as by_name,
          coalesce(json_extract(unit.before, '$'), '') as unit,
          coalesce(json_extract(door.before, '$'), '') as door_no
        from edit
        join operation on operation.community_id = edit.community_id
          and operation.id = edit.operation_id and operation.kind = 'household.remove'
        left join person on person.community_id = operation.community_id
          and person.id = operation.person_id
        left join edit as unit on unit.community_id = edit.community_id
          and unit.record_id = edit.record_id and unit.operation_id = edit.operation_id
          and unit.field = 'unit'
        left join edit as door on door.community_id = edit.community_id
          and door.record_id = edit.record_id and door.operation_id = edit.operation_id
          and door.field = 'door_no'
        where edit.community_id = :community and edit.kind = 'household'
          and edit.field = 'building_id' and edit.before = :building and edit.after = 'null'
        order by operation.at desc, operation.id desc
        limit :limit
        """,
        community=community_id,
        building=msgspec.json.encode(building_id).decode(),
        limit=MAX_LISTED,
    )
    told = [{**one, "reason": _reason(one.pop("body"))} for one in rows]
    return [one for one in told if one["reason"] and not brought_back(tx, community_id, one["id"])]


def brought_back(tx: Tx, community_id: str, removal_id: str) -> bool:
    """Whether a door was made again in the place of one that this operation removed."""
    found = tx.value(
        """
        select count(*) from operation
        where community_id = :community and kind = 'household.add' and state = 'applied'
          and instr(cast(body as text), :removal) > 0
        """,
        community=community_id,
        removal=removal_id,
    )
    return bool(found)


def _reason(body: bytes) -> str:
    return str(data_as_sent(bytes(body)).get("reason", ""))
