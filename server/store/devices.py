"""The phones that people use, and what is known of each."""

from datetime import datetime
from typing import Any

import msgspec

from server.store import ledgers
from server.store.database import Tx
from sync.devices import Device, Standing, standing
from sync.operations import instant, stamp

MAX_DEVICES = 5000
MAX_MISSING = 100


def phones(tx: Tx, community_id: str, now: datetime, person_id: str = "") -> list[dict[str, Any]]:
    """Every phone, in use first; of one person if named. `sessions` are those that are open.

    A page's own device is derived from its phone by uuid version 5 and is left out.
    """
    rows = tx.rows(
        """
        select device.id, device.name, device.person_id, device.created_at, device.revoked_at,
          device.seen_at, device.offset_ms, device.report, device.received, device.upto,
          device.head, device.recorded, device.moved_to, device.erased_at, device.kept,
          person.name as person_name,
          person.phone as person_phone, person.role, person.active,
          coalesce((
            select max(received.n) from received
            where received.community_id = device.community_id
              and received.device_id = device.id
          ), 0) as highest,
          (
            select count(*) from session
            where session.community_id = device.community_id
              and session.person_id = device.person_id and session.device_id = device.id
              and session.revoked_at = '' and session.expires_at > :now
          ) as sessions
        from device
        join person on person.community_id = device.community_id
          and person.id = device.person_id
        where device.community_id = :community and substr(device.id, 15, 1) <> '5'
          and (:person = '' or device.person_id = :person)
        order by device.revoked_at <> '', device.seen_at desc, device.created_at desc, device.id
        limit :limit
        """,
        community=community_id,
        person=person_id,
        now=stamp(now),
        limit=MAX_DEVICES,
    )
    for row in rows:
        row["report"] = msgspec.json.decode(row["report"])
    return rows


def standing_of(
    tx: Tx, community_id: str, phone: dict[str, Any], now: datetime, version: str = ""
) -> Standing:
    """How one of `phones` stands; `version` is the one that the server hands out."""
    missing: list[int] = []
    if phone["highest"] > phone["upto"]:
        missing = ledgers.missing_numbers(tx, community_id, phone["id"], phone["upto"], MAX_MISSING)
    device = Device(
        seen_at=instant(phone["seen_at"]),
        offset_ms=phone["offset_ms"],
        report=phone["report"],
        received=phone["received"],
        upto=phone["upto"],
        highest=phone["highest"],
        missing=missing,
        head=phone["head"],
        recorded=phone["recorded"],
        revoked=bool(phone["revoked_at"]),
        moved=bool(phone["moved_to"]),
    )
    return standing(device, now, version)


def has_others(tx: Tx, community_id: str, person_id: str, device_id: str) -> bool:
    """Whether a person has had another device."""
    found = tx.beneath(
        """
        select 1 from device
        where community_id = :community and person_id = :person and id <> :device
          and substr(id, 15, 1) <> '5'
        limit 1
        """,
        community=community_id,
        person=person_id,
        device=device_id,
    )
    return bool(found)


def move(tx: Tx, community_id: str, device_id: str, person_id: str, to: str) -> None:
    """Note that a person's phone goes on as another device, with what it had not sent."""
    tx.run(
        """
        update device set moved_to = :to
        where community_id = :community and id = :device and person_id = :person and id <> :to
        """,
        community=community_id,
        device=device_id,
        person=person_id,
        to=to,
    )


def settle_by_file(
    tx: Tx, community_id: str, device_id: str, recorded: int, *, is_whole: bool
) -> None:
    """What a file told of its phone. `is_whole`: the phone has nothing else that is unsent."""
    row = tx.row(
        "select report, recorded from device where community_id = :community and id = :device",
        community=community_id,
        device=device_id,
    )
    assert row is not None
    report = msgspec.json.decode(row["report"])
    if is_whole:
        report = {**report, "waiting": 0, "oldest_at": ""}
    tx.run(
        """
        update device set recorded = :recorded, report = :report
        where community_id = :community and id = :device
        """,
        community=community_id,
        device=device_id,
        recorded=max(recorded, row["recorded"]),
        report=msgspec.json.encode(report).decode(),
    )


def revoke(tx: Tx, community_id: str, device_id: str, at: datetime) -> bool:
    """Shut a phone out. False when it was already."""
    tx.run(
        """
        update session set revoked_at = :at
        where community_id = :community and device_id = :device and revoked_at = ''
        """,
        community=community_id,
        device=device_id,
        at=stamp(at),
    )
    changed = tx.run(
        """
        update device set revoked_at = :at
        where community_id = :community and id = :device and revoked_at = ''
        """,
        community=community_id,
        device=device_id,
        at=stamp(at),
    )
    return changed == 1


def erased(tx: Tx, community_id: str, device_id: str, kept: int, at: datetime) -> bool:
    """A phone that was shut out says what it still keeps. False when it had said so before."""
    changed = tx.run(
        """
        update device set erased_at = :at, kept = :kept
        where community_id = :community and id = :device and revoked_at <> '' and erased_at = ''
        """,
        community=community_id,
        device=device_id,
        kept=kept,
        at=stamp(at),
    )
    return changed == 1


def behind_doors(tx: Tx, community_id: str, person_id: str, on: str) -> dict[str, int]:
    """How much a person's phone held on a day: buildings, doors and residents, in numbers."""
    row = tx.row(
        """
        select count(distinct building.id) as buildings, count(distinct household.id) as doors,
          count(distinct resident.id) as residents
        from person_building
        join building on building.community_id = person_building.community_id
          and building.id = person_building.building_id
        left join household on household.community_id = building.community_id
          and household.building_id = building.id and household.status = 'active'
        left join resident on resident.community_id = household.community_id
          and resident.household_id = household.id
        where person_building.community_id = :community and person_building.person_id = :person
          and person_building.from_on <= :on
          and (person_building.until_on = '' or person_building.until_on >= :on)
        """,
        community=community_id,
        person=person_id,
        on=on,
    )
    assert row is not None
    return row
