"""Browsers that a person let us wake, as their push services know them."""

from typing import Any

from server.store.database import Tx


def with_duties(tx: Tx, community_id: str, now: str, since: str) -> list[dict[str, Any]]:
    """Phones, signed in, whose holder is asked something by a warning that holds, or is told that
    it is over, unless that was before `since`; without those who were told. At night leaders are
    left in peace."""
    return tx.rows(
        """
        select push_subscription.person_id, push_subscription.device_id, duty.id as duty_id,
          duty.incident_id
        from push_subscription
        join duty on duty.community_id = push_subscription.community_id
          and duty.person_id = push_subscription.person_id
        join person on person.community_id = push_subscription.community_id
          and person.id = push_subscription.person_id and person.active = 1
        where push_subscription.community_id = :community
          and duty.state in ('open', 'closed') and duty.is_past = 0
          and max(duty.asked_at, duty.repeated_at,
            case when duty.role in ('leader', 'deputy') then duty.from_at else '' end) <= :now
          and (duty.state = 'open' or max(duty.asked_at, duty.from_at) > :since)
          and not exists (
            select 1 from digest
            where digest.community_id = duty.community_id
              and digest.incident_id = duty.incident_id and digest.channel_id = 'push'
              and digest.person_id = push_subscription.person_id
              and digest.device_id = push_subscription.device_id
              and digest.edition = duty.edition
              and digest.made_at >= max(duty.asked_at, duty.repeated_at)
          )
          and exists (
            select 1 from session
            where session.community_id = push_subscription.community_id
              and session.person_id = push_subscription.person_id
              and session.device_id = push_subscription.device_id
              and session.revoked_at = '' and session.expires_at > :now
          )
        order by duty.incident_id, push_subscription.person_id, push_subscription.device_id
        """,
        community=community_id,
        now=now,
        since=since,
    )


def count(tx: Tx, community_id: str) -> tuple[int, int]:
    """Phones and people that can be woken."""
    found = tx.row(
        """
        select count(*) as phones, count(distinct person_id) as people
        from push_subscription where community_id = :community
        """,
        community=community_id,
    )
    assert found is not None
    return found["phones"], found["people"]
