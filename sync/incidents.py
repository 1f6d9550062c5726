"""Messages chain into incidents: one warning from its first word to its end.

What an incident is follows from the set of its messages alone, never from the order in which they
came. A message belongs to those it references, and to the one before it of the same sender and
kind where it references none. What somebody here pasted or wrote belongs to what is going on of
that kind, whoever sent it.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from itertools import pairwise

from msgspec import Struct

from sync.alert_areas import grows
from sync.alert_matches import confirms, may_be_one
from sync.alert_signs import Key, Sign
from sync.alert_words import RANK

# Without an end of its own a warning holds so long: a red one is soon renewed or over.
HOLDS = {"red": timedelta(hours=12), "orange": timedelta(hours=12)}
HOLDS_ELSE = timedelta(hours=24)
# An end beyond what messages are remembered for is a way of saying that there is none.
LONGEST = timedelta(days=90)
# The same signal so long after the end of the last is another incident.
APART = timedelta(hours=2)


class Incident(Struct, frozen=True, kw_only=True):
    """Messages in the order they were sent; `head` is the one that holds now."""

    signs: tuple[Sign, ...]
    head: Sign

    @property
    def keys(self) -> frozenset[Key]:
        return frozenset(one.key for one in self.signs)

    @property
    def is_closed(self) -> bool:
        return self.head.closes

    @property
    def is_drill(self) -> bool:
        return self.head.is_drill

    @property
    def kind(self) -> str:
        return _last_said(self, "kind")

    @property
    def colour(self) -> str:
        return _last_said(self, "colour")

    @property
    def ends_at(self) -> datetime:
        return ends_at(self.head, self.colour)

    def state(self, now: datetime) -> str:
        """open, closed, or expired: over without a word."""
        if self.is_closed:
            return "closed"
        return "expired" if now >= self.ends_at else "open"


def _last_said(incident: Incident, name: str) -> str:
    """A cancel often says nothing but what it cancels."""
    said = [str(getattr(incident.head, name))]
    said += [str(getattr(one, name)) for one in reversed(incident.signs)]
    return next((word for word in said if word), "")


def ends_at(sign: Sign, colour: str) -> datetime:
    """When it is over by itself: its own end, or so long as its colour holds."""
    if sign.expires and sign.sent < sign.expires <= sign.sent + LONGEST:
        return sign.expires
    return sign.sent + HOLDS.get(colour, HOLDS_ELSE)


def incidents(signs: Iterable[Sign]) -> list[Incident]:
    """All incidents of these messages, the latest first. No drill is ever part of a real one."""
    ordered = sorted({one.key: one for one in signs}.values(), key=_order)
    found = []
    for is_drill in (False, True):
        alike = [one for one in ordered if one.is_drill == is_drill]
        links = _links(alike)
        found += [_incident(group, links) for group in _joined(alike, links)]
    return sorted(found, key=lambda one: _order(one.signs[-1]), reverse=True)


def _order(sign: Sign) -> tuple[datetime, Key]:
    return sign.sent, sign.key


def _links(ordered: list[Sign]) -> dict[Key, set[Key]]:
    """Which earlier messages each speaks of: by reference, else by sender and kind."""
    links = {one.key: set(one.references) for one in ordered}
    rows: dict[tuple[str, str], list[Sign]] = {}
    for one in ordered:
        if one.kind:
            rows.setdefault((one.key[0], one.kind), []).append(one)
    for row in rows.values():
        for before, after in pairwise(row):
            if not after.references and _goes_on(before, after):
                links[after.key].add(before.key)
    _link_local(ordered, links)
    return links


def _link_local(ordered: list[Sign], links: dict[Key, set[Key]]) -> None:
    """A text that was pasted, and what its sender says of the same: of one minute they are one."""
    kinds: dict[str, list[Sign]] = {}
    for one in ordered:
        if one.kind:
            kinds.setdefault(one.kind, []).append(one)
    for row in kinds.values():
        for local in (one for one in row if one.is_local):
            for other in (one for one in row if not one.is_local and confirms(one, local)):
                links[other.key].add(local.key)
        for before, after in pairwise(row):
            if before.is_local == after.is_local or confirms(after, before):
                continue
            if not may_be_one(before.areas, after.areas):
                continue
            if not after.references and _goes_on(before, after):
                links[after.key].add(before.key)


def _goes_on(before: Sign, after: Sign) -> bool:
    if before.closes:
        return False
    return after.closes or after.sent <= ends_at(before, before.colour) + APART


def _joined(ordered: list[Sign], links: dict[Key, set[Key]]) -> list[list[Sign]]:
    """Groups of messages that are linked, also over one that never came."""
    root: dict[Key, Key] = {}

    def find(key: Key) -> Key:
        while root.setdefault(key, key) != key:
            root[key] = root[root[key]]
            key = root[key]
        return key

    for key, others in links.items():
        for other in others:
            root[find(other)] = find(key)
    groups: dict[Key, list[Sign]] = {}
    for one in ordered:
        groups.setdefault(find(one.key), []).append(one)
    return list(groups.values())


def _incident(group: list[Sign], links: dict[Key, set[Key]]) -> Incident:
    """The head is the latest that no other speaks of: a cancel that came early still ends it."""
    spoken_of = {other for one in group for other in links[one.key]}
    heads = [one for one in group if one.key not in spoken_of]
    return Incident(signs=tuple(group), head=(heads or group)[-1])


def wakes(before: Incident | None, after: Incident) -> bool:
    """Whether people are told again: a material change, which a mere renewal is not.

    Colour up, another kind, an area that reaches further, an earlier onset, the end; and that
    everybody may know now.
    """
    if before is None:
        return not after.is_closed
    if before.is_closed != after.is_closed:
        return True
    if after.is_closed or before.head.key == after.head.key:
        return False
    old, new = before.head, after.head
    is_earlier = old.onset is not None and new.onset is not None and new.onset < old.onset
    return (
        RANK[after.colour] > RANK[before.colour]
        or after.kind != before.kind
        or _reaches_further(old, new)
        or is_earlier
        or (new.is_public and not old.is_public)
    )


def _reaches_further(old: Sign, new: Sign) -> bool:
    """An area that somebody typed compares with none that a service drew."""
    return old.is_local == new.is_local and grows(old.areas, new.areas)
