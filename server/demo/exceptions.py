"""What could not simply apply: edits that met an edit of the office, and kept operations."""

import random
from datetime import date, timedelta
from typing import Any, NamedTuple

from server.demo.desk import Desk, days_ago, some
from server.demo.ids import instant_ms
from server.demo.names import Phones
from server.demo.shapes import Contact, Household, Person, Resident, Town
from server.demo.staff import visitor_of
from server.demo.stream import Acts
from server.intake.decisions import dispute_id

_PHONE_CONFLICTS, _STATUS_CONFLICTS = 10, 4
_OPEN_PHONES, _OPEN_STATUSES = 4, 1
_LONG = "老人说起年轻时在船厂做工的事，讲得很细；"
_TOO_LONG = 1001


class _Edit(NamedTuple):
    """One field that a visitor and the office both changed from the same version."""

    household: Household
    kind: str
    record_id: str
    by_visitor: dict[str, Any]
    by_office: dict[str, Any]
    field: str


class Exceptions:
    def __init__(self, rng: random.Random, town: Town, desk: Desk, acts: Acts) -> None:
        self._rng = rng
        self._town = town
        self._desk = desk
        self._acts = acts
        self._visitors = visitor_of(town.people)
        self._phones = Phones(given=len(town.people) + sum(1 for _ in town.contacts))

    def add_conflicts(self) -> None:
        """Some are decided; the newest wait for the office."""
        phones = self._phone_edits(some(self._town, _PHONE_CONFLICTS))
        statuses = self._status_edits(some(self._town, _STATUS_CONFLICTS))
        newest = phones[: some(self._town, _OPEN_PHONES)] + statuses[:_OPEN_STATUSES]
        for edit in phones + statuses:
            is_open = any(edit is one for one in newest)
            ago = self._rng.randint(1, 5) if is_open else self._rng.randint(9, 160)
            self._collide(edit, days_ago(self._town.today, ago), decide=not is_open)

    def add_quarantined(self) -> None:
        """Two visits in another grid, a kind from a newer phone, and a note that is too long."""
        away = {"worker5": "2", "worker7": "4"}
        for index, (username, grid_id) in enumerate(away.items()):
            person = self._town.person[username]
            home = self._home_in(grid_id)
            data = _plain_visit(home, "路过顺便看看，家里都好")
            self._by(person, 5 - 2 * index, "visit.record", data)
        chief, ninth = self._town.person["worker1"], self._town.person["worker9"]
        meal = {"household_id": self._home_of(chief).id, "meals": 2, "from_on": self._day(-1)}
        self._by(chief, 2, "meal.order", meal)
        note = (_LONG * (_TOO_LONG // len(_LONG) + 1))[: _TOO_LONG + 40]
        self._by(ninth, 1, "visit.record", _plain_visit(self._home_of(ninth), note))

    def _phone_edits(self, count: int) -> list[_Edit]:
        own: list[tuple[Household, Contact]] = [
            (home, contact)
            for home in self._town.households
            for contact in home.contacts
            if contact.relation == "self" and len(home.contacts) == 1
        ]
        return [
            _Edit(
                home,
                "contact.change",
                contact.id,
                {"phone": self._phones.next()},
                {"phone": self._phones.next()},
                "phone",
            )
            for home, contact in self._rng.sample(own, min(len(own), count))
        ]

    def _status_edits(self, count: int) -> list[_Edit]:
        """Only people whom no category asks to see, so that no due day hangs on the answer."""
        plain: list[tuple[Household, Resident]] = [
            (home, home.residents[-1])
            for home in self._town.households
            if len(home.residents) > 2 and not any(one.categories for one in home.residents)
        ]
        return [
            _Edit(
                home,
                "resident.change",
                resident.id,
                {"status": "hospital"},
                {"status": "away"},
                "status",
            )
            for home, resident in self._rng.sample(plain, min(len(plain), count))
        ]

    def _collide(self, edit: _Edit, day: date, *, decide: bool) -> None:
        """The visitor edits without a network, the office edits, then the phone is back."""
        person = self._visitors[edit.household.building_id]
        offline, online = instant_ms(day, 640), instant_ms(day, 1100 + self._rng.randint(0, 90))
        office_ms = instant_ms(day, 690 + self._rng.randint(0, 200))
        data = {"id": edit.record_id, "changes": edit.by_office}
        self._desk.add(office_ms, edit.kind, data, base=1)
        act = self._acts.add(
            (person.id, person.device_id),
            offline + self._rng.randint(0, 90_000),
            edit.kind,
            {"id": edit.record_id, "changes": edit.by_visitor},
            base=1,
            received_at=online,
        )
        if decide:
            value = "living" if edit.field == "status" else edit.by_visitor[edit.field]
            answer = {"id": dispute_id(act.id, edit.field), "value": value}
            at_ms = self._desk.afternoon(day + timedelta(days=2))
            self._desk.add(at_ms, "dispute.decide", answer)

    def _home_in(self, grid_id: str) -> Household:
        inside = {one.id for one in self._town.buildings if one.grid_id == grid_id}
        homes = [one for one in self._town.households if one.building_id in inside]
        return self._rng.choice([one for one in homes if one.residents] or homes)

    def _home_of(self, person: Person) -> Household:
        held = set(person.building_ids)
        homes = [one for one in self._town.households if one.building_id in held]
        return self._rng.choice([one for one in homes if one.residents] or homes)

    def _by(self, person: Person, ago: int, kind: str, data: dict[str, Any]) -> None:
        minute = 950 + 30 * self._rng.random()
        at_ms = instant_ms(days_ago(self._town.today, ago), minute)
        self._acts.add((person.id, person.device_id), at_ms, kind, data)

    def _day(self, ahead: int) -> str:
        return (self._town.today + timedelta(days=ahead)).isoformat()


def _plain_visit(home: Household, note: str) -> dict[str, Any]:
    return {
        "household_id": home.id,
        "type": "routine",
        "method": "door",
        "result": "met",
        "resident_ids": [one.id for one in home.residents[:1]],
        "note": note,
    }
