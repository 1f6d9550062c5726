"""The weather list in the tables: drawn up when a warning begins, kept right while it holds."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import to_builtins

from server.store import weather_list as reads
from sync import days, weather_list
from sync.alert_records import Alert, ContactTask
from sync.known import intervals_of
from sync.merge import Stamp
from sync.operations import instant, stamp
from sync.reconcile import Follows
from sync.records import Community, Household, Pairing, Record, Resident, only
from sync.weather_list import Door, Warned

if TYPE_CHECKING:
    from collections.abc import Iterable

    from server.intake.writing import Writing

# The server's own hand: nobody's device.
NOBODY = Stamp(0, "", 0)


def follow(writing: Writing, changed: Iterable[Record]) -> None:
    """Save the tasks that are new or differ because of records that were saved: a warning, a door,
    its people, a pair; and tell leaders of those about people they look after."""
    found = list(changed)
    for alert in only(Alert, found):
        _draw(writing, alert)
    asking = [] if writing.seeding else writing.records.asking()
    doors = _doors_in(found) if asking else []
    if doors:
        for incident_id in asking:
            _refresh(writing, incident_id, doors)
    for task in only(ContactTask, found):
        _tell(writing, task.id)


def _doors_in(changed: list[Record]) -> list[str]:
    doors = {one.id for one in only(Household, changed)}
    doors |= {one.household_id for one in only(Resident, changed)}
    doors |= {one.household_id for one in only(Pairing, changed)}
    return sorted(doors)


def _draw(writing: Writing, alert: Alert) -> None:
    """The whole list of a warning as it is now."""
    known = {one.household_id: one for one in writing.records.contact_tasks(alert.id)}
    if alert.state != "open" or alert.is_drill or not alert.is_public:
        before = [one for one in known.values() if alert.state != "waiting"]
        _save(writing, weather_list.over(before), known)
        return
    if not known and not weather_list.asks(alert.colour):
        return
    wanted = reads.doors(writing.tx, writing.community_id)
    wanted = list(dict.fromkeys([*wanted, *known]))
    is_drawn = any(one.colour == alert.colour for one in known.values())
    _renew(writing, alert, wanted, known, is_drawn=is_drawn)


def _refresh(writing: Writing, incident_id: str, doors: list[str]) -> None:
    """The tasks of some doors, whose people may be others now."""
    alert = writing.records.get("alert", incident_id)
    assert isinstance(alert, Alert)
    known = {
        one.household_id: one
        for door in doors
        for one in writing.records.of_household("contact_task", door)
        if isinstance(one, ContactTask) and one.incident_id == incident_id
    }
    _renew(writing, alert, doors, known, is_drawn=True)


def _renew(
    writing: Writing,
    alert: Alert,
    wanted: list[str],
    known: dict[str, ContactTask],
    *,
    is_drawn: bool,
) -> None:
    community = writing.records.get("community", writing.community_id)
    assert isinstance(community, Community)
    changed = weather_list.renewed(
        _warned(writing, alert),
        _doors(writing, wanted),
        known,
        intervals_of(community),
        today=days.day(stamp(writing.now), community.timezone),
        is_drawn=is_drawn,
    )
    _save(writing, changed, known)


def _warned(writing: Writing, alert: Alert) -> Warned:
    ends_at = instant(alert.ends_at) or writing.now
    return Warned(
        incident_id=alert.id,
        kind=alert.kind,
        colour=alert.colour,
        at=writing.now,
        from_at=instant(alert.from_at) or writing.now,
        ends_at=ends_at,
    )


def _doors(writing: Writing, wanted: list[str]) -> list[Door]:
    records = writing.records
    records.expect(wanted)
    paired = reads.paired_doors(writing.tx, writing.community_id)
    found = []
    for household_id in wanted:
        household = records.get("household", household_id)
        if isinstance(household, Household):
            residents = records.of_household("resident", household_id)
            pairings = (
                records.of_household("pairing", household_id) if household_id in paired else []
            )
            found.append(
                Door(
                    household,
                    [one for one in residents if isinstance(one, Resident)],
                    [one for one in pairings if isinstance(one, Pairing)],
                )
            )
    return found


def _save(writing: Writing, tasks: list[ContactTask], known: dict[str, ContactTask]) -> None:
    """Write those that differ; a leader who is not asked any more forgets it."""
    changed = [one for one in tasks if one != known.get(one.household_id)]
    if changed:
        writing.save(Follows(changed), NOBODY)
    for one in changed:
        before = known.get(one.household_id)
        if before and before.assigned_to and before.assigned_to != one.assigned_to:
            writing.feed.end(f"person:{before.assigned_to}", "pair_task", one.id)


def _tell(writing: Writing, task_id: str) -> None:
    """What the leader who looks after them is told of a task."""
    task = writing.records.get("contact_task", task_id)
    if not isinstance(task, ContactTask) or not task.assigned_to:
        return
    alert = writing.records.get("alert", task.incident_id)
    household = writing.records.get("household", task.household_id)
    assert isinstance(alert, Alert)
    # A text for the staff alone is told to no leader, not even by its title.
    is_told = alert.is_public and not task.is_past
    if not isinstance(household, Household) or not is_told:
        writing.feed.end(f"person:{task.assigned_to}", "pair_task", task.id)
        return
    pairings = writing.records.of_household("pairing", task.household_id)
    pairs = [one for one in pairings if isinstance(one, Pairing)]
    shown = weather_list.pair_task(task, alert, household, pairs)
    writing.feed.tell(task.assigned_to, "pair_task", task.id, to_builtins(shown))
