"""What is asked of a door: when, for whom, by which way and why. One task for all behind it.

Every person with a care category asks for contacts of their own: an interval after the last, in the
week before a festival, and soon after something happened. The door is due with the first of them,
and takes along whoever may be early then. Twin: web/phone/plans.js, held equal by
tests/vectors/care.json.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from sync import days
from sync.care import (
    ATTENTION_DAYS,
    EARLY_SHARE,
    ORDINARY,
    PAUSED,
    RED_DAYS,
    SPECIAL_ELDER,
    categories_of,
    is_active,
    tightest,
)
from sync.records import Household, Resident

MAJOR_CHANGE = "major_change"
NEW_RESIDENT = "new_resident"
PAIRING = "pairing"

# By which way a contact is made. "turn" is either, but at the door after a telephone call; a
# category that is missing here takes either.
BY_CATEGORY: Mapping[str, str] = {
    "functional_loss": "door",
    "child_in_need": "door",
    "new_resident": "door",
    "vacant": "door",
    "high_risk_elder": "turn",
    "dementia": "turn",
    "living_alone": "turn",
    "childless_alone": "turn",
}
_STRICTNESS = ("either", "turn", "door")

# What happened, and its contacts: each is due so many days after it, and is made by a contact later
# than so many. What was seen on the day itself may have been before it happened.
_SOON = ((0, 1), (1, 3), (4, 7))
EVENTS: Mapping[str, Sequence[tuple[int, int]]] = {
    "discharge": _SOON,
    "bereavement": _SOON,
    "fall": _SOON,
    "fire": _SOON,
    "moved_in": ((-1, 7),),
}
FESTIVALS = ("spring", "dragon_boat", "mid_autumn", "double_ninth")
FESTIVAL_WEEK = 7
LESS_AT_MOST = 31
MONTH = 31


class Plan(NamedTuple):
    """The next contact of a door. `category` and `interval` are those of what asks first."""

    on: str
    category: str
    interval: int
    method: str
    residents: list[str]
    reasons: list[str]


class Ask(NamedTuple):
    """One contact that is asked for; `resident_id` is "" when it is for the door as a whole."""

    on: str
    interval: int
    category: str
    method: str
    reason: str
    resident_id: str = ""


Festivals = Sequence[Sequence[str]]


def plan(
    household: Household,
    residents: Iterable[Resident],
    intervals: Mapping[str, int],
    festivals: Festivals,
    today: str,
) -> Plan:
    """The earliest of what the door and its people ask for, with everybody who may be early then.

    Who is away, in hospital or in an institution is not due before the day after; nor is a door
    whose people are all away. After a refusal nobody knocks: the rare visit waits, the others are
    telephone calls.
    """
    if household.status != "active":
        return Plan("", "", 0, "", [], [])
    known = list(residents)
    people = [one for one in known if is_active(one)]
    asks = _of_door(household, known, people, intervals, today)
    for person in people:
        asks += of_person(person, household, intervals, festivals, today)
    if household.rest_until > today:
        asks = [_rested(ask, household.rest_until, today) for ask in asks]

    first = min(asks)
    by = max(first.on, today)
    taken = sorted([ask for ask in asks if ask is first or _opens(ask) <= by])
    wanted = [ask.method for ask in taken if ask.on <= by]
    named = list(dict.fromkeys(ask.resident_id for ask in taken if ask.resident_id))
    reasons = dict.fromkeys(ask.reason for ask in sorted(taken, key=_weight))
    if any(one.paired and one.id in named for one in people):
        reasons[PAIRING] = None
    return Plan(first.on, first.category, first.interval, _merged(wanted), named, list(reasons))


def of_person(
    person: Resident,
    household: Household,
    intervals: Mapping[str, int],
    festivals: Festivals,
    today: str,
) -> list[Ask]:
    """What one person asks for; nothing when no category and nothing that happened does."""
    if not person.categories and not person.event:
        return []
    seen, way = last_contact(person, household)
    asks = []
    codes = categories_of(person, today)
    interval, category = tightest(codes, intervals)
    if category != ORDINARY:
        interval = _wished(interval, codes, person.visit_wish)
        method = _method(codes, interval, intervals, way)
        on = days.after(seen or person.added_on or today, interval)
        asks.append(Ask(on, interval, category, method, category, person.id))
        away_until = person.status_until if person.status in PAUSED else ""
        feast = _festival(asks[0], seen, away_until, household.building_id, festivals, today)
        if feast and person.visit_wish != "none":
            asks.append(Ask(feast[0], interval, category, method, feast[1], person.id))
    asks += _after_event(person.event, person.event_on, seen, person.id)
    return [_as_they_are(ask, person) for ask in asks]


def due_of_person(
    person: Resident,
    household: Household,
    intervals: Mapping[str, int],
    festivals: Festivals,
    today: str,
) -> Ask:
    """The first contact that this person asks for; as an ordinary one where they ask for none."""
    asks = of_person(person, household, intervals, festivals, today)
    if asks:
        return min(asks)
    seen = last_contact(person, household)[0] or person.added_on or today
    interval = intervals[ORDINARY]
    ask = Ask(days.after(seen, interval), interval, ORDINARY, "either", ORDINARY, person.id)
    return _as_they_are(ask, person)


def last_contact(person: Resident, household: Household) -> tuple[str, str]:
    """Day and way of the last effective contact with a person, or with the door as a whole."""
    if household.door_contact_on > person.last_contact_on:
        return household.door_contact_on, household.door_method
    return person.last_contact_on, person.last_method


def event_contact(event: str, event_on: str, seen: str) -> str:
    """The day of the next contact after something happened; "" when all have been made."""
    for after, due in EVENTS.get(event, ()):
        if seen <= days.after(event_on, after):
            return days.after(event_on, due)
    return ""


def _of_door(
    household: Household,
    known: list[Resident],
    people: list[Resident],
    intervals: Mapping[str, int],
    today: str,
) -> list[Ask]:
    """The routine visit of a door, which any contact with anybody counts for."""
    own = set(household.own_categories)
    if household.tenure in ("vacant", "rent"):
        own.add("vacant" if household.tenure == "vacant" else "tenant")
    interval, category = tightest(own, intervals)
    seen = max([household.door_contact_on, *(person.last_contact_on for person in known)])
    on = days.after(seen or household.added_on or today, interval)
    method = _method(own, interval, intervals, "")
    if people and all(one.visit_wish in ("phone", "none") for one in people):
        method = "phone"
    asks = [Ask(on, interval, category, method, category)]
    asks += _after_event(household.event, household.event_on, seen, "")
    if people and all(one.status in PAUSED for one in people):
        back_on = min(person.status_until for person in people)
        asks = [_not_before(back_on, ask) for ask in asks]
    return asks


def _wished(interval: int, codes: Iterable[str], wish: str) -> int:
    """The interval as the person wishes it: rarer, but an elder in difficulty every month."""
    if wish == "none":
        return max(interval, MONTH)
    if wish != "less":
        return interval
    rarer = 2 * interval
    is_special = not SPECIAL_ELDER.isdisjoint(codes)
    return max(interval, min(rarer, LESS_AT_MOST)) if is_special else rarer


def _method(codes: Iterable[str], interval: int, intervals: Mapping[str, int], way: str) -> str:
    """The strictest way that a category of no longer interval asks for."""
    asked = [
        BY_CATEGORY.get(code, "either") for code in codes if 0 < intervals.get(code, 0) <= interval
    ]
    strictest = max(asked, key=_STRICTNESS.index, default="either")
    if strictest == "turn":
        return "door" if way == "phone" else "either"
    return strictest


def _after_event(event: str, event_on: str, seen: str, resident_id: str) -> list[Ask]:
    on = event_contact(event, event_on, seen) if event else ""
    if not on:
        return []
    is_first = on == days.after(event_on, EVENTS[event][0][1])
    method = "door" if is_first else "either"
    category = NEW_RESIDENT if event == "moved_in" else MAJOR_CHANGE
    return [Ask(on, RED_DAYS, category, method, event, resident_id)]


def _festival(
    routine: Ask, seen: str, away_until: str, building_id: str, festivals: Festivals, today: str
) -> tuple[str, str] | None:
    """Day and name of the contact before the next festival, unless there was one that week or
    nobody is back before it.

    The routine contact of that week is the one; else each building has a day of the week, so that
    not everybody is due on the same.
    """
    if routine.interval > ATTENTION_DAYS:
        return None
    coming = next(((code, on) for code, on in festivals if on >= today), None)
    if coming is None:
        return None
    code, on = coming
    from_on = days.after(on, -FESTIVAL_WEEK)
    if seen >= from_on or away_until >= days.after(on, -1):
        return None
    if from_on <= routine.on < on:
        return routine.on, code
    return days.after(from_on, sum(map(ord, building_id)) % FESTIVAL_WEEK), code


def _as_they_are(ask: Ask, person: Resident) -> Ask:
    """Not before somebody is back; by telephone if they wish, or while nobody knows when."""
    if person.status in PAUSED:
        ask = _not_before(person.status_until, ask)
        if not person.status_until:
            ask = ask._replace(method="phone")
    if person.visit_wish in ("phone", "none"):
        ask = ask._replace(method="phone")
    return ask


def _rested(ask: Ask, rest_until: str, today: str) -> Ask:
    if rest_until <= max(ask.on, today):
        return ask
    if ask.interval > ATTENTION_DAYS:
        return ask._replace(on=rest_until)
    return ask._replace(method="phone")


def _not_before(away_until: str, ask: Ask) -> Ask:
    return ask if away_until < ask.on else ask._replace(on=days.after(away_until, 1))


def _opens(ask: Ask) -> str:
    return days.after(ask.on, -(ask.interval // EARLY_SHARE))


def _merged(methods: list[str]) -> str:
    """One way for all who are due: the door if anybody needs it, else the telephone if wished."""
    return next((one for one in ("door", "phone") if one in methods), "either")


def _weight(ask: Ask) -> tuple[int, int, str]:
    """What happened comes before a festival, and that before what is so all year."""
    rank = 0 if ask.reason in EVENTS else 1 if ask.reason in FESTIVALS else 2
    return rank, ask.interval, ask.reason
