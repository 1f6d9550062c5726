"""What the office's board of a warning is drawn from, beside how far each building has come."""

from typing import Any

from server.store.database import Tx


def incident(tx: Tx, community_id: str, incident_id: str) -> dict[str, Any] | None:
    """The people and doors, timers and edition of a cascade; nothing before it began."""
    return tx.row(
        """
        select roster, minutes, edition from incident
        where community_id = :community and id = :incident
        """,
        community=community_id,
        incident=incident_id,
    )


def people(tx: Tx, community_id: str) -> list[tuple[str, str, str]]:
    """(id, name, phone) of everybody with an account, also of those who left."""
    return tx.tuples(
        "select id, name, phone from person where community_id = :community order by id",
        community=community_id,
    )


def places(tx: Tx, community_id: str) -> list[tuple[str, str, str, str, int]]:
    """(id, compound, name, grid, doors that are lived in) in the order of the streets."""
    return tx.tuples(
        """
        select building.id, building.compound, building.name, building.grid_name,
          (select count(*) from household
           where household.community_id = building.community_id
             and household.building_id = building.id and household.status = 'active'
             and household.tenure <> 'vacant')
        from building
        where building.community_id = :community
        order by building."order", building.compound, building.name, building.id
        """,
        community=community_id,
    )


def contacts(tx: Tx, community_id: str, incident_id: str, now: str) -> list[dict[str, Any]]:
    """How many doors of the weather list stand how; `late` of them are past their time."""
    return tx.rows(
        """
        select state, outcome, count(*) as n,
          sum(state = 'open' and (due_at < :now or (half_at <> '' and half_at < :now))) as late
        from contact_task
        where community_id = :community and incident_id = :incident
        group by state, outcome
        order by state, outcome
        """,
        community=community_id,
        incident=incident_id,
        now=now,
    )


def staff(tx: Tx, community_id: str, incident_id: str) -> list[dict[str, Any]]:
    """The chiefs and the secretary, and when each had read the newest text."""
    return tx.rows(
        """
        select person.name, person.phone, duty.role, duty.acknowledged_at
        from duty
        join person on person.community_id = duty.community_id and person.id = duty.person_id
        where duty.community_id = :community and duty.incident_id = :incident
          and duty.role in ('chief', 'secretary')
        order by duty.role, person.name, person.id
        """,
        community=community_id,
        incident=incident_id,
    )


def sendings(tx: Tx, community_id: str, incident_id: str) -> list[dict[str, Any]]:
    """What became of each text, group by group, the newest first."""
    return tx.rows(
        """
        select digest.why, digest.state, digest.made_at, channel.name, dispatch.at,
          dispatch.outcome, dispatch.words
        from digest
        join channel on channel.community_id = digest.community_id
          and channel.id = digest.channel_id
        left join dispatch on dispatch.community_id = digest.community_id
          and dispatch.id = digest.id || ' ' || digest.tries
        where digest.community_id = :community and digest.incident_id = :incident
        order by digest.made_at desc, channel.name, digest.id
        """,
        community=community_id,
        incident=incident_id,
    )


def pushes(tx: Tx, community_id: str, incident_id: str) -> dict[str, int]:
    """Attempts to reach people's own browsers, by what became of them."""
    found = tx.tuples(
        """
        select outcome, count(*) from dispatch
        where community_id = :community and incident_id = :incident and channel_id = 'push'
        group by outcome
        """,
        community=community_id,
        incident=incident_id,
    )
    return dict(found)


def message_ids(tx: Tx, community_id: str, incident_id: str) -> list[str]:
    """The messages that belong to it, the newest first."""
    rows = tx.tuples(
        """
        select id from alert_message
        where community_id = :community and incident_id = :incident
        order by sent_at desc, id desc
        """,
        community=community_id,
        incident=incident_id,
    )
    return [message_id for (message_id,) in rows]
