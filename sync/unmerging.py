"""Somebody who was merged into another is a person of their own again.

Both are as they were, with what was done under either id meanwhile. What belongs to whom is what
the merge remembers (`redirects.py`); the rest is worked out from it.
"""

from collections.abc import Mapping
from typing import Any

import msgspec
from msgspec.structs import replace

from sync import checkups, followups
from sync.followups import flagged_id
from sync.known import Known
from sync.merging import at_home, renamed
from sync.newest import RECORDED, made_at
from sync.operations import ResidentUnmerge, instant
from sync.records import (
    Answers,
    Contact,
    ContactTask,
    Followup,
    Pairing,
    Record,
    Redirect,
    Resident,
    Task,
    Visit,
    kind_of,
)
from sync.redirects import OWN
from sync.refusals import Refusal
from sync.visits import EFFECTIVE

Work = Mapping[tuple[str, str], list[Any]]
Undone = tuple[
    list[Record], list[tuple[str, str]], tuple[Any, ...], tuple[Any, ...], dict[str, Any]
]


def unmerge(data: ResidentUnmerge, known: Known) -> Undone:
    redirect, keep = undoing(data.id, "resident", known)
    assert isinstance(keep, Resident)
    drop = msgspec.convert(redirect.dropped, Resident)
    drop = replace(drop, version=max(keep.version, drop.version) + 1)
    own: dict[str, Any] = {name: redirect.kept[name] for name in OWN["resident"]}
    after = replace(keep, **own, merged_ids=merged_before(keep, redirect))
    after, drop = (_housed(one, keep, known) for one in (after, drop))
    work = work_of(redirect)

    visits = [_back(one, keep.id, drop.id, work) for one in _visits(keep.id, known)]
    after, drop, visits, answers = _answers(after, drop, visits, work, known)
    moved = [
        *_numbers(keep, after, drop, work, known),
        *_flagged(keep, after, drop, visits, work, known),
        *_tasks(keep, after, drop, work, known),
    ]
    pairs = [one for one in moved if isinstance(one, Pairing) and one.status == "active"]
    people = [
        replace(
            one,
            paired=int(any(pair.resident_id == one.id for pair in pairs)),
            **_last_seen(one.id, visits, known),
        )
        for one in (after, drop)
    ]
    changed = [*visits, *answers, *moved, *at_home([keep], people, known)]
    return changed, [("redirect", redirect.id)], (), (), {drop.id: redirect.set_by}


def undoing(record_id: str, kind: str, known: Known) -> tuple[Redirect, Record]:
    """The merge that is to be undone, and what was kept. Raises Refusal when it cannot be."""
    redirect = known.redirect(record_id)
    if redirect is None or redirect.of != kind:
        raise Refusal("merge.unknown")
    keep: Any = known.town.get(kind, redirect.into)
    tail = [redirect.id, *redirect.dropped["merged_ids"]]
    if keep is None or keep.merged_ids[-len(tail) :] != tail:
        raise Refusal("merge.later")
    if keep.disputed:
        raise Refusal("merge.disputed")
    return redirect, keep


def merged_before(keep: Any, redirect: Redirect) -> list[str]:
    """What had been merged into a record before."""
    found: list[str] = keep.merged_ids
    return found[: -1 - len(redirect.dropped["merged_ids"])]


def work_of(redirect: Redirect) -> Work:
    return {(str(one[0]), str(one[1])): one for one in redirect.work}


def _housed(person: Resident, keep: Resident, known: Known) -> Resident:
    """A person at their own door; where the kept one lives, when that is no more."""
    home_id = person.household_id
    while (further := known.redirect(home_id)) is not None:
        home_id = further.into
    home: Any = known.town.get("household", home_id) or known.household(keep.household_id)
    return replace(person, household_id=home.id, building_id=home.building_id)


def _visits(resident_id: str, known: Known) -> list[Visit]:
    found = known.town.naming("visit", resident_id)
    return [one for one in found if isinstance(one, Visit)]


def _back(visit: Visit, keep: str, drop: str, work: Work) -> Visit:
    entry = work.get(("visit", visit.id))
    if entry is None:
        return visit
    both, places = entry[2], entry[3]
    named = renamed(visit.resident_ids, keep, [keep, drop] if both else [drop])
    checkups_now = [
        {**one, "resident_id": drop}
        if one["resident_id"] == keep and (not both or place in places)
        else one
        for place, one in enumerate(visit.checkups)
    ]
    return replace(visit, resident_ids=named, checkups=checkups_now)


def _answers(
    after: Resident, drop: Resident, visits: list[Visit], work: Work, known: Known
) -> tuple[Resident, Resident, list[Visit], list[Record]]:
    """Both with what each was asked and said."""
    before = known.answers(after.id)
    items = before.items if before else {}
    said = {f"{RECORDED}{key}" for kind, key in work if kind == "said"}
    theirs = {name: one for name, one in items.items() if name in said}
    ours = {name: one for name, one in items.items() if name not in said}
    drop, visits, mine = checkups.joined(drop, theirs, visits, known)
    after, visits, kept = checkups.joined(after, ours, visits, known)
    version = next((key for kind, key in work if kind == "answers"), "0")
    found: list[Answers] = [kept] if kept else []
    if mine:
        found.append(replace(mine, version=int(version) + 1))
    return after, drop, visits, list(found)


def _numbers(
    keep: Resident, after: Resident, drop: Resident, work: Work, known: Known
) -> list[Record]:
    """Telephone numbers and pairs, each with its person."""
    found: list[Record] = []
    here: list[Contact | Pairing] = [*known.contacts(keep.household_id)]
    for one in [*here, *known.pairings(keep.household_id)]:
        if one.resident_id == keep.id:
            whose = drop if (kind_of(one), one.id) in work else after
            found.append(_given(one, whose))
    return found


def _given(one: Any, whose: Resident) -> Any:
    name = {"resident_name": whose.name} if isinstance(one, Pairing) else {}
    home = {"household_id": whose.household_id, "building_id": whose.building_id}
    return replace(one, resident_id=whose.id, **home, **name)


def _tasks(
    keep: Resident, after: Resident, drop: Resident, work: Work, known: Known
) -> list[Record]:
    found: list[Record] = []
    for kind in ("task", "contact_task"):
        for task in known.town.naming(kind, keep.id):
            assert isinstance(task, Task | ContactTask)
            entry = work.get((kind, task.id))
            if entry is None:
                continue
            named = [keep.id, drop.id] if entry[2] else [drop.id]
            back = replace(task, resident_ids=renamed(task.resident_ids, keep.id, named))
            if kind == "task" and back.resident_ids == [drop.id]:
                home = {"household_id": drop.household_id, "building_id": drop.building_id}
                back = replace(back, **home)
            found.append(back)
    return found


def _flagged(
    keep: Resident,
    after: Resident,
    drop: Resident,
    visits: list[Visit],
    work: Work,
    known: Known,
) -> list[Record]:
    """Follow-ups, each with whom its visits asked about; one that both asked for is told apart."""
    asked = {one.id: {each["resident_id"] for each in one.checkups} for one in visits}
    found: list[Record] = []
    for one in known.followups(keep.household_id):
        if one.resident_id != keep.id:
            continue
        was_theirs = ("followup", one.id) in work
        own = drop if was_theirs else after
        sides: dict[str, list[dict[str, Any]]] = {after.id: [], drop.id: []}
        for each in one.entries:
            whom = asked.get(each["visit_id"], set()) & sides.keys()
            sides[next(iter(whom)) if len(whom) == 1 else own.id].append(each)
        owner = own if sides[own.id] or not one.entries else (after if own is drop else drop)
        other = after if owner is drop else drop
        found.append(_of(one, owner, other, sides[owner.id]))
        if sides[other.id]:
            first = sides[other.id][0]["visit_id"]
            new_id = flagged_id(first, other.id, one.item)
            if known.town.get("followup", new_id) is None:
                found.append(_of(replace(one, id=new_id, version=1), other, owner, sides[other.id]))
    return found


def _of(one: Followup, whose: Resident, other: Resident, entries: list[dict[str, Any]]) -> Followup:
    aliases = dict.fromkeys([*whose.merged_ids, *one.aliases, other.id])
    home = {"household_id": whose.household_id, "building_id": whose.building_id}
    names = [name for name in aliases if name != whose.id]
    given = replace(one, resident_id=whose.id, aliases=names, **home)
    return followups.told_by(entries, given) if entries else given


def _last_seen(resident_id: str, visits: list[Visit], known: Known) -> dict[str, str]:
    """Day and way of the last contact, by all visits that name somebody."""
    found = []
    for one in visits:
        if resident_id in one.resident_ids and one.result in EFFECTIVE and not one.withdrawn:
            at = instant(made_at(one))
            assert at is not None
            found.append((known.day(at), one.method == "door"))
    on, at_door = max(found, default=("", False))
    return {"last_contact_on": on, "last_method": ("door" if at_door else "phone") if on else ""}
