"""Which phones have fetched what a warning asks of their holder: their cursor has passed it."""

import threading
from collections.abc import Mapping
from functools import partial

from server.intake import Intake
from server.intake.writing import Writing
from server.people import Person
from server.store import alert_duties, alert_reach, system
from sync import duties
from sync.alert_records import Duty
from sync.cascade import Event

OWN = "person:"


class Deliveries:
    """Remembers which people's own streams have moved, so that a round trip costs a look."""

    def __init__(self, intake: Intake) -> None:
        self.intake = intake
        self._lock = threading.Lock()
        with intake.store.read() as tx:
            self._epoch = system.epoch(tx)
            self._moved = alert_duties.undelivered(tx)

    def heard(self, community_id: str, numbers: Mapping[str, int]) -> None:
        """Called by the writer's thread after a commit."""
        moved = {
            (community_id, stream.removeprefix(OWN)): seq
            for stream, seq in numbers.items()
            if stream.startswith(OWN)
        }
        if moved:
            with self._lock:
                self._moved |= moved

    def passed(self, person: Person, epoch: str | None, cursors: Mapping[str, int]) -> None:
        """A phone says how far it has read; what it has by now is noted without waiting."""
        key = person.community_id, person.id
        cursor = cursors.get(OWN + person.id, -1)
        if cursor < self._moved.get(key, cursor + 1) or epoch not in (None, self._epoch):
            return
        with self._lock:
            self._moved.pop(key, None)
        self.intake.later(person.community_id, partial(note, person_id=person.id, cursor=cursor))


def note(writing: Writing, person_id: str, cursor: int) -> None:
    """Somebody's phone has everything up to this number of their stream."""
    tx, home = writing.tx, writing.community_id
    events = []
    for duty_id in alert_duties.fetched(tx, home, person_id, cursor):
        duty = writing.records.get("duty", duty_id)
        assert isinstance(duty, Duty)
        own = [one["id"] for one in duty.buildings if one["is_own"]]
        events += [
            Event(
                id=duties.id_of(duty.incident_id, f"delivered {duty.edition} {person_id}"),
                hop="delivered",
                building_id=building_id,
                at=writing.now,
                received_at=writing.now,
                person_id=person_id,
                edition=duty.edition,
                incident_id=duty.incident_id,
            )
            for building_id in own or [""]
        ]
    alert_reach.add(tx, home, [one for one in events if not alert_reach.has(tx, home, one.id)])
