"""Two records that are one person become one, and two again when they were not."""

from typing import Any

from msgspec import to_builtins
from msgspec.structs import replace

from sync import checkups, pairings
from sync.care import GONE
from sync.known import Known
from sync.newest import RECORDED
from sync.operations import ResidentMerge
from sync.records import (
    Answers,
    ContactTask,
    Household,
    Record,
    Redirect,
    Resident,
    Task,
    Visit,
    kind_of,
)
from sync.redirects import EVENT, OWN
from sync.refusals import Refusal
from sync.visits import given, settle

Ids = list[tuple[str, str]]


def merge(data: ResidentMerge, known: Known, base: int | None) -> tuple[list[Record], Ids]:
    """The kept person with all that is known of both; the dropped one leads there from now on."""
    keep, drop = (_one(record_id, known) for record_id in (data.keep, data.drop))
    refuse(keep, drop, data.drop_base, base)
    _refuse_same_work(keep, drop, known)
    chosen = given(data.changes)
    if "categories" in chosen:
        chosen["categories"] = sorted(set(chosen["categories"]))
    if "status" in chosen:
        chosen["status_at"] = known.done_at
    after = replace(keep, **_together(keep, drop), **chosen)
    after = replace(after, merged_ids=[*keep.merged_ids, drop.id, *drop.merged_ids])
    home = known.household(after.household_id)
    after = replace(after, building_id=home.building_id)

    visits = [_led(one, drop.id, keep.id) for one in _visits(drop.id, known)]
    moved, work = _moved(keep, drop, after, home, known)
    work += [entry(one, drop.id, keep.id) for one in _visits(drop.id, known)]
    before = [known.answers(one.id) for one in (drop, keep)]
    items = {name: one for found in before if found for name, one in found.items.items()}
    work += [["said", name.removeprefix(RECORDED)] for name in _said(before[0])]
    after, visits, answers = checkups.joined(after, items, visits, known)
    work += [["answers", before[0].version]] if before[0] else []
    redirect = Redirect(
        id=drop.id,
        of="resident",
        into=keep.id,
        by=known.actor.person_id,
        by_name=known.actor.name,
        at=known.true_at,
        dropped=to_builtins(drop),
        kept=to_builtins(keep),
        set_by=to_builtins(dict(known.town.stamps("resident", drop.id))),
        decided=differing(keep, drop, OWN["resident"]),
        work=work,
    )
    changed: list[Record] = [*visits, *([answers] if answers else []), *moved]
    changed += [*at_home([keep, drop], [after], known), redirect]
    gone: Ids = [("answers", drop.id)] if before[0] else []
    return changed, [*gone, ("resident", drop.id)]


def refuse(
    keep: Resident | Household, drop: Resident | Household, drop_base: int, base: int | None
) -> None:
    if keep.id == drop.id:
        raise Refusal("merge.itself")
    if (base and base != keep.version) or (drop_base and drop_base != drop.version):
        raise Refusal("merge.changed")
    if keep.disputed or drop.disputed:
        raise Refusal("merge.disputed")


def differing(keep: Record, drop: Record, names: tuple[str, ...]) -> list[str]:
    """The fields in which somebody had to choose."""
    return [name for name in names if getattr(keep, name) != getattr(drop, name)]


def refuse_merged(record_id: str, known: Known) -> None:
    """Raises Refusal for what was merged before."""
    redirect = known.redirect(record_id)
    if redirect is None:
        return
    while (further := known.redirect(redirect.into)) is not None:
        redirect = further
    kept: Any = known.town.get(redirect.of, redirect.into)
    name = "" if kept is None else kept.name if redirect.of == "resident" else kept.label
    raise Refusal("merge.already", name=name)


def _one(record_id: str, known: Known) -> Resident:
    refuse_merged(record_id, known)
    return known.resident(record_id)


def _refuse_same_work(keep: Resident, drop: Resident, known: Known) -> None:
    """Of one person and question at most one follow-up is open."""
    mine, theirs = (
        {
            one.item: one
            for one in known.followups(person.household_id)
            if one.resident_id == person.id and one.item and one.status == "open"
        }
        for person in (keep, drop)
    )
    for item in sorted(mine.keys() & theirs.keys()):
        raise Refusal("merge.same_followup", what=mine[item].what)


def _together(keep: Resident, drop: Resident) -> dict[str, Any]:
    """What is newest of both, where nobody has to choose."""
    last = max(keep, drop, key=lambda one: (one.last_contact_on, one.last_method == "door"))
    event = drop if drop.event_on > keep.event_on else keep
    added = [one.added_on for one in (keep, drop) if one.added_on]
    return {
        "last_contact_on": last.last_contact_on,
        "last_method": last.last_method,
        "paired": max(keep.paired, drop.paired),
        "added_on": min(added, default=""),
        **{name: getattr(event, name) for name in EVENT},
    }


def _visits(resident_id: str, known: Known) -> list[Visit]:
    found = known.town.naming("visit", resident_id)
    return [one for one in found if isinstance(one, Visit)]


def _led(visit: Visit, old: str, new: str) -> Visit:
    """A visit that names another person in the place of one."""
    return replace(
        visit,
        resident_ids=renamed(visit.resident_ids, old, [new]),
        checkups=[
            {**one, "resident_id": new} if one["resident_id"] == old else one
            for one in visit.checkups
        ],
    )


def entry(one: Visit | Task | ContactTask, drop: str, keep: str) -> list[Any]:
    """What a merge remembers of a record that named the dropped one, and perhaps both."""
    asked = [each["resident_id"] for each in one.checkups] if isinstance(one, Visit) else []
    places = [place for place, each in enumerate(asked) if each == drop]
    return [kind_of(one), one.id, int(keep in [*one.resident_ids, *asked]), places]


def renamed(named: list[str], old: str, new: list[str]) -> list[str]:
    found = [two for one in named for two in (new if one == old else [one])]
    return list(dict.fromkeys(found))


def _moved(
    keep: Resident, drop: Resident, after: Resident, home: Household, known: Known
) -> tuple[list[Record], list[list[Any]]]:
    """What else was the dropped person's, and goes where the kept one lives."""
    here = {"household_id": home.id, "building_id": home.building_id}
    changed: list[Record] = []
    work: list[list[Any]] = []
    contacts = []
    for person in (keep, drop):
        for contact in known.contacts(person.household_id):
            if contact.resident_id == person.id:
                contacts.append(replace(contact, resident_id=keep.id, **here))
                work += [["contact", contact.id]] if person is drop else []
    changed += contacts
    numbers = [*contacts, *known.contacts(home.id)]
    for person in (keep, drop):
        for pair in known.pairings(person.household_id):
            if pair.resident_id == person.id:
                told = replace(pair, resident_id=keep.id)
                if pair.status == "active" and after.status not in GONE:
                    told = pairings.about(told, after, home, numbers)
                changed.append(replace(told, **here))
                work += [["pairing", pair.id]] if person is drop else []
        for one in known.followups(person.household_id):
            if one.resident_id == person.id:
                aliases = [*one.aliases, *after.merged_ids]
                names = list(dict.fromkeys(aliases))
                changed.append(replace(one, resident_id=keep.id, aliases=names, **here))
                work += [["followup", one.id]] if person is drop else []
    for kind in ("task", "contact_task"):
        for task in known.town.naming(kind, drop.id):
            assert isinstance(task, Task | ContactTask)
            work.append([*entry(task, drop.id, keep.id), task.household_id])
            led = replace(task, resident_ids=renamed(task.resident_ids, drop.id, [keep.id]))
            is_theirs = kind == "task" and task.resident_ids == [drop.id]
            changed.append(replace(led, **here) if is_theirs else led)
    return changed, work


def at_home(before: list[Resident], after: list[Resident], known: Known) -> list[Record]:
    """The doors of these people as they were and are, settled anew, with their people."""
    gone = {one.id for one in [*before, *after]}
    homes = dict.fromkeys(one.household_id for one in [*before, *after])
    changed: list[Record] = []
    for home_id in homes:
        stay = [one for one in known.residents(home_id) if one.id not in gone]
        come = [one for one in after if one.household_id == home_id]
        home = known.household(home_id)
        if come and home.tenure == "vacant":
            home = replace(home, tenure="")
        changed += settle(home, [*stay, *come], known)
    return changed


def _said(answers: Answers | None) -> list[str]:
    """What somebody said outside of visits, by the operations that recorded it."""
    return [name for name in answers.items if name.startswith(RECORDED)] if answers else []
