"""A door that was merged into another is one of its own again, with its people."""

from typing import Any

import msgspec
from msgspec.structs import replace

from sync.doors import door_label
from sync.known import Known
from sync.merging_doors import behind, housed
from sync.operations import HouseholdUnmerge
from sync.records import Household, Visit, kind_of
from sync.redirects import OWN
from sync.refusals import Refusal
from sync.unmerging import Undone, Work, merged_before, undoing, work_of
from sync.visits import settle, take_in


def unmerge(data: HouseholdUnmerge, known: Known) -> Undone:
    redirect, keep = undoing(data.id, "household", known)
    assert isinstance(keep, Household)
    drop = msgspec.convert(redirect.dropped, Household)
    drop = replace(drop, version=max(keep.version, drop.version) + 1)
    own: dict[str, Any] = {name: redirect.kept[name] for name in OWN["household"]}
    after = replace(keep, **own, merged_ids=merged_before(keep, redirect))
    after, drop = (_named(one, (keep.id, redirect.id), known) for one in (after, drop))
    if (after.building_id, after.unit, after.door_no) == (
        drop.building_id,
        drop.unit,
        drop.door_no,
    ):
        raise Refusal("household.same_door")

    work = work_of(redirect)
    people = known.residents(keep.id)
    back = {one.id for one in people if ("resident", one.id) in work}
    everything = behind(keep.id, known)
    theirs = [one for one in everything if _is_back(one, back, work)]
    ours = [one for one in everything if one not in theirs]
    changed = [*housed(ours, after, known), *housed(theirs, drop, known)]
    for home, found in ((after, ours), (drop, theirs)):
        visits = [one for one in found if isinstance(one, Visit)]
        here = [
            replace(one, household_id=home.id, building_id=home.building_id)
            for one in people
            if (one.id in back) == (home is drop)
        ]
        changed += settle(_visited(home, visits, known), here, known)
    return changed, [("redirect", redirect.id)], (), (), {drop.id: redirect.set_by}


def _door(home: Household) -> tuple[str, str, str]:
    return home.building_id, home.unit, home.door_no


def _named(home: Household, ours: tuple[str, str], known: Known) -> Household:
    building = known.building(home.building_id)
    if known.town.has_door(building.id, home.unit, home.door_no) not in ("", *ours):
        raise Refusal("household.same_door")
    return replace(home, label=door_label(building, home.unit, home.door_no))


def _is_back(one: Any, people: set[str], work: Work) -> bool:
    """What is about one of the people goes with them; the rest where it was recorded."""
    person = one.id if kind_of(one) == "answers" else getattr(one, "resident_id", "")
    if person:
        return person in people
    visit = getattr(one, "visit_id", "")
    return (kind_of(one), one.id) in work or bool(visit and ("visit", visit) in work)


def _visited(home: Household, visits: list[Visit], known: Known) -> Household:
    """A door as its own visits tell it."""
    home = replace(
        home, last_visit_at="", last_result="", door_contact_on="", door_method="", rest_until=""
    )
    for one in sorted(visits, key=lambda one: (one.true_at, one.id)):
        home, _ = take_in(one, home, [], known)
    return home
