"""Volunteers who look after somebody: their contacts count as visits."""

from collections.abc import Iterable

from msgspec.structs import replace

from sync.known import Known
from sync.operations import PairingAdd, PairingContact, PairingEnd, VisitRecord
from sync.records import Contact, Household, Pair, Pairing, Record, Resident
from sync.refusals import Refusal
from sync.visits import record, settle


def add(operation_id: str, data: PairingAdd, known: Known) -> list[Record]:
    person = known.resident(data.resident_id)
    household = known.household(person.household_id)
    for other in known.pairings(household.id):
        same = other.name == data.name and other.phone == data.phone
        if same and other.resident_id == person.id and other.status == "active":
            raise Refusal("pairing.already")
    pairing = Pairing(
        id=operation_id,
        household_id=household.id,
        building_id=household.building_id,
        resident_id=person.id,
        name=data.name,
        phone=data.phone,
        leader_id=data.leader_id,
        from_on=data.from_on or known.today,
    )
    pairing = about(pairing, person, household, known.contacts(household.id))
    return [pairing, *_settled(replace(person, paired=1), household, known)]


def end(data: PairingEnd, known: Known) -> list[Record]:
    pairing = known.pairing(data.id)
    if pairing.status != "active":
        raise Refusal("pairing.ended")
    person = known.resident(pairing.resident_id)
    household = known.household(person.household_id)
    others = [one for one in known.pairings(household.id) if one.id != pairing.id]
    is_paired = any(one.resident_id == person.id and one.status == "active" for one in others)
    ended = replace(pairing, status="ended", until_on=known.today)
    return [ended, *_settled(replace(person, paired=int(is_paired)), household, known)]


def contact(operation_id: str, data: PairingContact, known: Known) -> list[Record]:
    """A visit by the leader who looks after somebody, wherever that person lives.

    It counts when it was made before the pair ended, however late it arrives.
    """
    pairing = known.pairing(data.id)
    if not known.forced and pairing.leader_id != known.actor.person_id:
        raise Refusal("pairing.not_yours")
    is_over = pairing.status != "active" and known.day(known.moment.true_at) > pairing.until_on
    if is_over and not known.forced:
        raise Refusal("pairing.ended")
    person = known.resident(pairing.resident_id)
    at_door = data.method == "door"
    visit = VisitRecord(
        household_id=person.household_id,
        type="elder_care" if at_door else "phone",
        method=data.method,
        result="met" if at_door else "phone_ok",
        resident_ids=[person.id],
        note=data.note,
        pairing_id=pairing.id,
    )
    return record(operation_id, visit, known)


def follow(
    person: Resident, household: Household, contacts: Iterable[Contact], known: Known
) -> list[Record]:
    """The pairings of a person whose name, door or telephone may have changed."""
    if not person.paired:
        return []
    before = known.resident(person.id).household_id
    found = [one for one in known.pairings(before) if one.resident_id == person.id]
    return [about(one, person, household, contacts) for one in found if one.status == "active"]


def told(pairing: Pairing) -> Pair | None:
    """What the leader who looks after somebody is told of them; None when nothing any more."""
    if pairing.status != "active":
        return None
    return Pair(
        id=pairing.id,
        version=pairing.version,
        name=pairing.resident_name,
        label=pairing.label,
        phone=pairing.resident_phone,
        contacted_on=pairing.contacted_on,
    )


def _settled(person: Resident, household: Household, known: Known) -> list[Record]:
    others = [one for one in known.residents(household.id) if one.id != person.id]
    return settle(household, [*others, person], known)


def about(
    pairing: Pairing, person: Resident, household: Household, contacts: Iterable[Contact]
) -> Pairing:
    """A pairing that says where and how this person is reached."""
    phones = {one.resident_id: one.phone for one in contacts if one.relation in ("self", "")}
    return replace(
        pairing,
        household_id=household.id,
        building_id=household.building_id,
        resident_name=person.name,
        resident_phone=phones.get(person.id, phones.get("", "")),
        label=household.label,
    )
