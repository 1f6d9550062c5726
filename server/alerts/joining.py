"""Whoever comes to lead a building while a warning holds is told of it, too."""

from typing import Any

from msgspec.structs import replace

from server.alerts import cascading
from server.intake.writing import Writing
from server.store import alert_people, alert_reach, alerts
from server.store import people as rows
from sync import duties
from sync.alert_records import Alert, Duty
from sync.cascade import Building, Event
from sync.operations import instant, stamp


def follow(writing: Writing, person_id: str) -> None:
    """Buildings that are somebody's to tell now are in their duties; the roster stays as it was."""
    tx, home = writing.tx, writing.community_id
    open_ids = alerts.open_for_all(tx, home)
    if not open_ids:
        return
    today = rows.today_of(tx, home, writing.now)
    held = {
        one["building_id"]
        for one in alert_people.holders(tx, home, today)
        if one["person_id"] == person_id and one["role"] == "leader" and not one["is_away"]
    }
    places = {one["id"]: one for one in alert_people.buildings(tx, home)} if held else {}
    for incident_id in open_ids:
        alert = writing.records.get("alert", incident_id)
        assert isinstance(alert, Alert)
        _join(writing, alert, person_id, [places[one] for one in sorted(held)])


def _join(writing: Writing, alert: Alert, person_id: str, places: list[dict[str, Any]]) -> None:
    at = stamp(writing.now)
    found = writing.records.get("duty", duties.id_of(alert.id, person_id))
    duty = found if isinstance(found, Duty) else None
    known = {one["id"] for one in duty.buildings if one["is_own"]} if duty else set()
    new = [Building(**one) for one in places if one["id"] not in known]
    if not new:
        return
    phone = cascading.community_of(writing).office_phone
    duty = duty or duties.asked(alert, person_id, "leader", phone, [])
    ids = {one.id for one in new}
    entries = [one for one in duty.buildings if one["id"] not in ids]
    entries += [duties.entry(one, is_own=1) for one in new]
    duty = replace(
        duty,
        role="leader" if duty.role == "worker" else duty.role,
        why="asked",
        asked_at=max(at, alert.from_at),
        acknowledged_at="",
        buildings=entries,
    )
    cascading.save(writing, [duties.heard(duty, _said(writing, alert, ids))])
    sent = [
        Event(
            id=duties.id_of(alert.id, f"sent {alert.edition} {person_id}"),
            hop="sent",
            building_id=one.id,
            at=writing.now,
            received_at=writing.now,
            person_id=person_id,
            edition=alert.edition,
            incident_id=alert.id,
        )
        for one in new
    ]
    alert_reach.add(writing.tx, writing.community_id, sent)


def _said(writing: Writing, alert: Alert, ids: set[str]) -> list[Event]:
    """What is known of these buildings: the earliest of each hop."""
    found = []
    for row in alert_reach.hops(writing.tx, writing.community_id, alert.id):
        at, received_at = instant(row["at"]), instant(row["received_at"])
        if row["building_id"] in ids and at and received_at:
            found.append(
                Event(
                    id=row["event_id"],
                    hop=row["hop"],
                    building_id=row["building_id"],
                    at=at,
                    received_at=received_at,
                    person_id=row["person_id"],
                    edition=row["newest"],
                    channel=row["channel"],
                )
            )
    return found
