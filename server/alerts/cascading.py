"""A warning goes from the community to every building: begun, told anew, renewed, ended.

All of it happens inside the transaction that took its message in.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from msgspec.structs import asdict, replace

from server.alerts import rosters
from server.intake.writing import Writing
from server.store import alert_reach, alert_texts, alerts
from server.store.alerts import Cascade
from sync import duties, standing_down
from sync.alert_records import Alert, Duty
from sync.cascade import Building, Event, Roster, Timers, times
from sync.merge import Stamp
from sync.operations import instant, stamp
from sync.reconcile import Follows
from sync.records import Community, Record
from sync.telling import worded, worded_over

NOBODY = Stamp(0, "", 0)


def begin(writing: Writing, alert: Alert, points: Iterable[str] = ()) -> Alert:
    """Everybody who has to know is told; the roster is frozen."""
    community, at = community_of(writing), stamp(writing.now)
    staff = rosters.staff(writing)
    buildings = rosters.buildings(writing) if _is_for_households(alert) else ()
    alert = replace(
        alert,
        state="open",
        started_at=at,
        closes_at="",
        from_at=standing_down.households_at(at, alert.colour, alert.onset_at, community),
        edition=1,
    )
    alert = in_words(writing, alert, points)
    roster = Roster(
        started_at=writing.now,
        from_at=_at(alert.from_at),
        buildings=buildings,
        secretary_id=staff.secretary_id,
    )
    told = _first_duties(alert, roster, staff, community.office_phone)
    for one in told:  # nobody was told before: the table need not be asked for each
        writing.records.expect_new(one.id)
    save(writing, [alert, *told])
    _note_sent(writing, alert, roster)
    minutes = asdict(Timers(**community.alert_minutes).of(alert.colour))
    _keep(
        writing,
        alert,
        Cascade(
            id=alert.id, head=alert.source_id, roster=roster, minutes=minutes, edition=1, told_at=at
        ),
    )
    return alert


def tell_again(writing: Writing, alert: Alert, points: Iterable[str] = ()) -> Alert:
    """Something that matters has changed: everybody is told the new text."""
    known = _cascade(writing, alert)
    community, at = community_of(writing), stamp(writing.now)
    alert = replace(
        alert,
        state="open",
        closes_at="",
        closed_by="",
        reason="",
        from_at=standing_down.households_at(at, alert.colour, alert.onset_at, community),
        edition=max(known.edition, alert.edition) + 1,
    )
    alert = in_words(writing, alert, points)
    roster = replace(known.roster, from_at=_at(alert.from_at))
    had = _who_may_know(writing, alert)
    told = [duties.again(one, alert, at) for one in had]
    if _is_for_households(alert) and not roster.buildings:
        roster = replace(roster, buildings=rosters.buildings(writing))
        first = _first_duties(alert, roster, rosters.staff(writing), community.office_phone)
        told += [one for one in first if one.id not in {each.id for each in had}]
    save(writing, [alert, *told])
    _note_sent(writing, alert, roster)
    minutes = asdict(Timers(**community.alert_minutes).of(alert.colour))
    _keep(
        writing,
        alert,
        replace(
            known,
            head=alert.source_id,
            roster=roster,
            minutes=minutes,
            edition=alert.edition,
            told_at=at,
        ),
    )
    return alert


def is_sooner(writing: Writing, alert: Alert) -> bool:
    """Whether households that sleep until the morning are to be told earlier than that."""
    at = stamp(writing.now)
    if alert.from_at <= at:
        return False
    community = community_of(writing)
    soon = standing_down.households_at(at, alert.colour, alert.onset_at, community)
    return soon < alert.from_at


def renew(writing: Writing, alert: Alert, points: Iterable[str] = ()) -> Alert:
    """Something was said that wakes nobody: it holds longer, or is less bad than it was."""
    alert = in_words(writing, alert, points)
    told = [duties.followed(one, alert) for one in _who_may_know(writing, alert)]
    save(writing, [alert, *told])
    _keep(writing, alert, replace(_cascade(writing, alert), head=alert.source_id))
    return alert


def end(writing: Writing, alert: Alert) -> Alert:
    """It is over: along the same way, to exactly those who were told."""
    told = writing.records.duties(alert.id)
    tasks = writing.records.contact_tasks(alert.id)
    changed = standing_down.end(alert, stamp(writing.now), community_of(writing), told, tasks)
    save(writing, changed)
    alerts.look_at(writing.tx, writing.community_id, alert.id, "")
    return _alert_in(changed)


def put_right(writing: Writing, alert: Alert) -> Alert:
    """A message that came late changes what is told of a warning that is over; nobody is woken."""
    if alert.state == "closed":
        alert = worded_over(alert, community_of(writing))
    told = [duties.followed(one, alert) for one in writing.records.duties(alert.id)]
    save(writing, [alert, *told])
    return alert


def expire(writing: Writing, alert: Alert) -> Alert:
    """It is over without a word: phones show it, nobody is woken."""
    told = writing.records.duties(alert.id)
    changed = standing_down.expire(alert, told, writing.records.contact_tasks(alert.id))
    save(writing, changed)
    alerts.look_at(writing.tx, writing.community_id, alert.id, "")
    return _alert_in(changed)


def put_away(writing: Writing, incident_id: str) -> None:
    """What was over long ago leaves the phones; the office keeps it."""
    found: list[Any] = [writing.records.get("alert", incident_id)]
    found += writing.records.duties(incident_id)
    found += writing.records.contact_tasks(incident_id)
    save(writing, [replace(one, is_past=1) for one in found])


def _alert_in(changed: Iterable[Record]) -> Alert:
    (found,) = (one for one in changed if isinstance(one, Alert))
    return found


def save(writing: Writing, changed: Iterable[Record]) -> None:
    writing.save(Follows(list(changed)), NOBODY)


def community_of(writing: Writing) -> Community:
    found = writing.records.get("community", writing.community_id)
    assert isinstance(found, Community)
    return found


def next_look(alert: Alert, cascade: Cascade, now: datetime) -> str:
    """When somebody's silence is asked about next, or it is over by itself; "" for never."""
    found = [_at(alert.ends_at)] if alert.ends_at else []
    found += times(cascade.roster, Timers(**cascade.minutes))
    later = [one for one in found if one > now]
    return stamp(min(later)) if later else ""


def _keep(writing: Writing, alert: Alert, cascade: Cascade) -> None:
    next_at = next_look(alert, cascade, writing.now - timedelta(milliseconds=1))
    one = replace(cascade, next_at=next_at)
    alerts.save_cascade(writing.tx, writing.community_id, one)


def _cascade(writing: Writing, alert: Alert) -> Cascade:
    found = alerts.cascade(writing.tx, writing.community_id, alert.id)
    assert found is not None, alert.id
    return found


def in_words(writing: Writing, alert: Alert, points: Iterable[str]) -> Alert:
    """A warning in the words of the office where it has any."""
    own = alert_texts.own(writing.tx, writing.community_id)
    return worded(alert, community_of(writing), own, tuple(points))


def _who_may_know(writing: Writing, alert: Alert) -> list[Duty]:
    """Those who were told; where it is not for everybody any more, those of them on duty."""
    told = writing.records.duties(alert.id)
    return [one for one in told if alert.is_public or one.role not in ("leader", "deputy")]


def _is_for_households(alert: Alert) -> bool:
    """Drills and what is not public stay with the staff."""
    return bool(alert.is_public) and not alert.is_drill


def _first_duties(alert: Alert, roster: Roster, staff: rosters.Staff, phone: str) -> list[Duty]:
    own: dict[str, list[Building]] = {}
    for one in roster.buildings:
        own.setdefault(one.leader_id, []).append(one)
    roles = dict.fromkeys([] if alert.is_drill else staff.worker_ids, "worker")
    roles |= dict.fromkeys((one for one in own if one), "leader")
    chiefs = {*staff.chief_ids, *(one.chief_id for one in roster.buildings)} - {""}
    roles |= dict.fromkeys(sorted(chiefs), "chief")
    roles |= {staff.secretary_id: "secretary"} if staff.secretary_id else {}
    return [
        duties.asked(alert, person_id, role, phone, _entries(own.get(person_id, [])))
        for person_id, role in roles.items()
    ]


def _entries(buildings: Iterable[Building]) -> list[dict[str, Any]]:
    return [duties.entry(one, is_own=1) for one in buildings]


def _note_sent(writing: Writing, alert: Alert, roster: Roster) -> None:
    events = [
        Event(
            id=duties.id_of(alert.id, f"sent {alert.edition}"),
            hop="sent",
            building_id=one.id,
            at=writing.now,
            received_at=writing.now,
            person_id=one.leader_id,
            edition=alert.edition,
            incident_id=alert.id,
        )
        for one in roster.buildings
        if one.leader_id
    ]
    alert_reach.add(writing.tx, writing.community_id, events)


def _at(text: str) -> datetime:
    found = instant(text)
    assert found is not None, text
    return found
