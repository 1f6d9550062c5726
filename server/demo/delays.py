"""When each act reached the server: minutes later as a rule, hours after a day without signal."""

import math
import random
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable
from datetime import date

from server.demo.ids import MINUTE_MS, instant_ms, local_day
from server.demo.stream import Act

# Together these give a median of 11 minutes and one act in twenty later than five hours.
_TYPICAL_MINUTES = 9.3
_SPREAD = 0.85
_OFFLINE_DAYS = 0.117
_OVERNIGHT = 0.05


def receive(rng: random.Random, acts: Iterable[Act], today: date) -> None:
    """A phone sends what it has in order, so nothing arrives before what it recorded earlier."""
    latest = instant_ms(today, 0) - 1000
    by_device: dict[str, list[Act]] = defaultdict(list)
    for act in acts:
        by_device[act.device_id].append(act)
    for device_id in sorted(by_device):
        own = sorted(by_device[device_id], key=lambda act: (act.at_ms, act.id))
        signal = _back_online(rng, own)
        before = 0
        for act in own:
            if not act.received_at:
                minutes = rng.lognormvariate(math.log(_TYPICAL_MINUTES), _SPREAD)
                act.received_at = signal.get(local_day(act.at_ms), 0)
                act.received_at = max(act.received_at, act.at_ms + round(minutes * MINUTE_MS))
            before = max(before, act.at_ms, min(act.received_at, latest))
            act.received_at = before


class Arrivals:
    """When something recorded on a phone would arrive, behind what it recorded earlier."""

    def __init__(self, acts: Iterable[Act]) -> None:
        self._moments: dict[str, tuple[list[int], list[int]]] = {}
        for act in sorted(acts, key=lambda act: act.at_ms):
            ats, received = self._moments.setdefault(act.device_id, ([], []))
            ats.append(act.at_ms)
            received.append(max(act.received_at, received[-1] if received else 0))

    def of(self, device_id: str, at_ms: int) -> int:
        ats, received = self._moments.get(device_id, ([], []))
        before = bisect_right(ats, at_ms)
        return max(at_ms, received[before - 1] if before else 0)


def keep_order(acts: Iterable[Act]) -> None:
    """Nothing arrives before what the same phone recorded earlier."""
    latest: dict[str, int] = {}
    for act in sorted(acts, key=lambda act: (act.at_ms, act.id)):
        act.received_at = max(act.received_at, latest.get(act.device_id, 0))
        latest[act.device_id] = act.received_at


def _back_online(rng: random.Random, own: list[Act]) -> dict[date, int]:
    """Days on which the phone found no network before the evening, or the next morning."""
    last: dict[date, int] = {}
    for act in own:
        last[local_day(act.at_ms)] = act.at_ms
    back = {}
    for day, at_ms in last.items():
        if rng.random() < _OFFLINE_DAYS:
            back[day] = at_ms + rng.randint(15, 70) * MINUTE_MS
            if rng.random() < _OVERNIGHT:
                back[day] = max(back[day], instant_ms(day, 24 * 60 + 525))
    return back
