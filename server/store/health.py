"""What waits in a whole installation, in numbers, for whoever keeps it running."""

from server.store.database import Tx


def waiting(tx: Tx, now: str) -> dict[str, int]:
    """Of all communities, by what is to be done. `unsent` is what phones said they still hold."""
    row = tx.row(
        """
        select
          (select count(*) from visit where review = 'waiting') as review,
          (select count(*) from dispute where state = 'open') as conflicts,
          (select count(*) from quarantine where state = 'waiting') as quarantine,
          (select count(*) from operation where state = 'held') as held,
          (select count(*) from followup
           where status = 'open' and due_at <> '' and due_at < :now) as followups_late,
          (select count(*) from alert where state = 'waiting') as alerts,
          (select coalesce(sum(max(coalesce(json_extract(report, '$.waiting'), 0), 0)), 0)
           from device where revoked_at = '' and moved_to = '') as unsent
        """,
        now=now,
    )
    assert row is not None
    return {name: int(n) for name, n in row.items()}
