"""The phones that people use, and what is known of each."""

from datetime import datetime
from typing import Any

import msgspec

from server.store.database import Tx
from sync.operations import stamp

MAX_DEVICES = 5000


def phones(tx: Tx, community_id: str, now: datetime, person_id: str = "") -> list[dict[str, Any]]:
    """Every phone, in use first; of one person if named. `sessions` are those that are open.

    A page's own device is derived from its phone by uuid version 5 and is left out.
    """
    rows = tx.rows(
        """
        select device.id, device.name, device.person_id, device.created_at, device.revoked_at,
          device.seen_at, device.offset_ms, device.report, device.received, device.upto,
          device.head,
          coalesce((
            select max(received.n) from received
            where received.community_id = device.community_id
              and received.device_id = device.id
          ), 0) as highest,
          (
            select count(*) from session
            where session.community_id = device.community_id
              and session.person_id = device.person_id and session.device_id = device.id
              and session.revoked_at = '' and session.expires_at > :now
          ) as sessions
        from device
        where device.community_id = :community and substr(device.id, 15, 1) <> '5'
          and (:person = '' or device.person_id = :person)
        order by device.revoked_at <> '', device.seen_at desc, device.created_at desc, device.id
        limit :limit
        """,
        community=community_id,
        person=person_id,
        now=stamp(now),
        limit=MAX_DEVICES,
    )
    for row in rows:
        row["report"] = msgspec.json.decode(row["report"])
    return rows


def revoke(tx: Tx, community_id: str, device_id: str, at: datetime) -> bool:
    """Shut a phone out. False when it was already."""
    tx.run(
        """
        update session set revoked_at = :at
        where community_id = :community and device_id = :device and revoked_at = ''
        """,
        community=community_id,
        device=device_id,
        at=stamp(at),
    )
    changed = tx.run(
        """
        update device set revoked_at = :at
        where community_id = :community and id = :device and revoked_at = ''
        """,
        community=community_id,
        device=device_id,
        at=stamp(at),
    )
    return changed == 1
