"""Warnings of the last half year: nine, of which three are one typhoon that came nearer."""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from server.demo.bulletins import Bulletin, incident_id
from server.demo.ids import MINUTE_MS, instant_ms
from server.demo.shapes import Town

# Days ago, minute of the day and hours of the warnings that come alone, and of the typhoon.
_ALONE = ((17, 486, 5), (33, 932, 4), (71, 861, 4), (90, 495, 6), (110, 845, 5), (131, 471, 9))
_TYPHOON = ((49, 510, "blue"), (49, 965, "yellow"), (48, 475, "orange"))
_TYPHOON_HOURS, _TYPHOON_ENDS = 36, 1060
_STORMS = ("雷雨大风",) * 3
# Minutes from the service's time until the last of all buildings had it; the middle is 6.5.
_HOPS = (5.4, 6.5, 7.3, 5.9, 6.9, 4.8)
_TYPHOON_HOPS = (8.1, 6.2, 14.0)
_LIFTED_HOPS = 11.0
_JANUARY, _JULY = 1, 7


@dataclass(frozen=True, slots=True)
class Part:
    """A message that everybody is told, and in how many minutes the last building had it."""

    bulletin: Bulletin
    hop: float


@dataclass(frozen=True, slots=True)
class Storm:
    """A warning from its first message on; each part is an edition of its text."""

    id: str
    parts: tuple[Part, ...]

    @property
    def first(self) -> Bulletin:
        return self.parts[0].bulletin


def storms_of(town: Town) -> list[Storm]:
    """Newest first. Cold came in the coldest month there was, heat in the hottest."""
    rng = random.Random(f"{town.seed}:storms")
    days = [town.today - timedelta(days=ago) for ago, _, _ in _ALONE]
    cold = min(range(len(days)), key=lambda at: _months_from(days[at], _JANUARY))
    rest = [at for at in range(len(days)) if at != cold]
    heat = min(rest, key=lambda at: _months_from(days[at], _JULY))
    kinds = {cold: ("寒冷", "yellow"), heat: ("高温", "yellow")}
    others = iter((*((kind, "yellow") for kind in _STORMS), ("暴雨", "orange")))
    found = []
    for at, (_, minute, hours) in enumerate(_ALONE):
        kind, colour = kinds.get(at) or next(others)
        sent_ms = instant_ms(days[at], minute)
        begins = Bulletin(kind, colour, sent_ms, _received(rng, sent_ms), hours)
        found.append(_lifted(rng, town, [Part(begins, _HOPS[at])], hours * 60 - 35))
    found.append(_typhoon(rng, town))
    return sorted(found, key=lambda one: -one.first.sent_ms)


def _typhoon(rng: random.Random, town: Town) -> Storm:
    parts: list[Part] = []
    for (ago, minute, colour), hop in zip(_TYPHOON, _TYPHOON_HOPS, strict=True):
        sent_ms = instant_ms(town.today - timedelta(days=ago), minute)
        before = parts[-1].bulletin if parts else None
        action = "变更发布" if before else "发布"
        received_ms = _received(rng, sent_ms)
        told = Bulletin("台风", colour, sent_ms, received_ms, _TYPHOON_HOURS, action, before)
        parts.append(Part(told, hop))
    return _lifted(rng, town, parts, _TYPHOON_ENDS - _TYPHOON[-1][1])


def _lifted(rng: random.Random, town: Town, parts: list[Part], minutes: int) -> Storm:
    """The service says that it is over so many minutes after its last word."""
    last = parts[-1].bulletin
    sent_ms = last.sent_ms + minutes * MINUTE_MS
    received_ms = _received(rng, sent_ms)
    end = Bulletin(last.kind, last.colour, sent_ms, received_ms, 1, "解除", last)
    whole = (*parts, Part(end, _LIFTED_HOPS))
    return Storm(incident_id(town, whole[0].bulletin), whole)


def bulletins_of(storms: Sequence[Storm]) -> list[Bulletin]:
    """In the order in which they came."""
    found = [part.bulletin for one in storms for part in one.parts]
    return sorted(found, key=lambda one: one.received_ms)


def _received(rng: random.Random, sent_ms: int) -> int:
    return sent_ms + rng.randint(4_000, 19_000)


def _months_from(day: date, month: int) -> int:
    apart = abs(day.month - month)
    return min(apart, 12 - apart)
