"""Volunteers and leaders who look after the oldest, and what happened to a few people lately."""

import random
from datetime import timedelta

from server.demo.desk import Desk, some
from server.demo.ids import instant_ms
from server.demo.names import Names, Phones
from server.demo.shapes import Household, Resident, Town
from server.demo.staff import visitor_of
from server.demo.stream import Acts
from sync.care import age_on

FROM_AGE = 85
# Of those over 85 most are looked after; of these, one in three by the leader of their building.
PAIRED, OF = 58, 71
_BY_LEADER = 3
_PAIRED_DAYS_AGO = 150
_CONTACTS = 6
_EVENTS = (("discharge", "自己走路还慢"), ("fall", "在卫生间滑了一下"), ("bereavement", ""))
# Numbers that nobody on the roster has.
_PHONES_FROM = 9_000


def pair(town: Town, desk: Desk, acts: Acts) -> None:
    """Pairs made when the community began, with what some leaders reported last week."""
    rng = random.Random(f"{town.seed}:pairs")
    names, phones = Names(rng), Phones(_PHONES_FROM)
    oldest = _oldest(town)
    chosen = sorted(rng.sample(range(len(oldest)), len(oldest) * PAIRED // OF))
    day = town.today - timedelta(days=_PAIRED_DAYS_AGO)
    reports = _CONTACTS
    for place, (household, person) in enumerate(oldest[index] for index in chosen):
        leader = town.leaders.get(household.building_id)
        at_ms = desk.morning(day + timedelta(days=place // 12)) + place * 1000
        if leader is None or place % _BY_LEADER:
            given = {"name": names.fresh("mf"[place % 2], 45), "phone": phones.next()}
        else:
            given = {"name": leader.name, "phone": leader.phone, "leader_id": leader.id}
        made = desk.add(at_ms, "pairing.add", {"resident_id": person.id, **given})
        if leader is not None and "leader_id" in given and reports:
            reports -= 1
            when = instant_ms(town.today - timedelta(days=2 + reports % 4), 610 + 9 * reports)
            author = leader.id, leader.device_id
            acts.add(author, when, "pairing.contact", {"id": made.id, "method": "phone"})


def happen(town: Town, acts: Acts) -> None:
    """A few things that happened yesterday and ask for a contact today."""
    rng = random.Random(f"{town.seed}:events")
    visitors = visitor_of(town.people)
    alone = [one for one in town.households if len(one.residents) == 1]
    homes = rng.sample(alone, min(len(alone), some(town, len(_EVENTS))))
    yesterday = town.today - timedelta(days=1)
    for place, (household, (what, note)) in enumerate(zip(homes, _EVENTS, strict=False)):
        visitor = visitors[household.building_id]
        said = {
            "household_id": household.id,
            "resident_id": household.residents[0].id,
            "what": what,
            "on": yesterday.isoformat(),
            **({"note": note} if note else {}),
        }
        author = visitor.id, visitor.device_id
        acts.add(author, instant_ms(yesterday, 1190 + 7 * place), "life_event.record", said)


def _oldest(town: Town) -> list[tuple[Household, Resident]]:
    today = town.today.isoformat()
    return [
        (household, one)
        for household in town.households
        for one in household.residents
        if age_on(one.birth_on, today) >= FROM_AGE
    ]
