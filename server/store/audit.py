"""The trail: who did or tried what. Rows are added (`server/store/chain.py`) and never changed."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from server.store import chain
from server.store.database import Tx, listed
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


def trail(
    tx: Tx, community_id: str, wanted: dict[str, str], actions: Sequence[str], limit: int
) -> list[dict[str, Any]]:
    """Latest first. `wanted`: person, about (a target; a resident's door counts as theirs), since
    and until (instants), before (a number). Of `actions`, all when there are none."""
    marks, given = listed(actions)
    return tx.rows(
        f"""
        select audit.n, audit.hash, audit.id, audit.at, audit.person_id, audit.role, audit.action,
          audit.target, audit.outcome, audit.address, audit.detail,
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
          and (:person = '' or audit.person_id = :person)
          and (:about = '' or audit.target = :about or audit.target = (
            select 'household:' || resident.household_id from resident
            where resident.community_id = :community and 'resident:' || resident.id = :about
          ))
          and (:all or audit.action in ({marks}))
          and (:since = '' or audit.at >= :since)
          and (:until = '' or audit.at < :until)
          and (:before = 0 or audit.n < :before)
        order by audit.n desc
        limit :limit
        """,
        community=community_id,
        person=wanted.get("person", ""),
        about=wanted.get("about", ""),
        since=wanted.get("since", ""),
        until=wanted.get("until", ""),
        before=int(wanted.get("before", "") or 0),
        all=not actions,
        limit=limit,
        **given,
    )


def names(tx: Tx, community_id: str, targets: Iterable[str]) -> dict[str, str]:
    """What people call residents, doors, visits and buildings that are here, by target."""
    wanted: dict[str, set[str]] = {}
    for target in targets:
        kind, _, record_id = target.partition(":")
        if kind in _NAMES:
            wanted.setdefault(kind, set()).add(record_id)
    found: dict[str, str] = {}
    for kind, ids in wanted.items():
        known = sorted(ids)
        for start in range(0, len(known), MAX_NAMES):
            marks, given = listed(known[start : start + MAX_NAMES])
            rows = tx.tuples(f"{_NAMES[kind]} ({marks})", community=community_id, **given)
            found |= {f"{kind}:{record_id}": name for record_id, name in rows}
    return found


MAX_NAMES = 500
_NAMES = {
    "resident": "select id, name from resident where community_id = :community and id in",
    "household": "select id, label from household where community_id = :community and id in",
    "building": "select id, label from building where community_id = :community and id in",
    "contact-cards": "select id, label from building where community_id = :community and id in",
    "visit": """
        select visit.id, household.label from visit
        join household on household.community_id = visit.community_id
          and household.id = visit.household_id
        where visit.community_id = :community and visit.id in""",
}


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
