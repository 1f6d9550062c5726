"""One-time sign-in codes, on cards and on the office's screen: only a hash of the code is kept."""

from datetime import datetime
from typing import Any

from server.store.database import Tx
from sync.operations import stamp


def make(
    tx: Tx,
    community_id: str,
    code_hash: str,
    person_id: str,
    made_by: str,
    at: datetime,
    expires_at: datetime,
) -> None:
    tx.run(
        """
        insert into sign_in_card (code_hash, community_id, person_id, made_by, created_at,
          expires_at)
        values (:code, :community, :person, :by, :at, :expires)
        """,
        code=code_hash,
        community=community_id,
        person=person_id,
        by=made_by,
        at=stamp(at),
        expires=stamp(expires_at),
    )


def withdraw(tx: Tx, community_id: str, person_id: str, at: datetime) -> int:
    """End a person's unused codes now; how many there were."""
    return tx.run(
        """
        update sign_in_card set withdrawn_at = :at
        where community_id = :community and person_id = :person and used_at = ''
          and withdrawn_at = '' and expires_at > :at
        """,
        community=community_id,
        person=person_id,
        at=stamp(at),
    )


def find(tx: Tx, code_hash: str) -> dict[str, Any] | None:
    """Whose code this is, and what became of it."""
    return tx.row(
        """
        select sign_in_card.community_id, sign_in_card.person_id, sign_in_card.expires_at,
          sign_in_card.used_at, sign_in_card.withdrawn_at, sign_in_card.device_id,
          person.name, person.role, person.active, community.name as community_name,
          community.office_phone
        from sign_in_card
        join person on person.community_id = sign_in_card.community_id
          and person.id = sign_in_card.person_id
        join community on community.community_id = sign_in_card.community_id
          and community.id = sign_in_card.community_id
        where sign_in_card.code_hash = :code
        """,
        code=code_hash,
    )


def use(tx: Tx, code_hash: str, device_id: str, now: datetime) -> bool:
    """Use a code up. False when somebody else was faster."""
    changed = tx.run(
        """
        update sign_in_card set used_at = :now, device_id = :device
        where code_hash = :code and used_at = '' and withdrawn_at = '' and expires_at > :now
        """,
        code=code_hash,
        device=device_id,
        now=stamp(now),
    )
    return changed == 1


def waiting(tx: Tx, community_id: str, now: datetime) -> dict[str, str]:
    """Until when each person has a code that was not used yet."""
    rows = tx.tuples(
        """
        select person_id, max(expires_at)
        from sign_in_card
        where community_id = :community and used_at = '' and withdrawn_at = ''
          and expires_at > :now
        group by person_id
        """,
        community=community_id,
        now=stamp(now),
    )
    return {person_id: expires_at for person_id, expires_at in rows}


def latest(tx: Tx, community_id: str, person_id: str) -> dict[str, Any] | None:
    """What became of the code that was made last for a person."""
    return tx.row(
        """
        select sign_in_card.created_at, sign_in_card.expires_at, sign_in_card.used_at,
          sign_in_card.withdrawn_at, coalesce(device.name, '') as device_name
        from sign_in_card
        left join device on device.community_id = sign_in_card.community_id
          and device.id = sign_in_card.device_id
        where sign_in_card.community_id = :community and sign_in_card.person_id = :person
        order by sign_in_card.created_at desc, sign_in_card.code_hash
        limit 1
        """,
        community=community_id,
        person=person_id,
    )


def ever_signed_in(tx: Tx, community_id: str) -> set[str]:
    """People who have had a session."""
    rows = tx.tuples(
        "select distinct person_id from session where community_id = :community",
        community=community_id,
    )
    return {person_id for (person_id,) in rows}
