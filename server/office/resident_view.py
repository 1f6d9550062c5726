"""A person with visits at whatever door, changes, and what is known to reach them."""

from typing import Any, NamedTuple

from server import identities
from server.office import history_view
from server.office.history_view import History
from server.office.household_view import CHANGES_SHOWN, basis_of
from server.store import histories, households, personal, proposals, redirects, team
from server.store.database import Tx
from server.store.records import Records
from sync.care import DEFAULT_INTERVALS, categories_of
from sync.coverage import is_reached, is_special_elder
from sync.plans import Ask, due_of_person
from sync.records import Building, Community, Contact, Household, Resident
from sync.refusals import Refusal

VISITS_SHOWN = 50


class ResidentView(NamedTuple):
    resident: Resident
    household: Household
    building: Building
    categories: list[str]
    basis: list[dict[str, Any]]
    due: Ask
    contacts: list[Contact]
    visits: list[dict[str, Any]]
    history: History
    disputes: list[dict[str, Any]]
    last4: str
    consents: list[dict[str, Any]]
    counts_for_rate: int
    reached: int
    merges: list[dict[str, Any]]
    departures: list[dict[str, Any]]
    buildings: list[dict[str, Any]]

    @property
    def names(self) -> dict[str, str]:
        numbers = {one.id: one.name or "电话" for one in self.contacts}
        return {self.resident.id: self.resident.name, **numbers}


def of(tx: Tx, community: Community, resident_id: str, today: str) -> ResidentView:
    """Raises Refusal when there is no such person."""
    known = Records(tx, community.id)
    resident = known.get("resident", redirects.kept(tx, community.id, resident_id))
    if not isinstance(resident, Resident):
        raise Refusal("record.unknown")
    household = known.get("household", resident.household_id)
    building = known.get("building", resident.building_id)
    assert isinstance(household, Household) and isinstance(building, Building)
    intervals = {**DEFAULT_INTERVALS, **community.intervals}
    contacts = [
        one
        for one in known.of_household("contact", household.id)
        if isinstance(one, Contact) and one.resident_id == resident.id
    ]
    mine = [resident.id, *resident.merged_ids, *(one.id for one in contacts)]
    changes = histories.of_person(tx, community.id, household.id, mine)
    categories = categories_of(resident, today)
    return ResidentView(
        resident=resident,
        household=household,
        building=building,
        categories=categories,
        basis=basis_of(resident.id, categories, changes, intervals),
        due=due_of_person(resident, household, intervals, community.festivals, today),
        contacts=contacts,
        visits=households.of_resident(tx, community.id, resident.id, VISITS_SHOWN),
        history=history_view.of(tx, community.id, changes[:CHANGES_SHOWN]),
        disputes=[
            one
            for one in households.disputes(tx, community.id, household.id)
            if one["record_id"] in mine
        ],
        last4=identities.last4(tx, community.id, resident.id),
        consents=personal.consents(tx, community.id, resident.id),
        counts_for_rate=int(is_special_elder(resident, today)),
        reached=int(is_reached(resident, today)),
        merges=redirects.merges(tx, community.id, resident.id) if resident.merged_ids else [],
        departures=[
            one
            for one in proposals.departures(tx, community.id, household.id)
            if resident.id in {told["id"] for told in one["residents"]}
        ],
        buildings=team.buildings(tx, community.id),
    )
