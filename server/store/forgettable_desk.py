"""Texts that lie at the desk, with what was decided of them: nobody needs their words for ever."""

from collections.abc import Callable, Iterable
from typing import Any

import msgspec

from server.store.database import Tx, listed


def empty_kept(
    tx: Tx, community_id: str, key: str, blank: Callable[[dict[str, Any]], Any], at: str
) -> None:
    """A kept text that was decided on, here and in the log, and why it was decided so."""
    tx.run(
        """
        update quarantine set body = x'', reason = ''
        where community_id = :community and "key" = :key
        """,
        community=community_id,
        key=key,
    )
    found = tx.tuples(
        """
        select id, body from operation
        where community_id = :community and ((id = :key and state <> 'applied')
          or (kind = 'quarantine.decide' and instr(cast(body as text), :key) > 0))
        order by id
        """,
        community=community_id,
        key=key,
    )
    for operation_id, body in list(found):
        tx.run(
            """
            update operation set body = :body, emptied_at = :at
            where community_id = :community and id = :id
            """,
            community=community_id,
            id=operation_id,
            body=_blanked(bytes(body), blank),
            at=at,
        )


def _blanked(body: bytes, blank: Callable[[dict[str, Any]], Any]) -> bytes:
    """The envelope without what was typed; nothing of what cannot be read."""
    try:
        envelope = msgspec.json.decode(body)
        return msgspec.json.encode({**envelope, "data": blank(envelope["data"])})
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError, KeyError, TypeError):
        return b""


def empty_dispute(tx: Tx, community_id: str, dispute_id: str) -> None:
    """That it was and who decided stays; neither value does."""
    tx.run(
        f"{_DISPUTE} and id = :id",
        community=community_id,
        id=dispute_id,
    )


_DISPUTE = """
    update dispute set current = '""', proposed = '""', value = ''
    where community_id = :community
"""


def empty_rows(tx: Tx, community_id: str, batch_id: str) -> None:
    """The lines of a roster that were not taken in. One that still waits can wait no longer."""
    tx.run(
        """
        update import_row set cells = '{}', draft = '{}', reason = '', id_cipher = null,
          state = case when state = 'waiting' then 'dismissed' else state end
        where community_id = :community and batch_id = :batch
        """,
        community=community_id,
        batch=batch_id,
    )


def empty_outbox(tx: Tx, community_id: str, file_id: str) -> None:
    tx.run(
        "update outbox_file set content = null where community_id = :community and id = :id",
        community=community_id,
        id=file_id,
    )


def decided_about(tx: Tx, community_id: str, ids: Iterable[str]) -> list[str]:
    """Kept texts that were decided on and name one of these records, by their keys."""
    found: set[str] = set()
    for one in ids:
        rows = tx.tuples(
            """
            select "key" from quarantine
            where community_id = :community and state <> 'waiting' and length(body) > 0
              and (operation_id = :id or instr(cast(body as text), :id) > 0)
            """,
            community=community_id,
            id=one,
        )
        found |= {key for (key,) in rows}
    return sorted(found)


def empty_disputes_about(tx: Tx, community_id: str, ids: Iterable[str]) -> None:
    marks, given = listed(ids)
    tx.run(
        f"{_DISPUTE} and state <> 'open' and record_id in ({marks})",
        community=community_id,
        **given,
    )
