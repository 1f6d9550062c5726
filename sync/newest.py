"""The newest answers of one person, by the true time of the visits they were given at.

Twin: web/phone/newest.js.
"""

from collections.abc import Mapping
from typing import Any

from msgspec.structs import replace

from sync.checklists import Checklist
from sync.records import Resident, Visit
from sync.wordings import counted, question_of

# Items beside the answers; those have a point in their names.
# What they said outside of visits has the id of its operation behind it.
CONSENT, RECORDED = "consent", "consent "
# The newest visit that asked anything, even if all of it was declined.
ASKED = "asked"
WISH = "visit_wish"
WISHES = frozenset({"less", "phone", "none"})

Item = dict[str, Any]
Items = Mapping[str, Item]
# True time, and the visit's id among equals.
Place = tuple[str, str]

# After every visit.
LAST = ("~", "")


def made_at(visit: Visit) -> str:
    """When a visit counts: no visit was made after it arrived."""
    return min(visit.true_at, visit.received_at or visit.true_at)


def newer(items: Items, name: str, item: Item) -> Items:
    before = items.get(name)
    if before is not None and place_of(before) > place_of(item):
        return items
    return {**items, name: item}


def earlier(items: Items, name: str, visit: Visit) -> Item:
    """What was known before a visit; empty when it came later."""
    found = items.get(name)
    return found if found is not None and place_of(found) < place(visit) else {}


def agreed(items: Items, visit: Visit) -> str:
    """What a person had said to being asked, up to and at this visit."""
    found = items.get(CONSENT)
    known = found is not None and place_of(found) <= place(visit)
    return str(found["value"]) if found is not None and known else ""


def place(visit: Visit) -> Place:
    return made_at(visit), visit.id


def place_of(item: Item) -> Place:
    return item["at"], item["visit_id"]


def heard(items: Items, until: Place) -> Items:
    """With what the person had said to being asked by then, if it was not at a visit."""
    for name, one in list(items.items()):
        if name.startswith(RECORDED) and place_of(one) <= until:
            items = newer(items, CONSENT, one)
    return items


def taken(
    checkup: dict[str, Any], definition: Checklist | None, stood: Item, items: Items
) -> Items:
    """The newest answers after those of one checkup."""
    for name, answer in counted(checkup).items():
        question = question_of(definition, name)
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
        items = newer(items, f"{checkup['checklist_id']}.{name}", item)
    return items


def with_fields(person: Resident, items: Items) -> Resident:
    """A person with what their answers say of how they want to be visited, and asked."""
    consent = items.get(CONSENT, {})
    wishes = [one for one in items.values() if one.get("sets") == WISH]
    wish = max(wishes, key=place_of, default={}).get("value", "")
    return replace(
        person,
        consent=consent.get("value", ""),
        consent_on=consent.get("on", ""),
        visit_wish=wish if isinstance(wish, str) and wish in WISHES else "",
    )
