"""Messages of warnings as they came, and the incidents they chain into."""

import msgspec

from server.store.database import Tx
from sync.cascade import Roster


def roster(tx: Tx, community_id: str, incident_id: str) -> Roster | None:
    """The people and doors of an incident as they were when it began; None before that."""
    found = tx.value(
        "select roster from incident where community_id = :community and id = :id",
        community=community_id,
        id=incident_id,
    )
    return msgspec.json.decode(found, type=Roster) if found else None
