"""One row of the trail that nobody changes, written inside the transaction of what it tells."""

from typing import Protocol

import uuid_utils

from server.intake.writing import Writing
from server.store import people as rows


class Somebody(Protocol):
    """Whoever acted: a signed-in person or a row of the people table."""

    @property
    def id(self) -> str: ...
    @property
    def role(self) -> str: ...


def note(
    writing: Writing,
    somebody: Somebody,
    action: str,
    target: str = "",
    *,
    outcome: str = "done",
    address: str = "",
    detail: str = "",
) -> None:
    """Who did or tried what, and to whom. `target` and `detail` hold ids, never names."""
    rows.audit(
        writing.tx,
        writing.community_id,
        str(uuid_utils.uuid7()),
        writing.now,
        somebody.id,
        somebody.role,
        action,
        target,
        outcome,
        address,
        detail,
    )
