"""Whom somebody's silence has had asked, each step once."""

from typing import Any

import msgspec

from server.store.database import Tx
from sync.cascade import Step
from sync.operations import stamp


def claim(
    tx: Tx, community_id: str, incident_id: str, edition: int, step: Step, taken_at: str
) -> bool:
    """Whether this step is ours to take: nobody took it before."""
    changed = tx.run(
        """
        insert into alert_step (community_id, incident_id, edition, at, kind, to_id, building_ids,
          taken_at)
        values (:community, :incident, :edition, :at, :kind, :to, :buildings, :taken)
        on conflict (community_id, incident_id, edition, kind, to_id, at) do nothing
        """,
        community=community_id,
        incident=incident_id,
        edition=edition,
        at=stamp(step.at),
        kind=step.kind,
        to=step.to,
        buildings=msgspec.json.encode(step.building_ids).decode(),
        taken=taken_at,
    )
    return changed > 0


def taken(tx: Tx, community_id: str, incident_id: str) -> list[dict[str, Any]]:
    """Steps that were taken, by when they were due."""
    return tx.rows(
        """
        select edition, at, kind, to_id, building_ids, taken_at
        from alert_step
        where community_id = :community and incident_id = :incident
        order by at, kind, to_id
        """,
        community=community_id,
        incident=incident_id,
    )
