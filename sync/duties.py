"""What a warning asks of each person who hands it on, and what they say of it.

What happened is an event, kept with its own time whatever has become of the warning meanwhile; the
duties of everybody whom a building concerns follow from it, in whatever order events arrive. The
rules that phones know, too, have a twin: web/phone/alerts.js.
"""

from collections.abc import Callable, Iterable
from typing import Any, NamedTuple
from uuid import UUID, uuid5

from msgspec.structs import replace

from sync.alert_records import Alert, Duty
from sync.cascade import LATE, Building, Event, Roster
from sync.known import Known
from sync.operations import (
    AlertAcknowledge,
    AlertConfirm,
    AlertForward,
    AlertUnreachable,
    instant,
    stamp,
)

# What a duty says as the warning says it.
SHARED = (
    *("kind", "colour", "title", "area", "sent_at", "ends_at", "state", "is_drill", "edition"),
    *("message", "short", "guide", "source", "from_at", "is_past"),
)
# What people say; the other hops are noticed by the server.
SAYS = frozenset({"acknowledged", "forwarded", "confirmed", "unreachable"})
ENTRY: dict[str, Any] = {
    **{"id": "", "name": "", "households": 0, "is_own": 0, "heard_at": "", "forwarded_at": ""},
    **{"channel": "", "edition": 0, "is_late": 0, "confirmed_at": "", "unreachable_at": ""},
    **{"leader_name": "", "leader_phone": "", "silent_since": ""},
}


class Said(NamedTuple):
    """What follows from what somebody said of a warning."""

    changed: list[Duty]
    events: list[Event]


def id_of(incident_id: str, whose: str) -> str:
    """The id of what a warning asks of a person, or of a door: the same wherever it is made."""
    return str(uuid5(UUID(incident_id), whose))


def acknowledge(operation_id: str, data: AlertAcknowledge, known: Known) -> Said:
    """Somebody has read it. For the buildings that are theirs to tell this counts as an answer."""
    alert = known.alert(data.incident_id)
    duty = known.duty(id_of(alert.id, known.actor.person_id))
    own = [one["id"] for one in duty.buildings if one["is_own"]] if duty else []
    return _say(operation_id, alert, own or [""], _event("acknowledged", data.edition, ""), known)


def forward(operation_id: str, data: AlertForward, known: Known) -> Said:
    event = _event("forwarded", data.edition, data.channel)
    return _of_building(operation_id, data, event, known)


def confirm(operation_id: str, data: AlertConfirm, known: Known) -> Said:
    return _of_building(operation_id, data, _event("confirmed", data.edition, data.how), known)


def unreachable(operation_id: str, data: AlertUnreachable, known: Known) -> Said:
    return _of_building(operation_id, data, _event("unreachable", data.edition, "phone"), known)


def about(alert: Alert) -> dict[str, Any]:
    told = {name: getattr(alert, name) for name in SHARED}
    return {**told, "sent_at": alert.updated_at or alert.sent_at}


def asked(alert: Alert, person_id: str, role: str, phone: str, entries: list[Any]) -> Duty:
    """A duty as it is told first."""
    return Duty(
        id=id_of(alert.id, person_id),
        incident_id=alert.id,
        person_id=person_id,
        role=role,
        asked_at=_asked_at(alert, role, alert.started_at),
        office_phone=phone,
        buildings=entries,
        **about(alert),
    )


def _asked_at(alert: Alert, role: str, at: str) -> str:
    """Who tells households is asked when these may be told; whoever is on duty at once."""
    return max(alert.from_at, at) if role in ("leader", "deputy") else at


def again(duty: Duty, alert: Alert, at: str, why: str = "asked") -> Duty:
    """A duty that is told anew: another edition asks for another answer."""
    entries = [
        {**one, "heard_at": "", "silent_since": "", "unreachable_at": ""}
        for one in duty.buildings
        if one["is_own"]
    ]
    return replace(
        duty,
        **about(alert),
        why=why,
        asked_at=_asked_at(alert, duty.role, at),
        repeated_at="",
        acknowledged_at="",
        buildings=entries,
    )


def followed(duty: Duty, alert: Alert) -> Duty:
    """A duty that says what the warning says now, without waking anybody."""
    return replace(duty, **about(alert))


def entry(building: Building, **more: Any) -> dict[str, Any]:
    """A building in somebody's duty."""
    return {
        **ENTRY,
        "id": building.id,
        "name": building.label,
        "households": building.households,
        **more,
    }


def after(duty: Duty, event: Event) -> Duty:
    """A duty that knows of an event at one of its buildings."""
    entries = [
        _entry_after(one, event, duty.edition) if one["id"] == event.building_id else one
        for one in duty.buildings
    ]
    return duty if entries == duty.buildings else replace(duty, buildings=entries)


def heard(duty: Duty, events: Iterable[Event]) -> Duty:
    """A duty that knows of everything that was said."""
    for one in events:
        if one.hop not in SAYS:
            continue
        duty = after(duty, one)
        if one.person_id == duty.person_id:
            duty = _acknowledged(duty, one)
    return duty


_Make = Callable[[str, str, Known], Event]


def _event(hop: str, edition: int, channel: str) -> _Make:
    def made(operation_id: str, building_id: str, known: Known) -> Event:
        moment = known.moment
        return Event(
            id=operation_id,
            hop=hop,
            building_id=building_id,
            at=min(moment.true_at, moment.received_at),
            received_at=moment.received_at,
            person_id=known.actor.person_id,
            edition=edition,
            channel=channel,
        )

    return made


def _of_building(
    operation_id: str,
    data: AlertForward | AlertConfirm | AlertUnreachable,
    event: _Make,
    known: Known,
) -> Said:
    alert = known.alert(data.incident_id)
    return _say(operation_id, alert, [known.building(data.building_id).id], event, known)


def _say(
    operation_id: str, alert: Alert, building_ids: Iterable[str], make: _Make, known: Known
) -> Said:
    events = [_bounded(make(operation_id, one, known), alert) for one in building_ids]
    changed = []
    for before in _concerned(alert, {one.building_id for one in events}, known):
        duty = before
        for event in events:
            duty = after(duty, event)
        if duty.person_id == known.actor.person_id:
            duty = _acknowledged(duty, events[0])
        if duty != before:
            changed.append(duty)
    return Said(changed, events)


def _bounded(event: Event, alert: Alert) -> Event:
    """Nobody answers a warning before there is one, nor a text that is still to come."""
    begun = [at for text in (alert.sent_at, alert.started_at) if text and (at := instant(text))]
    return replace(
        event,
        incident_id=alert.id,
        edition=min(event.edition, alert.edition),
        at=max(event.at, min(begun, default=event.at)),
    )


def _concerned(alert: Alert, building_ids: set[str], known: Known) -> list[Duty]:
    """The duties of whoever acts, and of those who are asked about these buildings: when it began,
    or because they came to hold one since."""
    people = {known.actor.person_id}
    for building_id in building_ids - {""}:
        people.update(known.town.holders(building_id))
    roster = known.town.roster(alert.id)
    if roster is not None:
        people |= people_of(roster, building_ids)
    found = [known.duty(id_of(alert.id, one)) for one in sorted(people - {""})]
    return [one for one in found if one is not None]


def people_of(roster: Roster, building_ids: set[str]) -> set[str]:
    people = {roster.secretary_id}
    for one in roster.buildings:
        if one.id in building_ids:
            people |= {one.leader_id, one.deputy_id, one.chief_id}
    return people


def _acknowledged(duty: Duty, event: Event) -> Duty:
    """Whoever has told a building of it has read it."""
    if event.hop == "unreachable" or event.edition < duty.edition:
        return duty
    return replace(duty, acknowledged_at=_earlier(duty.acknowledged_at, stamp(event.at)))


def _entry_after(known: dict[str, Any], event: Event, edition: int) -> dict[str, Any]:
    at = stamp(event.at)
    if event.hop == "unreachable":
        return {**known, "unreachable_at": max(known["unreachable_at"], at)}
    found = dict(known)
    if event.edition >= edition:
        found["heard_at"] = _earlier(known["heard_at"], at)
    if event.hop == "forwarded":
        found["edition"] = max(known["edition"], event.edition)
        if _earlier(known["forwarded_at"], at) != known["forwarded_at"]:
            is_late = event.received_at - event.at > LATE
            found |= {"forwarded_at": at, "channel": event.channel, "is_late": int(is_late)}
    if event.hop == "confirmed":
        found["confirmed_at"] = _earlier(known["confirmed_at"], at)
    return found


def _earlier(known: str, at: str) -> str:
    return min(known, at) if known else at
