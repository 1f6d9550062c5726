"""What the board, the replay and the report of one warning are drawn from: read once, here."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from server.office.alert_map import Place
from sync.cascade import Event, Reached, Roster, Step, Timers, reached
from sync.reach import until


class Who(NamedTuple):
    name: str
    phone: str


class Facts(NamedTuple):
    """`events` are the first of each hop, and what was handed on last: not all that happened."""

    sent_at: datetime
    ended_at: datetime | None  # closed or expired
    edition: int
    timers: Timers
    roster: Roster
    events: Sequence[Event]
    steps: Sequence[Step]  # that were taken
    people: Mapping[str, Who]
    places: Mapping[str, Place]
    new_doors: int
    stood_down: int = 0  # buildings to which the end was handed on

    def name(self, person_id: str) -> str:
        return self.people[person_id].name if person_id in self.people else "已离开的人"

    def phone(self, person_id: str) -> str:
        return self.people[person_id].phone if person_id in self.people else ""

    def place(self, building_id: str) -> Place:
        return self.places[building_id]

    def asked_at(self, now: datetime) -> dict[str, datetime]:
        """By building when the newest text until then was sent there."""
        known = until(self.events, now)
        sent = sorted((one.at, one.building_id) for one in known if one.hop == "sent")
        return {building_id: at for at, building_id in sent}

    def label(self, building_id: str) -> str:
        place = self.places[building_id]
        return f"{place.compound} {place.name}"

    def reached(self, now: datetime | None = None) -> list[Reached]:
        """How far every building is, or had come by then. What was stale then nobody knows now."""
        if now is None:
            return reached(self.roster, self.events, self.edition)
        return reached(self.roster, until(self.events, now))
