"""How a warning went from the leaders to their buildings: who told it when, and by which way."""

import random
from collections.abc import Iterable, Sequence
from typing import Any

from server.demo.ids import MINUTE_MS
from server.demo.shapes import Building, Person, Town
from server.demo.storms import Part, Storm
from server.demo.stream import Acts

_CHANNELS = ("wechat",) * 14 + ("sms", "loudspeaker", "door", "notice", "phone", "wechat")
_HOWS = ("reply",) * 7 + ("call", "call", "visit")
# Nobody is quicker; most are quick, a few take long.
_LEAST_MINUTES, _BENT = 0.45, 3.2
_ACKNOWLEDGED, _CONFIRMED, _OFFLINE, _TOLD_OF_END = 0.25, 0.3, 0.02, 0.4
# Where it takes longer, somebody of the staff went there after the leader did not answer.
_PATIENCE, _RANG_BEFORE = 10.0, 4.2


class Handing:
    """Adds what leaders, chiefs and the secretary did with one warning."""

    def __init__(self, town: Town, acts: Acts, storm: Storm, *, offline: float = _OFFLINE) -> None:
        self._rng = random.Random(f"{town.seed}:{storm.id}")
        self._town = town
        self._acts = acts
        self._id = storm.id
        self._offline = offline
        self._told_ms = 0
        self._seniors = [one for one in town.people if one.role in ("chief", "secretary")]

    def hand_on(self, part: Part, edition: int, but: Sequence[Building] = ()) -> None:
        """Everybody tells their building, the last of them after the minutes of this part."""
        rng, sent_ms = self._rng, part.bulletin.sent_ms
        self._told_ms = part.bulletin.received_ms
        told = [one for one in self._town.buildings if one not in but]
        minutes = [
            _LEAST_MINUTES + (part.hop - _LEAST_MINUTES) * rng.random() ** _BENT for _ in told
        ]
        minutes[minutes.index(max(minutes))] = part.hop
        for building, after in zip(told, minutes, strict=True):
            at_ms = max(sent_ms + round(after * MINUTE_MS), part.bulletin.received_ms + 2_000)
            if part.bulletin.is_end:
                if rng.random() < _TOLD_OF_END:
                    self.forward(building, self._town.leaders[building.id], at_ms, edition)
            elif after > _PATIENCE and after == part.hop:
                self._reach(building, at_ms, edition)
            else:
                self._tell(building, at_ms, edition, is_last=after == part.hop)
        if not part.bulletin.is_end:
            self._read(part, edition)

    def forward(self, building: Building, by: Person, at_ms: int, edition: int) -> None:
        channel = self._rng.choice(_CHANNELS)
        self._say(by, "alert.forward", at_ms, edition, building, channel=channel)

    def confirm(self, building: Building, by: Person, at_ms: int, edition: int) -> None:
        how = self._rng.choice(_HOWS)
        self._say(by, "alert.confirm", at_ms, edition, building, how=how)

    def acknowledge(self, by: Person, at_ms: int, edition: int) -> None:
        self._say(by, "alert.acknowledge", at_ms, edition)

    def _tell(self, building: Building, at_ms: int, edition: int, *, is_last: bool) -> None:
        rng, leader = self._rng, self._town.leaders[building.id]
        if not is_last and rng.random() < self._offline:
            late_ms = rng.randint(12, 45) * MINUTE_MS
            channel = rng.choice(_CHANNELS)
            kind = "alert.forward"
            self._say(leader, kind, at_ms, edition, building, late_ms=late_ms, channel=channel)
            return
        if rng.random() < _ACKNOWLEDGED:
            read_ms = max(at_ms - rng.randint(1_000, 15_000), self._told_ms + 500)
            self.acknowledge(leader, read_ms, edition)
        self.forward(building, leader, at_ms, edition)
        if rng.random() < _CONFIRMED:
            self.confirm(building, leader, at_ms + rng.randint(1, 40) * MINUTE_MS, edition)

    def _reach(self, building: Building, at_ms: int, edition: int) -> None:
        """The chief of the grid rings the leader in vain and goes to the building."""
        chief = _chief_of(building, self._seniors)
        rang_ms = at_ms - round(_RANG_BEFORE * MINUTE_MS)
        self._say(chief, "alert.unreachable", rang_ms, edition, building)
        self._say(chief, "alert.forward", at_ms, edition, building, channel="loudspeaker")

    def _read(self, part: Part, edition: int) -> None:
        """At once, and again after they were asked about who is silent."""
        for one in self._seniors:
            for least, most in ((20, 200), (630, 780)):
                at_ms = part.bulletin.received_ms + self._rng.randint(1000 * least, 1000 * most)
                self.acknowledge(one, at_ms, edition)

    def _say(
        self,
        by: Person,
        kind: str,
        at_ms: int,
        edition: int,
        building: Building | None = None,
        *,
        late_ms: int = 0,
        **more: Any,
    ) -> None:
        about = {"building_id": building.id} if building else {}
        data = {"incident_id": self._id, **about, "edition": edition, **more}
        received_ms = at_ms + late_ms + self._rng.randint(300, 2_400)
        self._acts.add((by.id, by.device_id), at_ms, kind, data, received_at=received_ms)


def _chief_of(building: Building, people: Iterable[Person]) -> Person:
    return next(one for one in people if building.id in one.building_ids)
