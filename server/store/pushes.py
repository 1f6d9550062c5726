"""The browsers that want to be told of warnings while nobody looks at the app."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

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


def of_people(
    tx: Tx, community_id: str, person_ids: Iterable[str], now: datetime
) -> list[dict[str, Any]]:
    """{person_id, device_id, endpoint, keys} of everybody named, where they are signed in."""
    rows = tx.rows(
        """
        select sub.person_id, sub.device_id, sub.endpoint, sub.keys
        from push_subscription as sub
        join person on person.community_id = sub.community_id and person.id = sub.person_id
        where sub.community_id = :community and person.active = 1
          and sub.person_id in (select value from json_each(:people))
          and exists (
            select 1 from session
            where session.community_id = sub.community_id and session.person_id = sub.person_id
              and session.device_id = sub.device_id
              and session.revoked_at = '' and session.expires_at > :now
          )
        order by sub.person_id, sub.device_id
        """,
        community=community_id,
        now=stamp(now),
        people=msgspec.json.encode(sorted(set(person_ids))).decode(),
    )
    for row in rows:
        row["keys"] = msgspec.json.decode(row["keys"])
    return rows
