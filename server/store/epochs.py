"""What a restore changes in the records: versions go on beyond any that a phone may know."""

from datetime import UTC, datetime

import msgspec

from server.store.database import Tx
from server.store.records import STORED

# More than a record changes before a loss is found.
BEYOND = 1_000_000
# A backup may be restored more than once, and hold what an earlier restore gave out: milliseconds
# since then are never given out twice, for no record changes a thousand times in a second.
SINCE = datetime(2020, 1, 1, tzinfo=UTC)


def raise_versions(tx: Tx, now: datetime = SINCE) -> None:
    """Make every version that was given out after the backup older than what comes now.

    Phones send again what they changed from versions that are lost. Those numbers would be given
    out a second time, for other words, and an edit from one of them would overwrite these unseen.
    """
    least = int((now - SINCE).total_seconds() * 1000)
    for kind in STORED:
        tx.run(
            f"""
            update {kind}
            set version = case when version < :least then :least else version + :beyond end
            """,
            beyond=BEYOND,
            least=least,
        )
    for community_id, stream, kind, record_id, text in tx.tuples(
        """
        select community_id, stream, kind, id, record from feed
        where record is not null
          and (stream like 'building:%' or stream like 'community:%' or kind = 'duty')
        """
    ):
        form = msgspec.json.decode(text)
        tx.run(
            """
            update feed set record = :record
            where community_id = :community and stream = :stream and kind = :kind and id = :id
            """,
            record=msgspec.json.encode(
                {**form, "version": _raised(form["version"], least)}
            ).decode(),
            community=community_id,
            stream=stream,
            kind=kind,
            id=record_id,
        )


def _raised(version: int, least: int) -> int:
    """`least`, unless the clock says less than what was given out before."""
    return least if version < least else version + BEYOND
