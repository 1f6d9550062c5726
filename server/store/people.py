"""People, what they look after, their devices, sessions and sign-in cards."""

from datetime import datetime
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from server.store import api_keys
from server.store.database import Tx
from sync.known import Actor
from sync.operations import stamp


class PersonRow(NamedTuple):
    """A person who may sign in."""

    community_id: str
    id: str
    username: str
    name: str
    role: str
    phone: str
    password_hash: str
    active: int
    # When a password that the office gave out ends; "" for one that the person chose.
    password_until: str = ""


def today_of(tx: Tx, community_id: str, now: datetime) -> str:
    """The calendar day in the community's timezone."""
    zone = tx.value(
        "select timezone from community where community_id = :community and id = :community",
        community=community_id,
    )
    return now.astimezone(ZoneInfo(zone or "Asia/Shanghai")).date().isoformat()


def buildings_now(tx: Tx, community_id: str, person_id: str, today: str) -> list[str]:
    """The buildings a person looks after today."""
    rows = tx.tuples(
        """
        select distinct building_id from person_building
        where community_id = :community and person_id = :person
          and from_on <= :today and (until_on = '' or until_on >= :today)
        order by building_id
        """,
        community=community_id,
        person=person_id,
        today=today,
    )
    return [building_id for (building_id,) in rows]


def actor(tx: Tx, community_id: str, person_id: str, device_id: str, now: datetime) -> Actor:
    """Who acts, a person or a key: role, buildings now, and buildings ever held before."""
    found = find(tx, community_id, person_id)
    if found is None:
        service = api_keys.actor(tx, community_id, person_id, device_id)
        assert service is not None, f"person {person_id} of an operation is unknown"
        return service
    today = today_of(tx, community_id, now)
    ever = tx.tuples(
        """
        select distinct building_id from person_building
        where community_id = :community and person_id = :person and from_on <= :today
        """,
        community=community_id,
        person=person_id,
        today=today,
    )
    return Actor(
        person_id=person_id,
        name=found.name,
        role=found.role,
        device=device_id,
        building_ids=frozenset(buildings_now(tx, community_id, person_id, today)),
        held_before=frozenset(building_id for (building_id,) in ever),
    )


def colleague(tx: Tx, community_id: str, person_id: str, today: str) -> Actor | None:
    """Who works here and may sign in, with the buildings of a day; None for nobody."""
    found = find(tx, community_id, person_id)
    if found is None or not found.active:
        return None
    held = buildings_now(tx, community_id, person_id, today)
    return Actor(person_id, found.name, found.role, "", frozenset(held), frozenset())


def find(tx: Tx, community_id: str, person_id: str) -> PersonRow | None:
    rows = tx.tuples(
        """
        select community_id, id, username, name, role, phone, password_hash, active,
          password_until
        from person
        where community_id = :community and id = :person
        """,
        community=community_id,
        person=person_id,
    )
    return PersonRow(*rows[0]) if rows else None


def ids(tx: Tx, community_id: str) -> list[str]:
    """Everybody with an account."""
    rows = tx.tuples(
        "select id from person where community_id = :community order by id", community=community_id
    )
    return [person_id for (person_id,) in rows]


def by_username(tx: Tx, username: str) -> PersonRow | None:
    """Usernames are unique in the whole deployment, so sign-in needs no community."""
    rows = tx.tuples(
        """
        select community_id, id, username, name, role, phone, password_hash, active,
          password_until
        from person
        where username = :username
        """,
        username=username,
    )
    return PersonRow(*rows[0]) if rows else None


def add(tx: Tx, person: PersonRow, at: datetime) -> None:
    tx.run(
        """
        insert into person (community_id, id, username, name, role, phone, password_hash, active,
          password_until, created_at)
        values (:community_id, :id, :username, :name, :role, :phone, :password_hash, :active,
          :password_until, :at)
        """,
        **person._asdict(),
        at=stamp(at),
    )


def assign(
    tx: Tx, community_id: str, person_id: str, building_id: str, from_on: str, until_on: str = ""
) -> None:
    """Give a person a building from a day on, until a day or until further notice."""
    tx.run(
        """
        insert into person_building (community_id, person_id, building_id, from_on, until_on)
        values (:community, :person, :building, :from_on, :until_on)
        on conflict (community_id, person_id, building_id, from_on)
        do update set until_on = excluded.until_on, leave_id = ''
        """,
        community=community_id,
        person=person_id,
        building=building_id,
        from_on=from_on,
        until_on=until_on,
    )


def unassign(tx: Tx, community_id: str, person_id: str, building_id: str, until_on: str) -> None:
    """End a person's care of a building; `until_on` is the last day."""
    tx.run(
        """
        update person_building set until_on = :until_on
        where community_id = :community and person_id = :person and building_id = :building
          and (until_on = '' or until_on > :until_on)
        """,
        community=community_id,
        person=person_id,
        building=building_id,
        until_on=until_on,
    )


def add_device(
    tx: Tx, community_id: str, device_id: str, person_id: str, name: str, at: datetime
) -> None:
    tx.run(
        """
        insert into device (community_id, id, person_id, name, created_at)
        values (:community, :device, :person, :name, :at)
        on conflict (community_id, id) do nothing
        """,
        community=community_id,
        device=device_id,
        person=person_id,
        name=name,
        at=stamp(at),
    )


def device_of(tx: Tx, community_id: str, device_id: str) -> dict[str, Any] | None:
    return tx.row(
        """
        select id, person_id, name, created_at, revoked_at, seen_at, offset_ms, report, received,
          upto, head
        from device
        where community_id = :community and id = :device
        """,
        community=community_id,
        device=device_id,
    )


def open_session(
    tx: Tx,
    token_hash: str,
    community_id: str,
    person_id: str,
    device_id: str,
    at: datetime,
    expires_at: datetime,
) -> None:
    tx.run(
        """
        insert into session (token_hash, community_id, person_id, device_id, created_at, seen_at,
          expires_at)
        values (:token, :community, :person, :device, :at, :at, :expires)
        """,
        token=token_hash,
        community=community_id,
        person=person_id,
        device=device_id,
        at=stamp(at),
        expires=stamp(expires_at),
    )


def session(tx: Tx, token_hash: str, now: datetime) -> dict[str, Any] | None:
    """Who holds a token that is neither expired nor revoked, on a device that is not revoked."""
    return tx.row(
        """
        select session.community_id, session.person_id, session.device_id, session.seen_at,
          person.name, person.role, person.username
        from session
        join person on person.community_id = session.community_id
          and person.id = session.person_id
        join device on device.community_id = session.community_id
          and device.id = session.device_id
        where session.token_hash = :token and session.revoked_at = ''
          and session.expires_at > :now and person.active = 1 and device.revoked_at = ''
        """,
        token=token_hash,
        now=stamp(now),
    )


def whose_token(tx: Tx, token_hash: str) -> dict[str, Any] | None:
    """Whose a token is or was, and on which device; it may no longer open anything."""
    return tx.row(
        """
        select session.community_id, session.person_id, session.device_id, person.role,
          person.active, device.revoked_at as device_revoked_at
        from session
        join device on device.community_id = session.community_id
          and device.id = session.device_id
        join person on person.community_id = session.community_id
          and person.id = session.person_id
        where session.token_hash = :token
        """,
        token=token_hash,
    )


def touch_session(tx: Tx, token_hash: str, now: datetime, expires_at: datetime) -> None:
    """Slide a session's end forward."""
    tx.run(
        """
        update session set seen_at = :now, expires_at = :expires
        where token_hash = :token and revoked_at = ''
        """,
        token=token_hash,
        now=stamp(now),
        expires=stamp(expires_at),
    )


def end_sessions(
    tx: Tx, community_id: str, person_id: str, now: datetime, device_id: str = ""
) -> int:
    """Sign a person out: of one device, or everywhere. How many sessions ended."""
    return tx.run(
        """
        update session set revoked_at = :now
        where community_id = :community and person_id = :person and revoked_at = ''
          and (:device = '' or device_id = :device)
        """,
        community=community_id,
        person=person_id,
        now=stamp(now),
        device=device_id,
    )
