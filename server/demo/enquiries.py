"""Who was asked one by one whether they are safe, by whom, and what they said."""

import random
from datetime import timedelta
from typing import Any

from server.demo.bulletins import Bulletin
from server.demo.calls import Call
from server.demo.delays import Arrivals
from server.demo.desk import Desk
from server.demo.ids import MINUTE_MS, local_day
from server.demo.shapes import Household, Person, Town
from server.demo.staff import visitor_of
from server.demo.stream import Act, Acts
from sync.care import is_high_risk
from sync.visits import STATUS_RESULTS
from sync.weather_list import LISTED

# Minutes in which the whole list is gone through; the lower colours ask nobody.
_WITHIN = {"yellow": 170, "orange": 112}
_BEGIN = 4
_AT_DOOR = 0.2
_NOTES = {
    "safe": ("门窗关好了，人平安", "阳台花盆已收，电话里说都好", "", "", "", "家里备了水和手电"),
    "needs_help": ("一个人收不动阳台的架子，请人上门帮一下", "腿疼下不了楼，药快吃完了"),
    "moved": ("已接到女儿家过夜", "去社区避难场所了"),
    "declined": ("说不用管，声音正常",),
    "no_answer": ("电话没人接", "打了两次没接"),
}
_PROMPT_MS = 17 * MINUTE_MS
_HELPED = ("已上门帮忙处理，人平安", "药已送到，情况稳定")
# Of the doors of a list: how many needed help, were brought elsewhere, did not answer at first.
_ODD = {"yellow": (1, 0, 2), "orange": (2, 2, 5)}

Door = tuple[Household, list[str]]


class Enquiries:
    """Goes through the weather list of one warning.

    Where the phone has no network nothing is told that somebody would have to answer.
    """

    def __init__(
        self,
        town: Town,
        acts: Acts,
        incident_id: str,
        calls: list[Call],
        arrivals: Arrivals,
    ) -> None:
        self._rng = random.Random(f"{town.seed}:{incident_id}:asked")
        self._town = town
        self._acts = acts
        self._id = incident_id
        self._arrivals = arrivals
        self._desk = Desk(self._rng, town, acts)
        self._visitors = visitor_of(town.people)
        self._holders: dict[str, list[Person]] = {one.id: [] for one in town.buildings}
        for person in town.people:
            if person.role in ("worker", "chief", "social"):
                for building_id in person.building_ids:
                    self._holders[building_id].append(person)
        self._named = [
            one
            for one in town.households
            if one.categories or any(each.categories for each in one.residents)
        ]
        gone = {call.household.id for call in calls if call.result in STATUS_RESULTS}
        self._calls: dict[str, list[Call]] = {home_id: [] for home_id in gone}
        for call in calls:
            if call.household.id in gone:
                self._calls[call.household.id].append(call)

    def listed(self, bulletin: Bulletin) -> list[Door]:
        """Doors with who is asked for there, those that are seen every week first."""
        day = local_day(bulletin.sent_ms)
        red: list[Door] = []
        others: list[Door] = []
        for home in self._named:
            if self._is_away(home, bulletin.sent_ms):
                continue
            people, is_red = _people(home, day.isoformat(), bulletin.colour)
            if people:
                (red if is_red else others).append((home, people))
        return [] if bulletin.colour not in _WITHIN else red + others

    def _is_away(self, home: Household, at_ms: int) -> bool:
        """The last who called there heard that they are somewhere else for now."""
        before = [one for one in self._calls.get(home.id, ()) if one.at_ms < at_ms]
        if not before or before[-1].result not in STATUS_RESULTS:
            return False
        until = before[-1].away_until
        return not until or until >= local_day(at_ms).isoformat()

    def ask(self, bulletin: Bulletin, doors: list[Door], but: Person | None = None) -> None:
        """These doors, shared among everybody whose they are `but` one."""
        if bulletin.colour not in _WITHIN:
            return
        odd = self._odd(bulletin.colour, len(doors))
        rounds: dict[str, list[tuple[int, Door, Person]]] = {}
        for place, door in enumerate(doors):
            by = min(
                (one for one in self._holders[door[0].building_id] if one is not but),
                key=lambda one: len(rounds.get(one.id, ())),
            )
            rounds.setdefault(by.id, []).append((place, door, by))
        for own in rounds.values():
            pause = (_WITHIN[bulletin.colour] - _BEGIN) / len(own)
            for turn, (place, door, by) in enumerate(own):
                minute = _BEGIN + pause * (turn + 0.8 * self._rng.random())
                at_ms = bulletin.received_ms + round(minute * MINUTE_MS)
                self._ask_at(door, by, at_ms, odd.get(place, "safe"))

    def visitor(self, building_id: str) -> Person:
        """Who goes there as a rule."""
        return self._visitors[building_id]

    def say(
        self, door: Door, by: Person, at_ms: int, outcome: str, *, back_ms: int = 0, **more: Any
    ) -> Act:
        household, resident_ids = door
        data = {
            "incident_id": self._id,
            "household_id": household.id,
            "resident_ids": resident_ids,
            "outcome": outcome,
            "method": "phone",
            **more,
        }
        note = self._rng.choice(_NOTES[outcome])
        if note and "note" not in more:
            data["note"] = note
        received_ms = back_ms or at_ms + self._rng.randint(300, 2_400)
        author = by.id, by.device_id
        return self._acts.add(author, at_ms, "alert.contact", data, received_at=received_ms)

    def _odd(self, colour: str, count: int) -> dict[int, str]:
        helped, moved, silent = _ODD[colour]
        outcomes = ["needs_help"] * helped + ["moved"] * moved + ["no_answer"] * silent
        places = self._rng.sample(range(count), min(count // 8, len(outcomes)))
        return dict(zip(places, outcomes, strict=False))

    def _ask_at(self, door: Door, by: Person, at_ms: int, outcome: str) -> None:
        method = "door" if self._rng.random() < _AT_DOOR else "phone"
        is_slow = self._arrivals.of(by.device_id, at_ms) - at_ms > _PROMPT_MS
        if outcome == "safe" or is_slow:
            self.say(door, by, at_ms, "safe", method=method)
            return
        act = self.say(door, by, at_ms, outcome)
        if outcome == "needs_help":
            closed_ms = at_ms + self._rng.randint(18, 50) * MINUTE_MS
            data = {"id": act.id, "result": self._rng.choice(_HELPED)}
            self._desk.add(closed_ms, "followup.close", data)
        if outcome == "no_answer":
            later_ms = at_ms + self._rng.randint(14, 35) * MINUTE_MS
            self.say(door, by, later_ms, "safe", method="door", note="上门看过，人在家，没听见电话")
            next_day = local_day(at_ms) + timedelta(days=1)
            self._desk.add(self._desk.morning(next_day), "review.approve", {"id": act.id})


def _people(home: Household, today: str, colour: str) -> tuple[list[str], bool]:
    """Who of a door is on the list, and whether one of them is seen every week."""
    found, red = [], []
    for one in home.residents:
        held = {*one.categories, *home.categories}
        is_red = is_high_risk(one.categories, one.birth_on, today)
        if is_red or held & LISTED:
            found.append(one.id)
        if is_red:
            red.append(one.id)
    return (red if colour == "yellow" else found), bool(red)
