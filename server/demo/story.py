"""Today's storm: from 09:10 until it is lifted, with what people did, minute by minute.

By 09:17 all buildings but two have it; in those the deputies stand in. An old woman answers her
telephone at 09:40. Somebody works in a basement without a network and is back at 11:05 with twelve
visits, and with a number that the office has changed meanwhile.
"""

import random
from collections.abc import Callable
from typing import Any

from server.demo.bulletins import Bulletin, incident_id
from server.demo.calls import Call
from server.demo.delays import Arrivals
from server.demo.desk import Desk
from server.demo.enquiries import Door, Enquiries
from server.demo.handing import Handing
from server.demo.ids import instant_ms
from server.demo.names import Phones
from server.demo.shapes import Contact, Household, Person, Town
from server.demo.storms import Part, Storm
from server.demo.stream import Acts
from server.intake.decisions import dispute_id

# Minutes of the day.
ISSUED, LIFTED, HOURS = 550, 810, 5
_HOP, _STANDING_IN = 6.8, (558.3, 559.1)
_ANSWERED, _ELDER = 580, ("红棉苑", "502")
_BASEMENT, _DOWN, _UP, _VISITS, _OF_LIST = "碧湖湾", 566, 665, 12, 4
_OFFICE_EDIT, _OWN_EDIT, _DECIDED = 590, 621, 680
# Numbers that nobody on the roster has.
_PHONES_FROM = 9_500


def storm_of(town: Town) -> Storm:
    first = Bulletin("雷雨大风", "yellow", _at(town, ISSUED), _at(town, ISSUED) + 6_000, HOURS)
    lifted_ms = _at(town, LIFTED)
    end = Bulletin("雷雨大风", "yellow", lifted_ms, lifted_ms + 7_000, 1, "解除", first)
    return Storm(incident_id(town, first), (Part(first, _HOP), Part(end, 9.0)))


class Story:
    def __init__(self, town: Town, acts: Acts, calls: list[Call]) -> None:
        self._rng = random.Random(f"{town.seed}:today")
        self._town = town
        self._acts = acts
        self._storm = storm_of(town)
        self._asking = Enquiries(town, acts, self._storm.id, calls, Arrivals(()))
        self._desk = Desk(self._rng, town, acts)

    def tell(self) -> None:
        silent = [one for one in self._town.buildings if one.id in self._town.deputies][:2]
        handing = Handing(self._town, self._acts, self._storm, offline=0)
        first, end = self._storm.parts
        handing.hand_on(first, 1, but=silent)
        for building, minute in zip(silent, _STANDING_IN, strict=False):
            deputy, at_ms = self._town.deputies[building.id], self._minute(minute)
            handing.acknowledge(deputy, at_ms - 90_000, 1)
            handing.forward(building, deputy, at_ms, 1)
        handing.hand_on(end, 2)
        self._ask_everybody(first.bulletin)

    def _ask_everybody(self, bulletin: Bulletin) -> None:
        doors = self._asking.listed(bulletin)
        below = {one.id for one in self._town.buildings if one.compound == _BASEMENT}
        elder = self._elder(doors)
        if elder is not None:
            doors.remove(elder)
            by = self._asking.visitor(elder[0].building_id)
            self._asking.say(elder, by, self._minute(_ANSWERED), "safe", note="电话接了，人平安")
        worker = self._asking.visitor(next(iter(below)))
        theirs = self._doors_of(doors, lambda home: home.building_id in below)[:_OF_LIST]
        self._in_the_basement(worker, theirs, below)
        self._asking.ask(bulletin, [one for one in doors if one not in theirs], but=worker)

    def _elder(self, doors: list[Door]) -> Door | None:
        compound, door_no = _ELDER
        here = {one.id: one.order for one in self._town.buildings if one.compound == compound}
        near = [one for one in doors if one[0].building_id in here]
        near.sort(key=lambda one: (here[one[0].building_id], one[0].door_no != door_no))
        return next(iter(near), None)

    def _in_the_basement(self, worker: Person, listed: list[Door], below: set[str]) -> None:
        """Twelve visits, which arrive together when the phone finds a network again."""
        back_ms = self._minute(_UP)
        known = {one[0].id for one in self._asking.listed(self._storm.first)}
        homes = [
            one
            for one in self._town.households
            if one.building_id in below and one.residents and one.id not in known
        ]
        others = self._rng.sample(homes, min(len(homes), _VISITS - len(listed)))
        step = (_UP - _DOWN - 6) / _VISITS
        for place in range(len(listed) + len(others)):
            at_ms = self._minute(_DOWN + step * (place + self._rng.random() * 0.7))
            if place < len(listed):
                late_ms = back_ms - at_ms
                self._asking.say(
                    listed[place], worker, at_ms, "safe", late_ms=late_ms, method="door"
                )
                continue
            home = others[place - len(listed)]
            data = {
                "household_id": home.id,
                "type": "routine",
                "method": "door",
                "result": "met",
                "resident_ids": [home.residents[0].id],
            }
            self._by(worker, at_ms, "visit.record", data, back_ms)
        self._collide(worker, homes, back_ms)

    def _collide(self, worker: Person, homes: list[Household], back_ms: int) -> None:
        """A number that the office changes while somebody changes it below; decided afterwards."""
        contact = self._contact(homes)
        if contact is None:
            return
        phones = Phones(_PHONES_FROM)
        by_office, by_worker = phones.next(), phones.next()
        edit = {"id": contact.id, "changes": {"phone": by_office}}
        self._desk.add(self._minute(_OFFICE_EDIT), "contact.change", edit, base=1)
        edit = {"id": contact.id, "changes": {"phone": by_worker}}
        at_ms = self._minute(_OWN_EDIT)
        act_id = self._by(worker, at_ms, "contact.change", edit, back_ms, base=1)
        answer = {"id": dispute_id(act_id, "phone"), "value": by_worker}
        self._desk.add(self._minute(_DECIDED), "dispute.decide", answer)

    def _contact(self, homes: list[Household]) -> Contact | None:
        """A number that nobody has changed since it came with the roster."""
        changed = {one.data["id"] for one in self._acts.all if one.kind == "contact.change"}
        found = (one for home in homes for one in home.contacts if one.id not in changed)
        return next(found, None)

    def _by(
        self,
        by: Person,
        at_ms: int,
        kind: str,
        data: dict[str, Any],
        back_ms: int,
        base: int = 0,
    ) -> str:
        author = by.id, by.device_id
        return self._acts.add(author, at_ms, kind, data, base=base, received_at=back_ms).id

    def _doors_of(self, doors: list[Door], fits: Callable[[Household], bool]) -> list[Door]:
        return [one for one in doors if fits(one[0])]

    def _minute(self, minute: float) -> int:
        return _at(self._town, minute)


def _at(town: Town, minute: float) -> int:
    return instant_ms(town.today, minute)
