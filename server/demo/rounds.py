"""On which days each door is seen, so that the intervals hold and few doors are overdue today.

Plans run backwards from today: each door gets the day on which it is due next, its last visit lies
one interval before that, and earlier visits about an interval apart, for about half a year: from
the first day of a month on, so that every month that is over was a whole one.
"""

import random
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, timedelta

from server.demo.shapes import Building, Household, Person, Resident, Town
from server.demo.staff import visitor_of
from sync.care import AMBER_DAYS, DEFAULT_INTERVALS, HIGH_RISK, ORDINARY, is_high_risk, tightest

# Nobody knocked earlier: what is overdue today and is seen twice a year was seen after this.
_HISTORY_DAYS = 187
OVERDUE_SHARE = 0.06

_LEAST_TODAY = 2

# How many of the doors of an interval are overdue, and by how many days at most. The doors seen
# least often take the rest of the share.
_OVERDUE = {7: (0.03, 2), 15: (0.035, 3), 31: (0.055, 9)}
_OVERDUE_RARELY_SEEN = {92: 24, 183: 3}

# Mostly on the day or a little early; one in eight to ten comes late.
_DRIFT = {
    7: (-1, 0, 0, 0, 0, 0, 0, 0, 0, 1),
    15: (-2, -1, -1, 0, 0, 0, 0, 1),
    31: (-6, -5, -4, -4, -3, -3, -2, -1, 0, 1),
    92: (-14, -6, 0, 4, 8),
    183: (-20, -8, 0),
}
# Of those who are seen once a month, so many are missed in a month: the rate is not always 100 %.
_MISSED = 0.015


@dataclass(slots=True)
class Round:
    """A door's visits: days of effective contact, oldest first; `due` follows the last."""

    household: Household
    building: Building
    visitor: Person
    interval: int
    needs: dict[str, int]
    due: date
    days: list[date] = field(default_factory=list)

    @property
    def last(self) -> date:
        return self.days[-1]


def rounds_of(rng: random.Random, town: Town) -> list[Round]:
    """One round per door, in walking order."""
    visitors = visitor_of(town.people)
    buildings = {one.id: one for one in town.buildings}
    rounds = []
    for household in town.households:
        needs = _needs(household, town.today)
        interval = min([_door_interval(household), *needs.values()])
        building = buildings[household.building_id]
        visitor = visitors[building.id]
        rounds.append(Round(household, building, visitor, interval, needs, town.today))
    _choose_due_days(rng, rounds, town.today)
    for one in rounds:
        one.days = _days(rng, one, town.today)
    return rounds


def begins_on(today: date) -> date:
    """From when on people were seen regularly: the month after the one of the first knocks."""
    first = (today - timedelta(days=_HISTORY_DAYS)).replace(day=1)
    return (first + timedelta(days=31)).replace(day=1)


def included(one: Round) -> list[list[str]]:
    """For each visit, the people with a care category whom it meets: all due by the next one."""
    seen = {resident_id: date.min for resident_id in one.needs}
    found = []
    for index, day in enumerate(one.days):
        following = one.days[index + 1] if index + 1 < len(one.days) else one.due
        met = [
            resident_id
            for resident_id, interval in one.needs.items()
            if interval == one.interval
            or seen[resident_id] == date.min
            or seen[resident_id] + timedelta(days=interval) < following
        ]
        seen.update(dict.fromkeys(met, day))
        found.append(met)
    return found


def _needs(household: Household, today: date) -> dict[str, int]:
    """Interval by resident, for those whom a category asks to see."""
    needs = {}
    for one in household.residents:
        interval, category = tightest(_codes(one, today), DEFAULT_INTERVALS)
        if category != ORDINARY:
            needs[one.id] = interval
    return needs


def _codes(resident: Resident, today: date) -> list[str]:
    codes = list(resident.categories)
    if is_high_risk(codes, resident.birth_on, today.isoformat()):
        codes.append(HIGH_RISK)
    return codes


def _door_interval(household: Household) -> int:
    own = list(household.categories)
    if household.tenure in ("vacant", "rent"):
        own.append("vacant" if household.tenure == "vacant" else "tenant")
    return tightest(own, DEFAULT_INTERVALS)[0]


def _choose_due_days(rng: random.Random, rounds: list[Round], today: date) -> None:
    groups: dict[tuple[str, int], list[Round]] = defaultdict(list)
    overdue = _choose_overdue(rng, rounds, today)
    for one in rounds:
        if one.household.id not in overdue:
            groups[one.visitor.username, one.interval].append(one)
    for (_, interval), group in groups.items():
        # Evenly spread, so that every visitor has a usual day's work today, whatever the weekday.
        start = rng.random()
        for place, one in enumerate(rng.sample(group, len(group))):
            ahead = int((place + start) * interval / len(group)) % interval
            one.due = today + timedelta(days=ahead)
            if interval > 15 and 2 < ahead < interval - 1:
                last = one.due - timedelta(days=interval)
                one.due += _off_the_weekend(rng, last) - last
    _give_everybody_work([one for one in rounds if one.household.id not in overdue], today)


def _give_everybody_work(rounds: list[Round], today: date) -> None:
    """In a small community chance may leave somebody without a door for today."""
    by_visitor: dict[str, list[Round]] = defaultdict(list)
    for one in rounds:
        by_visitor[one.visitor.username].append(one)
    for mine in by_visitor.values():
        for one in sorted(mine, key=lambda one: one.due)[: min(_LEAST_TODAY, len(mine) // 2)]:
            one.due = today


def _choose_overdue(rng: random.Random, rounds: list[Round], today: date) -> set[str]:
    """Makes the overdue share of doors overdue, the more often a door is seen the fewer days."""
    chosen: set[str] = set()
    rare = [one for one in rounds if one.interval in _OVERDUE_RARELY_SEEN]
    for interval, (share, most_days) in _OVERDUE.items():
        group = [one for one in rounds if one.interval == interval]
        for one in rng.sample(group, round(share * len(group))):
            one.due = today - timedelta(days=rng.randint(1, most_days))
            chosen.add(one.household.id)
    left = max(0, round(OVERDUE_SHARE * len(rounds)) - len(chosen))
    for one in rng.sample(rare, min(len(rare), left)):
        one.due = today - timedelta(days=rng.randint(1, _OVERDUE_RARELY_SEEN[one.interval]))
        chosen.add(one.household.id)
    return chosen


def _days(rng: random.Random, one: Round, today: date) -> list[date]:
    """Days of effective contact, oldest first. The last decides when the door is due."""
    start = begins_on(today)
    days = [one.due - timedelta(days=one.interval)]
    while True:
        gap = one.interval + rng.choice(_DRIFT[one.interval])
        if one.interval == AMBER_DAYS and rng.random() < _MISSED:
            gap += one.interval
        before = days[-1] - timedelta(days=gap)
        if one.interval > 7:
            before = _off_the_weekend(rng, before)
        if before < start:
            return days[::-1]
        days.append(before)


def _off_the_weekend(rng: random.Random, day: date) -> date:
    """Most visits of a Saturday are made on Friday, most of a Sunday on Monday."""
    if day.weekday() < 5 or rng.random() < 0.25:
        return day
    return day + timedelta(days=1 if day.weekday() == 6 else -1)
