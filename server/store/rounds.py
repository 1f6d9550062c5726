"""When a person visited which doors: the pace of visits is told from it."""

from bisect import bisect_left, bisect_right, insort
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any, NamedTuple

from server.store.database import Tx
from sync.records import Visit

# Enough to tell a pace from; a person who visits more is no person.
MOST_VISITS = 100


class Call(NamedTuple):
    """One visit that counts, in the order of time."""

    true_at: str
    id: str
    of: Mapping[str, Any]


class Rounds:
    """One person's visits by day (UTC), each day read when it is first asked for."""

    def __init__(self, tx: Tx, community_id: str, person_id: str) -> None:
        self.tx = tx
        self.community_id = community_id
        self.person_id = person_id
        self._days: dict[str, list[Call]] = {}
        self._put: dict[str, Visit] = {}

    def between(self, since: str, until: str) -> list[Mapping[str, Any]]:
        """Door, start and end of the last visits between two instants, both included."""
        found: list[Call] = []
        for day in _days(since[:10], until[:10]):
            calls = self._day(day)
            first = bisect_left(calls, (since,))
            found += calls[first : bisect_right(calls, (until, "~"))]
        return [one.of for one in found[-MOST_VISITS:]]

    def put(self, visit: Visit) -> None:
        """A visit of this person as it is from now on."""
        self._put[visit.id] = visit
        calls = self._days.get(visit.true_at[:10])
        if calls is None:
            return
        place = bisect_left(calls, (visit.true_at, visit.id))
        if place < len(calls) and calls[place].id == visit.id:
            del calls[place]
        if not visit.withdrawn:
            insort(calls, _call(visit))

    def _day(self, day: str) -> list[Call]:
        if day not in self._days:
            rows = self.tx.beneath(
                """
                select true_at, id, household_id, started_at, ended_at
                from visit
                where community_id = :community and "by" = :person
                  and true_at >= :day and true_at < :next and withdrawn = 0
                order by true_at, id
                """,
                community=self.community_id,
                person=self.person_id,
                day=day,
                next=day + "~",
            )
            put = [one for one in self._put.values() if one.true_at[:10] == day]
            changed = {one.id for one in put}
            calls = [
                Call(at, visit_id, {"household_id": door, "started_at": start, "ended_at": end})
                for at, visit_id, door, start, end in rows
                if visit_id not in changed
            ]
            calls += [_call(one) for one in put if not one.withdrawn]
            self._days[day] = sorted(calls)
        return self._days[day]


def _call(visit: Visit) -> Call:
    of = {
        "household_id": visit.household_id,
        "started_at": visit.started_at,
        "ended_at": visit.ended_at,
    }
    return Call(visit.true_at, visit.id, of)


def _days(first: str, last: str) -> list[str]:
    """The days from one to another, both included."""
    if first == last:
        return [first]
    day = date.fromisoformat(first)
    days = []
    while (text := day.isoformat()) <= last:
        days.append(text)
        day += timedelta(days=1)
    return days
