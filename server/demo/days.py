"""What time of day each call was made: along the way, inside the hours when people expect one."""

import random
from collections import defaultdict
from collections.abc import Iterable
from datetime import date

from server.demo.calls import Call
from server.demo.ids import MINUTE_MS, Minter, instant_ms

# 09:05–11:55 and 14:35–19:45, in minutes of the day.
_MORNING, _AFTERNOON = (545, 715), (875, 1185)
_MORNING_MINUTES = _MORNING[1] - _MORNING[0]
_DAY_MINUTES = _MORNING_MINUTES + _AFTERNOON[1] - _AFTERNOON[0]
_LEAST_GAP = 5.0
# Minutes between a knock that nobody answered and the call that did.
_FOUND_AFTER = (35, 110)


def set_times(rng: random.Random, calls: Iterable[Call], minter: Minter) -> list[Call]:
    """All calls in the order they were made, each with its instant and id."""
    groups: dict[tuple[str, date], list[Call]] = defaultdict(list)
    for call in calls:
        groups[call.visitor.username, call.day].append(call)
    for group in groups.values():
        _walk(rng, [call for call in group if not call.minute])
        for call in group:
            if call.minute:
                call.at_ms = instant_ms(call.day, call.minute)
        for call in group:
            if call.after is not None:
                call.at_ms = call.after.at_ms + rng.randint(*_FOUND_AFTER) * MINUTE_MS
    ordered = sorted((one for group in groups.values() for one in group), key=_moment)
    for call in ordered:
        call.id = minter.mint(call.at_ms)
    return ordered


def _walk(rng: random.Random, calls: list[Call]) -> None:
    """Doors in walking order, from the top floor down, then the telephone calls."""
    calls.sort(key=_way)
    gap = min(_LEAST_GAP, 0.8 * _DAY_MINUTES / max(1, len(calls)))
    spare = _DAY_MINUTES - gap * len(calls)
    moments = sorted(rng.random() * spare for _ in calls)
    earlier = 0
    for index, (call, moment) in enumerate(zip(calls, moments, strict=True)):
        minute = _MORNING[0] + moment + gap * index
        if minute > _MORNING[1]:
            minute += _AFTERNOON[0] - _MORNING[1]
        call.at_ms = instant_ms(call.day, minute)
        if call.type == "elder_care" and call.is_effective:
            inside = rng.randint(7, 24) * MINUTE_MS
            started = call.at_ms - max(2 * MINUTE_MS, min(inside, call.at_ms - earlier - MINUTE_MS))
            call.started_ms = max(started, instant_ms(call.day, _MORNING[0] - 4))
        earlier = call.at_ms


def _way(call: Call) -> tuple[bool, int, str, int, str]:
    home = call.household
    return call.method != "door", call.building.order, home.unit, -home.floor, home.door_no


def _moment(call: Call) -> tuple[int, str, str, str]:
    return call.at_ms, call.visitor.username, call.household.id, call.result
