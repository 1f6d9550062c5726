"""Verifies what warnings ask of people, and how far they have come, against what happened."""

from collections.abc import Iterator

from server.store.database import Tx
from server.store.records import all_records
from sync.alert_records import Alert, ContactTask, Duty
from sync.duties import id_of
from sync.records import Household


def faults(tx: Tx, community_id: str) -> Iterator[str]:
    """One sentence for each duty, hop or message that nothing bears out."""
    alerts = {
        one.id: one for one in all_records(tx, community_id, "alert") if isinstance(one, Alert)
    }
    for one in alerts.values():
        if one.merged_into and one.merged_into not in alerts:
            yield f"alert: {one.id} was merged into one that is not there"
    for duty in all_records(tx, community_id, "duty"):
        assert isinstance(duty, Duty)
        yield from (f"duty: {duty.id} {said}" for said in _of_duty(duty, alerts))
    merged = {one.id: one.merged_ids for one in _doors(tx, community_id)}
    for task in all_records(tx, community_id, "contact_task"):
        assert isinstance(task, ContactTask)
        doors = (task.household_id, *merged.get(task.household_id, ()))
        if task.id not in [id_of(task.incident_id, door) for door in doors]:
            yield f"contact_task: {task.id} is not named after its warning and door"
    yield from _hop_faults(tx, community_id)
    for message_id, incident_id in tx.tuples(
        """
        select id, incident_id from alert_message
        where community_id = :community and incident_id <> ''
        order by id
        """,
        community=community_id,
    ):
        if incident_id not in alerts:
            yield f"alert: message {message_id} is of a warning that is not there"


def _doors(tx: Tx, community_id: str) -> list[Household]:
    found = all_records(tx, community_id, "household")
    return [one for one in found if isinstance(one, Household)]


def _of_duty(duty: Duty, alerts: dict[str, Alert]) -> Iterator[str]:
    alert = alerts.get(duty.incident_id)
    if alert is None:
        yield "is of a warning that is not there"
        return
    if duty.id != id_of(alert.id, duty.person_id):
        yield "is not named after its warning and person"
    is_kept_back = not alert.is_public and duty.role in ("leader", "deputy")
    if (duty.state, duty.edition) != (alert.state, alert.edition) and not is_kept_back:
        yield "says otherwise than its warning"


def _hop_faults(tx: Tx, community_id: str) -> Iterator[str]:
    """Each hop is the earliest of its events."""
    kept = tx.tuples(
        """
        select incident_id, building_id, hop, event_id, at from alert_hop
        where community_id = :community
        """,
        community=community_id,
    )
    happened = tx.tuples(
        """
        select incident_id, building_id, hop, id, at from (
          select incident_id, building_id, hop, id, at, row_number() over (
            partition by incident_id, building_id, hop order by at, id
          ) as place
          from alert_event
          where community_id = :community and building_id <> ''
        ) as ordered
        where place = 1
        """,
        community=community_id,
    )
    for incident_id, building_id, hop, *_ in sorted(set(kept) ^ set(happened)):
        yield f"alert: {hop} of {incident_id} at {building_id} is not the first of its events"
