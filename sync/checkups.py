"""What people were asked at a visit, and what follows: newest answers, consent, follow-ups.

The newest answer to each question counts, by the true time of its visit and not by its arrival.
A visit that arrives late, is corrected or taken back is therefore put in its place among the
others of that person, and what follows is worked out anew from there. Nothing here refuses a visit:
what no known edition explains is kept with the wording that came, and asks for nothing.
Twin: web/phone/checkups.js.
"""

from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import Any, NamedTuple

from msgspec import to_builtins
from msgspec.structs import replace

from sync import followups
from sync.care import categories_of
from sync.checklist_rules import Flagged, flags
from sync.checklists import CHOSEN, Checklist, Question
from sync.followups import Entry
from sync.known import Known
from sync.operations import Checkup, ConsentRecord, instant, stamp
from sync.records import Answers, Record, Resident, Visit

# Items beside the answers; those have a point in their names.
CONSENT, RECORDED = "consent", "consent_recorded"
WISH = "visit_wish"
WISHES = frozenset({"less", "phone", "none"})

# After every visit.
_LAST = ("~", "")

Item = dict[str, Any]
Items = Mapping[str, Item]


class _Asked(NamedTuple):
    """What one visit leaves behind for one person."""

    visit: Visit
    items: Items
    entries: dict[str, Entry]


def shown(said: Iterable[Checkup]) -> list[dict[str, Any]]:
    """Checkups as a visit's record keeps them, before anything is known of their lists."""
    return [
        {
            **to_builtins(one),
            "answers": {
                name: {
                    "value": "" if answer.value is None else answer.value,
                    "unchanged": int(answer.unchanged),
                    "asked": answer.asked,
                    "said": answer.said,
                }
                for name, answer in one.answers.items()
            },
        }
        for one in said
    ]


def people_of(visit: Visit) -> list[str]:
    """Who was asked at a visit."""
    return list(dict.fromkeys(one["resident_id"] for one in visit.checkups))


def take_in(
    visit: Visit, people: list[Resident], known: Known
) -> tuple[Visit, list[Resident], list[Record]]:
    """A visit that is new, with its people and all else that changes by what they were asked."""
    return _renew(visit, people, known, True, people_of(visit))


def put_right(
    before: Visit, after: Visit, people: list[Resident], known: Known
) -> tuple[Visit, list[Resident], list[Record]]:
    """The same for a visit that was corrected or taken back.

    Whom a correction takes out of the visit was not asked there.
    """
    out = set(before.resident_ids) - set(after.resident_ids)
    if out:
        left = [one for one in after.checkups if one["resident_id"] not in out]
        after = replace(after, checkups=left)
    concerned = dict.fromkeys([*people_of(before), *people_of(after)])
    return _renew(after, people, known, False, concerned)


def record_consent(data: ConsentRecord, known: Known) -> list[Record]:
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
    items = _newer(before.items, RECORDED, item)
    chain: list[Visit] = []
    if any(_order_of(one) > _order_of(item) for one in items.values()):
        chain, items = _from_the_start(person, items, [], known)
    visits: dict[str, Visit] = {}
    after, more = _go_through(person, chain, items, _order_of(item), visits, known)
    return [after, *visits.values(), *more]


def move(before: Resident, after: Resident, known: Known) -> list[Record]:
    """What is known of a person goes with them to another door."""
    home = {"household_id": after.household_id, "building_id": after.building_id}
    answers = known.answers(before.id)
    mine = [one for one in known.followups(before.household_id) if one.resident_id == before.id]
    found: list[Record] = [*([answers] if answers else []), *mine]
    return [replace(one, **home) for one in found]


def was_asked(person: Resident, known: Known) -> bool:
    """Whether anything a visit found out is kept about a person."""
    answers = known.answers(person.id)
    return answers is not None and any(one["visit_id"] for one in answers.items.values())


def made_at(visit: Visit) -> str:
    """When a visit counts: no visit was made after it arrived."""
    return min(visit.true_at, visit.received_at or visit.true_at)


def _renew(
    visit: Visit, people: list[Resident], known: Known, is_new: bool, concerned: Iterable[str]
) -> tuple[Visit, list[Resident], list[Record]]:
    here = _order(visit)
    after = {one.id: one for one in people}
    changed: list[Record] = []
    visits = {visit.id: visit}
    for person in [after[one] for one in concerned]:
        items: Items = _answers_of(person, known).items
        chain = [visit]
        if not is_new or any(_order_of(one) > here for one in items.values()):
            chain, items = _from_the_start(person, items, [visit], known)
        after[person.id], more = _go_through(person, chain, items, here, visits, known)
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
    return sorted(chain, key=_order), left


def _go_through(
    person: Resident,
    chain: list[Visit],
    items: Items,
    since: tuple[str, str],
    visits: dict[str, Visit],
    known: Known,
) -> tuple[Resident, list[Record]]:
    """The person and what else changes, when these visits follow each other upon `items`.

    What must follow is worked out anew from `since` on, the place of what came, changed or went.
    `visits` are those in hand, by id: each stands there as it is afterwards.
    """
    wanted: dict[str, dict[str, Entry]] = {since[1]: {}}
    for one in chain:
        asked = _ask(visits.get(one.id, one), person, _heard(items, _order(one)), known)
        items = asked.items
        if _order(one) >= since:
            wanted[one.id] = asked.entries
        if asked.visit is not one:
            visits[one.id] = asked.visit
    items = dict(sorted(_heard(items, _LAST).items()))
    before = _answers_of(person, known)
    changed: list[Record] = [replace(before, items=items)] if items or before.items else []
    changed += followups.renew(person, wanted, known.followups(person.household_id))
    return _with_fields(person, items), changed


def _heard(items: Items, place: tuple[str, str]) -> Items:
    """With what the person had said to being asked by then, if it was not at a visit."""
    recorded = items.get(RECORDED)
    if recorded is None or _order_of(recorded) > place:
        return items
    return _newer(items, CONSENT, recorded)


def _ask(visit: Visit, person: Resident, items: Items, known: Known) -> _Asked:
    """Go through what a visit asked one person, when `items` was known before."""
    at = made_at(visit)
    on = known.day(_instant(at))
    stood: Item = {"on": on, "at": at, "visit_id": visit.id}
    kept = []
    entries: dict[str, Entry] = {}
    for checkup in visit.checkups:
        if checkup["resident_id"] != person.id:
            kept.append(checkup)
            continue
        if checkup["consent"]:
            said = {"value": checkup["consent"], **stood, "method": checkup["consent_method"]}
            items = _newer(items, CONSENT, said)
        consent = _agreed(items, visit)
        checkup = _explained(checkup, consent, known)
        kept.append(checkup)
        definition = known.checklist(checkup["checklist_id"], checkup["version"])
        if definition is not None:
            facts = {
                "today": on,
                "categories": categories_of(person, on),
                "changed": int(visit.type == "event_triggered"),
                "consent": consent,
            }
            entries |= _entries(visit, checkup, definition, items, facts)
        items = _taken(checkup, definition, stood, items)
    same = kept == visit.checkups
    return _Asked(visit if same else replace(visit, checkups=kept), items, entries)


def _explained(checkup: dict[str, Any], consent: str, known: Known) -> dict[str, Any]:
    """A checkup with the wording of its questions, and without what the person did not agree to.

    The operation's text keeps everything that came.
    """
    code, edition = checkup["checklist_id"], checkup["version"]
    exact = known.checklist(code, edition)
    answers = {}
    for name, answer in checkup["answers"].items():
        own = _question(exact, name)
        if own is not None and consent == "no" and not own.safety:
            continue
        question = own or _like(name, code, known)
        answers[name] = _worded(answer, question) if question else answer
    return {**checkup, "answers": answers}


def _worded(answer: dict[str, Any], question: Question) -> dict[str, Any]:
    value = answer["value"]
    labels = {one.code: one.label for one in question.options}
    codes = value if isinstance(value, list) else [value]
    chosen = [labels[one] for one in codes if isinstance(one, str) and one in labels]
    said = chosen if question.type in CHOSEN else []
    worded = {**answer, "asked": answer["asked"] or question.ask, "said": answer["said"] or said}
    return {**worded, "restricted": 1} if question.restricted else worded


def _like(name: str, code: str, known: Known) -> Question | None:
    """The question of this name in another edition, the newest that knows it."""
    found = [_question(one, name) for one in known.editions(code)]
    return next((one for one in found if one is not None), None)


def _entries(
    visit: Visit,
    checkup: dict[str, Any],
    definition: Checklist,
    items: Items,
    facts: Mapping[str, Any],
) -> dict[str, Entry]:
    """What the answers ask for, by item: one entry for each question, with all its flags."""
    prefix = f"{definition.code}."
    values = {name: one["value"] for name, one in checkup["answers"].items()}
    last = {
        name.removeprefix(prefix): found
        for name in items
        if name.startswith(prefix) and (found := _earlier(items, name, visit))
    }
    by_item: dict[str, list[Flagged]] = {}
    for one in flags(definition, values, last, facts):
        by_item.setdefault(f"{prefix}{one.question}", []).append(one)
    return {item: _entry(visit, found) for item, found in by_item.items()}


def _entry(visit: Visit, found: list[Flagged]) -> Entry:
    worst = max(found, key=lambda one: followups.urgency(one.level))
    limits = [one.hours for one in found if one.hours]
    at = made_at(visit)
    due = _instant(at) + timedelta(hours=min(limits, default=0))
    return {
        "at": at,
        "by": visit.by,
        "by_name": visit.by_name,
        "visit_id": visit.id,
        "text": "；".join(dict.fromkeys(one.text for one in found)),
        "level": worst.level,
        "kind": worst.kind,
        "due_at": stamp(due) if limits else "",
        "recheck_days": worst.recheck_days,
        "restricted": max(one.office_only for one in found),
    }


def _taken(
    checkup: dict[str, Any], definition: Checklist | None, stood: Item, items: Items
) -> Items:
    """The newest answers after those of one checkup."""
    for name, answer in checkup["answers"].items():
        question = _question(definition, name)
        item = {
            "value": answer["value"],
            **stood,
            "edition": checkup["version"],
            "asked": answer["asked"],
            "said": answer["said"],
        }
        if answer.get("restricted"):
            item["restricted"] = 1
        if question is not None and question.safety:
            item["safety"] = 1
        if question is not None and question.sets:
            item["sets"] = question.sets
        items = _newer(items, f"{checkup['checklist_id']}.{name}", item)
    return items


def _with_fields(person: Resident, items: Items) -> Resident:
    """A person with what their answers say of how they want to be visited, and asked."""
    consent = items.get(CONSENT, {})
    wishes = [one for one in items.values() if one.get("sets") == WISH]
    wish = max(wishes, key=_order_of, default={}).get("value", "")
    return replace(
        person,
        consent=consent.get("value", ""),
        consent_on=consent.get("on", ""),
        visit_wish=wish if isinstance(wish, str) and wish in WISHES else "",
    )


def _answers_of(person: Resident, known: Known) -> Answers:
    return known.answers(person.id) or Answers(
        id=person.id, household_id=person.household_id, building_id=person.building_id
    )


def _newer(items: Items, name: str, item: Item) -> Items:
    before = items.get(name)
    if before is not None and _order_of(before) > _order_of(item):
        return items
    return {**items, name: item}


def _earlier(items: Items, name: str, visit: Visit) -> Item:
    """What was known before a visit; empty when it came later."""
    found = items.get(name)
    return found if found is not None and _order_of(found) < _order(visit) else {}


def _agreed(items: Items, visit: Visit) -> str:
    """What a person had said to being asked, up to and at this visit."""
    found = items.get(CONSENT)
    known = found is not None and _order_of(found) <= _order(visit)
    return str(found["value"]) if found is not None and known else ""


def _order(visit: Visit) -> tuple[str, str]:
    return made_at(visit), visit.id


def _order_of(item: Item) -> tuple[str, str]:
    return item["at"], item["visit_id"]


def _question(definition: Checklist | None, name: str) -> Question | None:
    if definition is None:
        return None
    return next((one for one in definition.questions if one.id == name), None)


def _instant(stamped: str) -> Any:
    at = instant(stamped)
    assert at is not None
    return at
