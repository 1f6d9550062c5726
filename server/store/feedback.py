"""What people told us about the app and the work."""

from typing import Any

import msgspec

from server.store.database import Tx


def listed(tx: Tx, community_id: str, limit: int, skip: int = 0) -> list[dict[str, Any]]:
    """Latest first, with who said it and on which page."""
    rows = tx.rows(
        """
        select operation.id, operation.at, operation.received_at, operation.body,
          coalesce(person.name, '') as person_name, coalesce(person.role, '') as role
        from operation
        left join person on person.community_id = operation.community_id
          and person.id = operation.person_id
        where operation.community_id = :community and operation.kind = 'feedback.send'
          and operation.state = 'applied'
        order by operation.received_at desc, operation.id desc
        limit :limit offset :skip
        """,
        community=community_id,
        limit=limit,
        skip=skip,
    )
    return [{**row, "data": msgspec.json.decode(row.pop("body"))["data"]} for row in rows]


def count_since(tx: Tx, community_id: str, since: str) -> int:
    found: int = tx.value(
        """
        select count(*) from operation
        where community_id = :community and kind = 'feedback.send' and state = 'applied'
          and received_at >= :since
        """,
        community=community_id,
        since=since,
    )
    return found
