"""Who hands a warning on, who has, and who is asked next: community, grids, leaders, buildings.

The people and doors are those of the moment it began; who joins later is told, too, and changes no
denominator. What happened is a list of events that never goes backwards: the same event twice, or
late, or in another order, gives the same state.
"""

from collections.abc import Iterable
from datetime import datetime, time, timedelta

from msgspec import Struct
from msgspec.structs import replace

# How far a building has come. `unreachable` stands beside these.
HOPS = ("sent", "accepted", "delivered", "acknowledged", "forwarded", "confirmed")
RANK = {hop: rank for rank, hop in enumerate(HOPS, 1)}
LOUD = {"orange", "red"}
SOON = timedelta(hours=2)
LATE = timedelta(minutes=1)


class Timers(Struct, frozen=True, kw_only=True):
    """Minutes of silence after which somebody is asked; for red half of them."""

    repeat: float = 3
    deputy: float = 5
    chief: float = 8
    secretary: float = 10

    def of(self, colour: str) -> "Timers":
        if colour != "red":
            return self
        return Timers(
            repeat=self.repeat / 2,
            deputy=self.deputy / 2,
            chief=self.chief / 2,
            secretary=self.secretary / 2,
        )


class Building(Struct, frozen=True, kw_only=True):
    """A leaf: whoever leads it hands the warning to its households."""

    id: str
    label: str
    grid_id: str
    leader_id: str = ""  # "": nobody leads it, the chief is asked at once
    deputy_id: str = ""
    chief_id: str = ""
    households: int = 0


class Roster(Struct, frozen=True, kw_only=True):
    """As it was when the cascade began. `from_at` is when leaders are asked: later at night."""

    started_at: datetime
    from_at: datetime
    buildings: tuple[Building, ...]
    secretary_id: str = ""

    @property
    def households(self) -> int:
        return sum(one.households for one in self.buildings)

    @property
    def leaders(self) -> frozenset[str]:
        return frozenset(one.leader_id for one in self.buildings if one.leader_id)


class Event(Struct, frozen=True, kw_only=True):
    """Something that happened once. `at` is true time: the device's, put right by its offset."""

    id: str
    hop: str  # of HOPS, or "unreachable"
    building_id: str
    at: datetime
    received_at: datetime
    person_id: str = ""
    edition: int = 1  # of the text that was handed on
    channel: str = ""
    incident_id: str = ""


class Reached(Struct, frozen=True, kw_only=True):
    """How far a building has come, and when each hop was first taken."""

    building: Building
    hops: dict[str, Event]
    is_unreachable: bool = False
    is_stale: bool = False  # what was forwarded has been replaced since
    is_behind: bool = False  # nobody there has said anything since the text was replaced

    @property
    def rank(self) -> int:
        return max((RANK[hop] for hop in self.hops), default=0)

    def has(self, hop: str) -> bool:
        return self.rank >= RANK[hop]

    def at(self, hop: str) -> datetime | None:
        """When it had come so far: a later hop that was heard of first counts for it, too."""
        taken = [one.at for name, one in self.hops.items() if RANK[name] >= RANK[hop]]
        return min(taken, default=None)

    def is_late(self, hop: str) -> bool:
        """It was recorded without a network and told afterwards."""
        event = self.hops.get(hop)
        return event is not None and event.received_at - event.at > LATE


def asks_households_at(
    now: datetime, colour: str, onset: datetime | None, quiet: tuple[time, time]
) -> datetime:
    """When households may be told. `now` is the community's time; `quiet` may pass midnight.

    White, blue and yellow wait for the morning, but not past two hours before it begins; orange and
    red never wait. Staff is told at once in any case.
    """
    begins, ends = quiet
    clock = now.timetz().replace(tzinfo=None)
    is_night = begins <= clock or clock < ends if begins > ends else begins <= clock < ends
    if not is_night or colour in LOUD:
        return now
    morning = now.replace(hour=ends.hour, minute=ends.minute, second=0, microsecond=0)
    morning = morning if morning > now else morning + timedelta(days=1)
    return morning if onset is None else max(now, min(morning, onset - SOON))


def reached(roster: Roster, events: Iterable[Event], edition: int = 1) -> list[Reached]:
    """Every building with what is known of it. Each hop keeps its earliest event."""
    known = {one.id for one in roster.buildings}
    hops: dict[str, dict[str, Event]] = {one: {} for one in known}
    positive: dict[str, datetime] = {}
    lost: dict[str, datetime] = {}
    newest: dict[str, int] = {}
    heard: dict[str, int] = {}
    # Whoever leads several buildings says something of all of them at once, under one id.
    once = {(one.id, one.building_id): one for one in events}
    for event in sorted(once.values(), key=lambda one: (one.at, one.id)):
        if event.building_id not in known:
            continue
        if event.hop == "unreachable":
            lost[event.building_id] = event.at
            continue
        hops[event.building_id].setdefault(event.hop, event)
        if RANK[event.hop] >= RANK["delivered"]:
            positive[event.building_id] = event.at
        if RANK[event.hop] >= RANK["acknowledged"]:
            heard[event.building_id] = max(heard.get(event.building_id, 0), event.edition)
        if event.hop == "forwarded":
            newest[event.building_id] = max(newest.get(event.building_id, 0), event.edition)
    return [
        Reached(
            building=one,
            hops=hops[one.id],
            is_unreachable=one.id in lost
            and (one.id not in positive or positive[one.id] < lost[one.id]),
            is_stale=0 < newest.get(one.id, 0) < edition,
            is_behind=0 < heard.get(one.id, 0) < edition,
        )
        for one in roster.buildings
    ]


class Step(Struct, frozen=True, kw_only=True):
    """Somebody is asked because of somebody's silence."""

    at: datetime
    kind: str  # repeat, deputy, chief, secretary
    to: str  # person id
    building_ids: tuple[str, ...]


def steps(roster: Roster, timers: Timers, leader_id: str) -> list[Step]:
    """Who is asked, and when, as long as a leader says nothing.

    Where there is no deputy nobody waits for one: the chief is asked in their place; where there is
    neither leader nor chief the secretary is.
    """
    own = [one for one in roster.buildings if one.leader_id == leader_id]
    found = [_step(roster, timers.repeat, "repeat", leader_id, own)] if leader_id else []
    for building in own:
        ladder = [
            ("deputy", timers.deputy, building.deputy_id),
            ("chief", timers.chief, building.chief_id),
        ]
        if not leader_id:
            ladder = [("chief", 0, building.chief_id)]
        elif not building.deputy_id:
            ladder = [("chief", timers.deputy, building.chief_id)]
        is_somebody = leader_id or building.chief_id
        ladder.append(("secretary", timers.secretary if is_somebody else 0, roster.secretary_id))
        found += [
            _step(roster, minutes, kind, to, [building]) for kind, minutes, to in ladder if to
        ]
    return _merged(found)


def _step(roster: Roster, minutes: float, kind: str, to: str, buildings: list[Building]) -> Step:
    at = roster.from_at + timedelta(minutes=minutes)
    return Step(at=at, kind=kind, to=to, building_ids=tuple(one.id for one in buildings))


def _merged(found: list[Step]) -> list[Step]:
    """One question about several buildings is asked once."""
    rows: dict[tuple[datetime, str, str], list[str]] = {}
    for one in found:
        rows.setdefault((one.at, one.kind, one.to), []).extend(one.building_ids)
    return [
        Step(at=at, kind=kind, to=to, building_ids=tuple(dict.fromkeys(ids)))
        for (at, kind, to), ids in sorted(rows.items())
    ]


def times(roster: Roster, timers: Timers) -> list[datetime]:
    """When steps may fall due at all, whoever is silent."""
    minutes = {timers.repeat, timers.deputy, timers.chief, timers.secretary}
    if any(not one.leader_id for one in roster.buildings):
        minutes.add(0)
    return [roster.from_at + timedelta(minutes=one) for one in sorted(minutes)]


def due(roster: Roster, timers: Timers, events: Iterable[Event], now: datetime) -> list[Step]:
    """The steps that were due until now, each for the buildings that were silent at its time.

    What had not arrived by then could not count: a step that was taken stays in the list when an
    earlier confirmation comes in late.
    """
    heard: dict[str, datetime] = {}
    for event in events:
        if event.hop != "unreachable" and RANK[event.hop] >= RANK["acknowledged"]:
            at = heard.get(event.building_id, event.received_at)
            heard[event.building_id] = min(at, event.received_at)
    own: dict[str, list[Building]] = {}
    for one in roster.buildings:
        own.setdefault(one.leader_id, []).append(one)
    found = []
    for leader_id, buildings in sorted(own.items()):
        for step in steps(replace(roster, buildings=tuple(buildings)), timers, leader_id):
            silent = tuple(
                one for one in step.building_ids if one not in heard or heard[one] > step.at
            )
            if step.at <= now and silent:
                found.append(Step(at=step.at, kind=step.kind, to=step.to, building_ids=silent))
    return _merged(found)
