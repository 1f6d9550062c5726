"""Writes drafts down as the roster: ids in the order of the import, names, birthdays, phones."""

import random
from datetime import date, timedelta

from server.demo.drafts import Draft, HouseholdDraft
from server.demo.figures import Figures
from server.demo.ids import Minter, local_day
from server.demo.names import Names, Phones, beside
from server.demo.places import GRID_NAMES, Place
from server.demo.shapes import Building, Contact, Household, Resident
from server.pinyin import spelled

_STEP_MS = 40


class Roll:
    def __init__(
        self,
        rng: random.Random,
        names: Names,
        phones: Phones,
        minter: Minter,
        start_ms: int,
        today: date,
    ) -> None:
        self._rng = rng
        self._names = names
        self._phones = phones
        self._minter = minter
        self._at_ms = start_ms
        self._today = today

    def choose_reachable(self, figures: Figures, homes: list[HouseholdDraft]) -> None:
        """Which doors have a known phone, and which old people somebody to call."""
        lived_in = [home for home in homes if home.people]
        for home in self._rng.sample(lived_in, figures.phone_households):
            home.has_phone = True
        elders = [one for home in lived_in for one in home.people if one.is_elder]
        for person in self._rng.sample(elders, min(len(elders), figures.emergency_contacts)):
            person.has_emergency_contact = True

    def building(self, place: Place) -> Building:
        compound = place.compound
        return Building(
            id=self._id(),
            compound=compound.name,
            name=place.name,
            grid_id=compound.grid_id,
            grid_name=GRID_NAMES[compound.grid_id],
            units=compound.units,
            floors=place.floors,
            doors=compound.doors,
            order=place.order,
            style=compound.style,
        )

    def household(self, draft: HouseholdDraft, building_id: str) -> Household:
        household_id = self._id()
        names = self._family_names(draft)
        residents = [
            self._resident(person, name) for person, name in zip(draft.people, names, strict=True)
        ]
        contacts: list[Contact] = []
        if draft.has_phone:
            head = residents[0]
            contacts.append(self._contact(head, head.name, "self"))
        for person, resident in zip(draft.people, residents, strict=True):
            if person.has_emergency_contact:
                contacts.append(self._emergency_contact(person, resident, residents, contacts))
        return Household(
            id=household_id,
            building_id=building_id,
            unit=draft.door.unit,
            floor=draft.door.floor,
            door_no=draft.door.door_no,
            tenure=draft.tenure,
            categories=tuple(sorted(draft.labels)),
            residents=tuple(residents),
            contacts=tuple(contacts),
        )

    def _family_names(self, draft: HouseholdDraft) -> list[str]:
        """A wife keeps her surname, children have their father's; no two are called the same."""
        family = self._names.surname()
        names = []
        for person in draft.people:
            by_marriage = person.relation in ("mother", "tenant") or (
                person.relation in ("head", "spouse") and person.sex == "f"
            )
            surname = "" if by_marriage else family
            name = self._names.of(person.sex, person.age, surname)
            while name in names:
                name = beside(name, person.sex, person.age)
            names.append(name)
        return names

    def _resident(self, person: Draft, name: str) -> Resident:
        return Resident(
            id=self._id(),
            name=name,
            pinyin=spelled(name),
            birth_on=self._birthday(person.age).isoformat(),
            sex=person.sex,
            relation_to_head=person.relation,
            categories=tuple(sorted(person.labels)),
        )

    def _birthday(self, age: int) -> date:
        """A birth date that gives this age today."""
        youngest = _years_before(self._today, age)
        oldest = _years_before(self._today, age + 1) + timedelta(days=1)
        return oldest + timedelta(days=self._rng.randint(0, (youngest - oldest).days))

    def _emergency_contact(
        self, person: Draft, elder: Resident, home: list[Resident], known: list[Contact]
    ) -> Contact:
        """The grown child at home, else one elsewhere; a neighbour for those without family."""
        head = home[0]
        if person.relation in ("mother", "father"):
            relation = "son" if head.sex == "m" else "daughter"
            own = next((one.phone for one in known if one.resident_id == head.id), "")
            return self._contact(elder, head.name, relation, own)
        sex = self._rng.choice("mf")
        if "childless_alone" in person.labels:
            name, relation = self._names.of(sex, self._rng.randint(45, 70)), "neighbour"
        else:
            father = elder.name if elder.sex == "m" else home[0].name
            surname = father[0] if home[0].sex == "m" else ""
            name = self._names.of(sex, max(30, person.age - 27), surname)
            relation = "son" if sex == "m" else "daughter"
        return self._contact(elder, name, relation)

    def _contact(self, of: Resident, name: str, relation: str, phone: str = "") -> Contact:
        """Three in four numbers were checked in the two months before the import."""
        days = self._rng.randint(0, 60)
        checked = local_day(self._at_ms) - timedelta(days=days) if days < 45 else None
        return Contact(
            id=self._id(),
            resident_id=of.id,
            name=name,
            relation=relation,
            phone=phone or self._phones.next(),
            verified_on=checked.isoformat() if checked else "",
        )

    def _id(self) -> str:
        self._at_ms += _STEP_MS
        return self._minter.mint(self._at_ms)


def _years_before(day: date, years: int) -> date:
    """The same calendar day; 28 February stands in for a 29th that does not exist."""
    try:
        return day.replace(year=day.year - years)
    except ValueError:
        return day.replace(year=day.year - years, day=28)
