"""One row of the trail that nobody changes, written inside the transaction of what it tells."""

from typing import NamedTuple

import uuid_utils

from server.intake.writing import Writing
from server.store import audit


class Author(NamedTuple):
    """Whoever acts, and from where."""

    id: str
    role: str
    address: str = ""


def note(
    writing: Writing,
    by: Author,
    action: str,
    target: str = "",
    *,
    outcome: str = "done",
    detail: str = "",
) -> None:
    """Who did or tried what, and to whom. `target` and `detail` hold ids, never names."""
    audit.add(
        writing.tx,
        writing.community_id,
        str(uuid_utils.uuid7()),
        writing.now,
        by.id,
        by.role,
        action,
        target,
        outcome,
        by.address,
        detail,
    )
