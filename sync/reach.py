"""How many a warning has reached: sent, claimed and confirmed apart, in buildings and doors."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from msgspec import Struct

from sync.cascade import Building, Reached, Roster

LAST = datetime.max.replace(tzinfo=UTC)


class Count(Struct, frozen=True, kw_only=True):
    """Three numbers that are never added: what was sent, what people say, what was seen."""

    all: int
    sent: int
    claimed: int
    confirmed: int


class Coverage(Struct, frozen=True, kw_only=True):
    buildings: Count
    households: Count
    leaders_acknowledged: int
    leaders: int
    t50: timedelta | None  # from the source's time until so many buildings had forwarded
    t90: timedelta | None
    t100: timedelta | None


def coverage(roster: Roster, found: list[Reached], sent_at: datetime) -> Coverage:
    acknowledged = {
        one.building.leader_id
        for one in found
        if one.building.leader_id and one.has("acknowledged")
    }
    times = sorted(at for one in found if (at := one.at("forwarded")))
    return Coverage(
        buildings=_count(found, lambda one: 1),
        households=_count(found, lambda one: one.households),
        leaders_acknowledged=len(acknowledged),
        leaders=len(roster.leaders),
        t50=_until(times, len(found), 50, sent_at),
        t90=_until(times, len(found), 90, sent_at),
        t100=_until(times, len(found), 100, sent_at),
    )


def _count(found: list[Reached], weight: Callable[[Building], int]) -> Count:
    def of(hop: str) -> int:
        return sum(weight(one.building) for one in found if one.has(hop))

    everything = sum(weight(one.building) for one in found)
    return Count(
        all=everything, sent=of("sent"), claimed=of("forwarded"), confirmed=of("confirmed")
    )


def _until(times: list[datetime], total: int, percent: int, since: datetime) -> timedelta | None:
    """None until so many have."""
    needed = -(-total * percent // 100)
    return times[needed - 1] - since if 0 < needed <= len(times) else None


def silent(found: list[Reached]) -> list[Reached]:
    """Buildings of which nobody has said anything, those that were asked first in front."""
    waiting = [one for one in found if not one.has("acknowledged")]
    return sorted(waiting, key=lambda one: one.at("sent") or LAST)
