"""What is due against what people can do: counted, and never compared between people."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import Any, NamedTuple

from sync import days
from sync.holidays import Day

SOON, LATER = 7, 31
SPANS = (SOON, LATER)


class Load(NamedTuple):
    """Contacts that a span of days asks for: all, those at the door, those by telephone only."""

    contacts: int
    at_door: int
    by_phone: int


def contact_days(door: Mapping[str, Any], today: str, span: int) -> list[str]:
    """On which days a door is due until the last of so many days, today being the first; what is
    overdue is due today."""
    first = max(days.between(today, door["due_on"]), 0)
    return [days.after(today, n) for n in range(first, span, max(door["interval"], 1))]


def load(doors: Iterable[Mapping[str, Any]], today: str, span: int) -> Load:
    return _counted((one["due_method"], len(contact_days(one, today, span))) for one in doors)


def _counted(contacts: Iterable[tuple[str, int]]) -> Load:
    found: dict[str, int] = defaultdict(int)
    for method, n in contacts:
        found[method] += n
    return Load(sum(found.values()), found["door"], found["phone"])


class Goers:
    """Who goes to a building on a day: whoever holds it then and is not away.

    `holders` in the order of who goes first, with `from_on` and `until_on`; `away` the leaves of
    each person.
    """

    def __init__(
        self,
        holders: Sequence[Mapping[str, Any]],
        away: Mapping[str, Sequence[tuple[str, str]]],
    ) -> None:
        self._holders = grouped(holders, "building_id")
        self._away = away
        self._known: dict[tuple[str, str], Mapping[str, Any] | None] = {}

    def on(self, building_id: str, day: str) -> Mapping[str, Any] | None:
        key = building_id, day
        if key not in self._known:
            held = self._holders.get(building_id, ())
            self._known[key] = next((one for one in held if self._is_there(one, day)), None)
        return self._known[key]

    def _is_there(self, one: Mapping[str, Any], day: str) -> bool:
        if day < one["from_on"] or (one["until_on"] and day > one["until_on"]):
            return False
        return not any(first <= day <= last for first, last in self._away.get(one["id"], ()))

    def days_of(self, door: Mapping[str, Any], today: str, span: int) -> dict[str, list[str]]:
        """The days on which a door is due, by the id of who goes; "" where nobody does."""
        found: dict[str, list[str]] = {}
        for day in contact_days(door, today, span):
            goer = self.on(door["building_id"], day)
            found.setdefault(goer["id"] if goer else "", []).append(day)
        return found

    def load(self, doors: Sequence[Mapping[str, Any]], today: str, span: int, who: str) -> Load:
        """What a span asks of somebody; of everybody where `who` is ""."""
        asked = ((one["due_method"], self.days_of(one, today, span)) for one in doors)
        return _counted(
            (method, len(due))
            for method, days_of in asked
            for goer, due in days_of.items()
            if who in {"", goer}
        )

    def loads(self, doors: Sequence[Mapping[str, Any]], today: str) -> dict[str, list[Load]]:
        """For everybody who goes somewhere, and for "", what both spans ask for."""
        asked: dict[str, list[list[tuple[str, int]]]] = {}
        for at, span in enumerate(SPANS):
            for door in doors:
                for who, due in self.days_of(door, today, span).items():
                    mine = asked.setdefault(who, [[] for _ in SPANS])
                    mine[at].append((door["due_method"], len(due)))
        return {who: [_counted(one) for one in both] for who, both in asked.items()}


def carers(holders: Sequence[Mapping[str, Any]]) -> dict[str, Mapping[str, Any]]:
    """Who goes to each building as a rule: its worker, else the chief of the grid."""
    found: dict[str, Mapping[str, Any]] = {}
    for one in holders:
        found.setdefault(one["building_id"], one)
    return found


def workdays(
    today: str,
    span: int,
    away: Sequence[tuple[str, str]] = (),
    special: Mapping[str, Day] = MappingProxyType({}),
) -> int:
    """Days of work among the next ones: no weekends or holidays, but days worked for them, and none
    of a leave."""
    coming = [days.after(today, n) for n in range(span)]
    off = {day for day in coming for first, last in away if first <= day <= last}
    return sum(_is_worked(day, special) for day in coming if day not in off)


def _is_worked(day: str, special: Mapping[str, Day]) -> bool:
    return special[day].worked if day in special else days.weekday(day) < 5


def grouped(rows: Iterable[Mapping[str, Any]], key: str) -> dict[str, list[Mapping[str, Any]]]:
    found: dict[str, list[Mapping[str, Any]]] = {}
    for one in rows:
        found.setdefault(one[key], []).append(one)
    return found
