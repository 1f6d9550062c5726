"""Nobody has said anything: somebody else is asked, each when it is due, each once."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from msgspec.structs import replace

from server.alerts import cascading
from server.intake import Intake
from server.intake.writing import Writing
from server.store import alert_people, alert_reach, alert_steps, alerts
from server.store.alerts import Cascade
from sync import duties
from sync.alert_records import Alert, Duty
from sync.cascade import RANK, Building, Event, Step, Timers, due
from sync.operations import instant, stamp

HEARD = frozenset(hop for hop, rank in RANK.items() if rank >= RANK["acknowledged"])
ROLES = {"deputy": "deputy", "chief": "chief", "secretary": "secretary"}


def due_until(intake: Intake, until: datetime) -> list[tuple[datetime, str, str]]:
    """(instant, community, incident) where something falls due by then, the earliest first."""
    with intake.store.read() as tx:
        found = alerts.due(tx, stamp(until))
    return [(at, home, one) for text, home, one in found if (at := instant(text))]


def step(writing: Writing, incident_id: str) -> list[Step]:
    """Take what is due of an incident; what was taken before, or by somebody else, is not again."""
    tx, home = writing.tx, writing.community_id
    alert = writing.records.get("alert", incident_id)
    cascade = alerts.cascade(tx, home, incident_id)
    if not isinstance(alert, Alert) or cascade is None:
        return []
    if alert.state != "open":
        alerts.look_at(tx, home, incident_id, "")
        return []
    if alert.ends_at <= stamp(writing.now):
        cascading.expire(writing, alert)
        return []
    found = _claimed(writing, cascade) if alert.is_public else []
    if found:
        _ask(writing, alert, cascade, found)
    alerts.look_at(tx, home, incident_id, cascading.next_look(alert, cascade, writing.now))
    return found


def _claimed(writing: Writing, cascade: Cascade) -> list[Step]:
    tx, home, now = writing.tx, writing.community_id, writing.now
    timers = Timers(**cascade.minutes)
    return [
        one
        for one in due(cascade.roster, timers, _heard(writing, cascade), now)
        if alert_steps.claim(tx, home, cascade.id, cascade.edition, one, stamp(now))
    ]


def _heard(writing: Writing, cascade: Cascade) -> list[Event]:
    """When a building was first heard of about the text that holds now."""
    hops = alert_reach.hops(writing.tx, writing.community_id, cascade.id)
    found = []
    for row in hops:
        heard_at = instant(row["heard_at"])
        if row["hop"] in HEARD and row["newest"] >= cascade.edition and heard_at:
            found.append(
                Event(
                    id=row["event_id"],
                    hop=row["hop"],
                    building_id=row["building_id"],
                    at=heard_at,
                    received_at=heard_at,
                )
            )
    return found


def _ask(writing: Writing, alert: Alert, cascade: Cascade, found: Iterable[Step]) -> None:
    """Leaders are reminded, the others are told of whom nothing was heard."""
    at = stamp(writing.now)
    buildings = {one.id: one for one in cascade.roster.buildings}
    leaders = [one.leader_id for one in buildings.values()]
    people = alert_people.names(writing.tx, writing.community_id, leaders)
    known = {one.person_id: one for one in writing.records.duties(alert.id)}
    phone = cascading.community_of(writing).office_phone
    asked: dict[str, Duty] = {}
    for one in found:
        duty = asked.get(one.to) or known.get(one.to)
        if one.kind == "repeat":
            if duty is not None:
                asked[one.to] = replace(duty, why="repeat", repeated_at=at)
            continue
        silent = [buildings[each] for each in one.building_ids]
        duty = duty or duties.asked(alert, one.to, ROLES[one.kind], phone, [])
        since = stamp(cascade.roster.from_at)
        entries = [_entry(each, one.kind, people, since) for each in silent]
        asked[one.to] = _with(duty, entries, at)
    cascading.save(writing, asked.values())


def _entry(
    building: Building, kind: str, people: dict[str, dict[str, Any]], since: str
) -> dict[str, Any]:
    leader = people.get(building.leader_id, {"name": "", "phone": ""})
    return duties.entry(
        building,
        is_own=int(kind == "deputy"),
        leader_name=leader["name"],
        leader_phone=leader["phone"],
        silent_since=since,
    )


def _with(duty: Duty, entries: list[dict[str, Any]], at: str) -> Duty:
    """A duty with silent buildings; what it knows of them stays."""
    here = {one["id"] for one in duty.buildings}
    new = [one for one in entries if one["id"] not in here]
    return replace(
        duty,
        why="silence",
        asked_at=at,
        acknowledged_at="",
        buildings=[*duty.buildings, *new],
    )
