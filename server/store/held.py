"""What could not simply apply: the quarantine and the disputes, until the office has decided."""

from typing import Any

import msgspec

from server.store.database import Tx


def keep(tx: Tx, community_id: str, **item: Any) -> None:
    """Keep bytes whole with author, time and reason. Keys: the columns of `quarantine`."""
    tx.run(
        """
        insert into quarantine (community_id, "key", operation_id, device_id, person_id, n, kind,
          body, code, sentence, received_at, state)
        values (:community, :key, :operation_id, :device_id, :person_id, :n, :kind,
          :body, :code, :sentence, :received_at, 'waiting')
        on conflict (community_id, "key") do update
        set code = excluded.code, sentence = excluded.sentence, state = 'waiting'
        """,
        community=community_id,
        **item,
    )


def kept(tx: Tx, community_id: str, key: str) -> dict[str, Any] | None:
    return tx.row(
        """
        select "key", operation_id, device_id, person_id, n, kind, body, code, sentence,
          received_at, state
        from quarantine
        where community_id = :community and "key" = :key
        """,
        community=community_id,
        key=key,
    )


def close(tx: Tx, community_id: str, key: str, state: str, by: str, at: str, reason: str) -> None:
    """The end of a kept item: accepted, refused, replaced or released."""
    tx.run(
        """
        update quarantine
        set state = :state, decided_by = :by, decided_at = :at, reason = :reason
        where community_id = :community and "key" = :key
        """,
        community=community_id,
        key=key,
        state=state,
        by=by,
        at=at,
        reason=reason,
    )


def dispute(tx: Tx, community_id: str, **item: Any) -> None:
    """Keep both values of a field. `current` and `proposed` are JSON-able values."""
    item["current"] = msgspec.json.encode(item["current"]).decode()
    item["proposed"] = msgspec.json.encode(item["proposed"]).decode()
    tx.run(
        """
        insert into dispute (community_id, id, operation_id, kind, record_id, field, building_id,
          household_id, base, current, proposed, current_device, current_n, device_id, person_id,
          at, received_at, state)
        values (:community, :id, :operation_id, :kind, :record_id, :field, :building_id,
          :household_id, :base, :current, :proposed, :current_device, :current_n, :device_id,
          :person_id, :at, :received_at, 'open')
        """,
        community=community_id,
        **item,
    )


def dispute_of(tx: Tx, community_id: str, dispute_id: str) -> dict[str, Any] | None:
    return tx.row(
        """
        select id, operation_id, kind, record_id, field, person_id, device_id, state
        from dispute
        where community_id = :community and id = :id
        """,
        community=community_id,
        id=dispute_id,
    )


def open_disputes(tx: Tx, community_id: str, kind: str, record_id: str, field: str) -> int:
    """How many disputes about this field are open."""
    found: int = tx.value(
        """
        select count(*) from dispute
        where community_id = :community and kind = :kind and record_id = :record
          and field = :field and state = 'open'
        """,
        community=community_id,
        kind=kind,
        record=record_id,
        field=field,
    )
    return found


def end_dispute(tx: Tx, community_id: str, dispute_id: str, value: Any, by: str, at: str) -> None:
    tx.run(
        """
        update dispute
        set state = 'decided', value = :value, decided_by = :by, decided_at = :at
        where community_id = :community and id = :id
        """,
        community=community_id,
        id=dispute_id,
        value=msgspec.json.encode(value).decode(),
        by=by,
        at=at,
    )


def follow_doors(tx: Tx, community_id: str) -> None:
    """Put every open dispute at the door where its record is now."""
    doors = {"contact": "household_id", "resident": "household_id", "household": "id"}
    for kind, door in doors.items():
        tx.run(
            f"""
            update dispute
            set household_id = {kind}.{door}, building_id = {kind}.building_id
            from {kind}
            where dispute.community_id = :community and dispute.state = 'open'
              and dispute.kind = '{kind}' and {kind}.community_id = dispute.community_id
              and {kind}.id = dispute.record_id and dispute.household_id <> {kind}.{door}
            """,
            community=community_id,
        )
