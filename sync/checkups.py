"""What people were asked at a visit, and what follows: newest answers, consent, follow-ups.

The newest answer to each question counts, by the true time of its visit and not by its arrival.
A visit that arrives late, is corrected or taken back is therefore put in its place among the
others of that person, and what follows is worked out anew from there. Nothing here refuses a visit:
what no known edition explains is kept with the wording that came, and asks for nothing.
Twin: web/phone/checkups.js.
"""

from collections.abc import Iterable
from typing import Any, NamedTuple

from msgspec.structs import replace

from sync import followups
from sync.care import categories_of
from sync.entries import entries_of
from sync.followups import Entry
from sync.known import Known
from sync.newest import (
    ASKED,
    CONSENT,
    LAST,
    RECORDED,
    Item,
    Items,
    Place,
    agreed,
    heard,
    made_at,
    newer,
    place,
    place_of,
    taken,
    with_fields,
)
from sync.operations import ConsentRecord, instant, stamp
from sync.records import Answers, Record, Resident, Visit
from sync.wordings import explained


class _Asked(NamedTuple):
    """What one visit leaves behind for one person."""

    visit: Visit
    items: Items
    entries: dict[str, Entry]


def people_of(visit: Visit) -> list[str]:
    """Who was asked at a visit."""
    return list(dict.fromkeys(one["resident_id"] for one in visit.checkups))


def take_in(
    visit: Visit, people: list[Resident], known: Known
) -> tuple[Visit, list[Resident], list[Record]]:
    """A visit that is new, with its people and all else that changes by what they were asked."""
    return _renew(visit, people, known, followups.OTHERWISE, people_of(visit))


def put_right(
    before: Visit, after: Visit, people: list[Resident], known: Known
) -> tuple[Visit, list[Resident], list[Record]]:
    """The same for a visit that was corrected or taken back.

    Whom a correction takes out of the visit was not asked there. What no phone is told stays.
    """
    out = set(before.resident_ids) - set(after.resident_ids)
    left = [one for one in after.checkups if one["resident_id"] not in out]
    if known.actor.role not in ("office", "secretary"):
        left = [_with_untold(one, before) for one in left]
    after = replace(after, checkups=left)
    concerned = dict.fromkeys([*people_of(before), *people_of(after)])
    why = followups.TAKEN_BACK if after.withdrawn else followups.PUT_RIGHT
    return _renew(after, people, known, why, concerned)


def _with_untold(checkup: dict[str, Any], before: Visit) -> dict[str, Any]:
    """With the answers that a correction cannot speak of: its author's phone was not told them."""
    same = [one for one in before.checkups if _subject(one) == _subject(checkup)]
    untold = {
        name: answer
        for one in same
        for name, answer in one["answers"].items()
        if answer.get("restricted")
        or (answer.get("declined") and one["consent"] == checkup["consent"])
    }
    return {**checkup, "answers": {**untold, **checkup["answers"]}}


def _subject(checkup: dict[str, Any]) -> tuple[str, str]:
    return checkup["resident_id"], checkup["checklist_id"]


def record_consent(operation_id: str, data: ConsentRecord, known: Known) -> list[Record]:
    """What a person said outside of a visit, which counts from then on."""
    person = known.resident(data.resident_id)
    before = _answers_of(person, known)
    at = min(known.moment.true_at, known.moment.received_at)
    on = known.day(at)
    item = {
        "value": data.consent,
        "on": min(data.on or on, on),
        "at": stamp(at),
        "visit_id": "",
        "method": data.method,
    }
    items: Items = {**before.items, f"{RECORDED}{operation_id}": item}
    chain: list[Visit] = []
    if any(place_of(one) > place_of(item) for one in items.values()):
        chain, items = _from_the_start(person, items, [], known)
    visits: dict[str, Visit] = {}
    after, more = _go_through(person, chain, items, place_of(item), visits, known)
    return [after, *visits.values(), *more]


def move(before: Resident, after: Resident, known: Known) -> list[Record]:
    """What is known of a person goes with them to another door."""
    home = {"household_id": after.household_id, "building_id": after.building_id}
    answers = known.answers(before.id)
    mine = [one for one in known.followups(before.household_id) if one.resident_id == before.id]
    found: list[Record] = [*([answers] if answers else []), *mine]
    return [replace(one, **home) for one in found]


def joined(
    person: Resident, items: Items, visits: list[Visit], known: Known
) -> tuple[Resident, list[Visit], Answers | None]:
    """A person whom other visits asked than before, these among them, with their answers.

    `items` are what is known of the person; what visits said is worked out anew.
    """
    in_hand = {one.id: one for one in visits}
    chain, left = _from_the_start(person, items, visits, known)
    after, more = _go_through(person, chain, left, LAST, in_hand, known)
    home = {"household_id": person.household_id, "building_id": person.building_id}
    answers = [replace(one, **home) for one in more if isinstance(one, Answers)]
    return after, list(in_hand.values()), next(iter(answers), None)


def was_asked(person: Resident, known: Known) -> bool:
    """Whether anything a visit found out is kept about a person."""
    answers = known.answers(person.id)
    return answers is not None and any(one["visit_id"] for one in answers.items.values())


def _renew(
    visit: Visit, people: list[Resident], known: Known, why: str, concerned: Iterable[str]
) -> tuple[Visit, list[Resident], list[Record]]:
    here = place(visit)
    after = {one.id: one for one in people}
    changed: list[Record] = []
    visits = {visit.id: visit}
    for person in [after[one] for one in concerned]:
        items: Items = _answers_of(person, known).items
        chain = [visit]
        if why != followups.OTHERWISE or any(place_of(one) > here for one in items.values()):
            chain, items = _from_the_start(person, items, [visit], known)
        after[person.id], more = _go_through(person, chain, items, here, visits, known, why)
        changed += more
    others = [one for one in visits.values() if one.id != visit.id]
    return visits[visit.id], list(after.values()), [*others, *changed]


def _from_the_start(
    person: Resident, items: Items, changed: list[Visit], known: Known
) -> tuple[list[Visit], Items]:
    """Every visit that asked this person, oldest first, and what is known from elsewhere."""
    visits = {one.id: one for one in [*known.town.checked(person.id), *changed]}
    chain = [one for one in visits.values() if not one.withdrawn and person.id in people_of(one)]
    left = {name: one for name, one in items.items() if one["visit_id"] not in visits}
    if CONSENT in left and not left[CONSENT]["visit_id"]:
        del left[CONSENT]
    return sorted(chain, key=place), left


def _go_through(
    person: Resident,
    chain: list[Visit],
    items: Items,
    since: Place,
    visits: dict[str, Visit],
    known: Known,
    why: str = followups.OTHERWISE,
) -> tuple[Resident, list[Record]]:
    """The person and what else changes, when these visits follow each other upon `items`.

    What must follow is worked out anew from `since` on, the place of what came, changed or went.
    `visits` are those in hand, by id: each stands there as it is afterwards.
    """
    wanted: dict[str, dict[str, Entry]] = {since[1]: {}}
    for one in chain:
        asked = _ask(visits.get(one.id, one), person, heard(items, place(one)), known)
        items = asked.items
        if place(one) >= since:
            wanted[one.id] = asked.entries
        if asked.visit is not one:
            visits[one.id] = asked.visit
    items = dict(sorted(heard(items, LAST).items()))
    before = _answers_of(person, known)
    changed: list[Record] = [replace(before, items=items)] if items or before.items else []
    ending = followups.Ending(known.actor.name, known.true_at, why)
    changed += followups.renew(person, wanted, known.followups(person.household_id), ending)
    return with_fields(person, items), changed


def _ask(visit: Visit, person: Resident, items: Items, known: Known) -> _Asked:
    """Go through what a visit asked one person, when `items` was known before."""
    at = made_at(visit)
    on = known.day(_instant(at))
    stood: Item = {"on": on, "at": at, "visit_id": visit.id}
    items = newer(items, ASKED, {"value": "", **stood})
    kept = []
    entries: dict[str, Entry] = {}
    for checkup in visit.checkups:
        if checkup["resident_id"] != person.id:
            kept.append(checkup)
            continue
        if checkup["consent"]:
            said = {"value": checkup["consent"], **stood, "method": checkup["consent_method"]}
            items = newer(items, CONSENT, said)
        consent = agreed(items, visit)
        checkup = explained(checkup, consent, known)
        kept.append(checkup)
        definition = known.checklist(checkup["checklist_id"], checkup["version"])
        if definition is not None:
            facts = {
                "today": on,
                "categories": categories_of(person, on),
                "changed": int(visit.type == "event_triggered"),
                "consent": consent,
            }
            entries |= entries_of(visit, checkup, definition, items, facts)
        items = taken(checkup, definition, stood, items)
    same = kept == visit.checkups
    return _Asked(visit if same else replace(visit, checkups=kept), items, entries)


def _answers_of(person: Resident, known: Known) -> Answers:
    return known.answers(person.id) or Answers(
        id=person.id, household_id=person.household_id, building_id=person.building_id
    )


def _instant(stamped: str) -> Any:
    at = instant(stamped)
    assert at is not None
    return at
