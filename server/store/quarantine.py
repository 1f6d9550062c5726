"""What was kept whole because it could not apply, and what waits too long for what it needs."""

from typing import Any

from server.store.database import Tx, listed

MAX_LISTED = 200

_AUTHOR = """
    coalesce(person.name, '') as person_name, coalesce(person.role, '') as role,
    coalesce(device.name, '') as device_name
"""


def waiting(tx: Tx, community_id: str, limit: int = MAX_LISTED) -> list[dict[str, Any]]:
    """Kept items that nobody has decided, in the order of arrival."""
    return tx.rows(
        f"""
        select quarantine."key", quarantine.kind, quarantine.code, quarantine.sentence,
          quarantine.received_at, quarantine.body, {_AUTHOR}
        from quarantine
        left join person on person.community_id = quarantine.community_id
          and person.id = quarantine.person_id
        left join device on device.community_id = quarantine.community_id
          and device.id = quarantine.device_id
        where quarantine.community_id = :community and quarantine.state = 'waiting'
        order by quarantine.received_at, quarantine."key"
        limit :limit
        """,
        community=community_id,
        limit=limit,
    )


def one(tx: Tx, community_id: str, key: str) -> dict[str, Any] | None:
    return tx.row(
        f"""
        select quarantine."key", quarantine.operation_id, quarantine.kind, quarantine.code,
          quarantine.sentence, quarantine.n, quarantine.body, quarantine.received_at,
          quarantine.state, quarantine.reason, quarantine.decided_at,
          coalesce(decider.name, '') as decided_by_name, {_AUTHOR}
        from quarantine
        left join person on person.community_id = quarantine.community_id
          and person.id = quarantine.person_id
        left join person as decider on decider.community_id = quarantine.community_id
          and decider.id = quarantine.decided_by
        left join device on device.community_id = quarantine.community_id
          and device.id = quarantine.device_id
        where quarantine.community_id = :community and quarantine."key" = :key
        """,
        community=community_id,
        key=key,
    )


def held_long(tx: Tx, community_id: str, before: str) -> list[dict[str, Any]]:
    """Operations that wait since before an instant for another that has not come."""
    return tx.rows(
        f"""
        select operation.id, operation.kind, operation.at, operation.received_at, operation.n,
          operation.body, coalesce(waiting.needs, '') as needs, {_AUTHOR}
        from operation
        left join waiting on waiting.community_id = operation.community_id
          and waiting.operation_id = operation.id
        left join person on person.community_id = operation.community_id
          and person.id = operation.person_id
        left join device on device.community_id = operation.community_id
          and device.id = operation.device_id
        where operation.community_id = :community and operation.state = 'held'
          and operation.received_at < :before
        order by operation.received_at, operation.id
        limit :limit
        """,
        community=community_id,
        before=before,
        limit=MAX_LISTED,
    )


def names(tx: Tx, community_id: str, ids: list[str]) -> dict[str, str]:
    """What people call the doors, residents, buildings and staff that these ids name."""
    if not ids:
        return {}
    marks, given = listed(ids)
    rows = tx.tuples(
        f"""
        select id, label from household where community_id = :community and id in ({marks})
        union all
        select id, name from resident where community_id = :community and id in ({marks})
        union all
        select id, label from building where community_id = :community and id in ({marks})
        union all
        select id, name from person where community_id = :community and id in ({marks})
        union all
        select id, phone from contact where community_id = :community and id in ({marks})
        union all
        select id, reason from task where community_id = :community and id in ({marks})
        """,
        community=community_id,
        **given,
    )
    return dict(rows)
