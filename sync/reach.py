"""How many a warning has reached: sent, claimed and confirmed apart, in buildings and doors."""

from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta

from msgspec import Struct

from sync.cascade import Building, Event, Reached, Roster

LAST = datetime.max.replace(tzinfo=UTC)
# How a building stands, in one word: what stops somebody comes before how far they came.
LOOKS = ("unreachable", "stale", "confirmed", "claimed", "heard", "delivered", "sent", "none")


class Count(Struct, frozen=True, kw_only=True):
    """Three numbers that are never added: what was sent, what people say, what was seen.

    Whoever handed on a text that has been replaced since said so, and yet nothing is confirmed.
    """

    all: int
    sent: int
    claimed: int
    confirmed: int


class Spread(Struct, frozen=True, kw_only=True):
    """From the source's time until half, nine tenths and all of the buildings had come so far."""

    t50: timedelta | None
    t90: timedelta | None
    t100: timedelta | None


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
    forwarded = spread(found, "forwarded", sent_at)
    return Coverage(
        buildings=buildings(found),
        households=households(found),
        leaders_acknowledged=len(acknowledged),
        leaders=len(roster.leaders),
        t50=forwarded.t50,
        t90=forwarded.t90,
        t100=forwarded.t100,
    )


def buildings(found: Iterable[Reached]) -> Count:
    return _count(list(found), lambda one: 1)


def households(found: Iterable[Reached]) -> Count:
    """The doors behind those buildings: whether anybody there read it nobody knows."""
    return _count(list(found), lambda one: one.households)


def grids(found: Iterable[Reached]) -> Count:
    """A grid has come so far when each of its buildings has; sent is one that was told at all."""
    rows: dict[str, list[Reached]] = {}
    for one in found:
        rows.setdefault(one.building.grid_id, []).append(one)

    def whole(hop: str) -> int:
        return sum(all(_counts(one, hop) for one in row) for row in rows.values())

    return Count(
        all=len(rows),
        sent=sum(any(one.has("sent") for one in row) for row in rows.values()),
        claimed=whole("forwarded"),
        confirmed=whole("confirmed"),
    )


def _count(found: list[Reached], weight: Callable[[Building], int]) -> Count:
    def of(hop: str) -> int:
        return sum(weight(one.building) for one in found if _counts(one, hop))

    everything = sum(weight(one.building) for one in found)
    return Count(
        all=everything, sent=of("sent"), claimed=of("forwarded"), confirmed=of("confirmed")
    )


def _counts(one: Reached, hop: str) -> bool:
    return one.has(hop) and not (hop == "confirmed" and one.is_stale)


def spread(found: Iterable[Reached], hop: str, since: datetime) -> Spread:
    """None where so many have not come so far."""
    rows = list(found)
    times = sorted(at for one in rows if (at := one.at(hop)))
    return Spread(
        t50=_until(times, len(rows), 50, since),
        t90=_until(times, len(rows), 90, since),
        t100=_until(times, len(rows), 100, since),
    )


def _until(times: list[datetime], total: int, percent: int, since: datetime) -> timedelta | None:
    """None until so many have."""
    needed = -(-total * percent // 100)
    return times[needed - 1] - since if 0 < needed <= len(times) else None


def look(one: Reached) -> str:
    """One of LOOKS."""
    if one.is_unreachable:
        return "unreachable"
    if one.is_stale:
        return "stale"
    if one.is_behind:
        return "delivered"
    ways = {"confirmed": "confirmed", "forwarded": "claimed", "acknowledged": "heard"}
    ways |= {"delivered": "delivered", "sent": "sent"}
    return next((word for hop, word in ways.items() if one.has(hop)), "none")


def until(events: Iterable[Event], now: datetime) -> list[Event]:
    """What had happened by then, by its true time: also what was told only later."""
    return [one for one in events if one.at <= now]


def silent(found: list[Reached]) -> list[Reached]:
    """Buildings of which nobody has said anything to this text, those asked first in front."""
    waiting = [one for one in found if one.is_behind or not one.has("acknowledged")]
    return sorted(waiting, key=lambda one: one.at("sent") or LAST)
