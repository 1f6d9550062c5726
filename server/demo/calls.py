"""What happened at each door: who went, how, whom they met, and the attempts in between."""

import random
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from server.demo.ids import iso
from server.demo.phrases import note_for
from server.demo.rounds import Round, begins_on, included
from server.demo.shapes import Building, Household, Person, Town
from sync.care import SPECIAL_ELDER
from sync.visits import EFFECTIVE

# Reviewed work older than this is settled; what waits today is placed on purpose.
SETTLED_DAYS = 4
KNOCKS_PER_WEEK = 2

_DOOR_SHARE = {7: 0.55, 15: 0.5, 31: 0.8, 92: 0.75, 183: 0.88}
_WEATHER_DAYS_AGO = (17, 48, 49, 90, 131)

# How often an effective visit had this before it, or somebody alone was away instead.
_NOT_HOME, _RESCHEDULED, _REFUSED, _NO_ANSWER, _WRONG = 0.042, 0.006, 0.005, 0.004, 0.001
_AWAY = 0.015


@dataclass(slots=True)
class Call:
    """One visit. `minute` fixes the time of day; 0 leaves it to the visitor's way."""

    household: Household
    building: Building
    visitor: Person
    day: date
    method: str
    result: str
    type: str
    resident_ids: list[str]
    note: str = ""
    followup: str = ""
    away_until: str = ""
    task_ids: list[str] = field(default_factory=list)
    checkups: list[dict[str, Any]] = field(default_factory=list)
    minute: float = 0
    # Where nobody answered, the knock that this call follows within two hours.
    after: "Call | None" = None
    at_ms: int = 0
    started_ms: int = 0
    id: str = ""

    @property
    def is_effective(self) -> bool:
        return self.result in EFFECTIVE

    def data(self) -> dict[str, Any]:
        """What `visit.record` carries; what is empty is left out."""
        data: dict[str, Any] = {
            "household_id": self.household.id,
            "type": self.type,
            "method": self.method,
            "result": self.result,
            "resident_ids": self.resident_ids,
        }
        if self.started_ms:
            data["started_at"], data["ended_at"] = iso(self.started_ms), iso(self.at_ms)
        for name in ("note", "away_until", "task_ids", "checkups", "followup"):
            if getattr(self, name):
                data[name] = getattr(self, name)
        return data


class Team:
    """Who goes: the usual visitor, sometimes the chief of the grid or the social worker."""

    def __init__(self, rng: random.Random, people: Iterable[Person]) -> None:
        self._rng = rng
        self._of: dict[str, dict[str, Person]] = {"chief": {}, "social": {}}
        for person in people:
            if person.role in self._of:
                self._of[person.role].update(dict.fromkeys(person.building_ids, person))

    def send(self, one: Round, method: str) -> Person:
        roll = self._rng.random()
        social = (0.15 if method == "door" else 0.4) if one.interval <= 15 else 0.0
        if roll < social:
            return self._of["social"][one.building.id]
        return self._of["chief"][one.building.id] if roll > 0.9 else one.visitor


def calls_of(rng: random.Random, town: Town, rounds: Iterable[Round]) -> list[Call]:
    """Every visit of the last half year, door by door."""
    team = Team(rng, town.people)
    weather = {town.today - timedelta(days=days) for days in _WEATHER_DAYS_AGO}
    calls: list[Call] = []
    for one in rounds:
        at_door = _at_door(rng, one, town.today, team)
        for call in at_door:
            if call.day in weather and call.type == "phone":
                call.type = "weather"
        calls += at_door
    return calls


def _at_door(rng: random.Random, one: Round, today: date, team: Team) -> list[Call]:
    calls: list[Call] = []
    knocks: Counter[tuple[int, int]] = Counter()
    before, was_away = begins_on(today), False
    for index, (day, needed) in enumerate(zip(one.days, included(one), strict=True)):
        method = "door" if was_away else _method(rng, one, index)
        call = make(rng, one, day, method, team.send(one, method), needed)
        attempt = None
        if was_away:
            call.result = "met"
        is_last = index + 1 == len(one.days)
        was_away = not was_away and not is_last and _away(rng, one, call)
        if not was_away:
            attempt = _attempt(rng, one, call, today)
        knocks[_week(call)] += call.method == "door"
        if attempt and before < attempt.day and knocks[_week(attempt)] < KNOCKS_PER_WEEK:
            knocks[_week(attempt)] += attempt.method == "door"
            calls.append(attempt)
            call.after = attempt if attempt.result == "no_answer" else None
        calls.append(call)
        before = day
    return calls + _in_vain_lately(rng, one, today, team)


def _week(call: Call) -> tuple[int, int]:
    return call.day.isocalendar()[:2]


def make(
    rng: random.Random, one: Round, day: date, method: str, visitor: Person, needed: list[str]
) -> Call:
    """An effective visit that meets those who are due, or at least the head."""
    home = one.household
    codes = {code for resident in home.residents for code in resident.categories}
    elder = bool(codes & SPECIAL_ELDER) or "oldest_old" in codes
    met = needed or [resident.id for resident in home.residents[: rng.randint(1, 2)]]
    if method != "door":
        result, met = "phone_ok", needed or met[:1]
    elif not home.residents:
        result = "vacant"
    else:
        result = (
            "met_family" if rng.random() < (0.16 if len(home.residents) > 1 else 0.03) else "met"
        )
    visit_type = "phone" if method != "door" else "elder_care" if elder else "routine"
    if visit_type == "routine" and result != "vacant" and rng.random() < 0.05:
        visit_type = rng.choice(("hazard", "service", "survey", "dispute"))
    return Call(
        household=home,
        building=one.building,
        visitor=visitor,
        day=day,
        method=method,
        result=result,
        type=visit_type,
        resident_ids=met if home.residents else [],
        note=note_for(rng, visit_type, method, result),
    )


def in_vain(rng: random.Random, one: Round, day: date, visitor: Person, result: str) -> Call:
    """A knock or a ring that met nobody, or a no."""
    method = "phone" if result == "wrong_info" else "door"
    codes = {code for resident in one.household.residents for code in resident.categories}
    visit_type = (
        "phone" if method == "phone" else "elder_care" if codes & SPECIAL_ELDER else "routine"
    )
    note = note_for(rng, visit_type, method, result)
    return Call(one.household, one.building, visitor, day, method, result, visit_type, [], note)


def _method(rng: random.Random, one: Round, index: int) -> str:
    if not one.household.residents:
        return "door"
    alternates = one.interval <= 15
    at_door = index % 2 == 0 if alternates else rng.random() < _DOOR_SHARE[one.interval]
    if at_door or rng.random() < 0.06:
        return "door"
    return "video" if rng.random() < 0.04 else "phone"


def _away(rng: random.Random, one: Round, call: Call) -> bool:
    """Now and then an old person who lives alone is away or in hospital when the day comes."""
    alone = len(one.household.residents) == 1 and one.interval in (15, 31)
    if not alone or rng.random() > _AWAY:
        return False
    call.method, call.type = "phone", "phone"
    call.result = rng.choice(("away", "away", "hospital"))
    call.away_until = (call.day + timedelta(days=rng.randint(5, 11))).isoformat()
    call.note = note_for(rng, call.type, call.method, call.result)
    return True


def _attempt(rng: random.Random, one: Round, call: Call, today: date) -> Call | None:
    """What was tried before this visit, if anything."""
    if not one.household.residents:
        return None
    settled = call.day <= today - timedelta(days=SETTLED_DAYS)
    green = one.interval > 31
    roll = rng.random()
    for share, result, days in (
        (_NOT_HOME if call.method == "door" else 0.01, "not_home", rng.randint(1, 3)),
        (_RESCHEDULED, "rescheduled", rng.randint(1, 2)),
        (_REFUSED if settled and green else 0, "refused", rng.randint(31, 40)),
        (_NO_ANSWER if settled and one.interval <= 31 else 0, "no_answer", 0),
        (_WRONG if settled else 0, "wrong_info", rng.randint(2, 9)),
    ):
        if roll < share:
            if result in ("refused", "no_answer"):
                call.method, call.type, call.result = "phone", "phone", "phone_ok"
                call.resident_ids = call.resident_ids[:1] if green else call.resident_ids
                call.note = note_for(rng, "phone", "phone", "phone_ok")
            day = call.day - timedelta(days=days)
            return in_vain(rng, one, day, call.visitor, result)
        roll -= share
    return None


def _in_vain_lately(rng: random.Random, one: Round, today: date, team: Team) -> list[Call]:
    """Overdue is a door where somebody was, more often than not, without luck."""
    late = (today - one.due).days
    if late <= 0 or not one.household.residents or rng.random() > 0.4:
        return []
    day = max(one.last, today - timedelta(days=rng.randint(1, late + 2)))
    if day >= today or day <= one.last:
        return []
    return [in_vain(rng, one, day, team.send(one, "door"), "not_home")]
