"""A door with its people, numbers, visits, open work and history, as the office sees it."""

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from server import identities
from server.office import asked, history_view
from server.office.asked import Asked
from server.office.history_view import History
from server.store import buildings, histories, households, pairings, redirects, search, visits
from server.store.database import Tx
from server.store.records import Records
from server.store.visits import Wanted
from sync.care import (
    DEFAULT_INTERVALS,
    HIGH_RISK,
    categories_of,
    is_active,
    sign,
)
from sync.operations import Category
from sync.records import (
    Answers,
    Building,
    Community,
    Contact,
    Followup,
    Household,
    Pairing,
    Resident,
    Task,
)
from sync.refusals import Refusal

__all__ = ["Category", "HouseholdView", "of"]

VISITS_SHOWN = 20
CHANGES_SHOWN = 12
EVER = ("0000-01-01T00:00:00.000Z", "9999-12-31T00:00:00.000Z")


class Person(NamedTuple):
    """Somebody behind the door. `basis` says of each category how often and since when."""

    resident: Resident
    categories: list[str]
    contacts: list[Contact]
    basis: list[dict[str, Any]]
    last4: str


class HouseholdView(NamedTuple):
    household: Household
    building: Building
    people: list[Person]
    gone: list[Resident]
    contacts: list[Contact]
    basis: list[dict[str, Any]]
    visits: list[dict[str, Any]]
    visit_count: int
    tasks: list[Task]
    followups: list[Followup]
    disputes: list[dict[str, Any]]
    history: History
    carers: list[dict[str, Any]]
    staff: list[dict[str, Any]]
    pairings: list[Pairing]
    leaders: list[dict[str, Any]]
    sign: str
    answers: list[Asked]
    merges: list[dict[str, Any]]
    buildings: list[dict[str, Any]]

    @property
    def events(self) -> list[dict[str, str]]:
        """What happened to the door or to somebody behind it, the last of each."""
        found: list[tuple[str, Household | Resident]] = [("", self.household)]
        found += [(one.resident.name, one.resident) for one in self.people]
        return [
            {"name": name, "what": one.event, "on": one.event_on, "note": one.event_note}
            for name, one in found
            if one.event
        ]

    @property
    def names(self) -> dict[str, str]:
        """Everybody and every number here by id, for lines of history."""
        people = {one.resident.id: one.resident.name for one in self.people}
        numbers = [*self.contacts, *(one for person in self.people for one in person.contacts)]
        numbered = {one.id: one.name or "本户电话" for one in numbers}
        return {**people, **{one.id: one.name for one in self.gone}, **numbered}


def of(tx: Tx, community: Community, household_id: str, today: str) -> HouseholdView:
    """Raises Refusal when there is no such door."""
    known = Records(tx, community.id)
    household = known.get("household", redirects.kept(tx, community.id, household_id))
    if not isinstance(household, Household):
        raise Refusal("record.unknown")
    building = known.get("building", household.building_id)
    assert isinstance(building, Building)
    everybody = _behind(known, Resident, "resident", household.id)
    contacts = _behind(known, Contact, "contact", household.id)
    changes = histories.of_household(
        tx, community.id, household.id, merged_ids=household.merged_ids
    )
    here = [one for one in everybody if is_active(one)]
    shown = {one.id for one in here}
    intervals = {**DEFAULT_INTERVALS, **community.intervals}
    wanted = Wanted(*EVER, household_id=household.id)
    people = [
        Person(
            one,
            categories_of(one, today),
            [number for number in contacts if number.resident_id == one.id],
            basis_of(one.id, categories_of(one, today), changes, intervals),
            identities.last4(tx, community.id, one.id),
        )
        for one in sorted(here, key=_head_first)
    ]
    return HouseholdView(
        household=household,
        building=building,
        people=people,
        gone=[one for one in everybody if not is_active(one)],
        contacts=[one for one in contacts if one.resident_id not in shown],
        basis=basis_of(household.id, household.own_categories, changes, intervals),
        visits=visits.some(tx, community.id, wanted, VISITS_SHOWN),
        visit_count=visits.count(tx, community.id, wanted),
        tasks=[one for one in _behind(known, Task, "task", household.id) if one.status == "open"],
        followups=[
            one
            for one in _behind(known, Followup, "followup", household.id)
            if one.status == "open"
        ],
        disputes=households.disputes(tx, community.id, household.id),
        history=history_view.of(tx, community.id, changes[:CHANGES_SHOWN]),
        carers=buildings.carers(tx, community.id, building.id, today),
        staff=buildings.field_staff(tx, community.id),
        pairings=[
            one
            for one in _behind(known, Pairing, "pairing", household.id)
            if one.status == "active"
        ],
        leaders=pairings.leaders(tx, community.id),
        sign=sign(household.interval),
        answers=_answers(known, here),
        merges=redirects.merges(tx, community.id, household.id) if household.merged_ids else [],
        buildings=search.buildings(tx, community.id) if len(here) > 1 else [],
    )


def _answers(known: Records, people: list[Resident]) -> list[Asked]:
    found = [known.get("answers", one.id) for one in people]
    answers = [one for one in found if isinstance(one, Answers)]
    return asked.of_people(people, answers, known.checklists() if answers else [])


def basis_of(
    record_id: str,
    categories: Iterable[str],
    changes: Iterable[Mapping[str, Any]],
    intervals: Mapping[str, int],
) -> list[dict[str, Any]]:
    """Each category with its interval and the operation that gave it last."""
    since = _given_by(record_id, changes)
    return [
        {
            "code": code,
            "interval": intervals.get(code, 0),
            "derived": int(code == HIGH_RISK),
            "by": since.get(code),
        }
        for code in categories
    ]


def _given_by(record_id: str, changes: Iterable[Mapping[str, Any]]) -> dict[str, Mapping[str, Any]]:
    held: set[str] = set()
    since: dict[str, Mapping[str, Any]] = {}
    for change in reversed(list(changes)):
        if record_id not in (change["id"], change["data"].get("id")):
            continue
        data = change["data"]
        now = data.get("changes", data).get("categories")
        if not isinstance(now, list):
            continue
        since.update(dict.fromkeys(set(now) - held, change))
        held = set(now)
    return since


def _behind(known: Records, struct: Any, kind: str, household_id: str) -> list[Any]:
    found = known.of_household(kind, household_id)
    assert all(isinstance(one, struct) for one in found)
    return list(found)


def _head_first(resident: Resident) -> tuple[bool, str, str]:
    return resident.relation_to_head != "head", resident.birth_on or "9999", resident.id
