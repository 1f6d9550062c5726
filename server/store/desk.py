"""What waits on the office's desk, in numbers."""

from server.store.database import Tx


def counts(tx: Tx, community_id: str, held_before: str) -> dict[str, int]:
    """Open work by the place where it is done. `held_before` is when waiting becomes too long."""
    row = tx.row(
        """
        select
          (select count(*) from visit
           where community_id = :community and review = 'waiting') as review,
          (select count(*) from alert
           where community_id = :community and state = 'waiting') as alerts,
          (select count(*) from dispute
           where community_id = :community and state = 'open') as conflicts,
          (select count(*) from quarantine
           where community_id = :community and state = 'waiting')
          + (select count(*) from operation
             where community_id = :community and state = 'held'
               and received_at < :held_before) as quarantine,
          (select count(*) from followup
           where community_id = :community and status = 'open') as followups,
          (select count(*) from task
           where community_id = :community and status = 'open') as tasks,
          (select count(*)
           from import_row
           join import_batch on import_batch.community_id = import_row.community_id
             and import_batch.id = import_row.batch_id
           where import_row.community_id = :community and import_row.state = 'waiting'
             and import_batch.confirmed_at <> '') as rejects
        """,
        community=community_id,
        held_before=held_before,
    )
    assert row is not None
    return row
