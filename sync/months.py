"""A calendar month of the register: who counted, who was reached, how often and how punctually.

The rate is that of the ministries' guidance (DOMAIN §6): distinct older people in special
difficulty with an effective contact in the month, out of all who are on the register on its last
day, less those in hospital, in an institution, away, or who declined in writing; these are shown
apart. Months are calendar months of the community, "YYYY-MM"; days "YYYY-MM-DD".
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from sync import days
from sync.care import RED_DAYS, categories_of, tightest
from sync.coverage import apart, is_special_elder
from sync.records import Resident

REFUSED = "refused"


class Meeting(NamedTuple):
    """One effective contact with a person: its day and how."""

    on: str
    method: str


class Standing(NamedTuple):
    """One person in one month. `apart` says why they are not counted; "" when they are.

    `due` are the contacts that fell due in the month, `on_time` those of them that were made by
    their day.
    """

    resident_id: str
    building_id: str
    categories: list[str]
    interval: int
    apart: str
    seen_on: str
    contacts: int
    at_door: int
    due: int
    on_time: int


def standing(
    resident: Resident,
    month: str,
    until: str,
    meetings: Sequence[Meeting],
    intervals: Mapping[str, int],
    *,
    refused_in_writing: bool = False,
) -> Standing | None:
    """How a month up to the day `until` stands for a person; None for who is not on the register.

    `meetings` in the order of days, from before the month on: what fell due is told from the last.
    """
    if resident.added_on > until or not is_special_elder(resident, until):
        return None
    interval, _ = tightest(categories_of(resident, until), intervals)
    first = f"{month}-01"
    here = [one for one in meetings if first <= one.on <= until]
    seen_on = [one.on for one in meetings] or [resident.added_on or first]
    on_time, due = punctuality(seen_on, interval, first, until)
    return Standing(
        resident_id=resident.id,
        building_id=resident.building_id,
        categories=categories_of(resident, until),
        interval=interval,
        apart=apart(resident, until) or (REFUSED if refused_in_writing else ""),
        seen_on=here[0].on if here else "",
        contacts=len(here),
        at_door=sum(one.method == "door" for one in here),
        due=due,
        on_time=on_time,
    )


def punctuality(seen_on: Sequence[str], interval: int, first: str, until: str) -> tuple[int, int]:
    """(made by their day, due) of the contacts that fell due between two days, both included.

    Each contact makes the next one due an interval later. What is due on the last day may still
    be made on it: it counts when it was, or when the day is over.
    """
    on_time = due = 0
    for place, day in enumerate(seen_on):
        due_on = days.after(day, interval)
        following = seen_on[place + 1] if place + 1 < len(seen_on) else ""
        if following and following <= due_on:
            # Made early: it counts where it was made, for the contact it took the place of.
            if first <= following <= until:
                due, on_time = due + 1, on_time + 1
        elif first <= due_on < until or (due_on == until and following > until):
            due += 1
    return on_time, due


class Sum(NamedTuple):
    """What a group of people adds up to. `apart` by reason."""

    counted: int
    reached: int
    apart: dict[str, int]
    weekly: int
    weekly_at_door: int
    due: int
    on_time: int

    @property
    def left(self) -> int:
        return self.counted - self.reached

    @property
    def per_mille(self) -> int:
        """Rounded down, so that only everybody is 100 %."""
        return self.reached * 1000 // self.counted if self.counted else 0


def total(standings: Iterable[Standing]) -> Sum:
    """Add people up: of those who are counted the contacts, of the others only why."""
    counted = reached = weekly = weekly_at_door = due = on_time = 0
    reasons: dict[str, int] = {}
    for one in standings:
        if one.apart:
            reasons[one.apart] = reasons.get(one.apart, 0) + 1
            continue
        counted += 1
        reached += bool(one.seen_on)
        due += one.due
        on_time += one.on_time
        if one.interval <= RED_DAYS:
            weekly += one.contacts
            weekly_at_door += one.at_door
    return Sum(
        counted, reached, dict(sorted(reasons.items())), weekly, weekly_at_door, due, on_time
    )
