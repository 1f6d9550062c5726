"""What happened to a person or a whole door, and the contacts that it asks for soon after."""

from typing import TypeVar

from msgspec.structs import replace

from sync.care import PAUSED
from sync.known import Known
from sync.operations import LifeEventRecord
from sync.records import Household, Record, Resident
from sync.refusals import Refusal
from sync.visits import settle

R = TypeVar("R", Household, Resident)


def record(data: LifeEventRecord, known: Known) -> list[Record]:
    """Remember the latest event; one that is taken back asks for nothing any more."""
    household = known.household(data.household_id)
    residents = known.residents(household.id)
    # A clock that ran ahead puts no contact off.
    on = min(data.on or known.day(known.moment.true_at), known.today)
    if not data.resident_id:
        household = happened(household, data, on)
        if data.what == "moved_in" and household.tenure == "vacant":
            household = replace(household, tenure="")
        return settle(household, residents, known)

    person = known.resident(data.resident_id)
    if not known.may_reach(person.building_id):
        raise Refusal("resident.elsewhere")
    after = happened(person, data, on)
    if data.what == "discharge" and person.status in PAUSED:
        after = replace(after, status="living", status_until="", status_at=known.done_at)
    others = [one for one in residents if one.id != person.id]
    return settle(household, [*others, after], known)


def happened(before: R, data: LifeEventRecord, on: str) -> R:
    """A record with what was reported, unless something later is known already."""
    if on < before.event_on:
        return before
    return replace(
        before,
        event=data.what,
        event_on=on if data.what else "",
        event_note=data.note if data.what else "",
    )
