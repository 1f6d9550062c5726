"""The trail: who did or tried what. Rows are added (`server/store/chain.py`) and never changed."""

from datetime import datetime
from typing import Any

from server.store import chain
from server.store.database import Tx
from sync.operations import stamp


def add(
    tx: Tx,
    community_id: str,
    entry_id: str,
    at: datetime,
    person_id: str,
    role: str,
    action: str,
    target: str,
    outcome: str,
    address: str = "",
    detail: str = "",
) -> None:
    """The next row of the chain. Whoever holds the write lock is alone here."""
    n, last = chain.head(tx, community_id)
    said = (entry_id, stamp(at), person_id, role, action, target, outcome, address, detail)
    tx.run(
        """
        insert into audit (community_id, id, at, person_id, role, action, target, outcome, address,
          detail, n, hash)
        values (:community, :id, :at, :person, :role, :action, :target, :outcome, :address,
          :detail, :n, :hash)
        """,
        community=community_id,
        id=entry_id,
        at=said[1],
        person=person_id,
        role=role,
        action=action,
        target=target,
        outcome=outcome,
        address=address,
        detail=detail,
        n=n + 1,
        hash=chain.code(last, n + 1, said),
    )


def trail(tx: Tx, community_id: str, wanted: dict[str, str], limit: int) -> list[dict[str, Any]]:
    """Latest first. `wanted`: person, action, since and until (instants), before ("at id")."""
    before_at, _, before_id = wanted.get("before", "").partition(" ")
    return tx.rows(
        """
        select audit.id, audit.at, audit.person_id, audit.role, audit.action, audit.target,
          audit.outcome, audit.address, audit.detail,
          coalesce(person.name, '') as name,
          coalesce(about.name, device.name, '') as about_name
        from audit
        left join person on person.community_id = audit.community_id
          and person.id = audit.person_id
        left join person as about on about.community_id = audit.community_id
          and about.id = audit.target
        left join device on device.community_id = audit.community_id
          and device.id = audit.target
        where audit.community_id = :community
          and (:person = '' or audit.person_id = :person or audit.target = :person)
          and (:action = '' or audit.action = :action)
          and (:since = '' or audit.at >= :since)
          and (:until = '' or audit.at < :until)
          and (:before_at = '' or audit.at < :before_at
            or (audit.at = :before_at and audit.id < :before_id))
        order by audit.at desc, audit.id desc
        limit :limit
        """,
        community=community_id,
        person=wanted.get("person", ""),
        action=wanted.get("action", ""),
        since=wanted.get("since", ""),
        until=wanted.get("until", ""),
        before_at=before_at,
        before_id=before_id,
        limit=limit,
    )


def actions(tx: Tx, community_id: str) -> list[str]:
    """Every action that was ever written down."""
    rows = tx.tuples(
        "select distinct action from audit where community_id = :community order by action",
        community=community_id,
    )
    return [action for (action,) in rows]


def has(tx: Tx, community_id: str, person_id: str, action: str, target: str, since: str) -> bool:
    """Whether this person did this to that since an instant."""
    found = tx.value(
        """
        select 1 from audit
        where community_id = :community and at >= :since and person_id = :person
          and action = :action and target = :target
        limit 1
        """,
        community=community_id,
        person=person_id,
        action=action,
        target=target,
        since=since,
    )
    return bool(found)
