"""What must follow from an answer: who asked for it, how soon, and under which id.

A follow-up about a person and a question lives from the visit that opened it until somebody says
what came of it. Visits that ask for the same meanwhile become its entries, and everything it says
is told by them, in the order of their true time: so it is the same whichever came first. Only its
id is that of the visit that arrived first. Twin: web/phone/followups.js.
"""

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from msgspec.structs import replace

from sync.records import Followup, Record, Resident, only

WITHDRAWN = "withdrawn"
# Why nobody asks any more, as its note says.
TAKEN_BACK, PUT_RIGHT, OTHERWISE = "走访已撤回", "更正后不再成立", "有了新情况，不再成立"
_URGENCY = {"amber": 1, "red": 2, "now": 3}
_FNV_START, _FNV_PRIME = 0xCBF29CE484222325, 0x100000001B3

Entry = dict[str, Any]


class Ending(NamedTuple):
    """By whose work nobody asks for something any more, when, and why."""

    by: str
    at: str
    why: str


def flagged_id(visit_id: str, resident_id: str, item: str) -> str:
    """The id that a visit gives to what must follow for this person and question.

    The visit's own, its last twelve digits replaced by FNV-1a (64 bits folded to 48) of all three.
    """
    found = _FNV_START
    for byte in f"{visit_id}/{resident_id}/{item}".encode():
        found = ((found ^ byte) * _FNV_PRIME) % 2**64
    return f"{visit_id[:24]}{found >> 48 ^ found % 2**48:012x}"


def urgency(level: str) -> int:
    """How levels compare; what is no level is no hurry."""
    return _URGENCY.get(level, 0)


def names_of(followup: Followup) -> list[str]:
    """The ids under which phones may know a flagged follow-up: one for each visit that asked."""
    if not followup.item:
        return []
    return [
        flagged_id(one["visit_id"], person, followup.item)
        for one in followup.entries
        for person in (followup.resident_id, *followup.aliases)
    ]


def level_of(visit_id: str, found: Iterable[Followup]) -> str:
    """The worst that a visit asked for; of what is for the office alone nothing is said."""
    levels = [
        one["level"]
        for followup in found
        if followup.result != WITHDRAWN
        for one in followup.entries
        if one["visit_id"] == visit_id and not one["restricted"]
    ]
    return max(levels, key=urgency, default="")


def named_in(changed: Iterable[Record]) -> list[str]:
    """All the ids under which the follow-ups among these records are known."""
    return [name for one in only(Followup, changed) for name in names_of(one)]


def renew(
    person: Resident,
    wanted: Mapping[str, Mapping[str, Entry]],
    known: Iterable[Followup],
    ending: Ending,
) -> list[Followup]:
    """The follow-ups of a person that differ now, when these visits ask for `wanted` by item.

    What was closed stays closed: it is never opened again by a visit that it knew. A visit that
    it did not know opens a new one, however late it arrives. What nobody asks for any more is
    closed by `ending` and keeps its entries.
    """
    before = {one.id: one for one in known if one.item and one.resident_id == person.id}
    after = dict(before)
    for visit_id, entries in wanted.items():
        for one in list(after.values()):
            if one.status == "open" and one.item not in entries:
                after[one.id] = without_entry(one, visit_id, ending)
        for item, entry in entries.items():
            found = _place_for(person, visit_id, item, after)
            if found is not None:
                after[found.id] = with_entry(found, entry)
    return [one for one in after.values() if one != before.get(one.id)]


def _place_for(
    person: Resident, visit_id: str, item: str, here: Mapping[str, Followup]
) -> Followup | None:
    """Where the entry of a visit belongs; None when its follow-up is done with."""
    same = [one for one in here.values() if one.item == item and one.result != WITHDRAWN]
    if any(one.status != "open" and entry_of(one, visit_id) for one in same):
        return None
    opened = [one for one in same if one.status == "open"]
    if opened:
        return opened[0]

    new_id = flagged_id(visit_id, person.id, item)
    return Followup(
        id=new_id,
        version=here[new_id].version if new_id in here else 1,
        household_id=person.household_id,
        building_id=person.building_id,
        visit_id=visit_id,
        what="",
        opened_at="",
        by="",
        resident_id=person.id,
        item=item,
        aliases=person.merged_ids,
    )


def entry_of(followup: Followup, visit_id: str) -> Entry | None:
    """What a visit asked for here, if it did."""
    return next((one for one in followup.entries if one["visit_id"] == visit_id), None)


def with_entry(followup: Followup, entry: Entry) -> Followup:
    """A follow-up with what one more visit asks for, or asks for now."""
    others = [one for one in followup.entries if one["visit_id"] != entry["visit_id"]]
    return told_by([*others, entry], followup)


def without_entry(followup: Followup, visit_id: str, ending: Ending) -> Followup:
    """A follow-up without what a visit asked for; without any left it ends."""
    if entry_of(followup, visit_id) is None:
        return followup
    left = [one for one in followup.entries if one["visit_id"] != visit_id]
    if not left:
        return ended(followup, ending)
    return told_by(left, followup)


def ended(followup: Followup, ending: Ending) -> Followup:
    """Closed without anything done: a name stands for it, and why."""
    by, at, why = ending
    return replace(
        followup, status="closed", result=WITHDRAWN, note=why, closed_by=by, closed_at=at
    )


def told_by(entries: list[Entry], followup: Followup) -> Followup:
    """A follow-up as its entries tell it: opened by the first, as urgent as the worst."""
    ordered = sorted(entries, key=lambda one: (one["at"], one["visit_id"]))
    first = ordered[0]
    worst = max(ordered, key=lambda one: urgency(one["level"]))
    return replace(
        followup,
        visit_id=first["visit_id"],
        opened_at=first["at"],
        by=first["by"],
        by_name=first["by_name"],
        what=worst["text"],
        level=worst["level"],
        kind=worst["kind"],
        recheck_days=worst["recheck_days"],
        due_at=min((one["due_at"] for one in ordered if one["due_at"]), default=""),
        restricted=max(one["restricted"] for one in ordered),
        entries=ordered,
    )
