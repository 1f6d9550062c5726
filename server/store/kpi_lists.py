"""The records behind the numbers of `kpis.py`, with their doors."""

from typing import Any

from server.store.database import Tx
from server.store.kpis import NOT_RECALLED, VERIFIED_DAYS


def flags(tx: Tx, community_id: str, since: str, until: str, limit: int) -> list[dict[str, Any]]:
    """Red follow-ups that were opened: those that are open first, the oldest limit first."""
    return tx.rows(
        """
        select followup.id, followup.household_id, followup.visit_id, followup.what,
          followup.level, followup.opened_at, followup.due_at, followup.status, followup.result,
          followup.closed_at, household.label, household.building_id,
          coalesce(resident.name, '') as name
        from followup
        join household on household.community_id = followup.community_id
          and household.id = followup.household_id
        left join resident on resident.community_id = followup.community_id
          and resident.id = followup.resident_id
        where followup.community_id = :community and followup.item <> ''
          and followup.level in ('now', 'red') and followup.result <> 'withdrawn'
          and followup.opened_at >= :since and followup.opened_at < :until
        order by followup.status <> 'open', followup.due_at, followup.id
        limit :limit
        """,
        community=community_id,
        since=since,
        until=until,
        limit=limit,
    )


def slowest(tx: Tx, community_id: str, since: str, until: str, limit: int) -> list[dict[str, Any]]:
    """Visits that took longest to arrive."""
    return tx.rows(
        """
        select visit.id, visit.household_id, visit.true_at, visit.received_at, visit.result,
          household.label, household.building_id,
          cast((julianday(visit.received_at) - julianday(visit.true_at)) * 1440 as integer)
            as minutes
        from visit
        join household on household.community_id = visit.community_id
          and household.id = visit.household_id
        where visit.community_id = :community and visit.true_at >= :since
          and visit.true_at < :until
        order by minutes desc, visit.id
        limit :limit
        """,
        community=community_id,
        since=since,
        until=until,
        limit=limit,
    )


def returned(tx: Tx, community_id: str, since: str, until: str, limit: int) -> list[dict[str, Any]]:
    """Visits that the office sent back and stood by it, and what it asked for; not those it saw as
    a sample."""
    return tx.rows(
        f"""
        select visit.id, visit.household_id, visit.true_at, visit.review, household.label,
          household.building_id,
          operation.received_at as returned_at,
          json_extract(cast(operation.body as text), '$.data.reason') as reason
        from operation
        join visit on visit.community_id = operation.community_id
          and visit.id = json_extract(cast(operation.body as text), '$.data.id')
        join household on household.community_id = visit.community_id
          and household.id = visit.household_id
        where operation.community_id = :community and operation.kind = 'review.return'
          and operation.state = 'applied' and operation.received_at >= :since
          and operation.received_at < :until and visit.questions not like '%"sample"%'
          and {NOT_RECALLED}
        order by operation.received_at desc, operation.id
        limit :limit
        """,
        community=community_id,
        since=since,
        until=until,
        limit=limit,
    )


def unverified(tx: Tx, community_id: str, on: str, limit: int) -> list[dict[str, Any]]:
    """Telephone numbers nobody checked in the 90 days up to a day, first those never checked."""
    return tx.rows(
        """
        select contact.id, contact.household_id, contact.name, contact.relation, contact.phone,
          contact.verified_on, household.label, household.building_id,
          coalesce(resident.name, '') as resident_name
        from contact
        join household on household.community_id = contact.community_id
          and household.id = contact.household_id
        left join resident on resident.community_id = contact.community_id
          and resident.id = contact.resident_id
        where contact.community_id = :community
          and (contact.verified_on < date(:on, :back) or contact.verified_on > :on)
        order by contact.verified_on, household.label, contact.id
        limit :limit
        """,
        community=community_id,
        on=on,
        back=f"-{VERIFIED_DAYS} days",
        limit=limit,
    )


def conflicts(
    tx: Tx, community_id: str, since: str, until: str, limit: int
) -> list[dict[str, Any]]:
    """Fields that two people changed, those that are open first."""
    return tx.rows(
        """
        select dispute.id, dispute.household_id, dispute.kind, dispute.field,
          dispute.received_at, dispute.decided_at, dispute.state, household.label,
          household.building_id
        from dispute
        join household on household.community_id = dispute.community_id
          and household.id = dispute.household_id
        where dispute.community_id = :community and dispute.received_at >= :since
          and dispute.received_at < :until
        order by dispute.state <> 'open', dispute.received_at, dispute.id
        limit :limit
        """,
        community=community_id,
        since=since,
        until=until,
        limit=limit,
    )
