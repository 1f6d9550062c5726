"""Two records that are one door become one."""

from typing import Any

from msgspec import to_builtins
from msgspec.structs import replace

from sync.doors import door_label
from sync.known import Known
from sync.ladder import ITEM
from sync.merging import Ids, differing, refuse, refuse_merged
from sync.operations import HouseholdMerge
from sync.records import Household, Pairing, Record, Redirect, kind_of
from sync.redirects import EVENT, OWN
from sync.refusals import Refusal
from sync.visits import given, settle

# What lies behind a door, besides its people.
BEHIND = ("contact", "visit", "task", "followup", "contact_task", "issue")


def merge(data: HouseholdMerge, known: Known, base: int | None) -> tuple[list[Record], Ids]:
    """The kept door with all that lay behind both; the dropped one leads there from now on."""
    for record_id in (data.keep, data.drop):
        refuse_merged(record_id, known)
    keep, drop = known.household(data.keep), known.household(data.drop)
    refuse(keep, drop, data.drop_base, base)
    if keep.building_id != drop.building_id:
        raise Refusal("merge.other_building")
    _refuse_same_work(keep, drop, known)
    after = replace(keep, **_together(keep, drop), **_chosen(data))
    after = replace(after, merged_ids=[*keep.merged_ids, drop.id, *drop.merged_ids])
    building = known.building(after.building_id)
    other = known.town.has_door(building.id, after.unit, after.door_no)
    if other not in ("", keep.id, drop.id):
        raise Refusal("household.same_door")
    after = replace(after, label=door_label(building, after.unit, after.door_no))
    people = [*known.residents(keep.id), *known.residents(drop.id)]
    if people and after.tenure == "vacant":
        after = replace(after, tenure="")

    moved = behind(drop.id, known)
    changed = housed(moved, after, known)
    settled = [replace(one, household_id=keep.id, building_id=after.building_id) for one in people]
    changed += settle(after, settled, known)
    redirect = Redirect(
        id=drop.id,
        of="household",
        into=keep.id,
        by=known.actor.person_id,
        by_name=known.actor.name,
        at=known.true_at,
        dropped=to_builtins(drop),
        kept=to_builtins(keep),
        set_by=to_builtins(dict(known.town.stamps("household", drop.id))),
        decided=differing(keep, drop, OWN["household"]),
        work=[[kind_of(one), one.id] for one in [*known.residents(drop.id), *moved]],
    )
    return [*changed, redirect], [("household", drop.id)]


def behind(household_id: str, known: Known) -> list[Record]:
    """All that lies behind a door, but its people, with what is known of them."""
    found = [one for kind in BEHIND for one in known.town.of_household(kind, household_id)]
    answers = [known.answers(one.id) for one in known.residents(household_id)]
    return [*found, *known.pairings(household_id), *(one for one in answers if one)]


def housed(moved: list[Record], home: Household, known: Known) -> list[Record]:
    """These records behind another door; pairs tell of it."""
    here: dict[str, Any] = {"household_id": home.id, "building_id": home.building_id}
    found: list[Record] = []
    for one in moved:
        label = {"label": home.label} if isinstance(one, Pairing) and one.label else {}
        found.append(replace(one, **here, **label))
    return found


def _chosen(data: HouseholdMerge) -> dict[str, Any]:
    chosen = given(data.changes)
    if "categories" in chosen:
        chosen["own_categories"] = sorted(set(chosen.pop("categories")))
    return chosen


def _refuse_same_work(keep: Household, drop: Household, known: Known) -> None:
    """At most one case of a door is open; and a warning that asks after it names its door."""
    cases = [
        any(one.item == ITEM and one.status == "open" for one in known.followups(door.id))
        for door in (keep, drop)
    ]
    if all(cases):
        raise Refusal("merge.same_followup", what="上门没人应")
    asked = [one for door in (keep, drop) for one in known.asked_after(door.id)]
    if any(one.state == "open" and not one.is_past for one in asked):
        raise Refusal("merge.alert")


def _together(keep: Household, drop: Household) -> dict[str, Any]:
    """What is newest of both, where nobody has to choose."""
    visited = max(keep, drop, key=lambda one: one.last_visit_at)
    met = max(keep, drop, key=lambda one: (one.door_contact_on, one.door_method == "door"))
    event = drop if drop.event_on > keep.event_on else keep
    added = [one.added_on for one in (keep, drop) if one.added_on]
    return {
        "last_visit_at": visited.last_visit_at,
        "last_result": visited.last_result,
        "door_contact_on": met.door_contact_on,
        "door_method": met.door_method,
        "rest_until": max(keep.rest_until, drop.rest_until),
        "added_on": min(added, default=""),
        **{name: getattr(event, name) for name in EVENT},
    }
