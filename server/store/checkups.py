"""Which visits asked whom about themselves, and what is old enough to be forgotten."""

from server.store.database import Tx
from sync.records import Visit

# The part of a follow-up's id that is its visit's (sync/checkups.py).
SHARED = 24


def refer(tx: Tx, community_id: str, visit: Visit) -> None:
    """Remember whom a visit asked."""
    for resident_id in dict.fromkeys(str(one["resident_id"]) for one in visit.checkups):
        row = community_id, resident_id, visit.id
        tx.later(_REFER, (resident_id, visit.id), row)


_REFER = """
    insert into checked_visit (community_id, resident_id, visit_id) values (?, ?, ?)
    on conflict (community_id, resident_id, visit_id) do nothing
"""


def of_resident(tx: Tx, community_id: str, resident_id: str) -> list[str]:
    rows = tx.tuples(
        """
        select visit_id from checked_visit
        where community_id = :community and resident_id = :resident
        order by visit_id
        """,
        community=community_id,
        resident=resident_id,
    )
    return [visit_id for (visit_id,) in rows]


def followups_of_visits_like(tx: Tx, community_id: str, record_id: str) -> list[str]:
    rows = tx.tuples(
        """
        select id from followup
        where community_id = :community and item <> '' and entries like :shared
        order by id
        """,
        community=community_id,
        shared=f"%{record_id[:SHARED]}%",
    )
    return [followup_id for (followup_id,) in rows]
