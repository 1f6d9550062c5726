"""The browsers that want to be told of warnings while nobody looks at the app."""

from datetime import datetime

import msgspec

from server.store.database import Tx
from sync.operations import stamp


def keep(
    tx: Tx,
    community_id: str,
    person_id: str,
    device_id: str,
    endpoint: str,
    keys: dict[str, str],
    at: datetime,
) -> None:
    """One for each device; a browser that somebody else used before is theirs no more."""
    gone(tx, community_id, endpoint)
    tx.run(
        """
        insert into push_subscription
          (community_id, person_id, device_id, endpoint, keys, made_at)
        values (:community, :person, :device, :endpoint, :keys, :at)
        on conflict (community_id, person_id, device_id)
        do update set endpoint = excluded.endpoint, keys = excluded.keys, made_at = excluded.made_at
        """,
        community=community_id,
        person=person_id,
        device=device_id,
        endpoint=endpoint,
        keys=msgspec.json.encode(keys).decode(),
        at=stamp(at),
    )


def forget(tx: Tx, community_id: str, person_id: str, device_id: str) -> None:
    """A device whose person wants to hear nothing more."""
    tx.run(
        """
        delete from push_subscription
        where community_id = :community and person_id = :person and device_id = :device
        """,
        community=community_id,
        person=person_id,
        device=device_id,
    )


def gone(tx: Tx, community_id: str, endpoint: str) -> None:
    """A browser that its push service does not know any more."""
    tx.run(
        "delete from push_subscription where community_id = :community and endpoint = :endpoint",
        community=community_id,
        endpoint=endpoint,
    )
